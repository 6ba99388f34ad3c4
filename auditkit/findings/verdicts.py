"""Whether a group fares worse or better than its reference."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["directions"]

Floats = NDArray[np.float64]


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
