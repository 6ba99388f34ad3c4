"""One rate, and the difference of two, with intervals that hold for small counts and for rates near 0 and 1.
Counts may be effective counts of weighted rows; a denominator of zero gives NaN, never an error."""

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import Interval, counted, floats, quantile_of, quietly


def wilson(cases: ArrayLike, n: ArrayLike, confidence: ArrayLike = 0.95) -> Interval:
    """Between which limits does a rate lie?

    The rates that a score test at this level does not reject, given `cases` out of `n`: the centre is pulled
    towards one half by z squared made-up rows. Shapes broadcast; limits are shares between 0 and 1, exactly 0
    with no case and exactly 1 with nothing but cases. NaN where n is 0 or the counts are impossible. Source:
    Wilson, JASA 22 (1927); the example is Newcombe, Statistics in Medicine 17 (1998) 857, table I.

    >>> lower, upper = wilson(81, 263)
    >>> print(f"{lower:.4f} to {upper:.4f}")
    0.2553 to 0.3662
    """
    x, total = counted(cases, n)
    z = quantile_of(confidence)
    spread = z * np.sqrt(x * (total - x) / total + z**2 / 4.0)
    # The plain lower limit, (x + z^2/2 - spread) / (n + z^2), loses its digits where x is small beside n.
    lower = x**2 / (total * (x + z**2 / 2.0 + spread))
    upper = (x + z**2 / 2.0 + spread) / (total + z**2)
    return lower, np.where(x >= total, 1.0, np.minimum(upper, 1.0))


def square_and_add(
    estimate: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    reference_estimate: ArrayLike,
    reference_lower: ArrayLike,
    reference_upper: ArrayLike,
) -> Interval:
    """Between which limits does a difference of two independent figures lie, when each has its own interval?

    The distances from estimate to limit that pull the same way are squared, added and rooted: down for the
    group and up for the reference give the lower limit. Any unit; shapes broadcast; NaN passes through.
    Source: Newcombe, Statistics in Medicine 17 (1998) 873; Zou and Donner, Statistics in Medicine 27 (2008)
    1693 (MOVER).

    >>> lower, upper = square_and_add(10.0, 7.0, 14.0, 6.0, 3.0, 10.0)
    >>> print(f"{lower:.1f} to {upper:.1f}")
    -1.0 to 9.0
    """
    value, low, high = floats(estimate), floats(lower), floats(upper)
    other, other_low, other_high = (
        floats(reference_estimate),
        floats(reference_lower),
        floats(reference_upper),
    )
    difference = value - other
    with quietly():
        down = np.sqrt((value - low) ** 2 + (other_high - other) ** 2)
        up = np.sqrt((high - value) ** 2 + (other - other_low) ** 2)
    return difference - down, difference + up


def newcombe(
    cases: ArrayLike,
    n: ArrayLike,
    reference_cases: ArrayLike,
    reference_n: ArrayLike,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Between which limits does the difference of two rates lie, group minus reference?

    Wilson limits of both rates, put together by square-and-add. Shapes broadcast; limits are differences of
    shares, between -1 and 1. NaN where a denominator is 0. Source: Newcombe, Statistics in Medicine 17 (1998)
    873, method 10; the example is its table II (a): 56/70 against 48/80.

    >>> lower, upper = newcombe(56, 70, 48, 80)
    >>> print(f"{lower:.4f} to {upper:.4f}")
    0.0524 to 0.3339
    """
    x, total = counted(cases, n)
    x0, total0 = counted(reference_cases, reference_n)
    return square_and_add(x / total, *wilson(x, total, confidence), x0 / total0, *wilson(x0, total0, confidence))
