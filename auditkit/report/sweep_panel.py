"""Figures along the score's scale and along stages: thresholds, calibration, distribution, chains of decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from auditkit.measures.rates import STAGE_MEASURE
from auditkit.report.code_words import withheld
from auditkit.report.group_names import Names, anchor, short_anchor
from auditkit.report.number_words import MISSING, Name, count, figure, named, position, span
from auditkit.report.stage_panel import Chain, chain_of
from auditkit.report.value_texts import finite, is_withheld
from auditkit.result import AnalysisResult, Point
from auditkit.text import mark, say, translate

__all__ = ["PointCell", "PointRow", "PointSection", "PointTable", "point_sections"]

_GROUPS = 8

SERIES = ("sweep", "top_share", "calibration", "distribution", "stage")
_TITLES = {
    "sweep": mark("Other thresholds"),
    "top_share": mark("Other shares of people selected"),
    "calibration": mark("What happened, along the score"),
    "distribution": mark("Where each group stands on the score"),
    "stage": mark("Stage by stage"),
}
_LEADS = {
    "sweep": mark("What each group would meet if the threshold lay elsewhere; the scores stay as they are."),
    "top_share": mark("What each group would meet if another share of people were selected."),
    "calibration": mark("Among people of about the same score, how many had the outcome. Equal lines mean equal risk."),
    "distribution": mark("What share of each group has a score in each part of the scale."),
    "stage": mark("Among those of each group who reached a stage, what share passed it."),
}
_AXES = {
    "sweep": mark("threshold"),
    "top_share": mark("share selected"),
    "calibration": mark("score"),
    "distribution": mark("score"),
    "stage": mark("stage"),
}


@dataclass(frozen=True)
class PointCell:
    """One figure and its interval; `people` and `share` serve the explorer."""

    anchor: str
    value: str
    interval: str
    people: str = ""
    share: float | None = None


@dataclass(frozen=True)
class PointRow:
    """One place on the scale, a cell a group."""

    position: str
    at: float
    cells: tuple[PointCell, ...]


@dataclass(frozen=True)
class PointTable:
    """One measure of the groups of an attribute along a scale, written."""

    title: str
    attribute: Name
    axis: str
    groups: tuple[Name, ...]
    rows: tuple[PointRow, ...]
    left_out: int
    chain: Chain | None = None


@dataclass(frozen=True)
class PointSection:
    """All tables of one series."""

    anchor: str
    series: str
    title: str
    lead: str
    tables: tuple[PointTable, ...]


def point_sections(analysis: AnalysisResult, names: Names, minimum_count: int) -> tuple[PointSection, ...]:
    """The series that the analysis holds, each with its tables in the order of the result."""
    language = names.language
    tables: dict[str, dict[tuple[tuple[str, ...], str], list[Point]]] = {}
    for point in analysis.points:
        tables.setdefault(point.series, {}).setdefault((point.attributes, point.measure), []).append(point)
    return tuple(
        PointSection(
            anchor=anchor("points", analysis.key, series),
            series=series,
            title=translate(_TITLES[series], language),
            lead=translate(_LEADS[series], language),
            tables=tuple(_table(points, analysis, names, minimum_count) for points in tables[series].values()),
        )
        for series in SERIES
        if series in tables
    )


def _place(point: Point, analysis: AnalysisResult, language: str) -> str:
    """A place on the scale in words."""
    if point.series == "stage":
        stages = analysis.spec.stages or []
        number = int(point.position)
        if 1 <= number <= len(stages):
            return str(named(stages[number - 1].name.text(language)))
        return str(number)
    if point.series == "top_share":
        return figure("selection_rate", point.position, language)
    if point.position_upper is None or point.position_upper == point.position:
        return position(point.position, language)
    return span(point.position, point.position_upper, partial(position, language=language), language)


def _table(points: Sequence[Point], analysis: AnalysisResult, names: Names, minimum_count: int) -> PointTable:
    language = names.language
    first = points[0]
    groups = tuple(dict.fromkeys(point.groups for point in points))
    shown = _shown(groups, points)
    places: dict[tuple[float, float | None], Point] = {}
    cells: dict[tuple[tuple[float, float | None], tuple[str, ...]], PointCell] = {}
    for point in points:
        where = (point.position, point.position_upper)
        places.setdefault(where, point)
        cells[(where, point.groups)] = _cell(point, analysis, names, minimum_count)
    order = sorted(places, key=lambda where: (where[0], where[1] or where[0]))
    empty = PointCell("", MISSING, "")
    return PointTable(
        title=_title(first, names),
        attribute=names.attribute(first.attributes),
        axis=translate(_AXES[first.series], language),
        groups=tuple(names.group(first.attributes, group) for group in shown),
        rows=tuple(
            PointRow(
                _place(places[where], analysis, language),
                where[0],
                tuple(cells.get((where, group), empty) for group in shown),
            )
            for where in order
        ),
        left_out=len(groups) - len(shown),
        chain=_chain(points, shown, analysis, names, minimum_count),
    )


def _chain(
    points: Sequence[Point], shown: Sequence[tuple[str, ...]], analysis: AnalysisResult, names: Names, minimum: int
) -> Chain | None:
    """The chain of decisions over the stages of an attribute."""
    if points[0].series != "stage":
        return None
    first = {int(point.position): point for point in points}
    steps = [_place(first[number], analysis, names.language) for number in sorted(first)]
    return chain_of(points, shown, steps, names, minimum)


def _title(point: Point, names: Names) -> str:
    if point.series == "distribution":
        return say("share of the group in each part of the scale").text(names.language)
    if point.series == "calibration":
        return say("share with the outcome").text(names.language)
    return names.measure(STAGE_MEASURE if point.series == "stage" else point.measure)


def _shown(groups: tuple[tuple[str, ...], ...], points: Sequence[Point]) -> tuple[tuple[str, ...], ...]:
    """At most eight groups, the largest, in their order."""
    if len(groups) <= _GROUPS:
        return groups
    sizes = dict.fromkeys(groups, 0.0)
    for point in points:
        sizes[point.groups] = max(sizes[point.groups], point.denominator or 0.0)
    largest = sorted(groups, key=lambda group: -sizes[group])[:_GROUPS]
    return tuple(group for group in groups if group in largest)


def _cell(point: Point, analysis: AnalysisResult, names: Names, minimum_count: int) -> PointCell:
    language = names.language
    where = (analysis.key, *point.attributes, *point.groups, point.measure, repr(point.position))
    place = short_anchor(point.series, *where, repr(point.position_upper))
    if is_withheld(point):
        return PointCell(place, withheld(point.reason, minimum_count).text(language), "")
    value = finite(point.value)
    write = _writer(point, language)
    interval = span(finite(point.lower), finite(point.upper), write, language)
    if value is None:
        return PointCell(place, "" if interval and point.series == "stage" else MISSING, interval)
    people = ""
    if point.numerator is not None and point.denominator is not None:
        numbers = {"number": count(point.numerator, language), "all": count(point.denominator, language)}
        people = say("{number} of {all}", **numbers).text(language)
    return PointCell(place, write(value), interval, people, value)


def _unit(point: Point) -> str:
    """The measure in whose unit a point's value is written."""
    return "selection_rate" if point.series in ("distribution", "calibration") else point.measure


def _writer(point: Point, language: str) -> Callable[[float], str]:
    return partial(figure, _unit(point), language=language)
