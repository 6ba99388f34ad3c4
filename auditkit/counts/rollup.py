"""Cells rolled up to one attribute, or to attributes crossed: what every measure begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import COUNTS, Cells
from auditkit.counts.merge_cells import distinct, merge

__all__ = ["ScoreView", "View", "count_place", "groups_of", "narrowed", "rollup", "score_view"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_KINDS = len(COUNTS)


@dataclass(frozen=True)
class View:
    """The counts of each group, groups x 6 in the order of COUNTS. `groups` are all that occur, NOT_STATED last.

    `counts` are rows; where published counts are hidden they are NaN and `lower` and `upper` hold what they may be;
    the sums of a row of `size_lower` and `size_upper` hold what the whole group may be.
    """

    names: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    counts: Floats
    weights: Floats
    weights_squared: Floats
    score_sum: Floats | None = None
    score_squared: Floats | None = None
    outcome_weight: Floats | None = None
    outcome_sum: Floats | None = None
    outcome_squared: Floats | None = None
    score_outcome_sum: Floats | None = None
    lower: Floats | None = None
    upper: Floats | None = None
    size_lower: Floats | None = None
    size_upper: Floats | None = None

    def __len__(self) -> int:
        return len(self.groups)


@dataclass(frozen=True)
class ScoreView:
    """The counts of each group by score bin, groups x bins x 6; rows without a score are left out."""

    names: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    counts: Floats
    weights: Floats
    weights_squared: Floats
    score_sum: Floats | None = None
    score_squared: Floats | None = None


def count_place(cells: Cells) -> Integers:
    """Where each cell stands on the last axis of the arrays of counts.

    Selected rows come first; within both halves the outcome is positive, negative, unseen.
    """
    by_outcome = np.array([1, 0, 2])  # outcome 0, 1, -1
    place: Integers = np.where(cells.selected == 1, 0, 3) + by_outcome[cells.outcome]
    return place


def rollup(cells: Cells, names: Sequence[str]) -> View:
    """The counts of the groups of some of the attributes and strata of `cells`.

    Without names everyone is one group.

    >>> from auditkit.counts.count_table import Levels
    >>> one = np.array([1, 1, 0])
    >>> cells = Cells((Levels("sex", ("F", "M")),), {"sex": np.array([0, 1, 1])}, one, np.array([1, 0, -1]),
    ...     0 * one, 0 * one - 1, *[np.array([5.0, 6.0, 7.0])] * 3)
    >>> rollup(cells, ["sex"]).counts.tolist()
    [[5.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 6.0, 0.0, 0.0, 0.0, 7.0]]
    """
    groups, group = groups_of(cells, names)
    flat = group * _KINDS + count_place(cells)

    def total(values: Floats | None) -> Floats | None:
        if values is None:
            return None
        added = np.bincount(flat, weights=values.astype(np.float64), minlength=len(groups) * _KINDS)
        return added.astype(np.float64).reshape(len(groups), _KINDS)

    def surely(values: Floats) -> Floats:
        found = total(values)
        assert found is not None
        return found

    return View(
        names=tuple(names),
        groups=groups,
        counts=surely(cells.n),
        weights=surely(cells.weight),
        weights_squared=surely(cells.weight_squared),
        score_sum=total(cells.score_sum),
        score_squared=total(cells.score_squared),
        outcome_weight=total(cells.outcome_weight),
        outcome_sum=total(cells.outcome_sum),
        outcome_squared=total(cells.outcome_squared),
        score_outcome_sum=total(cells.score_outcome_sum),
        lower=total(cells.lower),
        upper=total(cells.upper),
        size_lower=total(cells.size_lower),
        size_upper=total(cells.size_upper),
    )


def score_view(cells: Cells, names: Sequence[str], bins: int) -> ScoreView:
    """The counts of groups by score bin, `bins` of them; cells without a score bin are left out."""
    groups, group = groups_of(cells, names)
    scored = cells.score_bin >= 0
    flat = ((group * bins + cells.score_bin) * _KINDS + count_place(cells))[scored]
    shape = (len(groups), bins, _KINDS)

    def total(values: Floats) -> Floats:
        added = np.bincount(flat, weights=values[scored], minlength=int(np.prod(shape)))
        return added.astype(np.float64).reshape(shape)

    counts = total(cells.n)

    def unless_same(values: Floats) -> Floats:
        return counts if np.array_equal(values, cells.n) else total(values)

    return ScoreView(
        names=tuple(names),
        groups=groups,
        counts=counts,
        weights=unless_same(cells.weight),
        weights_squared=unless_same(cells.weight_squared),
        score_sum=None if cells.score_sum is None else total(cells.score_sum),
        score_squared=None if cells.score_squared is None else total(cells.score_squared),
    )


def groups_of(cells: Cells, names: Sequence[str]) -> tuple[tuple[tuple[str, ...], ...], Integers]:
    """The groups that occur, in the order of their levels, and the group of each cell."""
    if not names:
        return ((),), np.zeros(len(cells), dtype=np.int64)
    levels = [cells.level(name).values for name in names]
    codes = [cells.codes[name] for name in names]
    order, starts = merge(codes)
    group = np.zeros(len(cells), dtype=np.int64)
    marks = np.zeros(len(cells), dtype=np.int64)
    marks[starts[1:]] = 1
    group[order] = np.cumsum(marks)
    firsts = order[starts]
    columns = [[values[i] for i in code[firsts].tolist()] for values, code in zip(levels, codes, strict=True)]
    return tuple(zip(*columns, strict=True)), group


def narrowed(cells: Cells, names: Sequence[str], by_score: bool = False) -> Cells:
    """The same rows by fewer attributes; by score bin only where asked for.

    Sums are added in the order of the cells, which is the same on every engine.
    """
    codes = {name: cells.codes[name] for name in names}
    score_bin = cells.score_bin if by_score else np.full(len(cells), -1)
    columns = [*codes.values(), cells.selected, cells.outcome, cells.arm, score_bin]
    first, total = distinct(columns)
    n, weight, weight_squared = total(cells.n), total(cells.weight), total(cells.weight_squared)
    assert n is not None
    assert weight is not None
    assert weight_squared is not None
    return Cells(
        levels=tuple(cells.level(name) for name in names),
        codes={name: code[first] for name, code in codes.items()},
        selected=cells.selected[first],
        outcome=cells.outcome[first],
        arm=cells.arm[first],
        score_bin=score_bin[first],
        n=n,
        weight=weight,
        weight_squared=weight_squared,
        score_sum=total(cells.score_sum),
        score_squared=total(cells.score_squared),
        outcome_weight=total(cells.outcome_weight),
        outcome_sum=total(cells.outcome_sum),
        outcome_squared=total(cells.outcome_squared),
        score_outcome_sum=total(cells.score_outcome_sum),
    )
