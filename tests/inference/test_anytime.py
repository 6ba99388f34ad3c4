"""Evidence over time: exact against scipy, fair on the mean, and the published share of false alarms."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import beta, hypergeom, nchypergeom_fisher

from auditkit.inference import gap_evidence, lasting_interval, mixture_radius, rate_change
from auditkit.inference.anytime import _RATIOS


def test_the_evidence_of_one_period_is_the_mean_of_its_bets() -> None:
    """E = 1/2 + 1/2 * the mean over twelve odds ratios of P_r(count) / P_1(count); scipy has both distributions."""
    for x, n, y, m in [(3, 10, 5, 20), (300, 1000, 210, 1000), (0, 5, 4, 9), (5, 5, 8, 9), (1200, 9000, 1500, 9500)]:
        ratios = [*_RATIOS, *(1 / r for r in _RATIOS)]
        fair = hypergeom(n + m, n, x + y).pmf(x)
        bets = [nchypergeom_fisher(n + m, n, x + y, r).pmf(x) / fair for r in ratios]
        found = gap_evidence([x], [n], [y], [m])
        assert np.exp(found.log_value[0]) == pytest.approx(0.5 + 0.5 * np.mean(bets), rel=1e-6)


def test_a_fair_game_has_a_mean_of_one_at_every_look() -> None:
    """Every pair of counts of two periods, weighed by its chance where rates are equal: E is 1 on average, exactly."""
    n, m, total = 4, 6, 5
    chance = {x: hypergeom(n + m, n, total).pmf(x) for x in range(5)}
    mean = sum(
        chance[a] * chance[b] * np.exp(gap_evidence([a, b], [n, n], [total - a, total - b], [m, m]).log_value[-1])
        for a, b in product(chance, chance)
    )
    assert mean == pytest.approx(1.0, abs=1e-12)


def test_against_a_limit_the_mean_is_one_at_it_and_less_inside() -> None:
    n, m, total = 4, 6, 5
    for odds, bar in ((1.25, 1.0 + 1e-12), (1.0, 1.0), (0.5, 1.0)):
        law = nchypergeom_fisher(n + m, n, total, odds)
        mean = sum(law.pmf(x) * np.exp(gap_evidence([x], [n], [total - x], [m], 1.25).log_value[0]) for x in range(5))
        assert mean <= bar
    assert mean < 0.95


def test_a_period_that_is_not_known_teaches_nothing() -> None:
    told = gap_evidence([30, np.nan, 30], [100, np.nan, 100], [10, 10, 10], [100] * 3)
    assert told.p[1] == told.p[0] > told.p[2]


def test_plain_looks_alarm_in_three_of_ten_series_and_the_sequence_in_one_of_a_hundred() -> None:
    """52 looks of 200 a group, both rates 0.2: 31.1 % of 2,000 runs by the plain interval, 1.1 % by the sequence."""
    sums = np.random.default_rng(7).binomial(200, 0.2, size=(2, 2000, 52)).cumsum(axis=2)
    n = 200.0 * np.arange(1, 53)
    rates = sums / n
    variance = (rates * (1 - rates)).sum(axis=0)
    apart = np.abs(rates[0] - rates[1])
    plain = (apart > 1.959964 * np.sqrt(variance / n)).any(axis=1).mean()
    lasting = (apart > mixture_radius(n, variance, 1 / 2000)).any(axis=1).mean()
    assert plain == pytest.approx(0.311, abs=0.035)
    assert lasting == pytest.approx(0.011, abs=0.008)


def test_intervals_of_all_periods_are_exact_at_levels_that_sum_to_five_percent() -> None:
    low, high = lasting_interval([3, 0, 20], [40, 10, 20])
    for place, (x, n, level) in enumerate([(3, 40, 0.05 / 2), (0, 10, 0.05 / 6), (20, 20, 0.05 / 12)]):
        assert low[place] == pytest.approx(beta.ppf(level / 2, x, n - x + 1) if x else 0.0)
        assert high[place] == pytest.approx(beta.ppf(1 - level / 2, x + 1, n - x) if x < n else 1.0)


def test_parts_of_a_change_sum_to_it_and_a_newcomer_is_composition() -> None:
    """Group b comes: .5 of 1/4 of the people; a stays at .2. Change .275 - .2 = .075, all of it who is there."""
    found = rate_change([60, 0], [300, 0], [60, 50], [300, 100])
    assert found.change == pytest.approx(0.075)
    assert found.composition == pytest.approx(0.075)
    assert found.treatment == pytest.approx(0.0)
