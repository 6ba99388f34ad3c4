"""What joined score steps add up to: the class of each published step, and the score that stands for it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from auditkit.result import ScoreBins

__all__ = ["STEP_CLASS", "middles", "own_steps"]

STEP_CLASS = {"positive": 3, "negative": 4, "unseen": 5, "people": 5}
"""Where the classes of score steps stand among the six: steps say nothing of who is selected."""


def own_steps(begins: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The steps of one group: the grid step where each begins, and the one after its last; none where all are withheld.

    >>> own_steps(np.array([True, False, True])), own_steps(np.array([False, False]))
    ([(0, 2), (2, 3)], [])
    """
    first = np.flatnonzero(begins).tolist()
    return [*pairwise([*first, len(begins)])] if first else []


def middles(grid: ScoreBins, begins: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The score that stands for each group's own step, groups x steps: its one value, or its middle."""
    found = np.zeros(begins.shape)
    for group, row in enumerate(begins):
        for first, after in own_steps(row):
            found[group, first] = (grid.lower[first] + grid.upper[after - 1]) / 2
    return found
