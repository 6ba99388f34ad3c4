"""The sheets of a workbook, each looked at: an answer to a request often brings one table of counts a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditkit.errors import DataError, cut
from auditkit.init.guess_counts import CountsTable, look_at_counts
from auditkit.intake import FileSource
from auditkit.intake.file_format import format_of
from auditkit.intake.spreadsheet import read_values, sheet_names
from auditkit.text import Message, say

__all__ = ["Sheets", "look_at_sheets"]

_MOST = 40


@dataclass(frozen=True)
class Sheets:
    """The sheets of a workbook: their names, the tables of counts among them, and the one that an audit begins with."""

    names: tuple[str, ...]
    counts: dict[str, CountsTable]
    chosen: str

    def notes(self, read: tuple[str, ...]) -> Iterator[Message]:
        """What was read, what was not, and how to name another sheet; nothing where there is but one."""
        if len(self.names) < 2:
            return
        others = [name for name in self.names if name not in read]
        if len(read) > 1:
            yield say("Sheets read as tables of counts: {names}.", names=_quoted(read))
        if others:
            yield say(
                "The workbook has {count} sheets. Read: {read}. Not read: {others}. To read another, change sheet "
                "under data, or give a group its own data: {{file: ..., sheet: ...}}.",
                count=len(self.names), read=_quoted(read), others=_quoted(others),
            )  # fmt: skip


def look_at_sheets(file: Path) -> Sheets | None:
    """The sheets of a workbook; None for another kind of file. DataError where it cannot be read.

    An audit begins with the first sheet of counts, else with the first that holds anything.
    """
    source = FileSource(file.name, file)
    if format_of(source).key != "spreadsheet":
        return None
    names = sheet_names(source)
    counts = {name: table for name in names[:_MOST] if (table := _counts(file, name)) is not None}
    filled = (name for name in names if any(any(cell != "" for cell in row) for row in read_values(source, name)[1]))
    chosen = next(iter(counts), None) or next(filled, names[0] if names else "")
    return Sheets(names, counts, chosen)


def _counts(file: Path, sheet: str) -> CountsTable | None:
    try:
        return look_at_counts(file, sheet=sheet)
    except DataError:  # an empty sheet
        return None


def _quoted(names: tuple[str, ...] | list[str]) -> str:
    shown = ", ".join(f'"{cut(name)}"' for name in names[:12])
    return shown if len(names) <= 12 else shown + ", …"
