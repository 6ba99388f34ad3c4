"""Sums of numbers: rounded so far that no contribution can be read off, else withheld.

Three digits or the largest change that one person makes, whichever is coarser; nothing under the minimum, where one
contribution passes half of the sum, or where the largest can be known to a tenth (the p % rule, p = 10).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["SHARE_OF_ONE", "is_dominated", "released_sum", "released_weights", "rounding_unit"]

Floats = NDArray[np.float64]

SHARE_OF_ONE = 0.5
"""A sum of which one contribution is more than this is that person's number."""

P_PERCENT = 0.1


def rounding_unit(total: float, largest: float) -> float:
    """The unit that a sum is rounded to: its third digit, or the size of the largest contribution in powers of ten.

    >>> rounding_unit(100352.53, 98765.43), rounding_unit(52345.0, 12.0)
    (100000.0, 100.0)
    """
    if total == 0:
        return 1.0
    digits = math.floor(math.log10(abs(total))) - 2
    person = math.ceil(math.log10(largest)) if largest > 0 else digits
    return float(10.0 ** max(digits, person))


def is_dominated(total: float, largest: float, second: float) -> bool:
    """Whether the sum would give its largest contribution away: to half of it, or to whoever knows the second.

    >>> is_dominated(1000.0, 600.0, 50.0), is_dominated(1000.0, 300.0, 290.0), is_dominated(1000.0, 500.0, 470.0)
    (True, False, True)
    """
    if total <= 0:
        return largest > 0
    return largest > SHARE_OF_ONE * total or total - largest - second < P_PERCENT * largest


def released_sum(total: float, people: float, largest: float, second: float, minimum: int) -> float | None:
    """The sum as it may be released; None where it may not.

    >>> released_sum(52345.0, 2000, 12.0, 11.0, 11)
    52300.0
    >>> released_sum(100352.53, 12, 98765.43, 200.0, 11) is None
    True
    """
    if people < minimum or is_dominated(abs(total), largest, second):
        return None
    unit = rounding_unit(total, largest)
    return round(total / unit) * unit


def released_weights(shown: Floats, weights: Floats, squares: Floats) -> tuple[Floats, Floats]:
    """Summed weights and squared weights of the classes that are released, rounded; NaN elsewhere.

    The largest weight of a class is at most the root of its summed squares; rounding to three digits is coarser than
    what one person adds wherever a class holds people enough.
    """
    made = []
    for array in (weights, squares):
        digits = np.floor(np.log10(np.where(array > 0, array, 1.0))) - 2
        unit = 10.0**digits
        made.append(np.where(np.isnan(shown), np.nan, np.where(array > 0, np.round(array / unit) * unit, 0.0)))
    with np.errstate(invalid="ignore", divide="ignore"):
        alone = squares > SHARE_OF_ONE**2 * weights**2
    return np.where(alone, np.nan, made[0]), np.where(alone, np.nan, made[1])
