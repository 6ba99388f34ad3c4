"""A published table looked at: which columns hold counts, which marks hide numbers, which rows are totals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from auditkit.errors import cut
from auditkit.init.count_forms import FORMS, Form, choose_form, is_period, newest, whole_heads
from auditkit.init.heading_words import COUNT_KINDS, FOR_NO_VALUE, NUMBER_WORDS, TOTALS, plain_word
from auditkit.intake.count_layout import names_in_row
from auditkit.intake.file_format import format_of
from auditkit.intake.file_source import FileSource
from auditkit.intake.sheet_grid import Grid, read_grid
from auditkit.intake.spreadsheet import cell_text
from auditkit.intake.written_numbers import Refusal, plain, read_number
from auditkit.spec import DataSpec
from auditkit.text import Message, say

__all__ = ["CountsTable", "look_at_counts"]

_LARGEST = 1 << 20  # bytes
_ROWS = 3_000
_CELLS = 30_000
_LABEL_COLUMNS = 6


@dataclass(frozen=True)
class CountsTable:
    """What a table of counts seems to be.

    `columns` gives the column (or, where `across`, the row) of each kind of count; empty for a long table,
    whose counts stand in `count`. `labels` are the columns that say whom a count is of, `values` what stands
    in each; `stacked` the two of them that name an attribute and its group. `marks` hide numbers; `totals`
    are labels of rows that sum up others. `heads` are the names of its columns as intake finds them, in row `head_row`,
    `titles` the texts above it, `picture` the cells that were taken: their keys, their heads and the first rows.
    """

    columns: dict[str, str]
    count: str | None
    labels: tuple[str, ...]
    stacked: tuple[str, str] | None
    across: bool
    marks: tuple[str, ...]
    totals: tuple[str, ...]
    decimal: str | None
    values: dict[str, tuple[str, ...]]
    period: str | None = None
    notes: tuple[Message, ...] = ()
    heads: Mapping[int, str] = field(default_factory=dict)
    head_row: int | None = None
    titles: tuple[str, ...] = ()
    picture: tuple[tuple[str, ...], ...] = ()

    @property
    def times(self) -> frozenset[str]:
        """The label columns that tell periods apart and not people: every value is a quarter, a month or a year."""
        named = [label for label in self.labels if self.values.get(label) and self._tells_time(label)]
        return frozenset(named if len(named) < len(self.labels) else ())

    def _tells_time(self, label: str) -> bool:
        return all(is_period(value) or value in self.totals for value in self.values[label])


def look_at_counts(
    file: Path, sheet: str | int | None = None, encoding: str | None = None, said: bool = False
) -> CountsTable | None:
    """What a small table holds in the way of counts; None where it does not look like counts.

    `said`: a person says that it counts people. Where no head tells which column counts whom, there are then labels
    and heads alone, to ask about.
    """
    source = FileSource(file.name, file)
    if format_of(source).key not in ("text", "spreadsheet") or file.suffix == ".gz":
        return None
    if file.stat().st_size > _LARGEST:
        return None
    grid = read_grid(source, DataSpec(file=file.name, sheet=sheet, encoding=encoding))
    if len(grid.rows) > _ROWS or len(grid.rows) * grid.width > _CELLS:
        return None
    return _down(grid) or _across(grid) or (_down(grid, said=True) if said else None)


def _down(grid: Grid, said: bool = False) -> CountsTable | None:
    """A table with one group a row: the counts in columns that have names."""
    best: tuple[int, CountsTable | None] = (0, None)
    filled, numeric = _tallies(grid)
    for row in range(min(15, len(grid.rows) - 1)):
        names, joined = _header_names(grid, row)
        numbers = {c for c in names if filled[row][c] and numeric[row][c] >= 0.5 * filled[row][c]}
        numbers -= {c for c in numbers if _tells_years(grid, row, c, names[c])}
        recent, period, older = newest({column: names[column] for column in numbers})
        kinds = _kinds({column: _without_period(name) for column, name in whole_heads(recent).items()})
        form = _form(grid, row, kinds, names, numbers)
        if form is not None and not form.columns:
            best = _refused(grid, row, form, best, len(numbers), joined)
            continue
        labels = [column for column in names if column not in numbers][:_LABEL_COLUMNS]
        count = next((c for c in sorted(numbers) if plain_word(names[c]) in NUMBER_WORDS), None)
        if not labels or (form is None and (count is None or len(numbers) > 2) and not (said and len(numbers) > 1)):
            continue
        columns = {kind: names[column] for kind, column in form.columns.items()} if form is not None else {}
        used = list(form.columns.values()) if form is not None else [count] if count is not None else []
        score = 2 * len(used) + len(labels) + joined
        if score > best[0] and _distinct(grid, row, labels):
            titles = _sections(grid, row, used)
            table = CountsTable(
                columns=columns,
                count=names[count] if form is None and count is not None and len(numbers) < 3 else None,
                labels=tuple(names[column] for column in labels),
                stacked=("section", names[labels[0]]) if titles else _stacked([names[column] for column in labels]),
                across=False,
                marks=_marks(grid, row, used),
                totals=_totals(grid.text(r, c) for r in range(row + 1, len(grid.rows)) for c in labels),
                decimal=_decimal(grid, row, used),
                values={names[c]: _values(grid, row, c) for c in labels} | ({"section": titles} if titles else {}),
                period=period,
                notes=_notes(form, older, [names[c] for c in sorted(recent) if c not in used]) if used else (),
                heads=names,
                head_row=row,
                titles=tuple(text for r in range(row) if (text := grid.text(r, 0) or grid.text(r, 1))),
                picture=_picture(grid, row, names, labels, form),
            )
            best = (score, table)
    return best[1]


def _across(grid: Grid) -> CountsTable | None:
    """A table with its groups across the columns: the kinds of count are labels of its rows."""
    for column in range(min(3, grid.width)):
        labels = {row: name for row in range(len(grid.rows)) if (name := grid.text(row, column))}
        kinds = _kinds(labels)
        form = next((form for form in FORMS if set(form) <= set(kinds)), None)
        if form is None or not all(_numbers_right(grid, kinds[kind], column) for kind in form):
            continue
        first = min(kinds[kind] for kind in form)
        heads = [grid.text(first - 1, c) for c in range(column + 1, grid.width)] if first else []
        if sum(bool(head) for head in heads) < 2:
            continue
        return CountsTable(
            columns={kind: labels[kinds[kind]] for kind in form},
            count=None,
            labels=(),
            stacked=None,
            across=True,
            marks=(),
            totals=_totals(heads),
            decimal=None,
            values={},
        )
    return None


def _header_names(grid: Grid, row: int) -> tuple[dict[int, str], bool]:
    """The names in a row, and whether they go on from the row above, as where a merged cell spans two names.

    Such a row has nothing under the labels and no number. Its names are as intake finds them.
    """
    names = {column: name for column in range(grid.width) if (name := grid.text(row, column))}
    if not names or any(_is_number(grid.cell(row, column)) and not _is_year(name) for column, name in names.items()):
        return names, False
    known = names_in_row(grid, row, joined=True)
    own = list(names.values())
    twice = 0 not in names and row > 0 and bool(grid.label(row - 1, 0) or len(set(own)) < len(own))
    joined = row > 0 and (twice or len(set(own)) < len(own))
    for column, found in enumerate(known):
        if column in names:
            wanted = twice or own.count(names[column]) > 1
            if joined and wanted and len(found) > 1 and " / " in found[1]:
                names[column] = found[1]
        elif _filled_below(grid, row, column):
            names[column] = found[0]
    return names, joined


def _is_year(name: str) -> bool:
    return re.fullmatch(r"(19|20)\d{2}", name) is not None


def _tells_years(grid: Grid, row: int, column: int, name: str) -> bool:
    """Whether the numbers of a column are years, and its head is none of a count."""
    numbers = [grid.text(r, column) for r in range(row + 1, len(grid.rows)) if _is_number(grid.cell(r, column))]
    return bool(numbers) and all(map(_is_year, numbers)) and not _kinds({column: name})


def _filled_below(grid: Grid, row: int, column: int) -> bool:
    return any(grid.text(r, column) for r in range(row + 1, len(grid.rows)))


def _without_period(name: str) -> str:
    """A head without the year and quarter it names."""
    return " ".join(re.sub(r"(?<!\d)(19|20)\d{2}(?!\d)|\b[TQK]\s?[1-4]\b|/", " ", name).split())


def _form(grid: Grid, row: int, kinds: dict[str, int], names: dict[int, str], numbers: set[int]) -> Form | None:
    """The form of the rate, from the heads of the numbers and from the numbers."""
    rows = [r for r in range(row + 1, len(grid.rows)) if any(_is_number(grid.cell(r, c)) for c in numbers)]
    cells = {column: [_number(grid.cell(r, column)) for r in rows] for column in numbers}
    first = next((column for column in sorted(names) if column not in numbers), 0)
    return choose_form(kinds, names, cells, [grid.text(r, first) for r in rows])


def _number(cell: str | float) -> float | None:
    for mark in (None, ",", "."):
        try:
            return read_number(cell, mark).value
        except Refusal:
            continue
    return None


def _refused(
    grid: Grid, row: int, form: Form, best: tuple[int, CountsTable | None], numbers: int, joined: bool
) -> tuple[int, CountsTable | None]:
    """A table whose rate cannot be worked out: no keys, and the reason."""
    assert form.refused is not None
    score = (3 if form.asked else 1) * numbers + joined
    if score <= best[0]:
        return best
    return score, CountsTable({}, None, (), None, False, (), (), None, {}, notes=(form.refused,))


def _notes(form: Form | None, older: Sequence[str], unused: Sequence[str]) -> tuple[Message, ...]:
    """The worked line, and each column of numbers that is not read, with the reason."""
    notes = []
    if form is not None and form.worked is not None:
        notes.append(say("Read as: {line}", line=form.worked))
    if older:
        notes.append(say("Not read, of other periods: {names}.", names=", ".join(f'"{cut(name)}"' for name in older)))
    if unused:
        named = ", ".join(f'"{cut(name)}"' for name in unused)
        notes.append(say("Not read, since the rate does not need them: {names}.", names=named))
    return tuple(notes)


def _picture(
    grid: Grid, row: int, names: Mapping[int, str], labels: Sequence[int], form: Form | None
) -> tuple[tuple[str, ...], ...]:
    """The first cells of each column that was taken, under the key of audit.yaml that it stands for."""
    kinds = {column: kind for kind, column in form.columns.items()} if form is not None else {}
    keys = {**dict.fromkeys(labels, "groups"), **kinds}
    columns = [column for column in sorted(names) if column in keys or form is None]
    counted = [r for r in range(row + 1, len(grid.rows)) if any(grid.text(r, c) for c in columns)][:5]
    return (
        tuple(keys.get(column, "count") for column in columns),
        tuple(names[column] for column in columns),
        *(tuple(grid.text(r, column) for column in columns) for r in counted),
    )


def _sections(grid: Grid, row: int, used: Sequence[int]) -> tuple[str, ...]:
    """The titles that stand alone in their rows between rows with counts."""
    counted = [r for r in range(row + 1, len(grid.rows)) if any(grid.text(r, c) for c in used)]
    between = [r for r in range(row + 1, max(counted, default=row)) if r not in counted]
    texts = [[text for c in range(grid.width) if (text := grid.text(r, c))] for r in between]
    return tuple(dict.fromkeys(found[0] for found in texts if len(found) == 1))


def _numbers_right(grid: Grid, row: int, column: int) -> bool:
    """Whether most of what stands to the right of a label is numbers; words for no value do not count."""
    cells = [grid.cell(row, c) for c in range(column + 1, grid.width) if _says_something(grid.text(row, c))]
    return bool(cells) and sum(_is_number(cell) for cell in cells) >= 0.5 * len(cells)


def _kinds(names: dict[int, str]) -> dict[str, int]:
    """The column (or row) of each kind of count: the name that is most exactly one of its words."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    for exact in (True, False):
        for kind, words in COUNT_KINDS.items():
            for number, name in names.items():
                text = plain_word(name)
                hit = text in words if exact else any(f" {word} " in f" {text} " for word in words)
                if hit and kind not in found and number not in taken:
                    found[kind] = number
                    taken.add(number)
    return found


