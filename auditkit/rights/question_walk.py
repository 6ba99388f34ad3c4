"""The checklist asked question by question: what is open, what the figures say of it, what somebody answers.

Each answer is on disk before the next prompt, so that an interruption at any prompt loses nothing already given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from auditkit.errors import InputError, cut
from auditkit.result import RightsItem, RightsResult
from auditkit.rights.answers import Answer, Document, document_at, read_answers, save_answer
from auditkit.rights.answers_exchange import answer_value
from auditkit.rights.library import Library
from auditkit.rights.rights_words import listed, words
from auditkit.text import Message, say, say_plural

__all__ = ["Desk", "open_items", "walk"]

_CITED = 6
_STOP = frozenset({"q", "quit", "quitter", "stop"})


@dataclass(frozen=True)
class Desk:
    """Where the answers go, and how to ask: `ask` prints a prompt and gives what was typed, `tell` prints."""

    answers: Path
    folder: Path
    library: Library
    language: str
    today: date
    ask: Callable[[str], str]
    tell: Callable[[str], None]

    def question(self, message: Message) -> str:
        """What was typed at a prompt, without the spaces around it."""
        return self.ask(message.text(self.language) + " ").strip()

    def say(self, message: Message) -> None:
        """A sentence printed in the reader's language."""
        self.tell(message.text(self.language))


def open_items(rights: RightsResult, everything: bool = False) -> tuple[RightsItem, ...]:
    """The items that nobody has answered, in the order of the report; all of them with `everything`."""
    return tuple(item for item in rights.items if everything or item.answer is None)


def walk(rights: RightsResult, desk: Desk, everything: bool = False) -> int:
    """Ask every open item; how many answers were given. KeyboardInterrupt and EOFError of `ask` pass through.

    The function of whoever answers is asked once. An answer is written as soon as its value is typed, then again with
    its reason and its documents; only "not applicable" waits for the reason that it needs.
    """
    items = open_items(rights, everything)
    desk.say(
        say_plural("{count} open question; q stops, Enter skips.", "{count} open questions; q stops, Enter skips.",
                   len(items))
    )  # fmt: skip
    role = _role(desk, _last_role(desk)) if items else ""
    given = 0
    for place, item in enumerate(items, start=1):
        _show(item, rights, desk, place, len(items))
        value = _value(desk)
        if value == "stop":
            break
        if value is None:
            continue
        _record(item, value, role, desk)
        given += 1
    return given


def _last_role(desk: Desk) -> str:
    """The role of the latest answer, offered again."""
    answers: Mapping[str, Answer] = read_answers(desk.answers, desk.library)
    return max(answers.values(), key=lambda answer: answer.when).role if answers else ""


def _show(item: RightsItem, rights: RightsResult, desk: Desk, place: int, total: int) -> None:
    language = desk.language
    duties = {duty.key: duty for duty in rights.duties}
    level = say("duty") if item.level == "must" else say("good practice")
    desk.tell("")
    desk.say(say("{place} of {total} · {item} ({level})", place=place, total=total, item=item.key, level=level))
    desk.tell(item.question.text(language))
    desk.say(say("What counts as an answer: {text}", text=item.satisfied_by.text(language)))
    if item.statement is not None:
        desk.say(say("What the figures say: {text}", text=item.statement.sentence.text(language)))
    check = f" ({say('to be checked').text(language)})"
    behind = [duties[key] for key in item.basis[:_CITED]]
    cited = [duty.citation.text(language) + (check if duty.to_be_checked else "") for duty in behind]
    if cited:
        desk.say(say("Legal basis: {text}", text=listed(cited, language)))
    if item.answer is not None:
        desk.say(say("Answered before: {value}, by {role}.", value=item.answer.value, role=item.answer.role))


def _value(desk: Desk) -> str | None:
    """The value typed; None to skip, "stop" to stop. Anything else is asked again."""
    while True:
        typed = desk.question(say("Answer (yes, no, not applicable, unknown):")).lower()
        if not typed:
            return None
        if typed in _STOP:
            return "stop"
        if (value := answer_value(typed)) is not None:
            return value
        desk.say(say("Found {value}; expected yes, no, not applicable or unknown.", value=cut(typed)))


def _role(desk: Desk, last: str) -> str:
    """The function of whoever answers; Enter keeps the last one."""
    while True:
        if last:
            typed = desk.question(say("Your function, never a name (Enter: {last}):", last=cut(last)))
        else:
            typed = desk.question(say("Your function, never a name (such as: data protection officer):"))
        if typed or last:
            return typed or last
        desk.say(say("A function is needed: an answer says who gives it."))


def _record(item: RightsItem, value: str, role: str, desk: Desk) -> None:
    """Ask the reason and the documents, saving after each prompt."""

    def save(because: str, documents: list[Document]) -> None:
        content = {"value": value, "role": role, "when": desk.today, "because": because or None}
        answer = Answer.model_validate({**content, "documents": documents})
        save_answer(desk.answers, item.key, answer, desk.library, desk.language)

    if value != "not_applicable":
        save("", [])
    because = desk.question(say("A fact or a reason, in one line:"))
    while value == "not_applicable" and not because:
        desk.say(say("“Not applicable” needs a reason."))
        because = desk.question(say("A fact or a reason, in one line:"))
    save(because, [])
    if value == "yes" and (documents := _documents(desk)):
        save(because, documents)
    desk.say(say("Saved in {file}.", file=words(desk.answers.name)))


def _documents(desk: Desk) -> list[Document]:
    """The documents typed: links, or files from the audit's folder; a file that is not there is asked again."""
    while True:
        typed = desk.question(say("Documents that prove it (links or files, separated by spaces; Enter: none):"))
        try:
            return [document_at(place, desk.folder) for place in typed.split()]
        except InputError as error:
            desk.tell(error.text(desk.language))
