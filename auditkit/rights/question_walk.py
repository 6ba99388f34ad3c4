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
from auditkit.rights.answers_exchange import VALUES, answer_value
from auditkit.rights.library import Library
from auditkit.rights.rights_words import listed, term, words
from auditkit.text import Message, say, say_plural

__all__ = ["Desk", "open_items", "walk"]

_CITED = 6
_STOP = frozenset({"q", "quit", "quitter", "stop"})
_BACK = frozenset({"<", "back", "retour"})


class _Stop(Exception):
    """Somebody stops the walk."""


class _Back(Exception):
    """Somebody goes back to the question before."""


@dataclass(frozen=True)
class Desk:
    """Where the answers go, and how to ask: `ask` prints a prompt and gives what was typed, `tell` prints.

    `audit` is the audit as a command names it.
    """

    answers: Path
    folder: Path
    library: Library
    language: str
    today: date
    ask: Callable[[str], str]
    tell: Callable[[str], None]
    audit: str = "audit.yaml"

    def question(self, message: Message) -> str:
        """What was typed at a prompt, without the spaces around it; raises _Stop or _Back where it says so."""
        typed = self.ask(message.text(self.language) + " ").strip()
        if typed.lower() in _STOP:
            raise _Stop
        if typed.lower() in _BACK:
            raise _Back
        return typed

    def say(self, message: Message) -> None:
        """A sentence printed in the reader's language."""
        self.tell(message.text(self.language))


def open_items(rights: RightsResult, everything: bool = False) -> tuple[RightsItem, ...]:
    """The items that nobody has answered, or all with `everything`: those asked first, the others, an auditor's own."""
    found = (item for item in rights.items if everything or item.answer is None)
    return tuple(sorted(found, key=lambda item: (item.core is None, item.core or 0, item.who == "auditor")))


def walk(rights: RightsResult, desk: Desk, everything: bool = False) -> int:
    """Ask every open item; how many answers were given. KeyboardInterrupt and EOFError of `ask` pass through.

    The function of whoever answers is asked once. An answer is written as soon as its value is typed, then again with
    its reason and its documents; only "not applicable" waits for the reason that it needs.
    """
    items = open_items(rights, everything)
    first = sum(item.core is not None for item in items)
    desk.say(
        say_plural(
            "{count} open question; q stops, < goes back, ? explains, Enter skips.",
            "{count} open questions; q stops, < goes back, ? explains, Enter skips.",
            len(items),
        )
    )
    if 0 < first < len(items):
        desk.say(say("{first} are asked first; the others after, if you go on.", first=first))
    given: dict[str, str] = {}
    place = 0
    try:
        role = _role(desk, _last_role(desk)) if items else ""
        while place < len(items):
            try:
                if 0 < place == first < len(items):
                    more = len(items) - place
                    desk.question(
                        say("The questions asked first are done. {count} more: Enter goes on, q stops.", count=more)
                    )
                _show(items[place], rights, desk, place + 1, len(items), given.get(items[place].key))
                value = _value(items[place], desk)
                if value is not None:
                    if value != "not_applicable":  # on disk before its reason is asked
                        given[items[place].key] = value
                    _record(items[place], value, role, desk)
                    given[items[place].key] = value
                place += 1
            except _Back:
                place = max(place - 1, 0)
    except (_Stop, _Back):
        pass
    return len(given)


def _last_role(desk: Desk) -> str:
    """The role of the latest answer, offered again."""
    answers: Mapping[str, Answer] = read_answers(desk.answers, desk.library)
    return max(answers.values(), key=lambda answer: answer.when).role if answers else ""


def _show(item: RightsItem, rights: RightsResult, desk: Desk, place: int, total: int, given: str | None) -> None:
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
    if item.letter is not None:
        audit = words(desk.audit, 400)
        desk.say(say("The letter that gets the answer: auditkit letter {audit} {kind}", audit=audit, kind=item.letter))
    if given is not None:
        desk.say(say("Answered just now: {value}.", value=term(VALUES[given])))
    elif item.answer is not None:
        answered = term(VALUES[item.answer.value])
        desk.say(say("Answered before: {value}, by {role}.", value=answered, role=item.answer.role))


def _value(item: RightsItem, desk: Desk) -> str | None:
    """The value typed; None to skip. "?" explains the question; anything else is asked again."""
    while True:
        typed = desk.question(say("Answer (yes, no, not applicable, I do not know):")).lower()
        if not typed:
            return None
        if typed == "?":
            desk.say(say("Why it is asked: {text} Yes is the answer that protects.", text=item.why))
            continue
        if (value := answer_value(typed)) is not None:
            return value
        desk.say(say("Found {value}; expected yes, no, not applicable or “I do not know”.", value=cut(typed)))


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
