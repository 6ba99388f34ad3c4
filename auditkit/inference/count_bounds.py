"""Published counts are often hidden or rounded: "fewer than 10", "to the nearest 10". What can then be said
of a rate or a gap is what holds for every table the publication allows: bounds on the figure, and the union
of its intervals. Every figure here moves one way with each count, so that the extreme tables are corners of
what is allowed; where that fails (noted below) the further corners are tried too. Tests compare with brute
enumeration."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import BooleanArray, FloatArray, Interval, counted, divide, floats, quietly
from auditkit.inference.gap_tests import gap_test
from auditkit.inference.rate_intervals import newcombe, wilson
from auditkit.inference.ratio_intervals import ratio_interval, ratio_test

MOST_TABLES = 10_000


@dataclass(frozen=True)
class CountBounds:
    """What is known of one group's cases and others (rows that are no case); each between low and high, both
    included."""

    cases_low: FloatArray
    cases_high: FloatArray
    others_low: FloatArray
    others_high: FloatArray

    @classmethod
    def of(
        cls, cases_low: ArrayLike, cases_high: ArrayLike, others_low: ArrayLike, others_high: ArrayLike
    ) -> "CountBounds":
        """From anything array-like, broadcast together; NaN throughout where a low passes its high or is
        negative.

        >>> CountBounds.of(0, 9, 40, 40).cases_high.tolist()
        9.0
        """
        low, high, other_low, other_high = np.broadcast_arrays(
            *(floats(value) for value in (cases_low, cases_high, others_low, others_high))
        )
        with quietly():
            possible = (low >= 0) & (low <= high) & (other_low >= 0) & (other_low <= other_high)
        return cls(*(np.where(possible, value, np.nan) for value in (low, high, other_low, other_high)))


@dataclass(frozen=True)
class GapBounds:
    """What hidden counts leave of one gap between a group and its reference."""

    bound_lower: FloatArray
    """The smallest figure the hidden counts allow."""
    bound_upper: FloatArray
    lower: FloatArray
    """Lower end of the union of the intervals over all allowed tables."""
    upper: FloatArray
    estimate: FloatArray
    """The allowed figure nearest to no gap: 1 for a ratio, 0 for a difference."""


@dataclass(frozen=True)
class BothGapBounds:
    """Difference and ratio of the same two groups, with the one p they share."""

    difference: GapBounds
    ratio: GapBounds
    p_value: FloatArray
    """The largest p over the allowed tables; 1 where no gap lies within the bounds, NaN where both rates must
    be 0, or 1."""


def rate_bounds(cases_low: ArrayLike, cases_high: ArrayLike, others_low: ArrayLike, others_high: ArrayLike) -> Interval:
    """Between which limits must a rate lie, whatever the hidden counts are?

    Fewest cases with most others, to most cases with fewest others. Tables without rows have no rate and are
    passed over. Shapes broadcast; NaN where no table has rows or a low passes its high. Source: statistics
    page, section 5. Example: under 10 of a count that leaves 40 others.

    >>> lower, upper = rate_bounds(0, 9, 40, 40)
    >>> print(f"{lower:.4f} to {upper:.4f}")
    0.0000 to 0.1837
    """
    known = CountBounds.of(cases_low, cases_high, others_low, others_high)
    return _rate_bounds(known)


def _rate_bounds(known: CountBounds) -> Interval:
    lower = divide(known.cases_low, known.cases_low + known.others_high)
    upper = divide(known.cases_high, known.cases_high + known.others_low)
    # No case for certain or no other for certain: the rate is 0 or 1 in every table that has rows.
    lower = np.where((known.others_high == 0) & (known.cases_high > 0), 1.0, lower)
    upper = np.where((known.cases_high == 0) & (known.others_high > 0), 0.0, upper)
    return lower, upper


def rate_interval_union(
    cases_low: ArrayLike,
    cases_high: ArrayLike,
    others_low: ArrayLike,
    others_high: ArrayLike,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Between which limits does the chance behind a rate lie, whatever the hidden counts are?

    The union of Wilson intervals over all allowed tables: both limits rise with cases and fall with others,
    so the corners are exact. 0 to 1 where a table without rows is allowed. Shapes broadcast; NaN where no
    table has rows. Example: 0 to 9 cases and 40 others, from Wilson's lower limit of 0/40 to his upper limit
    of 9/49.

    >>> lower, upper = rate_interval_union(0, 9, 40, 40)
    >>> print(f"{lower:.4f} to {upper:.4f}")
    0.0000 to 0.3136
    """
    known = CountBounds.of(cases_low, cases_high, others_low, others_high)
    lower = wilson(known.cases_low, known.cases_low + known.others_high, confidence)[0]
    upper = wilson(known.cases_high, known.cases_high + known.others_low, confidence)[1]
    some, may_be_empty = _rows(known)
    return (
        np.where(some, np.where(may_be_empty, 0.0, lower), np.nan),
        np.where(some, np.where(may_be_empty, 1.0, upper), np.nan),
    )


