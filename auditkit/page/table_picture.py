"""The table as its owner knows it from a spreadsheet program, each part named: head, groups, totals, notes, marks."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from auditkit.errors import AuditkitError
from auditkit.guard import reading
from auditkit.init.count_forms import period_of
from auditkit.init.guess_counts import CountsTable, look_at_counts
from auditkit.init.guess_rows import Column, guess_roles, look_at_rows
from auditkit.init.heading_words import GROUNDS, has_word, plain_word
from auditkit.intake import FileSource
from auditkit.intake.file_format import format_of
from auditkit.intake.file_source import find_file
from auditkit.intake.sheet_grid import Grid, read_grid
from auditkit.intake.spreadsheet import cell_name, sheet_names
from auditkit.intake.written_numbers import plain
from auditkit.spec import DataSpec

__all__ = ["ground_of", "table_picture"]

_ROWS, _COLUMNS, _LONGEST = 60, 40, 60
_VALUES = 12
_YEAR = re.compile(r"(19|20)\d{2}")


def table_picture(
    data: dict[str, Any], folder: Path, language: str, said: bool, sheet: str | None = None
) -> dict[str, Any]:
    """Sheets, cells with their parts, and what each column seems to say, as plain values.

    `said`: its owner says that the table counts people.
    """
    source = find_file(str(data["file"]), folder)
    with reading(source.name, source.path, ours=True):
        return _pictured(source, data, language, said, sheet)


def _pictured(source: FileSource, data: dict[str, Any], language: str, said: bool, sheet: str | None) -> dict[str, Any]:
    kind = format_of(source).key
    sheets = list(sheet_names(source)) if kind == "spreadsheet" else []
    chosen = sheet or data.get("sheet") or (sheets[0] if sheets else None)
    counts = None
    if said or sheet is not None or "columns" in data or "count" in data:
        counts = _counts(source, chosen if sheets else None, data.get("encoding"), said)
    found: dict[str, Any] = {"file": source.name, "sheets": sheets, "sheet": chosen, "encoding": data.get("encoding")}
    if counts is not None and (counts.columns or counts.count or counts.heads):
        grid = read_grid(source, DataSpec(file=source.name, sheet=chosen if sheets else None,
                                          encoding=data.get("encoding")))  # fmt: skip
        return found | _of_counts(grid, counts, language)
    spec = DataSpec.model_validate({**{k: v for k, v in data.items() if k in ("encoding", "decimal", "separator")},
                                    "file": source.path.name, "sheet": chosen if sheets else None})  # fmt: skip
    return found | _of_rows(source.path, spec, kind)


def _counts(source: FileSource, sheet: Any, encoding: str | None, said: bool) -> CountsTable | None:
    try:
        return look_at_counts(source.path, sheet=sheet, encoding=encoding, said=said)
    except AuditkitError:
        return None


def _of_counts(grid: Grid, counts: CountsTable, language: str) -> dict[str, Any]:
    kinds = {name: kind for kind, name in counts.columns.items()}
    if counts.count is not None:
        kinds[counts.count] = "count"
    periods = sorted({p for name in counts.heads.values() if (p := period_of(name)) is not None})
    columns = []
    for number, name in sorted(counts.heads.items())[:_COLUMNS]:
        role = kinds.get(name) or ("time" if name in counts.times else "group" if name in counts.labels else "unused")
        period = period_of(name)
        if role == "unused" and period is not None and len(periods) > 1 and period != max(periods):
            role = "other_period"
        example = _example(grid, number, (counts.head_row or 0) + 1)
        values = [] if counts.count is None or name in counts.times else list(counts.values.get(name, ()))
        columns.append({"letter": cell_name(0, number)[:-1], "name": name, "role": role, "example": example,
                        "labels": name in counts.labels, "values": values[:_VALUES]})  # fmt: skip
    if counts.count is not None:
        _guess_the_decision(columns)
    stacked = next((n for n in counts.times if all(_YEAR.fullmatch(v) for v in counts.values[n] if v)), None)
    years = sorted({year for year, _ in periods}, reverse=True)
    if stacked is not None:
        years = sorted({int(value) for value in counts.values[stacked] if value}, reverse=True)
    return {
        "kind": "counts" if counts.count is None else "long",
        "simple": not counts.across and counts.stacked is None and bool(columns),
        "columns": columns,
        "years": years if len(years) > 1 else [],
        "years_down": stacked,
        "period": counts.period,
        "rows": _rows(grid, counts),
        "more": max(0, len(grid.rows) - _ROWS),
        "letters": [cell_name(0, column)[:-1] for column in range(min(grid.width, _COLUMNS))],
        "totals": list(counts.totals),
        "marks": list(counts.marks),
        "worked": [note.text(language) for note in counts.notes],
    }


def _guess_the_decision(columns: list[dict[str, Any]]) -> None:
    """Of a table with one count: the only label that is no ground of discrimination tells what was decided."""
    plain_labels = [c for c in columns if c["role"] == "group" and ground_of(c["name"]) is None]
    if len(plain_labels) == 1 and sum(c["role"] == "group" for c in columns) > 1:
        plain_labels[0]["role"] = "selected"


def ground_of(name: str) -> str | None:
    """The ground of discrimination that a head names."""
    return next((key for key, words in GROUNDS.items() if has_word(name, words)), None)


def _example(grid: Grid, column: int, first: int) -> str:
    return next((text for row in range(first, len(grid.rows)) if (text := grid.text(row, column))), "")[:_LONGEST]


def _rows(grid: Grid, counts: CountsTable) -> list[dict[str, Any]]:
    """The cells, each row with the part it plays."""
    last = max((r for r in range(len(grid.rows)) if sum(bool(grid.text(r, c)) for c in range(grid.width)) > 1),
               default=0)  # fmt: skip
    labels = {number for number, name in counts.heads.items() if name in counts.labels}
    times = {number for number, name in counts.heads.items() if name in counts.times}
    used = {number for number, name in counts.heads.items() if name in counts.columns.values() or name == counts.count}
    marks = {plain(mark) for mark in counts.marks}
    head = counts.head_row
    made = []
    for row in range(min(len(grid.rows), _ROWS)):
        texts = [grid.text(row, column)[:_LONGEST] for column in range(min(grid.width, _COLUMNS))]
        part = _part(row, texts, head, last, {plain_word(total) for total in counts.totals})
        cells = []
        for column, text in enumerate(texts):
            kind = ""
            if part in ("row", "total"):
                kind = ("hidden" if text in marks and text else "time" if column in times else
                        "group" if column in labels else "" if column in used or not text else "unused")  # fmt: skip
            cells.append([text, kind])
        made.append({"number": grid.lines[row] if grid.lines is not None else row + 1, "part": part, "cells": cells})
    return made


def _part(row: int, texts: list[str], head: int | None, last: int, totals: set[str]) -> str:
    filled = sum(bool(text) for text in texts)
    if not filled:
        return "empty"
    if head is not None and row == head:
        return "head"
    if head is not None and row < head:
        return "head" if filled > 1 and row >= head - 2 else "title"
    if row > last and filled == 1:
        return "note"
    if any(plain_word(text) in totals for text in texts if text):
        return "total"
    return "row" if filled > 1 else "section"


def _of_rows(path: Path, data: DataSpec, kind: str) -> dict[str, Any]:
    """A table of rows: its first lines, and what each column seems to be."""
    table = look_at_rows(path, path.parent, data)
    guesses = guess_roles(table)
    roles = {column.name: "group" for column, _ in guesses.groups}
    for role in ("score", "selected", "outcome"):
        if (column := getattr(guesses, role)) is not None:
            roles[column.name] = role
    shown = table.columns[:_COLUMNS]
    lines = _lines(path, data) if kind == "text" else []
    head = [{"number": 1, "part": "head", "cells": [[c.name[:_LONGEST], ""] for c in shown]}]
    body = [{"number": n, "part": "row", "cells": [[cell[:_LONGEST], ""] for cell in row[:_COLUMNS]]}
            for n, row in lines]  # fmt: skip
    return {
        "kind": "rows",
        "simple": True,
        "columns": [_column(c, cell_name(0, n)[:-1], roles.get(c.name, "unused")) for n, c in enumerate(shown)],
        "years": [],
        "years_down": None,
        "period": None,
        "rows": [*head, *body],
        "more": max(0, table.rows - len(body)),
        "letters": [cell_name(0, n)[:-1] for n in range(len(shown))],
        "totals": [],
        "marks": [],
        "worked": [],
    }


def _column(column: Column, letter: str, role: str) -> dict[str, Any]:
    """A column; its values only where enough people share each."""
    few = column.categories[:_VALUES] if column.is_category else []
    return {
        "letter": letter,
        "name": column.name,
        "role": role,
        "example": ", ".join(few[:3]),
        "values": few,
        "labels": not column.numeric or column.is_category,
        "numeric": column.numeric,
    }


def _lines(path: Path, data: DataSpec) -> list[tuple[int, list[str]]]:
    """The first lines of a text file, as they stand."""
    from auditkit.intake.csv_text import separator_of

    source = FileSource(path.name, path)
    try:
        with path.open(encoding=data.encoding or "utf-8-sig", errors="replace", newline="") as file:
            text = file.read(200_000)
        reader = csv.reader(text.splitlines()[:25], delimiter=separator_of(text, data.separator, source))
        return [(number, row) for number, row in enumerate(reader, 1)][1:]
    except (AuditkitError, csv.Error, LookupError):
        return []
