"""The parts of the six counts that a rate divides; what leads the last axis is free: a replicate is one more axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from auditkit.protect.released import CLASSES

if TYPE_CHECKING:
    from auditkit.measures.measure import Measure

__all__ = ["parts", "rate"]

Floats = NDArray[np.float64]

_PLACE = {name: i for i, name in enumerate(CLASSES)}


def parts(counts: Floats, measure: Measure) -> tuple[Floats, Floats]:
    """The people who count for a rate and those of its denominator who do not: arrays without the last axis.

    >>> from auditkit.measures.measure_table import measure
    >>> six = np.array([[30.0, 10, 0, 20, 40, 0]])  # TP, FP, -, FN, TN, -
    >>> yes, no = parts(six, measure("false_positive_rate"))
    >>> float(yes[0]), float(no[0])
    (10.0, 40.0)
    """
    numerator = [_PLACE[name] for name in measure.numerator]
    rest = [_PLACE[name] for name in measure.denominator if name not in measure.numerator]
    return counts[..., numerator].sum(axis=-1), counts[..., rest].sum(axis=-1)


def rate(counts: Floats, measure: Measure) -> Floats:
    """The rate itself; NaN where nobody is in the denominator.

    >>> from auditkit.measures.measure_table import measure
    >>> float(rate(np.array([[30.0, 10, 0, 20, 40, 0]]), measure("selection_rate"))[0])
    0.4
    """
    yes, no = parts(counts, measure)
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Floats = yes / (yes + no)
    return result