def _rows(known: CountBounds) -> tuple[BooleanArray, BooleanArray]:
    with quietly():
        return known.cases_high + known.others_high > 0, known.cases_low + known.others_low == 0


def gap_bounds(group: CountBounds, reference: CountBounds, confidence: ArrayLike = 0.95) -> BothGapBounds:
    """What can be said of the gap between two groups when counts are hidden?

    For the difference (group minus reference) and the ratio (group over reference): the bounds the counts
    allow, the union of Newcombe's or Miettinen and Nurminen's intervals over them, and the allowed figure
    nearest to no gap. The p is the largest over the allowed tables: exact where there are at most 10,000 of
    whole counts or no expected count can be under 5; else over a grid of tables that holds all corners. A
    table in which a group has no rows makes the union say nothing (-1 to 1, 0 to infinity). Shapes broadcast.
    Source: statistics page, section 5.

    >>> group = CountBounds.of(12, 20, 80, 80)
    >>> result = gap_bounds(group, CountBounds.of(10, 10, 190, 190))
    >>> ratio = result.ratio
    >>> print(f"{ratio.bound_lower:.2f} to {ratio.bound_upper:.2f}, p at most {result.p_value:.3f}")
    2.61 to 4.00, p at most 0.016
    """
    low, high = _rate_bounds(group)
    other_low, other_high = _rate_bounds(reference)
    some = _rows(group)[0] & _rows(reference)[0]
    may_be_empty = _rows(group)[1] | _rows(reference)[1]

    least = (group.cases_low, group.cases_low + group.others_high)
    most = (group.cases_high, group.cases_high + group.others_low)
    reference_least = (reference.cases_low, reference.cases_low + reference.others_high)
    reference_most = (reference.cases_high, reference.cases_high + reference.others_low)
    lower = newcombe(*least, *reference_most, confidence)[0]
    upper = newcombe(*most, *reference_least, confidence)[1]
    difference = _gap(
        low - other_high, high - other_low, lower, upper, some, may_be_empty, nothing=0.0, ends=(-1.0, 1.0)
    )

    # A reference (group) of nothing but cases tells more the larger it is, so its smallest count is tried as
    # well.
    small = (reference.cases_low, reference.cases_low + reference.others_low)
    ratio_lower = np.fmin(
        ratio_interval(*least, *reference_most, confidence)[0], ratio_interval(*least, *small, confidence)[0]
    )
    small = (group.cases_low, group.cases_low + group.others_low)
    ratio_upper = np.fmax(
        ratio_interval(*most, *reference_least, confidence)[1],
        ratio_interval(*small, *reference_least, confidence)[1],
    )
    bound_lower, bound_upper = _ratio_ends(low, high, other_low, other_high)
    untestable = ((high == 0) & (other_high == 0)) | ((low == 1) & (other_low == 1))
    p_value = np.where(untestable, np.nan, _largest_p(group, reference, difference))
    ratio = _gap(
        bound_lower,
        bound_upper,
        ratio_lower,
        ratio_upper,
        some,
        may_be_empty,
        nothing=1.0,
        ends=(0.0, np.inf),
    )
    return BothGapBounds(difference, ratio, p_value)


