"""From a ratio and its interval to a word, and to a number of people.

The limits are settings of the report, not of any law. Words in order: established, likely, present, small,
equivalent, inconclusive; the first that applies.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["directions", "verdicts"]

Floats = NDArray[np.float64]


def verdicts(
    estimate: Floats,
    lower: Floats,
    upper: Floats,
    p_adjusted: Floats,
    smaller_n: Floats,
    ratio: float = 1.25,
    minimum_n: int = 30,
) -> NDArray[np.object_]:
    """The verdict word of each ratio; `estimate` and `upper` may be infinite (reference rate 0), NaN is inconclusive.

    >>> word = verdicts(*map(np.array, ([1.9], [1.7], [2.1], [0.001], [800.0])))
    >>> str(word[0])
    'established'
    """
    low, high = 1.0 / ratio, ratio
    with np.errstate(invalid="ignore"):
        excludes = (lower > 1.0) | (upper < 1.0)
        wholly = (lower > high) | (upper < low)
        beyond = (estimate > high) | (estimate < low)
        reaches = (upper > high) | (lower < low)
        inside = (lower >= low) & (upper <= high)
        established = wholly & (smaller_n >= minimum_n) & (p_adjusted < 0.05)
    known = ~np.isnan(lower) & ~np.isnan(upper)
    result: NDArray[np.object_] = np.select(
        [
            ~known,
            established,
            excludes & beyond,
            excludes & reaches,
            excludes,
            inside,
        ],
        ["inconclusive", "established", "likely", "present", "small", "equivalent"],
        default="inconclusive",
    ).astype(object)
    return result


def directions(low: Floats, high: Floats, hurts: Literal["higher", "lower", "context"]) -> NDArray[np.object_]:
    """Whether the group fares worse or better than its reference; none where it is equal, unsure or only context.

    `low` and `high` are the ends of what the difference may be (equal where it is known).
    """
    sign = np.where((low > 0) & (high > 0), 1, np.where((low < 0) & (high < 0), -1, 0))
    if hurts == "context":
        sign = np.zeros_like(sign)
    elif hurts == "lower":
        sign = -sign
    result: NDArray[np.object_] = np.select([sign > 0, sign < 0], ["worse", "better"], default="none").astype(object)
    return result
