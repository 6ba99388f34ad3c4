"""The row account: every row read is either used or excluded for a reason that is named."""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import Name, count
from auditkit.result import AnalysisResult
from auditkit.text import Message, say

__all__ = ["RowLine", "RowsTable", "rows_table"]


@dataclass(frozen=True)
class RowLine:
    """One line: `kind` is read, excluded, used or within (a part of the rows used)."""

    label: Message
    number: str
    kind: str


@dataclass(frozen=True)
class RowsTable:
    """The account of one analysis."""

    anchor: str
    title: Name
    lines: tuple[RowLine, ...]
    notes: tuple[Message, ...]


def rows_table(analysis: AnalysisResult, names: Names) -> RowsTable:
    """Rows read, each exclusion, rows used, and what is missing among the rows used."""
    account = analysis.rows
    is_counts = analysis.spec.data is not None and analysis.spec.data.is_counts

    def number(value: float | None) -> str:
        if value is None:
            return say("withheld").text(names.language)
        text = count(float(value), names.language)
        return say("about {number}", number=text).text(names.language) if account.approximate else text

    read = say("people read, from published counts") if is_counts else say("rows read")
    used = say("people used") if is_counts else say("rows used")
    lines = [RowLine(read, number(account.read), "read")]
    lines += [
        RowLine(say("excluded: {because}", because=exclusion.because), number(exclusion.rows), "excluded")
        for exclusion in account.exclusions
    ]
    lines.append(RowLine(used, number(account.used), "used"))
    if account.without_outcome != 0:
        label = say("of these, outcome not known (used only where no outcome is needed)")
        lines.append(RowLine(label, number(account.without_outcome), "within"))
    if account.without_score != 0:
        lines.append(RowLine(say("of these, without a score"), number(account.without_score), "within"))
    for attribute, missing in account.not_stated.items():
        if missing != 0:
            label = say("of these, {attribute} not stated", attribute=names.attribute((attribute,)))
            lines.append(RowLine(label, number(missing), "within"))
    notes = _distinct((*account.notes, *analysis.notes))
    return RowsTable(anchor("rows", analysis.key), names.analysis(analysis.key, analysis.spec), tuple(lines), notes)


def _distinct(notes: tuple[Message, ...]) -> tuple[Message, ...]:
    kept: list[Message] = []
    for note in notes:
        if note not in kept:
            kept.append(note)
    return tuple(kept)
