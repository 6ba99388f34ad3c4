"""A chain of decisions: a group leaves the chart at the first stage whose passing or stopping tells of few people.

It does not come back at a later stage, since those who pass one stage are those who reach the next. No group leaves
alone, and those who left hold the minimum together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from auditkit.measures.rates import STAGE_MEASURE
from auditkit.result import AnalysisResult, Gap, Point
from auditkit.withhold.suppression_rules import COMPLEMENTARY, SHOWN, SMALL_COUNT
from auditkit.withhold.withheld_records import CODES, blank_gap

__all__ = ["blank_point", "disclosed_stage_gaps", "disclosed_stages"]

Group = tuple[str, ...]


def blank_point(point: Point, reason: int) -> Point:
    """The point without any number."""
    return replace(
        point, value=None, lower=None, upper=None, numerator=None, denominator=None, status="suppressed",
        reason=CODES[reason],
    )  # fmt: skip


def disclosed_stages(
    points: Sequence[Point],
    minimum: int,
    before: Callable[[Group], int],
    selected: Callable[[Group], float | None] = lambda group: None,
) -> list[Point]:
    """The stage points of one attribute; `before` says whether a group is hidden from the start, and why.

    `selected` are those selected in the end, where the tables show them: the last stage, or those of another, must
    not be told apart from them by a few.
    """
    gone: dict[Group, int] = {}
    result: list[Point] = []
    for position in sorted({point.position for point in points}):
        here = [point for point in points if point.position == position]
        for point in here:
            reason = before(point.groups)
            if point.groups not in gone and (reason != SHOWN or _small(point, minimum, selected(point.groups))):
                gone[point.groups] = reason if reason != SHOWN else SMALL_COUNT
        _accompany(here, gone, minimum)
        result += [blank_point(p, gone[p.groups]) if p.groups in gone else p for p in here]
    order = {id(point): i for i, point in enumerate(points)}
    place = {(p.groups, p.position): order[id(p)] for p in points}
    return sorted(result, key=lambda p: place[p.groups, p.position])


def _sides(point: Point) -> tuple[float, float]:
    passed = point.numerator or 0.0
    return passed, (point.denominator or 0.0) - passed


def _small(point: Point, minimum: int, selected: float | None) -> bool:
    passed, stopped = _sides(point)
    apart = 0.0 if selected is None else abs(passed - selected)
    return min(passed, stopped) < minimum or 0.5 < apart < minimum


def _accompany(here: Sequence[Point], gone: dict[Group, int], minimum: int) -> None:
    """Hide the smallest groups beside the hidden ones until these are two and hold the minimum on both sides."""
    hidden = [point for point in here if point.groups in gone]
    others = sorted((p for p in here if p.groups not in gone), key=lambda p: p.denominator or 0.0)
    while hidden and others:
        passed, stopped = (sum(side) for side in zip(*map(_sides, hidden), strict=True))
        if len(hidden) > 1 and min(passed, stopped) >= minimum:
            return
        point = others.pop(0)
        gone[point.groups] = COMPLEMENTARY
        hidden.append(point)


def disclosed_stage_gaps(gaps: Sequence[Gap], points: Sequence[Point], analysis: AnalysisResult) -> list[Gap]:
    """The gaps, those of a stage only where the points of both groups there are shown; of the rest, all of them."""
    shown = {
        (p.attributes, p.groups, f"{STAGE_MEASURE}:{p.position:.0f}")
        for p in points
        if p.series == "stage" and p.status != "suppressed"
    }
    groups = {view.attributes: view.groups for view in analysis.views}
    result = []
    for gap in gaps:
        if not gap.measure.startswith(f"{STAGE_MEASURE}:") or gap.status == "suppressed":
            result.append(gap)
            continue
        one_group = gap.reference_rule not in ("rest", "highest_rate")
        concerned = (gap.groups, gap.reference) if one_group else groups.get(gap.attributes, ())
        safe = all((gap.attributes, group, gap.measure) in shown for group in concerned)
        result.append(gap if safe else blank_gap(gap, COMPLEMENTARY))
    return result
