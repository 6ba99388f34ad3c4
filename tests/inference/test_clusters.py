"""Rates and gaps over clusters: by hand, against the jackknife, and by simulation."""

import numpy as np
import pytest
from scipy import stats

from auditkit.inference import cluster_gap, cluster_interval, newcombe, ratio_interval, wilson


def test_interval_by_hand() -> None:
    """40 clusters of 10 with 0, 1, 2, 3 cases: moves -1.5 to 1.5 over 390, squares 50, fourth powers 102.5."""
    result = cluster_interval(np.arange(40) % 4, np.full(40, 10))
    variance = 39 / 40 * 50 / 390**2
    student = (1.959963985 / stats.t.ppf(0.975, 39)) ** 2
    worth = 0.15 * 0.85 / variance * student
    np.testing.assert_allclose(result.effective_n, worth)
    np.testing.assert_allclose([result.lower, result.upper], wilson(0.15 * worth, worth))
    assert result.degrees == 39  # 2.5 * 50^2 / 102.5 = 61 would be more


def test_variance_is_the_jackknifes() -> None:
    generator = np.random.default_rng(1)
    sizes = generator.integers(1, 90, 60)
    cases = generator.binomial(sizes, generator.beta(2, 3, 60))
    without = (cases.sum() - cases) / (sizes.sum() - sizes)
    rate = cases.sum() / sizes.sum()
    variance = 59 / 60 * ((without - rate) ** 2).sum()
    result = cluster_interval(cases, sizes)
    student = (stats.t.ppf(0.975, float(result.degrees)) / 1.959963985) ** 2
    np.testing.assert_allclose(result.effective_n * student, rate * (1 - rate) / variance)


def test_one_row_a_cluster_is_close_to_wilson() -> None:
    cases = np.arange(1000) < 300
    result = cluster_interval(cases, np.ones(1000))
    np.testing.assert_allclose([result.lower, result.upper], wilson(300, 1000), atol=1e-3)


def test_clusters_that_agree_are_never_worth_more_than_their_rows() -> None:
    result = cluster_interval(np.full(30, 2), np.full(30, 10))
    assert result.effective_n <= 300


def test_rates_of_zero_and_one_count_clusters() -> None:
    result = cluster_interval(np.array([np.zeros(25), np.full(25, 40)]), np.full(25, 40))
    assert (result.effective_n < 25).all()
    np.testing.assert_allclose(result.upper[0], 1 - result.lower[1])
    assert 0.1 < result.upper[0] < 0.2


def test_a_single_eventful_cluster_is_little_evidence() -> None:
    cases = np.zeros(100)
    cases[0] = 15
    result = cluster_interval(cases, np.full(100, 20))
    assert result.degrees < 3
    assert result.upper > 0.1


@pytest.mark.parametrize(("clusters", "few"), [(19, True), (20, False)])
def test_twenty_clusters_with_rows_are_needed(clusters: int, few: bool) -> None:
    cases, sizes = np.zeros(30), np.zeros(30)
    cases[:clusters], sizes[:clusters] = np.arange(clusters) % 3, 10
    result = cluster_interval(cases, sizes)
    assert result.few_clusters == few
    assert np.isnan(result.lower) == few
    assert result.clusters == clusters
    gap = cluster_gap(cases, sizes, np.arange(30) % 2, np.full(30, 5))
    assert gap.few_clusters == few
    assert np.isnan(gap.ratio_upper) == few


def test_gap_without_anything_shared_is_that_of_effective_counts() -> None:
    """The groups live in different clusters: each rate is worth what it is worth alone, but for the degrees."""
    generator = np.random.default_rng(3)
    sizes = generator.integers(20, 60, 400)
    one, two = np.arange(400) < 200, np.arange(400) >= 200
    cases = generator.binomial(sizes, generator.beta(4, 12, 400))
    gap = cluster_gap(cases * one, sizes * one, cases * two, sizes * two)
    first, second = cluster_interval(cases * one, sizes * one), cluster_interval(cases * two, sizes * two)
    counts = (first.value * first.effective_n, first.effective_n, second.value * second.effective_n, second.effective_n)
    np.testing.assert_allclose([gap.difference_lower, gap.difference_upper], newcombe(*counts), atol=1e-3)
    np.testing.assert_allclose([gap.ratio_lower, gap.ratio_upper], ratio_interval(*counts), rtol=5e-3)


def test_what_the_groups_share_does_not_blur_their_gap() -> None:
    generator = np.random.default_rng(4)
    chance = generator.beta(1, 1, 80)
    sizes = np.full(80, 200)
    one, two = generator.binomial(sizes, chance), generator.binomial(sizes, chance)
    shared = cluster_gap(one, sizes, two, sizes)
    apart = cluster_gap(one, sizes, np.roll(two, 40), sizes)
    assert shared.difference_upper - shared.difference_lower < 0.4 * (apart.difference_upper - apart.difference_lower)


def test_no_rows_at_all() -> None:
    result = cluster_interval(np.zeros(30), np.zeros(30))
    assert np.isnan([result.value, result.lower, result.upper]).all()
    gap = cluster_gap(np.zeros(30), np.zeros(30), np.ones(30), np.full(30, 4))
    assert np.isnan([gap.difference, gap.ratio_lower, gap.p_value]).all()


def simulated(icc: float, rate: float, repeats: int, clusters: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    sizes = 1 + generator.poisson(generator.gamma(0.7, 20 / 0.7, (repeats, clusters)))
    chance = generator.beta(rate * (1 / icc - 1), (1 - rate) * (1 / icc - 1), sizes.shape)
    return generator.binomial(sizes, chance), sizes


@pytest.mark.parametrize(("icc", "rate"), [(0.1, 0.05), (0.3, 0.05), (0.1, 0.3)])
def test_coverage_with_a_hundred_unequal_clusters(icc: float, rate: float) -> None:
    result = cluster_interval(*simulated(icc, rate, 2000, 100))
    assert 0.91 <= ((result.lower <= rate) & (result.upper >= rate)).mean() <= 0.98


def test_coverage_of_a_gap_over_a_hundred_clusters() -> None:
    cases, sizes = simulated(0.1, 0.2, 2000, 100)
    other, other_sizes = simulated(0.1, 0.2, 2000, 100, seed=8)
    result = cluster_gap(cases, sizes, other, other_sizes)
    assert 0.93 <= ((result.ratio_lower <= 1) & (result.ratio_upper >= 1)).mean() <= 0.98
    assert 0.02 <= (result.p_value < 0.05).mean() <= 0.07
