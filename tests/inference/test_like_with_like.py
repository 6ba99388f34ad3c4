"""The words within strata: hand-worked tables, other implementations, and planted truths by simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from auditkit.inference import like_with_like, mantel_haenszel_ratio
from auditkit.inference.restricted_rates import rates_at_difference, rates_at_ratio

# cases, people, reference cases, reference people; high need, then low need
TURNED = ([400, 10], [800, 200], [120, 80], [200, 800])


@pytest.mark.parametrize("level", [0.05, 0.01, 0.001])
def test_a_gap_that_turns_round(level):
    result = like_with_like(*TURNED, level)
    assert result.word == "reversed"
    assert round(float(result.rate), 3) == 0.275
    assert round(float(result.reference_rate), 3) == 0.350
    assert round(float(result.rate / result.reference_rate), 4) == 0.7857
    assert round(float(result.within.no_gap), 5) == 0.00097
    assert round(float(result.breslow_day), 3) == 0.815
    assert round(float(stats.chi2.sf(result.breslow_day, 1)), 3) == 0.367


def test_a_summary_does_not_speak_for_people_it_does_not_hold():
    result = like_with_like([20, 900, 0], [40, 960, 0], [200, 0, 30], [400, 0, 600], 0.05)
    assert result.word == "cannot_tell"
    assert np.isnan(result.rate)
    assert (result.people_alike, result.people, result.reference_alike) == (40, 1000, 400)


def test_the_vector_of_two_strata():
    # A low 60/600, A high 160/400, B low 45/300, B high 350/700: 1.291 the other way round
    result = like_with_like([60, 160], [600, 400], [45, 350], [300, 700], 0.05)
    assert result.word == "shrinks"
    assert (round(float(result.rate), 3), round(float(result.reference_rate), 3)) == (0.268, 0.346)
    assert round(float(result.reference_rate / result.rate), 6) == 1.291045


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(1, 60)] * 4), min_size=1, max_size=5))
def test_the_pair_is_mantel_and_haenszels(rows):
    a, b, c, d = np.array(rows, dtype=float).T
    result = like_with_like(a, a + b, c, c + d, 0.05)
    common = mantel_haenszel_ratio(a, b, c, d)
    assert result.rate / result.reference_rate == pytest.approx(float(common.rate_ratio))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(1, 12)] * 4), min_size=1, max_size=3))
def test_no_gap_within_is_the_exact_law_of_the_sum(rows):
    """All tables with these margins, one by one."""
    a, b, c, d = np.array(rows, dtype=float).T
    laws = [stats.hypergeom(w + x + y + z, w + y, w + x) for w, x, y, z in rows]
    chances: dict[int, float] = {0: 1.0}
    for law in laws:
        added: dict[int, float] = {}
        for total, chance in chances.items():
            for k in range(int(law.support()[0]), int(law.support()[1]) + 1):
                added[total + k] = added.get(total + k, 0.0) + chance * law.pmf(k)
        chances = added
    seen = chances[int(a.sum())]
    expected = sum(chance for chance in chances.values() if chance <= seen * (1 + 1e-7))
    assert like_with_like(a, a + b, c, c + d, 0.05).within.no_gap == pytest.approx(expected, rel=1e-6)


@settings(max_examples=80, deadline=None)
@given(st.integers(2, 80), st.integers(2, 80), st.integers(0, 80), st.integers(0, 80), st.floats(-0.3, 0.3))
def test_restricted_rates_are_the_likeliest(n, n0, x, x0, apart):
    x, x0 = min(x, n), min(x0, n0)

    def loss(p1, p0):
        p1, p0 = (float(np.clip(p, 1e-12, 1 - 1e-12)) for p in (p1, p0))
        return -(stats.binom.logpmf(x, n, p1) + stats.binom.logpmf(x0, n0, p0))

    low, high = max(0.0, -apart), min(1.0, 1.0 - apart)
    best = optimize.minimize_scalar(lambda p: loss(p + apart, p), bounds=(low, high), method="bounded").x
    assert loss(*rates_at_difference(x, n, x0, n0, apart)) <= loss(best + apart, best) + 1e-4
    ratio = float(np.exp(2 * apart))
    best = optimize.minimize_scalar(
        lambda p: loss(ratio * p, p), bounds=(0.0, min(1.0, 1.0 / ratio)), method="bounded"
    ).x
    assert loss(*rates_at_ratio(x, n, x0, n0, ratio)) <= loss(ratio * best, best) + 1e-4


def said(people, rates, reference_people, reference_rates, level, runs=400, seed=8):
    generator = np.random.default_rng(seed)
    n = np.broadcast_to(people, (runs, len(people)))
    n0 = np.broadcast_to(reference_people, (runs, len(people)))
    words = like_with_like(generator.binomial(n, rates), n, generator.binomial(n0, reference_rates), n0, level).word
    return {word: float((words == word).mean()) for word in set(words)}


MOST_FALSE = 0.052 + 2 * 0.011  # the bar of the statistics page, and two Monte Carlo errors of 400 runs


@pytest.mark.parametrize(
    ("truth", "right"),
    [
        # crude gap twofold, none within
        (([4000, 1500], [0.3, 0.1], [3000, 7000], [0.3, 0.1]), {"disappears", "cannot_tell"}),
        # the same gap everywhere
        (([5000, 5000], [0.16, 0.08], [20_000, 20_000], [0.1, 0.05]), {"remains"}),
        # turned round
        (([800, 200], [0.5, 0.05], [200, 800], [0.6, 0.1]), {"reversed", "cannot_tell"}),
        # no gap anywhere
        (([2000, 2000], [0.2, 0.1], [9000, 9000], [0.2, 0.1]), {"", "cannot_tell"}),
        # opposite in two strata
        (([5000, 5000], [0.2, 0.1], [5000, 5000], [0.1, 0.2]), {"differs"}),
        # nothing crude, a gap within
        (([8000, 2000], [0.13, 0.31], [2000, 2000], [0.08, 0.25]), {"grows", "cannot_tell"}),
    ],
)
@pytest.mark.parametrize("level", [0.05, 0.002])
def test_planted_truths(truth, right, level):
    words = said(*truth, level)
    for word, share in words.items():
        assert word in right or share <= MOST_FALSE, words
    assert sum(words.get(word, 0.0) for word in right) >= 0.9, words
