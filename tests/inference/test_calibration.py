"""Means, calibration and calibration by bin: against rows, scipy and simulation."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from auditkit.inference import (
    calibration_error,
    calibration_error_by_bin,
    mean_difference,
    mean_interval,
    wilson,
)

SCORES = st.lists(st.floats(0, 1, width=32), min_size=2, max_size=40)


def sums(scores: np.ndarray) -> tuple[float, float, float]:
    return len(scores), float(scores.sum()), float((scores**2).sum())


@settings(max_examples=50, deadline=None)
@given(SCORES)
def test_mean_interval_agrees_with_scipy(values: list[float]) -> None:
    scores = np.array(values)
    error = stats.sem(scores)
    if error > 1e-6:
        expected = stats.t.interval(0.95, len(scores) - 1, scores.mean(), error)
        np.testing.assert_allclose(mean_interval(*sums(scores)), expected, atol=1e-7)


def test_mean_difference_agrees_with_welch() -> None:
    generator = np.random.default_rng(2)
    one, two = generator.normal(3, 1, 12), generator.normal(2, 4, 30)
    expected = stats.ttest_ind(one, two, equal_var=False).confidence_interval(0.9)
    np.testing.assert_allclose(mean_difference(*sums(one), *sums(two), 0.9), [expected.low, expected.high])


def test_one_row_no_row_and_no_spread() -> None:
    assert np.isnan(mean_interval([0, 1], [0, 0.4], [0, 0.16])).all()
    assert mean_interval(5, 2.5, 1.25) == (0.5, 0.5)
    assert mean_difference(5, 2.5, 1.25, 4, 1.0, 0.25) == (0.25, 0.25)
    assert np.isnan(mean_difference(5, 2.5, 1.25, 1, 0.25, 0.0625)).all()


def test_effective_rows_widen_a_mean() -> None:
    # weight 200 in 100 effective rows: variance 0.04 over 99
    lower, upper = mean_interval(200.0, 100.0, 58.0, effective_n=100.0)
    width = stats.t.ppf(0.975, 99) * np.sqrt(0.04 / 99)
    np.testing.assert_allclose([lower, upper], [0.5 - width, 0.5 + width])


def by_outcome(scores: np.ndarray, outcome: np.ndarray) -> list[np.ndarray]:
    return [
        np.stack([np.where(outcome == value, part, 0).sum(axis=-1) for value in (0, 1)], axis=-1)
        for part in (np.ones_like(scores), scores, scores**2)
    ]


@settings(max_examples=50, deadline=None)
@given(SCORES, st.integers(0, 2**32 - 1))
def test_standard_error_is_that_of_outcome_minus_score(values: list[float], seed: int) -> None:
    scores = np.array(values)
    outcome = (np.random.default_rng(seed).random(len(scores)) < 0.5).astype(float)
    result = calibration_error(*by_outcome(scores, outcome))
    np.testing.assert_allclose(result.value, (outcome - scores).mean(), atol=1e-9)
    np.testing.assert_allclose(result.standard_error, stats.sem(outcome - scores), atol=1e-6)
    assert result.lower <= result.value + 1e-12
    assert result.upper >= result.value - 1e-12


def test_one_score_for_all_is_wilson_less_the_score() -> None:
    outcome = np.arange(1000) < 130
    result = calibration_error(*by_outcome(np.full(1000, 0.1), outcome))
    # t for z and n - 1 for n hardly matter at a thousand rows
    np.testing.assert_allclose([result.lower, result.upper], np.array(wilson(130, 1000)) - 0.1, atol=2e-4)


def test_outcomes_all_of_one_kind_keep_a_width() -> None:
    scores = np.full(50, 0.1)
    none, every = (calibration_error(*by_outcome(scores, np.full(50, kind))) for kind in (0, 1))
    np.testing.assert_allclose(none.value, -0.1)
    np.testing.assert_allclose(none.lower, -0.1, atol=1e-6)
    np.testing.assert_allclose(none.upper, wilson(0, 50)[1] - 0.1, atol=5e-3)
    np.testing.assert_allclose(every.upper, 0.9, atol=1e-6)
    assert every.lower < 0.85


def test_no_rows_and_one_row_are_nan() -> None:
    result = calibration_error([[0, 0], [1, 0]], [[0, 0], [0.3, 0]], [[0, 0], [0.09, 0]])
    assert np.isnan(result.lower).all()
    assert np.isnan(result.value[0])
    np.testing.assert_allclose(result.value[1], -0.3)


def test_a_score_that_is_always_right_keeps_a_width() -> None:
    result = calibration_error([60, 40], [0, 40], [0, 40])
    assert result.value == 0.0
    assert result.lower < -0.05
    assert result.upper > 0.05


def test_coverage_with_rare_outcomes() -> None:
    """Two cases expected in 100: Student's t on outcome minus score holds in 86 %."""
    generator = np.random.default_rng(9)
    scores = generator.beta(0.3, 15, (3000, 100))
    outcome = (generator.random(scores.shape) < scores).astype(float)
    result = calibration_error(*by_outcome(scores, outcome))
    assert 0.94 <= ((result.lower <= 0) & (result.upper >= 0)).mean() <= 0.98
    difference = outcome - scores
    lower, upper = mean_interval(np.full(3000, 100), difference.sum(1), (difference**2).sum(1))
    assert ((lower <= 0) & (upper >= 0)).mean() < 0.9


