"""From a published table of counts to the keys of audit.yaml."""

from __future__ import annotations

from pathlib import Path

from auditkit.errors import DataError
from auditkit.init.guess_counts import CountsTable
from auditkit.init.guess_sheets import Sheets
from auditkit.init.heading_words import GROUNDS, ROLES, SELECTED_VALUES, has_word, plain_word
from auditkit.init.key_comments import (
    DATA,
    GROUPS,
    OUTCOME,
    PUBLISH,
    SELECTED,
    STACKED,
    SUPPRESSED,
    TOTALS,
)
from auditkit.init.table_head import relative_name, write_head
from auditkit.init.written_audit import GUESS, Page, flow, scalar
from auditkit.text import Message, mark, say, translate

__all__ = ["begin_counts"]


def begin_counts(
    file: Path, folder: Path, counts: CountsTable, encoding: str | None, page: Page, sheets: Sheets | None = None
) -> tuple[str, tuple[Message, ...]]:
    """The text of the file and what is to be said of it; further sheets of counts become groups with their own data.

    Raises DataError, saying what to ask for, where the table gives no rate.
    """
    if not counts.columns and counts.count is None and not counts.heads:
        raise DataError("{file}: {reason}.", file=file.name, reason=counts.notes[0])
    if counts.period is not None and "period" not in page.facts:
        page.facts = {**page.facts, "period": counts.period}
    write_head(page, file.stem)
    page.comment(DATA)
    page.lines.append("data:")
    page.key("file", scalar(relative_name(file, folder)), indent=2)
    if sheets is not None and len(sheets.names) > 1:
        page.key("sheet", scalar(sheets.chosen), guess=True, indent=2)
    if encoding is not None:
        page.key("encoding", encoding, guess=True, indent=2)
    if counts.count is not None:
        page.key("count", scalar(counts.count), guess=True, indent=2)
    elif counts.columns:
        page.key("columns", flow(dict(counts.columns)), guess=True, indent=2)
    if counts.stacked is not None:
        entry = flow({"attribute": counts.stacked[0], "group": counts.stacked[1]})
        page.key("stacked", entry, guess=True, indent=2)
    if counts.across:
        page.key("across", "group", guess=True, indent=2)
    if counts.decimal is not None:
        page.key("decimal", scalar(counts.decimal), indent=2)
    if counts.totals:
        page.key("totals", "[" + ", ".join(map(scalar, counts.totals)) + "]", TOTALS, guess=True, indent=2)
    if counts.marks:
        page.comment(SUPPRESSED, 2)
        page.lines.append("  suppressed:")
        page.lines += [f"    - {flow(_meaning(text))}   # {_guess(page)}" for text in counts.marks]
    page.blank()
    named = _count_roles(page, counts)
    read = () if sheets is None else (sheets.chosen, *_more_sheets(page, file, folder, sheets, named))
    page.blank()
    because = translate(mark("counts that were published, already masked by whoever published them"), page.language)
    page.key("publish", f"{flow({'minimum_count': 0, 'because': because})}   # {_guess(page)}", PUBLISH)
    found = say("Recognised as a table of counts, not of people.")
    return page.text, (found, *counts.notes, *(sheets.notes(read) if sheets is not None else ()))


def _more_sheets(page: Page, file: Path, folder: Path, sheets: Sheets, named: set[str]) -> list[str]:
    """A group for each other sheet that counts one attribute, not yet named, in columns; the sheets so read."""
    read = []
    for sheet, counts in sheets.counts.items():
        simple = len(counts.labels) == 1 and counts.stacked is None and not counts.across and counts.count is None
        if sheet == sheets.chosen or not simple or counts.labels[0] in named:
            continue
        label = counts.labels[0]
        data: dict[str, object] = {"file": relative_name(file, folder), "sheet": sheet, "columns": dict(counts.columns)}
        data |= {"decimal": counts.decimal} if counts.decimal is not None else {}
        data |= {"totals": list(counts.totals)} if counts.totals else {}
        data |= {"suppressed": [_meaning(text) for text in counts.marks]} if counts.marks else {}
        page.key(scalar(label), flow(_entry(label) | {"data": data}), guess=True, indent=2)
        named.add(label)
        read.append(sheet)
    return read


def _entry(label: str) -> dict[str, object]:
    """What a group says of itself: its column, its reference, its ground where the name tells."""
    ground = next((key for key, words in GROUNDS.items() if has_word(label, words)), None)
    entry: dict[str, object] = {"column": label, "reference": {"is": "largest"}}
    return entry | ({"ground": ground} if ground else {})


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


def _count_roles(page: Page, counts: CountsTable) -> set[str]:
    """Selection, outcome and groups; the names of the groups."""
    set_aside = counts.times | set(counts.stacked or ())
    labels = [label for label in counts.labels if label not in set_aside]
    if counts.count is not None:
        selected = next((label for label in labels if has_word(label, ROLES["selected"])), None)
        outcome = next((label for label in labels if has_word(label, ROLES["outcome"])), None)
        labels = [label for label in labels if label not in (selected, outcome)]
        for key, label, comment in (("selected", selected, SELECTED), ("outcome", outcome, OUTCOME)):
            if label is not None:
                chosen = _yes(counts.values[label])
                values = flow({"column": label, "in" if key == "selected" else "positive": [chosen]})
                page.key(key, values, comment, guess=True)
        if selected is None:
            page.open_key("selected", "{column: ..., in: [...]}", SELECTED)
    page.comment(GROUPS)
    page.lines.append("groups:")
    named = ["group"] if counts.across else labels
    if counts.stacked is not None:
        page.comment(STACKED, 2)
        named = list(counts.values[counts.stacked[0]])
    for label in named:
        page.key(scalar(label), flow(_entry(label)), guess=True, indent=2)
    return set(named)
