"""The area under the curve from binned counts, against rows, sklearn's value and DeLong's published example."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.inference import auc_estimate, auc_from_bins, auc_interval, wilson

BINS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=8)


def by_rows(positive: np.ndarray, negative: np.ndarray) -> tuple[float, float]:
    """AUC and DeLong's variance from every pair of rows, as in the paper."""
    a, b = np.repeat(np.arange(len(positive)), positive), np.repeat(np.arange(len(negative)), negative)
    pairs = (a[:, None] > b) + 0.5 * (a[:, None] == b)
    variance = pairs.mean(1).var(ddof=1) / len(a) + pairs.mean(0).var(ddof=1) / len(b)
    return float(pairs.mean()), float(variance)


def test_value_by_hand() -> None:
    # without: 1, 2, 2; with: 2, 3. Pairs 1 + .5 + .5 and 3 of 6
    np.testing.assert_allclose(auc_from_bins([0, 1, 1], [1, 2, 0]), 5 / 6)
    assert auc_from_bins([0, 4], [4, 0]) == 1.0
    assert auc_from_bins([4, 0], [0, 4]) == 0.0
    assert auc_from_bins([4], [9]) == 0.5
    assert np.isnan(auc_from_bins([[0, 0], [1, 2]], [[1, 2], [0, 0]])).all()


@settings(max_examples=60, deadline=None)
@given(BINS)
def test_value_and_variance_agree_with_rows(bins: list[tuple[int, int]]) -> None:
    positive, negative = np.array(bins).T
    if min(positive.sum(), negative.sum()) >= 2:
        value, variance = by_rows(positive, negative)
        result = auc_estimate(positive, negative)
        np.testing.assert_allclose(result.value, value)
        np.testing.assert_allclose(result.standard_error, np.sqrt(variance), atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(BINS)
def test_empty_bins_and_the_direction_of_the_score_do_not_matter(bins: list[tuple[int, int]]) -> None:
    positive, negative = np.array(bins).T + 4
    result = auc_estimate(positive, negative)
    gaps = np.tile([1, 0], len(positive))
    spread = auc_estimate(np.repeat(positive, 2) * gaps, np.repeat(negative, 2) * gaps)
    np.testing.assert_allclose([spread.lower, spread.upper], [result.lower, result.upper])
    turned = auc_estimate(positive[::-1], negative[::-1])
    np.testing.assert_allclose([turned.lower, turned.upper], [1 - result.upper, 1 - result.lower], rtol=1e-9)
    swapped = auc_estimate(negative, positive)
    np.testing.assert_allclose([swapped.lower, swapped.upper], [1 - result.upper, 1 - result.lower], rtol=1e-9)


def test_hanley_and_mcneils_published_ratings() -> None:
    """Hanley and McNeil, Radiology 143 (1982), table I: 58 normal, 51 abnormal, AUC 0.893."""
    result = auc_estimate([3, 2, 2, 11, 33], [33, 6, 6, 11, 2])
    np.testing.assert_allclose(result.value, 0.893, atol=5e-4)
    # their table's own standard error is 0.032; DeLong's differs in the third decimal
    np.testing.assert_allclose(result.standard_error, 0.032, atol=1.5e-3)
    assert not result.few_cases
    assert 0.80 < result.lower < 0.84
    assert 0.935 < result.upper < 0.96


def test_few_cases_have_no_interval_but_a_value() -> None:
    result = auc_estimate([[0, 19], [0, 20], [0, 0]], [[30, 30], [30, 30], [30, 30]])
    assert result.few_cases.tolist() == [True, False, True]
    assert np.isnan(result.lower).tolist() == [True, False, True]
    assert result.value[0] == 0.75
    assert np.isnan(result.value[2])


def test_perfect_reversed_and_constant_scores_keep_a_width() -> None:
    result = auc_estimate([[0, 40], [40, 0], [40, 0]], [[60, 0], [0, 60], [60, 0]])
    assert result.value.tolist() == [1.0, 0.0, 0.5]
    expected = [wilson(40, 40), wilson(0, 40), wilson(20, 40)]
    np.testing.assert_allclose(np.transpose([result.lower, result.upper]), np.array(expected))
    assert result.standard_error.tolist() == [0.0, 0.0, 0.0]


def test_unit_weights_change_nothing_and_unequal_ones_widen() -> None:
    positive, negative = np.array([2.0, 8, 20]), np.array([20.0, 10, 5])
    plain, unit = auc_estimate(positive, negative), auc_estimate(positive, negative, positive, negative)
    assert (plain.lower, plain.upper) == (unit.lower, unit.upper)
    heavy = auc_estimate(positive * 2, negative * 2, positive * 8, negative * 8)  # each row as if half
    np.testing.assert_allclose(heavy.positives, 15)
    assert np.isnan(heavy.lower)
    more = auc_estimate(positive * 10, negative * 10, positive * 20, negative * 20)
    assert more.lower > plain.lower


def test_interval_from_value_and_variance_alone() -> None:
    # logit(0.8) = 1.386294; se 0.04 / 0.16 = 0.25
    lower, upper = auc_interval(0.8, 0.0016, 50, 500)
    logits = np.array([1.386294 - 1.959964 * 0.25, 1.386294 + 1.959964 * 0.25])
    np.testing.assert_allclose([lower, upper], 1 / (1 + np.exp(-logits)), rtol=1e-6)
    assert np.isnan(auc_interval(np.nan, np.nan, 50, 50)).all()


def test_no_interval_is_wider_than_a_rate_of_the_smaller_class() -> None:
    np.testing.assert_allclose(auc_interval(0.8, 0.25, 30, 500), wilson(24, 30))


@pytest.mark.parametrize("shape", ["normal", "exponential"])
def test_coverage_of_a_high_auc(shape: str) -> None:
    """With z for t the exponential case holds in 85 %."""
    generator = np.random.default_rng(6)
    repeats, m, n = 1500, 50, 100
    if shape == "normal":
        positive, negative = generator.normal(2.326174, 1, (repeats, m)), generator.normal(0, 1, (repeats, n))
        truth = 0.95  # Phi(2.326174 / sqrt 2)
    else:
        positive, negative = generator.exponential(49, (repeats, m)), generator.exponential(1, (repeats, n))
        truth = 0.98  # 49 / (49 + 1)
    order = np.argsort(np.concatenate([positive, negative], axis=1), axis=1)
    result = auc_estimate(order < m, order >= m)
    assert 0.91 <= ((result.lower <= truth) & (truth <= result.upper)).mean() <= 0.99
