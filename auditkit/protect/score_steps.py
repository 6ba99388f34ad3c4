"""Score steps: each group joins the steps of one common grid for itself, until every step holds the minimum.

Common edges would leave one step for everybody beside one small group. A group whose steps would narrow a count is
offered with every other edge, until one step is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from auditkit.protect.sums import Rows, SumKey

__all__ = ["GroupSteps", "coarser", "joined_steps", "offers_of", "step_parts"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GroupSteps:
    """One way to join the steps of one group: `begins` are the first grid steps of its own steps, from 0 up.

    `keys` are the sums of it, one for each own step and class.
    """

    begins: tuple[int, ...]
    keys: tuple[SumKey, ...]


def joined_steps(counts: Floats, minimum: int) -> tuple[int, ...]:
    """Where own steps begin, so that each holds the minimum in each class; one step where there are too few people.

    `counts` are steps x classes. Steps are closed from below; what is left at the top joins the last.

    >>> joined_steps(np.array([[6.0, 6], [6, 6], [20, 20], [3, 3]]), 11)
    (0, 2)
    """
    begins = [0]
    held = np.zeros(counts.shape[1])
    for step, count in enumerate(counts):
        held = held + count
        if (held >= minimum).all() and step + 1 < len(counts):
            begins.append(step + 1)
            held = np.zeros(counts.shape[1])
    if len(begins) > 1 and not (held >= minimum).all():
        begins.pop()
    return tuple(begins)


def coarser(begins: Sequence[int]) -> tuple[int, ...]:
    """Every other edge left out."""
    return tuple(begins[::2])


def offers_of(
    key: SumKey, group: int, groups: Integers, step: Integers, classes: dict[str, NDArray[np.bool_]], n: Floats,
    minimum: int, use: int,
) -> tuple[list[GroupSteps], Rows | None]:  # fmt: skip
    """The ways to release the steps of one group, finest first, and their sums as rows.

    `key` names the group; `group` is its place in `groups` (the group of each atom), `step` the step of each atom (-1:
    no score), `classes` which atoms each published class holds.
    """
    inside = (groups == group) & (step >= 0)
    if not inside.any():
        return [], None
    steps = int(step.max()) + 1
    names = list(classes)
    counts = np.array(
        [np.bincount(step[inside & classes[name]], weights=n[inside & classes[name]], minlength=steps)
         for name in names]
    ).T  # fmt: skip
    begins: tuple[int, ...] | None = joined_steps(counts, minimum)
    offers, lines, keys = [], [], []
    while begins is not None:
        own = np.searchsorted(np.array(begins), step, side="right") - 1
        mine = []
        for place, first in enumerate(begins):
            until = begins[place + 1] if place + 1 < len(begins) else steps
            for name in names:
                lines.append(inside & classes[name] & (own == place))
                mine.append(replace(key, stage=f"steps {first} {until}", sum=name))
        offers.append(GroupSteps(begins, tuple(mine)))
        keys += mine
        begins = coarser(begins) if len(begins) > 1 else None
    matrix = sparse.csr_matrix(np.array(lines, dtype=np.float64))
    size = np.full(len(keys), float(n[inside].sum()))
    return offers, Rows(matrix, tuple(keys), np.ones(len(keys), dtype=bool), np.full(len(keys), use), size)


def step_parts(name: str, groups: Integers, step: Integers, classes: dict[str, NDArray[np.bool_]], n: Floats) -> Rows:
    """The finest steps of each group by class, which nobody asks for and subtraction could give."""
    inside = np.flatnonzero((groups >= 0) & (step >= 0))
    steps = int(step.max(initial=0)) + 1
    count = (int(groups.max(initial=0)) + 1) * steps
    lines, keys = [], []
    for kind, held in classes.items():
        atoms = inside[held[inside]]
        row = groups[atoms] * steps + step[atoms]
        lines.append(sparse.csr_matrix((np.ones(len(atoms)), (row, atoms)), (count, len(n))))
        keys += [SumKey(name, "", "", "", (), (str(i),), kind) for i in range(count)]
    matrix = sparse.vstack(lines, format="csr")
    zeros = np.zeros(len(keys), dtype=np.int64)
    return Rows(matrix, tuple(keys), zeros.astype(bool), zeros, np.asarray(matrix @ n))
