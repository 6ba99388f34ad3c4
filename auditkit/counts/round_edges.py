"""Edges of score steps: limits that the audit declares, and round numbers, which are no person's score."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_LEVELS", "MOST_STEPS", "outward", "round_edges"]

MOST_LEVELS = 50
"""A score of no more values is a column: each value is a step."""

MOST_STEPS = 40
"""About how many steps the scale is cut into before groups join theirs."""


def round_edges(lowest: float, highest: float, declared: Iterable[float] = ()) -> NDArray[np.float64]:
    """Rising edges inside a range: multiples of 1, 2 or 5 times a power of ten, and the declared numbers.

    >>> round_edges(6.3837, 85.4574).tolist()[:3], len(round_edges(6.3837, 85.4574, [60.5]))
    ([8.0, 10.0, 12.0], 40)
    """
    inside = {float(edge) for edge in declared if lowest < edge <= highest}
    if highest > lowest:
        rough = (highest - lowest) / MOST_STEPS
        power = math.floor(math.log10(rough))
        factor = next(one for one in (1, 2, 5, 10) if one * 10.0**power >= rough * (1 - 1e-9))
        first, last = (math.floor(end / (factor * 10.0**power)) for end in (lowest, highest))
        for place in range(first + 1, last + 1):
            edge = float(f"{place * factor}e{power}")
            if lowest < edge <= highest:
                inside.add(edge)
    return np.array(sorted(inside), dtype=np.float64)


def outward(lowest: float, highest: float) -> tuple[float, float]:
    """The ends of a range rounded outward, so that neither is anybody's score.

    >>> outward(6.3837, 85.4574), outward(0.0, 1.0)
    ((5.0, 90.0), (0.0, 1.0))
    """
    if not highest > lowest:
        return lowest, highest
    power = math.floor(math.log10((highest - lowest) / 10))
    unit = next(one for one in (1, 2, 5, 10) if one * 10.0**power >= (highest - lowest) / 20 * (1 - 1e-9))
    low, high = (float(f"{step * unit}e{power}") for step in
                 (math.floor(lowest / (unit * 10.0**power)), math.ceil(highest / (unit * 10.0**power))))  # fmt: skip
    return low, high
