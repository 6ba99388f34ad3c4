"""Is a rate beyond a limit that depends on another rate? The melded test answers with an exact tail at any curve,
where score tests are 2 to 12 times too small for a small group beside a large reference. At the curve of no gap it
is Fisher's one-sided test. Counts may be effective counts: a Beta law needs no whole numbers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, betaincinv, betaln, expit

from auditkit.inference.array_shapes import BooleanArray, FloatArray, Interval, counted, floats, on_valid, quietly
from auditkit.inference.root_finding import decreasing_root

NODES = 64
FEW, NODES_OF_FEW = (
    5.0,
    256,
)  # a steep law wants finer steps: 64 points are up to 30 % off beside no case of the reference
REACH = 12.0
FAR = 34.0
LEAST = 1e-300

Curve = Callable[[FloatArray], FloatArray]
Chosen = BooleanArray
Counts = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True)
class Limits:
    """How far from its reference a rate may be before the gap counts as large: a ratio, or a number of points,
    whichever is passed first.

    >>> limits = Limits()
    >>> [round(float(limits.upper(q)), 4) for q in (0.01, 0.1, 0.2, 0.4)]
    [0.0125, 0.125, 0.25, 0.45]
    """

    ratio: float = 1.25
    points: float = 0.05

    def upper(self, rate: ArrayLike) -> FloatArray:
        """The highest rate that is still inside, beside a reference of this rate: min(ratio q, q + points)."""
        q = floats(rate)
        return np.minimum(np.minimum(q * self.ratio, q + self.points), 1.0)

    def lower(self, rate: ArrayLike) -> FloatArray:
        """The lowest rate that is still inside: max(q / ratio, q - points)."""
        q = floats(rate)
        return np.maximum(q / self.ratio, q - self.points)


LIMITS = Limits()


def no_gap(rate: FloatArray) -> FloatArray:
    """The curve of equal rates."""
    return rate


def _nodes(a: FloatArray, b: FloatArray, points: int) -> tuple[FloatArray, FloatArray]:
    """Points of a Beta(a, b) law and their weights: a trapezoid on the logit scale, elements x nodes."""
    width, centre = REACH * np.sqrt(1.0 / a + 1.0 / b), np.log(a / b)
    start, stop = centre - np.maximum(width, FAR / a), centre + np.maximum(width, FAR / b)
    step = (stop - start) / (points - 1)
    t = start[:, None] + np.arange(points) * step[:, None]
    log_q, log_rest = -np.log1p(np.exp(-t)), -np.log1p(np.exp(t))
    weight = np.exp(a[:, None] * log_q + b[:, None] * log_rest - betaln(a, b)[:, None]) * step[:, None]
    return expit(t), floats(weight)


def _above(x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray, curve: Curve, points: int) -> FloatArray:
    """M(f): the p of "the group's rate is at most f of the reference's"."""
    full = x0 >= n0
    b = np.where(full, 1.0, n0 - x0)
    q, weight = _nodes(x0 + 1.0, b, points)
    ones = np.ones((len(x), 1))
    # A reference of nothing but cases may have a rate of 1: all its weight stands there.
    q, weight = np.where(full[:, None], ones, q), np.where(full[:, None], ones / points, weight)
    some = np.maximum(x, LEAST)
    share = betainc(some[:, None], (n - x + 1.0)[:, None], np.clip(curve(q), 0.0, 1.0))
    return np.where(x <= 0, 1.0, np.minimum((share * weight).sum(axis=1), 1.0))


def _below(x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray, curve: Curve, points: int) -> FloatArray:
    """M'(f): the p of "the group's rate is at least f of the reference's"."""
    none = x0 <= 0
    q, weight = _nodes(np.where(none, 1.0, x0), n0 - x0 + 1.0, points)
    zeros = np.zeros((len(x), 1))
    q, weight = np.where(none[:, None], zeros, q), np.where(none[:, None], zeros + 1.0 / points, weight)
    rest = np.maximum(n - x, LEAST)
    share = betainc(rest[:, None], (x + 1.0)[:, None], 1.0 - np.clip(curve(q), 0.0, 1.0))
    return np.where(x >= n, 1.0, np.minimum((share * weight).sum(axis=1), 1.0))


def melded_test(
    cases: ArrayLike,
    n: ArrayLike,
    reference_cases: ArrayLike,
    reference_n: ArrayLike,
    curve: Curve = no_gap,
    above: bool = True,
) -> FloatArray:
    """Does the group's rate lie above a limit f of the reference's rate (below it, where `above` is False)?

    The one-sided p of H0: p1 <= f(p0), P(Beta(x1, n1 - x1 + 1) <= f(Beta(x0 + 1, n0 - x0))); of H0: p1 >= f(p0),
    P(Beta(x1 + 1, n1 - x1) >= f(Beta(x0, n0 - x0 + 1))), by a trapezoid on the logit
    scale (64 points; 256 beside under five cases or others of the reference). `curve` is a
    rising function of arrays of rates; with equal rates as the curve it is Fisher's one-sided p. Effective counts
    are allowed. Shapes broadcast; NaN where a denominator is 0. Source: Fay, Proschan and Brittain, Biometrics 71
    (2015) 146. Example: Fisher's lady, 3 of 4 against 1 of 4, 17/70.

    >>> print(f"{melded_test(3, 4, 1, 4):.6f}")
    0.242857
    """
    x, total = counted(cases, n)
    x0, total0 = counted(reference_cases, reference_n)

    def tail(x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray) -> tuple[FloatArray]:
        return (_tail((x, n, x0, n0), lambda q, _: curve(q), above),)

    return on_valid(tail, 1, x, total, x0, total0)[0]


