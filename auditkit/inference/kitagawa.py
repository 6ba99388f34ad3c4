"""Why a rate changed: because other people are there, or because the same people meet another rate (Kitagawa)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["RateChange", "rate_change"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RateChange:
    """A change of a rate of all in two parts that sum to it, each also by group (arrays of one entry a group)."""

    change: float
    composition: float
    treatment: float
    composition_by_group: Floats
    treatment_by_group: Floats


def rate_change(cases: ArrayLike, people: ArrayLike, cases_later: ArrayLike, people_later: ArrayLike) -> RateChange:
    """How much of the change of the rate of all comes from who is there, and how much from the rates of the groups?

    Composition: the sum of (share later - share before) * mean of both rates, each less the mean of the rate of all;
    treatment: (rate later - rate before) * mean of both shares. A group that came or went has one rate only, which
    stands for both: all of it is composition. Arrays of one entry a group. NaN where nobody is there at one time.
    Source: Kitagawa, Journal of the American Statistical Association 50 (1955) 1168.

    >>> found = rate_change([10, 40], [100, 100], [15, 120], [100, 300])
    >>> round(found.change, 5), round(found.composition, 5), round(found.treatment, 5)
    (0.0875, 0.06875, 0.01875)
    """
    x0, n0, x1, n1 = (np.asarray(a, dtype=float) for a in (cases, people, cases_later, people_later))
    if not (n0.sum() > 0 and n1.sum() > 0):
        nothing = np.full(x0.shape, np.nan)
        return RateChange(np.nan, np.nan, np.nan, nothing, nothing)
    before = np.divide(x0, n0, out=np.full(x0.shape, np.nan), where=n0 > 0)
    later = np.divide(x1, n1, out=np.full(x1.shape, np.nan), where=n1 > 0)
    before, later = np.where(n0 > 0, before, later), np.where(n1 > 0, later, before)
    before, later = np.nan_to_num(before), np.nan_to_num(later)
    w0, w1 = n0 / n0.sum(), n1 / n1.sum()
    middle = (x0.sum() / n0.sum() + x1.sum() / n1.sum()) / 2
    composition = (w1 - w0) * ((before + later) / 2 - middle)
    treatment = (later - before) * (w0 + w1) / 2
    change = float(x1.sum() / n1.sum() - x0.sum() / n0.sum())
    return RateChange(change, float(composition.sum()), float(treatment.sum()), composition, treatment)
