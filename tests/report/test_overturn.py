"""What could overturn a finding, by hand: E-value, what base rates force, recording, people unstated, harms."""

import pytest

from auditkit.report.answer import answer_of
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.panels.overturn import PANEL
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

CLASSES = ("true_positive", "false_positive", "false_negative", "true_negative")


def _run(folder, groups, harm="punitive", **more):
    """An audit of counts by group: rightly and wrongly selected, missed, rightly left."""
    lines = [",".join(("g", *CLASSES)), *(f"{g},{','.join(map(str, four))}" for g, four in groups.items())]
    (folder / "counts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = {name: name for name in CLASSES}
    return run_audit(AuditSpec.model_validate({
        "title": "t", "system": {"name": "s", "harm": harm}, "as_of": "2026-11-30", "observed": "everywhere",
        "data": {"file": "counts.csv", "columns": columns}, "groups": {"g": {"column": "g", "reference": "B"}},
        "publish": {"minimum_count": 0, "because": "made up"}, **more,
    }), folder)  # fmt: skip


def _said(result, language="en"):
    view = PANEL.view(result, language)
    return " ".join(one.text(language) for one in (*view["sentences"], *view["more"]))


@pytest.fixture(scope="module")
def wrongly(tmp_path_factory):
    """A: 5,000 of 23,000 wrongly selected (.2174); B: 9,000 of 50,000 (.18)."""
    return _run(tmp_path_factory.mktemp("wrongly"), {"A": (5000, 5000, 2000, 18000), "B": (10000, 9000, 5000, 41000)})


def _of(result, measure, kind):
    return next((s for s in result.main.sensitivity if (s.measure, s.kind) == (measure, kind)), None)


def test_the_e_value_by_hand(wrongly):
    """Selected 10 of 30 and 19 of 65: ratio 1.1404, E = 1.1404 + sqrt(1.1404 x .1404) = 1.5404."""
    found = _of(wrongly, "selection_rate", "e_value")
    assert found.value == pytest.approx(1.5404, abs=5e-5)
    gap = next(g for g in wrongly.main.gaps if g.measure == "selection_rate" and g.kind == "ratio" and g.verdict)
    assert found.other == pytest.approx(gap.lower + (gap.lower * (gap.lower - 1)) ** 0.5)
    assert 1 < found.other < found.value


def test_what_the_base_rates_force_by_hand(wrongly):
    """A: 7/23 x .9 x 2/3 = .1826 with B's precision 10/19 and rate 2/3; B: .3 x 1 x 5/7 = .2143 with A's."""
    found = _of(wrongly, "false_positive_rate", "base_rates")
    assert (found.value, found.other) == pytest.approx((7 / 23 * 0.9 * 2 / 3, 0.3 * 5 / 7))
    assert "18.3% and 21.4%" in _said(wrongly)


def test_unequal_recording_by_hand(wrongly):
    """(5,000 - s) / (23,000 - s) = .18 at s = 860 / .82, 5,000 / (5,000 + s) of A's outcomes recorded: .8266.

    The other way round 9,000 / (50,000 - s) = 5/23 at s = 8,600, 5,000 / 13,600 of B's: .3676.
    """
    assert _of(wrongly, "false_positive_rate", "recorded").value == pytest.approx(5000 / (5000 + 860 / 0.82), abs=1e-6)
    other = _of(wrongly, "false_positive_rate", "recorded_reference")
    assert other.value == pytest.approx(5000 / 13600, abs=1e-6)
    assert "82.7%" in _said(wrongly)
    assert "82,7" in _said(wrongly, "fr")


def test_the_tipping_value_is_where_the_word_falls(tmp_path):
    """Just under the factor the word stands that it has with the unstated left out; just over it a weaker one does."""
    groups = {"A": (700, 500, 300, 1500), "B": (700, 500, 700, 4100), "": (300, 200, 200, 1300)}

    def main(**more):
        found = _run(tmp_path, groups, **more).main.gaps
        return next(g for g in found if g.measure == "selection_rate" and g.kind == "ratio" and g.groups == ("A",))

    factor = main().tipping_factor
    assert 1 < factor < 60
    alone = main(unstated={"factor": 1.0000001}).verdict
    assert main(unstated={"factor": factor * 0.995}).verdict == alone
    order = ["established", "present", "small", "equivalent", "inconclusive"]
    assert order.index(main(unstated={"factor": factor * 1.005}).verdict) > order.index(alone)


@pytest.mark.parametrize("leads", ["missed", "wrongly"])
def test_under_both_harms_the_people_are_those_of_the_harm(leads, tmp_path):
    """A misses 300 of 500, B 200 of 1,000: at B's rate 100, so 200 fewer; or 400 of 1,000 wrongly against 200: 200."""
    alike = {"missed": {"A": (200, 100, 300, 900), "B": (800, 100, 200, 900)},
             "wrongly": {"A": (400, 400, 100, 600), "B": (400, 200, 100, 800)}}[leads]  # fmt: skip
    answer = answer_of(AuditFacts(_run(tmp_path, alike, harm="both"), "en"))
    assert answer.leading is not None
    assert answer.leading.gap.measure == {"missed": "false_negative_rate", "wrongly": "false_positive_rate"}[leads]
    lead = " ".join(one.text() for one in answer.lead)
    assert "200 fewer" in lead
    assert {"missed": "would have been missed", "wrongly": "would have been selected wrongly"}[leads] in lead