def _tail(counts: Counts, curve: Callable[[FloatArray, Chosen], FloatArray], above: bool) -> FloatArray:
    """Elements beside few cases of the reference take more points; `curve` is told which elements it is asked of."""
    x, n, x0, n0 = counts
    few = np.minimum(x0, n0 - x0) < FEW
    p_value = np.empty(x.shape)
    for chosen, points in ((few, NODES_OF_FEW), (~few, NODES)):
        if chosen.any():
            part = (x[chosen], n[chosen], x0[chosen], n0[chosen])

            def of(q: FloatArray, chosen: Chosen = chosen) -> FloatArray:
                return curve(q, chosen)

            with quietly():
                p_value[chosen] = (_above if above else _below)(*part, of, points)
    return p_value


def melded_ratio_interval(
    cases: ArrayLike, n: ArrayLike, reference_cases: ArrayLike, reference_n: ArrayLike, confidence: ArrayLike = 0.95
) -> Interval:
    """Between which limits does the ratio of two rates lie, when the tails must be right at any level?

    The ratios R of which neither melded test (H0: p1 <= R p0, H0: p1 >= R p0) rejects at half of 1 - confidence; made
    for the levels of a whole family of gaps, where whichever leads must be covered. Lower limit 0 where the group has
    no case, upper infinite where the reference has none. Shapes broadcast; NaN where a denominator is 0. Source: Fay,
    Proschan and Brittain, Biometrics 71 (2015) 146. Example: 7 of 30 against 14 of 100.

    >>> lower, upper = melded_ratio_interval(7, 30, 14, 100)
    >>> print(f"{lower:.3f} to {upper:.3f}")
    0.613 to 3.946
    """

    def limits(x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray, half: FloatArray) -> Interval:
        start = np.log((x + 0.5) * (n0 + 1.0) / ((x0 + 0.5) * (n + 1.0)))
        step = 2.0 * np.sqrt(1.0 / np.maximum(x, 0.5) + 1.0 / np.maximum(x0, 0.5)) + 0.1

        def at(value: FloatArray, q: FloatArray) -> FloatArray:
            return np.exp(value)[:, None] * q

        lower, upper = np.full(x.shape, -np.inf), np.full(x.shape, np.inf)
        for limit, some, above in ((lower, x > 0, True), (upper, (x0 > 0) & (x < n), False)):
            counts = (x[some], n[some], x0[some], n0[some])
            limit[some] = _limit(counts, half[some], above, at, start[some], step[some])
        highest = 1.0 / betaincinv(x0, n0 - x0 + 1.0, half)
        return np.exp(lower), np.where((x >= n) & (x0 > 0), highest, np.exp(upper))

    return _interval(limits, cases, n, reference_cases, reference_n, confidence)


def melded_difference_interval(
    cases: ArrayLike, n: ArrayLike, reference_cases: ArrayLike, reference_n: ArrayLike, confidence: ArrayLike = 0.95
) -> Interval:
    """Between which limits does the difference of two rates lie, when the tails must be right at any level?

    As `melded_ratio_interval`, with p1 <= p0 + d and p1 >= p0 + d. Shapes broadcast; NaN where a denominator is 0.
    Source: Fay, Proschan and Brittain (2015). Example: 7 of 30 against 14 of 100.

    >>> lower, upper = melded_difference_interval(7, 30, 14, 100)
    >>> print(f"{lower:.4f} to {upper:.4f}")
    -0.0704 to 0.2956
    """

    def limits(x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray, half: FloatArray) -> Interval:
        def at(value: FloatArray, q: FloatArray) -> FloatArray:
            return q + value[:, None]

        lower, upper = np.full(x.shape, -1.0), np.full(x.shape, 1.0)
        for limit, some, above in ((lower, x > 0, True), (upper, x < n, False)):
            counts = (x[some], n[some], x0[some], n0[some])
            zero, one = np.zeros(int(some.sum())), np.ones(int(some.sum()))
            limit[some] = np.clip(_limit(counts, half[some], above, at, zero, one), -1.0, 1.0)
        lower = np.where((x <= 0) & (x0 < n0), -betaincinv(x0 + 1.0, n0 - x0, 1.0 - half), lower)
        upper = np.where((x >= n) & (x0 > 0), 1.0 - betaincinv(x0, n0 - x0 + 1.0, half), upper)
        return lower, upper

    return _interval(limits, cases, n, reference_cases, reference_n, confidence)


def _interval(
    limits: Callable[..., Interval],
    cases: ArrayLike, n: ArrayLike, reference_cases: ArrayLike, reference_n: ArrayLike, confidence: ArrayLike,
) -> Interval:  # fmt: skip
    half = (1.0 - floats(confidence)) / 2.0
    with quietly():
        lower, upper = on_valid(limits, 2, *counted(cases, n), *counted(reference_cases, reference_n), half)
    return lower, upper


def _limit(
    counts: Counts,
    half: FloatArray,
    above: bool,
    at: Callable[[FloatArray, FloatArray], FloatArray],
    start: FloatArray,
    step: FloatArray,
) -> FloatArray:
    """Where the p of one tail passes `half`; `at` gives the curve of a parameter."""
    sign = 1.0 if above else -1.0

    def short(value: FloatArray) -> FloatArray:
        p_value = _tail(counts, lambda q, chosen: at(value[chosen], q), above)
        return floats(sign * (np.log(half) - np.log(np.maximum(p_value, LEAST))))

    return decreasing_root(short, start, step) if len(start) else start
