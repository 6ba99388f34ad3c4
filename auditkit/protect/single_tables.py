"""The start where many sums are sensitive: for each of them one cheap second table of its own.

A second table moves as few people as it can: it keeps every sum that is released already, makes the sensitive sum
larger by the minimum (and one more: a table of parts of people counts for one less), and prefers atoms that an earlier
table moved. One programme for each sensitive sum.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.protect.sums import Sums

__all__ = ["single_tables"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

_MOVED_ALREADY = 0.3
_RANK = 1e-7


def single_tables(sums: Sums, fixed: Integers, sensitive: Integers, minimum: int) -> list[Floats]:
    """A table for each sensitive sum that can be made larger while all sums of `fixed` stay as they are."""
    model = _Model(sums, fixed, sensitive)
    found: list[Floats] = []
    for place in range(len(sensitive)):
        change = model.change(place, float(minimum + 1))
        if change is not None:
            found.append(sums.atoms + change)
    return found


class _Model:
    """People come to atoms (the first half of the columns) and go from them (the second, no more than are there)."""

    def __init__(self, sums: Sums, fixed: Integers, sensitive: Integers) -> None:
        import highspy
        from highspy import _core
        from scipy import sparse

        self._highs: Any = _core._Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex"),
                              ("random_seed", 0)):  # fmt: skip
            self._highs.setOptionValue(option, value)
        self._optimal = highspy.HighsModelStatus.kOptimal
        rows = np.concatenate((fixed, sensitive))
        held = sums.matrix[rows]
        matrix = sparse.hstack((held, -held), format="csr")
        self._atoms = len(sums.atoms)
        self._fixed = len(fixed)
        self._costs = np.ones(2 * self._atoms) + _RANK * np.tile(np.arange(self._atoms), 2)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = 2 * self._atoms, len(rows)
        model.col_cost_ = self._costs
        model.col_lower_ = np.zeros(2 * self._atoms)
        model.col_upper_ = np.concatenate((np.full(self._atoms, 1e9), np.maximum(sums.atoms, 0.0)))
        free = np.full(len(sensitive), np.inf)
        model.row_lower_ = np.concatenate((np.zeros(len(fixed)), -free))
        model.row_upper_ = np.concatenate((np.zeros(len(fixed)), free))
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
        model.a_matrix_.index_ = matrix.indices.astype(np.int32)
        model.a_matrix_.value_ = matrix.data.astype(np.float64)
        self._highs.passModel(model)
        self._moved = np.zeros(self._atoms, dtype=bool)

    def change(self, place: int, by: float) -> Floats | None:
        row = self._fixed + place
        self._highs.changeRowBounds(row, by, by)
        self._highs.run()
        good = self._highs.getModelStatus() == self._optimal
        found = np.array(self._highs.getSolution().col_value, dtype=np.float64) if good else None
        self._highs.changeRowBounds(row, -np.inf, np.inf)
        if found is None:
            return None
        change = found[: self._atoms] - found[self._atoms :]
        whole = np.round(change)
        change = np.where(np.abs(change - whole) < 1e-6, whole, change)
        fresh = np.flatnonzero((np.abs(change) > 1e-6) & ~self._moved)
        self._moved[fresh] = True
        both = np.concatenate((fresh, fresh + self._atoms)).astype(np.int32)
        self._costs[both] *= _MOVED_ALREADY
        self._highs.changeColsCost(len(both), both, self._costs[both])
        return np.asarray(change, dtype=np.float64)
