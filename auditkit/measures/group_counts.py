"""The six counts of each group, and the parts of them that a rate divides.

Arrays end in groups x 6 (the order of COUNTS); what leads is free, so that a replicate is one more axis.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import COUNTS, NOT_STATED
from auditkit.measures.measure_table import Measure

__all__ = ["GroupCounts", "Sampled", "everyone_else", "parts", "rate", "take"]

Floats = NDArray[np.float64]

_PLACE = {name: i for i, name in enumerate(COUNTS)}


@dataclass(frozen=True)
class Sampled:
    """The arm behind estimates: its rows by group (with, without, of unseen outcome), all of them, and of how many."""

    arm: Floats
    rows: float
    population: float


@dataclass(frozen=True)
class GroupCounts:
    """What is known of each group: `rows`, their summed `weights` and `squares`, each groups x 6.

    `lower` and `upper` are what hidden counts allow (None when nothing is hidden; upper may be infinite);
    `size_lower` and `size_upper`, one number a group, what they allow of its size.
    `unselected_squares` stands only where a random arm speaks for the unselected: the sum of squared weights of all
    unselected, of whom the arm's rows (`rows`, `squares`) are a sample. `sampled` stands where the counts are estimates
    for a population of known size, from an arm drawn of it.
    """

    names: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    rows: Floats
    weights: Floats
    squares: Floats
    lower: Floats | None = None
    upper: Floats | None = None
    weighted: bool = False
    unselected_squares: Floats | None = None
    size_lower: Floats | None = None
    size_upper: Floats | None = None
    sampled: Sampled | None = None

    def __len__(self) -> int:
        return len(self.groups)

    @property
    def stated(self) -> NDArray[np.bool_]:
        """Which groups people gave themselves (not "not stated")."""
        return np.array([NOT_STATED not in group for group in self.groups], dtype=bool)


def take(counts: GroupCounts, index: int) -> GroupCounts:
    """One group of the counts, repeated for every group: the reference beside each.

    Shapes: every array keeps groups x 6.
    """
    pick = np.full(len(counts), index)
    return _map(counts, lambda array: array[pick])


def everyone_else(counts: GroupCounts) -> GroupCounts:
    """For each group, all the others together (not stated among them): disjoint from the group."""
    return _map(counts, lambda array: array.sum(axis=0, keepdims=True) - array, _rest_of_infinite)


def _rest_of_infinite(array: Floats) -> Floats:
    finite = np.where(np.isfinite(array), array, 0.0)
    infinite = ~np.isfinite(array)
    rest = finite.sum(axis=0, keepdims=True) - finite
    return np.where(infinite.sum(axis=0, keepdims=True) - infinite > 0, np.inf, rest)


def _map(counts: GroupCounts, change, upper=None) -> GroupCounts:  # type: ignore[no-untyped-def]
    squares = counts.unselected_squares
    return replace(
        counts,
        rows=change(counts.rows),
        weights=change(counts.weights),
        squares=change(counts.squares),
        lower=None if counts.lower is None else change(counts.lower),
        upper=None if counts.upper is None else (upper or change)(counts.upper),
        unselected_squares=None if squares is None else change(squares),
        size_lower=None if counts.size_lower is None else change(counts.size_lower),
        size_upper=None if counts.size_upper is None else (upper or change)(counts.size_upper),
        sampled=None if counts.sampled is None else replace(counts.sampled, arm=change(counts.sampled.arm)),
    )


def parts(counts: Floats, row: Measure) -> tuple[Floats, Floats]:
    """The people who count for a rate and those of its denominator who do not: arrays without the last axis.

    >>> from auditkit.measures.measure_table import measure
    >>> six = np.array([[30.0, 10, 0, 20, 40, 0]])  # TP, FP, -, FN, TN, -
    >>> yes, no = parts(six, measure("false_positive_rate"))
    >>> float(yes[0]), float(no[0])
    (10.0, 40.0)
    """
    numerator = [_PLACE[name] for name in row.numerator]
    rest = [_PLACE[name] for name in row.denominator if name not in row.numerator]
    return counts[..., numerator].sum(axis=-1), counts[..., rest].sum(axis=-1)


def rate(counts: Floats, row: Measure) -> Floats:
    """The rate itself; NaN where nobody is in the denominator.

    >>> from auditkit.measures.measure_table import measure
    >>> float(rate(np.array([[30.0, 10, 0, 20, 40, 0]]), measure("selection_rate"))[0])
    0.4
    """
    yes, no = parts(counts, row)
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Floats = yes / (yes + no)
    return result
