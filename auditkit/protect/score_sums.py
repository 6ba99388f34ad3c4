"""What joined score steps add up to: the class of each published step, and the score that stands for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from auditkit.result import ScoreBins

__all__ = ["STEP_CLASS", "middles"]

STEP_CLASS = {"positive": 3, "negative": 4, "unseen": 5, "people": 5}
"""Where the classes of score steps stand among the six: steps say nothing of who is selected."""


def middles(grid: ScoreBins, begins: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The score that stands for each group's own step, groups x steps: its one value, or its middle."""
    steps = begins.shape[1]
    found = np.zeros(begins.shape)
    for group, row in enumerate(begins):
        own = np.flatnonzero(row)
        for first, after in zip(own.tolist(), [*own[1:].tolist(), steps], strict=True):
            found[group, first] = (grid.lower[first] + grid.upper[after - 1]) / 2
    return found
