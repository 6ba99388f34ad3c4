"""Where the counts stand in a published table: the row of names, the rows of data, the footnotes.

Title lines above and notes below are set aside; names may be spread over two rows, the upper one merged. A
table with groups across its columns is turned, so that one record a group comes out of either kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from auditkit.errors import DataError, cut, nearest
from auditkit.intake.sheet_grid import Grid
from auditkit.intake.written_numbers import Cell, plain
from auditkit.text import Message, say, say_plural

SECTION = "section"
"""The column that holds the titles between rows, as `stacked: {attribute: section, ...}` names it."""

__all__ = ["SECTION", "Record", "Records", "find_columns", "grid_row", "names_in_row", "read_across", "read_records"]


@dataclass(frozen=True)
class Record:
    """One row of data: each named column's cell as text, raw, and its place."""

    texts: dict[str, str]
    cells: dict[str, Cell]
    places: dict[str, Message | str]
    place: Message | str


@dataclass(frozen=True)
class Records:
    """The data rows of a table, all its column names, and what was set aside."""

    columns: tuple[str, ...]
    rows: tuple[Record, ...]
    notes: tuple[Message, ...]


def names_in_row(grid: Grid, row: int, joined: bool) -> list[tuple[str, ...]]:
    """For each column the names it may go by: its own, and "upper / own" where a row above spans it."""
    above = [_spanning(grid, row - up, row) for up in (1, 2) if joined and row - up >= 0]
    result = []
    for column in range(grid.width):
        own = grid.text(row, column)
        uppers = [names[column] for names in above if names[column] and names[column] != own]
        names = [own] if own else []
        if uppers:
            names.append(f"{uppers[0]} / {own}" if own else uppers[0])
        if len(uppers) > 1 and own and uppers[1] != uppers[0]:
            names.append(f"{uppers[1]} / {uppers[0]} / {own}")
        if not own:
            names.append(unnamed(column))
        result.append(tuple(names))
    return result


def unnamed(column: int) -> str:
    """What a column without a name is called, counted from 1."""
    return f"column {column + 1}"


def _spanning(grid: Grid, row: int, head: int) -> list[str]:
    """The labels of a row above the names, each carried to the right over blank cells, as a merged cell would be.

    A title is no label: a row with one text alone spans nothing, unless a merged cell says so.
    """
    own = [grid.label(row, column) for column in range(grid.width)]
    filled = [column for column in range(grid.width) if grid.text(row, column)]
    if len(filled) < 2 or grid.merged or grid.text(row, 0):
        return own
    carried, last = [], ""
    for column, label in enumerate(own):
        last = label or last
        carried.append(last if grid.text(head, column) else label)
    return carried


def find_columns(wanted: str, names: Sequence[tuple[str, ...]]) -> list[int]:
    """The columns that go by a name; where none does as written, those that do but for capitals."""
    exact = [i for i, found in enumerate(names) if plain(wanted) in found]
    return exact or [i for i, found in enumerate(names) if plain(wanted).lower() in [n.lower() for n in found]]


