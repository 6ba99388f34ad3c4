"""Amounts with zeros and pairs of faces: by hand, by the published NIST row, and by a second program."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.inference import verification_errors as errors
from tests.kinds.rows_of_kinds import audit, by_place, run, table

AMOUNTS = {"actual": "real", "predicted": "said", "unit": "euro", "too_much": 100}
ROWS = "g,real,said\na,0,0\na,100,150\na,200,100\na,0,40\nb,0,300\nb,100,100\nb,50,250\nb,0,0\n"
FALSE_NON_MATCH = [0.0072, 0.0066, 0.0012, 0.0028, 0.0066, 0.0033, 0.0013, 0.0043]
FALSE_MATCH = [5.01187e-4, 1.58489e-5, 1e-4, 1e-5, 2.51189e-4, 1e-5, 1e-5, 1e-5]


def test_amounts_by_hand(tmp_path):
    found = by_place(run(tmp_path, ROWS, prediction=AMOUNTS))
    # a: errors 0, 50, -100, 40; b: 300, 0, 200, 0
    assert found["mean_error", "", "a"].value == pytest.approx(-2.5)
    assert found["mean_error", "", "b"].value == pytest.approx(125)
    assert found["mean_error_difference", "", "b"].value == pytest.approx(127.5)
    assert found["mean_absolute_error", "", "a"].value == pytest.approx(47.5)
    assert found["predicted_for_each_real", "", "b"].value == pytest.approx(650 / 150)
    assert found["predicted_too_high", "", "a"].value == pytest.approx(0.5)
    assert found["far_too_high", "100", "b"].value == pytest.approx(0.5)
    # Gini of 0, 0, 200, 300: all differences 2 * (200 + 200 + 300 + 300 + 100), over 2 n^2 mean, times n/(n-1)
    assert found["inequality_of_errors", "", "b"].value == pytest.approx(2200 / (2 * 16 * 125) * 4 / 3)
    # Student of b: mean 125, deviations 175, 125, 75, 125
    spread = ((175**2 + 2 * 125**2 + 75**2) / 3 / 4) ** 0.5
    assert found["mean_error", "", "b"].upper == pytest.approx(125 + 3.182446305 * spread, rel=1e-8)


def test_amounts_need_no_selection_and_nothing_is_one_person(tmp_path):
    assert audit(prediction=AMOUNTS).score.column == "said"
    lines = [(f"{g},{r},{r + e}", 5) for g in "ab" for r in range(0, 500, 50) for e in (-20, 0, 30)]
    found = by_place(run(tmp_path, table("g,real,said", lines), minimum=11, prediction=AMOUNTS))
    assert found["mean_error", "", "a"].value is not None
    assert found["predicted_too_high", "", "a"].reason == "withheld"
    found = by_place(run(tmp_path, table("g,real,said", [*lines, ("b,0,900000", 1)]), minimum=11, prediction=AMOUNTS))
    assert found["mean_error", "", "b"].reason == "withheld"
    assert found["mean_error", "", "a"].reason == "withheld"  # else b's is everyone's less a's


def test_the_nist_row():
    """Annex 15 of NISTIR 8429, one algorithm, eight demographics: the figures worked out independently."""
    assert errors.fairness_discrepancy(FALSE_MATCH, FALSE_NON_MATCH) == pytest.approx(0.996754, abs=5e-7)
    assert errors.inequity(FALSE_MATCH, FALSE_NON_MATCH) == pytest.approx(17.3411, abs=5e-5)
    assert errors.largest_to_smallest(FALSE_MATCH) == pytest.approx(50.1187, abs=5e-5)
    assert errors.largest_to_smallest(FALSE_NON_MATCH) == pytest.approx(6, abs=1e-9)
    assert errors.gini(FALSE_MATCH) == pytest.approx(0.773896, abs=5e-7)
    assert errors.gini(FALSE_NON_MATCH) == pytest.approx(0.347061, abs=5e-7)
    # powers of ten to six digits: -3.3 less the mean of -3.3, -4.8, -4, -5, -3.6, -5, -5, -5 is 1.1625
    assert errors.largest_to_middle(FALSE_MATCH) == pytest.approx(10**1.1625, rel=1e-5)
    assert errors.largest_to_middle(FALSE_NON_MATCH) == pytest.approx(2.0953, abs=5e-5)
    assert np.isnan(errors.largest_to_smallest([0.1, 0.0]))


def test_spread_holds_the_true_ratio():
    generator = np.random.default_rng(5)
    rates, n, held = np.array([0.02, 0.03, 0.05, 0.05]), np.array([800, 500, 900, 400]), 0
    for _ in range(400):
        low, high = errors.spread_interval(generator.binomial(n, rates), n, False)
        held += low <= 2.5 <= high
    assert held >= 400 * 0.95


def _pairs(seed, higher="same"):
    generator = np.random.default_rng(seed)
    n = 1500
    group, second = generator.integers(0, 2, n), generator.integers(0, 2, n)
    same = generator.integers(0, 2, n)
    score = np.round(same * (1.5 - 0.5 * group) + generator.normal(size=n), 1)
    score = score if higher == "same" else -score
    rows = [f"{'ab'[g]},{'xy'[h]},{s},{v:.1f}" for g, h, s, v in zip(group, second, same, score, strict=True)]
    return "g,h,s,v\n" + "\n".join(rows) + "\n", group, second, same.astype(bool), score


@pytest.mark.parametrize("higher", ["same", "different"])
def test_pairs_against_a_second_program(tmp_path, higher):
    rows, group, second, same, score = _pairs(11, higher)
    cut = 1.0 if higher == "same" else -1.0
    result = run(tmp_path, rows, harm="assistive", verification={
        "same_person": {"column": "s", "in": [1]}, "score": "v", "higher_is": higher, "second_group": "h",
        "thresholds": [cut, 2 * cut], "false_match_rates": [0.05]})  # fmt: skip
    match = score >= cut if higher == "same" else score <= cut
    found = by_place(result)
    rates = {(e.measure, e.group): e.value for e in result.main.estimates}
    wrong = {}
    for place, name in enumerate("ab"):
        mine = group == place
        wrong[name] = match[mine & ~same].mean()
        assert rates["false_positive_rate", name] == pytest.approx(wrong[name], abs=1e-12)
        assert rates["false_negative_rate", name] == pytest.approx((~match[mine & same]).mean(), abs=1e-12)
        for other, label in enumerate("xy"):
            both = mine & ~same & (second == other)
            assert found["false_match_with", label, name].value == pytest.approx(match[both].mean(), abs=1e-12)
    level = f"{cut:g}"
    assert found["false_match_largest_to_smallest", level, ""].value == pytest.approx(
        max(wrong.values()) / min(wrong.values()), abs=1e-9
    )
    assert ("false_match_gini", f"{2 * cut:g}", "") in found
    # the fixed rate by sorting: the lowest cut that at most 5 % of the pairs of two persons reach
    alike = score if higher == "same" else -score
    limit = next(v for v in sorted(set(alike)) if (alike[~same] >= v).mean() <= 0.05)
    shown = found["threshold_at_rate", "0.05", ""].value
    assert (shown if higher == "same" else -shown) == pytest.approx(limit)
    assert found["false_non_match_at_rate", "0.05", "b"].value == pytest.approx(
        (alike[same & (group == 1)] < limit).mean(), abs=1e-12
    )


def test_what_is_wrong_is_said():
    with pytest.raises(ValueError, match="thresholds"):
        audit(verification={"same_person": {"column": "s", "in": [1]}, "score": "v"})
