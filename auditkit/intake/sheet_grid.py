"""A small published table as a grid of cells, whatever file it came in: a CSV or a sheet of a workbook.

Places are told as a reader finds them: B12 in a sheet, "line 7, column 2" in a text file.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace

from auditkit.errors import DataError, cut
from auditkit.intake.csv_text import read_whole, separator_of
from auditkit.intake.doubts import Doubt
from auditkit.intake.file_format import format_of
from auditkit.intake.file_source import FileSource
from auditkit.intake.sheet_state import sheet_doubts, sheet_state
from auditkit.intake.spreadsheet import Range, cell_name, cell_text, read_values
from auditkit.intake.written_numbers import Cell, plain
from auditkit.spec import DataSpec
from auditkit.text import Message, say

__all__ = ["Grid", "read_grid"]


@dataclass(frozen=True)
class Grid:
    """Cells by row and column; `lines` are the lines of a text file, None in a sheet.

    `merged` are ranges of merged cells (first and last, both included); None where the file cannot tell.
    `doubts` are questions that the sheet itself raises.
    """

    file: str
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[int, ...] | None
    merged: tuple[Range, ...] | None
    doubts: tuple[Doubt, ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        """A cell; the empty text outside the grid."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else ()
        return cells[column] if 0 <= column < len(cells) else ""

    def text(self, row: int, column: int) -> str:
        """A cell as a label: one space between words."""
        return plain(cell_text(self.cell(row, column)))

    def label(self, row: int, column: int) -> str:
        """A cell as a label, or that of the merged cell which covers it."""
        own = self.text(row, column)
        if own:
            return own
        for (top, left), (bottom, right) in self.merged or ():
            if top <= row <= bottom and left <= column <= right:
                return self.text(top, left)
        return ""

    def place(self, row: int, column: int | None = None) -> Message | str:
        """Where a cell or row is."""
        if self.lines is None:
            return cell_name(row, column) if column is not None else say("row {row}", row=row + 1)
        line = self.lines[row]
        if column is None:
            return say("line {line}", line=line)
        return say("line {line}, column {column}", line=line, column=column + 1)

    @property
    def width(self) -> int:
        """The number of columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)


def read_grid(source: FileSource, data: DataSpec) -> Grid:
    """The table of a file as a grid; DataError where the file is of a kind that holds no published counts."""
    kind = format_of(source).key
    if kind == "spreadsheet":
        name, values, merged = read_values(source, data.sheet)
        state = sheet_state(source, name)
        rows = tuple(
            tuple(float(v) if isinstance(v, (int, float)) and not isinstance(v, bool) else cell_text(v) for v in row)
            for row in values
        )
        hidden = [row for row in state.hidden if row < len(rows) and any(cell != "" for cell in rows[row])]
        if data.hidden_rows == "left_out":
            rows = tuple(() if number in state.hidden else row for number, row in enumerate(rows))
        letters = {column: cell_name(0, column)[:-1] for column in {place[1] for place in state.uncomputed}}
        whole = replace(state, errors=())  # an error beside the counts is refused where a count is read
        doubts = tuple(sheet_doubts(whole, len(hidden), letters, -1, data.hidden_rows is not None))
        grid = Grid(source.name, rows, None, merged, doubts)
    elif kind == "text":
        text = read_whole(source, data.encoding)
        separator = separator_of(text, data.separator, source)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows_read, lines, line = [], [], 1
        for row in reader:
            rows_read.append(tuple(row))
            lines.append(line)
            line = reader.line_num + 1
        grid = Grid(source.name, tuple(rows_read), tuple(lines), None)
    else:
        raise DataError(
            "{file}: counts are read from CSV files and spreadsheets; save the table as one of those.",
            file=cut(source.name),
        )
    if not any(plain(cell_text(cell)) for row in grid.rows for cell in row):
        raise DataError("{file} is empty; expected a line of column names and rows.", file=source.name)
    return grid
