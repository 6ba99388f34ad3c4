"""Outcomes that were seen only for some: what can still be said, and between which bounds.

Whoever was not controlled has no outcome. Without a random arm, a rate that needs those outcomes lies between
what it is if none of them had it and what it is if all did. With one, the arm's unselected rows speak for
all unselected rows of their group.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from auditkit.protect.released import CLASSES, NOT_SELECTED, SELECTED, UNIONS, Bounds, GroupCounts

if TYPE_CHECKING:
    from auditkit.measures.measure import Measure

__all__ = ["ends_together", "needs_unseen", "with_arm", "with_checked", "with_unchecked", "with_unseen"]

Floats = NDArray[np.float64]
_TP, _FP, _UNCHECKED, _FN, _TN, _UNSEEN = 0, 1, 2, 3, 4, 5
_OF_NOT_SELECTED = {"false_negative", "true_negative"}


def needs_unseen(measure: Measure) -> bool:
    """Whether a rate needs the outcomes of those who were not selected.

    >>> from auditkit.measures.measure_table import measure
    >>> needs_unseen(measure("false_discovery_rate")), needs_unseen(measure("false_positive_rate"))
    (False, True)
    """
    return measure.data == "outcome" and bool(_OF_NOT_SELECTED & {*measure.numerator, *measure.denominator})


def ends_together(measure: Measure) -> bool:
    """Whether a rate is least where no unseen outcome is positive, selected or not; else where the selected's are not.

    >>> from auditkit.measures.measure_table import measure
    >>> ends_together(measure("base_rate")), ends_together(measure("true_positive_rate"))
    (True, False)
    """
    return {"true_positive", "false_negative"} <= set(measure.numerator)


def with_unchecked(counts: GroupCounts, positive: bool, where: NDArray[np.bool_]) -> GroupCounts:
    """The counts of some groups if every unseen outcome of the selected were positive, or if none were."""

    def moved(array: Floats) -> Floats:
        result = array.copy()
        result[..., _TP if positive else _FP] += np.where(where, result[..., _UNCHECKED], 0.0)
        result[..., _UNCHECKED] = np.where(where, 0.0, result[..., _UNCHECKED])
        return result

    return replace(
        counts,
        counts=_as_before(Bounds.of(*(moved(six) for six in counts.classes)), counts.counts),
        weights=moved(counts.weights),
        squares=moved(counts.squares),
    )


def with_unseen(counts: GroupCounts, positive: bool, of_selected: bool | None = None) -> GroupCounts:
    """The counts if every unseen outcome of the unselected were positive, or if none were.

    `of_selected` says the same of those selected whose outcome is not known; None leaves them out.
    """
    if of_selected is not None:
        counts = with_unchecked(counts, of_selected, np.ones(len(counts), dtype=bool))

    def moved(array: Floats) -> Floats:
        result = array.copy()
        result[..., _FN if positive else _TN] += result[..., _UNSEEN]
        result[..., _UNSEEN] = 0.0
        return result

    return replace(
        counts,
        counts=_as_before(Bounds.of(*(moved(six) for six in counts.classes)), counts.counts),
        weights=moved(counts.weights),
        squares=moved(counts.squares),
    )


def _as_before(moved: Bounds, before: Bounds) -> Bounds:
    """The bounds with the unions that no outcome changes as they were."""
    for name in ("people", "selected", "not_selected"):
        at = len(CLASSES) + list(UNIONS).index(name)
        moved.lower[..., at], moved.upper[..., at] = before.lower[..., at], before.upper[..., at]
    return moved


def with_checked(counts: GroupCounts) -> GroupCounts:
    """Of a list that was checked in part, the checked weighted to all selected of their group (counts: `with_arm`)."""
    selected = counts.weights[..., SELECTED].sum(axis=-1)
    known = counts.weights[..., [_TP, _FP]].sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.where(known > 0, selected / known, 1.0)
    weights, squares = counts.weights.copy(), counts.squares.copy()
    everyone = squares[..., SELECTED].sum(axis=-1)
    enough = (counts.rows[..., [_TP, _FP]] > 0).all(axis=-1)
    for place in (_TP, _FP):
        weights[..., place] = np.where(enough, weights[..., place] * factor, weights[..., place])
        squares[..., place] = np.where(enough, squares[..., place] * factor**2, squares[..., place])
    for array in (weights, squares):
        array[..., _UNCHECKED] = np.where(enough, 0.0, array[..., _UNCHECKED])
    return replace(counts, weights=weights, squares=squares, selected_squares=np.where(enough, everyone, np.nan))


def with_arm(counts: GroupCounts, arm: GroupCounts) -> GroupCounts:
    """Selected rows as they are; the arm's unselected rows weighted to all unselected rows of their group.

    `counts` are all rows, `arm` those drawn at random (same groups). The weight of an arm row is the unselected
    weight of the group over the unselected weight of its arm whose outcome is known; where a group has no
    such row, the unselected stay unseen.
    """
    unselected = counts.weights[..., NOT_SELECTED].sum(axis=-1)
    known = arm.weights[..., [_FN, _TN]].sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.where(known > 0, unselected / known, 0.0)
    rows, weights = counts.rows.copy(), counts.weights.copy()
    squares = counts.squares.copy()
    for place in (_FN, _TN):
        rows[..., place] = arm.rows[..., place]
        weights[..., place] = arm.weights[..., place] * factor
        squares[..., place] = arm.squares[..., place] * factor**2
    lost = known == 0
    for array, before in ((rows, counts.rows), (weights, counts.weights), (squares, counts.squares)):
        array[..., _UNSEEN] = np.where(lost, before[..., NOT_SELECTED].sum(axis=-1), 0.0)
    all_squares = counts.squares[..., NOT_SELECTED].sum(axis=-1)
    return replace(
        counts, counts=Bounds.of(rows), weights=weights, squares=squares, weighted=True, unselected_squares=all_squares
    )
