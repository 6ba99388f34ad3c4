"""The checklist sent out and taken back in, for those who answer by mail: a table (CSV, workbook) or a form (Markdown).

Answers come back through the same checks as answers.yaml; a spreadsheet must never run what somebody wrote.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from auditkit.errors import AuditkitError, DataError, InputError, cut, nearest
from auditkit.result.spreadsheet_cells import inert
from auditkit.rights.answers import Answer, Document
from auditkit.rights.answers_sheet import read_sheet, workbook
from auditkit.rights.chosen_items import Chosen
from auditkit.rights.library import Library
from auditkit.rights.rights_words import Written, is_blank, read_day
from auditkit.text import LANGUAGES, mark, say, translate

__all__ = ["VALUES", "answer_value", "export_csv", "export_markdown", "export_workbook", "import_answers"]

COLUMNS = {
    "item": mark("item"), "first": mark("asked first"), "level": mark("level"), "question": mark("question"),
    "satisfied_by": mark("what counts as an answer"), "letter": mark("letter that gets it"), "value": mark("answer"),
    "because": mark("fact or reason"), "role": mark("function"), "when": mark("day"), "documents": mark("documents"),
}  # fmt: skip
"""The columns of an export, each with its head."""
_FILLED = tuple(COLUMNS)[6:]
VALUES = {
    "yes": mark("yes"),
    "no": mark("no"),
    "not_applicable": mark("not applicable"),
    "unknown": mark("I do not know"),
}
"""What an answer may be, as the reader's language has it."""
_ALSO = {
    "y": "yes", "o": "yes", "n": "no", "na": "not_applicable", "n/a": "not_applicable", "so": "not_applicable",
    "u": "unknown", "i": "unknown", "unknown": "unknown", "inconnu": "unknown", "ne sait pas": "unknown",
}  # fmt: skip
_LEVELS = {"must": mark("must"), "should": mark("should")}


def answer_value(typed: str) -> str | None:
    """The value that a word means, in any language of the catalogues; None for another word.

    >>> answer_value("Oui"), answer_value("sans objet"), answer_value("I don't know"), answer_value("maybe")
    ('yes', 'not_applicable', 'unknown', None)
    """
    bare = " ".join(typed.lower().replace("_", " ").split())
    for value, word in VALUES.items():
        if bare in (value.replace("_", " "), *(translate(word, language).lower() for language in LANGUAGES)):
            return value
    return _ALSO.get(bare) or ("unknown" if bare and is_blank(bare) else None)


def _first_asked(chosen: Iterable[Chosen]) -> list[Chosen]:
    """Those asked first, in their order, then the others, those that an auditor answers last."""
    return sorted(chosen, key=lambda one: (one.core is None, one.core or 0, one.item.who == "auditor"))


def export_workbook(chosen: Iterable[Chosen], answers: Mapping[str, Answer], language: str) -> bytes:
    """The checklist as a workbook with one row an item; every cell is a text, and an answer is chosen from a list."""
    rows = [_heads(language), *(_row(one, answers.get(one.key), language) for one in _first_asked(chosen))]
    choices = {_heads(language).index(translate(COLUMNS["value"], language)): _words(language)}
    return workbook(rows, (10, 9, 14, 60, 45, 16, 16, 40, 24, 12, 40), choices)


