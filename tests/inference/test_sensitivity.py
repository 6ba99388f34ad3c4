"""Published examples of sensitivity; bounds under named assumptions by simulation; risk, capacity, pooled rates."""

import numpy as np
import pytest
from scipy import stats

from auditkit.inference import (
    adjusted_coefficient,
    e_value,
    forced_false_positive_rate,
    imbens_manski,
    partial_r2,
    people_under_capacity,
    pooled_rates,
    recorded_rate_bounds,
    risk_adjusted,
    robustness_value,
    selective_rates,
    tipping_record,
)


def test_vanderweele_and_ding():
    # Annals of Internal Medicine 167 (2017) 268: 3.9 (1.8 to 8.7) needs 7.26, its lower end 3.00
    np.testing.assert_allclose(e_value([3.9, 1.8]).round(2), [7.26, 3.0])
    assert e_value(2.05).round(2) == 3.52
    assert e_value(1 / 2.05) == pytest.approx(float(e_value(2.05)))
    assert e_value(1.0) == 1.0


def test_sensemakr_darfur():
    # The package's own example: coefficient .0973 (.0233), t 4.18, 783 degrees; bounds by `female`
    t = 0.09731582 / 0.02325654
    assert round(100 * float(partial_r2(t, 783)), 1) == 2.2
    assert round(100 * float(robustness_value(t, 783)), 1) == 13.9
    assert round(100 * float(robustness_value(t, 783, level=0.05)), 1) == 7.6
    left, error = adjusted_coefficient(0.09731582, 0.02325654, 783, 0.00916429, 0.12464092)
    assert (round(float(left), 4), round(float(error), 4)) == (0.0752, 0.0219)
    assert round(float(left / error), 2) == 3.44


def test_a_robust_coefficient_is_left_at_nothing_by_its_robustness_value():
    value = robustness_value(5.0, 400)
    left, _ = adjusted_coefficient(1.0, 0.2, 400, value, value)
    assert left == pytest.approx(0.0, abs=1e-12)


def test_detection_by_hand():
    # Of 50 recorded at a share of 0.8, 12.5 more stand among the negatives of the selected, 5 among the others.
    bounds = recorded_rate_bounds(50, 50, 20, 180, 0.8)
    assert bounds["false_positive_rate"] == pytest.approx((37.5 / 217.5, 50 / 225))
    assert bounds["false_negative_rate"] == pytest.approx((20 / 82.5, 25 / 75))
    assert bounds["positive_predictive_value"] == pytest.approx((0.5, 0.625))
    # (50 - h)/(230 - h) = 0.18 at h = 8.6/0.82, recorded share 50/(50 + h)
    assert tipping_record((50, 50, 20, 180), 0.18, "false_positive_rate") == pytest.approx(50 / (50 + 8.6 / 0.82))


def test_recorded_bounds_hold_the_truth():
    generator = np.random.default_rng(3)
    for _ in range(200):
        tp, fn = generator.integers(5, 200, 2)
        fp, tn = generator.integers(50, 500, 2)
        share = generator.uniform(0.5, 1.0)
        seen, seen_other = (int(np.ceil(count * generator.uniform(share, 1.0))) for count in (tp, fn))
        bounds = recorded_rate_bounds(seen, fp + tp - seen, seen_other, tn + fn - seen_other, share)
        for key, truth in (
            ("false_positive_rate", fp / (fp + tn)),
            ("false_negative_rate", fn / (fn + tp)),
            ("positive_predictive_value", tp / (tp + fp)),
        ):
            low, high = bounds[key]
            assert low - 1e-9 <= truth <= high + 1e-9


def test_imbens_and_manski_between_one_and_two_sided():
    far = imbens_manski(0.2, 0.6, 0.01, 0.01)
    assert far == pytest.approx((0.2 - 0.01 * stats.norm.ppf(0.95), 0.6 + 0.01 * stats.norm.ppf(0.95)))
    point = imbens_manski(0.2, 0.2, 0.01, 0.01)
    assert point == pytest.approx((0.2 - 0.01 * stats.norm.ppf(0.975), 0.2 + 0.01 * stats.norm.ppf(0.975)))


