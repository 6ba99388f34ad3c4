"""Figures that rest on a named assumption: gaps at equal risk (case c), bounds of what nobody saw, said and refused."""

import pytest

from auditkit.errors import SpecError
from auditkit.report.panels.overturn import PANEL
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

CASE_C = (("A", "low", 600, 60), ("A", "high", 400, 160), ("B", "low", 300, 45), ("B", "high", 700, 350))
"""Vectors-2026, case c: group, risk, people, selected; one in three of those selected has the outcome."""


def _run(folder, **more):
    lines = ["g,risk,dec,y,w"]
    for group, risk, people, selected in CASE_C:
        lines += [
            f"{group},{risk},{'yes' if i < selected else 'no'},{int(i % 3 == 0) if i < selected else ''},{1 + i % 2}"
            for i in range(people)
        ]
    (folder / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    spec = AuditSpec.model_validate({
        "title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "rows.csv", "as_of": "2026-11-30",
        "selected": {"column": "dec", "in": ["yes"]}, "outcome": {"column": "y", "positive": ["1"], "negative": ["0"]},
        "observed": "when_selected", "strata": {"risk": "risk"}, "measures": ["selection_rate"],
        "groups": {"g": {"column": "g", "reference": "A"}}, "publish": {"minimum_count": 0, "because": "made up"},
        **more,
    })  # fmt: skip
    return run_audit(spec, folder)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return _run(tmp_path_factory.mktemp("case_c"), risk="risk", unseen={"by": "risk"})


def _of(result, kind):
    return {(one.item, one.level, one.groups): one for one in result.main.kind_figures if one.kind == kind}


def test_case_c_to_the_digit(told):
    """Raw .22 and .395 (1.795); at the pooled risk .265 and .3425 (1.292); E-value 1.2925 + sqrt(1.2925 x .2925)."""
    found = {item: one for (item, _, _), one in _of(told, "risk").items()}
    assert found["rate_at_equal_risk"].value == pytest.approx(0.3425)
    assert found["reference_at_equal_risk"].value == pytest.approx(0.265)
    assert found["risk_adjusted_ratio"].value == pytest.approx(0.3425 / 0.265)
    assert found["risk_adjusted_e_value"].value == pytest.approx(1.9073, abs=5e-5)
    gap = found["risk_adjusted_difference"]
    assert gap.value == pytest.approx(0.0775)
    # .45^2 (.1275/300 + .09/600) + .55^2 (.25/700 + .24/400), by hand
    width = 1.959964 * (0.2025 * (0.1275 / 300 + 0.09 / 600) + 0.3025 * (0.25 / 700 + 0.24 / 400)) ** 0.5
    assert (gap.lower, gap.upper) == pytest.approx((0.0775 - width, 0.0775 + width), abs=1e-7)
    ratios = [g.value for g in told.main.gaps if g.measure == "mantel_haenszel_ratio:risk"]
    assert ratios[0] == pytest.approx(1.291045, abs=5e-7)


def test_the_sentence_of_equal_risk(told):
    for language, words in (("en", "1.29 times, where it was 1.80 times"), ("fr", "1,29 fois, contre 1,80 fois")):
        lines = [one.text(language) for one in PANEL.view(told, language)["sentences"]]
        assert any(words in line for line in lines), lines


def test_bounds_of_the_unseen_by_hand(told):
    """Group A: low 20 of 60 selected have it, 540 unseen; high 54 of 160, 240 unseen."""
    found = _of(told, "unseen")

    def ends(name, level):
        return tuple(found[f"{end}_{name}", level, ("A",)].value for end in ("lowest", "highest"))

    assert ends("base_rate", "worst_case") == pytest.approx((74 / 1000, (74 + 780) / 1000))
    assert ends("base_rate", "no_riskier") == pytest.approx((0.074, (74 + 540 / 3 + 240 * 54 / 160) / 1000))
    twice = 540 * (40 / 60) / (4 / 3) + 240 * (108 / 160) / (214 / 160)  # odds 2 p / (1 - p + 2 p)
    assert ends("base_rate", "gamma 2") == pytest.approx((0.074, (74 + twice) / 1000))
    assert ends("false_positive_rate", "worst_case") == pytest.approx((146 / 926, 1.0))
    assert ends("false_positive_rate", "no_riskier") == pytest.approx((146 / 926, 146 / (926 - 261)))
    assert ends("true_positive_rate", "no_riskier") == pytest.approx((74 / (74 + 261), 1.0))
    levels = list(dict.fromkeys(level for _, level, _ in found))
    assert levels == ["worst_case", "no_riskier", "gamma 1.5", "gamma 2", "gamma 3"]
    for item in ("highest_base_rate", "highest_false_positive_rate"):  # the wider the assumption, the wider the bound
        values = [found[item, level, ("A",)].value for level in ("no_riskier", *levels[2:], "worst_case")]
        assert values == sorted(values)
    assert all(one.lower is None or one.lower <= one.value for one in found.values())
    assert all(one.upper is None or one.upper >= one.value for one in found.values())


def test_with_weights_there_is_no_such_figure(tmp_path):
    figures = _run(tmp_path, risk="risk", unseen={}, weight="w").main.kind_figures
    assert {(one.value, one.reason) for one in figures} == {(None, "pair_of_options")}


@pytest.mark.parametrize("wrong", [{"risk": "age"}, {"unseen": {"by": "age"}}, {"unseen": {"gamma": [0.5]}},
                                   {"unseen": {}, "observed": "everywhere"}])  # fmt: skip
def test_what_does_not_fit_is_refused(wrong, tmp_path):
    with pytest.raises((ValueError, SpecError)):
        _run(tmp_path, **wrong)
