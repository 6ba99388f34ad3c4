"""Matched pairs: two applications to one offer, one file under two names. What both members share drops out of the
difference, and only the pairs in which they fared differently tell them apart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtr, stdtrit

from auditkit.inference.array_shapes import FloatArray, Interval, divide, floats, on_valid, quantile_of, quietly
from auditkit.inference.exact_tables import binomial_two_sided
from auditkit.inference.gap_claims import GapClaims
from auditkit.inference.melded import LIMITS, Limits
from auditkit.inference.root_finding import decreasing_root

Pairs = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True)
class PairedGap:
    """Difference of two rates over pairs, the conditional ratio, and McNemar's p."""

    difference: FloatArray
    lower: FloatArray
    upper: FloatArray
    standard_error: FloatArray
    conditional_ratio: FloatArray
    """Pairs in which only the group's member is a case, per pair in which only the reference's is."""
    ratio_lower: FloatArray
    ratio_upper: FloatArray
    p_value: FloatArray


def _counts(both: ArrayLike, group_only: ArrayLike, reference_only: ArrayLike, neither: ArrayLike) -> Pairs:
    a, b, c, d = np.broadcast_arrays(*(floats(count) for count in (both, group_only, reference_only, neither)))
    with quietly():
        possible = (a >= 0) & (b >= 0) & (c >= 0) & (d >= 0) & (a + b + c + d > 0)
    return tuple(np.where(possible, count, np.nan) for count in (a, b, c, d))  # type: ignore[return-value]


def paired_gap(
    both: ArrayLike, group_only: ArrayLike, reference_only: ArrayLike, neither: ArrayLike, confidence: ArrayLike = 0.95
) -> PairedGap:
    """How far apart do the members of a pair fare, and could it be chance?

    Difference of the rates with the variance of the within-pair differences (divisor pairs - 1) and Student's t;
    McNemar's test by the exact binomial law of the discordant pairs, always; their ratio with the exact interval from
    that law. Shapes broadcast; NaN without pairs. Source: McNemar, Psychometrika 12 (1947) 153; Clopper and Pearson
    (1934). Example: 400 offers, 15 called only M (the group), 40 only F.

    >>> gap = paired_gap(60, 15, 40, 285)
    >>> print(f"{gap.difference:.4f}: {gap.lower:.4f} to {gap.upper:.4f}, p {gap.p_value:.5f}")
    -0.0625: -0.0985 to -0.0265, p 0.00102
    """
    a, b, c, d = _counts(both, group_only, reference_only, neither)
    n = a + b + c + d
    difference = (b - c) / n
    with quietly():
        variance = divide((b + c) / n - difference**2, n - 1.0)
        width = np.sqrt(variance) * -stdtrit(n - 1.0, (1.0 - floats(confidence)) / 2.0)
        half = (1.0 - floats(confidence)) / 2.0
        low, high = betaincinv(b, c + 1.0, half), betaincinv(b + 1.0, c, 1.0 - half)
        low, high = np.where(b == 0, 0.0, low), np.where(c == 0, 1.0, high)
        ratio = np.where((b == 0) & (c == 0), np.nan, b / c)
        ratio_lower = np.where(np.isnan(ratio), np.nan, low / (1.0 - low))
        ratio_upper = np.where(np.isnan(ratio), np.nan, high / (1.0 - high))
    return PairedGap(
        difference,
        difference - width,
        difference + width,
        np.sqrt(variance),
        ratio,
        ratio_lower,
        ratio_upper,
        binomial_two_sided(b, b + c),
    )


def paired_ratio_statistic(
    both: ArrayLike, group_only: ArrayLike, reference_only: ArrayLike, neither: ArrayLike, ratio: ArrayLike
) -> FloatArray:
    """How far does the group's rate lie above `ratio` times the reference's, in standard errors under that ratio?

    (p1 - R p0) over its standard error at the rates that fit the ratio best. Source: Nam and Blackwelder, Statistics in
    Medicine 21 (2002) 689.

    >>> print(f"{paired_ratio_statistic(60, 15, 40, 285, 0.8):.2f}")
    -0.76
    """
    a, b, c, d = _counts(both, group_only, reference_only, neither)
    n, r = a + b + c + d, floats(ratio)
    some = a + b + c
    with quietly():
        share = some / n
        # p01 = R p10 + (1 - R) s and p11 = R s - (1 + R) p10, with s the share of pairs with any case; the likelihood
        # then has one unknown, whose best value solves a quadratic.
        square, straight = r * (1.0 + r) * some, -share * (r**2 * (b + c) - (a + b) * (1.0 - r**2))
        constant = -b * r * (1.0 - r) * share**2
        only = (-straight + np.sqrt(np.maximum(straight**2 - 4.0 * square * constant, 0.0))) / (2.0 * square)
        only = np.clip(only, np.maximum((r - 1.0) * share / r, 0.0), r * share / (1.0 + r))
        variance = r * (only + r * only + (1.0 - r) * share) / n
        return floats(((a + b) / n - r * (a + c) / n) / np.sqrt(variance))


