"""From what was recognised to the keys of audit.yaml: rows, published counts, or documents only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from auditkit.errors import DataError, InputError, cut, nearest
from auditkit.guard import reading
from auditkit.init.count_roles import begin_counts
from auditkit.init.guess_counts import look_at_counts
from auditkit.init.guess_rows import Column, Guesses, RowsTable, chosen_value, guess_roles, look_at_rows
from auditkit.init.guess_sheets import Sheets, look_at_sheets
from auditkit.init.key_comments import (
    DATA,
    DATA_NONE,
    GROUPS,
    KNOWN,
    MISSING,
    OBSERVED,
    OUTCOME,
    REPEATS,
    SCORE,
    SELECTED,
)
from auditkit.init.personal_columns import personal_warning
from auditkit.init.table_head import country_code, relative_name, write_head
from auditkit.init.written_audit import Page, flow, scalar
from auditkit.intake import FileSource, guess_encoding, open_table
from auditkit.intake.line_repeats import Repeats, find_repeats, has_pairs
from auditkit.intake.line_unit import is_identifier_name
from auditkit.spec import DataSpec
from auditkit.text import Message, mark, say

__all__ = ["FACTS", "Begun", "audit_of_documents", "audit_of_table"]

FACTS = {
    "name": mark("What is the system called?"),
    "operator": mark("Which organisation runs it?"),
    "operator_address": mark("At which postal address?"),
    "access_contact": mark("Which service of it answers requests for documents?"),
    "decision": mark("What is decided with the system?"),
    "affected": mark("On whom?"),
    "harm": mark("Does being selected help or harm (help, harm)?"),
}
"""What is asked of a system to begin with: facts of an organisation, never of a person."""


@dataclass(frozen=True)
class Begun:
    """The text of an audit.yaml, what is to be said about it, and a picture of the cells that it takes.

    The picture gives, for each column taken, the key of audit.yaml, the head and the first cells.
    """

    text: str
    notes: tuple[Message, ...]
    picture: tuple[tuple[str, ...], ...] = ()


def audit_of_table(
    file: Path,
    folder: Path,
    language: str,
    country: str | None = None,
    counts_people: bool = False,
    sheet: str | None = None,
) -> Begun:
    """An audit.yaml for a table of rows or of counts; DataError where the table cannot be read.

    `counts_people`: somebody says that the table counts people, and will say which column counts whom. `sheet` is the
    name, a pattern or the number of the sheet of a workbook to begin with.
    """
    if not file.exists():
        names = [p.name for p in file.parent.iterdir() if p.is_file()] if file.parent.is_dir() else []
        raise DataError(
            "There is no file {file}; the nearest names in its folder: {names}.",
            file=f'"{cut(file, 80)}"',
            names=nearest(file.name, names) or "-",
        )
    page = Page(language, country_code(country))
    with reading(file.name, file, ours=True):
        return _begin_table(file.resolve(), folder, page, counts_people, sheet)


def _begin_table(file: Path, folder: Path, page: Page, counts_people: bool, sheet: str | None) -> Begun:
    sheets = look_at_sheets(file, sheet) if file.is_file() else None
    if sheets is None and sheet is not None:
        raise InputError("{file} has no sheets: --sheet is for spreadsheets.", file=cut(file.name, 80))
    if sheets is not None:
        counts = sheets.counts.get(sheets.chosen) or look_at_counts(file, sheets.chosen, said=counts_people)
        if counts is not None:
            return Begun(*begin_counts(file, folder, counts, None, page, sheets), counts.picture)
        return _begin_rows(file, folder, None, page, sheets)
    encoding = guess_encoding(FileSource(file.name, file)) if file.is_file() else None
    counts = look_at_counts(file, encoding=encoding, said=counts_people) if file.is_file() else None
    if counts is not None:
        return Begun(*begin_counts(file, folder, counts, encoding, page), counts.picture)
    return _begin_rows(file, folder, encoding, page)


def audit_of_documents(
    documents: Path,
    folder: Path,
    language: str,
    country: str | None = None,
    facts: Mapping[str, str] | None = None,
) -> Begun:
    """An audit.yaml without data that lists the documents of a folder; InputError where there are none.

    `facts` are what somebody said of the system: the keys of FACTS.
    """
    if not documents.is_dir():
        raise InputError("{folder} is not a folder; expected a folder of documents.", folder=cut(documents, 80))
    hidden = {"audit.yaml", "answers.yaml"}
    files = sorted(p for p in documents.rglob("*") if p.is_file() and not p.name.startswith("."))
    names = [relative_name(p, folder) for p in files if p.name not in hidden]
    if not names:
        raise InputError("{folder} holds no documents.", folder=cut(documents, 80))
    page = Page(language, country_code(country), facts or {})
    write_head(page, documents.resolve().name, names)
    page.key("data", "none", DATA_NONE)
    page.blank()
    page.comment(KNOWN)
    page.lines += [
        "# known_figures:",
        "#   - " + flow({"what": "...", "value": 36, "unit": "percent", "year": 2023, "source": names[0]}),
    ]
    return Begun(page.text, (say("Documents found: {names}.", names=", ".join(cut(n) for n in names)),))


def _begin_rows(file: Path, folder: Path, encoding: str | None, page: Page, sheets: Sheets | None = None) -> Begun:
    sheet = sheets.chosen if sheets is not None and len(sheets.names) > 1 else None
    table = look_at_rows(file, file.parent, DataSpec(file=file.name, encoding=encoding, sheet=sheet))
    guesses = guess_roles(table)
    _refuse_counts_without_heads(file, table, guesses)
    write_head(page, file.name.split(".")[0])
    name = relative_name(file, folder)
    entry: dict[str, object] = {"file": name}
    entry |= {"encoding": encoding} if encoding is not None else {}
    entry |= {"sheet": sheet} if sheet is not None else {}
    entry |= {"decimal": ","} if guesses.decimal_comma else {}
    guessed = encoding is not None or sheet is not None
    page.key("data", flow(entry) if len(entry) > 1 else scalar(name), DATA, guess=guessed)
    page.blank()
    _roles(page, guesses)
    repeats = _repeats(table, guesses, file, DataSpec(file=file.name, encoding=encoding, sheet=sheet))
    if repeats is not None:
        page.key("pair" if repeats.paired and has_pairs() else "cluster", scalar(repeats.column), REPEATS, guess=True)
        page.blank()
    page.comment(GROUPS)
    if guesses.groups:
        page.lines.append("groups:")
        for column, ground in guesses.groups:
            _group(page, column, ground)
    else:
        page.lines += ["# groups:", "#   ...: {column: ..., reference: {is: largest}, ground: sex}"]
    if guesses.missing_values:
        page.blank()
        page.key("missing_values", "[" + ", ".join(['""', *map(scalar, guesses.missing_values)]) + "]", MISSING)
    warnings = [personal_warning(c.name, c.sample(500)) for c in table.columns]
    columns = say("Columns found: {names}.", names=", ".join(cut(c.name) for c in table.columns[:60]))
    about = () if sheets is None else tuple(sheets.notes((sheets.chosen,)))
    unused = _unused(table, guesses, repeats)
    notes = (*table.notes, *about, columns, *unused, *(w for w in warnings if w is not None))
    return Begun(page.text, notes, _picture(guesses))


def _picture(guesses: Guesses) -> tuple[tuple[str, ...], ...]:
    """The columns that have a role: its key, their name, their most frequent values that may be shown."""
    keys = [key for key in ("score", "selected", "outcome") if getattr(guesses, key) is not None]
    taken = [*zip(keys, (one for one in _used(guesses)), strict=False), *(("groups", c) for c, _ in guesses.groups)]
    shown = [(key, column.name, *([*column.categories[:4], "", "", "", ""][:4])) for key, column in taken]
    return tuple(zip(*shown, strict=True))


def _refuse_counts_without_heads(file: Path, table: RowsTable, guesses: Guesses) -> None:
    """A label a line and numbers beside it, under heads that say nothing: ask which number is which."""
    stated = [column for column in table.columns if column.values]
    numbers = [column.name for column in stated if column.numeric]
    labels = [column for column in stated if not column.numeric]
    alone = len(labels) == 1 and len(labels[0].stated) == table.rows and not is_identifier_name(labels[0].name)
    if guesses.groups or guesses.selected is not None or not numbers or not alone or table.rows > 500:
        return
    raise DataError(
        "{file}: every line has a label of its own and numbers beside it, as in a table of counts, and no head says "
        "which column counts those selected, and which all people ({names}). Write an audit.yaml with data: {{file: "
        "{file}, columns: {{selected: {first}, total: {last}}}}}, the columns put right; if the table holds rates only,"
        " ask for the counts behind them (letter documents), or quote them under known_figures.",
        file=file.name,
        names=", ".join(f'"{cut(name)}"' for name in numbers[:12]),
        first=f'"{cut(numbers[0])}"',
        last=f'"{cut(numbers[-1])}"',
    )


def _unused(table: RowsTable, guesses: Guesses, repeats: Repeats | None) -> list[Message]:
    """Each column that has no role, and what may stand in the way of one."""
    used = {column.name for column in _used(guesses)} | ({repeats.column} if repeats is not None else set())
    rest = [f'"{cut(column.name)}"' for column in table.columns if column.name not in used]
    notes = []
    if rest:
        shown = ", ".join(rest[:40]) + (", …" if len(rest) > 40 else "")
        notes.append(say("Not used, since neither name nor values say what for: {names}.", names=shown))
    if guesses.score is None and guesses.selected is None:
        notes.append(
            say("No column was recognised as the decision: name one under selected, or a score, before a check.")
        )
    if not guesses.groups:
        notes.append(say("No column was recognised as a group to compare: name one under groups before a check."))
    if repeats is not None:
        notes.append(repeats.in_words)
    return notes


def _used(guesses: Guesses) -> list[Column]:
    roles = [one for one in (guesses.score, guesses.selected, guesses.outcome) if one is not None]
    return [*roles, *(column for column, _ in guesses.groups)]


def _repeats(table: RowsTable, guesses: Guesses, file: Path, data: DataSpec) -> Repeats | None:
    """The column that seems to tell people with several lines apart; looked for where the first rows show repeats."""
    taken = {column.name for column in _used(guesses)}
    seen = [column for column in table.columns if column.name not in taken and _may_repeat(column)]
    if not seen:
        return None
    groups = [column.name for column, _ in guesses.groups if not column.numeric or len(column.stated) <= 12]
    with open_table(data, file.parent) as opened:
        found = find_repeats(opened, groups, taken)
    return found[0] if found else None


def _may_repeat(column: Column) -> bool:
    fewest = 10 if is_identifier_name(column.name) else 30
    return len(column.values) >= fewest and 1.02 * len(column.values) <= column.values.total()


def _roles(page: Page, guesses: Guesses) -> None:
    if guesses.score is not None:
        page.key("score", scalar(guesses.score.name), SCORE, guess=True)
    if guesses.selected is not None and (value := chosen_value(guesses.selected)) is not None:
        entry = flow({"column": guesses.selected.name, "in": [value]})
        page.key("selected", entry, SELECTED, guess=True)
    elif guesses.score is not None:
        page.key("selected", flow({"top_share": 0.1}), SELECTED, guess=True)
    else:
        page.open_key("selected", "{column: ..., in: [...]}", SELECTED)
    if guesses.outcome is not None and (value := chosen_value(guesses.outcome)) is not None:
        two = len(guesses.outcome.stated) == 2
        outcome: dict[str, object] = {"column": guesses.outcome.name, "positive": [value]}
        page.key("outcome", flow(outcome | ({} if two else {"rest": "negative"})), OUTCOME, guess=True)
        rows = guesses.outcome.missing + guesses.outcome.values.total()
        often = guesses.outcome.missing > 0.2 * rows
        page.key("observed", "when_selected" if often else "everywhere", OBSERVED, guess=True)
    else:
        page.open_key("outcome", "{column: ..., positive: [...]}", OUTCOME)
    page.blank()


def _group(page: Page, column: Column, ground: str) -> None:
    entry: dict[str, object] = {"column": column.name}
    if column.numeric and len(column.stated) > 12:
        entry["bins"] = [25, 45, 65] if ground == "age" else [_middle(column)]
    entry |= {"reference": {"is": "largest"}, "ground": ground}
    page.key(scalar(column.name), flow(entry), guess=True, indent=2)
    if "bins" not in entry and column.categories:
        shown = ", ".join(scalar(value) for value in column.categories[:12])
        page.lines.append(f"    # {shown}")


def _middle(column: Column) -> float:
    numbers = sorted(float(v.replace(",", ".").replace(" ", "")) for v in column.stated)
    return numbers[len(numbers) // 2]
