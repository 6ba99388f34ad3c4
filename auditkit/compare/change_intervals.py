"""How far a figure moved: for two samples of different people, and for the same people judged twice.

Two results hold margins and not who changed. Where the people are the same, the interval is therefore the one that
holds whatever the overlap (half-widths added), and McNemar's p is the largest that the margins allow.
"""

from __future__ import annotations

from math import comb, erfc, sqrt

from auditkit.inference import gap_test, newcombe, square_and_add

__all__ = ["added_widths", "independent_rates", "largest_mcnemar", "p_of_interval", "squared_widths"]

_QUANTILE = 1.959963984540054
_EXACT = 1_000


def independent_rates(
    cases: float, n: float, cases_before: float, n_before: float, confidence: float
) -> tuple[float, float, float | None, str]:
    """Newcombe's limits of the change of a rate between two samples, and p with the name of its test.

    >>> lower, upper, p, test = independent_rates(56, 70, 48, 80, 0.95)
    >>> round(lower, 4), round(upper, 4), test
    (0.0524, 0.3339, 'score')
    """
    lower, upper = newcombe(cases, n, cases_before, n_before, confidence)
    tested = gap_test([cases], [n], [cases_before], [n_before])
    p = float(tested.p_value[0])
    return float(lower), float(upper), None if p != p else p, str(tested.test[0])


def squared_widths(after: tuple[float, float, float], before: tuple[float, float, float]) -> tuple[float, float]:
    """Limits of a change of two independent figures, each (value, lower, upper): square-and-add."""
    lower, upper = square_and_add(*after, *before)
    return float(lower), float(upper)


def added_widths(after: tuple[float, float, float], before: tuple[float, float, float]) -> tuple[float, float]:
    """Limits of a change that hold however the two figures hang together: the half-widths added.

    The deviation of a difference is at most the sum of the deviations (correlation -1), so that the limits are never
    too narrow. Each figure is (value, lower, upper).

    >>> [round(end, 3) for end in added_widths((0.5, 0.45, 0.55), (0.4, 0.37, 0.43))]
    [0.02, 0.18]
    """
    value, low, high = after
    other, other_low, other_high = before
    change = value - other
    return change - (value - low) - (other_high - other), change + (high - value) + (other - other_low)


def largest_mcnemar(cases: float, cases_before: float, n: float) -> float | None:
    """The largest p of McNemar's exact test that the margins of n people, judged twice, allow.

    The people who changed sides number |cases - cases_before| more one way than the other; with as many changed as the
    margins allow p is largest. None where nothing can have changed. Source: McNemar, Psychometrika 12 (1947) 153.

    >>> largest_mcnemar(10, 0, 20), round(largest_mcnemar(12, 8, 20), 4)
    (0.001953125, 0.5034)
    """
    both = min(cases + cases_before, 2 * n - cases - cases_before)
    more = abs(cases - cases_before)
    if both <= 0:
        return None
    larger = round((both + more) / 2)
    total = round(both)
    if total > _EXACT:
        statistic = max(more - 1, 0) / sqrt(both)
        return erfc(statistic / sqrt(2))
    tail = float(sum(comb(total, k) for k in range(larger, total + 1)) / 2**total)
    return min(1.0, 2.0 * tail)


def p_of_interval(change: float, lower: float, upper: float) -> float | None:
    """The two-sided p that an interval at 95 % implies: its half-width towards 0 as 1.96 deviations.

    >>> round(p_of_interval(1.96, 0.0, 3.92), 3)
    0.05
    """
    half = change - lower if change > 0 else upper - change
    if half <= 0:
        return None
    return erfc(abs(change) / half * _QUANTILE / sqrt(2))
