"""The analyses side by side: each group's figure in each of them, drawn and written; before and after, all and some.

Markers tell the analyses apart by shape; the table beside holds the same figures with their intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from auditkit.report.attribute_panel import shown_groups
from auditkit.report.chart_rows import Tick, axis, short_label
from auditkit.report.estimate_tables import EstimateRow, estimate_row
from auditkit.report.group_names import Names, anchor
from auditkit.report.line_charts import MARKERS
from auditkit.report.number_words import Name, tick_label
from auditkit.report.pair_panel import EstimateKey, estimate_index, pairs_of, primary_measures
from auditkit.report.sentences import finite
from auditkit.result import AnalysisResult, AuditResult, Estimate, ViewResult
from auditkit.text import say

__all__ = ["BeforeChart", "BeforeSection", "before_sections"]

_LEFT, _RIGHT, _TOP, _ROW, _LEGEND = 8.0, 392.0, 4, 36, 20


@dataclass(frozen=True)
class Marked:
    """A figure on the chart: its marker and its place."""

    marker: str
    at: str


@dataclass(frozen=True)
class BeforeRow:
    """One group: its figure in each analysis."""

    label: str
    text_y: int
    y: int
    line: tuple[str, str]
    marks: tuple[Marked, ...]


@dataclass(frozen=True)
class BeforeChart:
    """One measure of the groups of an attribute in several analyses."""

    anchor: str
    title: str
    description: str
    width: int
    height: int
    axis_y: int
    ticks: tuple[Tick, ...]
    rows: tuple[BeforeRow, ...]
    legend: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class BeforeTable:
    """The same figures: a row a group, a cell an analysis (None where an analysis has no such group)."""

    anchor: str
    title: str
    names: tuple[Name, ...]
    rows: tuple[tuple[Name, tuple[EstimateRow | None, ...]], ...]


@dataclass(frozen=True)
class BeforeSection:
    """One measure of one attribute, drawn and written."""

    chart: BeforeChart | None
    table: BeforeTable


def before_sections(result: AuditResult, language: str) -> tuple[BeforeSection, ...]:
    """A section for each attribute and primary measure; nothing where there is one analysis."""
    if len(result.analyses) < 2:
        return ()
    indexes = [estimate_index(analysis.estimates) for analysis in result.analyses]
    views: dict[tuple[str, ...], tuple[AnalysisResult, ViewResult]] = {}
    for analysis in result.analyses:
        for view in analysis.views:
            if len(view.attributes) == 1:
                views.setdefault(view.attributes, (analysis, view))
    found = []
    for analysis, view in views.values():
        primary = primary_measures(analysis.spec)
        groups = shown_groups(view, pairs_of(analysis) if len(view.groups) > 50 else (), primary)
        for measure in primary:
            if any((view.attributes, group, measure) in index for index in indexes for group in groups):
                found.append(_section(view.attributes, groups, measure, result, indexes, language))
    return tuple(found)


def _section(
    attributes: tuple[str, ...],
    groups: Sequence[tuple[str, ...]],
    measure: str,
    result: AuditResult,
    indexes: Sequence[dict[EstimateKey, Estimate]],
    language: str,
) -> BeforeSection:
    names = Names(result.spec, language)
    minimum = result.spec.publish.minimum_count
    every = [[index.get((attributes, group, measure)) for index in indexes] for group in groups]
    held = [i for i in range(len(indexes)) if any(row[i] is not None for row in every)]
    figures = [[row[i] for i in held] for row in every]
    labels = tuple(names.analysis(result.analyses[i].key, result.analyses[i].spec) for i in held)
    title = say(
        "{measure} by {attribute}", measure=names.measure(measure), attribute=str(names.attribute(attributes))
    ).text(language)
    rows = tuple(
        (
            names.group(attributes, group),
            tuple(None if e is None else estimate_row(e, False, names, minimum) for e in row),
        )
        for group, row in zip(groups, figures, strict=True)
    )
    place = anchor("before", *attributes, measure)
    return BeforeSection(
        _chart(place, title, attributes, groups, figures, measure, labels, names),
        BeforeTable(place + "-c", title, labels, rows),
    )


def _chart(
    place: str,
    title: str,
    attributes: tuple[str, ...],
    groups: Sequence[tuple[str, ...]],
    figures: Sequence[Sequence[Estimate | None]],
    measure: str,
    labels: Sequence[Name],
    names: Names,
) -> BeforeChart | None:
    language = names.language
    places = [[_value(e) for e in row[: len(MARKERS)]] for row in figures]
    known = [value for row in places for value in row if value is not None]
    if not known:
        return None
    scale = axis(known, _LEFT, _RIGHT, from_zero=True)
    rows: list[BeforeRow] = []
    for group, values in list(zip(groups, places, strict=True))[:25]:
        text_y = _TOP + _ROW * len(rows) + 14
        marks = tuple(Marked(MARKERS[i], scale.place(v)) for i, v in enumerate(values) if v is not None)
        ends = sorted(float(mark.at) for mark in marks)
        line = (f"{ends[0]:.1f}", f"{ends[-1]:.1f}") if ends else ("", "")
        label = short_label(str(names.group(attributes, group)), 50)
        rows.append(BeforeRow(label, text_y, text_y + 11, line, marks))
    bottom = _TOP + _ROW * len(rows)
    named = labels[: len(MARKERS)]
    return BeforeChart(
        anchor=place,
        title=title,
        description=say("The same figures stand in the table beside this chart.").text(language),
        width=400,
        height=bottom + 30 + _LEGEND * len(named),
        axis_y=bottom + 4,
        ticks=tuple(
            Tick(scale.place(step), partial(tick_label, measure, language=language)(step)) for step in scale.steps
        ),
        rows=tuple(rows),
        legend=tuple(
            (MARKERS[i], short_label(str(name), 52), bottom + 36 + _LEGEND * i) for i, name in enumerate(named)
        ),
    )


def _value(estimate: Estimate | None) -> float | None:
    if estimate is None or estimate.status not in ("computed", "bounds"):
        return None
    return finite(estimate.value)
