"""The three p of a gap and the words from them, against published figures, exact enumeration and adaptive quadrature.

The real tables and their p were worked out before this code was written (docs/statistics.md); none comes from it.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from auditkit.inference import (
    GapClaims,
    Limits,
    adjusted_p,
    claim_words,
    family_levels,
    gap_claims,
    melded_difference_interval,
    melded_ratio_interval,
    melded_test,
    weakest,
)

LIMITS = Limits()
CURVES = {"upper": LIMITS.upper, "lower": LIMITS.lower}


@pytest.mark.parametrize(
    ("rate", "up", "down"),
    [(0.002, 0.0025, 0.0016), (0.01, 0.0125, 0.008), (0.05, 0.0625, 0.04), (0.1, 0.125, 0.08), (0.2, 0.25, 0.16),
     (0.25, 0.3, 0.2), (0.4, 0.45, 0.35), (0.5, 0.55, 0.45)],
)  # fmt: skip
def test_limits_are_five_points_or_a_quarter(rate, up, down):
    assert LIMITS.upper(rate) == pytest.approx(up)
    assert LIMITS.lower(rate) == pytest.approx(down)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 80), st.integers(0, 80), st.integers(1, 300), st.integers(0, 300))
def test_at_equal_rates_it_is_fishers_one_sided_p(n, x, n0, x0):
    x, x0 = min(x, n), min(x0, n0)
    table = [[x, n - x], [x0, n0 - x0]]
    greater, less = (stats.fisher_exact(table, way)[1] for way in ("greater", "less"))
    np.testing.assert_allclose(melded_test(x, n, x0, n0), greater, rtol=1e-3, atol=1e-20)
    np.testing.assert_allclose(melded_test(x, n, x0, n0, above=False), less, rtol=1e-3, atol=1e-20)


@pytest.mark.parametrize("counts", [(16, 200, 700, 20_000), (61, 139, 120, 464), (23, 96, 804, 6_700), (3, 9, 20, 40)])
@pytest.mark.parametrize("curve", ["upper", "lower"])
def test_the_tails_against_adaptive_quadrature(counts, curve):
    x, n, x0, n0 = counts
    f = CURVES[curve]

    def over(law, value):
        return integrate.quad(lambda u: value(float(f(law.ppf(u)))), 0.0, 1.0, limit=200)[0]

    above = over(stats.beta(x0 + 1, n0 - x0), stats.beta(x, n - x + 1).cdf)
    below = over(stats.beta(x0, n0 - x0 + 1), stats.beta(x + 1, n - x).sf)
    np.testing.assert_allclose(melded_test(*counts, curve=f), above, rtol=2e-3, atol=1e-9)
    np.testing.assert_allclose(melded_test(*counts, curve=f, above=False), below, rtol=2e-3, atol=1e-9)


@pytest.mark.parametrize(
    ("counts", "p_no_gap", "p_beyond", "most"),
    [
        ((183, 345, 303, 876), 4e-9, 1.2e-5, 3278),
        ((61, 139, 120, 464), 8.5e-5, 0.0031, 13),
        ((49, 98, 132, 505), 6e-6, 0.00029, 140),
        ((23, 96, 804, 6700), 0.0013, 0.0149, 2),
        ((557, 1835, 1198, 2691), 5e-22, 2e-10, 10**6),
        ((10_800, 20_000, 8_850, 20_000), 1e-84, 9e-22, 10**6),
        ((600, 200_000, 400, 200_000), 3e-10, 0.0025, 16),
        ((16, 200, 700, 20_000), 0.00282, 0.0163, 2),
    ],
)
def test_real_tables(counts, p_no_gap, p_beyond, most):
    claims = gap_claims(*counts)
    assert claims.no_gap == pytest.approx(p_no_gap, rel=0.2)
    assert claims.beyond == pytest.approx(p_beyond, rel=0.05)
    assert claim_words(claims, 0.04 / most, 96) == "established"
    if most < 10**6:
        assert claim_words(claims, 0.04 / (most + 1), 96) != "established"


def test_n2_the_small_group_beside_the_large_reference():
    p = gap_claims(16, 200, 700, 20_000).no_gap
    assert round(float(p), 6) == 0.002815
    assert round(float(adjusted_p(p, family_levels(44, 0)[0])), 4) == 0.1239


def test_n13_one_scale_hides_the_other():
    assert claim_words(gap_claims(10_800, 20_000, 8_850, 20_000), 0.001, 20_000) == "established"
    assert claim_words(gap_claims(600, 200_000, 400, 200_000), 0.04 / 17, 200_000) == "present"


@pytest.mark.parametrize(
    ("p", "word"),
    [
        ((0.001, 0.001, 1.0), "established"),
        ((0.001, 0.5, 0.001), "small"),
        ((0.001, 0.5, 0.5), "present"),
        ((0.5, 0.5, 0.001), "equivalent"),
        ((0.5, 0.5, 0.5), "inconclusive"),
        ((np.nan, np.nan, np.nan), "inconclusive"),
    ],
)
def test_five_words(p, word):
    claims = GapClaims(*(np.array(value) for value in p), np.array("fisher"))
    assert claim_words(claims, 0.01, 30) == word
    assert claim_words(claims, 0.01, 29) == ("present" if word == "established" else word)
    assert claim_words(claims, 0.0009, 30) == "inconclusive"


def test_family_levels():
    assert family_levels(40, 200) == (0.001, 0.00005)
    assert family_levels(44, 0) == (0.05 / 44, 0.05)
    assert family_levels(0, 10) == (0.05, 0.005)
    assert family_levels(4, 1, 0.01) == (0.002, 0.002)


@pytest.mark.parametrize(
    ("n", "n0", "rate"), [(60, 600, 0.15), (100, 1_000, 0.06), (200, 2_000, 0.03), (400, 400, 0.2), (40, 40, 0.4)]
)
def test_size_by_enumeration(n, n0, rate):
    """Each denial, true at its limit, is refused at most 1.05 times as often as the level says, whatever the family."""
    x, x0 = np.arange(n + 1)[:, None], np.arange(n0 + 1)[None, :]
    up, down = float(LIMITS.upper(rate)), float(LIMITS.lower(rate))
    laws = {p: stats.binom.pmf(x, n, p) * stats.binom.pmf(x0, n0, rate) for p in (rate, up, down)}
    likely = sum(laws.values()) > 1e-8
    cases, reference_cases = np.nonzero(likely)
    claims = gap_claims(cases, n, reference_cases, n0)
    for tests in (1, 36, 176):
        level = 0.05 / tests
        for name, truths in (("no_gap", [rate]), ("beyond", [up, down]), ("inside", [up, down])):
            refused = getattr(claims, name) <= level
            for p in truths:
                assert laws[p][likely][refused].sum() <= 1.05 * level + 1e-7, (name, p, tests)


def test_intervals_are_the_quantiles_of_two_beta_laws():
    # P(Beta(7, 24) <= L Beta(15, 86)) = 0.025 defines the lower limit, and so on: solved with scipy's quadrature.
    lower, upper = melded_ratio_interval(7, 30, 14, 100)

    def chance(law, other, move):
        return integrate.quad(lambda u: law.cdf(min(max(move(other.ppf(u)), 0.0), 1.0)), 0, 1, limit=200)[0]

    low, high = (stats.beta(7, 24), stats.beta(15, 86)), (stats.beta(8, 23), stats.beta(14, 87))
    assert chance(*low, lambda q: lower * q) == pytest.approx(0.025, rel=1e-4)
    assert 1 - chance(*high, lambda q: upper * q) == pytest.approx(0.025, rel=1e-4)
    lower, upper = melded_difference_interval(7, 30, 14, 100)
    assert chance(*low, lambda q: q + lower) == pytest.approx(0.025, rel=1e-4)
    assert 1 - chance(*high, lambda q: q + upper) == pytest.approx(0.025, rel=1e-4)


def test_intervals_at_the_edges():
    lower, upper = melded_ratio_interval([0, 3, 30], 30, [5, 0, 5], 30, 0.9)
    assert lower[0] == 0.0
    assert upper[1] == np.inf
    assert upper[2] == pytest.approx(1 / stats.binomtest(5, 30).proportion_ci(0.9).low)
    lower, upper = melded_difference_interval([0, 30], 30, [5, 5], 30, 0.9)
    limits = stats.binomtest(5, 30).proportion_ci(0.9)
    assert lower[0] == pytest.approx(-limits.high)
    assert upper[1] == pytest.approx(1 - limits.low)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 60), st.integers(1, 60), st.integers(5, 60), st.integers(5, 60), st.sampled_from([0.8, 0.95, 0.999])
)
def test_interval_and_test_say_the_same(x, x0, n, n0, confidence):
    x, x0 = min(x, n), min(x0, n0)
    lower, upper = melded_ratio_interval(x, n, x0, n0, confidence)
    half = (1 - confidence) / 2
    one_sided = melded_test(x, n, x0, n0), melded_test(x, n, x0, n0, above=False)
    assert (lower > 1) == (one_sided[0] < half) or abs(one_sided[0] / half - 1) < 1e-4
    assert (upper < 1) == (one_sided[1] < half) or abs(one_sided[1] / half - 1) < 1e-4


def test_a_gap_that_turns_within_what_is_allowed_is_no_gap():
    claims = gap_claims([90, 10], 100, [50, 50], 100)
    assert weakest(claims, [True, False]).no_gap == 1.0
    assert weakest(claims, [True, False]).beyond == 1.0
