"""What a workbook knows of a sheet beside its values: hidden rows, formulas without a stored result, errors in cells.

Read from the file itself (.xlsx, .xlsm, .ods), by patterns and without an XML parser, so that no entity is expanded.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditkit.errors import cut
from auditkit.intake.doubts import Answer, Doubt
from auditkit.intake.file_source import FileSource
from auditkit.text import say, say_plural

__all__ = ["SheetState", "sheet_doubts", "sheet_state"]

_LARGEST = 200_000_000  # bytes of one sheet, unpacked
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_CELL = re.compile(rb"<(?:\w+:)?c\b((?:[^>\"]|\"[^\"]*\")*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")

Place = tuple[int, int]


@dataclass(frozen=True)
class SheetState:
    """Rows and cells counted from 0. `filtered` says that a filter hides them; `errors` are cells and their texts."""

    hidden: frozenset[int] = frozenset()
    filtered: bool = False
    uncomputed: tuple[Place, ...] = ()
    errors: tuple[tuple[Place, str], ...] = ()


def sheet_state(source: FileSource, sheet: str) -> SheetState:
    """The state of one sheet by its name; nothing known where the kind of file does not tell."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = set(archive.namelist())
            if "content.xml" in names:
                return _of_ods(_read(archive, "content.xml"), sheet)
            path = _sheet_path(archive, names, sheet)
            return SheetState() if path is None else _of_xlsx(_read(archive, path))
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError):
        return SheetState()  # what is damaged was read, or refused, by the reader of values


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    return b"" if archive.getinfo(name).file_size > _LARGEST else archive.read(name)


def _attribute(attributes: bytes, name: str) -> str | None:
    found = re.search(rb"(?:^|\s)(?:\w+:)?" + name.encode() + rb"\s*=\s*[\"']([^\"']*)[\"']", attributes)
    return None if found is None else _plain(found[1])


def _plain(text: bytes) -> str:
    import html

    return html.unescape(text.decode("utf-8", "replace"))


def _sheet_path(archive: zipfile.ZipFile, names: set[str], sheet: str) -> str | None:
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return None
    key = None
    for found in re.finditer(rb"<(?:\w+:)?sheet\b([^>]*)>", _read(archive, "xl/workbook.xml")):
        if _attribute(found[1], "name") == sheet:
            key = re.search(rb"\w+:id\s*=\s*[\"']([^\"']*)[\"']", found[1])
    for found in re.finditer(rb"<(?:\w+:)?Relationship\b([^>]*)>", _read(archive, "xl/_rels/workbook.xml.rels")):
        if key is not None and _attribute(found[1], "Id") == key[1].decode():
            target = (_attribute(found[1], "Target") or "").lstrip("/")
            path = target if target.startswith("xl/") else f"xl/{target}"
            return path if path in names else None
    return None


def _of_xlsx(content: bytes) -> SheetState:
    hidden, row = set(), -1
    for found in _ROW.finditer(content) if b"hidden" in content else ():
        given = _attribute(found[1], "r")
        row = int(given) - 1 if given is not None and given.isdigit() else row + 1
        if _attribute(found[1], "hidden") in ("1", "true"):
            hidden.add(row)
    uncomputed, errors = [], []
    if b't="e"' in content or _FORMULA.search(content):
        for found in _CELL.finditer(content):
            place = _place(_attribute(found[1], "r"))
            kind, value = _attribute(found[1], "t"), _VALUE.search(found[2] or b"")
            if place is None:
                continue
            if kind == "e":
                errors.append((place, _plain(value[1]) if value is not None else "?"))
            elif value is None and kind != "str" and _FORMULA.search(found[2] or b""):
                uncomputed.append(place)
    return SheetState(frozenset(hidden), bool(hidden) and b"autoFilter" in content, tuple(uncomputed), tuple(errors))


def _place(name: str | None) -> Place | None:
    found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", name or "")
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _of_ods(content: bytes, sheet: str) -> SheetState:
    for table in re.finditer(rb"<table:table\b([^>]*)>(.*?)</table:table>", content, re.DOTALL):
        if _attribute(table[1], "name") == sheet:
            hidden: set[int] = set()
            row, filtered = 0, False
            for found in re.finditer(rb"<table:table-row\b([^>]*)>", table[2]):
                times = int(_attribute(found[1], "number-rows-repeated") or 1)
                seen = _attribute(found[1], "visibility")
                if seen in ("collapse", "filter") and times < 100_000:
                    hidden |= set(range(row, row + times))
                    filtered |= seen == "filter"
                row += times
            return SheetState(frozenset(hidden), filtered)
    return SheetState()


def sheet_doubts(
    state: SheetState, hidden: int, columns: Mapping[int, str], first: int, answered: bool
) -> Iterator[Doubt]:
    """The questions of a sheet: `hidden` rows with values, and cells below row `first` in the named columns.

    `answered` says that audit.yaml tells what to do with hidden rows.
    """
    if hidden and not answered:
        question = say_plural(
            "{count} row is hidden in the sheet{filter}. Say under data in audit.yaml whether it counts: hidden_rows: "
            "read, or hidden_rows: left_out.",
            "{count} rows are hidden in the sheet{filter}. Say under data in audit.yaml whether they count: "
            "hidden_rows: read, or hidden_rows: left_out.",
            hidden,
            filter=say(" (by a filter)") if state.filtered else "",
        )
        answers = (
            Answer("read", say("Hidden rows count."), {"data": {"hidden_rows": "read"}}),
            Answer("left_out", say("Hidden rows are left out."), {"data": {"hidden_rows": "left_out"}}),
        )
        yield Doubt("hidden_rows", "", question, (), answers)
    for column, name in columns.items():
        empty = [place for place in state.uncomputed if place[1] == column and place[0] > first]
        if empty:
            yield _cells("formulas", name, empty, ())
        broken = [(place, text) for place, text in state.errors if place[1] == column and place[0] > first]
        if broken:
            yield _cells("errors", name, [place for place, _ in broken], sorted({text for _, text in broken}))


def _cells(key: str, name: str, places: Sequence[Place], texts: Sequence[str]) -> Doubt:
    from auditkit.intake.spreadsheet import cell_name

    column, cell = f'"{cut(name)}"', cell_name(*min(places))
    if key == "formulas":
        question = say(
            "column {column}: {count} cells hold formulas without a stored result (the first: {cell}) and read as "
            "empty. Open the file in a spreadsheet program, save a copy and audit that; if they are missing values, "
            "write in audit.yaml: confirm: [formulas].",
            column=column, count=len(places), cell=cell,
        )  # fmt: skip
    else:
        question = say(
            "column {column}: {count} cells hold an error ({texts}; the first: {cell}) and read as empty. If they are "
            "missing values, write in audit.yaml: confirm: [errors]; else put them right in a copy, and audit that.",
            column=column, count=len(places), cell=cell, texts=", ".join(cut(text) for text in texts[:4]),
        )  # fmt: skip
    answers = (Answer("confirm", say("They are missing values."), {"confirm": [key]}),)
    return Doubt(key, name, question, (), answers)