def _tallies(grid: Grid) -> tuple[list[list[int]], list[list[int]]]:
    """For each of the first rows, how many cells under it say something in each column, and how many are numbers."""
    most, width = min(15, len(grid.rows)), grid.width
    filled, numeric = [0] * width, [0] * width
    filled_below, numeric_below = [[0] * width for _ in range(most)], [[0] * width for _ in range(most)]
    for row in range(len(grid.rows) - 1, -1, -1):
        if row < most:
            filled_below[row], numeric_below[row] = list(filled), list(numeric)
        for column, cell in enumerate(grid.rows[row]):
            says, number = _cell_kind(cell)
            filled[column] += says
            numeric[column] += number
    return filled_below, numeric_below


@lru_cache(maxsize=1 << 16)
def _cell_kind(cell: str | float) -> tuple[bool, bool]:
    """Whether a cell says something, and whether that is a number."""
    says = not isinstance(cell, str) or _says_something(plain(cell))
    return says, says and _is_number(cell)


def _says_something(text: str) -> bool:
    return bool(text) and plain_word(text) not in FOR_NO_VALUE


def _is_number(cell: str | float) -> bool:
    try:
        read_number(cell, None)
    except Refusal:
        return any(_reads(cell, mark) for mark in (",", "."))
    return True


