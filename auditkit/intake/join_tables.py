"""Attributes kept in another file: joined on a key, compared as text exactly as found, no row lost or
doubled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from auditkit.errors import DataError, cut
from auditkit.intake.database import literal, quoted
from auditkit.intake.duckdb_relation import Opened, nearest_columns
from auditkit.intake.file_format import format_of
from auditkit.intake.file_source import find_file
from auditkit.spec import DataSpec, Join
from auditkit.text import say_plural

__all__ = ["open_join", "with_join"]


def open_join(connection: Any, join: Join, folder: Path, missing_values: Sequence[str]) -> Opened:
    """The file to be joined, opened as any other."""
    given = {"file": join.file, "sheet": join.sheet, "separator": join.separator, "encoding": join.encoding}
    data = DataSpec.model_validate({k: v for k, v in given.items() if v is not None})
    source = find_file(join.file, folder)
    return format_of(source).open(connection, source, data, missing_values, "joined")


def with_join(
    connection: Any, left: Opened, right: Opened, keys: Sequence[str], missing_values: Sequence[str]
) -> Opened:
    """Left rows with the other file's columns beside them; rows without a match have missing values there.

    Raises DataError for a key column that one of the files lacks, for a column that both have, and for a
    key that the joined file gives twice (with its rows). A note says how many rows found no match.
    """
    for opened in (left, right):
        for key in keys:
            if key not in opened.columns:
                raise DataError(
                    "{file} has no column {column} to join on; the nearest: {names}.",
                    file=opened.files[0].name,
                    column=f'"{cut(key)}"',
                    names=nearest_columns(key, opened.columns),
                )
    added = [name for name in right.columns if name not in keys]
    lowered = {name.lower() for name in left.columns}
    for name in added:
        if name.lower() in lowered:
            raise DataError(
                "Both {first} and {second} have a column {column}; rename it in one of them.",
                first=left.files[0].name,
                second=right.files[0].name,
                column=f'"{cut(name)}"',
            )
    _refuse_doubles(connection, right, keys)
    condition = " AND ".join(f"{_as_text('l', key)} = {_as_text('r', key)}" for key in keys)
    columns = [f"l.{quoted(name)}" for name in left.columns]
    nulls = ", ".join(literal(value) for value in dict.fromkeys(["", *missing_values]))
    for name in added:
        text = _as_text("r", name)
        found = f"CASE WHEN {text} NOT IN ({nulls}) THEN {text} END" if left.text else f"r.{quoted(name)}"
        columns.append(f"{found} AS {quoted(name)}")
    joined = f"FROM ({left.select}) l LEFT JOIN ({right.select}) r ON {condition}"
    [(unmatched, rows)] = connection.execute(
        f"SELECT count(*) FILTER (WHERE r.{quoted(keys[0])} IS NULL), count(*) {joined}"
    ).fetchall()
    note = say_plural(
        "{file}: {count} of {rows} rows has no match by {key}; its values are missing.",
        "{file}: {count} of {rows} rows have no match by {key}; their values are missing.",
        int(unmatched),
        file=right.files[0].name,
        rows=int(rows),
        key=", ".join(cut(key) for key in keys),
    )
    return Opened(
        f"SELECT {', '.join(columns)} {joined}",
        (*left.columns, *added),
        left.text,
        left.decimal,
        left.files + right.files,
        (*left.notes, *right.notes, note),
        left.layout,
    )


def _as_text(side: str, column: str) -> str:
    """A value as text: whole numbers of a column of decimals as whole numbers, so that 12.0 meets 12."""
    text = f"CAST({side}.{quoted(column)} AS VARCHAR)"
    return f"regexp_replace({text}, {literal('^(-?[0-9]+)[.]0+$')}, {literal(chr(92) + '1')})"


def _refuse_doubles(connection: Any, right: Opened, keys: Sequence[str]) -> None:
    key_texts = [_as_text("r", key) for key in keys]
    filled = " AND ".join(f"{text} IS NOT NULL" for text in key_texts)
    grouped = f"FROM ({right.select}) r WHERE {filled} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
    doubles = connection.execute(f"SELECT {', '.join(key_texts)} {grouped}").fetchall()
    if not doubles:
        return
    double = doubles[0]
    connection.execute("SET preserve_insertion_order = true")
    same = " AND ".join(f"{text} = {literal(value)}" for text, value in zip(key_texts, double, strict=True))
    rows = connection.execute(
        f"SELECT number FROM (SELECT *, row_number() OVER () AS number FROM ({right.select})) r "
        f"WHERE {same} ORDER BY number LIMIT 6"
    ).fetchall()
    raise DataError(
        "{file}: the key {key} is {value} in rows {rows}; expected each key once in a file that is joined.",
        file=right.files[0].name,
        key=", ".join(cut(key) for key in keys),
        value=f'"{cut(", ".join(str(value) for value in double))}"',
        rows=", ".join(str(row[0]) for row in rows),
    )
