"""Lists checked in part: the hand-worked case of the statistics page, and simulation."""

import numpy as np
import pytest

from auditkit.inference import newcombe, verified_rates, wilson


@pytest.mark.parametrize(
    ("checked", "fpr", "tpr", "base", "worth"),
    [
        (1800, (0.1351, 0.1510), (0.450, 0.550), (0.144, 0.176), (7381, 382)),
        (900, (0.1339, 0.1523), (0.448, 0.552), (0.144, 0.177), (5530, 354)),
    ],
)
def test_the_list_of_two_thousand(checked, fpr, tpr, base, worth):
    rates = verified_rates(2000, checked, checked * 4 // 10, 8000, 1000, 100)
    for rate, value, interval in (
        (rates.false_positive_rate, 1200 / 8400, fpr),
        (rates.true_positive_rate, 0.5, tpr),
        (rates.base_rate, 0.16, base),
    ):
        assert rate.value == pytest.approx(value)
        assert wilson(rate.value * rate.effective_n, rate.effective_n) == pytest.approx(interval, abs=1e-3)
    assert round(float(rates.false_positive_rate.effective_n)) == worth[0]
    assert round(float(rates.true_positive_rate.effective_n)) == worth[1]


def test_bounds_without_the_assumption():
    rates = verified_rates(2000, [1800, 900], [720, 360], 8000, 1000, 100)
    np.testing.assert_allclose(rates.false_positive_rate.bound_lower, [0.1304, 0.0698], atol=5e-5)
    np.testing.assert_allclose(rates.false_positive_rate.bound_upper, [0.1509, 0.1855], atol=5e-5)
    np.testing.assert_allclose(rates.true_positive_rate.bound_lower, [0.474, 0.310], atol=5e-4)
    np.testing.assert_allclose(rates.true_positive_rate.bound_upper, [0.535, 0.646], atol=5e-4)


def test_no_interval_where_a_stratum_shows_one_kind_only():
    rates = verified_rates([100, 100], [50, 50], [0, 50], 900, 90, 9)
    assert np.isnan(rates.false_positive_rate.effective_n).all()
    assert np.isnan(rates.true_positive_rate.effective_n).all()


@pytest.mark.parametrize(("share", "arm"), [(0.9, 1000), (0.45, 1000), (0.2, 400)])
def test_thinning_the_checked_moves_no_estimate_and_keeps_the_coverage(share, arm):
    generator = np.random.default_rng(6)
    runs = 3000
    positive = generator.binomial(10_000, 0.16, runs)
    listed_positive = generator.binomial(positive, 0.5)
    listed = listed_positive + generator.binomial(10_000 - positive, 1 / 7)
    checked = generator.binomial(listed, share)
    found = generator.hypergeometric(listed_positive, listed - listed_positive, checked)
    others, left = 10_000 - listed, positive - listed_positive
    sampled = generator.hypergeometric(left, others - left, arm)
    rates = verified_rates(listed, checked, found, others, arm, sampled)
    for rate, truth in ((rates.false_positive_rate, 1 / 7), (rates.true_positive_rate, 0.5), (rates.base_rate, 0.16)):
        lower, upper = wilson(rate.value * rate.effective_n, rate.effective_n)
        assert 0.92 <= ((lower <= truth) & (truth <= upper)).mean() <= 0.98
        assert rate.value.mean() == pytest.approx(truth, rel=0.02)
    half = runs // 2
    rate = rates.false_positive_rate
    counts = rate.value * rate.effective_n, rate.effective_n
    lower, upper = newcombe(counts[0][:half], counts[1][:half], counts[0][half:], counts[1][half:])
    assert 0.92 <= ((lower <= 0) & (upper >= 0)).mean() <= 0.98
