"""The values of every column in a role looked at once, before anything is counted: folded, joined as told, or asked.

A table in which nothing has to be folded stays as it is, so that counting it costs no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from auditkit.errors import cut
from auditkit.intake.doubts import Asked, refuse_doubts, role_columns, value_questions
from auditkit.intake.line_unit import line_doubts
from auditkit.intake.spelling import folded, listed_spellings
from auditkit.spec import AuditSpec
from auditkit.text import Message, say

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["named_columns", "rows_by_value", "same_values", "settle_values", "settled_counts"]

_MOST_VALUES = 50_000
"""A column of more different texts is no column of groups or decisions: it is left as it is."""

_FEW = 30
_BLANKS = " \t\r\n\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_numbers = count()


def settle_values(table: Table, spec: AuditSpec) -> Table:
    """The table with the texts of its roles folded and joined as audit.yaml says, and what was done in its notes.

    Raises Unanswered for what may be one value or two, and for words that may mean that there is none.
    """
    if table.settled:
        return table
    schema = table.frame.collect_schema()
    asked = [one for one in role_columns(spec) if one.column in schema and _is_text(schema[one.column])]
    columns = list(dict.fromkeys(one.column for one in asked))
    found = rows_by_value(table, columns) if columns else {}
    named = named_columns(table.columns, spec)
    doubts = [one for one in table.doubts if one.column in ("", *named) and one.key not in spec.confirm]
    doubts += line_doubts(table, spec)
    notes: list[Message] = []
    changes: dict[str, dict[str, str | None]] = {}
    for column, raw in found.items():
        counts, changed, said = settled_counts(raw, spec, table.name, column)
        notes += said
        if changed:
            changes[column] = changed
        for one in asked:
            if one.column == column:
                doubts += [doubt for doubt in value_questions(one, counts, spec) if doubt not in doubts]
                notes += _takes(one, counts, table.name)
    refuse_doubts(doubts, table.name)
    frame = table.frame
    if changes:
        frame = frame.with_columns(**{name: _changed(nw.col(name), moved) for name, moved in changes.items()})
    return replace(table, frame=frame, notes=(*table.notes, *notes), settled=True)


def named_columns(columns: Sequence[str], spec: AuditSpec) -> list[str]:
    """The columns whose name stands anywhere in the audit."""
    named: set[str] = set()
    nodes: list[Any] = [spec.model_dump(by_alias=True, exclude={"title", "rights", "system"})]
    while nodes:
        node = nodes.pop()
        if isinstance(node, Mapping):
            named |= {str(key) for key in node}
            nodes += node.values()
        elif isinstance(node, (list, tuple)):
            nodes += node
        elif isinstance(node, str):
            named.add(node)
    return [name for name in columns if name in named]


def settled_counts(
    raw: Mapping[str, int], spec: AuditSpec, file: str, column: str
) -> tuple[dict[str, int], dict[str, str | None], list[Message]]:
    """Rows by value once values are folded and joined; what each raw value becomes where it changes; what to say."""
    same = same_values(spec)
    missing = {"", *spec.missing_values}
    counts: dict[str, int] = {}
    changed: dict[str, str | None] = {}
    blanks, joined = False, dict[str, None]()
    for value, rows in raw.items():
        plain = folded(value)
        new = same.get(plain, plain)
        if value in missing:
            continue
        if plain in missing:
            changed[value] = None
            blanks = True
            continue
        if new != value:
            changed[value] = new
            blanks |= plain != value
            if new != plain:
                joined[f'"{cut(plain)}"'] = None
        counts[new] = counts.get(new, 0) + rows
    notes = []
    if blanks:
        notes.append(
            say(
                "{file}, column {column}: blanks at the ends and the form of Unicode do not tell values apart.",
                file=file, column=f'"{cut(column)}"',
            )
        )  # fmt: skip
    if joined:
        notes.append(
            say(
                "{file}, column {column}: {values} count as another spelling of one value, as the audit says (same).",
                file=file, column=f'"{cut(column)}"', values=", ".join(list(joined)[:6]),
            )
        )  # fmt: skip
    return counts, changed, notes


def same_values(spec: AuditSpec) -> dict[str, str]:
    """What each value that audit.yaml joins with others is counted as: one that it names elsewhere, else the first."""
    named = {text for one in role_columns(spec) for text in listed_spellings([*(one.listed or ()), *(one.other or ())])}
    for group in spec.groups.values():
        named |= {*group.values, group.reference if isinstance(group.reference, str) else ""}
    found: dict[str, str] = {}
    for values in spec.same:
        plain = [folded(value) for value in values]
        kept = next((value for value in plain if value in named), plain[0])
        found |= dict.fromkeys(plain, kept)
    return found


def _takes(asked: Asked, counts: Mapping[str, int], file: str) -> Iterator[Message]:
    """What a list takes beside what is written in it: 1.0 and true for 1."""
    for listed in (asked.listed, asked.other):
        if not listed:
            continue
        written = {folded(str(value)) for value in listed} | {str(v).lower() for v in listed if isinstance(v, bool)}
        more = [value for value in listed_spellings(listed) if value in counts and value not in written]
        if more:
            yield say(
                "{file}, column {column}: the list under {role} takes {values} as well.",
                file=file, column=f'"{cut(asked.column)}"', role=asked.role,
                values=", ".join(f'"{value}"' for value in more),
            )  # fmt: skip


def _is_text(kind: Any) -> bool:
    return kind in (nw.String, nw.Categorical, nw.Enum)


def _changed(value: nw.Expr, moved: Mapping[str, str | None]) -> nw.Expr:
    """A column with its values replaced; where many have blanks at their ends, those are stripped first."""
    value = value.cast(nw.String)
    if len(moved) > _FEW:
        stripped = value.str.strip_chars(_BLANKS)
        moved = {raw.strip(_BLANKS): new for raw, new in moved.items() if raw.strip(_BLANKS) != new}
        value = stripped
    found = value
    for raw, new in moved.items():
        becomes = nw.lit(None, nw.String) if new is None else nw.lit(new)
        found = nw.when(value == raw).then(becomes).otherwise(found)
    return found


def rows_by_value(table: Table, columns: Sequence[str]) -> dict[str, dict[str, int]]:
    """Rows by value of each column, missing values left out; columns of too many values are left out."""
    frame = table.frame.select(*[nw.col(name).cast(nw.String) for name in columns])
    if not frame.implementation.is_duckdb():
        return _few({name: _rows(frame.group_by(name).agg(auditkit_rows=nw.len()), name) for name in columns})
    relation = frame.to_native()
    kept = f"auditkit_values_{next(_numbers)}"
    if table.text:  # a text file is parsed once, whatever is asked of it
        relation.query("auditkit_rows", f"CREATE TEMP TABLE {kept} AS SELECT * FROM auditkit_rows")
        source = kept
    else:
        source = "auditkit_rows"
    found = {}
    for name in columns:
        quoted = '"' + name.replace('"', '""') + '"'
        query = f"SELECT {quoted}, count(*) FROM {source} GROUP BY ALL LIMIT {_MOST_VALUES + 1}"
        found[name] = {value: int(rows) for value, rows in relation.query("auditkit_rows", query).fetchall()}
    if table.text:
        relation.query("auditkit_rows", f"DROP TABLE {kept}")
    return _few(found)


def _rows(grouped: nw.LazyFrame[Any], name: str) -> dict[str, int]:
    found = grouped.head(_MOST_VALUES + 1).collect()
    return dict(zip(found.get_column(name).to_list(), found.get_column("auditkit_rows").to_list(), strict=True))


def _few(found: Mapping[str, Mapping[Any, int]]) -> dict[str, dict[str, int]]:
    """Columns of not too many values, without the missing ones."""
    return {
        name: {value: int(rows) for value, rows in values.items() if isinstance(value, str)}
        for name, values in found.items()
        if len(values) <= _MOST_VALUES
    }
