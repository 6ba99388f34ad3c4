"""The largest gap among many groups always looks larger than it is: the extremes were picked by the data.
Every pair gets its interval at a level that holds for all of them together, and the largest gap lies between
the largest ends. A percentile bootstrap of the same figure covers no gap at all in 0 % of cases."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from auditkit.inference.array_shapes import BooleanArray, FloatArray, IntegerArray, counted, divide, floats, quietly
from auditkit.inference.rate_intervals import wilson

ALL_PAIRS_UP_TO = 48


@dataclass(frozen=True)
class Homogeneity:
    """Pearson's chi-square of equal rates over groups."""

    statistic: FloatArray
    degrees: FloatArray
    p_value: FloatArray


@dataclass(frozen=True)
class LargestGap:
    """The largest difference between any two groups, with an interval that allows for having looked at all
    pairs."""

    value: FloatArray
    """Highest rate minus lowest rate, a difference of shares."""
    lower: FloatArray
    upper: FloatArray
    highest: IntegerArray
    """Index of the group with the highest rate; -1 where fewer than two groups have rows."""
    lowest: IntegerArray
    p_homogeneity: FloatArray
    """p of the chi-square of equal rates; for equalised odds, of both sets of rates together."""
    pairs: IntegerArray
    """How many pairs the level was shared among."""


@dataclass(frozen=True)
class EqualisedOddsGap:
    """The larger of two largest gaps, with the side it was found on."""

    gap: LargestGap
    side: IntegerArray
    """0 where the true positive rates are further apart, 1 where the false positive rates are; -1 for
    neither."""


def homogeneity_chi_square(cases: ArrayLike, n: ArrayLike) -> Homogeneity:
    """Could the rates of all groups (last axis) be equal?

    The sum over groups of (cases - n m)^2 / (n m (1 - m)), m the rate of all together, against a chi-square
    with one degree fewer than there are groups with rows. NaN where fewer than two groups have rows, or
    everyone or no one is a case. Source: Pearson (1900). Example: 10 of 100, 20 of 100, 30 of 100: m = 0.2,
    statistic 200/16.

    >>> result = homogeneity_chi_square([10, 20, 30], [100, 100, 100])
    >>> print(f"{result.statistic:.2f} {result.degrees:.0f} {result.p_value:.5f}")
    12.50 2 0.00193
    """
    x, total = counted(cases, n)
    there = ~np.isnan(total)
    x, total = np.where(there, x, 0.0), np.where(there, total, 0.0)
    pooled = divide(x.sum(axis=-1), total.sum(axis=-1))[..., None]
    parts = divide((x - total * pooled) ** 2, total * pooled * (1.0 - pooled))
    degrees = there.sum(axis=-1) - 1.0
    informative = (pooled[..., 0] > 0) & (pooled[..., 0] < 1) & (degrees > 0)
    statistic = np.where(informative, np.where(there, parts, 0.0).sum(axis=-1), np.nan)
    with quietly():
        p_value = np.where(informative, chdtrc(np.maximum(degrees, 1.0), statistic), np.nan)
    return Homogeneity(statistic, floats(degrees), floats(p_value))


def _extremes(rate: FloatArray, lower: FloatArray, upper: FloatArray) -> IntegerArray:
    """Groups that can be part of the pair with the largest lower or upper end; the others never need pairing.

    A group is of no use as the high one where two others have both a higher rate and a longer arm; so the
    first two layers of the Pareto front are kept, for each of the four (rate, arm) combinations of
    square-and-add.
    """
    kept: set[int] = set()
    for level, arm in (
        (rate, upper - rate), (-rate, rate - lower), (rate, lower - rate), (-rate, rate - upper),
    ):  # fmt: skip
        left = np.lexsort((-arm, -level))
        for _ in range(2):
            if len(left) == 0:
                break
            longest = np.maximum.accumulate(arm[left])
            front = np.concatenate([[True], arm[left][1:] > longest[:-1]])
            kept.update(left[front].tolist())
            left = left[~front]
    return np.array(sorted(kept), dtype=np.int64)


def _in_reach(rate: FloatArray, lower: FloatArray, upper: FloatArray) -> BooleanArray:
    """Groups whose best thinkable pair reaches the ends that the outermost groups already have."""
    outermost = np.unique(np.concatenate([np.argsort(lower)[-32:], np.argsort(upper)[:32]]))
    best_lower, best_upper = _paired(rate[outermost], lower[outermost], upper[outermost])
    down, up, above, below = rate - lower, upper - rate, rate - rate.min(), rate.max() - rate
    wide = (above + np.hypot(up, down.max()) >= best_upper) | (below + np.hypot(down, up.max()) >= best_upper)
    narrow = (above - np.hypot(down, up.min()) >= best_lower) | (below - np.hypot(up, down.min()) >= best_lower)
    return np.asarray(wide | narrow)


def _paired(rate: FloatArray, lower: FloatArray, upper: FloatArray) -> tuple[float, float]:
    """Largest lower and largest upper Newcombe limit over all ordered pairs."""
    best = [-np.inf, -np.inf]
    for first in range(0, len(rate), 512):
        part = slice(first, first + 512)
        difference = rate[part, None] - rate
        down = difference - np.hypot((rate - lower)[part, None], upper - rate)
        up = difference + np.hypot((upper - rate)[part, None], rate - lower)
        itself = np.arange(len(rate))[part, None] == np.arange(len(rate))
        best[0] = max(best[0], float(np.where(itself, -np.inf, down).max()))
        best[1] = max(best[1], float(np.where(itself, -np.inf, up).max()))
    return best[0], best[1]


