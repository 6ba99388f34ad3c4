"""Two shares of one total (the group among the controlled, the reference among the controlled) are not
independent: one person more in the first is one fewer for the rest. Their ratio and difference are
multinomial."""

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import Interval, floats, quantile_of, quietly


def multinomial_ratio(cases: ArrayLike, reference_cases: ArrayLike, confidence: ArrayLike = 0.95) -> Interval:
    """Between which limits does the ratio of two shares of one total lie, group over reference?

    exp(log(a/b) +- z sqrt(1/a + 1/b)); the total cancels. Where one of the two is 0 the logarithm fails, and
    Wilson's limit on a out of a + b speaks instead: 0 to z^2/b with no one in the group, a/z^2 to infinity
    with no one in the reference. NaN where neither has anyone. Shapes broadcast. Source: Agresti, Categorical
    Data Analysis (2013), delta method. Example: 40 of the controlled against 10, ratio 4.

    >>> lower, upper = multinomial_ratio(40, 10)
    >>> print(f"{lower:.3f} to {upper:.3f}")
    2.000 to 7.998
    """
    a, b = np.broadcast_arrays(floats(cases), floats(reference_cases))
    z = quantile_of(confidence)
    with quietly():
        width = z * np.sqrt(1.0 / a + 1.0 / b)
        middle = np.log(a) - np.log(b)
        lower = np.where(a == 0, 0.0, np.where(b == 0, a / z**2, np.exp(middle - width)))
        upper = np.where(b == 0, np.inf, np.where(a == 0, z**2 / b, np.exp(middle + width)))
        possible = (a >= 0) & (b >= 0) & (a + b > 0)
    return np.where(possible, lower, np.nan), np.where(possible, upper, np.nan)


def multinomial_difference(
    cases: ArrayLike, reference_cases: ArrayLike, total: ArrayLike, confidence: ArrayLike = 0.95
) -> Interval:
    """Between which limits does the difference of two shares of one total lie, group minus reference?

    p1 - p2 +- z sqrt((p1 + p2 - (p1 - p2)^2) / n), kept within -1 and 1. Where that variance is 0 (neither
    has anyone, or one has everyone) Wilson's limit for a count of 0 is used: it moves each share by z^2/(n +
    z^2) at most. NaN where the total is 0 or smaller than the two counts. Shapes broadcast. Source: Agresti,
    Categorical Data Analysis (2013). Example: 40 and 10 of 100, difference 0.3, variance (0.5 - 0.09)/100.

    >>> lower, upper = multinomial_difference(40, 10, 100)
    >>> print(f"{lower:.4f} to {upper:.4f}")
    0.1745 to 0.4255
    """
    a, b, n = np.broadcast_arrays(floats(cases), floats(reference_cases), floats(total))
    z = quantile_of(confidence)
    with quietly():
        difference = (a - b) / n
        width = z * np.sqrt(np.maximum((a + b) / n - difference**2, 0.0) / n)
        at_most = z**2 / (n + z**2)
        nobody = a + b == 0
        everybody = np.abs(difference) == 1
        lower = np.where(nobody, -at_most, np.where(everybody, difference - 2.0 * at_most, difference - width))
        upper = np.where(nobody, at_most, np.where(everybody, difference + 2.0 * at_most, difference + width))
        possible = (n > 0) & (a >= 0) & (b >= 0) & (a + b <= n * (1 + 1e-9))
    lower, upper = np.clip(lower, -1.0, 1.0), np.clip(upper, -1.0, 1.0)
    return np.where(possible, lower, np.nan), np.where(possible, upper, np.nan)
