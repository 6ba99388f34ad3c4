"""From what was recognised to the keys of audit.yaml: rows, published counts, or documents only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from auditkit.errors import DataError, InputError, cut, nearest
from auditkit.initialise.counts import CountsTable, look_at_counts
from auditkit.initialise.page import GUESS, Page, flow, scalar
from auditkit.initialise.personal import personal_warning
from auditkit.initialise.rows import Column, Guesses, chosen_value, guess_roles, look_at_rows
from auditkit.initialise.words import GROUNDS, ROLES, SELECTED_VALUES, has_word, plain_word
from auditkit.intake import FileSource, guess_encoding
from auditkit.locale import Message, mark, say, translate
from auditkit.rights.library import load_library
from auditkit.rights.selection import framework_for
from auditkit.spec import DataSpec

__all__ = ["Begun", "audit_of_documents", "audit_of_table"]


@dataclass(frozen=True)
class Begun:
    """The text of an audit.yaml, and what is to be said about it."""

    text: str
    notes: tuple[Message, ...]


def audit_of_table(file: Path, folder: Path, language: str, country: str | None = None) -> Begun:
    """An audit.yaml for a table of rows or of counts; DataError where the table cannot be read."""
    if not file.exists():
        names = [p.name for p in file.parent.iterdir() if p.is_file()] if file.parent.is_dir() else []
        raise DataError(
            "There is no file {file}; the nearest names in its folder: {names}.",
            file=f'"{cut(file, 80)}"',
            names=nearest(file.name, names) or "-",
        )
    file = file.resolve()
    encoding = guess_encoding(FileSource(file.name, file)) if file.is_file() else None
    counts = look_at_counts(file, encoding=encoding) if file.is_file() else None
    if counts is not None:
        return _begin_counts(file, folder, counts, encoding, Page(language, _country(country)))
    return _begin_rows(file, folder, encoding, Page(language, _country(country)))


def audit_of_documents(documents: Path, folder: Path, language: str, country: str | None = None) -> Begun:
    """An audit.yaml without data that lists the documents of a folder; InputError where there are none."""
    if not documents.is_dir():
        raise InputError(
            "{folder} is not a folder; expected a folder of documents.", folder=cut(documents, 80)
        )
    hidden = {"audit.yaml", "answers.yaml"}
    files = sorted(p for p in documents.rglob("*") if p.is_file() and not p.name.startswith("."))
    names = [_relative(p, folder) for p in files if p.name not in hidden]
    if not names:
        raise InputError("{folder} holds no documents.", folder=cut(documents, 80))
    page = Page(language, _country(country))
    _head(page, documents.resolve().name, names)
    page.key("data", "none", _DATA_NONE)
    page.blank()
    page.comment(_KNOWN)
    page.lines += [
        "# known_figures:",
        "#   - " + flow({"what": "...", "value": 36, "unit": "percent", "year": 2023, "source": names[0]}),
    ]
    return Begun(page.text, (say("Documents found: {names}.", names=", ".join(cut(n) for n in names)),))


# The comments of the file, one a key.
_TOP = mark(
    "This file says what is audited. What follows a # is for you to read. Lines that begin with # and a key "
    "wait for you: fill them in and take the # away. Texts may be given in two languages: {en: ..., fr: ...}."
)
_TITLE = mark("The title of the report.")
_LANGUAGE = mark("The language of the report when nothing else is asked for.")
_AS_OF = mark("The date of the audit, the only one that enters the results.")
_SYSTEM = mark("The system that judges people.")
_NAME = mark("Its name.")
_HARM = mark(
    "punitive: being selected is unfavourable (a control, a suspicion). assistive: not being selected is (a "
    "grant, a place). This decides which gaps hurt."
)
_OPERATOR = mark("Who runs it.")
_COUNTRY = mark("The country, by its two letters.")
_DECISION = mark("What is decided with it.")
_AFFECTED = mark("On whom.")
_STATUS = mark("planned, in_use, retired or unknown.")
_PERIOD = mark("The years that the data cover.")
_SOURCES = mark("Where what is said here can be looked up.")
_DATA = mark("The table, beside this file.")
_DATA_NONE = mark("No table: a report from documents alone. Name a table here once you have one.")
_RIGHTS = mark(
    "The checklist of rights. Its framework says whose law stands behind the questions; name the one of the country of "
    "the system, or take the general one:"
)
_KNOWN = mark("Figures that the documents give, each with its source: they are shown as what others said.")
_SCORE = mark("The column that holds the score.")
_SELECTED = mark(
    "How people are selected: by a limit of the score, a share of the highest scores, or a column."
)
_OUTCOME = mark("What really happened, and which values mean it: for a control, that there was a fault.")
_OBSERVED = mark("everywhere, or when_selected where the outcome is known only for those selected.")
_GROUPS = mark(
    "The groups to compare. reference: the group that others are compared with, or a rule such as "
    "{is: largest}. ground: the legal ground."
)
_MISSING = mark("Words that stand for no value.")
_WEIGHT = mark("A column of sampling weights.")
_SUPPRESSED = mark(
    "What the marks in place of numbers may mean: ask who published them, and change the limits."
)
_TOTALS = mark("Rows that sum up others: checked, then set aside.")
_PUBLISH = mark("The smallest number of people that may be shown; 0 for figures that are public already.")
_STACKED = mark("The table stacks attributes: column is the value that names the attribute.")


def _head(page: Page, title: str, sources: list[str] | None = None) -> None:
    page.comment(_TOP)
    page.blank()
    page.key("title", scalar(title), _TITLE, guess=True)
    page.key("language", page.language, _LANGUAGE)
    page.open_key("as_of", "2026-01-31", _AS_OF)
    page.blank()
    page.comment(_SYSTEM)
    page.lines.append("system:")
    page.key("name", scalar(title), _NAME, guess=True, indent=2)
    page.key("harm", "punitive", _HARM, guess=True, indent=2)
    page.open_key("operator", "...", _OPERATOR, 2)
    if page.country is None:
        page.open_key("country", "FR", _COUNTRY, 2)
    else:
        page.key("country", page.country, _COUNTRY, indent=2)
    page.open_key("decision", "...", _DECISION, 2)
    page.open_key("affected", "...", _AFFECTED, 2)
    page.key("status", "unknown", _STATUS, indent=2)
    page.open_key("period", '"2020-2023"', _PERIOD, 2)
    if sources:
        page.comment(_SOURCES, 2)
        page.lines += ["  sources:", *(f"    - {scalar(name)}" for name in sources)]
    else:
        page.open_key("sources", '["..."]', _SOURCES, 2)
    page.blank()
    page.comment(_RIGHTS)
    library = load_library()
    for name, framework in library.frameworks.items():
        page.lines.append(f"#   {name}: {framework.title.text(page.language)}")
    if page.country is None:
        page.lines.append("# rights: {framework: general}")
    else:
        proposed = flow({"framework": framework_for(library, page.country)})
        page.key("rights", proposed, guess=True)
    page.blank()


def _country(country: str | None) -> str | None:
    """Two letters in capitals; InputError for anything else."""
    if country is None:
        return None
    code = country.strip().upper()
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise InputError("--country: found {found}; expected two letters such as FR.", found=cut(country))
    return code


def _relative(file: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return file.resolve().as_posix()


def _begin_rows(file: Path, folder: Path, encoding: str | None, page: Page) -> Begun:
    table = look_at_rows(file, file.parent, DataSpec(file=file.name, encoding=encoding))
    guesses = guess_roles(table)
    _head(page, file.name.split(".")[0])
    name = _relative(file, folder)
    entry: dict[str, object] = {"file": name}
    entry |= {"encoding": encoding} if encoding is not None else {}
    entry |= {"decimal": ","} if guesses.decimal_comma else {}
    page.key("data", flow(entry) if len(entry) > 1 else scalar(name), _DATA, guess=encoding is not None)
    page.blank()
    _roles(page, guesses)
    page.comment(_GROUPS)
    if guesses.groups:
        page.lines.append("groups:")
        for column, ground in guesses.groups:
            _group(page, column, ground)
    else:
        page.lines += ["groups:", "  # ...: {column: ..., reference: {is: largest}, ground: sex}"]
    if guesses.missing_values:
        page.blank()
        page.key(
            "missing_values", "[" + ", ".join(['""', *map(scalar, guesses.missing_values)]) + "]", _MISSING
        )
    warnings = [personal_warning(c.name, c.sample(500)) for c in table.columns]
    columns = say("Columns found: {names}.", names=", ".join(cut(c.name) for c in table.columns[:60]))
    return Begun(page.text, (*table.notes, columns, *(w for w in warnings if w is not None)))


def _roles(page: Page, guesses: Guesses) -> None:
    if guesses.score is not None:
        page.key("score", scalar(guesses.score.name), _SCORE, guess=True)
    if guesses.selected is not None and (value := chosen_value(guesses.selected)) is not None:
        entry = flow({"column": guesses.selected.name, "in": [value]})
        page.key("selected", entry, _SELECTED, guess=True)
    elif guesses.score is not None:
        page.key("selected", flow({"top_share": 0.1}), _SELECTED, guess=True)
    else:
        page.open_key("selected", "{column: ..., in: [...]}", _SELECTED)
    if guesses.outcome is not None and (value := chosen_value(guesses.outcome)) is not None:
        two = len(guesses.outcome.stated) == 2
        outcome: dict[str, object] = {"column": guesses.outcome.name, "positive": [value]}
        page.key("outcome", flow(outcome | ({} if two else {"rest": "negative"})), _OUTCOME, guess=True)
        rows = guesses.outcome.missing + guesses.outcome.values.total()
        often = guesses.outcome.missing > 0.2 * rows
        page.key("observed", "when_selected" if often else "everywhere", _OBSERVED, guess=True)
    else:
        page.open_key("outcome", "{column: ..., positive: [...]}", _OUTCOME)
    if guesses.weight is not None:
        page.key("weight", scalar(guesses.weight.name), _WEIGHT, guess=True)
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


def _begin_counts(
    file: Path, folder: Path, counts: CountsTable, encoding: str | None, page: Page
) -> Begun:
    _head(page, file.stem)
    page.comment(_DATA)
    page.lines.append("data:")
    page.key("file", scalar(_relative(file, folder)), indent=2)
    if encoding is not None:
        page.key("encoding", encoding, guess=True, indent=2)
    if counts.count is not None:
        page.key("count", scalar(counts.count), guess=True, indent=2)
    else:
        page.key("columns", flow(dict(counts.columns)), guess=True, indent=2)
    if counts.stacked is not None:
        entry = flow({"attribute": counts.stacked[0], "group": counts.stacked[1]})
        page.key("stacked", entry, guess=True, indent=2)
    if counts.across:
        page.key("across", "group", guess=True, indent=2)
    if counts.decimal is not None:
        page.key("decimal", scalar(counts.decimal), indent=2)
    if counts.totals:
        page.key("totals", "[" + ", ".join(map(scalar, counts.totals)) + "]", _TOTALS, guess=True, indent=2)
    if counts.marks:
        page.comment(_SUPPRESSED, 2)
        page.lines.append("  suppressed:")
        page.lines += [f"    - {flow(_meaning(text))}   # {_guess(page)}" for text in counts.marks]
    page.blank()
    _count_roles(page, counts)
    because = translate(mark("counts that were published, already masked by whoever published them"), page.language)
    page.key("publish", f"{flow({'minimum_count': 0, 'because': because})}   # {_guess(page)}", _PUBLISH)
    found = say("Recognised as a table of counts, not of people.")
    return Begun(page.text, (found,))


def _guess(page: Page) -> str:
    return translate(GUESS, page.language)


def _meaning(text: str) -> dict[str, object]:
    digits = "".join(c for c in text if c.isdigit())
    upper = int(digits) - (0 if "≤" in text else 1) if digits else 10
    return {"text": text, "means": [0, max(upper, 0)]}


def _yes(values: tuple[str, ...]) -> str:
    """The value that seems to say yes."""
    plain = {plain_word(value): value for value in values}
    return next((plain[word] for word in SELECTED_VALUES if word in plain), values[0] if values else "1")


def _count_roles(page: Page, counts: CountsTable) -> None:
    labels = [label for label in counts.labels if counts.stacked is None or label not in counts.stacked]
    if counts.count is not None:
        selected = next((label for label in labels if has_word(label, ROLES["selected"])), None)
        outcome = next((label for label in labels if has_word(label, ROLES["outcome"])), None)
        labels = [label for label in labels if label not in (selected, outcome)]
        for key, label, comment in (("selected", selected, _SELECTED), ("outcome", outcome, _OUTCOME)):
            if label is not None:
                chosen = _yes(counts.values[label])
                values = flow({"column": label, "in" if key == "selected" else "positive": [chosen]})
                page.key(key, values, comment, guess=True)
        if selected is None:
            page.open_key("selected", "{column: ..., in: [...]}", _SELECTED)
    page.comment(_GROUPS)
    page.lines.append("groups:")
    named = ["group"] if counts.across else labels
    if counts.stacked is not None:
        page.comment(_STACKED, 2)
        named = list(counts.values[counts.stacked[0]])
    for label in named:
        ground = next((key for key, words in GROUNDS.items() if has_word(label, words)), None)
        entry: dict[str, object] = {"column": label, "reference": {"is": "largest"}}
        page.key(scalar(label), flow(entry | ({"ground": ground} if ground else {})), guess=True, indent=2)
    page.blank()