def _reads(cell: str | float, mark: str) -> bool:
    try:
        read_number(cell, mark)
    except Refusal:
        return False
    return True


def _marks(grid: Grid, row: int, columns: Sequence[int]) -> tuple[str, ...]:
    """Texts that stand where numbers do: short, in rows that are labelled."""
    cells = [grid.cell(r, c) for r in range(row + 1, len(grid.rows)) for c in columns if grid.text(r, c)]
    texts = Counter(plain(cell_text(cell)) for cell in cells if isinstance(cell, str) and not _is_number(cell))
    known = [text for text, _ in texts.most_common() if len(text) <= 8 or plain_word(text) in FOR_NO_VALUE]
    return tuple(known[:5])


def _distinct(grid: Grid, row: int, labels: Sequence[int]) -> bool:
    """Whether the labels tell the rows apart: in a table of people many rows are labelled alike."""
    found = [tuple(grid.label(r, c) for c in labels) for r in range(row + 1, len(grid.rows))]
    return len(set(found)) > 0.8 * len(found)


def _values(grid: Grid, row: int, column: int) -> tuple[str, ...]:
    found = (grid.text(r, column) for r in range(row + 1, len(grid.rows)))
    return tuple(dict.fromkeys(text for text in found if text))


def _totals(labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(label for label in labels if plain_word(label) in TOTALS))


def _decimal(grid: Grid, row: int, columns: Sequence[int]) -> str | None:
    """The decimal mark, where some number can be read only with it."""
    for r in range(row + 1, len(grid.rows)):
        for c in columns:
            cell = grid.cell(r, c)
            if isinstance(cell, str) and cell and not _reads_plainly(cell):
                fits = [mark for mark in (",", ".") if _reads(cell, mark)]
                if len(fits) == 1:
                    return fits[0]
    return None


def _reads_plainly(cell: str) -> bool:
    try:
        read_number(cell, None)
    except Refusal:
        return False
    return True


def _stacked(labels: Sequence[str]) -> tuple[str, str] | None:
    words = (
        "attribute",
        "attribut",
        "variable",
        "critere",
        "caracteristique",
        "dimension",
        "motif",
        "criterion",
    )
    for i, label in enumerate(labels[:-1]):
        if plain_word(label) in words:
            return label, labels[i + 1]
    return None
