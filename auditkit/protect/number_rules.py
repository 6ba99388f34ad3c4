"""Sums of numbers: rounded so far that no contribution can be read off, else withheld.

Three digits or the largest change that one person makes, whichever is coarser (of a number with few values, which is a
count of each, the change that as many people make as the minimum); nothing under the minimum, where one
contribution passes half of the sum, or where the largest can be known to a tenth (the p % rule, p = 10).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from auditkit.protect.released import Numbers, Spread
from auditkit.result.field_types import digits

__all__ = ["SHARE_OF_ONE", "is_dominated", "released_numbers", "released_weights", "rounding_unit"]

Floats = NDArray[np.float64]

SHARE_OF_ONE = 0.5
"""A sum of which one contribution is more than this is that person's number."""

P_PERCENT = 0.1

SMALLEST_ERROR = 0.05
"""Weights that rounding moves by more than this part of their sum are withheld."""

SMALL = 1e-6


def rounding_unit(total: float, one_person: float) -> float:
    """The unit that a sum is rounded to: its third digit, or the change that one person makes, rounded up to 1, 2 or 5.

    >>> rounding_unit(100352.53, 98565.43), rounding_unit(52345.0, 12.0), rounding_unit(60.0, 11 * 0.5)
    (100000.0, 100.0, 10.0)
    """
    third = 10.0 ** (math.floor(math.log10(abs(total))) - 2) if total else 0.0
    size = max(third, one_person)
    if size <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(size) + 1e-12)
    return float(next(power * step for step in (1, 2, 5, 10) if power * step >= size * (1 - 1e-9)))


def is_dominated(total: float, largest: float, second: float) -> bool:
    """Whether the sum would give its largest contribution away: to half of it, or to whoever knows the second.

    >>> is_dominated(1000.0, 600.0, 50.0), is_dominated(1000.0, 300.0, 290.0), is_dominated(1000.0, 500.0, 470.0)
    (True, False, True)
    """
    if total <= 0:
        return largest > 0
    return largest > SHARE_OF_ONE * total or total - largest - second < P_PERCENT * largest


def _rounded(values: Floats, units: Floats) -> Floats:
    """Rounded, to the digits that the files write: who reads them has the same numbers."""
    found = np.round(values / units) * units
    return np.array([float(digits(float(value))) for value in found.reshape(-1)]).reshape(found.shape)


def _units(values: Floats, one_person: float) -> Floats:
    return np.array([rounding_unit(float(value), one_person) for value in values.reshape(-1)]).reshape(values.shape)


def released_weights(
    shown: Floats, weights: Floats, squares: Floats, spread: Spread | None, minimum: int
) -> tuple[Floats, Floats]:
    """Summed weights and squared weights of the classes whose count is released (`shown`), rounded; NaN elsewhere.

    The count is known, so that one person changes a sum by the range of the weights; weights of few values are counts
    of their values, and `minimum` people make the unit. NaN where that leaves an error of more than a twentieth.
    """
    people = np.where(np.isnan(shown), 0.0, shown)
    made = []
    for array, of in ((weights, lambda one: one), (squares, lambda one: one * one)):
        change = 0.0 if spread is None else spread.change(minimum, of)
        units = _units(array, change)
        coarse = units / 2 > SMALLEST_ERROR * np.abs(array)
        made.append(np.where(np.isnan(shown) | (coarse & (people > 0)), np.nan, _rounded(array, units)))
    with np.errstate(invalid="ignore", divide="ignore"):
        alone = squares > SHARE_OF_ONE**2 * weights**2
    return np.where(alone, np.nan, made[0]), np.where(alone, np.nan, made[1])


def released_numbers(exact: Numbers, people: Floats, minimum: int) -> Numbers:
    """Sums of a number by group, for groups whose `people` are released and all have one; NaN elsewhere.

    Everything of a group stands in its last class: which class gave what is not released. NaN where fewer than
    `minimum` people stand behind it, where one of them makes too much of it, or where rounding would move the mean by
    more than a third of its standard error.
    """
    rows, total, squared = (array.sum(axis=-1) for array in (exact.rows, exact.total, exact.total_squared))
    spread = exact.spread
    complete = spread is not None and spread.complete
    units = [_units(total, 0.0 if spread is None else spread.change(minimum, lambda one: one)),
             _units(squared, 0.0 if spread is None else spread.change(minimum, lambda one: one * one))]  # fmt: skip
    sums = [_rounded(array, unit) for array, unit in zip((total, squared), units, strict=True)]
    with np.errstate(invalid="ignore", divide="ignore"):
        largest = np.minimum(np.sqrt(squared), np.inf if spread is None else spread.largest)
        second = np.minimum(largest, np.sqrt(np.maximum(squared - largest**2, 0.0)))
        error = np.sqrt(np.maximum(sums[1] - sums[0] ** 2 / people, 0.0))
        kept = (people >= minimum) & complete & (np.abs(rows - people) < SMALL) & (units[0] / 2 <= error / 3)
        kept &= ~np.array([is_dominated(abs(t), a, b) for t, a, b in zip(total, largest, second, strict=True)])
    found = [np.where(kept, array, np.nan) for array in (people, people, people, *sums)]
    placed = [np.concatenate((np.zeros((len(array), 5)), array[:, None]), axis=1) for array in found]
    return replace(
        exact, rows=placed[0], weights=placed[1], squares=placed[2], total=placed[3], total_squared=placed[4],
        units=np.where(kept[:, None], np.stack(units, axis=-1), np.nan), spread=None,
    )  # fmt: skip
