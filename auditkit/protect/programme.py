"""The least and the largest value of a sum over all tables that fit what is released: HiGHS, kept warm.

Every sum is a row that is free until it is released; releasing fixes it to its value. Nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from auditkit.protect.sums import Sums

__all__ = ["TOLERANCE", "Programme", "Table"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

TOLERANCE = 1e-6
"""How far a sum of a table may be from its released value, for each unit of it, and how near a whole number counts."""

_INFINITY = float("inf")


@dataclass(frozen=True)
class Table:
    """One table that fits, and the value that the sum has in it."""

    atoms: Floats
    value: float


class Programme:
    """One linear programme over the atoms of an audit. `solved` counts the programmes: the budget of protection."""

    def __init__(self, sums: Sums, rows: Integers) -> None:
        """`rows` are those that may ever be released."""
        import highspy
        from highspy import _core

        self._matrix = sums.matrix.tocsr()
        self._values = sums.values
        self._highs: Any = _core._Highs()  # highspy.Highs greets on stdout before it can be told not to
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._largest = highspy.ObjSense.kMaximize
        self._least = highspy.ObjSense.kMinimize
        for option, value in (
            ("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex"), ("simplex_strategy", 4),
            ("primal_feasibility_tolerance", 1e-9), ("random_seed", 0),
        ):  # fmt: skip
            self._highs.setOptionValue(option, value)
        held = self._matrix[rows]
        self._place = np.full(len(sums), -1, dtype=np.int64)
        self._place[rows] = np.arange(len(rows))
        columns = self._matrix.shape[1]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns, len(rows)
        model.col_cost_ = np.zeros(columns)
        model.col_lower_ = np.zeros(columns)
        model.col_upper_ = np.full(columns, _bound(sums))
        model.row_lower_ = np.full(len(rows), -_INFINITY)
        model.row_upper_ = np.full(len(rows), _INFINITY)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = held.indptr.astype(np.int32)
        model.a_matrix_.index_ = held.indices.astype(np.int32)
        model.a_matrix_.value_ = held.data.astype(np.float64)
        self._highs.passModel(model)
        self._costs = np.zeros(columns)
        self.solved = 0

    def release(self, rows: Integers) -> None:
        """Fix sums to their values."""
        self._bounds(rows, self._values[rows], self._values[rows])

    def free(self, rows: Integers) -> None:
        """Take it back."""
        self._bounds(rows, np.full(len(rows), -_INFINITY), np.full(len(rows), _INFINITY))

    def _bounds(self, rows: Integers, lower: Floats, upper: Floats) -> None:
        if len(rows):
            places = self._place[rows]
            order = np.argsort(places)
            self._highs.changeRowsBounds(len(rows), places[order].astype(np.int32), lower[order], upper[order])

    def end(self, row: int, largest: bool) -> Table | None:
        """A table in which the sum `row` is as large (or as small) as what is released allows; None where none fits."""
        start, stop = self._matrix.indptr[row], self._matrix.indptr[row + 1]
        places = self._matrix.indices[start:stop]
        wanted = np.zeros(len(self._costs))
        wanted[places] = self._matrix.data[start:stop]
        changed = np.flatnonzero(wanted != self._costs)
        self._highs.changeColsCost(len(changed), changed.astype(np.int32), wanted[changed])
        self._costs = wanted
        self._highs.changeObjectiveSense(self._largest if largest else self._least)
        self.solved += 1
        self._highs.run()
        if self._highs.getModelStatus() != self._optimal:
            self._highs.clearSolver()
            self._highs.run()
            if self._highs.getModelStatus() != self._optimal:
                return None
        atoms = np.array(self._highs.getSolution().col_value, dtype=np.float64)
        whole = np.round(atoms)
        atoms = np.where(np.abs(atoms - whole) < TOLERANCE, whole, atoms)
        return Table(atoms, float(wanted @ atoms))


def _bound(sums: Sums) -> float:
    """No atom need be larger for a table to prove anything: what keeps an unknown sum finite."""
    return float(np.abs(sums.values).max(initial=0.0) + 1000.0)
