"""Why a row is not used: each leaves by the first reason that applies, and every reason is a line of the account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import narwhals.stable.v2 as nw

from auditkit.intake.column_reading import Columns, Number
from auditkit.spec.data_spec import RowCondition
from auditkit.spec.spec_words import OwnWords
from auditkit.text import Message, say

__all__ = ["MISSING", "USED", "WRONG", "Reason", "keep_reason", "reason_codes"]

MISSING = -1
"""The code of what a row does not say."""

USED = 0
"""The reason code of the rows that are used; the others count from 1 in the order of the reasons."""

WRONG = "wrong"
"""The reason that is no reason but an error: a value that cannot be read."""


@dataclass(frozen=True)
class Reason:
    """A reason: its code, the sentence, the rows it holds for, and the column to name where it is an error."""

    code: str
    because: Message
    holds: nw.Expr = field(repr=False)
    number: Number | None = None


def keep_reason(columns: Columns, condition: RowCondition, position: int) -> list[Reason]:
    """What a line of `keep` drops: rows that fail it, and rows that have no value to hold against it."""
    role = "keep"
    fails = columns.missing_in(condition.column, role)
    reasons = []
    if condition.at_least is not None or condition.at_most is not None:
        number = columns.number(condition.column, role)
        fails = number.value.is_null()
        if number.wrong is not None:
            reasons.append(Reason(WRONG, say("not a number"), number.wrong, number))
        if condition.at_least is not None:
            fails = fails | (number.value < condition.at_least).fill_null(True)
        if condition.at_most is not None:
            fails = fails | (number.value > condition.at_most).fill_null(True)
    if condition.is_in is not None:
        fails = fails | ~columns.one_of(condition.column, condition.is_in, role)
    if condition.not_in is not None:
        fails = fails | columns.one_of(condition.column, condition.not_in, role)
    return [*reasons, Reason(f"keep_{position}", _because(condition), fails)]


def _because(condition: RowCondition) -> Message:
    if condition.because is not None:
        return OwnWords("", words=condition.because)
    parts: list[Message] = []
    if condition.at_least is not None:
        parts.append(say("at least {limit}", limit=f"{condition.at_least:g}"))
    if condition.at_most is not None:
        parts.append(say("at most {limit}", limit=f"{condition.at_most:g}"))
    if condition.is_in is not None:
        parts.append(say("one of {values}", values=", ".join(str(value) for value in condition.is_in)))
    if condition.not_in is not None:
        parts.append(say("none of {values}", values=", ".join(str(value) for value in condition.not_in)))
    both = parts[0]
    for part in parts[1:]:
        both = say("{first}, {second}", first=both, second=part)
    return say("{column} is not {condition}", column=condition.column, condition=both)


def reason_codes(reasons: Sequence[Reason]) -> nw.Expr:
    """The number (from 1) of the first reason that holds for a row; USED where none does."""
    code = nw.lit(USED)
    for position, reason in reversed(list(enumerate(reasons, 1))):
        code = nw.when(reason.holds).then(nw.lit(position)).otherwise(code)
    return code
