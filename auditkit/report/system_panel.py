"""What was audited: the system's card, whom it hurts, and how a person comes to be selected."""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.report.number_words import Name, figure, named, position
from auditkit.spec import AuditSpec, Selection, Words
from auditkit.spec.data_spec import Limit
from auditkit.text import Message, country_name, format_date, mark, say, translate

__all__ = ["CardLine", "harm_sentence", "selection_sentence", "shown_country", "system_card"]

_STATUS = {
    "planned": mark("planned: what follows is simulated, on people for whom it does not decide yet"),
    "in_use": mark("in use"),
    "retired": mark("retired"),
    "unknown": mark("not known"),
}
_TEXT_LENGTH = 600


@dataclass(frozen=True)
class CardLine:
    """One line of the card: what it is, and its texts (one, or several for sources)."""

    label: str
    texts: tuple[Message | Name | str, ...]


def shown_country(code: str, language: str) -> Name:
    """A country by its two letters in words; anything else as it was given.

    >>> shown_country("NL", "fr"), shown_country("Utopia", "en")
    ('Pays-Bas', 'Utopia')
    """
    found = country_name(code, language)
    return named(code) if found is None else Name(found)


def harm_sentence(spec: AuditSpec) -> Message:
    """Whom the system hurts, in plain words."""
    if spec.system.harm == "punitive":
        return say("Being selected is unfavourable. The wrong counted is: selected wrongly.")
    if spec.system.harm == "both":
        return say("Being selected hurts some, being missed hurts others. Both wrongs are counted, each by itself.")
    return say("Not being selected is unfavourable. The wrong counted is: left out wrongly.")


def selection_sentence(spec: AuditSpec, language: str) -> Message | None:
    """How a person comes to be selected; None where the published counts say it themselves."""
    return None if spec.selected is None else _selected(spec.selected, spec, language)


def _selected(chosen: Selection, spec: AuditSpec, language: str) -> Message:
    column = named(chosen.column or (spec.score.column if spec.score is not None else "score"))
    if chosen.is_in is not None:
        values = tuple(named(str(value)) for value in chosen.is_in)
        return say("{column} is one of: {values}", column=column, values=values)
    if (places := chosen.places) is not None:
        by = named(places.by)
        if spec.score is not None and spec.score.lower_is == "selected":
            return say(
                "those with the lowest {column} within each {by}, as many as it has places", column=column, by=by
            )
        return say("those with the highest {column} within each {by}, as many as it has places", column=column, by=by)
    if isinstance(chosen.top_share, float) or isinstance(chosen.top, int):
        size = (
            figure("selection_rate", chosen.top_share, language)
            if isinstance(chosen.top_share, float)
            else say("{number} people", number=chosen.top or 0)
        )
        if spec.score is not None and spec.score.lower_is == "selected":
            return say("the {size} with the lowest {column}", size=size, column=column)
        return say("the {size} with the highest {column}", size=size, column=column)
    return _between(column, chosen.at_least, chosen.at_most, language)


def _between(column: Name, at_least: Limit | None, at_most: Limit | None, language: str) -> Message:
    parts = []
    if at_least is not None:
        parts.append(say("{column} is at least {limit}", column=column, limit=_limit(at_least, language)))
    if at_most is not None:
        parts.append(say("{column} is at most {limit}", column=column, limit=_limit(at_most, language)))
    return parts[0] if len(parts) == 1 else say("{first}, and {second}", first=parts[0], second=parts[1])


def _limit(limit: Limit, language: str) -> Message | str:
    if isinstance(limit, (int, float)):
        return position(limit, language)
    values = tuple(f"{named(group)} {position(value, language)}" for group, value in limit.values.items())
    return say("a limit that depends on {column} ({values})", column=named(limit.by), values=values)


def system_card(spec: AuditSpec, language: str) -> tuple[CardLine, ...]:
    """The lines of the card that the audit fills."""
    system = spec.system
    lines: list[tuple[str, tuple[Message | Name | str, ...]]] = [
        (mark("System"), (_words(system.name, language),)),
        (mark("Run by"), _optional(system.operator, language)),
        (mark("Country"), (shown_country(system.country, language),) if system.country else ()),
        (mark("Decision"), _optional(system.decision, language)),
        (mark("People concerned"), _optional(system.affected, language)),
        (mark("Harm"), (harm_sentence(spec),)),
        (mark("Selected means"), _selected_means(spec, language)),
        (mark("Outcome means"), _outcome_means(spec, language)),
        (mark("Status"), (translate(_STATUS[system.status], language),)),
        (mark("Period"), (named(system.period),) if system.period else ()),
        (mark("As of"), (format_date(spec.as_of, language),) if spec.as_of else ()),
        (mark("Described in"), tuple(named(source, _TEXT_LENGTH) for source in system.sources)),
    ]
    return tuple(CardLine(translate(label, language), texts) for label, texts in lines if texts)


def _selected_means(spec: AuditSpec, language: str) -> tuple[Message | Name | str, ...]:
    sentence = selection_sentence(spec, language)
    return () if sentence is None else (sentence,)


def _outcome_means(spec: AuditSpec, language: str) -> tuple[Message, ...]:
    """When a person has the outcome."""
    chosen = spec.outcome
    if chosen is None or chosen.numeric:
        return ()
    column = named(chosen.column)
    if chosen.positive is not None:
        values = tuple(named(str(value)) for value in chosen.positive)
        return (say("{column} is one of: {values}", column=column, values=values),)
    if chosen.negative is not None:
        values = tuple(named(str(value)) for value in chosen.negative)
        return (say("{column} is none of: {values}", column=column, values=values),)
    return (_between(column, chosen.at_least, chosen.at_most, language),)


def _words(words: Words, language: str) -> Name:
    return named(words.text(language), _TEXT_LENGTH)


def _optional(words: Words | None, language: str) -> tuple[Name, ...]:
    return () if words is None else (_words(words, language),)
