"""How many times the reference's rate is the group's? The score method keeps its promise where the
logarithm's standard error breaks down: few cases, no cases, rates near 1. Interval and test come from the
same statistic."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from auditkit.inference.array_shapes import (
    FloatArray,
    Interval,
    counted,
    divide,
    floats,
    on_valid,
    quantile_of,
    quietly,
)
from auditkit.inference.root_finding import score_limits


def _score(logarithm: FloatArray, x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray) -> FloatArray:
    """The Miettinen-Nurminen statistic at a given ratio: positive below the estimate, negative above it."""
    ratio = np.exp(logarithm)
    first, second = (n + x0) * ratio, n0 + x
    # The discriminant as a sum of two squares' parts, which cannot cancel: (a - b)^2 + 4 R (n - x)(n0 - x0).
    root = np.sqrt((first - second) ** 2 + 4.0 * ratio * (n - x) * (n0 - x0))
    p0 = np.minimum(2.0 * (x + x0) / (first + second + root), 1.0)
    p = np.minimum(ratio * p0, 1.0)
    variance = p * (1.0 - p) / n + ratio**2 * p0 * (1.0 - p0) / n0
    correction = (n + n0) / np.maximum(n + n0 - 1.0, 1e-12)
    difference = x / n - ratio * (x0 / n0)
    return np.where(difference == 0, 0.0, difference / np.sqrt(variance * correction))


def _limits(
    x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray, z: FloatArray
) -> tuple[FloatArray, FloatArray]:
    start = np.log((x + 0.5) * (n0 + 1.0) / ((x0 + 0.5) * (n + 1.0)))
    step = z * np.sqrt(1.0 / np.maximum(x, 0.5) + 1.0 / np.maximum(x0, 0.5)) + 0.1
    return score_limits(_score, (x, n, x0, n0), z, start, step, (x > 0, x0 > 0))


def ratio_interval(
    cases: ArrayLike,
    n: ArrayLike,
    reference_cases: ArrayLike,
    reference_n: ArrayLike,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Between which limits does the ratio of two rates lie, group over reference?

    The ratios that the Miettinen-Nurminen score test at this level does not reject (variance at the rates
    that fit the ratio best, times N/(N-1)). Lower limit exactly 0 where the group has no case; upper limit
    infinite where the reference has none; both: 0 to infinity. Shapes broadcast; NaN where a denominator is
    0. Source: Miettinen and Nurminen, Statistics in Medicine 4 (1985) 213. Example: 56 of 70 against 48 of
    80.

    >>> lower, upper = ratio_interval(56, 70, 48, 80)
    >>> print(f"{lower:.4f} to {upper:.4f}")
    1.0790 to 1.6721
    """
    x, total = counted(cases, n)
    x0, total0 = counted(reference_cases, reference_n)
    with quietly():
        lower, upper = on_valid(_limits, 2, x, total, x0, total0, quantile_of(confidence))
    return lower, upper


def ratio_test(cases: ArrayLike, n: ArrayLike, reference_cases: ArrayLike, reference_n: ArrayLike) -> FloatArray:
    """Could two rates this far apart come from equal chances? The two-sided p of the score test at ratio 1.

    The difference of the rates over its standard error at the pooled rate, with the N/(N-1) of Miettinen and
    Nurminen; the square is Pearson's chi-square times (N-1)/N. NaN where nothing can be tested: a denominator
    of 0, both rates 0, or both 1. Shapes broadcast. Source: Miettinen and Nurminen, Statistics in Medicine 4
    (1985) 213. Example: 15 of 20 against 5 of 20, chi-square 10 * 39/40 = 9.75.

    >>> print(f"{ratio_test(15, 20, 5, 20):.5f}")
    0.00179
    """
    x, total = counted(cases, n)
    x0, total0 = counted(reference_cases, reference_n)
    everyone = total + total0
    pooled = (x + x0) / everyone
    variance = pooled * (1.0 - pooled) * (1.0 / total + 1.0 / total0) * divide(everyone, everyone - 1.0)
    with quietly():
        statistic = np.abs(x / total - x0 / total0) / np.sqrt(variance)
    return np.where((pooled > 0) & (pooled < 1), floats(2.0 * ndtr(-statistic)), np.nan)
