"""On which side of a rate its gap is judged: the event or its complement, whichever is rarer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["decisive_side"]

Floats = NDArray[np.float64]


def decisive_side(
    cases: Floats, n: Floats, reference_cases: Floats, reference_n: Floats, hurts: str | NDArray[np.object_]
) -> NDArray[np.object_]:
    """Which side the verdict is taken on: the event or its complement, whichever is rarer in both together.

    A tie goes to the side that hurts: the event where higher hurts, else the complement.

    >>> side = decisive_side(*map(np.array, ([98.0], [100.0], [94.0], [100.0])), "lower")
    >>> str(side[0])
    'complement'
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = (cases + reference_cases) / (n + reference_n)
    tie = np.where(np.asarray(hurts, dtype=object) == "lower", "complement", "event")
    result: NDArray[np.object_] = np.where(pooled == 0.5, tie, np.where(pooled < 0.5, "event", "complement")).astype(
        object
    )
    return result
