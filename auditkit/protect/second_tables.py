"""The start in large systems: a few second tables that raise every sensitive sum, and change as few sums as they can.

One programme raises as many sensitive sums at once as pays (each is worth so much, each sum that changes costs so
much: totals most, single attributes next); it is solved again with what has changed little made dearer, so that few
sums change. What stays open is raised one sum at a time, where what is changed already costs nothing. The people who
move are in the commonest atoms of each sum alone, which keeps the programmes small: all others stay as they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from auditkit.protect.sums import Sums

__all__ = ["second_tables"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_COST = np.array([1000.0, 200.0, 3.0, 1.0, 1.0, 1.0, 1.0])
"""What a sum that changes costs, by its use."""

_WORTH = 20.0
_CHANGED = 1e-3
_RANK = 1e-7
_LITTLE = 3.0
_AGAIN = 2
_TOGETHER = 16
_MOST_PARTS = 20
_NONE = 1e-6
_MOST_ATOMS = 4
_FOLLOW = {"selected", "not_selected", "positive", "negative", "correct"}
"""Unions that change only with classes of the same group: left out of the programme, not of the choice."""


def second_tables(sums: Sums, fixed: Integers, sensitive: Integers, minimum: int, most: int = 100) -> list[Floats]:
    """Tables of people that take every sensitive sum over `minimum` values, as far as `most` programmes reach.

    Sums of the smallest groups first, a few at a time; `fixed` are the sums that no table changes. A table of parts of
    people counts for one less at each end.
    """
    model = _Model(sums, fixed, sensitive, minimum + 1.0)
    order = np.argsort(sums.size[sensitive], kind="stable")
    ends = _Ends(sums, sensitive, minimum)
    together = max(_TOGETHER, -(-len(order) // _MOST_PARTS))
    for start in range(0, len(order), together):
        wanted = np.zeros(len(sensitive), dtype=bool)
        wanted[order[start : start + together]] = True
        if (wanted & ends.open).any() and model.solved < most:
            ends.keep(model.raised(wanted & ends.open, ends.changed, _AGAIN))
    for place in order.tolist():
        if ends.open[place] and model.solved < most:
            ends.keep(model.raised(np.arange(len(order)) == place, ends.changed, 1), place)
        if ends.open[place] and model.solved < most:
            ends.keep(model.held_at(place, ends.apart[place] - minimum - 1.0, ends.changed), place)
        if ends.open[place] and model.solved < most:
            ends.keep(model.held_at(place, minimum + 1.0, ends.changed), place)
    return ends.tables


class _Ends:
    """The tables that are kept, what they change, and how far each sensitive sum goes in them."""

    def __init__(self, sums: Sums, sensitive: Integers, minimum: int) -> None:
        self._sums, self._sensitive, self._minimum = sums, sensitive, minimum
        self._low, self._high = np.zeros(len(sensitive)), np.zeros(len(sensitive))
        self.changed = np.zeros(len(sums), dtype=bool)
        self.tables: list[Floats] = []

    @property
    def apart(self) -> Floats:
        return self._high - self._low

    @property
    def open(self) -> Flags:
        return self.apart < self._minimum

    def keep(self, change: Floats | None, place: int | None = None) -> None:
        """Keep a table that closes an open sum, or takes the one at `place` further."""
        if change is None:
            return
        moved = np.asarray(self._sums.matrix @ change)
        parts = float((np.abs(change - np.round(change)) > _NONE).any())
        shown = moved[self._sensitive]
        low = np.minimum(self._low, np.ceil(shown - _NONE) + parts)
        high = np.maximum(self._high, np.floor(shown + _NONE) - parts)
        closed = self.open & (high - low >= self._minimum)
        if closed.any() or (place is not None and high[place] - low[place] > self.apart[place]):
            self._low, self._high = low, high
            self.changed = self.changed | (np.abs(moved) > _NONE)
            self.tables.append(self._sums.atoms + change)


class _Model:
    """Columns: the change of each atom, how far each sum goes up or down, how far each sensitive sum is raised."""

    def __init__(self, sums: Sums, fixed: Integers, sensitive: Integers, by: float) -> None:
        import highspy
        from highspy import _core

        self._atoms = _commonest(sums, 2 * by)
        self._all, self._by, self.solved = len(sums.atoms), by, 0
        asked = sums.asked.copy()
        for row in np.flatnonzero(asked):
            asked[row] = any(key.sum not in _FOLLOW or key.stage for key in sums.keys[row])
        asked[sensitive] = False
        asked[fixed] = True
        self._rows = np.flatnonzero(asked)
        self._cost = _COST[sums.use[self._rows]]
        held = sums.matrix[:, self._atoms].tocsr()
        self._held = held[self._rows]
        k, q, atoms = len(self._rows), len(sensitive), len(self._atoms)
        self._k, self._q = k, q
        matrix = sparse.vstack(
            (
                sparse.hstack((held[self._rows], -sparse.eye(k), sparse.eye(k), sparse.csr_matrix((k, q)))),
                sparse.hstack((held[sensitive], sparse.csr_matrix((q, 2 * k)), -sparse.eye(q))),
            ),
            format="csr",
        )
        self._highs: Any = _core._Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex"),
                              ("random_seed", 0)):  # fmt: skip
            self._highs.setOptionValue(option, value)
        self._optimal = highspy.HighsModelStatus.kOptimal
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = atoms + 2 * k + q, k + q
        model.col_cost_ = np.zeros(model.num_col_)
        model.col_lower_ = np.concatenate((-np.maximum(sums.atoms[self._atoms], 0.0), np.zeros(2 * k + q)))
        free = np.where(np.isin(self._rows, fixed), 0.0, np.inf)
        model.col_upper_ = np.concatenate((np.full(atoms, 1e4), free, free, np.full(q, by)))
        model.row_lower_ = np.zeros(k + q)
        model.row_upper_ = np.concatenate((np.zeros(k), np.full(q, np.inf)))
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
        model.a_matrix_.index_ = matrix.indices.astype(np.int32)
        model.a_matrix_.value_ = matrix.data.astype(np.float64)
        self._highs.passModel(model)

    def raised(self, wanted: Flags, changed: Flags, again: int) -> Floats | None:
        """As many of the wanted sums as pays, with few sums changed that are not changed already."""
        free = changed[self._rows]
        cost = np.where(free, _CHANGED, self._cost)
        change = None
        for _ in range(again):
            change = self._solved(cost, np.where(wanted, -_WORTH, 0.0))
            if change is None:
                break
            moved = np.abs(self._held @ change[self._atoms])
            cost = np.where(free, _CHANGED, self._cost * _LITTLE / (_LITTLE + moved))
        return change

    def held_at(self, place: int, by: float, changed: Flags) -> Floats | None:
        """One sum so much larger (or smaller), whatever it costs; None where no table is."""
        column, row = len(self._atoms) + 2 * self._k + place, self._k + place
        self._highs.changeColBounds(column, by, by)
        self._highs.changeRowBounds(row, 0.0, 0.0)
        change = self._solved(np.where(changed[self._rows], _CHANGED, self._cost), np.zeros(self._q))
        self._highs.changeColBounds(column, 0.0, self._by)
        self._highs.changeRowBounds(row, 0.0, np.inf)
        return change

    def _solved(self, cost: Floats, worth: Floats) -> Floats | None:
        cost = cost + _RANK * np.arange(self._k)
        at = np.arange(len(self._atoms), len(self._atoms) + 2 * self._k + self._q, dtype=np.int32)
        worth = worth * (1 + 1e-3 * np.arange(self._q) / max(1, self._q))
        self._highs.changeColsCost(len(at), at, np.concatenate((cost, cost, worth)))
        self.solved += 1
        self._highs.run()
        if self._highs.getModelStatus() != self._optimal:
            self._highs.clearSolver()
            self._highs.run()
            if self._highs.getModelStatus() != self._optimal:
                return None
        found = np.array(self._highs.getSolution().col_value, dtype=np.float64)[: len(self._atoms)]
        whole = np.round(found)
        change = np.zeros(self._all)
        change[self._atoms] = np.where(np.abs(found - whole) < 1e-6, whole, found)
        return change


def _commonest(sums: Sums, people: float) -> Integers:
    """Of each sum the atoms in the largest groups, until they hold so many people: four at most, of small sums 24."""
    matrix = sums.matrix.tocsr()
    size = np.asarray(matrix.T @ np.log1p(sums.size)).ravel()
    chosen: set[int] = set()
    for row in range(len(sums)):
        inside = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
        inside = inside[np.lexsort((inside, -size[inside]))]
        inside = inside[: _MOST_ATOMS if sums.values[row] > 5 * people else 6 * _MOST_ATOMS]
        enough = int(np.searchsorted(np.cumsum(sums.atoms[inside]), people)) + 1
        chosen.update(inside[:enough].tolist())
    return np.array(sorted(chosen), dtype=np.int64)
