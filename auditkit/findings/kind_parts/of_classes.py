"""The share of each class by group, and how far each group is shifted along the classes, from the released counts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from auditkit.inference import cumulative_odds, wilson
from auditkit.protect.released import SUMS, Released, ReleasedAnalysis, ReleasedView
from auditkit.result import KindFigure
from auditkit.spec.kinds.classes import cut_name

__all__ = ["figures_of_counts"]

_SELECTED, _PEOPLE = SUMS.index("selected"), SUMS.index("people")


def figures_of_counts(released: Released) -> Iterator[KindFigure]:
    """Class by class: the people at or beyond it less those at or beyond the next; then the shift of each group."""
    asked = released.audit.classes
    assert asked is not None
    order = [str(one) for one in asked.order]
    by_key = {one.key: one for one in released.analyses}
    cuts = [by_key.get(cut_name(asked.order, place)) for place in range(1, len(order))]
    if any(one is None for one in cuts):
        return
    main = released.analyses[0]
    several = main.spec.weight is not None or main.spec.cluster is not None
    for view in [view for view in (main.everyone, *main.views) if view is not None and not view.crossed]:
        tables = {
            group: _by_class([_beyond(one, view, group) for one in cuts if one is not None], _people(view, group))
            for group in view.everyone.groups
        }
        for group, counts in tables.items():
            yield from _shares(view.names, group, counts, order, main.spec.confidence, several)
        reference = view.compared.reference
        if view.names and reference in tables:
            yield from _shifts(view, tables, reference, main.spec.confidence, several)


def _people(view: ReleasedView, group: tuple[str, ...]) -> float:
    return _known(view, group, _PEOPLE)


def _known(view: ReleasedView, group: tuple[str, ...], place: int) -> float:
    """A sum of a group, NaN where it is withheld."""
    if group not in view.everyone.groups:
        return float("nan")
    row, counts = view.everyone.groups.index(group), view.everyone.counts
    return float(counts.lower[row, place]) if counts.exact[row, place] else float("nan")


def _beyond(analysis: ReleasedAnalysis, like: ReleasedView, group: tuple[str, ...]) -> float:
    views = (analysis.everyone, *analysis.views)
    mine = next((view for view in views if view is not None and view.names == like.names), None)
    return float("nan") if mine is None else _known(mine, group, _SELECTED)


def _by_class(beyond: list[float], people: float) -> list[float]:
    ends = [people, *beyond, 0.0]
    return [ends[i] - ends[i + 1] for i in range(len(ends) - 1)]


def _shares(
    names: tuple[str, ...], group: tuple[str, ...], counts: list[float], order: list[str], confidence: float,
    several: bool,
) -> Iterator[KindFigure]:  # fmt: skip
    n = sum(counts)
    for name, count in zip(order, counts, strict=True):
        if several or not np.isfinite([count, n]).all() or n <= 0:
            reason = "pair_of_options" if several else "withheld" if n != 0 else "empty_group"
            yield KindFigure(
                "classes", "share_of_class", names, group, None, unit="share", level=name,
                status="suppressed" if reason == "withheld" else "not_computed", reason=reason,
            )  # fmt: skip
            continue
        low, high = wilson(count, n, confidence)
        yield KindFigure(
            "classes", "share_of_class", names, group, count / n, float(low), float(high), "wilson", n, "share", name
        )


def _shifts(
    view: ReleasedView, tables: dict[tuple[str, ...], list[float]], reference: tuple[str, ...], confidence: float,
    several: bool,
) -> Iterator[KindFigure]:  # fmt: skip
    for group, counts in tables.items():
        if group == reference:
            continue
        n = sum(counts) + sum(tables[reference])
        reason = "pair_of_options" if several else "withheld" if not np.isfinite(n) else None
        shift = cumulative_odds(counts, tables[reference], confidence)
        for item, span, p in (
            ("cumulative_odds", (shift.odds_ratio, shift.lower, shift.upper), shift.p_value),
            ("proportional_odds_p", (shift.proportional_p, np.nan, np.nan), np.nan),
        ):
            value, lower, upper = (float(one) if np.isfinite(one) and reason is None else None for one in span)
            missing = reason or (None if value is not None else "few_cases")
            yield KindFigure(
                "classes", item, view.names, group, value, lower, upper, "wald" if lower is not None else "none",
                n if value is not None else None, "ratio" if item == "cumulative_odds" else "probability", "",
                reference, float(p) if value is not None and np.isfinite(p) else None,
                "computed" if value is not None else "suppressed" if reason == "withheld" else "not_computed",
                None if value is not None else missing,
            )  # fmt: skip
