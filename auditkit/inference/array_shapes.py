"""What every function of this room needs: the array type, a division that gives NaN for a denominator of
zero, counts checked before they are used, and the normal quantile of a confidence level. Nothing here raises
or warns: a figure that cannot be worked out is NaN and its reason is the caller's to give."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

FloatArray = NDArray[np.float64]
IntegerArray = NDArray[np.int64]
BooleanArray = NDArray[np.bool_]
Interval = tuple[FloatArray, FloatArray]


def floats(values: ArrayLike) -> FloatArray:
    """The values as an array of doubles."""
    return np.asarray(values, dtype=np.float64)


def divide(numerator: ArrayLike, denominator: ArrayLike) -> FloatArray:
    """Numerator over denominator, NaN where the denominator is zero.

    >>> divide([1, 0, 3], [4, 0, 0]).tolist()
    [0.25, nan, nan]
    """
    top, bottom = np.broadcast_arrays(floats(numerator), floats(denominator))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(bottom == 0, np.nan, top / np.where(bottom == 0, 1.0, bottom))


def quantile_of(confidence: ArrayLike) -> FloatArray:
    """The two-sided normal quantile of a confidence level: 1.96 for 0.95.

    >>> print(f"{quantile_of(0.95):.6f}")
    1.959964
    """
    return floats(-ndtri((1.0 - floats(confidence)) / 2.0))


def counted(cases: ArrayLike, n: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Cases and totals broadcast together, NaN where they cannot be counts of the same rows.

    A total of zero or less, a negative count and more cases than rows give NaN in both; effective counts may
    pass their limits by rounding (one part in 10^9), and are put back on them.

    >>> cases, n = counted([3, 5, 0], [4, 4, 0])
    >>> cases.tolist(), n.tolist()
    ([3.0, nan, nan], [4.0, nan, nan])
    """
    x, total = np.broadcast_arrays(floats(cases), floats(n))
    with np.errstate(invalid="ignore"):
        possible = (total > 0) & (x >= -1e-9 * total) & (x <= total * (1 + 1e-9)) & np.isfinite(total)
    return np.where(possible, np.clip(x, 0.0, np.maximum(total, 0.0)), np.nan), np.where(possible, total, np.nan)


def on_valid(
    function: Callable[..., tuple[FloatArray, ...]], results: int, *values: ArrayLike
) -> tuple[FloatArray, ...]:
    """Run a function of one-dimensional arrays where every value is a number; NaN elsewhere, shape kept."""
    arrays = np.broadcast_arrays(*(floats(value) for value in values))
    valid = np.logical_and.reduce([np.isfinite(array) for array in arrays])
    filled: list[FloatArray] = [np.full(arrays[0].shape, np.nan) for _ in range(results)]
    if valid.any():
        for whole, part in zip(filled, function(*(array[valid] for array in arrays)), strict=True):
            whole[valid] = part
    return tuple(filled)


def quietly() -> Any:
    """A context in which 0/0 and overflow are silent, because their result is read and replaced."""
    return np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore")
