"""Published counts: a table of numbers as an agency printed it, read row by row into what each count may be.

Every hidden or rounded number is an interval; every total is checked, used to narrow what is hidden, and
set aside. What is not recognised is refused with its cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditkit.errors import DataError, SpecError, cut
from auditkit.intake.count_columns import complete, count_columns, gather
from auditkit.intake.count_layout import Record, Records, read_across, read_records
from auditkit.intake.count_patterns import is_patterned, read_patterned
from auditkit.intake.count_stock import join_periods
from auditkit.intake.count_totals import Marked, check_totals, narrow_rows, whole_people
from auditkit.intake.doubts import refuse_doubts
from auditkit.intake.file_source import FileSource, find_file
from auditkit.intake.sheet_grid import read_grid
from auditkit.intake.written_numbers import (
    Interval,
    Refusal,
    hidden_by,
    hiding,
    plain,
    read_count,
    read_number,
    read_share,
)
from auditkit.spec import AuditSpec, DataSpec, Suppressed
from auditkit.text import Message, say

__all__ = ["CountRow", "CountTable", "PublishedCounts", "read_counts"]


@dataclass(frozen=True)
class CountRow:
    """One row of counts: `groups` by attribute, `others` by column as found, `counts` by kind, and its place.

    A kind is true_positive, false_positive, true_negative, false_negative, selected, not_selected, or n
    (long form). `total` is the number of people that the table gives for the row, where it gives one; `stages` are
    those who passed each step of a chain of decisions.
    """

    groups: dict[str, str]
    others: dict[str, str]
    counts: dict[str, Interval]
    place: Message | str
    total: Interval | None = None
    stages: tuple[Interval, ...] = ()


@dataclass(frozen=True)
class CountTable:
    """The counts of linked attributes: one table for each unlinked attribute, one for all linked ones.

    `people` is how many people a total line says that there are in all, where one does.
    """

    attributes: tuple[str, ...]
    rows: tuple[CountRow, ...]
    file: str
    decimal: str | None = None
    people: float | None = None


@dataclass(frozen=True)
class PublishedCounts:
    """All the count tables of an audit, what was recognised, and the files they came from."""

    tables: tuple[CountTable, ...]
    notes: tuple[Message, ...]
    sources: tuple[FileSource, ...]


def read_counts(spec: AuditSpec, folder: Path) -> PublishedCounts:
    """The published counts that an analysis names, its files beside `folder`.

    Raises DataError with file and cell for what is not recognised, for totals that do not add up, and for
    negative or fractional counts; SpecError for a form that cannot be.
    """
    _refuse_what_needs_rows(spec)
    tables: list[CountTable] = []
    notes: list[Message] = []
    sources: dict[Path, FileSource] = {}
    for attributes, data in _plan(spec):
        if not data.is_counts:
            raise SpecError(
                "groups: {name} has a table of rows, while other tables hold counts; expected count or columns.",
                name=f'"{cut(attributes[0])}"',
            )
        if data.file is None:
            raise SpecError("data: counts are read from a file; expected file.")
        source = find_file(data.file, folder)
        sources.setdefault(source.path, source)
        found, said = _read_table(spec, data, attributes, source)
        tables += found
        notes += said
    return PublishedCounts(tuple(tables), tuple(notes), tuple(sources.values()))


def _refuse_what_needs_rows(spec: AuditSpec) -> None:
    reason: str | None = None
    if spec.weight is not None:
        reason = "weight"
    elif spec.cluster is not None:
        reason = "cluster"
    elif any(stage.selected is not None for stage in spec.stages or []):
        reason = "stages: selected"
    elif spec.prediction is not None:
        reason = "prediction"
    elif spec.arm is not None:
        reason = "observed: arm"
    elif spec.outcome is not None and spec.outcome.numeric:
        reason = "outcome: numeric"
    elif spec.selected is not None and (spec.selected.top is not None or spec.selected.top_share is not None):
        reason = "selected: top_share"
    if reason is not None:
        raise SpecError("{what} needs rows; the data are published counts. Take it out.", what=reason)


def _plan(spec: AuditSpec) -> list[tuple[tuple[str, ...], DataSpec]]:
    """Which attributes each table holds: those with a table of their own, and all the others together."""
    plan: list[tuple[tuple[str, ...], DataSpec]] = []
    common = tuple(name for name, group in spec.groups.items() if group.data is None)
    if common:
        if spec.data is None:
            raise SpecError("data: a table of counts is missing.")
        plan.append((common, spec.data))
    plan += [((name,), group.data) for name, group in spec.groups.items() if group.data is not None]
    return plan


def _read_table(
    spec: AuditSpec, data: DataSpec, attributes: tuple[str, ...], source: FileSource
) -> tuple[list[CountTable], list[Message]]:
    keys = _key_columns(spec, data, attributes)
    columns = count_columns(data, spec.stages or [])
    grid = read_grid(source, data)
    refuse_doubts((doubt for doubt in grid.doubts if doubt.key not in spec.confirm), source.name)
    if data.across is not None and is_patterned(columns):
        inside = spec.groups[_across_attribute(spec, data.across, attributes)].column
        others = [column for column in keys.values() if column != inside]
        records = read_patterned(grid, inside, others, list(columns.values()), data.header_row)
    elif data.across is not None:
        attribute = _across_attribute(spec, data.across, attributes)
        attributes = (attribute,)
        keys = {}
        records = read_across(grid, attribute, list(columns.values()), data.header_row)
    else:
        wanted = list(dict.fromkeys([*keys.values(), *columns.values()]))
        counted = list(columns.values())
        records = read_records(grid, wanted, counted, data.header_row, data.head_rows, data.label_column)
    marked, notes = _marked_rows(spec, data, records, columns, source.name)
    gather(marked, len(spec.stages or []))
    complete(marked, source.name)
    key_names = [*keys.values()] or [attributes[0]]
    narrow_rows(marked, _row_key(spec, data, key_names), source.name)
    people = whole_people(marked, key_names, data.totals)
    marked = check_totals(marked, key_names, data.totals, source.name)
    marked, said = join_periods(spec, data, marked, columns, key_names, source.name)
    narrow_rows(marked, _row_key(spec, data, key_names), source.name)
    tables = _tables(spec, data, attributes, keys, marked, source.name)
    if len(tables) == 1:
        tables = [replace(tables[0], people=None if said else people)]
    return tables, [*records.notes, *notes, *said]


def _across_attribute(spec: AuditSpec, across: str, attributes: tuple[str, ...]) -> str:
    found = [name for name in attributes if across in (name, spec.groups[name].column)]
    if len(found) != 1 or len(attributes) != 1:
        raise SpecError(
            "data: across names {across}; expected the one attribute of this table, of: {names}. Give other "
            "attributes a table of their own with data in the group.",
            across=f'"{cut(across)}"',
            names=", ".join(f'"{cut(name)}"' for name in attributes),
        )
    return found[0]


def _key_columns(spec: AuditSpec, data: DataSpec, attributes: tuple[str, ...]) -> dict[str, str]:
    """The columns that say whom a count is of: key names ours, values the column names of the table."""
    if data.across is not None and (data.columns is None or not is_patterned(count_columns(data, []))):
        if data.columns is None:
            raise SpecError("data: across goes with columns, not with count.")
        if spec.strata or spec.keep:
            raise SpecError(
                "data: a table with groups across its columns holds no other labels; take out strata and keep."
            )
        return {}
    keys: dict[str, str] = {}
    if data.stacked is not None:
        keys |= {"stacked attribute": data.stacked.attribute, "stacked group": data.stacked.group}
    else:
        keys |= {f"group {name}": spec.groups[name].column for name in attributes}
    keys |= {f"stratum {name}": stratum.column for name, stratum in spec.strata.items()}
    if data.count is not None:
        if spec.selected is not None and spec.selected.column is not None:
            keys["selected"] = spec.selected.column
        if spec.score is not None:
            keys["score"] = spec.score.column
        if spec.outcome is not None:
            keys["outcome"] = spec.outcome.column
    keys |= {f"keep {i}": condition.column for i, condition in enumerate(spec.keep)}
    return keys


def _row_key(spec: AuditSpec, data: DataSpec, key_names: Sequence[str]) -> list[str]:
    """The columns whose values make rows of a long table one group: all but those of selection and
    outcome."""
    if data.count is None:
        return []
    inner = {spec.outcome.column if spec.outcome else None, spec.score.column if spec.score else None}
    inner.add(spec.selected.column if spec.selected else None)
    return [name for name in key_names if name not in inner]


def _marked_rows(
    spec: AuditSpec, data: DataSpec, records: Records, columns: dict[str, str], file: str
) -> tuple[list[Marked], list[Message]]:
    """Each record with its counts read; what had to be recognised is noted."""
    notes: list[Message] = []
    scale = _scale(data, records, columns["share"]) if "share" in columns else 1.0
    decimals = _share_decimals(records, columns["share"]) if "share" in columns else None
    rows = []
    for record in records.rows:
        counts: dict[str, Interval] = {}
        hidden: dict[str, Suppressed] = {}
        for kind, column in columns.items():
            try:
                if kind == "share" and (mark := hiding(record.cells[column], data.suppressed)) is not None:
                    counts["selected"], footnote = hidden_by(mark), None
                    hidden["selected"] = mark
                elif kind == "share":
                    counts[kind], found = read_share(record.cells[column], data.decimal, scale, decimals)
                    footnote = found.mark
                else:
                    counts[kind], mark, footnote = read_count(
                        record.cells[column], data.decimal, data.suppressed, data.rounded_to
                    )
                    if mark is not None:
                        hidden[kind] = mark
            except Refusal as refusal:
                raise _refused(file, record, column, refusal) from None
            if footnote is not None:
                notes.append(
                    say(
                        "{file}, {place}: the footnote mark {mark} beside the number was set aside.",
                        file=file,
                        place=record.places[column],
                        mark=f'"{footnote}"',
                    )
                )
        rows.append(Marked(record, counts, hidden))
    if scale == 100:
        notes.append(say("{file}: the column {column} is in per cent.", file=file, column=f'"{cut(columns["share"])}"'))
    if scale == 1000:
        notes.append(say("{file}: the column {column} is per 1,000.", file=file, column=f'"{cut(columns["share"])}"'))
    return rows, notes


def _refused(file: str, record: Record, column: str, refusal: Refusal) -> DataError:
    text = record.cells[column]
    shown = plain(text) if isinstance(text, str) else f"{text:g}"
    if (isinstance(text, str) and not any(c.isdigit() for c in shown.lstrip("<≤ "))) or shown.startswith(("<", "≤")):
        return DataError(
            "{file}, {place}, column {column}: found {value}; expected {expected}. If it hides "
            "a number, say under "
            "data what it may be, such as suppressed: [{{text: {value}, means: [0, 4]}}].",
            file=file,
            place=record.places[column],
            column=f'"{cut(column)}"',
            value=f'"{cut(shown)}"',
            expected=refusal.expected,
        )
    return DataError(
        "{file}, {place}, column {column}: found {value}; expected {expected}.",
        file=file,
        place=record.places[column],
        column=f'"{cut(column)}"',
        value=f'"{cut(shown)}"',
        expected=refusal.expected,
    )


def _scale(data: DataSpec, records: Records, column: str) -> float:
    """Of how many a column of shares tells: 1,000 or 100 where its name says so, 100 where a number is above 1."""
    if re.search(r"\u2030|1[\s.,\u00a0\u202f]?000|\bmille?\b|\bTausend\b|\bduizend\b", column, re.IGNORECASE):
        return 1000.0
    if "%" in column:
        return 100.0
    for record in records.rows:
        try:
            found = read_number(record.cells[column], data.decimal)
        except Refusal:
            continue
        if found.value > 1 and not found.percent:
            return 100.0
    return 1.0


def _share_decimals(records: Records, column: str) -> int | None:
    """The decimals of a column of numbers in a sheet, where 0.50 is kept as 0.5; None in a column of
    texts."""
    numbers = [record.cells[column] for record in records.rows if not isinstance(record.cells[column], str)]
    return max((read_number(cell, None).decimals for cell in numbers), default=None)


def _tables(
    spec: AuditSpec,
    data: DataSpec,
    attributes: tuple[str, ...],
    keys: dict[str, str],
    marked: Sequence[Marked],
    file: str,
) -> list[CountTable]:
    group_columns = {name: keys.get(f"group {name}", name) for name in attributes}
    if data.stacked is None:
        rows = []
        for row in marked:
            groups = {name: row.record.texts[column] for name, column in group_columns.items()}
            rows.append(_count_row(row, groups))
        return [CountTable(attributes, tuple(rows), file, data.decimal)]
    tables = []
    for name in attributes:
        label = spec.groups[name].column
        chosen = [row for row in marked if row.record.texts[data.stacked.attribute] == plain(label)]
        if not chosen:
            raise DataError(
                "{file}: no row of column {column} says {value}; it holds: {names}.",
                file=file,
                column=f'"{cut(data.stacked.attribute)}"',
                value=f'"{cut(label)}"',
                names=", ".join(
                    f'"{cut(v)}"' for v in dict.fromkeys(row.record.texts[data.stacked.attribute] for row in marked)
                ),
            )
        rows = [_count_row(row, {name: row.record.texts[data.stacked.group]}) for row in chosen]
        tables.append(CountTable((name,), tuple(rows), file, data.decimal))
    return tables


def _count_row(row: Marked, groups: dict[str, str]) -> CountRow:
    return CountRow(groups, row.record.texts, _kinds(row), row.record.place, row.counts.get("total"), row.stages)


def _kinds(row: Marked) -> dict[str, Interval]:
    """The counts in kinds that do not overlap: totals and shares turned into selected and not selected."""
    counts = dict(row.counts)
    counts.pop("share", None)
    total = counts.pop("total", None)
    if total is not None and "not_selected" not in counts and "selected" in counts:
        selected = counts["selected"]
        rest = Interval(
            max(0.0, total.lower - selected.upper),
            max(0.0, total.upper - selected.lower),
            max(0.0, total.printed - selected.printed),
        )
        counts["not_selected"] = rest
    return counts
