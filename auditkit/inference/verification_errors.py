"""False matches and false non-matches over groups: how far apart are the most and the least wronged? One number each,
as standards and papers define it; rates in, numbers out; NaN where a rate of 0 leaves nothing to divide by."""

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import FloatArray, divide, floats
from auditkit.inference.rate_intervals import wilson

__all__ = ["fairness_discrepancy", "gini", "inequity", "largest_to_middle", "largest_to_smallest", "spread_interval"]


def largest_to_smallest(rates: ArrayLike) -> float:
    """How many times the smallest rate is the largest? Source: Grother, NISTIR 8429 (2022).

    >>> round(largest_to_smallest([0.0072, 0.0012]), 6)
    6.0
    """
    found = floats(rates)
    return float(divide(found.max(), found.min())) if len(found) and found.min() > 0 else float("nan")


def largest_to_middle(rates: ArrayLike) -> float:
    """How many times the geometric mean of all groups is the largest rate? Source: ISO/IEC 19795-10 (2024).

    >>> round(largest_to_middle([0.01, 0.04]), 6)
    2.0
    """
    found = floats(rates)
    if not len(found) or found.min() <= 0:
        return float("nan")
    return float(found.max() / np.exp(np.log(found).mean()))


def gini(values: ArrayLike) -> float:
    """How unequal are values over groups: the Gini coefficient with n / (n - 1), 0 alike, 1 all on one group?

    Source: Howard et al., ICPR 2022 (GARBE).

    >>> gini([1.0, 0.0]), gini([2.0, 2.0])
    (1.0, 0.0)
    """
    found = floats(values)
    n, mean = len(found), found.mean() if len(found) else np.nan
    if n < 2 or not mean > 0:
        return float("nan")
    apart = np.abs(found[:, None] - found[None, :]).sum()
    return float(n / (n - 1) * apart / (2 * n * n * mean))


def inequity(match: ArrayLike, non_match: ArrayLike) -> float:
    """The inequity ratio of both errors, each with weight 1/2: root of the product of largest to smallest.

    Source: Grother, NISTIR 8429 (2022).

    >>> round(inequity([0.01, 0.04], [0.1, 0.1]), 6)
    2.0
    """
    return float(np.sqrt(largest_to_smallest(match) * largest_to_smallest(non_match)))


def fairness_discrepancy(match: ArrayLike, non_match: ArrayLike) -> float:
    """1 less half of the largest difference of each error: near 1 looks perfect even where ratios are large.

    Source: de Freitas Pereira and Marcel, IEEE T-BIOM 4 (2022); shown for comparison only.

    >>> fairness_discrepancy([0.01, 0.01], [0.3, 0.1])
    0.9
    """
    m, f = floats(match), floats(non_match)
    return float(1 - (m.max() - m.min()) / 2 - (f.max() - f.min()) / 2)


def spread_interval(cases: ArrayLike, n: ArrayLike, middle: bool, confidence: float = 0.95) -> tuple[float, float]:
    """Between which limits does the largest rate lie over the smallest (or over the geometric mean)?

    Every group's Wilson interval at 1 - (1 - confidence) / groups: all hold together, so the largest rate lies between
    the largest lower and the largest upper end, the smallest between the smallest ends. Wide, and never too narrow.

    >>> lower, upper = spread_interval([50, 5], [1000, 1000], False)
    >>> print(f"{lower:.2f} to {upper:.2f}")
    2.81 to 35.56
    """
    x, size = floats(cases), floats(n)
    low, high = wilson(x, size, 1 - (1 - confidence) / max(1, len(x)))
    least: FloatArray = np.exp(np.log(np.maximum(low, 1e-300)).mean()) if middle else low.min()
    most: FloatArray = np.exp(np.log(high).mean()) if middle else high.min()
    return max(1.0, float(low.max() / most)), float(high.max() / least) if least > 0 else float("inf")
