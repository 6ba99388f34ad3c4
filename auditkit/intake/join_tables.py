"""Attributes kept in another file: joined on a key, compared as text; no row lost, and none doubled unless told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from auditkit.errors import DataError, cut
from auditkit.intake.database import literal, quoted
from auditkit.intake.duckdb_relation import Opened, nearest_columns
from auditkit.intake.file_format import format_of
from auditkit.intake.file_source import find_file
from auditkit.spec import DataSpec, Join
from auditkit.text import Message, say, say_plural

__all__ = ["open_join", "with_join"]

Spelling = Callable[[str, str], str]

_BLANKS = "^[[:space:]\u00a0]+|[[:space:]\u00a0]+$"


def open_join(connection: Any, join: Join, folder: Path, missing_values: Sequence[str]) -> Opened:
    """The file to be joined, opened as any other."""
    given = {"file": join.file, "sheet": join.sheet, "separator": join.separator, "encoding": join.encoding}
    data = DataSpec.model_validate({k: v for k, v in given.items() if v is not None})
    source = find_file(join.file, folder)
    return format_of(source).open(connection, source, data, missing_values, "joined")


def with_join(connection: Any, left: Opened, right: Opened, join: Join, missing_values: Sequence[str]) -> Opened:
    """Left rows with the other file's columns beside them; rows without a match have missing values there.

    A column that both have gets the joined file's name before its own. Raises DataError for a key column that one of
    the files lacks, for keys of which none is found, or some only once they are spelt alike, and for a key that the
    joined file gives twice where `join.several` does not say what then. Notes say how many rows found no match, and
    what was done.
    """
    keys, names = join.keys, (left.files[0].name, right.files[0].name)
    for opened in (left, right):
        for key in keys:
            if key not in opened.columns:
                raise DataError(
                    "{file} has no column {column} to join on; the nearest: {names}.",
                    file=opened.files[0].name,
                    column=f'"{cut(key)}"',
                    names=nearest_columns(key, opened.columns),
                )
    added, renamed = _added(left, right, keys)
    notes: list[Message] = [
        say(
            "{first} and {second} both have a column {column}: that of {second} is read as {renamed}.",
            first=names[0], second=names[1], column=f'"{cut(old)}"', renamed=f'"{cut(new)}"',
        )
        for old, new in renamed.items()
    ]  # fmt: skip
    spelt = _alike if join.alike else _as_text
    _refuse_doubles(connection, right, join, spelt)
    select = _one_a_key(right, join, spelt)
    condition = " AND ".join(f"{spelt('l', key)} = {spelt('r', key)}" for key in keys)
    columns = [f"l.{quoted(name)}" for name in left.columns]
    nulls = ", ".join(literal(value) for value in dict.fromkeys(["", *missing_values]))
    for name in added:
        text = _as_text("r", name)
        found = f"CASE WHEN {text} NOT IN ({nulls}) THEN {text} END" if left.text else f"r.{quoted(name)}"
        columns.append(f"{found} AS {quoted(added[name])}")
    joined = f"FROM ({left.select}) l LEFT JOIN ({select}) r ON {condition}"
    [(unmatched, rows)] = connection.execute(
        f"SELECT count(*) FILTER (WHERE r.{quoted(keys[0])} IS NULL), count(*) {joined}"
    ).fetchall()
    if unmatched:
        _refuse_other_spellings(connection, left, right, join, int(unmatched) == int(rows))
    notes.append(
        say_plural(
            "{file}: {count} of {rows} rows has no match by {key}; its values are missing.",
            "{file}: {count} of {rows} rows have no match by {key}; their values are missing.",
            int(unmatched),
            file=names[1],
            rows=int(rows),
            key=", ".join(cut(key) for key in keys),
        )
    )
    if join.several == "each":
        notes.append(say("{file}: a row with several matches counts once for each of them.", file=names[1]))
    return Opened(
        f"SELECT {', '.join(columns)} {joined}",
        (*left.columns, *added.values()),
        left.text,
        left.decimal,
        left.files + right.files,
        (*left.notes, *right.notes, *notes),
        left.layout,
    )


def _added(left: Opened, right: Opened, keys: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The columns that come from the other file, by the name they get; those whose name was taken."""
    lowered = {name.lower() for name in left.columns}
    before = right.files[0].name.rpartition(".")[0] or right.files[0].name
    added = {name: name for name in right.columns if name not in keys}
    renamed = {name: f"{before}.{name}" for name in added if name.lower() in lowered}
    for name, new in renamed.items():
        if new.lower() in lowered or new in right.columns:
            raise DataError(
                "Both {first} and {second} have a column {column}; rename it in one of them.",
                first=left.files[0].name,
                second=right.files[0].name,
                column=f'"{cut(name)}"',
            )
    return added | renamed, renamed


