"""The labels of published counts looked at as the values of rows are: folded, joined as told, or asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from auditkit.intake.count_tables import CountRow, CountTable
from auditkit.intake.doubts import Asked, Doubt, refuse_doubts, role_columns, value_questions
from auditkit.intake.settle_values import settled_counts
from auditkit.spec import AuditSpec
from auditkit.text import Message

__all__ = ["settle_counts"]


def settle_counts(spec: AuditSpec, table: CountTable) -> tuple[CountTable, list[Message]]:
    """The table with its labels folded and joined as audit.yaml says, and what was done.

    Raises Unanswered for labels that may be one value or two, and for words that may mean that there is none.
    """
    changes: dict[str, dict[str, str | None]] = {}
    doubts: list[Doubt] = []
    notes: list[Message] = []
    for asked, texts in _labels(spec, table):
        counts, changed, said = settled_counts(texts, spec, table.file, asked.column)
        questions = [one for one in value_questions(asked, counts, spec) if one.key != "no_group"]  # totals add up here
        doubts += [doubt for doubt in questions if doubt not in doubts]
        notes += said
        if changed:
            changes[asked.role] = changed
    refuse_doubts(doubts, table.file)
    if not changes:
        return table, notes
    return replace(table, rows=tuple(_changed(spec, row, changes) for row in table.rows)), notes


def _labels(spec: AuditSpec, table: CountTable) -> list[tuple[Asked, dict[str, int]]]:
    """Each column of labels in a role, with the people counted under each label."""
    found = []
    for asked in role_columns(spec):
        name = asked.role.removeprefix("groups: ")
        grouped = asked.role.startswith("groups: ")
        if grouped and name not in table.attributes:
            continue
        texts: dict[str, int] = {}
        for row in table.rows:
            text = row.groups.get(name) if grouped else row.others.get(asked.column)
            if text is not None:
                texts[text] = texts.get(text, 0) + int(sum(count.printed for count in row.counts.values()))
        if texts and (grouped or any("n" in row.counts for row in table.rows) or asked.role in ("keep",)):
            found.append((asked, texts))
    for name in table.attributes:  # attributes with a table of their own
        if spec.groups[name].data is not None and spec.groups[name].bins is None:
            texts = {}
            for row in table.rows:
                people = int(sum(count.printed for count in row.counts.values()))
                texts[row.groups[name]] = texts.get(row.groups[name], 0) + people
            found.append((Asked(spec.groups[name].column, f"groups: {name}"), texts))
    return found


def _changed(spec: AuditSpec, row: CountRow, changes: Mapping[str, Mapping[str, str | None]]) -> CountRow:
    groups, others = dict(row.groups), dict(row.others)
    columns: Sequence[tuple[str, str]] = [(one.role, one.column) for one in role_columns(spec)]
    for role, moved in changes.items():
        name = role.removeprefix("groups: ")
        if role.startswith("groups: ") and name in groups:
            groups[name] = moved.get(groups[name], groups[name]) or ""
            continue
        for other, column in columns:
            if other == role and column in others:
                others[column] = moved.get(others[column], others[column]) or ""
    return replace(row, groups=groups, others=others)