def _ends(rate: FloatArray, lower: FloatArray, upper: FloatArray) -> tuple[float, float]:
    """The same for one row of any number of groups, leaving out those that cannot matter."""
    if len(rate) > ALL_PAIRS_UP_TO:
        chosen = _extremes(rate, lower, upper)
        rate, lower, upper = rate[chosen], lower[chosen], upper[chosen]
        if len(rate) > 4 * ALL_PAIRS_UP_TO:
            near = _in_reach(rate, lower, upper)
            rate, lower, upper = rate[near], lower[near], upper[near]
    return _paired(rate, lower, upper)


def _all_pairs(there: BooleanArray) -> FloatArray:
    groups = there.sum(axis=-1)
    return floats(groups * (groups - 1) // 2)


def _largest(cases: ArrayLike, n: ArrayLike, confidence: float, more_pairs: FloatArray | float) -> LargestGap:
    x, total = counted(cases, n)
    there = ~np.isnan(total)
    own_pairs = _all_pairs(there)
    pairs = own_pairs + more_pairs
    with quietly():
        level = 1.0 - (1.0 - confidence) / np.maximum(pairs, 1.0)
        rate = x / total
        low, high = wilson(x, total, level[..., None])
    some = own_pairs > 0
    highest = np.where(some, np.where(there, rate, -np.inf).argmax(axis=-1), -1)
    lowest = np.where(some, np.where(there, rate, np.inf).argmin(axis=-1), -1)
    lower, upper = np.full(some.shape, np.nan), np.full(some.shape, np.nan)
    for row in np.ndindex(some.shape):
        if some[row]:
            mask = there[row]
            lower[row], upper[row] = _ends(rate[row][mask], low[row][mask], high[row][mask])
    value = np.where(some, np.where(there, rate, -np.inf).max(-1) - np.where(there, rate, np.inf).min(-1), np.nan)
    p_value = homogeneity_chi_square(x, total).p_value
    return LargestGap(
        value, np.maximum(lower, 0.0), upper, highest.astype(np.int64), lowest.astype(np.int64),
        p_value, pairs.astype(np.int64),
    )  # fmt: skip


def largest_gap(cases: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> LargestGap:
    """How far apart are the two groups that are furthest apart, and how far may they really be?

    Highest rate minus lowest. Newcombe's interval for every pair at level 1 - (1 - confidence)/pairs; the
    lower end is the largest lower end, not under 0, the upper end the largest upper end. Groups are the last
    axis; groups without rows are left out; with fewer than two the result is NaN and the indices -1. Only
    groups that can hold an end are paired, so 10,000 groups take a moment. Source: Newcombe (1998) with
    Bonferroni's level. Example: three groups.

    >>> gap = largest_gap([10, 20, 30], [100, 100, 100])
    >>> print(f"{gap.value:.2f}: {gap.lower:.3f} to {gap.upper:.3f}, group {gap.highest} over {gap.lowest}")
    0.20: 0.065 to 0.329, group 2 over 0
    """
    return _largest(cases, n, confidence, 0.0)


def equalised_odds_gap(
    true_positives: ArrayLike,
    positives: ArrayLike,
    false_positives: ArrayLike,
    negatives: ArrayLike,
    confidence: float = 0.95,
) -> EqualisedOddsGap:
    """How far apart are the groups in the rate at which they are rightly, or wrongly, selected: the worse of
    the two?

    The larger of the largest gap in true positive rates and that in false positive rates. Every pair of both
    is given the level 1 - (1 - confidence)/(pairs of both); ends are the largest ends over both. Groups are
    the last axis. NaN where neither can be computed; where only one can, it alone. Source: Hardt, Price and
    Srebro (2016) for the measure.

    >>> result = equalised_odds_gap([8, 9], [10, 10], [30, 10], [100, 100])
    >>> print(f"{result.gap.value:.2f}: {result.gap.lower:.3f} to {result.gap.upper:.3f}, side {result.side}")
    0.20: 0.074 to 0.463, side 1
    """
    pairs = [_all_pairs(~np.isnan(counted(*side)[1])) for side in (
        (true_positives, positives), (false_positives, negatives))]  # fmt: skip
    true_side = _largest(true_positives, positives, confidence, pairs[1])
    false_side = _largest(false_positives, negatives, confidence, pairs[0])
    with quietly():
        second = (false_side.value > true_side.value) | np.isnan(true_side.value)
    value = np.fmax(true_side.value, false_side.value)
    chi_squares = [
        homogeneity_chi_square(true_positives, positives),
        homogeneity_chi_square(false_positives, negatives),
    ]
    statistic = sum((np.nan_to_num(chi.statistic) for chi in chi_squares), np.zeros(value.shape))
    degrees = sum((np.where(np.isnan(chi.statistic), 0, chi.degrees) for chi in chi_squares), np.zeros(value.shape))
    p_value = np.where(degrees > 0, chdtrc(np.maximum(degrees, 1.0), statistic), np.nan)
    gap = LargestGap(
        value,
        np.fmax(true_side.lower, false_side.lower),
        np.fmax(true_side.upper, false_side.upper),
        np.where(second, false_side.highest, true_side.highest),
        np.where(second, false_side.lowest, true_side.lowest),
        floats(p_value),
        np.where(np.isnan(value), 0, true_side.pairs),
    )
    return EqualisedOddsGap(gap, np.where(np.isnan(value), -1, second.astype(np.int64)))
