"""What `init` guessed of a table of counts and only a person can know: what a mark hides.

The questions have the shape of every other doubt (`auditkit.intake.doubts`), so that one screen asks them all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from auditkit.errors import AuditkitError, cut
from auditkit.intake import FileSource
from auditkit.intake.doubts import Answer, Doubt
from auditkit.intake.file_source import find_file
from auditkit.intake.sheet_grid import Grid, read_grid
from auditkit.intake.written_numbers import Refusal, plain, read_number
from auditkit.spec import AuditSpec, DataSpec, Suppressed
from auditkit.text import Message, say, say_plural

__all__ = ["guessed_doubts", "largest_number"]

_LIMIT = re.compile(
    r"(?:moins\s+de|inf[ée]rieure?s?\s+[àa]|less\s+than|fewer\s+than|below|under|minder\s+dan|weniger\s+als|menos\s+de|<)"
    r"\s*(\d{1,3})\b",
    re.IGNORECASE,
)
_LONGEST_NOTE = 300


def guessed_doubts(spec: AuditSpec, folder: Path, settled: Collection[str]) -> Iterator[Doubt]:
    """A question for each mark that hides numbers; `settled` are the keys of those that were answered."""
    data = spec.data
    if data is None or not data.is_counts or data.file is None:
        return
    for place, mark in enumerate(data.suppressed):
        key = f"hidden:{mark.text}"
        if mark.text is None or key in settled:
            continue
        grid = _grid(data, folder)
        if grid is not None:
            yield _hidden(data, place, mark, grid, key)


def _grid(data: DataSpec, folder: Path) -> Grid | None:
    assert data.file is not None
    try:
        source: FileSource = find_file(data.file, folder)
        return read_grid(source, data)
    except AuditkitError:
        return None


def _hidden(data: DataSpec, place: int, mark: Suppressed, grid: Grid, key: str) -> Doubt:
    assert mark.text is not None
    text = plain(mark.text)
    cells = [
        (row, column) for row in range(len(grid.rows)) for column in range(grid.width) if grid.text(row, column) == text
    ]
    note, limit = _note(grid, text)
    places = _listed([grid.place(row, column) for row, column in cells[:6]], len(cells) > 6)
    question = say_plural(
        "{count} cell says {mark} in place of a number: {places}. What may it hide?",
        "{count} cells say {mark} in place of a number: {places}. What may each of them hide?",
        len(cells), mark=f'"{cut(text)}"', places=places,
    )  # fmt: skip
    highest = limit - 1 if limit else 4 if limit is None and int(mark.means[1]) == 10 else int(mark.means[1])
    because = note or None
    answers = []
    if limit:
        answers.append(_answer("note", say("A number from 0 to {highest}, as the note says.", highest=highest),
                               data, place, (0, highest), because))  # fmt: skip
        answers.append(_answer("one", say("A number from 1 to {highest}: a zero would be written 0.", highest=highest),
                               data, place, (1, highest), because))  # fmt: skip
    else:
        for top in sorted({highest, 4, 10}):
            answers.append(_answer(f"to{top}", say("A number from 0 to {highest}.", highest=top),
                                   data, place, (0, top), None))  # fmt: skip
    widest = largest_number(grid)
    answers.append(_answer("unknown", say("I do not know: any number that the table leaves room for."),
                           data, place, (0, widest), None))  # fmt: skip
    example = note
    return Doubt(key, mark.text, question, (), tuple(answers), True, example)


def _answer(
    key: str, text: Message, data: DataSpec, place: int, means: tuple[float, float], because: str | None
) -> Answer:
    marks = [one.model_dump(exclude_none=True, exclude_unset=True) for one in data.suppressed]
    marks[place] = {**marks[place], "means": [int(means[0]), int(means[1])]}
    if because is not None and "because" in Suppressed.model_fields:
        marks[place]["because"] = because
    return Answer(key, text, {"data": {"suppressed": marks}})


def _note(grid: Grid, text: str) -> tuple[str, int | None]:
    """The note of the table that explains a mark, and the limit that it or the mark itself gives; "" without one."""
    own = re.fullmatch(r"[<≤]\s*(\d{1,3})", text)
    for row in range(len(grid.rows)):
        filled = [t for column in range(grid.width) if (t := grid.text(row, column))]
        if len(filled) != 1 or len(filled[0]) > _LONGEST_NOTE or filled[0] == text:
            continue
        if (found := _LIMIT.search(filled[0])) is not None and (own is None or own[1] == found[1]):
            return filled[0], int(found[1])
    return "", None if own is None else int(own[1]) + (text[0] == "≤")


def largest_number(grid: Grid) -> int:
    """The largest whole number of a table: no count in it can be more."""
    largest = 0.0
    for row in grid.rows:
        for cell in row:
            for mark in (None, ",", "."):
                try:
                    value = read_number(cell, mark).value
                except Refusal:
                    continue
                largest = max(largest, value if value < 1e12 else 0)
                break
    return int(largest)


def _listed(places: list[Message | str], more: bool) -> Message | str:
    said: Message | str = places[0] if places else "-"
    for place in places[1:]:
        said = say("{first}, {second}", first=said, second=place)
    return say("{first}, …", first=said) if more else said
