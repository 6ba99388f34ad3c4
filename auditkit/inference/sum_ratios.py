"""A ratio of two sums over the same people: predicted per real euro, and how surely it is known."""

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import floats


def ratio_of_sums(
    upper: ArrayLike, lower: ArrayLike, times: ArrayLike, confidence: float = 0.95
) -> tuple[float, float, float]:
    """What is the sum of one number over the sum of another, each person bringing both, with an interval?

    Linearised (delta method) with Student's t; values may be 0 or negative. Shapes: one entry a value, met `times`
    times. NaN where the lower sum is not positive. Source: Cochran, Sampling Techniques (1977), chapter 6. Example:

    >>> value, low, high = ratio_of_sums([110.0, 90.0, 130.0], [100.0, 100.0, 100.0], [1, 1, 1])
    >>> print(f"{value:.2f}: {low:.3f} to {high:.3f}")
    1.10: 0.603 to 1.597
    """
    from scipy.special import stdtrit

    a, b, n = floats(upper), floats(lower), floats(times)
    size, total = float(n.sum()), float((n * b).sum())
    if not total > 0:
        return np.nan, np.nan, np.nan
    value = float((n * a).sum()) / total
    if size < 2:
        return value, np.nan, np.nan
    mean = total / size
    variance = float((n * (a - value * b) ** 2).sum()) / (size - 1) / size / mean**2
    half = float(stdtrit(size - 1, (1 + confidence) / 2)) * variance**0.5
    return value, value - half, value + half
