"""Figures of a group as records: a value with its interval, or the reason why there is none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import wilson
from auditkit.result import KindFigure
from auditkit.result.kind_figure import KindUnit

__all__ = ["Subject", "made", "mean_of", "share_of"]

Floats = NDArray[np.float64]

Subject = tuple[tuple[str, ...], tuple[str, ...]]
"""Attributes and groups; both empty for everyone together."""

NOTHING = (np.nan, np.nan, np.nan)


def made(
    kind: str, item: str, of: Subject, span: tuple[float, float, float], n: float, method: str, unit: KindUnit,
    level: str = "", one_person: float = np.nan, dominated: bool = False, p_value: float = np.nan,
) -> KindFigure:  # fmt: skip
    """One figure: value, lower and upper of `span` (NaN where there is none). `one_person`, `dominated`: KindFigure."""
    value, lower, upper = (float(one) if np.isfinite(one) else None for one in span)
    whole = lower is not None and upper is not None
    return KindFigure(
        kind, item, *of, value, lower if whole else None, upper if whole else None, method if whole else "none", n,
        unit, level, p_value=float(p_value) if np.isfinite(p_value) else None,
        status="computed" if value is not None else "not_computed",
        reason=None if value is not None else "empty_group" if n == 0 else "few_cases",
        one_person=one_person, dominated=dominated,
    )  # fmt: skip


def share_of(
    kind: str, item: str, of: Subject, cases: float, n: float, confidence: float, level: str = ""
) -> KindFigure:
    """A count in a count, with Wilson's interval: never released by itself, since no system of counts holds it."""
    if n <= 0:
        return made(kind, item, of, NOTHING, n, "none", "share", level)
    low, high = wilson(cases, n, confidence)
    return made(kind, item, of, (cases / n, float(low), float(high)), n, "wilson", "share", level)


def mean_of(
    kind: str, item: str, of: Subject, values: Floats, times: Floats, confidence: float, unit: KindUnit,
    level: str = "",
) -> KindFigure:  # fmt: skip
    """The mean of `values`, each met `times` times, with Student's interval; none for a single one.

    >>> two = np.array([2.0, 2.0])
    >>> found = mean_of("prediction", "mean_error", ((), ()), np.array([1.0, 3.0]), two, 0.95, "amount")
    >>> found.value, round(found.upper, 3)
    (2.0, 3.837)
    """
    from scipy.special import stdtrit

    n = float(times.sum())
    if n <= 0:
        return made(kind, item, of, NOTHING, n, "none", unit, level)
    mean = float((values * times).sum()) / n
    largest, total = float(np.abs(values).max()), float((np.abs(values) * times).sum())
    half = np.nan
    if n > 1:
        spread = float((times * (values - mean) ** 2).sum()) / (n - 1)
        half = float(stdtrit(n - 1, (1 + confidence) / 2)) * (spread / n) ** 0.5
    span = (mean, mean - half, mean + half)
    return made(kind, item, of, span, n, "student", unit, level, largest / n, 2 * largest > total)