def export_csv(chosen: Iterable[Chosen], answers: Mapping[str, Answer], language: str) -> str:
    """The checklist as CSV with one row an item; what is answered already is filled in."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_heads(language))
    for one in _first_asked(chosen):
        writer.writerow([inert(cell) for cell in _row(one, answers.get(one.key), language)])
    return text.getvalue()


def export_markdown(chosen: Iterable[Chosen], answers: Mapping[str, Answer], language: str) -> str:
    """The checklist as a form in Markdown: a heading an item, and a line for each part of the answer."""
    title = translate("Checklist", language)
    values = ", ".join(_words(language))
    lines = [f"# {title}", "", say(_HELP, values=values).text(language), ""]
    for place, one in enumerate(_first_asked(chosen)):
        if place and one.core is None and place == sum(other.core is not None for other in chosen):
            lines += [f"# {translate(_GO_ON, language)}", ""]
        row = dict(zip(COLUMNS, _row(one, answers.get(one.key), language), strict=True))
        lines += [
            f"## {one.key}",
            "",
            f"**{row['question']}** ({row['level']})",
            "",
            row["satisfied_by"],
            "",
        ]
        lines += [
            f"- {translate(COLUMNS[name], language)}{translate(':', language)} {' '.join(row[name].split())}".rstrip()
            for name in _FILLED
        ]
        lines.append("")
    return "\n".join(lines)


_GO_ON = mark("Go on: the other questions")
_HELP = mark(
    "Write after the colon. Answer: {values}; then a fact or a reason, your function (never a name), the day, and "
    "documents (links or files, separated by spaces). The questions asked first come first; the others may wait."
)


def _heads(language: str) -> list[str]:
    return [translate(head, language) for head in COLUMNS.values()]


def _words(language: str) -> list[str]:
    return [translate(word, language) for word in VALUES.values()]


def _key_of(head: str) -> str:
    """The column that a head means, in any language; the head itself where it is none."""
    bare = " ".join(head.lower().split())
    names = ((name, {name, *(translate(text, one).lower() for one in LANGUAGES)}) for name, text in COLUMNS.items())
    return next((name for name, heads in names if bare in heads), bare)


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
    faults: list[AuditkitError] = []
    for where, row in rows:
        key = library.item_key(row.get("item", ""))
        try:
            if key not in library.items:
                raise DataError(
                    '{file}, row {row}: there is no item "{item}"; the nearest: {known}.',
                    file=path.name, row=where, item=cut(key), known=nearest(key, library.items),
                )  # fmt: skip
            if key in found:
                raise DataError("{file}, row {row}: {item} is answered twice.", file=path.name, row=where, item=key)
            if any(row.get(name, "") for name in ("value", "because", "documents")):
                found[key] = _answer(row, path.name, where, key, folder)
        except AuditkitError as fault:
            faults.append(fault)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        together = Written("", write=lambda language: "\n".join(f"- {fault.text(language)}" for fault in faults))
        raise DataError(
            "{file}: {count} things to put right; nothing was taken in.\n{faults}",
            file=path.name,
            count=len(faults),
            faults=together,
        )
    return found


def _row(one: Chosen, answer: Answer | None, language: str) -> list[str]:
    first = "" if one.core is None else str(one.core + 1)
    texts = (one.item.question.text(language), one.item.satisfied_by.text(language))
    asked = [one.key, first, translate(_LEVELS[one.level], language), *texts, one.item.letter or ""]
    if answer is None:
        return asked + [""] * len(_FILLED)
    documents = " ".join(document.link or document.file or "" for document in answer.documents)
    when = answer.when.strftime("%d/%m/%Y") if language == "fr" else answer.when.isoformat()
    return [*asked, translate(VALUES[answer.value], language), answer.because or "", answer.role, when, documents]


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
    head = [_key_of(cell) for cell in next(lines, [])]
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
        elif row and (part := re.match(r"[-*]\s+([^:]+?)\s*:\s*(.*)$", line)) and _key_of(part[1]) in _FILLED:
            row[_key_of(part[1])] = part[2].strip()
    if row:
        yield start, row


def _answer(row: Mapping[str, str], file: str, where: int, key: str, folder: Path) -> Answer:
    from pydantic import ValidationError

    from auditkit.rights.answers import document_at

    value = answer_value(row.get("value", ""))
    if value is None:
        raise DataError(
            "{file}, row {row}, {item}: found {value}; expected yes, no, not applicable or “I do not know”.",
            file=file, row=where, item=key, value=cut(row.get("value", "")) or "–",
        )  # fmt: skip
    when = read_day(row.get("when", ""))
    if when is None:
        raise DataError(
            "{file}, row {row}, {item}: found {value} as the day; expected one such as 15/01/2026 or 2026-01-15.",
            file=file, row=where, item=key, value=cut(row.get("when", "")) or "–",
        )  # fmt: skip
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
            "{file}, row {row}, {item}: a function is needed, and “not applicable” needs a reason.",
            file=file,
            row=where,
            item=key,
        ) from None