def _header(
    grid: Grid,
    wanted: Sequence[str],
    header_row: int | None,
    head_rows: Sequence[int],
    label_column: int | None,
    count_columns: Sequence[str],
) -> tuple[int, list[tuple[str, ...]]]:
    """The row that holds all wanted names, each once; DataError naming the first name that is not found."""
    if head_rows:
        found = _joined_heads(grid, [grid_row(grid, row) for row in head_rows])
        return max(grid_row(grid, row) for row in head_rows), _labelled(found, label_column, wanted, count_columns)
    given = None if header_row is None else grid_row(grid, header_row)
    candidates = range(len(grid.rows)) if given is None else [given]
    best: tuple[int, int, list[tuple[str, ...]]] = (-1, 0, [])
    for row in candidates:
        names = _labelled(names_in_row(grid, row, joined=True), label_column, wanted, count_columns)
        hits = [find_columns(name, names) for name in wanted]
        if all(len(hit) == 1 for hit in hits):
            return row, names
        if (score := sum(len(hit) >= 1 for hit in hits)) > best[0]:
            best = (score, row, names)
    _, row, names = best
    for name in wanted:
        columns = find_columns(name, names)
        if len(columns) == 1:
            continue
        known = [found[-1] for found in names if found]
        if columns:
            raise DataError(
                "{file}, {place}: {count} columns are named {name}; say which one is meant: {names}.",
                file=grid.file,
                place=grid.place(row),
                count=len(columns),
                name=f'"{cut(name)}"',
                names=", ".join(f'"{cut(names[i][-1])}"' for i in columns[:6]),
            )
        raise DataError(
            "{file}: no row holds the column name {name}; the nearest row is {place}, with: {names}. Say "
            "which row holds the names with header_row if it is another.",
            file=grid.file,
            name=f'"{cut(name)}"',
            place=grid.place(row),
            names=nearest(name, known) or "-",
        )
    raise AssertionError("a header without a missing name")


def _joined_heads(grid: Grid, rows: Sequence[int]) -> list[tuple[str, ...]]:
    """The names of columns over several rows, joined by " / "; also each by the last of them."""
    last = max(rows)
    spans = [
        _spanning(grid, row, last) if row != last else [grid.text(row, c) for c in range(grid.width)] for row in rows
    ]
    found = []
    for column in range(grid.width):
        parts = list(dict.fromkeys(labels[column] for labels in spans if labels[column]))
        own = grid.text(last, column)
        names = [" / ".join(parts), *([own] if own and len(parts) > 1 else [])] if parts else []
        found.append((*names, *([] if own else [unnamed(column)])))
    return found


def _labelled(
    names: list[tuple[str, ...]], label_column: int | None, wanted: Sequence[str], count_columns: Sequence[str]
) -> list[tuple[str, ...]]:
    """The names with the label column going by the first wanted name that no column has."""
    if label_column is None or label_column > len(names):
        return names
    missing = [name for name in wanted if name not in count_columns and not find_columns(name, names)]
    if not missing:
        return names
    place = label_column - 1
    return [*names[:place], (*names[place], plain(missing[0])), *names[place + 1 :]]


def grid_row(grid: Grid, header_row: int) -> int:
    """The grid row of a row or line number counted from 1."""
    if grid.lines is not None and header_row in grid.lines:
        return grid.lines.index(header_row)
    if grid.lines is None and header_row <= len(grid.rows):
        return header_row - 1
    raise DataError(
        "{file}: there is no line {line} to hold the column names (header_row).",
        file=grid.file,
        line=header_row,
    )


def read_records(
    grid: Grid,
    wanted: Sequence[str],
    count_columns: Sequence[str],
    header_row: int | None,
    head_rows: Sequence[int] = (),
    label_column: int | None = None,
) -> Records:
    """The data rows of a table with one group a row; `head_rows` hold the names together, `label_column` the labels.

    `wanted` are the columns that must be there, `count_columns` those among them that hold numbers. Raises
    DataError for a missing name, for a text between the data rows, and for a table without any data row.
    """
    sections = SECTION in wanted and not any(grid.text(r, c) == SECTION for r in range(len(grid.rows))
                                             for c in range(grid.width))  # fmt: skip
    wanted = [name for name in wanted if not (sections and name == SECTION)]
    header, names = _header(grid, wanted, header_row, head_rows, label_column, count_columns)
    chosen = {name: find_columns(name, names)[0] for name in wanted}
    taken = set(chosen.values())
    for column, found in enumerate(names):
        if column not in taken and found and found[0] not in chosen:
            chosen[found[0]] = column
    counts = [chosen[name] for name in count_columns]
    numbers = [row for row in range(header + 1, len(grid.rows)) if any(grid.text(row, column) for column in counts)]
    if not numbers:
        raise DataError(
            "{file}: no rows follow the column names ({place}); the table is empty.",
            file=grid.file,
            place=grid.place(header),
        )
    titles: dict[int, str] = {}
    for row in range(header + 1, numbers[-1]):
        if sections and row not in numbers and _alone(grid, row) is not None:
            titles[row] = grid.text(row, _alone(grid, row) or 0)
            continue
        if row not in numbers and (filled := _first_filled(grid, row)) is not None:
            _refuse_block_title(grid, row, filled, names)
            raise DataError(
                "{file}, {place}: found {value} in a row without counts, between rows with counts; take the "
                "row out, or give each row its own label.",
                file=grid.file,
                place=grid.place(row, filled),
                value=f'"{cut(grid.text(row, filled))}"',
            )
    _refuse_blank_labels(grid, numbers, [chosen[name] for name in wanted if name not in count_columns])
    rows = tuple(_record(grid, row, chosen, _title_of(row, titles) if sections else None) for row in numbers)
    return Records(tuple(chosen), rows, _set_aside(grid, header, numbers[-1], header_row))


