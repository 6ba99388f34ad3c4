"""What makes a group a poor one to compare: a ground no law knows, a column that holds dates or a value a person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditkit.counts.count_table import Tabulation
from auditkit.errors import cut, nearest
from auditkit.rights.library import load_library
from auditkit.spec import AuditSpec
from auditkit.spec.spec_words import OwnWords
from auditkit.text import Message, say

__all__ = ["ground_doubts", "ground_name", "value_doubts"]

MOST_VALUES = 50
"""Groups of an attribute beyond which a warning asks whether the column was meant: counties, yes; birth dates, no."""

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})([ T]\d{2}:\d{2}(:\d{2})?)?")


def ground_name(ground: str | None) -> Message | str:
    """A ground in the reader's language; as it was written where it is not one that the checklist knows.

    >>> ground_name("gender").text("fr"), ground_name("hair colour")
    ('Sexe', '"hair colour"')
    """
    if ground is None:
        return "–"
    library = load_library()
    known = library.ground_of(ground)
    if known is None:
        return f'"{cut(ground)}"'
    return OwnWords("", words=library.grounds[known].name)


def ground_doubts(spec: AuditSpec) -> Iterator[Message]:
    """Grounds that the checklist does not know, each with the nearest it does."""
    library = load_library()
    for name, group in spec.groups.items():
        if group.ground is not None and library.ground_of(group.ground) is None:
            known = [*library.grounds, *(word for ground in library.grounds.values() for word in ground.also)]
            yield say(
                "groups: {name} stands for the ground {ground}, which the checklist does not know; the nearest: "
                "{known}. No question of law is drawn from its gaps.",
                name=name,
                ground=f'"{cut(group.ground)}"',
                known=nearest(group.ground, known),
            )


def value_doubts(spec: AuditSpec, tabulation: Tabulation) -> Iterator[Message]:
    """Attributes whose column holds dates, or more values than groups can be."""
    for name, group in spec.groups.items():
        cells = tabulation.table((name,))
        if cells is None or group.bins is not None:
            continue
        values = cells.level(name).stated
        column = f'"{cut(group.column)}"'
        if len(values) > 2 and _are_dates(values):
            yield say(
                "groups: {name}: the column {column} holds dates, {count} different ones. A date of birth names people "
                "and makes no group: put the age or the year in its place, with bins.",
                name=name, column=column, count=len(values),
            )  # fmt: skip
        elif len(values) > MOST_VALUES:
            yield say(
                "groups: {name}: the column {column} holds {count} different values, so that most groups will be too "
                "small to compare. If they are numbers, give bins; else join them into fewer, or name another column.",
                name=name, column=column, count=len(values),
            )  # fmt: skip


def _are_dates(values: Sequence[str]) -> bool:
    return sum(_DATE.fullmatch(value.strip()) is not None for value in values) > 0.5 * len(values)
