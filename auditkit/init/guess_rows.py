"""A table of rows looked at: what each column seems to be, from its name and from its first rows."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditkit.init.heading_words import FOR_NO_VALUE, GROUNDS, ROLES, SELECTED_VALUES, has_word, plain_word
from auditkit.intake import open_table
from auditkit.intake.column_reading import label_of
from auditkit.intake.spelling import meaning_key
from auditkit.spec import DataSpec
from auditkit.text import Message

__all__ = ["MINIMUM", "Column", "Guesses", "RowsTable", "guess_roles", "look_at_rows"]

MINIMUM = 11
"""The fewest people a category must have before its name is written down."""

_SAMPLE = 20_000
_MANY = 40


@dataclass(frozen=True)
class Column:
    """One column of the first rows: how often each value stands there, whether the values are numbers."""

    name: str
    values: Counter[str]
    missing: int
    numeric: bool
    decimal_comma: bool

    @property
    def stated(self) -> list[str]:
        """The values that do not stand for a missing one."""
        return [value for value in self.values if not is_missing_word(value)]

    @property
    def categories(self) -> list[str]:
        """The values that may be written down: at least MINIMUM people each, the most frequent first."""
        return [v for v, n in self.values.most_common(_MANY) if n >= MINIMUM and not is_missing_word(v)]

    def sample(self, size: int) -> list[str]:
        """Up to `size` values, each as often as it stands there in proportion, no value oftener than it occurs."""
        every = max(1, -(-self.values.total() // size))
        return list(itertools.islice(self.values.elements(), 0, None, every))

    @property
    def is_category(self) -> bool:
        """Whether the column tells groups apart: few values, most of them shared by many."""
        return 2 <= len(self.stated) <= _MANY and len(self.categories) >= 2


@dataclass(frozen=True)
class RowsTable:
    """The columns of a table of rows, what intake recognised, how many rows were looked at."""

    columns: tuple[Column, ...]
    notes: tuple[Message, ...]
    rows: int


@dataclass(frozen=True)
class Guesses:
    """Which column is what, as far as names and values tell."""

    score: Column | None
    selected: Column | None
    outcome: Column | None
    groups: tuple[tuple[Column, str], ...]
    missing_values: tuple[str, ...]
    decimal_comma: bool


def is_missing_word(value: str) -> bool:
    """Whether a value is a word for no value."""
    return plain_word(value) in FOR_NO_VALUE or not value.strip()


def look_at_rows(file: Path, folder: Path, data: DataSpec) -> RowsTable:
    """The columns of a table, from its first rows; DataError where it cannot be read."""
    with open_table(data, folder) as table:
        relation: Any = table.frame.to_native()
        fetched = relation.limit(_SAMPLE).fetchnumpy()
        columns = tuple(_column(name, fetched[name]) for name in table.columns)
        rows = len(fetched[table.columns[0]])
        return RowsTable(columns, (*table.notes, *(doubt.question for doubt in table.doubts)), rows)


def _column(name: str, values: Any) -> Column:
    import numpy

    mask = numpy.ma.getmaskarray(values)
    texts = [label_of(v) for v, hidden in zip(numpy.ma.getdata(values).tolist(), mask, strict=True) if not hidden]
    counted = Counter(text for text in texts if text != "")
    stated = [value for value in counted if not is_missing_word(value)]
    numeric = bool(stated) and all(_number(value) is not None for value in stated)
    comma = numeric and any("," in value for value in stated)
    return Column(name, counted, len(mask) - sum(counted.values()), numeric, comma)


def _number(text: str) -> float | None:
    if not re.fullmatch(r"[+-]?[\d \u00a0\u202f]*[.,]?\d+([eE][+-]?\d+)?", text.strip()):
        return None
    number = float(re.sub(r"[ \u00a0\u202f]", "", text).replace(",", "."))
    return number if math.isfinite(number) else None


def guess_roles(table: RowsTable) -> Guesses:
    """What each column seems to be; a column has one role at most."""
    taken: set[str] = set()

    def first(role: str, fits: Any) -> Column | None:
        for word in ROLES[role].split():
            for column in table.columns:
                if column.name not in taken and has_word(column.name, word) and fits(column):
                    taken.add(column.name)
                    return column
        return None

    selected = first("selected", lambda c: 2 <= len(c.stated) <= 3 and not _has_outcome_word(c.name))
    outcome = first("outcome", lambda c: 2 <= len(c.stated) <= _MANY)
    score = first("score", lambda c: c.numeric and len(c.stated) > 2)
    if selected is None and score is None:
        selected = _decision(table, taken)
        if selected is None and outcome is not None and len(outcome.stated) == 2:
            selected, outcome = outcome, None  # the only decision that there is
    groups = []
    for column, (ground, words) in itertools.product(table.columns, GROUNDS.items()):
        fits = column.is_category or (ground == "age" and column.numeric and len(column.stated) > 2)
        if column.name not in taken and has_word(column.name, words) and fits:
            taken.add(column.name)
            groups.append((column, ground))
    used = [c for c in (score, selected, outcome, *(column for column, _ in groups)) if c is not None]
    missing = {v for c in used for v, n in c.values.items() if is_missing_word(v) and n >= MINIMUM}
    comma = any(column.decimal_comma for column in used)
    return Guesses(score, selected, outcome, tuple(groups), tuple(sorted(missing)), comma)


def _decision(table: RowsTable, taken: set[str]) -> Column | None:
    """The one column left whose two values are yes and no, whatever its name; none where there are several."""
    found = [
        column
        for column in table.columns
        if column.name not in taken
        and len(column.categories) == len(column.stated) == 2
        and {meaning_key(value) for value in column.stated} == {"0", "1"}
        and not any(has_word(column.name, words) for words in GROUNDS.values())
    ]
    if len(found) != 1:
        return None
    taken.add(found[0].name)
    return found[0]


def _has_outcome_word(name: str) -> bool:
    """Whether a column speaks of what came of a decision (résultat_contrôle) and not of the decision."""
    return any(has_word(name, word) for word in ("resultat", "outcome", "verdict", "conclusion", "result"))


def chosen_value(column: Column) -> str | None:
    """The value of a column of two values that seems to say yes; None where it may not be written down."""
    plain = {plain_word(value): value for value in column.categories}
    for word in SELECTED_VALUES:
        if word in plain:
            return plain[word]
    rarest = [value for value, _ in reversed(column.values.most_common()) if value in column.categories]
    return rarest[0] if rarest else None
