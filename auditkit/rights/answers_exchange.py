"""The checklist sent out and taken back in, for those who answer by mail: a table (CSV, workbook) or a form (Markdown).

Answers come back through the same checks as answers.yaml; a spreadsheet must never run what somebody wrote.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from auditkit.errors import DataError, InputError, cut, nearest
from auditkit.rights.answers import Answer, Document
from auditkit.rights.answers_sheet import read_sheet, workbook
from auditkit.rights.chosen_items import Chosen
from auditkit.rights.library import Library
from auditkit.text import mark, translate

__all__ = ["answer_value", "export_csv", "export_markdown", "export_workbook", "import_answers", "inert"]

COLUMNS = ("item", "level", "question", "satisfied_by", "value", "because", "role", "when", "documents")
_FILLED = COLUMNS[4:]
_VALUES = {
    "yes": "yes", "oui": "yes", "no": "no", "non": "no", "unknown": "unknown", "inconnu": "unknown",
    "not_applicable": "not_applicable", "not applicable": "not_applicable", "sans objet": "not_applicable",
    "y": "yes", "o": "yes", "n": "no", "na": "not_applicable", "n/a": "not_applicable", "so": "not_applicable",
    "u": "unknown", "i": "unknown", "ne sait pas": "unknown",
}  # fmt: skip

_LEVELS = {"must": mark("must"), "should": mark("should")}


def answer_value(typed: str) -> str | None:
    """The value that a word means, in English or in French; None for another word.

    >>> answer_value("Oui"), answer_value("sans objet"), answer_value("maybe")
    ('yes', 'not_applicable', None)
    """
    return _VALUES.get(" ".join(typed.lower().split()))


def export_workbook(chosen: Iterable[Chosen], answers: Mapping[str, Answer], language: str) -> bytes:
    """The checklist as a workbook with one row an item; every cell is a text."""
    rows = [list(COLUMNS), *(_row(one, answers.get(one.key), language) for one in chosen)]
    return workbook(rows, (10, 9, 60, 45, 14, 40, 24, 12, 40))


def export_csv(chosen: Iterable[Chosen], answers: Mapping[str, Answer], language: str) -> str:
    """The checklist as CSV with one row an item; what is answered already is filled in."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in chosen:
        writer.writerow([inert(cell) for cell in _row(one, answers.get(one.key), language)])
    return text.getvalue()


def export_markdown(chosen: Iterable[Chosen], answers: Mapping[str, Answer], language: str) -> str:
    """The checklist as a form in Markdown: a heading an item, and a line for each part of the answer."""
    title = translate("Checklist", language)
    lines = [f"# {title}", "", translate(_HELP, language), ""]
    for one in chosen:
        row = dict(zip(COLUMNS, _row(one, answers.get(one.key), language), strict=True))
        lines += [
            f"## {one.key}",
            "",
            f"**{row['question']}** ({translate(_LEVELS[one.level], language)})",
            "",
            row["satisfied_by"],
            "",
        ]
        lines += [f"- {name}: {' '.join(row[name].split())}".rstrip() for name in _FILLED]
        lines.append("")
    return "\n".join(lines)


_HELP = mark(
    "Write after the colon. value: yes, no, not_applicable or unknown; because: a fact or a reason; role: a function, "
    "never a name; when: a day as 2026-11-21; documents: links or files, separated by spaces."
)


def import_answers(path: Path, library: Library, folder: Path) -> dict[str, Answer]:
    """The answers of a table or form that came back; items left empty are left out.

    `folder` is where files named as documents stand. Raises InputError or DataError: which file, row or item, what was
    found, what was expected.
    """
    if not path.is_file():
        raise InputError("There is no file {file}.", file=path.name)
    if path.suffix.lower() in (".xlsx", ".ods", ".xls"):
        rows = _table_rows(read_sheet(path), path)
    elif path.suffix.lower() in (".md", ".markdown"):
        rows = _markdown_rows(_text(path))
    else:
        rows = _csv_rows(_text(path), path)
    found: dict[str, Answer] = {}
    for where, row in rows:
        key = library.item_key(row.get("item", ""))
        if key not in library.items:
            raise DataError(
                '{file}, row {row}: there is no item "{item}"; the nearest: {known}.',
                file=path.name, row=where, item=cut(key), known=nearest(key, library.items),
            )  # fmt: skip
        if key in found:
            raise DataError("{file}, row {row}: {item} is answered twice.", file=path.name, row=where, item=key)
        if row.get("value", ""):
            found[key] = _answer(row, path.name, where, key, folder)
    return found


def _row(one: Chosen, answer: Answer | None, language: str) -> list[str]:
    asked = [one.key, one.level, one.item.question.text(language), one.item.satisfied_by.text(language)]
    if answer is None:
        return asked + [""] * len(_FILLED)
    documents = " ".join(document.link or document.file or "" for document in answer.documents)
    return [*asked, answer.value, answer.because or "", answer.role, answer.when.isoformat(), documents]


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "{file}: byte {byte} is not UTF-8; save the file as UTF-8.", file=path.name, byte=error.start + 1
        ) from None


def _csv_rows(text: str, path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    first = text.split("\n", 1)[0]
    separator = max((",", ";", "\t"), key=first.count)
    return _table_rows(csv.reader(io.StringIO(text, newline=""), delimiter=separator), path)


def _table_rows(table: Iterable[list[str]], path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    lines = iter(table)
    head = [cell.strip().lower() for cell in next(lines, [])]
    for name in ("item", "value", "role", "when"):
        if name not in head:
            raise DataError(
                "{file}: there is no column {column}; found: {found}.",
                file=path.name, column=name, found=", ".join(cut(cell) for cell in head),
            )  # fmt: skip
    for number, cells in enumerate(lines, start=2):
        row = {name: cell.strip().removeprefix("'") for name, cell in zip(head, cells, strict=False)}
        if any(row.values()):
            yield number, row


def _markdown_rows(text: str) -> Iterable[tuple[int, dict[str, str]]]:
    row: dict[str, str] = {}
    start = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"##\s+(\S+)\s*$", line):
            if row:
                yield start, row
            row, start = {"item": heading[1]}, number
        elif row and (part := re.match(r"[-*]\s+(\w+)\s*:\s*(.*)$", line)) and part[1].lower() in _FILLED:
            row[part[1].lower()] = part[2].strip()
    if row:
        yield start, row


def _answer(row: Mapping[str, str], file: str, where: int, key: str, folder: Path) -> Answer:
    from pydantic import ValidationError

    from auditkit.rights.answers import document_at

    value = answer_value(row["value"])
    if value is None:
        raise DataError(
            "{file}, row {row}, {item}: found {value}; expected yes, no, not_applicable or unknown.",
            file=file, row=where, item=key, value=cut(row["value"]),
        )  # fmt: skip
    try:
        when = date.fromisoformat(row.get("when", ""))
    except ValueError:
        raise DataError(
            "{file}, row {row}, {item}: found {value} as when; expected a day such as 2026-11-21.",
            file=file, row=where, item=key, value=cut(row.get("when", "")) or "–",
        ) from None  # fmt: skip
    documents: list[Document] = [document_at(place, folder) for place in row.get("documents", "").split()]
    try:
        return Answer.model_validate(
            {
                "value": value, "role": row.get("role", ""), "when": when,
                "because": row.get("because") or None, "documents": documents,
            }
        )  # fmt: skip
    except ValidationError:
        raise DataError(
            "{file}, row {row}, {item}: a role is needed, and not_applicable needs a because.",
            file=file,
            row=where,
            item=key,
        ) from None
