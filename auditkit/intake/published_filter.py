"""The conditions of `keep` held against rows of published counts, and numbers in their label columns."""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.errors import DataError, cut, nearest
from auditkit.intake.count_tables import CountRow, CountTable
from auditkit.intake.spelling import listed_spellings
from auditkit.intake.written_numbers import Refusal, plain, read_number
from auditkit.spec import RowCondition
from auditkit.spec.spec_words import OwnWords
from auditkit.text import Message, say

__all__ = ["failed_condition", "keep_because", "number_in", "one_of"]


def failed_condition(conditions: Sequence[RowCondition], row: CountRow, table: CountTable) -> int | None:
    """The first condition that a row of counts fails; None where it is kept. A missing value fails."""
    for i, condition in enumerate(conditions):
        if condition.column not in row.others:
            raise DataError(
                "{file} has no column {column}, named under keep; the nearest: {names}.",
                file=table.file,
                column=f'"{cut(condition.column)}"',
                names=nearest(condition.column, row.others) or "-",
            )
        text = row.others[condition.column]
        if not text or not _holds(condition, row, text, table):
            return i
    return None


def _holds(condition: RowCondition, row: CountRow, text: str, table: CountTable) -> bool:
    if condition.is_in is not None and not one_of(text, condition.is_in):
        return False
    if condition.not_in is not None and one_of(text, condition.not_in):
        return False
    if condition.at_least is None and condition.at_most is None:
        return True
    number = number_in(text, row, condition.column, table)
    above = condition.at_least is None or number >= condition.at_least
    return above and (condition.at_most is None or number <= condition.at_most)


def one_of(text: str, values: Sequence[str | int | float | bool]) -> bool:
    """Whether a label is one of those listed, numbers in whatever form.

    >>> one_of("1", [1]), one_of("true", [True]), one_of("2", [1])
    (True, True, False)
    """
    return text in {plain(value) for value in listed_spellings(values)}


def number_in(text: str, row: CountRow, column: str, table: CountTable) -> float:
    """The number that a label is, such as a score or an age; DataError with its place where it is none."""
    try:
        return read_number(text, table.decimal).value
    except Refusal:
        pass
    try:
        return read_number(text, table.decimal or ".").value  # a label such as 1.125 is no count of thousands
    except Refusal as refusal:
        raise DataError(
            "{file}, {place}, column {column}: found {value}; expected {expected}.",
            file=table.file,
            place=row.place,
            column=f'"{cut(column)}"',
            value=f'"{cut(text)}"',
            expected=refusal.expected,
        ) from None


def keep_because(condition: RowCondition) -> Message:
    """Why a line of `keep` sets counts aside: in its author's words where there are some."""
    if condition.because is not None:
        return OwnWords("", words=condition.because)
    return say("set aside by keep on {column}", column=condition.column)
