"""What the released sums of an audit leave open of those that are withheld, by adding and subtracting alone.

A function of what is released and of nothing else, in whole numbers, so that everybody who holds the files gets the
same: classes add up to their unions, groups of an attribute to everyone, a crossing to no more than its attributes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from auditkit.protect.released import MEMBERS, NOT_STATED, SUMS

__all__ = ["narrowed"]

Floats = NDArray[np.float64]
Groups = Sequence[tuple[str, ...]]

_ROUNDS = 30


def narrowed(
    views: Sequence[tuple[tuple[str, ...], Groups, Floats, Floats]],
) -> list[tuple[Floats, Floats]]:
    """The bounds of every sum of every view, from those that are known: (names, groups, lower, upper) of each.

    `lower` and `upper` are groups x SUMS, 0 and infinity where nothing is known.
    """
    found = [(low.copy(), high.copy()) for _, _, low, high in views]
    ties = list(_ties(views))
    for _ in range(_ROUNDS):
        before = [(low.copy(), high.copy()) for low, high in found]
        for low, high in found:
            _within_groups(low, high)
        for view, rows, parent, row, whole in ties:
            _across_groups(found[view], rows, found[parent], row, whole)
        if all(np.array_equal(a, c) and np.array_equal(b, d) for (a, b), (c, d) in zip(before, found, strict=True)):
            break
    return found


def _within_groups(low: Floats, high: Floats) -> None:
    for place in range(len(SUMS) - len(MEMBERS[0])):
        at = len(MEMBERS[0]) + place
        members = np.flatnonzero(MEMBERS[at])
        _add_up(low, high, members, at)
    union = {name: place for place, name in enumerate(SUMS)}
    for first, second in (("selected", "not_selected"),):
        _add_up(low, high, np.array([union[first], union[second]]), union["people"])


def _add_up(low: Floats, high: Floats, members: NDArray[np.int64], total: int) -> None:
    """Members that add up to a total, in every group."""
    low[:, total] = np.maximum(low[:, total], low[:, members].sum(axis=1))
    high[:, total] = np.minimum(high[:, total], high[:, members].sum(axis=1))
    for one in members:
        others = members[members != one]
        high[:, one] = np.minimum(high[:, one], high[:, total] - low[:, others].sum(axis=1))
        rest = high[:, others].sum(axis=1)
        least = np.where(np.isfinite(rest), low[:, total] - np.where(np.isfinite(rest), rest, 0.0), 0.0)
        low[:, one] = np.maximum(low[:, one], least)


def _ties(
    views: Sequence[tuple[tuple[str, ...], Groups, Floats, Floats]],
) -> list[tuple[int, list[int], int, int, bool]]:
    """(view, rows of it, parent view, row of that, whether the rows are all of the parent's people)."""
    place = {names: i for i, (names, _, _, _) in enumerate(views)}
    ties = []
    for i, (names, groups, _, _) in enumerate(views):
        for left_out in range(len(names)):
            above = names[:left_out] + names[left_out + 1 :]
            if above not in place:
                continue
            parent = place[above]
            rows_of = {group: row for row, group in enumerate(views[parent][1])}
            children: dict[tuple[str, ...], list[int]] = {}
            for row, group in enumerate(groups):
                children.setdefault(group[:left_out] + group[left_out + 1 :], []).append(row)
            whole = len(names) == 1
            for group, rows in children.items():
                if group in rows_of and NOT_STATED not in group:
                    ties.append((i, rows, parent, rows_of[group], whole))
    return ties


def _across_groups(
    child: tuple[Floats, Floats], rows: list[int], parent: tuple[Floats, Floats], row: int, whole: bool
) -> None:
    low, high = child
    parent_low, parent_high = parent
    total = low[rows].sum(axis=0)
    parent_low[row] = np.maximum(parent_low[row], total)
    if whole:
        parent_high[row] = np.minimum(parent_high[row], high[rows].sum(axis=0))
    for one in rows:
        high[one] = np.minimum(high[one], parent_high[row] - (total - low[one]))
        if whole:
            others = [other for other in rows if other != one]
            rest = high[others].sum(axis=0)
            least = np.where(np.isfinite(rest), parent_low[row] - np.where(np.isfinite(rest), rest, 0.0), 0.0)
            low[one] = np.maximum(low[one], least)
