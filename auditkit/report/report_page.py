"""The whole page, prepared: everything that a template shows, and nothing that it would have to work out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditkit.report.attribute_panel import AttributeSection, attribute_sections
from auditkit.report.attribution_panel import WhyPanel, why_panel
from auditkit.report.findings_panel import Findings, findings_of, linked
from auditkit.report.gap_comparisons import GapRow, gap_row
from auditkit.report.group_names import Names, anchor
from auditkit.report.methods_panel import Method, Methods, confidence_text, limits, methods_of, verdict_legend
from auditkit.report.number_words import Name, named
from auditkit.report.opening_panel import Opening, opening_of
from auditkit.report.pair_panel import pairs_of, primary_measures
from auditkit.report.regression_panel import RegressionTable, regression_tables
from auditkit.report.report_words import Term, terms
from auditkit.report.rights_panel import RightsPanel, anchors_of, rights_panel, share_sentences
from auditkit.report.row_account_panel import RowsTable, rows_table
from auditkit.report.side_by_side import BeforeSection, before_sections
from auditkit.report.sources_panel import (
    FILES,
    GlossaryLine,
    KnownLine,
    SourceLine,
    citation,
    glossary,
    known_figures,
    source_lines,
    versions,
)
from auditkit.report.sweep_panel import PointSection, point_sections
from auditkit.report.system_panel import CardLine, system_card
from auditkit.report.threshold_explorer import Explorer, explorer_of
from auditkit.result import AnalysisResult, AuditResult
from auditkit.text import Message, say

__all__ = ["AnalysisSection", "ComparedRow", "Page", "prepare_page"]

_TITLE_LENGTH = 200
_COMPARED_ROWS = 200


@dataclass(frozen=True)
class AnalysisSection:
    """One analysis: its attributes, single and crossed."""

    anchor: str
    title: Name
    is_main: bool
    single: tuple[AttributeSection, ...]
    crossed: tuple[AttributeSection, ...]


@dataclass(frozen=True)
class ComparedRow:
    """One primary gap over all analyses; None where an analysis has no such gap."""

    attribute: Name
    group: Name
    measure: str
    gaps: tuple[GapRow | None, ...]


@dataclass(frozen=True)
class Page:
    """All that the report shows."""

    language: str
    title: Name
    title_plain: str
    opening: Opening
    card: tuple[CardLine, ...]
    findings: Findings | None
    legend: tuple[Method, ...]
    main: AnalysisSection | None
    variations: tuple[AnalysisSection, ...]
    compared: tuple[ComparedRow, ...]
    compared_names: tuple[Name, ...]
    before: tuple[BeforeSection, ...]
    points: tuple[PointSection, ...]
    points_note: Message | None
    regressions: tuple[RegressionTable, ...]
    why: WhyPanel | None
    explorer: Explorer | None
    citation: Message
    reading: Message
    rows: tuple[RowsTable, ...]
    methods: Methods
    limits: tuple[Message, ...]
    sources: tuple[SourceLine, ...]
    versions: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    known: tuple[KnownLine, ...]
    glossary: tuple[GlossaryLine, ...]
    terms: tuple[Term, ...]
    notes: tuple[Message, ...]
    no_data: Message | None
    rights: RightsPanel | None
    shares: tuple[Message, ...]


def prepare_page(result: AuditResult, language: str, manifest: Mapping[str, Any] | None = None) -> Page:
    """Everything that the report shows of an audit, in words and places."""
    names = Names(result.spec, language)
    title = named(result.spec.title.text(language), _TITLE_LENGTH)
    sections = tuple(_analysis(analysis, result) for analysis in _named(result, language))
    places = set(anchors_of(sections))
    findings = linked(findings_of(result, names), places) if result.analyses else None
    points = _points(result, language)
    minimum = result.spec.publish.minimum_count
    return Page(
        language=language,
        title=title,
        title_plain=str(title),
        opening=opening_of(result, names, findings),
        card=system_card(result.spec, language),
        findings=findings,
        legend=verdict_legend(result, names),
        main=sections[0] if sections else None,
        variations=sections[1:],
        compared=_compared(result, language),
        compared_names=tuple(names.analysis(a.key, a.spec) for a in result.analyses),
        before=before_sections(result, language),
        points=points,
        points_note=_points_note(result),
        regressions=tuple(table for a in result.analyses for table in regression_tables(a, Names(a.spec, language))),
        why=why_panel(result.main, Names(result.main.spec, language), minimum) if result.analyses else None,
        explorer=explorer_of(points, language, _threshold(result)),
        citation=citation(result, language),
        reading=say(
            "In brackets: the {confidence} interval of each figure.",
            confidence=confidence_text(result, language),
        ),
        rows=tuple(rows_table(a, Names(a.spec, language)) for a in result.analyses),
        methods=methods_of(result, names),
        limits=limits(result),
        sources=source_lines(result, language),
        versions=versions(result, manifest),
        files=FILES,
        known=known_figures(result, language),
        glossary=glossary(result, names),
        terms=terms(language),
        notes=result.notes,
        no_data=None if result.analyses else say("This audit rests on documents alone: there is no table to count."),
        rights=rights_panel(result, names, places),
        shares=share_sentences(result.rights, language),
    )


def _named(result: AuditResult, language: str) -> list[tuple[AnalysisResult, Names]]:
    return [(analysis, Names(analysis.spec, language)) for analysis in result.analyses]


def _points(result: AuditResult, language: str) -> tuple[PointSection, ...]:
    """Thresholds, calibration, distribution and stages of the main analysis."""
    if not result.analyses:
        return ()
    names = Names(result.main.spec, language)
    return point_sections(result.main, names, result.spec.publish.minimum_count)


def _threshold(result: AuditResult) -> float | None:
    """The threshold of the main analysis, where it has one."""
    threshold = result.main.facts.get("threshold") if result.analyses else None
    return float(threshold) if isinstance(threshold, (int, float)) else None


def _points_note(result: AuditResult) -> Message | None:
    if not any(analysis.points for analysis in result.analyses[1:]):
        return None
    return say("The same of the other analyses is in results.json.")


def _analysis(pair: tuple[AnalysisResult, Names], result: AuditResult) -> AnalysisSection:
    analysis, names = pair
    minimum = result.spec.publish.minimum_count
    sections = attribute_sections(analysis, names, minimum)
    crossed = {anchor("attribute", analysis.key, *v.attributes) for v in analysis.views if len(v.attributes) > 1}
    return AnalysisSection(
        anchor=anchor("analysis", analysis.key),
        title=names.analysis(analysis.key, analysis.spec),
        is_main=analysis.key == "main",
        single=tuple(section for section in sections if section.anchor not in crossed),
        crossed=tuple(section for section in sections if section.anchor in crossed),
    )


def _compared(result: AuditResult, language: str) -> tuple[ComparedRow, ...]:
    """The primary gaps of single attributes side by side over analyses; nothing where there is one analysis."""
    if len(result.analyses) < 2:
        return ()
    minimum = result.spec.publish.minimum_count
    found: dict[tuple[tuple[str, ...], tuple[str, ...], str], dict[str, GapRow]] = {}
    labels: dict[tuple[tuple[str, ...], tuple[str, ...], str], tuple[Name, Name, str]] = {}
    for analysis, names in _named(result, language):
        primary = primary_measures(analysis.spec)
        for pair in pairs_of(analysis):
            gap = pair.main
            if gap.measure in primary and not gap.crossed:
                key = (gap.attributes, gap.groups, gap.measure)
                found.setdefault(key, {})[analysis.key] = gap_row(pair, names, minimum)
                labels.setdefault(
                    key,
                    (
                        names.attribute(gap.attributes),
                        names.group(gap.attributes, gap.groups),
                        names.measure(gap.measure),
                    ),
                )
    keys = [analysis.key for analysis in result.analyses]
    return tuple(
        ComparedRow(*labels[key], gaps=tuple(rows.get(name) for name in keys))
        for key, rows in list(found.items())[:_COMPARED_ROWS]
    )
