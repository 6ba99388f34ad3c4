"""A reader with a solver: what the lines of a published count table leave open of a number that is not in it.

Written apart from the code that protects, and from nothing but the lines and what everybody knows: which combinations
of attributes exist, that counts are whole and not negative, and that classes add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

MEANS = {
    "people": "tp fp su fn tn nu", "selected": "tp fp su", "not_selected": "fn tn nu", "positive": "tp fn",
    "negative": "fp tn", "correct": "tp tn", "true_positive": "tp", "false_positive": "fp", "selected_unseen": "su",
    "false_negative": "fn", "true_negative": "tn", "not_selected_unseen": "nu",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line: the group as attribute -> value (empty: everyone), the name of the sum, its value (None: withheld)."""

    group: tuple[tuple[str, str], ...]
    sum: str
    value: float | None


class Attacker:
    """Knows the lines, the combinations that exist, and the classes that the audit can have."""

    def __init__(self, lines: Iterable[Line], people: Sequence[dict[str, str]], classes: Sequence[str]) -> None:
        self._cells = [(person, name) for person in people for name in classes]
        known = [(self._row(line.group, line.sum), line.value) for line in lines if line.value is not None]
        self._rows = sparse.csr_matrix(np.array([row for row, _ in known])) if known else None
        self._values = np.array([value for _, value in known])

    def _row(self, group: Iterable[tuple[str, str]], name: str) -> np.ndarray:
        wanted = MEANS[name].split()
        return np.array(
            [float(kind in wanted and all(person[a] == v for a, v in group)) for person, kind in self._cells]
        )

    def interval(self, group: Iterable[tuple[str, str]], name: str, whole: bool = True) -> tuple[float, float]:
        """The least and largest value that this number can have."""
        row = self._row(list(group), name)
        held = () if self._rows is None else (optimize.LinearConstraint(self._rows, self._values, self._values),)
        ends = []
        for sign in (1, -1):
            found = optimize.milp(
                sign * row, constraints=held, integrality=np.full(len(row), int(whole)),
                bounds=optimize.Bounds(0, 1e6),
            )  # fmt: skip
            ends.append(sign * found.fun if found.success else sign * -np.inf)
        return float(np.ceil(ends[0] - 1e-6)), float(np.floor(ends[1] + 1e-6))
