"""The two rates that fit a table best among all pairs with a given ratio, or a given difference: what the variance of
a score test is taken at."""

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import FloatArray, floats, quietly


def rates_at_ratio(
    cases: ArrayLike, n: ArrayLike, reference_cases: ArrayLike, reference_n: ArrayLike, ratio: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Group's and reference's rate of greatest likelihood with p1 = R p0. Source: Miettinen and Nurminen (1985)."""
    x, total, x0, total0, r = (floats(value) for value in (cases, n, reference_cases, reference_n, ratio))
    first, second = (total + x0) * r, total0 + x
    with quietly():
        root = np.sqrt((first - second) ** 2 + 4.0 * r * (total - x) * (total0 - x0))
        p0 = np.minimum(2.0 * (x + x0) / (first + second + root), 1.0)
    return np.minimum(r * p0, 1.0), p0


def rates_at_difference(
    cases: ArrayLike, n: ArrayLike, reference_cases: ArrayLike, reference_n: ArrayLike, difference: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Group's and reference's rate of greatest likelihood with p1 = p0 + d: the root of a cubic, in closed form.

    Source: Miettinen and Nurminen, Statistics in Medicine 4 (1985) 213; Farrington and Manning (1990).
    """
    x, total, x0, total0, d = (floats(value) for value in (cases, n, reference_cases, reference_n, difference))
    everyone, both = total + total0, x + x0
    with quietly():
        second = ((total + 2.0 * total0) * d - everyone - both) / (3.0 * everyone)
        third = ((total0 * d - everyone - 2.0 * x0) * d + both) / everyone
        last = x0 * d * (1.0 - d) / everyone
        q = second**3 - second * third / 2.0 + last / 2.0
        p = np.sign(q) * np.sqrt(np.maximum(second**2 - third / 3.0, 0.0))
        angle = (np.pi + np.arccos(np.clip(np.where(p == 0, 1.0, q / p**3), -1.0, 1.0))) / 3.0
        p0 = np.clip(2.0 * p * np.cos(angle) - second, np.maximum(0.0, -d), np.minimum(1.0, 1.0 - d))
    return np.clip(p0 + d, 0.0, 1.0), p0
