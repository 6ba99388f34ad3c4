"""Pairs: the hand-worked table of the statistics page, brute-force likelihoods, exact enumeration and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from auditkit.inference import cluster_claims, cluster_gap, paired_claims, paired_gap, paired_ratio_interval
from auditkit.inference.paired_rates import paired_difference_statistic, paired_ratio_statistic

OFFERS = (60, 15, 40, 285)  # both called, only M, only F (the reference), none


def test_four_hundred_offers_by_hand():
    gap = paired_gap(*OFFERS)
    assert round(float(gap.p_value), 5) == 0.00102
    assert round(float(gap.standard_error), 5) == 0.01830
    assert (round(float(gap.lower), 4), round(float(gap.upper), 4)) == (-0.0985, -0.0265)
    assert gap.conditional_ratio == 15 / 40
    exact = stats.binomtest(15, 55).proportion_ci(0.95)
    assert gap.ratio_lower == pytest.approx(exact.low / (1 - exact.low))
    assert gap.ratio_upper == pytest.approx(exact.high / (1 - exact.high))


def test_neither_limit_is_passed():
    assert round(float(paired_difference_statistic(*OFFERS, -0.05)), 2) == -0.68
    assert round(float(paired_ratio_statistic(*OFFERS, 0.8)), 2) == -0.76
    claims = paired_claims(*OFFERS)
    assert claims.beyond > 0.2
    assert claims.test == "mcnemar"


def test_the_same_pairs_as_clusters():
    """Clusters that hold both members give the within-pair variance: no cap at that of independent rows."""
    group = np.repeat([1, 1, 0, 0], OFFERS)
    reference = np.repeat([1, 0, 1, 0], OFFERS)
    gap = cluster_gap(group, np.ones(400), reference, np.ones(400))
    assert gap.difference_lower == pytest.approx(-0.0985, abs=2e-4)
    assert gap.difference_upper == pytest.approx(-0.0265, abs=2e-4)
    assert cluster_claims(group, np.ones(400), reference, np.ones(400)).no_gap < 0.002


def test_mcnemar_of_textbook_tables():
    # 15 against 5 discordant: exact .041389; twice the binomial tail at one half
    assert paired_gap(0, 15, 5, 0).p_value == pytest.approx(0.041389, abs=5e-7)
    for b, c in ((0, 0), (0, 6), (3, 3), (2, 9), (40, 25)):
        expected = stats.binomtest(b, b + c).pvalue if b + c else 1.0
        assert paired_gap(7, b, c, 7).p_value == pytest.approx(expected)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 40), st.integers(1, 40), st.integers(0, 200), st.floats(0.5, 2.0))
def test_nam_and_blackwelder_against_the_likelihood(a, b, c, d, ratio):
    n = a + b + c + d
    share = (a + b + c) / n

    def cells(only):
        return ratio * share - (1 + ratio) * only, only, ratio * only + (1 - ratio) * share

    def loss(only):
        return -sum(x * np.log(max(p, 1e-300)) for x, p in zip((a, b, c), cells(only), strict=True))

    low, high = max((ratio - 1) * share / ratio, 0.0), ratio * share / (1 + ratio)
    best = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-12}).x
    both, only, other = cells(best)
    variance = ((1 - ratio) ** 2 * both + only + ratio**2 * other) / n
    expected = ((a + b) - ratio * (a + c)) / n / np.sqrt(variance)
    assert paired_ratio_statistic(a, b, c, d, ratio) == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_ratio_interval_ends_where_the_test_does():
    lower, upper = paired_ratio_interval(*OFFERS)
    assert paired_ratio_statistic(*OFFERS, lower) == pytest.approx(1.959964)
    assert paired_ratio_statistic(*OFFERS, upper) == pytest.approx(-1.959964)
    lower, upper = paired_ratio_interval([0, 0], [0, 5], [5, 0], [9, 9])
    assert lower[0] == 0.0
    assert upper[1] == np.inf


@pytest.mark.parametrize(("pairs", "tests"), [(25, 500), (100, 36), (60, 1)])
def test_size_of_mcnemar_by_enumeration(pairs, tests):
    level, b = 0.05 / tests, np.arange(pairs + 1)
    found = paired_gap(0, b, pairs - b, 100).p_value <= level
    assert stats.binom.pmf(b, pairs, 0.5)[found].sum() <= level


def test_pairs_that_always_agree_prove_little():
    claims = paired_claims(2, 0, 0, 3)
    assert claims.inside > 0.05
    assert paired_claims(4_000, 0, 0, 6_000).inside < 0.001


@pytest.mark.parametrize("alike", [0.0, 0.5, 0.9])
def test_coverage_over_pairs_that_are_alike(alike):
    generator = np.random.default_rng(15)
    same = generator.random((2000, 400)) < alike
    first = generator.random((2000, 400)) < 0.25
    second = np.where(same, first, generator.random((2000, 400)) < 0.25)
    counts = [(first == x) & (second == y) for x, y in ((1, 1), (1, 0), (0, 1), (0, 0))]
    gap = paired_gap(*(count.sum(axis=1) for count in counts))
    assert 0.92 <= ((gap.lower <= 0) & (gap.upper >= 0)).mean() <= 0.98
    joint = cluster_gap(first, np.ones((2000, 400)), second, np.ones((2000, 400)))
    assert 0.92 <= ((joint.difference_lower <= 0) & (joint.difference_upper >= 0)).mean() <= 0.98


def test_a_gap_that_is_the_same_in_every_cluster_is_known_closely():
    cases = np.arange(40) % 4
    gap = cluster_gap(cases + 1, np.full(40, 10), cases, np.full(40, 10))
    assert gap.difference_upper - gap.difference_lower < 0.02


@pytest.mark.parametrize(("clusters", "size", "shared"), [(60, 40, False), (60, 40, True), (300, 2, True)])
def test_fair_clusters_are_seldom_called_anything(clusters, size, shared):
    """The p of no gap, at the level of a main comparison among four."""
    generator = np.random.default_rng(16)
    chance = generator.beta(2, 8, (3000, 2 * clusters))
    cases = generator.binomial(size, chance)
    rows = np.full(cases.shape, size)
    mine = np.arange(2 * clusters) < clusters
    if shared:
        other = generator.binomial(size, chance)
        claims = cluster_claims(cases, rows, other, rows)
    else:
        claims = cluster_claims(cases * mine, rows * mine, cases * ~mine, rows * ~mine)
    assert (claims.no_gap <= 0.05).mean() <= 0.06
    assert (claims.no_gap <= 0.01).mean() <= 0.014
