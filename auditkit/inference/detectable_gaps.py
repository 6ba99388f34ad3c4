"""How large would a gap have had to be for so many people to show it? The answer is that of the verdict's own test,
at the level the comparison has in its family; what was observed in the group never enters."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv

from auditkit.inference.array_shapes import BooleanArray, FloatArray, counted, floats, on_valid, quietly
from auditkit.inference.exact_tables import fisher_exact
from auditkit.inference.hypergeometric import last_true
from auditkit.inference.melded import LIMITS, Limits, melded_test

POWER = 0.8
FEWER = 3

Found = Callable[[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray], BooleanArray]


def smallest_established(
    reference_cases: ArrayLike,
    reference_n: ArrayLike,
    n: ArrayLike,
    level: ArrayLike,
    limits: Limits = LIMITS,
    minimum_n: float = 30.0,
) -> FloatArray:
    """How many times the reference's rate must the group's have been to be called established four times in five?

    The reference is taken as observed. x* is the smallest count of the group, above the reference's rate, whose
    p_beyond is at most `level`; the answer is the R with P(Binomial(n1, R p0) >= x*) = 0.8. NaN where no count will do,
    the reference has no case, or either has under `minimum_n`. Effective numbers of rows are rounded down. Shapes
    broadcast. Source: docs/statistics.md. Example: 1,000 of 10,000 beside a group of 1,000, among 40 comparisons.

    >>> print(f"{smallest_established(1000, 10_000, 1000, 0.001):.3f}")
    1.716
    """

    def found(x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray, level: FloatArray) -> BooleanArray:
        # Above the reference p_beyond is near + far: that there is a gap at all is the easier claim.
        near = melded_test(x, n, x0, n0, limits.upper) + melded_test(x, n, x0, n0, limits.lower)
        return np.maximum(near, np.minimum(2.0 * melded_test(x, n, x0, n0), 1.0)) <= level

    answer = _smallest(found, reference_cases, reference_n, n, level)
    enough = np.minimum(*np.broadcast_arrays(floats(n), floats(reference_n))) >= minimum_n
    return np.where(enough, answer, np.nan)


def smallest_told(
    reference_cases: ArrayLike, reference_n: ArrayLike, n: ArrayLike, level: ArrayLike, effective: bool = False
) -> FloatArray:
    """How many times the reference's rate must the group's have been to be told from no gap four times in five?

    As `smallest_established`, with p_no_gap: what a gap of this size is called is another question.

    >>> print(f"{smallest_told(1000, 10_000, 1000, 0.001):.3f}")
    1.439
    """

    def found(x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray, level: FloatArray) -> BooleanArray:
        return 2.0 * melded_test(x, n, x0, n0) <= level

    def exactly(x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray, level: FloatArray) -> BooleanArray:
        return fisher_exact(x, n - x, x0, n0 - x0) <= level

    return _smallest(found, reference_cases, reference_n, n, level, None if effective else exactly)


def _smallest(
    found: Found,
    reference_cases: ArrayLike,
    reference_n: ArrayLike,
    n: ArrayLike,
    level: ArrayLike,
    exactly: Found | None = None,
) -> FloatArray:
    x0, n0 = counted(reference_cases, reference_n)
    _, n1 = counted(0.0, np.floor(floats(n)))

    def ratios(x0: FloatArray, n0: FloatArray, n1: FloatArray, level: FloatArray) -> tuple[FloatArray]:
        start = np.floor(n1 * x0 / n0) + 1.0
        none = last_true(lambda x: ~found(x, n1, x0, n0, level), start, n1)
        least = none + 1.0
        for _ in range(FEWER if exactly is not None else 0):
            # Twice one tail asks for a count or two more than the exact two-sided p does.
            fewer = np.maximum(least - 1.0, start)
            assert exactly is not None
            least = np.where((least <= n1) & exactly(fewer, n1, x0, n0, level), fewer, least)
        possible = (least <= n1) & (x0 > 0)
        rate = betaincinv(np.where(possible, least, 1.0), np.where(possible, n1 - least + 1.0, 1.0), POWER)
        return (np.where(possible, rate * n0 / x0, np.nan),)

    with quietly():
        return on_valid(ratios, 1, x0, n0, n1, level)[0]