def _one_a_key(right: Opened, join: Join, spelt: Spelling) -> str:
    """The joined file with one line a key, where the audit says how."""
    texts = ", ".join(spelt("r", key) for key in join.keys)
    if join.several == "first":
        numbered = f"SELECT *, row_number() OVER () AS auditkit_line FROM ({right.select})"
        return (
            f"SELECT * EXCLUDE (auditkit_line) FROM ({numbered}) r "
            f"QUALIFY row_number() OVER (PARTITION BY {texts} ORDER BY auditkit_line) = 1"
        )
    if join.several == "apart":
        values = [
            f"string_agg(DISTINCT {_as_text('r', name)}, ' + ' ORDER BY {_as_text('r', name)}) AS {quoted(name)}"
            for name in right.columns
            if name not in join.keys
        ]
        kept = [f"min(r.{quoted(key)}) AS {quoted(key)}" for key in join.keys]
        return f"SELECT {', '.join([*kept, *values])} FROM ({right.select}) r GROUP BY {texts}"
    return right.select


def _as_text(side: str, column: str) -> str:
    """A value as text: whole numbers of a column of decimals as whole numbers, so that 12.0 meets 12."""
    text = f"CAST({side}.{quoted(column)} AS VARCHAR)"
    return f"regexp_replace({text}, {literal('^(-?[0-9]+)[.]0+$')}, {literal(chr(92) + '1')})"


def _alike(side: str, column: str) -> str:
    """A key without blanks at its ends, capitals and the zeros before a number: 0012 meets 12."""
    plain = f"regexp_replace({_as_text(side, column)}, {literal(_BLANKS)}, '', 'g')"
    return f"regexp_replace(lower({plain}), {literal('^0+([0-9])')}, {literal(chr(92) + '1')})"


def _refuse_other_spellings(connection: Any, left: Opened, right: Opened, join: Join, nothing: bool) -> None:
    """Rows without a match that would have one if keys were spelt alike: ask; none with a match: refuse."""
    key = ", ".join(cut(name) for name in join.keys)
    names = {"first": left.files[0].name, "second": right.files[0].name, "key": key}
    ours, theirs, elsewhere = (" || '|' || ".join(_as_text(side, name) for name in join.keys) for side in "lre")
    if join.alike is None:
        folded = " AND ".join(f"{_alike('l', name)} = {_alike('r', name)}" for name in join.keys)
        other = (
            f"FROM ({left.select}) l JOIN ({right.select}) r ON {folded} WHERE {ours} <> {theirs} AND NOT EXISTS "
            f"(SELECT 1 FROM ({right.select}) e WHERE {elsewhere} = {ours})"
        )
        [(rows, one, two)] = connection.execute(
            f"SELECT count(*), min_by({ours}, {ours}), min_by({theirs}, {ours}) {other}"
        ).fetchall()
        if rows:
            raise DataError(
                "{first} and {second}: by {key}, {rows} find a match only if blanks, capitals and leading zeros do not "
                "count, such as {one} and {two}. If these are the same, write in audit.yaml under join: alike: true; "
                "if they are not: alike: false.",
                **names, rows=say_plural("{count} row", "{count} rows", int(rows)),
                one=f'"{cut(one)}"', two=f'"{cut(two)}"',
            )  # fmt: skip
    if nothing:
        [(one,)] = connection.execute(f"SELECT min({ours}) FROM ({left.select}) l").fetchall()
        [(two,)] = connection.execute(f"SELECT min({theirs}) FROM ({right.select}) r").fetchall()
        raise DataError(
            "{first} and {second}: no row found a match by {key}; in the first it is such as {one}, in the second such "
            "as {two}. Name under join: key a column that both files fill alike.",
            **names, one=f'"{cut(one)}"', two=f'"{cut(two)}"',
        )  # fmt: skip


def _refuse_doubles(connection: Any, right: Opened, join: Join, spelt: Spelling) -> None:
    if join.several is not None:
        return
    key_texts = [spelt("r", key) for key in join.keys]
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
        "{file}: the key {key} is {value} in rows {rows}; expected each key once in a file that is joined. Write in "
        "audit.yaml under join, several: first (the first line of each key counts), several: apart (a key whose lines "
        "differ is a group of its own, such as F + M), or several: each (each match is a line).",
        file=right.files[0].name,
        key=", ".join(cut(key) for key in join.keys),
        value=f'"{cut(", ".join(str(value) for value in double))}"',
        rows=", ".join(str(row[0]) for row in rows),
    )