def _refuse_block_title(grid: Grid, row: int, column: int, names: Sequence[Sequence[str]]) -> None:
    """A text alone in its row names what follows, as where one table stacks sex, then age: say how that is written."""
    alone = sum(bool(grid.text(row, other)) for other in range(grid.width)) == 1
    group = names[column][0] if column < len(names) and names[column] else ""
    if not alone or not group:
        return
    raise DataError(
        "{file}, {place}: found {value} alone in its row, between rows with counts. It seems to be the title of a "
        "block, in a table that stacks several attributes. Leave the table as it is and write under data: stacked: "
        "{{attribute: section, group: {group}}}; then name each title as the column of a group.",
        file=grid.file,
        place=grid.place(row, column),
        value=f'"{cut(grid.text(row, column))}"',
        group=f'"{cut(group)}"',
    )


def _refuse_blank_labels(grid: Grid, rows: Sequence[int], columns: Sequence[int]) -> None:
    """An empty label may be a merged cell: where the kind of file does not tell, it is refused."""
    if grid.lines is not None or grid.merged is not None:
        return
    for row in rows:
        for column in columns:
            if not grid.text(row, column):
                raise DataError(
                    "{file}, {place}: found an empty cell; expected the label of the row. If "
                    "cells are merged, write "
                    "the label into each row.",
                    file=grid.file,
                    place=grid.place(row, column),
                )


def _first_filled(grid: Grid, row: int) -> int | None:
    return next((column for column in range(grid.width) if grid.text(row, column)), None)


def _alone(grid: Grid, row: int) -> int | None:
    """The column of a text that stands alone in its row."""
    filled = [column for column in range(grid.width) if grid.text(row, column)]
    return filled[0] if len(filled) == 1 else None


def _title_of(row: int, titles: dict[int, str]) -> str:
    """The title of the section that a row stands in; empty above the first."""
    above = [number for number in titles if number < row]
    return titles[max(above)] if above else ""


def _record(grid: Grid, row: int, chosen: dict[str, int], section: str | None = None) -> Record:
    title = {} if section is None else {SECTION: section}
    return Record(
        {name: grid.label(row, column) for name, column in chosen.items()} | title,
        {name: grid.cell(row, column) for name, column in chosen.items()},
        {name: grid.place(row, column) for name, column in chosen.items()},
        grid.place(row),
    )


def _set_aside(grid: Grid, header: int, last: int, header_row: int | None) -> tuple[Message, ...]:
    notes = []
    if header > 0 and header_row is None and any(_first_filled(grid, row) is not None for row in range(header)):
        notes.append(say("{file}: the column names stand in {place}.", file=grid.file, place=grid.place(header)))
    after = [row for row in range(last + 1, len(grid.rows)) if _first_filled(grid, row) is not None]
    if after:
        first = _first_filled(grid, after[0])
        notes.append(
            say_plural(
                "{file}: {count} line of notes under the table was set aside, {place}: {text}",
                "{file}: {count} lines of notes under the table were set aside, from {place} on: {text}",
                len(after),
                file=grid.file,
                place=grid.place(after[0]),
                text=f'"{cut(grid.text(after[0], first or 0))}"',
            )
        )
    return tuple(notes)


