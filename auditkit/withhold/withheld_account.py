"""The row account, the facts and the notes of each analysis, without any count of few people.

Rows read = rows used + rows excluded still adds up for whoever reads it: small lines are joined, and where even all
lines together are few people, neither the rows read nor the lines are printed, in any analysis of the audit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from auditkit.result import Exclusion, RowAccount
from auditkit.text import Message, say

__all__ = ["OTHER_REASONS", "SMALL", "disclosed_accounts", "disclosed_facts", "disclosed_notes"]

SMALL = "small_count"
OTHER_REASONS = say("other reasons")

_COUNTS = ("top_selected", "top_wanted")
_EXTREMES = ("score_minimum", "score_maximum")


def disclosed_accounts(
    accounts: Sequence[RowAccount], minimum: int, hide_used: Sequence[bool], hide_not_stated: Sequence[set[str]]
) -> list[RowAccount]:
    """The accounts of all analyses. `hide_used` and `hide_not_stated` say what groups and totals need hidden."""
    lines = [_joined(account.exclusions, minimum) for account in accounts]
    few = any(_few(sum(line.rows for line in account.exclusions), minimum) for account in accounts)
    apart = _tell_apart(accounts, minimum)
    result = []
    for account, merged, no_total, unstated in zip(accounts, lines, hide_used, hide_not_stated, strict=True):
        used = account.used
        silent = few or apart or no_total
        notes = disclosed_notes(account.notes, minimum)
        if silent:
            notes = (*notes, _why_silent(minimum))
        result.append(
            replace(
                account,
                read=None if silent else account.read,
                used=None if no_total else used,
                exclusions=() if silent else merged,
                without_outcome=_unless_few(account.without_outcome, used, minimum),
                without_score=_unless_few(account.without_score, used, minimum),
                not_stated={
                    name: rows for name, rows in account.not_stated.items()
                    if name not in unstated and not _few(rows, minimum)
                },
                notes=notes,
            )
        )  # fmt: skip
    return result


def _why_silent(minimum: int) -> Message:
    return say(
        "The rows read and the rows left out are not printed: they would tell of fewer than {minimum} people.",
        minimum=minimum,
    )


def _few(rows: float | None, minimum: int) -> bool:
    return rows is not None and 0 < rows < minimum


def _unless_few(rows: float | None, used: float | None, minimum: int) -> float | None:
    rest = None if rows is None or used is None else used - rows
    return None if _few(rows, minimum) or _few(rest, minimum) else rows


def _joined(lines: Sequence[Exclusion], minimum: int) -> tuple[Exclusion, ...]:
    """Lines of few people as one line; where that is still too few, the smallest of the others joins it."""
    few = [line for line in lines if _few(line.rows, minimum)]
    rest = [line for line in lines if line.rows >= minimum]
    if not few:
        return tuple(line for line in lines)
    if sum(line.rows for line in few) < minimum or len(few) == 1:
        if not rest:
            return ()
        smallest = min(rest, key=lambda line: line.rows)
        rest.remove(smallest)
        few.append(smallest)
    return (*rest, Exclusion(SMALL, OTHER_REASONS, sum(line.rows for line in few)))


def _tell_apart(accounts: Sequence[RowAccount], minimum: int) -> bool:
    """Whether the same reason in two analyses differs by a few people."""
    for i, one in enumerate(accounts):
        for other in accounts[i + 1 :]:
            rows = {line.reason: line.rows for line in one.exclusions}
            if any(_few(abs(line.rows - rows.get(line.reason, line.rows)), minimum) for line in other.exclusions):
                return True
    return False


def disclosed_facts(
    facts: Mapping[str, float | str | None], used: float, minimum: int
) -> dict[str, float | str | None]:
    """The facts without counts of few people, the ends of the score or its cut by rank (one person's each)."""
    by_rank = ("threshold",) if "top_wanted" in facts else ()
    return {
        key: value
        for key, value in facts.items()
        if key not in (*_EXTREMES, *by_rank) and not (key in _COUNTS and _tells_few(value, used, minimum))
    }


def _tells_few(value: float | str | None, used: float, minimum: int) -> bool:
    return isinstance(value, (int, float)) and (value < minimum or 0 < used - value < minimum)


def disclosed_notes(notes: Sequence[Message], minimum: int) -> tuple[Message, ...]:
    """The notes without those that say a number of few people; a number in a note may be one."""
    return tuple(note for note in notes if not _says_few(note, minimum))


def _says_few(note: Message, minimum: int) -> bool:
    values = [*note.values.values(), *([note.count] if note.plural is not None else [])]
    return any(
        _says_few(value, minimum) if isinstance(value, Message)
        else isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < abs(value) < minimum
        for value in values
    )  # fmt: skip
