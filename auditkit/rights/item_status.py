"""The status of each item: answers and evidence put together, never averaged.

Four statuses: satisfied, contradicted, unanswered, not applicable. A figure never satisfies; it contradicts even a yes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from auditkit.result import AuditResult
from auditkit.rights.answers import Answer
from auditkit.rights.chosen_items import Chosen, chosen_items
from auditkit.rights.due_dates import Timing, item_timing
from auditkit.rights.evidence import Statement, evidence_for
from auditkit.rights.library import Library
from auditkit.text import Message, say

__all__ = ["STATUSES", "Checked", "ItemStatus", "check_items", "status_of"]

ItemStatus = Literal["satisfied", "contradicted", "unanswered", "not_applicable"]
STATUSES: tuple[ItemStatus, ...] = ("contradicted", "unanswered", "satisfied", "not_applicable")


@dataclass(frozen=True)
class Checked:
    """One item of the report: its status and why, the answer and the evidence behind it, when its duty applies."""

    chosen: Chosen
    status: ItemStatus
    because: Message
    answer: Answer | None
    statement: Statement | None
    timing: Timing

    @property
    def is_due(self) -> bool:
        """Whether the item is a duty that applies, or may apply, on the day of the audit."""
        return self.chosen.level == "must" and self.timing.state != "later"


def check_items(
    result: AuditResult, answers: Mapping[str, Answer], library: Library, framework: str | None = None
) -> tuple[Checked, ...]:
    """Every item of the audit's framework, contradicted and unanswered duties first.

    Raises SpecError where the framework does not exist.
    """
    found = []
    for chosen in chosen_items(library, framework or result.spec.rights.framework):
        answer, statement = answers.get(chosen.key), evidence_for(chosen.item, result, library)
        status, because = status_of(answer, statement)
        found.append(Checked(chosen, status, because, answer, statement, item_timing(library, chosen, result.spec)))
    return tuple(sorted(found, key=_rank))


def status_of(answer: Answer | None, statement: Statement | None) -> tuple[ItemStatus, Message]:
    """The status that an answer and a statement make together, and why.

    >>> status_of(None, None)[0]
    'unanswered'
    """
    if statement is not None and statement.status == "contradicts":
        if answer is not None and answer.value in ("yes", "not_applicable"):
            return "contradicted", say("Answered, and contradicted by the figures of this audit.")
        return "contradicted", say("Contradicted by the figures or declared facts of this audit.")
    if answer is None:
        return "unanswered", say("Nobody has answered.")
    if answer.value == "no":
        return "contradicted", say("The answer itself is no.")
    if answer.value == "not_applicable":
        return "not_applicable", say("Said not to apply, with a reason.")
    if answer.value == "unknown":
        return "unanswered", say("Whoever answered does not know.")
    if not answer.is_proved:
        return "unanswered", say("Answered yes, and no document or fact is named.")
    return "satisfied", say("Answered yes, with a document or a fact.")


def _rank(checked: Checked) -> tuple[int, int]:
    """Duties that apply, duties that come later, then the rest; within each, in the order of STATUSES."""
    kind = 0 if checked.is_due else 1 if checked.chosen.level == "must" else 2
    place = STATUSES.index(checked.status)
    return (kind, place) if place < 2 else (3, place)
