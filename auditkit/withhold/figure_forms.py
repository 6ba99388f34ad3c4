"""What a figure gives away: sums of the six counts of a group, and what follows from several such sums.

Each count that auditkit prints is a sum over some of the six classes, so that it is named by a number of six bits
(bit c: class c of COUNTS is in the sum). A set of such sums is one number of 64 bits. Publishing some sums gives away
every sum in their linear span: with people, people selected and the false positive rate, all four classes are known.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import COUNTS
from auditkit.measures import MEASURES, Measure
from auditkit.measures.scores import CalibrationByBin
from auditkit.measures.shares import Distribution
from auditkit.measures.unseen_outcomes import needs_unseen

__all__ = [
    "EVERYBODY",
    "SEEN",
    "SELECTED",
    "SUMS",
    "UNSEEN",
    "basis_of",
    "given_away",
    "known",
    "small_sums",
    "structural",
    "subset",
    "total_given_away",
]

Floats = NDArray[np.float64]
Sets = NDArray[np.uint64]

SUMS: Floats = ((np.arange(64)[:, None] >> np.arange(6)) & 1).astype(float)
"""Every sum of classes as a row of 0 and 1: 64 x 6."""

_TOLERANCE = 1e-9


def subset(classes: Iterable[str]) -> int:
    """The number of a sum of classes.

    >>> subset(("true_positive", "false_positive"))
    3
    """
    return sum(1 << COUNTS.index(name) for name in set(classes))


EVERYBODY = subset(COUNTS)
SEEN = subset(("true_positive", "false_positive", "false_negative", "true_negative"))
UNSEEN = EVERYBODY & ~SEEN
SELECTED = subset(("true_positive", "false_positive", "selected_unseen"))
_FALSE_NEGATIVE, _TRUE_NEGATIVE, _NOT_SELECTED_UNSEEN = 1 << 3, 1 << 4, 1 << 5


def given_away(key: str, bounds: bool = False) -> tuple[int, ...]:
    """The sums of its group that a measure gives away: the people who count and those who do not.

    `bounds`: the outcomes of those not selected are unseen, and both readings are published. A measure that is not in
    the table is taken to give away all that is seen.

    >>> given_away("false_positive_rate") == (subset(["false_positive"]), subset(["true_negative"]))
    True
    """
    row = MEASURES.get(key)
    if row is None:
        return tuple(1 << i for i in range(6) if SEEN >> i & 1)
    if isinstance(row, CalibrationByBin):
        return (0, 0)  # as in 0.1.0, which took it for nothing: ends when figures are computed from protected counts
    needed = tuple(sorted(subset(part) for part in row.needs()))
    if bounds and needs_unseen(row):
        readings = [_reading(part, positive) for positive in (False, True) for part in needed]
        return tuple(dict.fromkeys((*readings, *needed)))
    return needed


def _reading(part: int, positive: bool) -> int:
    """The sum if all unseen outcomes of those not selected were positive, or if none were."""
    joins = part & (_FALSE_NEGATIVE if positive else _TRUE_NEGATIVE)
    return part | _NOT_SELECTED_UNSEEN if joins else part


def total_given_away(row: Measure | None) -> int:
    """The sum over everybody that a share gives away; 0 for other measures."""
    return subset(row.denominator) if isinstance(row, Distribution) else 0


def structural(totals: Floats) -> int:
    """The classes that nobody can be in, as everybody can see: unseen where all is seen, and the reverse."""
    result = 0
    for classes in ((2,), (5,), (0, 1), (3, 4)):
        if not totals[list(classes)].any():
            result |= sum(1 << c for c in classes)
    return result


@lru_cache(maxsize=65536)
def _closure(published: int) -> tuple[int, Floats]:
    rows = SUMS[[i for i in range(64) if published >> i & 1]]
    if not len(rows):
        return 1, np.eye(6)
    _, sizes, directions = np.linalg.svd(rows)
    rank = int((sizes > _TOLERANCE).sum())
    hidden = np.ascontiguousarray(directions[rank:].T)
    inside = np.abs(SUMS @ hidden).max(axis=1) < _TOLERANCE if hidden.size else np.ones(64, dtype=bool)
    return sum(1 << int(i) for i in np.flatnonzero(inside)), hidden


def known(published: int) -> int:
    """Every sum of classes that can be worked out from the published ones (the empty sum among them).

    >>> everybody, selected = 1 << EVERYBODY, 1 << SELECTED
    >>> bool(known(everybody | selected) >> (EVERYBODY & ~SELECTED) & 1)
    True
    """
    return _closure(published)[0]


def basis_of(published: int) -> Floats:
    """The directions in which the six counts can move and leave all published sums as they are: 6 x freedoms."""
    return _closure(published)[1]


def small_sums(counts: Floats, minimum: int, structural_classes: int) -> Sets:
    """For each row of six counts, the sums below the minimum, as one set of 64 bits.

    A sum over classes that nobody can be in is not small. Nor is it small that nobody's outcome is unseen; but where
    all outcomes of those selected (or not selected) are unseen, to be unseen is to be selected (or not), and 0 counts.
    """
    values = counts @ SUMS.T
    numbers = np.arange(64)
    possible = (numbers & ~structural_classes) != 0
    telling = SEEN | sum(unseen for seen, unseen in ((3, 4), (24, 32)) if structural_classes & seen == seen)
    of_people = (numbers & ~structural_classes & telling) != 0
    small = (values < minimum) & possible & ((values > 0) | of_people)
    result: Sets = (small.astype(np.uint64) << np.arange(64, dtype=np.uint64)).sum(axis=-1, dtype=np.uint64)
    return result
