"""The figures of a kind of system: those that rows gave, as they were released, and those that released counts give.

Means of a group are held against those of its reference here, from what was released and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from auditkit.findings.assumed_figures import assumed_figures
from auditkit.findings.kind_parts import of_classes, of_policies, of_reach, of_verification
from auditkit.inference import holm, square_and_add
from auditkit.protect.released import Released, ReleasedAnalysis
from auditkit.result import KindFigure

__all__ = ["COMPARED", "kind_figures"]

OF_COUNTS: Mapping[str, Callable[[Released], Iterator[KindFigure]]] = {
    "classes": of_classes.figures_of_counts,
    "reach": of_reach.figures_of_counts,
    "verification": of_verification.figures_of_counts,
    "policies": of_policies.figures_of_counts,
}

COMPARED: Mapping[str, str] = {
    "quadratic_kappa": "kappa_difference",
    "mean_error": "mean_error_difference",
    "mean_absolute_error": "mean_absolute_error_difference",
}
"""Figures that a group is held against its reference in, and what the difference is called."""


def kind_figures(released: Released) -> tuple[KindFigure, ...]:
    """Every figure of every kind of the audit, in the order of the kinds, then those that rest on an assumption.

    Each kind's p are corrected together (Holm).
    """
    main = released.analyses[0]
    found: list[KindFigure] = []
    for kind in released.audit.kinds:
        of_kind = list(OF_COUNTS[kind](released)) if kind in OF_COUNTS else []
        mine = [one for one in main.kind_figures if one.kind == kind]
        of_kind += mine
        of_kind += _differences(main, mine)
        found += of_kind if kind == "probe" else _corrected(of_kind)
    return (*found, *assumed_figures(main))


def _corrected(figures: list[KindFigure]) -> list[KindFigure]:
    """The comparisons of a kind are one family: none of them looks unlike by the number of the others alone.

    Where a p was not released it is that of the released interval, which is rounded and so told to anybody anyway.
    """
    p_values = [_of_interval(one) if one.p_value is None else one.p_value for one in figures]
    return [
        one if math.isnan(p) else replace(one, p_value=float(p)) for one, p in zip(figures, holm(p_values), strict=True)
    ]


def _of_interval(one: KindFigure) -> float:
    """p of no difference by the half of the interval that lies towards it; NaN for what is no comparison of means.

    >>> like = KindFigure("survival", "pace_ratio", ("g",), ("b",), 0.5, 0.4, 0.62, unit="ratio", reference=("a",))
    >>> _of_interval(like) < 0.001
    True
    """
    from scipy.special import ndtr

    if one.item not in _NO_DIFFERENCE or one.value is None or one.lower is None or one.upper is None:
        return math.nan
    scale = math.log if one.unit == "ratio" else float
    none = _NO_DIFFERENCE[one.item]
    if one.unit == "ratio" and one.lower <= 0:
        return 1.0
    value, end = scale(one.value), scale(one.lower if one.value > none else one.upper)
    half, apart = abs(value - end), abs(value - scale(none))
    return 1.0 if apart == 0 else float(2 * ndtr(-1.96 * apart / half)) if half else 0.0


_NO_DIFFERENCE: Mapping[str, float] = {"pace_ratio": 1.0, "exposure_ratio": 1.0} | dict.fromkeys(COMPARED.values(), 0.0)


def _differences(analysis: ReleasedAnalysis, figures: list[KindFigure]) -> Iterator[KindFigure]:
    by_place = {(one.item, one.level, one.attributes, one.groups): one for one in figures}
    for view in analysis.views:
        reference = view.compared.reference
        if view.crossed or reference is None:
            continue
        for (item, level, attributes, groups), one in by_place.items():
            other = by_place.get((item, level, attributes, reference))
            if item in COMPARED and attributes == view.names and groups != reference and other is not None:
                yield _difference(one, other, COMPARED[item], analysis.spec.confidence)


def _difference(one: KindFigure, other: KindFigure, item: str, confidence: float) -> KindFigure:
    """The difference of two figures by the square-and-add rule, from their own intervals; p by Welch's test."""
    missing = next((x for x in (one, other) if x.value is None), None)
    if missing is not None:
        return KindFigure(
            one.kind, item, one.attributes, one.groups, None, unit=one.unit, level=one.level, reference=other.groups,
            status=missing.status, reason=missing.reason,
        )  # fmt: skip
    assert one.value is not None
    assert other.value is not None
    lower = upper = None
    ends = [end for end in (one.lower, one.upper, other.lower, other.upper) if end is not None]
    if len(ends) == 4:
        low, high = square_and_add(one.value, ends[0], ends[1], other.value, ends[2], ends[3])
        lower, upper = float(low), float(high)
    return KindFigure(
        one.kind, item, one.attributes, one.groups, one.value - other.value, lower, upper,
        "square_and_add" if lower is not None else "none", one.n, one.unit, one.level, other.groups,
        _welch(one, other, confidence),
    )  # fmt: skip


def _welch(one: KindFigure, other: KindFigure, confidence: float) -> float | None:
    """p of no difference, from each figure's interval and people; None where either is missing (as under protection).

    Welch 1947; the quantile of a large sample where the interval is not Student's.
    """
    from scipy.special import stdtr, stdtrit

    spreads, free = [], []
    for figure in (one, other):
        if figure.n is None or figure.lower is None or figure.upper is None or figure.n < 2:
            return None
        degrees = figure.n - 1 if figure.method == "student" else math.inf
        quantile = float(stdtrit(min(degrees, 1e9), (1 + confidence) / 2))
        spreads.append(((figure.upper - figure.lower) / (2 * quantile)) ** 2)
        free.append(degrees)
    assert one.value is not None
    assert other.value is not None
    if not sum(spreads) > 0:
        return None if one.value == other.value else 0.0
    degrees = sum(spreads) ** 2 / max(sum(v**2 / f for v, f in zip(spreads, free, strict=True)), 1e-300)
    return float(2 * stdtr(min(degrees, 1e9), -abs(one.value - other.value) / sum(spreads) ** 0.5))
