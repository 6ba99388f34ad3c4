"""A sheet of a spreadsheet program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auditkit.errors import cut
from auditkit.intake.duckdb_relation import Opened, stored_columns
from auditkit.intake.file_format import Format
from auditkit.intake.file_source import FileSource
from auditkit.intake.spreadsheet import read_sheet, sheet_columns
from auditkit.spec import DataSpec
from auditkit.text import Message, say, say_plural

__all__ = ["FORMATS"]


def _open(connection: Any, source: FileSource, data: DataSpec, missing_values: Sequence[str], name: str) -> Opened:
    decimal = data.decimal or "."
    sheet = read_sheet(source, data.sheet, decimal)
    columns, values, doubts = sheet_columns(source, sheet, data, tuple(missing_values))
    stored = stored_columns(connection, name, values)
    said: tuple[Message, ...] = () if data.sheet is not None else (_sheet_note(source, sheet.name),)
    if sheet.filled:
        said += (_filled_note(source, sheet.filled),)
    return Opened(stored, columns, True, decimal, (source,), said, doubts=doubts)


def _sheet_note(source: FileSource, sheet: str) -> Message:
    return say("{file}: the sheet read is {sheet}.", file=source.name, sheet=f'"{cut(sheet)}"')


def _filled_note(source: FileSource, cells: int) -> Message:
    return say_plural(
        "{file}: {count} cell under a merged one was given its value.",
        "{file}: {count} cells under merged ones were given their value.",
        cells,
        file=source.name,
    )


FORMATS = (Format("spreadsheet", (".xlsx", ".xls", ".ods", ".xlsm", ".xlsb"), _open),)
