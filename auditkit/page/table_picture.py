"""The table as its owner knows it from a spreadsheet program, each part named: head, groups, totals, notes, marks."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from auditkit.errors import AuditkitError
from auditkit.init.count_forms import period_of
from auditkit.init.guess_counts import CountsTable, look_at_counts
from auditkit.init.guess_rows import Column, guess_roles, look_at_rows
from auditkit.init.heading_words import plain_word
from auditkit.intake import FileSource
from auditkit.intake.file_format import format_of
from auditkit.intake.file_source import find_file
from auditkit.intake.sheet_grid import Grid, read_grid
from auditkit.intake.spreadsheet import cell_name, sheet_names
from auditkit.intake.written_numbers import plain
from auditkit.spec import DataSpec

__all__ = ["table_picture"]

_ROWS, _COLUMNS, _LONGEST = 60, 40, 60
_VALUES = 12


def table_picture(data: dict[str, Any], folder: Path, language: str, sheet: str | None = None) -> dict[str, Any]:
    """Sheets, cells with their parts, and what each column seems to say, as plain values."""
    source = find_file(str(data["file"]), folder)
    kind = format_of(source).key
    sheets = list(sheet_names(source)) if kind == "spreadsheet" else []
    chosen = sheet or data.get("sheet") or (sheets[0] if sheets else None)
    counts = None
    if sheet is not None or "columns" in data or "count" in data:
        counts = _counts(source, chosen if sheets else None, data.get("encoding"))
    found: dict[str, Any] = {"file": source.name, "sheets": sheets, "sheet": chosen, "encoding": data.get("encoding")}
    if counts is not None and (counts.columns or counts.count):
        grid = read_grid(source, DataSpec(file=source.name, sheet=chosen if sheets else None,
                                          encoding=data.get("encoding")))  # fmt: skip
        return found | _of_counts(grid, counts, language)
    spec = DataSpec.model_validate({**{k: v for k, v in data.items() if k in ("encoding", "decimal", "separator")},
                                    "file": source.path.name, "sheet": chosen if sheets else None})  # fmt: skip
    return found | _of_rows(source.path, spec, kind)


def _counts(source: FileSource, sheet: Any, encoding: str | None) -> CountsTable | None:
    try:
        return look_at_counts(source.path, sheet=sheet, encoding=encoding)
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
        columns.append({"letter": cell_name(0, number)[:-1], "name": name, "role": role, "example": example,
                        "labels": name in counts.labels})  # fmt: skip
    years = sorted({year for year, _ in periods}, reverse=True)
    return {
        "kind": "counts",
        "simple": not counts.across and counts.stacked is None and counts.count is None and bool(columns),
        "columns": columns,
        "years": years if len(years) > 1 else [],
        "period": counts.period,
        "rows": _rows(grid, counts),
        "more": max(0, len(grid.rows) - _ROWS),
        "letters": [cell_name(0, column)[:-1] for column in range(min(grid.width, _COLUMNS))],
        "totals": list(counts.totals),
        "marks": list(counts.marks),
        "worked": [note.text(language) for note in counts.notes],
    }


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