def test_error_by_bin_by_hand() -> None:
    # (0.04 - 0.16/49 - 0.16/49) / 2; chi-square 0 + 100 / (50 * 0.24)
    result = calibration_error_by_bin([50, 50], [10.0, 30.0], [10, 40])
    np.testing.assert_allclose(result.squared_error, (0.04 - 0.32 / 49) / 2)
    np.testing.assert_allclose(result.error, np.sqrt((0.04 - 0.32 / 49) / 2))
    np.testing.assert_allclose([result.statistic, result.p_value], [25 / 3, stats.chi2.sf(25 / 3, 2)])


def test_small_groups_do_not_look_bad_for_being_small() -> None:
    generator = np.random.default_rng(10)
    score = np.linspace(0.05, 0.95, 10)
    counts = np.full((4000, 10), 10)
    outcomes = generator.binomial(10, score, counts.shape)
    result = calibration_error_by_bin(counts, counts * score, outcomes, counts * score**2)
    plain = np.abs(outcomes / 10 - score).mean()
    assert plain > 0.08
    assert abs(result.squared_error.mean()) < 3e-4
    assert 0.03 < (result.p_value < 0.05).mean() < 0.07


def test_bins_without_rows_or_with_one() -> None:
    result = calibration_error_by_bin([0, 1, 10], [0, 0.4, 3.0], [0, 1, 3])
    assert result.bins_left_out == 1
    assert result.degrees == 2
    np.testing.assert_allclose(result.squared_error, -0.21 / 9)
    assert result.error == 0.0
    assert np.isnan(calibration_error_by_bin([0, 0], [0, 0], [0, 0]).squared_error)


def test_weights_are_not_rows() -> None:
    """Ten rows of weight 100 are ten rows: by hand, as without weights but for the sums."""
    plain = calibration_error_by_bin([50, 50], [10.0, 30.0], [10, 40])
    heavy = calibration_error_by_bin([5000, 5000], [1000.0, 3000.0], [1000, 4000], None, [500_000, 500_000])
    np.testing.assert_allclose(heavy.squared_error, plain.squared_error)
    assert np.isnan(heavy.statistic)


def test_unequal_weights_do_not_make_a_perfect_score_look_bad() -> None:
    generator = np.random.default_rng(11)
    score, rows = np.linspace(0.05, 0.95, 10), 40
    weights = generator.choice([1.0, 8.0], (3000, 10, rows))
    outcomes = generator.random((3000, 10, rows)) < score[:, None]
    sums, happened = weights.sum(axis=-1), (weights * outcomes).sum(axis=-1)
    result = calibration_error_by_bin(sums, sums * score, happened, None, (weights**2).sum(axis=-1))
    as_rows = calibration_error_by_bin(sums, sums * score, happened)
    assert abs(result.squared_error.mean()) < 3e-4
    assert as_rows.squared_error.mean() > 3e-3
