"""The largest gap: against statsmodels pair by pair, its coverage without a gap, its speed with many groups."""

import time
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from auditkit.inference import equalised_odds_gap, homogeneity_chi_square, largest_gap, newcombe


def by_pairs(cases: list[int], n: list[int], pairs: float) -> tuple[float, float]:
    ends = [
        confint_proportions_2indep(cases[i], n[i], cases[j], n[j], method="newcomb", compare="diff", alpha=0.05 / pairs)
        for i, j in permutations(range(len(n)), 2)
    ]
    return max(0.0, max(low for low, _ in ends)), max(high for _, high in ends)


@pytest.mark.parametrize(
    ("cases", "n"),
    [([10, 20, 30], [100, 100, 100]), ([0, 1, 9, 300], [5, 900, 20, 1000]), ([0, 0], [10, 20]), ([3, 3, 3], [9, 9, 9])],
)
def test_ends_are_the_largest_over_all_pairs(cases: list[int], n: list[int]) -> None:
    result = largest_gap(cases, n)
    pairs = len(n) * (len(n) - 1) / 2
    np.testing.assert_allclose([result.lower, result.upper], by_pairs(cases, n, pairs), atol=1e-9)
    rates = np.array(cases) / np.array(n)
    np.testing.assert_allclose(result.value, np.ptp(rates))
    assert rates[result.highest] == rates.max()
    assert rates[result.lowest] == rates.min()
    assert result.pairs == pairs


def test_the_lower_end_may_come_from_another_pair_than_the_value() -> None:
    # the highest rate is 1 of 1; the pair with rows decides the lower end
    result = largest_gap([1, 400, 100], [1, 1000, 1000])
    assert result.highest == 0
    np.testing.assert_allclose(result.lower, newcombe(400, 1000, 100, 1000, 1 - 0.05 / 3)[0])


def test_groups_without_rows_are_left_out() -> None:
    whole, part = largest_gap([10, 0, 20], [100, 0, 100]), largest_gap([10, 20], [100, 100])
    assert (whole.lower, whole.upper) == (part.lower, part.upper)
    assert (whole.highest, whole.lowest) == (2, 0)


def test_fewer_than_two_groups() -> None:
    for result in (largest_gap([3], [9]), largest_gap([3, 0], [9, 0]), largest_gap([0, 0], [0, 0])):
        assert np.isnan([result.value, result.lower, result.upper]).all()
        assert (result.highest, result.lowest) == (-1, -1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_leaving_out_groups_that_cannot_matter_changes_nothing(seed: int) -> None:
    generator = np.random.default_rng(seed)
    groups = int(generator.integers(49, 300))
    n = generator.integers(1, int(generator.integers(2, 2000)), groups)
    cases = generator.binomial(n, generator.random(groups) ** generator.integers(1, 4))
    level = 1 - 0.05 / (groups * (groups - 1) / 2)
    low, high = newcombe(cases[:, None], n[:, None], cases, n, level)
    np.fill_diagonal(low, -1), np.fill_diagonal(high, -1)
    result = largest_gap(cases, n)
    np.testing.assert_allclose([result.lower, result.upper], [max(low.max(), 0), high.max()], atol=1e-9)


def test_ten_thousand_groups_take_a_moment() -> None:
    generator = np.random.default_rng(1)
    for n in (generator.integers(1, 1000, 10_000), np.full(10_000, 100_000)):
        cases = generator.binomial(n, generator.random(10_000))
        start = time.perf_counter()
        largest_gap(cases, n)
        assert time.perf_counter() - start < 3


def test_homogeneity_agrees_with_scipy() -> None:
    cases, n = np.array([10, 25, 3, 60]), np.array([100, 120, 40, 300])
    expected = stats.chi2_contingency(np.array([cases, n - cases]), correction=False)
    result = homogeneity_chi_square(cases, n)
    np.testing.assert_allclose([result.statistic, result.p_value, result.degrees], expected[:3])
    padded = homogeneity_chi_square([*cases, 0], [*n, 0])
    np.testing.assert_allclose([padded.statistic, padded.degrees], [result.statistic, 3])


@pytest.mark.parametrize(("cases", "n"), [([0, 0], [5, 5]), ([5, 5], [5, 5]), ([3], [9]), ([3, 0], [9, 0])])
def test_homogeneity_with_nothing_to_compare(cases: list[int], n: list[int]) -> None:
    result = homogeneity_chi_square(cases, n)
    assert np.isnan([result.statistic, result.p_value]).all()


def test_equalised_odds_takes_the_worse_side_and_counts_the_pairs_of_both() -> None:
    result = equalised_odds_gap([8, 9, 7], [10, 10, 10], [30, 10, 20], [100, 100, 100])
    ends = [by_pairs([8, 9, 7], [10] * 3, 6), by_pairs([30, 10, 20], [100] * 3, 6)]
    np.testing.assert_allclose(result.gap.lower, max(low for low, _ in ends), atol=1e-9)
    np.testing.assert_allclose(result.gap.upper, max(high for _, high in ends), atol=1e-9)
    assert (result.side, result.gap.highest, result.gap.lowest, result.gap.pairs) == (0, 1, 2, 6)
    sides = [homogeneity_chi_square([8, 9, 7], [10] * 3), homogeneity_chi_square([30, 10, 20], [100] * 3)]
    total = sum(float(side.statistic) for side in sides)
    np.testing.assert_allclose(result.gap.p_homogeneity, stats.chi2.sf(total, 4))


def test_equalised_odds_with_one_side_only() -> None:
    result = equalised_odds_gap([0, 0], [0, 0], [30, 10], [100, 100])
    alone = largest_gap([30, 10], [100, 100])
    assert (result.gap.value, result.gap.lower, result.gap.upper) == (alone.value, alone.lower, alone.upper)
    assert result.side == 1
    assert equalised_odds_gap([0, 0], [0, 0], [1, 0], [9, 0]).side == -1


@pytest.mark.parametrize("groups", [2, 5, 10])
def test_without_a_gap_the_interval_holds_zero(groups: int) -> None:
    generator = np.random.default_rng(groups)
    n = generator.integers(50, 1000, groups)
    result = largest_gap(generator.binomial(n, 0.2, (2000, groups)), n)
    assert (result.lower == 0).mean() >= 0.93
    result = equalised_odds_gap(
        generator.binomial(n, 0.6, (2000, groups)), n, generator.binomial(n, 0.1, (2000, groups)), n
    ).gap
    assert (result.lower == 0).mean() >= 0.93