def read_across(grid: Grid, attribute: str, count_labels: Sequence[str], header_row: int | None) -> Records:
    """The groups of a table that stand across its columns, each made a row.

    `count_labels` are the labels, in one column, of the rows that hold the counts; the group of each column
    is in the row of names above them. Raises DataError for a label that is not found, or found twice.
    """
    column, rows = _label_column(grid, count_labels)
    first = min(rows.values())
    if header_row is not None:
        header = grid_row(grid, header_row)
    else:
        header = next(
            (r for r in range(first - 1, -1, -1) if _width_right(grid, r, column, grid.text) > 1),
            next((r for r in range(first - 1, -1, -1) if _width_right(grid, r, column, grid.text) > 0), -1),
        )
    groups = [c for c in range(column + 1, grid.width) if header >= 0 and grid.text(header, c)]
    if not groups:
        raise DataError(
            "{file}: no row names the groups above the counts ({place}); say which row does with header_row.",
            file=grid.file,
            place=grid.place(first, column),
        )
    for c in range(column + 1, grid.width):
        filled = next((r for r in rows.values() if grid.text(r, c)), None)
        if c not in groups and filled is not None:
            raise DataError(
                "{file}, {place}: found {value} in a column without the name of a group.",
                file=grid.file,
                place=grid.place(filled, c),
                value=f'"{cut(grid.text(filled, c))}"',
            )
    records = tuple(
        Record(
            {attribute: grid.text(header, c), **{label: grid.text(r, c) for label, r in rows.items()}},
            {label: grid.cell(r, c) for label, r in rows.items()},
            {attribute: grid.place(header, c), **{label: grid.place(r, c) for label, r in rows.items()}},
            grid.place(header, c),
        )
        for c in groups
    )
    notes = [say("{file}: the groups stand across {place}.", file=grid.file, place=grid.place(header))]
    others = [
        r
        for r in range(header + 1, len(grid.rows))
        if r not in rows.values() and any(not isinstance(grid.cell(r, c), str) or grid.text(r, c) for c in groups)
    ]
    if others:
        notes.append(
            say(
                "{file}: rows not named under columns were set aside: {labels}.",
                file=grid.file,
                labels=", ".join(f'"{cut(grid.text(r, column))}"' for r in others[:6]),
            )
        )
    return Records((attribute, *rows), records, tuple(notes))


def _width_right(grid: Grid, row: int, column: int, text: Callable[[int, int], str]) -> int:
    return sum(bool(text(row, c)) for c in range(column + 1, grid.width))


def _label_column(grid: Grid, labels: Sequence[str]) -> tuple[int, dict[str, int]]:
    """The column that holds all the labels, and the row of each."""
    best: tuple[int, int] = (-1, 0)
    for column in range(grid.width):
        rows = {label: [r for r in range(len(grid.rows)) if grid.text(r, column) == plain(label)] for label in labels}
        if all(len(found) == 1 for found in rows.values()):
            return column, {label: found[0] for label, found in rows.items()}
        best = max(best, (sum(bool(found) for found in rows.values()), -column))
    column = -best[1]
    for label in labels:
        found = [r for r in range(len(grid.rows)) if grid.text(r, column) == plain(label)]
        if len(found) > 1:
            raise DataError(
                "{file}: the label {label} stands twice ({first}; {second}); expected it once.",
                file=grid.file,
                label=f'"{cut(label)}"',
                first=grid.place(found[0], column),
                second=grid.place(found[1], column),
            )
        if not found:
            known = [grid.text(r, column) for r in range(len(grid.rows)) if grid.text(r, column)]
            raise DataError(
                "{file}: no row is labelled {label}; the nearest labels: {names}.",
                file=grid.file,
                label=f'"{cut(label)}"',
                names=nearest(label, known) or "-",
            )
    raise AssertionError("every label was found")
