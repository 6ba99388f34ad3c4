"""The same people printed in every period: a number that stands still over quarters is not added up.

Contrôles of four quarters may be added, allocataires of four quarters are the same people four times.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.errors import DataError, SpecError, cut, nearest
from auditkit.intake.count_totals import Marked
from auditkit.intake.doubts import Answer, Doubt, refuse_doubts
from auditkit.intake.written_numbers import Interval
from auditkit.spec import AuditSpec, DataSpec
from auditkit.text import Message, say

__all__ = ["join_periods"]

_MOST = 0.8
"""The share of groups in which a number must stand still to be asked about."""


def join_periods(
    spec: AuditSpec, data: DataSpec, rows: list[Marked], columns: dict[str, str], keys: Sequence[str], file: str
) -> tuple[list[Marked], list[Message]]:
    """The rows of each group added up, but for the numbers that data.stock names, which are taken once.

    Raises Unanswered where a number stands still beside one that varies and audit.yaml says nothing of it, DataError
    where a number named as a stock is not the same in every row of a group.
    """
    held = _named(data, columns)
    groups: dict[tuple[str, ...], list[Marked]] = {}
    for row in rows:
        groups.setdefault(tuple(row.record.texts[name] for name in keys), []).append(row)
    repeated = [found for found in groups.values() if len(found) > 1]
    if not repeated or "n" in columns:
        return rows, []
    if not held:
        refuse_doubts(_standing_still(spec, repeated, columns), file)
        return rows, []
    joined = [_joined(found, held, columns, file) for found in groups.values()]
    names = ", ".join(f'"{cut(columns[kind])}"' for kind in sorted(held))
    return joined, [say("{file}: {names} hold the same people in every row of a group, counted once.",
                        file=file, names=names)]  # fmt: skip


def _named(data: DataSpec, columns: dict[str, str]) -> set[str]:
    held = set()
    for name in data.stock:
        kinds = [kind for kind, column in columns.items() if column == name]
        if not kinds:
            raise SpecError(
                "data: stock names {name}, which is none of the columns of counts; the nearest: {known}.",
                name=f'"{cut(name)}"',
                known=nearest(name, list(columns.values())) or "-",
            )
        held |= set(kinds)
    return held


def _standing_still(spec: AuditSpec, repeated: Sequence[Sequence[Marked]], columns: dict[str, str]) -> list[Doubt]:
    if spec.unit == "event" or "stock" in spec.confirm:
        return []
    kinds = [kind for kind in ("total", "not_selected") if kind in columns]
    flows = [kind for kind in columns if kind not in ("total", "not_selected", "share")]
    for kind in kinds:
        still = [all(row.counts.get(kind) == found[0].counts.get(kind) for row in found) for found in repeated]
        vary = any(row.counts.get(flow) != found[0].counts.get(flow)
                   for found in repeated for row in found for flow in flows)  # fmt: skip
        if not flows or not vary or sum(still) < _MOST * len(still):
            continue
        first = next(found for found, one in zip(repeated, still, strict=True) if one)
        column = f'"{cut(columns[kind])}"'
        question = say(
            "{column} is {value} in each of the {rows} rows of {group}, while other columns vary: the same people in "
            "every period. If so, write under data in audit.yaml: stock: [{column}]; if they are to be added up "
            "(persons times periods): unit: event, or confirm: [stock].",
            column=column, value=f"{first[0].counts[kind].printed:g}", rows=len(first),
            group=f'"{cut(next(iter(first[0].record.texts.values()), ""))}"',
        )  # fmt: skip
        answers = (
            Answer("stock", say("They are the same people."), {"data": {"stock": [columns[kind]]}}),
            Answer("confirm", say("They are to be added up."), {"confirm": [*spec.confirm, "stock"]}),
        )
        return [Doubt("stock", columns[kind], question, (), answers)]
    return []


def _joined(found: Sequence[Marked], held: set[str], columns: dict[str, str], file: str) -> Marked:
    first = found[0]
    counts: dict[str, Interval] = {}
    for kind in first.counts:
        if kind not in held:
            counts[kind] = sum((row.counts[kind] for row in found), Interval.exact(0))
            continue
        for row in found:
            if row.counts[kind] != first.counts[kind]:
                raise DataError(
                    "{file}, {place}, column {column}: found {value}; expected {first} as in {other}, since data.stock "
                    "says that it is the same in every row of a group.",
                    file=file, place=row.record.place, column=f'"{cut(columns[kind])}"',
                    value=f"{row.counts[kind].printed:g}", first=f"{first.counts[kind].printed:g}",
                    other=first.record.place,
                )  # fmt: skip
        counts[kind] = first.counts[kind]
    if "total" in held and "not_selected" in counts and "not_selected" not in columns:
        # worked out of one row's total before, and the total stands once for all of them
        parts = [counts[kind] for kind in ("selected", "true_positive", "false_positive") if kind in counts]
        chosen, total = sum(parts, Interval.exact(0)), counts["total"]
        ends = (total.lower - chosen.upper, total.upper - chosen.lower, total.printed - chosen.printed)
        counts["not_selected"] = Interval(*(max(0.0, end) for end in ends))
    stages = tuple(sum(parts, Interval.exact(0)) for parts in zip(*(row.stages for row in found), strict=True))
    hidden = {kind: mark for row in found for kind, mark in row.hidden.items()}
    return Marked(first.record, counts, hidden, widened=True, stages=stages)
