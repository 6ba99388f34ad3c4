"""Sums that come out the same on every engine and in every order: numbers are added as whole numbers.

A sum of doubles depends on the order of the rows, and DuckDB's order differs from run to run. So a number x enters as
floor(x * 10^d + 0.5), d = 6 or fewer where the largest would pass 2^31; a product enters in two limbs, which leaves
52 bits to it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

__all__ = ["FixedSum", "fixed_sum", "range_centre"]

_LIMB = float(2**31)


@dataclass(frozen=True)
class FixedSum:
    """One sum: the columns of whole numbers under 2^31 that make it up (doubles, to be cast), and the way back.

    `largest` is the largest size of those numbers.
    """

    name: str
    columns: dict[str, nw.Expr]
    decimals: int
    largest: float = _LIMB

    def back(self, sums: dict[str, NDArray[np.int64]]) -> NDArray[np.float64]:
        """The sums as doubles, each converted once."""
        parts = [sums[column] for column in self.columns]
        if len(parts) == 1:
            return self._scaled(parts[0].astype(np.float64))
        high, low = parts
        carry = low >> 31
        whole = (high + carry).astype(np.float64) * _LIMB + (low & (2**31 - 1)).astype(np.float64)
        return self._scaled(whole)

    def _scaled(self, whole: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(_shift(whole, -self.decimals), dtype=np.float64)


def fixed_sum(name: str, value: nw.Expr, largest: float, limbs: int = 1, complete: bool = False) -> FixedSum:
    """The sum of `value`, whose size never passes `largest`; missing values add nothing.

    `limbs` is 1 for numbers as given, 2 for products, which need more digits than the sum of one limb has room for.
    `complete` says that no value is missing, which spares a look at each.
    """
    decimals = _decimals(largest, 2.0**31 if limbs == 1 else 2.0**52, 6 if limbs == 1 else 12)
    whole = (_shift(value, decimals) + 0.5).floor()
    if not complete:
        whole = whole.fill_null(0.0)
    if limbs == 1:
        return FixedSum(name, {name: whole}, decimals, float(_shift(largest, decimals)) + 1)
    high = (whole / _LIMB).floor()
    return FixedSum(
        name,
        {f"{name}_high": high, f"{name}_low": (whole - high * _LIMB)},
        decimals,
    )


def _decimals(largest: float, room: float, most: int) -> int:
    if not largest:
        return most
    return min(most, math.floor(math.log10((room - 1) / largest)))


def _shift(value: Any, decimals: int) -> Any:
    """Times ten to the power of `decimals`: a product, since polars divides by a number by multiplying by 1 over it."""
    return value * float(10.0**decimals)


def range_centre(lowest: float, highest: float) -> float:
    """A plain number near the middle: squares are summed around it, so that they keep their digits.

    >>> range_centre(0.0, 1.0), range_centre(600.0, 900.0)
    (0.5, 750.0)
    """
    middle = lowest / 2 + highest / 2
    return float(f"{middle:.3g}")