@pytest.mark.parametrize("gamma", [1.0, 1.5, 2.0, 3.0])
def test_bounds_hold_the_full_figure_where_their_assumption_does(gamma):
    """The unseen are exactly gamma times as risky: the worst that the assumption allows."""
    generator = np.random.default_rng(9)
    risk = np.array([0.1, 0.3, 0.6])
    odds = gamma * risk / (1 - risk)
    hidden = odds / (1 + odds)
    people, selected = np.array([2000, 1500, 900]), np.array([0.2, 0.5, 0.8])
    held = {"base_rate": 0, "true_positive_rate": 0, "false_positive_rate": 0}
    seen_rate, unseen_rate = selected * risk, (1 - selected) * hidden
    base = (people * (seen_rate + unseen_rate)).sum() / people.sum()
    truths = {
        "base_rate": base,
        "true_positive_rate": (people * seen_rate).sum() / (base * people.sum()),
        "false_positive_rate": (people * (selected - seen_rate)).sum() / ((1 - base) * people.sum()),
    }
    seen = generator.binomial(people, selected, (8000, 3))
    rates = selective_rates(generator.binomial(seen, risk), seen, people - seen, gamma)
    for key, truth in truths.items():
        held[key] = ((rates[key].lower <= truth) & (truth <= rates[key].upper)).mean()
    assert min(held.values()) >= 0.95 - 2 * 0.0025, held


def test_a_stratum_with_nobody_selected_may_be_anything():
    rates = selective_rates([30, 0], [100, 0], [300, 50], 1.0)
    assert rates["base_rate"].bound_upper == pytest.approx((30 + 90 + 50) / 450)
    worst = selective_rates([30], [100], [300], float("inf"))["base_rate"]
    assert (worst.bound_lower, worst.bound_upper) == pytest.approx((30 / 400, 330 / 400))


def test_risk_adjusted_case_c():
    result = risk_adjusted([45, 350], [300, 700], [60, 160], [600, 400])
    assert (result.rate, result.reference_rate) == pytest.approx((0.3425, 0.265))
    assert round(float(result.ratio), 3) == 1.292


def test_infra_marginal_groups_differ_in_precision_and_not_in_adjusted_selection():
    """Case b: risk Beta(2, 8) and Beta(4, 6), one threshold of 0.30: search .196 and .730, hits .391 and .466."""
    edges = np.linspace(0, 1, 21)
    people = [np.rint(100_000 * np.diff(stats.beta(a, b).cdf(edges))) for a, b in ((2, 8), (4, 6))]
    chosen = [np.where(edges[:-1] >= 0.3 - 1e-9, size, 0) for size in people]
    rates = [c.sum() / s.sum() for c, s in zip(chosen, people, strict=True)]
    assert rates == pytest.approx([0.196003, 0.729659], abs=1e-3)
    result = risk_adjusted(chosen[0], people[0], chosen[1], people[1])
    assert result.difference == pytest.approx(0.0, abs=1e-12)


def test_what_base_rates_force():
    np.testing.assert_allclose(
        forced_false_positive_rate([0.4, 0.25, 0.25], 0.6, [0.75, 0.3, 0.75]), [1 / 3, 1 / 15, 1 / 6]
    )


def test_people_sum_to_nothing():
    people, _, _ = people_under_capacity([996, 4], [20_000, 20_000])
    assert people.tolist() == [496.0, -496.0]
    people, lower, upper = people_under_capacity([30, 20, 10], [100, 100, 100])
    assert people.tolist() == [10.0, 0.0, -10.0]
    assert ((lower < people) & (people < upper)).all()


def test_pooled_rates_err_less_where_groups_are_alike():
    generator = np.random.default_rng(2)
    for spread, most in ((0.0, 0.4), (0.02, 0.8), (0.05, 0.97)):
        truth = np.clip(generator.normal(0.2, spread, (600, 20)), 0.01, 0.9)
        cases = generator.binomial(200, truth)
        pooled, raw = (((rates - truth) ** 2).mean() ** 0.5 for rates in (pooled_rates(cases, 200), cases / 200))
        assert pooled / raw < most
