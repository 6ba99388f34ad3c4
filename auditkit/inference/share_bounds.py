"""What can be said of two shares of one total, and of how over-represented a group is, when counts are hidden: bounds
over every table the publication allows, and the union of the intervals over them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import FloatArray, floats, quietly
from auditkit.inference.share_intervals import multinomial_difference

__all__ = ["ShareGapBounds", "share_gap_bounds"]

_STEPS = np.linspace(0.0, 1.0, 65)


@dataclass(frozen=True)
class ShareGapBounds:
    """The difference of two shares of one total, over all allowed tables."""

    bound_lower: FloatArray
    bound_upper: FloatArray
    lower: FloatArray
    """Lower end of the union of the intervals."""
    upper: FloatArray


def share_gap_bounds(
    group: tuple[ArrayLike, ArrayLike],
    reference: tuple[ArrayLike, ArrayLike],
    others: tuple[ArrayLike, ArrayLike],
    confidence: ArrayLike = 0.95,
) -> ShareGapBounds:
    """Between which limits does the difference of two shares of one total lie, when the counts are hidden?

    Each argument is (fewest, most) people: of the group, of the reference, of everyone else. The difference a/n - b/n
    rises with a and falls with b; with the others it moves towards 0, so that both their ends are tried. The limits of
    `multinomial_difference` do not move one way with the others: they are tried at 66 places between their ends, which
    are all there are where these are at most 64 apart, beside both ends of the two counts. A test holds the union
    against every allowed table. Shapes broadcast; where a table without anybody is allowed, the interval says nothing
    (-1 to 1); NaN where a fewest passes its most or all are empty. Source: statistics page, sections 3 and 5. Example:
    0 to 9 people, 20 and 80.

    >>> found = share_gap_bounds((0, 9), (20, 20), (80, 80))
    >>> print(f"{found.bound_lower:.4f} to {found.bound_upper:.4f}")
    -0.2000 to -0.1009
    """
    ends = np.broadcast_arrays(*(floats(end) for pair in (group, reference, others) for end in pair))
    low, high, other_low, other_high, rest_low, rest_high = ends
    with quietly():
        possible = (low <= high) & (other_low <= other_high) & (rest_low <= rest_high) & (low >= 0)
        possible &= (other_low >= 0) & (rest_low >= 0) & np.isfinite(high + other_high + rest_high)
    span = np.minimum(rest_high, rest_low + 1e12) - rest_low
    with quietly():
        steps = np.array([rest_low + np.minimum(1.0, span), *(rest_low + np.round(span * t) for t in _STEPS)])
    pairs = [(a, b) for a in (low, high) for b in (other_low, other_high)]
    each = [_along(a, b, steps, confidence) for a, b in pairs]
    value, lower, upper = (np.concatenate([found[k] for found in each]) for k in range(3))
    empty = low + other_low + rest_low == 0
    lower, upper = np.fmin.reduce(lower), np.fmax.reduce(upper)
    found = (np.fmin.reduce(value), np.fmax.reduce(value), np.where(empty, -1.0, lower), np.where(empty, 1.0, upper))
    return ShareGapBounds(*(np.where(possible, end, np.nan) for end in found))


def _along(
    count: FloatArray, other: FloatArray, rest: FloatArray, confidence: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Difference, lower and upper limit, for each number of others."""
    total = count + other + rest
    with quietly():
        value = np.where(total > 0, (count - other) / total, np.nan)
    return (value, *multinomial_difference(count, other, total, confidence))
