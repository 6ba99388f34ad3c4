"""Does it hold elsewhere: the leading findings, one row an analysis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.audit_facts import AuditFacts
from auditkit.report.comparisons import Comparison, comparisons_of
from auditkit.report.number_words import Name, count
from auditkit.report.panels import Panel
from auditkit.report.strips import Cell, Column, Row, Table, log_scale, ratio_cell
from auditkit.result import AuditResult
from auditkit.text import Message, mark, say

__all__ = ["PANEL", "leading_findings"]

_FINDINGS = 4


def leading_findings(facts: AuditFacts) -> list[Comparison]:
    """The findings that lead, at most four: gaps to a group's disadvantage, else those to its advantage."""
    gaps = [one for one in facts.leading if one.is_gap and one.ratio is not None]
    return ([one for one in gaps if one.is_worse] or gaps)[:_FINDINGS]


def _is_wanted(result: AuditResult) -> bool:
    if len(result.analyses) < 2:
        return False
    facts = AuditFacts(result, "en")
    leading = leading_findings(facts)
    return bool(leading) and any(_same(one, analysis) for one in leading for analysis in result.analyses[1:])


def _same(one: Comparison, analysis: Any) -> Comparison | None:
    """The same comparison in another analysis."""
    gap = one.gap
    found = comparisons_of(analysis, (gap.measure,))
    return next(
        (
            o
            for o in found
            if (o.gap.attributes, o.gap.groups, o.gap.reference) == (gap.attributes, gap.groups, gap.reference)
        ),
        None,
    )


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    facts = AuditFacts(result, language)
    leading = leading_findings(facts)
    scale = log_scale(language)
    rows, told, held, failing = [], 0, 0, []
    for number, analysis in enumerate(result.analyses):
        others = [one if number == 0 else _same(one, analysis) for one in leading]
        if not any(others):
            continue
        name = facts.names.analysis(analysis.key, analysis.spec)
        if number == 0 and analysis.spec.name is not None:
            name = Name(analysis.spec.name.text(language))
        used = analysis.rows.used
        small = "" if used is None else say("{number} people", number=count(float(round(used)), language))
        cells = [ratio_cell(other, scale, facts) for other in others]
        rows.append(Row(name, small, tuple(_note(c, o, language) for c, o in zip(cells, others, strict=True))))
        for one, other in zip(leading, others, strict=True):
            if number == 0 or other is None or other.verdict is None:
                continue
            told += 1
            if other.is_gap and other.is_worse == one.is_worse:
                held += 1
            else:
                failing.append(
                    say(
                        "{group} in {analysis}",
                        group=facts.names.group(one.gap.attributes, one.gap.groups),
                        analysis=name,
                    )
                )
    columns = tuple(Column(_head(one, facts), Name(""), scale) for one in leading)
    caption = say("Leading findings in each analysis")
    table = Table(caption, "ratios", columns, tuple(rows), say("Times the rate of the reference"), hidden_caption=True)
    return {"table": table, "sentence": _sentence(told, held, failing)}


def _note(cell: Cell, other: Comparison | None, language: str) -> Cell:
    if other is not None:
        return cell
    return Cell(**{**cell.__dict__, "note": say("not in this analysis").text(language)})


def _head(one: Comparison, facts: AuditFacts) -> Message:
    return say(
        "{group}: {measure}",
        group=facts.names.group(one.gap.attributes, one.gap.groups),
        measure=facts.phrases.noun(one.gap.measure, facts.phrases.group(one.gap.attributes, one.gap.groups).gender),
    )


def _sentence(told: int, held: int, failing: list[Message]) -> Message:
    start = say("The same comparisons, on other rows or by other rules.")
    if held == told:
        return say("{start} Every one that can be made shows a gap in the same direction.", start=start)
    if held == 0:
        return say("{start} None of them shows the gap.", start=start)
    return say(
        "{start} {held} of {told} show a gap in the same direction; not: {failing}.",
        start=start, held=held, told=told, failing=tuple(failing[:6]),
    )  # fmt: skip


PANEL = Panel(
    "holds", "story", 60, "panels/holds.html", mark("Does it hold elsewhere?"), _is_wanted, _view, mark("Does it hold?")
)
