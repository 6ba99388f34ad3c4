"""Ordered classes: counts by hand, statsmodels for kappa and the shared odds ratio, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.errors import DataError
from auditkit.inference import cumulative_odds, quadratic_kappa
from auditkit.spec import AuditSpec
from auditkit.spec.load_spec import analysis_spec
from tests.kinds.rows_of_kinds import audit, by_place, run, table

CLASSES = {"column": "k", "order": ["A", "B", "C"], "actual": "r"}
ROWS = table(
    "g,k,r",
    [
        ("a,A,A", 40), ("a,B,A", 10), ("a,B,B", 20), ("a,C,B", 10), ("a,C,C", 20),
        ("b,A,A", 15), ("b,C,A", 5), ("b,B,B", 35), ("b,C,C", 30), ("b,B,C", 15),
    ],
)  # fmt: skip


def test_every_limit_is_an_analysis_and_the_last_class_leads(tmp_path):
    result = run(tmp_path, ROWS, classes=CLASSES)
    assert [one.key for one in result.analyses] == ["main", "from B"]
    rates = {
        (analysis.key, one.group): one.value
        for analysis in result.analyses
        for one in analysis.estimates
        if one.measure == "selection_rate" and one.attributes
    }
    # in C: 30 of 100 and 35 of 100; in B or C: 60 of 100 and 85 of 100
    assert rates == pytest.approx(
        {("main", "a"): 0.3, ("main", "b"): 0.35, ("from B", "a"): 0.6, ("from B", "b"): 0.85}
    )
    verdict = next(g for g in result.analyses[1].gaps if g.measure == "selection_rate" and g.kind == "ratio")
    assert verdict.value == pytest.approx(0.85 / 0.6)
    assert verdict.verdict is not None


def test_figures_by_hand(tmp_path):
    found = by_place(run(tmp_path, ROWS, classes=CLASSES))
    shares = {(level, group): one.value for (item, level, group), one in found.items() if item == "share_of_class"}
    assert shares == pytest.approx({
        ("A", ""): 0.275, ("B", ""): 0.4, ("C", ""): 0.325, ("A", "a"): 0.4, ("B", "a"): 0.3, ("C", "a"): 0.3,
        ("A", "b"): 0.15, ("B", "b"): 0.5, ("C", "b"): 0.35,
    })  # fmt: skip
    assert found["right_class", "", "a"].value == pytest.approx(0.8)
    assert found["one_class_above", "", "a"].value == pytest.approx(0.2)
    assert found["two_or_more_apart", "", "b"].value == pytest.approx(0.05)
    assert found["one_class_below", "", "b"].value == pytest.approx(0.15)
    # of 50 of b who belong in B or C: 35 in B of 35, 30 in C of 45
    assert found["found_of_class", "C", "b"].value == pytest.approx(30 / 45)
    assert found["right_in_class", "C", "b"].value == pytest.approx(30 / 35)
    # agreement by hand for a: seen disagreement 20 * 1/4 of 100; by chance, margins (50, 30, 20) and (40, 30, 30)
    chance = (50 * 30 + 30 * 40 + 30 * 30 + 20 * 30) / 4 + 50 * 30 + 20 * 40
    assert found["quadratic_kappa", "", "a"].value == pytest.approx(1 - (20 / 4) * 100 / (chance - 0))


def test_kappa_is_that_of_statsmodels():
    from statsmodels.stats.inter_rater import cohens_kappa

    generator = np.random.default_rng(1)
    for size in range(2, 7):
        for _ in range(10):
            joint = generator.integers(0, 40, (size, size))
            theirs = cohens_kappa(joint, wt="fc")
            ours = quadratic_kappa(joint)
            assert ours == pytest.approx((theirs.kappa, theirs.kappa_low, theirs.kappa_upp), abs=1e-9)


def test_shared_odds_maximise_the_likelihood():
    """Against a general optimiser on the model as McCullagh writes it; two classes: the plain odds ratio."""
    from scipy.optimize import minimize
    from scipy.special import expit

    generator = np.random.default_rng(2)
    for size in (3, 4, 5):
        for _ in range(4):
            group, reference = generator.integers(5, 60, (2, size))

            def lost(place, group=group, reference=reference):
                total = 0.0
                for side, counts in ((0.0, reference), (1.0, group)):
                    beyond = np.concatenate([[1.0], expit(place[:-1] + side * place[-1]), [0.0]])
                    share = beyond[:-1] - beyond[1:]
                    total -= np.inf if (share <= 0).any() else float((counts * np.log(share)).sum())
                return -total if total == np.inf else total

            start = np.append(np.linspace(1, -1, size - 1), 0.0)
            best = minimize(lost, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 9999})
            found = cumulative_odds(group, reference)
            assert np.log(found.odds_ratio) == pytest.approx(best.x[-1], abs=1e-5)
    assert cumulative_odds([60, 40], [80, 20]).odds_ratio == pytest.approx(8 / 3, abs=1e-9)
    # shifted alike at both limits (odds 1 and 1/3 become 2 and 2/3): alike, p near 1; crossed: not alike
    assert cumulative_odds([100, 80, 120], [150, 75, 75]).proportional_p > 0.9
    assert cumulative_odds([120, 20, 160], [50, 200, 50]).proportional_p < 1e-6
    assert np.isnan(cumulative_odds([0, 0, 0], [1, 2, 3]).odds_ratio)
    assert np.isnan(cumulative_odds([10, 0, 0], [0, 0, 10]).odds_ratio)


def test_a_class_that_is_not_listed_is_refused(tmp_path):
    with pytest.raises(DataError, match=r'found the class "D".*list every class'):
        run(tmp_path, ROWS + "a,D,A\n", classes=CLASSES)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"column": "k", "order": ["A", "B", "A"]}, "listed twice"),
        ({"column": "k", "order": ["A", "B"]}, "at least 3"),
        ({"column": "k", "order": ["A", "B", "C"], "actuel": "r"}, "actuel"),
    ],
)
def test_what_is_wrong_is_said(part, said):
    with pytest.raises(ValueError, match=said):
        audit(classes=part)


def test_selected_beside_a_kind_is_refused_and_the_same_is_not():
    with pytest.raises(ValueError, match="says who is selected already"):
        audit(classes=CLASSES, selected={"column": "k", "in": ["B"]})
    spec = audit(classes=CLASSES, selected={"column": "k", "in": ["C"]})
    again = AuditSpec.model_validate(spec.model_dump(by_alias=True, exclude_unset=True))
    assert again == spec


def test_numbers_as_classes_and_the_audit_read_again(tmp_path):
    spec = audit(classes={"column": "k", "order": [1, 2, 3, 4]})
    again = AuditSpec.model_validate(spec.model_dump(by_alias=True, exclude_unset=True))
    assert again.analyses.keys() == {"from 2", "from 3"}
    assert analysis_spec(again, "from 2").selected.is_in == [2, 3, 4]
    rows = table("g,k", [("a,1", 10), ("a,2", 20), ("b,3", 25), ("b,4", 5), ("b,1", 10)])
    found = by_place(run(tmp_path, rows, classes={"column": "k", "order": [1, 2, 3, 4]}))
    assert found["share_of_class", "3", "b"].value == pytest.approx(25 / 40)
    assert ("quadratic_kappa", "", "a") not in found


def test_small_cells_stay_in(tmp_path):
    rows = table("g,k,r", [("a,A,A", 400), ("a,B,B", 300), ("a,C,C", 300), ("b,A,A", 95), ("b,B,B", 3), ("b,C,C", 102)])
    result = run(tmp_path, rows, minimum=11, classes=CLASSES)
    for (item, level, group), one in by_place(result).items():
        if group == "b" and level in ("B", "") and item != "kappa_difference":
            assert one.value is None, (item, level)
        assert item not in ("right_class", "found_of_class", "right_in_class", "quadratic_kappa") or one.value is None
        assert one.value is not None or one.reason in ("withheld", "few_cases")