def paired_difference_statistic(
    both: ArrayLike, group_only: ArrayLike, reference_only: ArrayLike, neither: ArrayLike, difference: ArrayLike
) -> FloatArray:
    """How far does the difference over pairs lie above a given one, in standard errors?

    The standard error is the larger of that of the within-pair differences and that at the rates that fit the given
    difference best, so that few discordant pairs do not make it vanish. Source: Tango, Statistics in Medicine 17 (1998)
    891.

    >>> print(f"{paired_difference_statistic(60, 15, 40, 285, -0.05):.2f}")
    -0.68
    """
    a, b, c, d = _counts(both, group_only, reference_only, neither)
    n, apart = a + b + c + d, floats(difference)
    with quietly():
        second = (2.0 * n - b + c) * apart - b - c
        other = (np.sqrt(second**2 + 8.0 * n * c * apart * (1.0 - apart)) - second) / (4.0 * n)
        restricted = (2.0 * other + apart * (1.0 - apart)) / n
        free = divide((b + c) / n - ((b - c) / n) ** 2, n - 1.0)
        return floats(((b - c) / n - apart) / np.sqrt(np.fmax(restricted, free)))


def paired_claims(
    both: ArrayLike, group_only: ArrayLike, reference_only: ArrayLike, neither: ArrayLike, limits: Limits = LIMITS
) -> GapClaims:
    """Is there a gap between the members of pairs, is it beyond the limits, is it inside them?

    no_gap: McNemar's exact test. At a limit both scales are tested, the ratio by Nam and Blackwelder, the points by the
    within-pair differences: beyond where either is passed, inside where neither is. Pairs are counted on the rarer
    side. Shapes broadcast; NaN without pairs or without a case. Source: docs/statistics.md. Example: the difference is
    no chance, but neither limit is shown to be passed.

    >>> claims = paired_claims(60, 15, 40, 285)
    >>> print(f"{claims.no_gap:.5f} {claims.beyond:.2f}")
    0.00102 0.22
    """
    counts = _counts(both, group_only, reference_only, neither)
    a, b, c, _ = counts
    upper = np.fmax(paired_ratio_statistic(*counts, limits.ratio), paired_difference_statistic(*counts, limits.points))
    lower = np.fmin(
        paired_ratio_statistic(*counts, 1.0 / limits.ratio), paired_difference_statistic(*counts, -limits.points)
    )
    no_gap = np.where(a + b + c > 0, binomial_two_sided(b, b + c), np.nan)
    with quietly():
        one_way = np.where(b >= c, ndtr(-upper) + ndtr(-lower), ndtr(lower) + ndtr(upper))
        inside = np.maximum(ndtr(upper), ndtr(-lower))
    beyond = np.maximum(no_gap, np.minimum(one_way, 1.0))
    nothing = np.isnan(no_gap)
    return GapClaims(no_gap, beyond, np.where(nothing, np.nan, inside), np.where(nothing, "", "mcnemar"))


def paired_ratio_interval(
    both: ArrayLike, group_only: ArrayLike, reference_only: ArrayLike, neither: ArrayLike, confidence: ArrayLike = 0.95
) -> Interval:
    """Between which limits does the ratio of the two rates over pairs lie?

    The ratios that Nam and Blackwelder's score test does not reject. Lower limit 0 where the group has no case, upper
    infinite where the reference has none. Shapes broadcast. Example: 0.75, 75 of 400 against 100 of 400.

    >>> lower, upper = paired_ratio_interval(60, 15, 40, 285)
    >>> print(f"{lower:.3f} to {upper:.3f}")
    0.628 to 0.884
    """

    def limits(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, z: FloatArray) -> Interval:
        lower, upper = np.zeros(a.shape), np.full(a.shape, np.inf)
        for limit, some, side in ((lower, a + b > 0, 1.0), (upper, a + c > 0, -1.0)):
            part = (a[some], b[some], c[some], d[some])
            end = side * z[some]

            def beyond(logarithm: FloatArray, part: Pairs = part, end: FloatArray = end) -> FloatArray:
                return paired_ratio_statistic(*part, np.exp(logarithm)) - end

            start = np.log((part[0] + part[1] + 0.5) / (part[0] + part[2] + 0.5))
            limit[some] = (
                np.exp(decreasing_root(beyond, start, np.full(start.shape, 0.5))) if len(start) else limit[some]
            )
        return lower, upper

    with quietly():
        lower, upper = on_valid(limits, 2, *_counts(both, group_only, reference_only, neither), quantile_of(confidence))
    return lower, upper
