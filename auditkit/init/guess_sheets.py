"""The sheets of a workbook, each looked at: an answer to a request often brings one table of counts a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditkit.errors import DataError, cut
from auditkit.init.guess_counts import CountsTable, look_at_counts
from auditkit.init.heading_words import GROUNDS, has_word
from auditkit.intake import FileSource
from auditkit.intake.file_format import format_of
from auditkit.intake.spreadsheet import read_values, sheet_names
from auditkit.text import Message, say

__all__ = ["Sheets", "look_at_sheets"]

_MOST = 200
_WORDS = " ".join(GROUNDS.values())


@dataclass(frozen=True)
class Sheets:
    """The sheets of a workbook: their names, the tables of counts among them, and the one that an audit begins with.

    `counts` holds the tables whose head, title or name tells groups of people apart; where there are none, or a sheet
    was asked for, `counts` holds all. `further` are the other sheets of counts.
    """

    names: tuple[str, ...]
    counts: dict[str, CountsTable]
    chosen: str
    further: tuple[str, ...] = ()

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
        if alike := [name for name in others if name in self.counts or name in self.further]:
            yield say(
                "Of those not read, these hold tables of counts too: {names}. auditkit init FILE --sheet {first} "
                "begins with that one.",
                names=_quoted(alike, 100), first=_quoted(alike[:1]),
            )  # fmt: skip
        if len(self.names) > _MOST:
            yield say("Only the first {count} sheets were looked at.", count=_MOST)


def look_at_sheets(file: Path, wanted: str | None = None) -> Sheets | None:
    """The sheets of a workbook; None for another kind of file. DataError where it cannot be read.

    An audit begins with the sheet that is `wanted` (its name, a pattern with *, or its number), else with the first
    sheet of counts whose head, title or name tells groups of people apart, else with the first sheet of counts, else
    with the first that holds anything.
    """
    source = FileSource(file.name, file)
    if format_of(source).key != "spreadsheet":
        return None
    names = sheet_names(source)
    if wanted is not None:
        by_number = int(wanted) if wanted.isdecimal() and wanted not in names else wanted
        chosen = read_values(source, by_number)[0]
        table = _counts(file, chosen)
        return Sheets(names, {chosen: table} if table is not None else {}, chosen)
    found = {name: table for name in names[:_MOST] if (table := _counts(file, name)) is not None}
    grouped = {name: table for name, table in found.items() if _tells_groups(name, table)}
    filled = (name for name in names if any(any(cell != "" for cell in row) for row in read_values(source, name)[1]))
    counts = grouped or found
    chosen = next(iter(counts), None) or next(filled, names[0] if names else "")
    return Sheets(names, counts, chosen, tuple(name for name in found if name not in counts))


def _tells_groups(name: str, table: CountsTable) -> bool:
    """Whether a sheet of counts is by a ground of discrimination: by its heads, its title or its name."""
    return any(has_word(text, _WORDS) for text in (*table.labels, *table.titles, name, *_headings(table)))


def _headings(table: CountsTable) -> tuple[str, ...]:
    return () if table.stacked is None else table.values.get(table.stacked[0], ())


def _counts(file: Path, sheet: str) -> CountsTable | None:
    try:
        return look_at_counts(file, sheet=sheet)
    except DataError:  # an empty sheet
        return None


def _quoted(names: tuple[str, ...] | list[str], most: int = 12) -> str:
    shown = ", ".join(f'"{cut(name)}"' for name in names[:most])
    return shown if len(names) <= most else shown + ", …"
