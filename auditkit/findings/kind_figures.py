"""The figures of a kind of system: those that rows gave, as they were released, and those that released counts give.

Means of a group are held against those of its reference here, from what was released and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from auditkit.findings.kind_parts import of_classes, of_policies, of_reach, of_verification
from auditkit.inference import square_and_add
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
    """Every figure of every kind of the audit, in the order of the kinds."""
    main = released.analyses[0]
    found: list[KindFigure] = []
    for kind in released.audit.kinds:
        if kind in OF_COUNTS:
            found += OF_COUNTS[kind](released)
        mine = [one for one in main.kind_figures if one.kind == kind]
        found += mine
        found += _differences(main, mine)
    return tuple(found)


def _differences(analysis: ReleasedAnalysis, figures: list[KindFigure]) -> Iterator[KindFigure]:
    by_place = {(one.item, one.level, one.attributes, one.groups): one for one in figures}
    for view in analysis.views:
        reference = view.compared.reference
        if view.crossed or reference is None:
            continue
        for (item, level, attributes, groups), one in by_place.items():
            other = by_place.get((item, level, attributes, reference))
            if item in COMPARED and attributes == view.names and groups != reference and other is not None:
                yield _difference(one, other, COMPARED[item])


def _difference(one: KindFigure, other: KindFigure, item: str) -> KindFigure:
    """The difference of two figures by the square-and-add rule, from their own intervals."""
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
    )  # fmt: skip
