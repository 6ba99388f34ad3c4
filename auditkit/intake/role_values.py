"""What stands in the columns of an audit: the values of each in a role, what a weight adds up to, which are unused.

A value of fewer than 11 rows is counted among the others, never shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from auditkit.errors import cut
from auditkit.intake.column_reading import Columns
from auditkit.intake.doubts import role_columns
from auditkit.intake.settle_values import named_columns, rows_by_value, settled_counts
from auditkit.intake.spelling import listed_spellings
from auditkit.spec import AuditSpec
from auditkit.text import Message, say, say_plural

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["columns_in_words"]

_MINIMUM = 11
_SHOWN = 12
_UNUSED = 40


def columns_in_words(table: Table, spec: AuditSpec) -> Iterator[Message]:
    """The values of every column in a role, with their rows; the weights added up; the columns that have no role."""
    asked = [one for one in role_columns(spec) if one.column in table.columns]
    found = rows_by_value(table, list(dict.fromkeys(one.column for one in asked))) if asked else {}
    for one in asked:
        if one.column in found:
            counts, _, _ = settled_counts(found[one.column], spec, table.name, one.column)
            listed = set(listed_spellings([*(one.listed or ()), *(one.other or ())]))
            yield say(
                "Values of {column} ({role}): {values}.",
                column=f'"{cut(one.column)}"', role=one.role, values=_with_rows(counts, listed),
            )  # fmt: skip
    if spec.weight is not None and spec.weight in table.columns:
        yield _weights(table, spec)
    named = named_columns(table.columns, spec)
    if unused := [name for name in table.columns if name not in named]:
        shown = ", ".join(f'"{cut(name)}"' for name in unused[:_UNUSED]) + (", …" if len(unused) > _UNUSED else "")
        yield say("Columns that this audit does not use: {names}.", names=shown)


def _with_rows(counts: Mapping[str, int], listed: set[str]) -> Message | str:
    """Values of enough rows, the most frequent first; those that a list names are marked."""
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    large = [value for value in ordered if counts[value] >= _MINIMUM][:_SHOWN]
    parts: list[Message | str] = []
    for value in large:
        text = f'"{cut(value)}"'
        marked = say("{value} (listed)", value=text) if value in listed else text
        parts.append(say("{value}: {rows}", value=marked, rows=counts[value]))
    if rest := len(counts) - len(large):
        rows = sum(counts.values()) - sum(counts[value] for value in large)
        parts.append(say_plural("{count} other: {rows}", "{count} others: {rows}", rest, rows=rows))
    said: Message | str = parts[0] if parts else "–"
    for part in parts[1:]:
        said = say("{first}, {second}", first=said, second=part)
    return said


def _weights(table: Table, spec: AuditSpec) -> Message:
    assert spec.weight is not None
    value = Columns.of(table, spec.missing_values).number(spec.weight, "weight").value
    sums = table.frame.select(auditkit_weight=value).select(
        rows=nw.col("auditkit_weight").count(), total=nw.col("auditkit_weight").sum(),
        low=nw.col("auditkit_weight").min(), high=nw.col("auditkit_weight").max(),
    )  # fmt: skip
    [row] = _eager(sums)
    rows, total, low, high = row
    return say(
        "The weights in {column} add up to {total}, from {low} to {high} a row: the {rows} rows then speak for {total} "
        "people. If {column} is no sampling weight (a body weight, say), take weight out of audit.yaml.",
        column=f'"{cut(spec.weight)}"', rows=int(rows), total=f"{total or 0:.10g}", low=f"{low or 0:g}",
        high=f"{high or 0:g}",
    )  # fmt: skip


def _eager(frame: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
    return frame.collect().rows()