def largest_gap_bounds(groups: CountBounds, confidence: float = 0.95) -> GapBounds:
    """What can be said of the largest gap between any two groups (last axis) when counts are hidden?

    Interval arithmetic over pairs, so that all ends are outer bounds: the largest of what each pair's gap
    must be at least, and of what it may be at most, not under 0; likewise the largest lower and upper
    Newcombe limits over the allowed tables, at level 1 - (1 - confidence)/pairs. A group that may have no
    rows says nothing (0 to 1). NaN with fewer than two groups that may have rows. Source: statistics page,
    sections 3 and 5. Example: 2 to 4 of 20 against 10 of 20.

    >>> gap = largest_gap_bounds(CountBounds.of([2, 10], [4, 10], [16, 10], [18, 10]))
    >>> print(f"{gap.bound_lower:.2f} to {gap.bound_upper:.2f}, intervals {gap.lower:.3f} to {gap.upper:.3f}")
    0.30 to 0.40, intervals 0.005 to 0.613
    """
    low, high = _rate_bounds(groups)
    some, may_be_empty = _rows(groups)
    count = some.sum(axis=-1)
    level = 1.0 - (1.0 - confidence) / np.maximum(count * (count - 1) / 2.0, 1.0)
    least, most = (groups.cases_low, groups.others_high), (groups.cases_high, groups.others_low)

    def limits(one: tuple[FloatArray, FloatArray], other: tuple[FloatArray, FloatArray]) -> Interval:
        first, second = [part[..., :, None] for part in one], [part[..., None, :] for part in other]
        return newcombe(first[0], sum(first), second[0], sum(second), level[..., None, None])

    pair = some[..., :, None] & some[..., None, :] & ~np.eye(some.shape[-1], dtype=bool)
    empty = may_be_empty[..., :, None] | may_be_empty[..., None, :]

    def largest(values: FloatArray) -> FloatArray:
        return np.where(count > 1, np.where(pair, values, -1.0).max(axis=(-2, -1), initial=-1.0), np.nan)

    bound_lower = np.maximum(largest(low[..., :, None] - high[..., None, :]), 0.0)
    bound_upper = largest(high[..., :, None] - low[..., None, :])
    lower = np.maximum(largest(np.where(empty, -1.0, limits(least, most)[0])), 0.0)
    upper = largest(np.where(empty, 1.0, limits(most, least)[1]))
    return GapBounds(bound_lower, bound_upper, lower, upper, bound_lower)


def _ratio_ends(low: FloatArray, high: FloatArray, other_low: FloatArray, other_high: FloatArray) -> Interval:
    with quietly():
        lower = np.where((other_high == 0) & (high > 0), np.inf, low / other_high)
        upper = np.where(other_low == 0, np.where(high > 0, np.inf, np.where(other_high > 0, 0.0, np.nan)),
                         high / other_low)  # fmt: skip
    return np.where(np.isnan(upper), np.nan, lower), upper


def _gap(
    bound_lower: FloatArray, bound_upper: FloatArray, lower: FloatArray, upper: FloatArray,
    some: BooleanArray, may_be_empty: BooleanArray, nothing: float, ends: tuple[float, float],
) -> GapBounds:  # fmt: skip
    estimate = np.clip(nothing, bound_lower, bound_upper)
    lower, upper = np.where(may_be_empty, ends[0], lower), np.where(may_be_empty, ends[1], upper)
    values = (bound_lower, bound_upper, lower, upper, estimate)
    return GapBounds(*(np.where(some, value, np.nan) for value in values))


def _largest_p(group: CountBounds, reference: CountBounds, difference: GapBounds) -> FloatArray:
    fields = np.broadcast_arrays(
        group.cases_low, group.cases_high, group.others_low, group.others_high,
        reference.cases_low, reference.cases_high, reference.others_low, reference.others_high,
        difference.bound_lower, difference.bound_upper,
    )  # fmt: skip
    answer = np.full(fields[0].shape, np.nan)
    for index in np.ndindex(answer.shape):
        *ends, lower, upper = (float(field[index]) for field in fields)
        if not np.isnan(lower):
            answer[index] = 1.0 if lower <= 0.0 <= upper else _largest_p_of(ends)
    return answer


def _largest_p_of(ends: list[float]) -> float:
    """Over whole tables, all of them where there are few, else a grid with every corner."""
    lows, highs = np.array(ends[0::2]), np.array(ends[1::2])
    tables = float(np.prod(highs - lows + 1.0))
    most = None if tables <= MOST_TABLES else int(MOST_TABLES ** (1.0 / max(int((highs > lows).sum()), 1)))
    axes = [_steps(low, high, most) for low, high in zip(lows, highs, strict=True)]
    cases, others, reference_cases, reference_others = np.stack(np.meshgrid(*axes)).reshape(4, -1)
    tested = gap_test(cases, cases + others, reference_cases, reference_cases + reference_others).p_value
    scored = ratio_test(*counted(cases, cases + others), *counted(reference_cases, reference_cases + reference_others))
    largest = np.fmax.reduce(np.concatenate([tested, scored] if most else [tested]))
    return float(largest)


def _steps(low: float, high: float, most: int | None) -> FloatArray:
    if most is None or high - low + 1 <= most:
        return floats(np.append(np.arange(low, high), high))
    return floats(np.unique(np.rint(np.linspace(low, high, max(most, 2)))))
