"""What can be worked out from everything together: every published sum, every line, in one linear system.

A sum is determined exactly when no change of the hidden counts that keeps all that is published changes it. So
changes are drawn at random among all such changes (vectors of the null space): what they leave as it is, is known. A
hidden count on a bridge between two cycles of hidden counts is found this way, and by no rule over single lines.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from auditkit.withhold.figure_forms import SUMS, basis_of
from auditkit.withhold.suppression_network import Line

__all__ = ["known_from_all"]

Floats = NDArray[np.float64]
Sets = NDArray[np.uint64]

_DRAWS = 2
_RIDGE = 1e-9
_SETTLED = 1e-11
_UNMOVED = 1e-7


def known_from_all(published: Sets, lines: Sequence[Line]) -> Sets:
    """For each node, every sum of classes that follows from `published` (a set of sums a node) and the lines."""
    moves = _moves(published, lines)
    result = np.zeros(len(published), dtype=np.uint64)
    block = 4096
    bits = np.arange(64, dtype=np.uint64)
    for start in range(0, len(published), block):
        part = np.abs(np.einsum("nck,sc->nsk", moves[start : start + block], SUMS)).max(axis=-1)
        result[start : start + block] = ((part < _UNMOVED).astype(np.uint64) << bits).sum(axis=-1, dtype=np.uint64)
    return result


def _moves(published: Sets, lines: Sequence[Line]) -> Floats:
    """Random changes of all six counts of every node, nodes x 6 x draws, which leave all that is published alone."""
    masks, kind = np.unique(published, return_inverse=True)
    bases = [basis_of(int(mask)) for mask in masks]
    freedom = np.array([basis.shape[1] for basis in bases], dtype=np.int64)[kind]
    offset = np.concatenate([[0], np.cumsum(freedom)])
    moves = np.zeros((len(published), 6, _DRAWS))
    if offset[-1] == 0:
        return moves
    free = np.random.default_rng(1).standard_normal((int(offset[-1]), _DRAWS))
    if lines:
        free = _within(_line_matrix(lines, bases, kind, offset), free)
    for number, basis in enumerate(bases):
        nodes = np.flatnonzero(kind == number)
        if basis.shape[1]:
            at = offset[nodes][:, None] + np.arange(basis.shape[1])
            moves[nodes] = np.einsum("cj,njk->nck", basis, free[at])
    return moves


def _line_matrix(
    lines: Sequence[Line], bases: Sequence[Floats], kind: NDArray[np.intp], offset: NDArray[np.int64]
) -> object:
    """Six equations a line over the free directions of its nodes, as a sparse matrix."""
    from scipy.sparse import csr_matrix

    node = np.concatenate([np.append(line.members, line.margin) for line in lines])
    which = np.repeat(np.arange(len(lines)), [len(line.members) + 1 for line in lines])
    sign = np.concatenate([np.append(np.ones(len(line.members)), -1.0) for line in lines])
    rows, columns, values = [], [], []
    for number, basis in enumerate(bases):
        at = np.flatnonzero(kind[node] == number)
        if not basis.shape[1] or not len(at):
            continue
        shape = (len(at), 6, basis.shape[1])
        rows.append(np.broadcast_to((which[at] * 6)[:, None, None] + np.arange(6)[:, None], shape).ravel())
        columns.append(np.broadcast_to(offset[node[at]][:, None, None] + np.arange(basis.shape[1]), shape).ravel())
        values.append((sign[at][:, None, None] * basis).ravel())
    if not rows:
        return csr_matrix((6 * len(lines), int(offset[-1])))
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return csr_matrix(entries, shape=(6 * len(lines), int(offset[-1])))


def _within(matrix: object, free: Floats) -> Floats:
    """The part of `free` that the equations leave alone: projected until nothing of the rest remains."""
    from scipy.sparse import identity
    from scipy.sparse.linalg import splu

    equations = matrix  # a sparse matrix; scipy carries no types
    square = (equations @ equations.T + _RIDGE * identity(equations.shape[0])).tocsc()  # type: ignore[attr-defined]
    solver = splu(square)
    for _ in range(60):
        left = equations @ free  # type: ignore[operator]
        if np.abs(left).max() < _SETTLED:
            break
        free = free - equations.T @ solver.solve(left)  # type: ignore[attr-defined]
    return free
