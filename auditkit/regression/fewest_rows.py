"""The fewest people that a regression rests on or leaves out: what its figures could be turned back into.

A fit of main effects gives its own table away. Where the margins of two terms are public, the coefficients hold one
more equation, and the people who share a level of both follow from it; so pairs of terms are looked at, and the whole
table of the terms where it has no more cells than there are figures to solve it with.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from auditkit.regression.regression_sample import Sample

__all__ = ["fewest"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def fewest(everyone: Sample, kept: Sample, coefficients: int) -> float:
    """How few people stand in a cell that the figures of a regression can be turned back into?

    Cells: each level of a term; each pair of levels of two terms; each combination of levels of all terms, where there
    are no more of these than figures; all of them with and without the outcome, where it takes two values. A number
    of few values counts as categories. Cells without anybody are left out, but a cell whose people all have the
    outcome, or none, holds 0. `everyone` are the rows before, `kept` those after leaving out rows without a value: a
    level that a few of its people left is told by the difference.

    Two groups of 40, in each 20 with the outcome: 20.

    >>> from auditkit.regression.regression_sample import Column
    >>> g = Column("g", np.array([0.0, 0.0, 1.0, 1.0]), ("a", "b"))
    >>> sample = Sample((g,), np.array([0.0, 1.0, 0.0, 1.0]), *[np.full(4, 20.0)] * 3)
    >>> fewest(sample, sample, 2)
    20.0
    """
    sides = _sides(kept)
    found = (_codes(column.values, column.levels, coefficients) for column in kept.columns)
    columns = [codes for codes in found if codes is not None]
    sizes = [len(np.unique(codes)) for codes in columns]
    tables: list[tuple[Integers, ...]] = [(), *((one,) for one in columns), *combinations(columns, 2)]
    figures = 2 * coefficients + 5 + sum(n - 1 for n in sizes)
    figures += sum((a - 1) * (b - 1) for a, b in combinations(sizes, 2))
    if len(columns) > 2 and len(np.unique(_combined(tuple(columns), len(kept)))) <= figures:
        tables.append(tuple(columns))
    smallest = (_fewest_in(_combined(table, len(kept)), kept.n, sides) for table in tables)
    return min([*smallest, *_left_out(everyone, kept)])


def _sides(sample: Sample) -> list[NDArray[np.bool_]]:
    """Those without and with the outcome, where it takes two values; else all together."""
    values = np.unique(sample.outcome)
    return [sample.outcome == value for value in values] if len(values) == 2 else [np.ones(len(sample), dtype=bool)]


def _codes(values: Floats, levels: tuple[str, ...] | None, coefficients: int) -> Integers | None:
    """A term as categories; None for a number of so many values that its figures cannot be solved for them."""
    found, codes = np.unique(values, return_inverse=True)
    if levels is None and len(found) > coefficients + 2:
        return None
    return codes.astype(np.int64)


def _combined(table: tuple[Integers, ...], rows: int) -> Integers:
    """One code for each combination that occurs: 0, 1, 2 ..."""
    place: Integers = np.zeros(rows, dtype=np.int64)
    for codes in table:
        place = np.unique(place * (int(codes.max()) + 1) + codes, return_inverse=True)[1].astype(np.int64)
    return place


def _fewest_in(cells: Integers, n: Floats, sides: list[NDArray[np.bool_]]) -> float:
    return min(float(np.bincount(cells, weights=np.where(side, n, 0.0)).min()) for side in sides)


def _left_out(everyone: Sample, kept: Sample) -> list[float]:
    """The rows left out: in all, and of each level of each term of categories; nobody left out tells of nobody."""
    result = [kept.left_out]
    for before, after in zip(everyone.columns, kept.columns, strict=True):
        if before.levels is not None:
            size = len(before.levels)
            stated = before.values >= 0
            counts = np.bincount(before.values[stated].astype(np.int64), weights=everyone.n[stated], minlength=size)
            result += (counts - np.bincount(after.values.astype(np.int64), weights=kept.n, minlength=size)).tolist()
    return [rows for rows in result if rows > 0.5]
