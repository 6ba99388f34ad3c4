"""The analyses side by side: each group's figure in each of them, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.measures import primary_of
from auditkit.report.attribute_panel import shown_groups
from auditkit.report.estimate_tables import EstimateRow, estimate_row
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import Name
from auditkit.report.pair_panel import EstimateKey, estimate_index, pairs_of
from auditkit.result import AnalysisResult, AuditResult, Estimate, ViewResult
from auditkit.text import say

__all__ = ["BeforeTable", "before_tables"]


@dataclass(frozen=True)
class BeforeTable:
    """One measure of an attribute: a row a group, a cell an analysis (None where it has no such group)."""

    anchor: str
    title: str
    names: tuple[Name, ...]
    rows: tuple[tuple[Name, tuple[EstimateRow | None, ...]], ...]


def before_tables(result: AuditResult, language: str) -> tuple[BeforeTable, ...]:
    """A table for each attribute and primary measure; nothing where there is one analysis."""
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
        primary = primary_of(analysis.spec)
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
) -> BeforeTable:
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
    return BeforeTable(place + "-c", title, labels, rows)
