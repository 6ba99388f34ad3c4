"""Spreadsheets as people make them, read cell by cell: each cell as text, with the place it stands at.

A number is written without thousands separator and with the table's decimal mark; a date as 2026-11-21.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

from auditkit.errors import DataError, cut, nearest
from auditkit.intake.csv_text import check_columns
from auditkit.intake.doubts import Doubt
from auditkit.intake.file_source import FileSource
from auditkit.intake.sheet_state import SheetState, sheet_doubts, sheet_state
from auditkit.intake.title_lines import title_rows
from auditkit.spec import DataSpec
from auditkit.text import say

__all__ = ["Range", "Sheet", "cell_name", "cell_text", "read_sheet", "read_values", "sheet_columns", "sheet_names"]

Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, and its rows from the first on (row 1 of the sheet is rows[0]).

    `filled` is how many cells under a merged one were given its value; `state` is what the file says of its rows and
    cells.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    filled: int = 0
    state: SheetState = field(default_factory=SheetState)


def cell_name(row: int, column: int) -> str:
    """The name of a cell, both numbers counted from 0.

    >>> cell_name(11, 1), cell_name(0, 26)
    ('B12', 'AA1')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def cell_text(value: Any, decimal: str = ".") -> str:
    """A cell's value as text.

    >>> cell_text(3.0), cell_text(0.36, ","), cell_text(True)
    ('3', '0,36', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        return text.replace(".", decimal)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def read_values(source: FileSource, sheet: str | int | None) -> tuple[str, list[list[Any]], tuple[Range, ...] | None]:
    """The name, values and merged ranges of one sheet: by its name or its number from 1, else the first.

    Merged ranges are None where the kind of file does not tell of them. Raises DataError where the file is
    damaged or protected, or has no such sheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(str(source.path))
        name = _sheet_name(source, workbook.sheet_names, sheet)
        found = workbook.get_sheet_by_name(name)
        ranges = found.merged_cell_ranges
        return name, found.to_python(skip_empty_area=False), None if ranges is None else tuple(ranges)
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(source, error) from None


def sheet_names(source: FileSource) -> tuple[str, ...]:
    """The names of the sheets of a workbook, in their order; DataError where it cannot be read."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return tuple(CalamineWorkbook.from_path(str(source.path)).sheet_names)
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(source, error) from None


def _unreadable(source: FileSource, error: Exception) -> DataError:
    return DataError(
        "{file} cannot be read as a spreadsheet ({problem}): it is damaged, cut off or protected by a "
        "password. Open it and save it again as .xlsx.",
        file=source.name,
        problem=cut(error, 80),
    )


def read_sheet(source: FileSource, sheet: str | int | None, decimal: str = ".") -> Sheet:
    """One sheet as texts; DataError as for `read_values`."""
    name, values, merged = read_values(source, sheet)
    rows = [[cell_text(value, decimal) for value in row] for row in values]
    filled = 0
    for (top, left), (bottom, right) in merged or ():
        if left == right and bottom > top and top < len(rows) and left < len(rows[top]) and rows[top][left]:
            for row in rows[top + 1 : bottom + 1]:
                if left < len(row) and not row[left]:
                    row[left] = rows[top][left]
                    filled += 1
    return Sheet(name, tuple(map(tuple, rows)), filled, sheet_state(source, name))


def _sheet_name(source: FileSource, names: list[str], wanted: str | int | None) -> str:
    if wanted is None and names:
        return names[0]
    if isinstance(wanted, int) and 1 <= wanted <= len(names):
        return names[wanted - 1]
    if isinstance(wanted, str):
        if wanted in names:
            return wanted
        # Trailing spaces in a sheet's name cannot be seen.
        if len(same := [name for name in names if name.strip() == wanted.strip()]) == 1:
            return same[0]
        if "*" in wanted and len(same := [name for name in names if fnmatch(name.lower(), wanted.lower())]) == 1:
            return same[0]
    raise DataError(
        "{file} has no sheet {sheet}; it has: {names}.",
        file=source.name,
        sheet=f'"{cut(wanted)}"' if isinstance(wanted, str) else str(wanted),
        names=nearest(str(wanted), names) or "-",
    )


def sheet_columns(
    source: FileSource, sheet: Sheet, data: DataSpec, missing_values: tuple[str, ...]
) -> tuple[tuple[str, ...], dict[str, list[str | None]], tuple[Doubt, ...]]:
    """The columns of a sheet of rows: names in the first filled row (or `header_row`), values as text or
    None; and the questions that hidden rows, formulas without a result and errors raise.

    Empty rows are no rows, nor are hidden ones where audit.yaml leaves them out. Raises DataError for an empty sheet
    and for values outside the named columns.
    """
    first = data.header_row - 1 if data.header_row is not None else title_rows(sheet.rows)
    if first >= len(sheet.rows) or not any(sheet.rows[first]):
        raise DataError(
            "{file}, sheet {sheet} is empty; expected a row of column names and rows.",
            file=source.name,
            sheet=f'"{cut(sheet.name)}"',
        )
    header = list(sheet.rows[first])
    filled = [i for i, name in enumerate(header) if name.strip()]
    left, right = filled[0], filled[-1] + 1
    body_cells = [row[:left] for row in sheet.rows[first + 1 :]]
    if left and any(any(cells) for cells in body_cells):
        left = next(i for i in range(left) if any(cells[i] for cells in body_cells if i < len(cells)))
    where = say("row {row}", row=first + 1)
    names = check_columns(header[left:right], source.name, where)
    missing = {"", *missing_values}
    body = []
    for number, row in enumerate(sheet.rows[first + 1 :], first + 1):
        for column, text in enumerate(row):
            if text and not left <= column < right:
                raise DataError(
                    "{file}, cell {cell}: found {value} under no column name; name the column or empty the cell.",
                    file=source.name,
                    cell=cell_name(number, column),
                    value=f'"{cut(text)}"',
                )
        if any(row) and (data.hidden_rows != "left_out" or number not in sheet.state.hidden):
            body.append(row)
    hidden = sum(
        number > first and number < len(sheet.rows) and any(sheet.rows[number]) for number in sheet.state.hidden
    )
    placed = {left + i: name for i, name in enumerate(names)}
    doubts = tuple(sheet_doubts(sheet.state, hidden, placed, first, data.hidden_rows is not None))
    values: dict[str, list[str | None]] = {
        name: [None if row[left + i] in missing else row[left + i] for row in body] for i, name in enumerate(names)
    }
    return names, values, doubts
