"""The page in plain words, by the rules of easy reading: short sentences, one idea each, questions as headings.

It says what the answer says and nothing else: the same comparison, the same verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.report.answer import Answer, answer_of
from auditkit.report.answer_sentences import frequencies
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.comparisons import ends
from auditkit.report.number_words import count, named
from auditkit.result import AuditResult
from auditkit.text import Message, say

__all__ = ["PlainSection", "plain_sections"]


@dataclass(frozen=True)
class PlainSection:
    """A question and short sentences that answer it."""

    key: str
    question: Message
    sentences: tuple[Message, ...]


def plain_sections(result: AuditResult, language: str) -> tuple[PlainSection, ...]:
    """The page, question by question."""
    facts = AuditFacts(result, language)
    answer = answer_of(facts)
    return (
        PlainSection("about", say("What is this page about?"), _about(facts)),
        PlainSection("found", say("What did we find?"), _found(facts, answer)),
        PlainSection("sure", say("Are we sure?"), _sure(answer)),
        PlainSection("means", say("What does it mean?"), _means(facts, answer)),
        PlainSection("do", say("What can you do?"), _do(facts)),
    )


def _about(facts: AuditFacts) -> tuple[Message, ...]:
    system = facts.result.spec.system
    lines = [say("This page is about: {name}.", name=named(system.name.text(facts.language).rstrip(" ."), 160))]
    if system.operator is not None:
        lines.append(say("It is run by: {operator}.", operator=named(system.operator.text(facts.language), 120)))
    if system.decision is not None:
        decision = named(system.decision.text(facts.language).rstrip(" ."), 240)
        lines.append(say("What is decided: {decision}.", decision=decision))
    used = facts.main.rows.used if facts.result.analyses else None
    if used is not None:
        number = count(float(round(used)), facts.language)
        lines.append(say("We looked at figures about {number} people.", number=number))
    return tuple(lines)


def _found(facts: AuditFacts, answer: Answer) -> tuple[Message, ...]:
    one = answer.leading
    if answer.case == "documents":
        return (
            say("There are no public figures about groups of people."),
            say("So nobody can say who is affected."),
        )
    if answer.case == "withheld":
        return (
            say("There are too few people in each group."),
            say("The figures stay secret, so that nobody is recognised."),
        )
    if one is None:
        return (say("We found no difference that we can show."), say("That does not mean there is none."))
    lines = []
    for measure in dict.fromkeys((one.gap.measure, answer.picture.measure if answer.picture else one.gap.measure)):
        lines += _hundred(facts, answer, measure)
    return tuple(lines) or (answer.sentence,)


def _hundred(facts: AuditFacts, answer: Answer, measure: str) -> list[Message]:
    """Two groups as so many of a hundred, a sentence each."""
    assert answer.leading is not None
    gap = answer.leading.gap
    mine = ends(facts.estimate(gap.attributes, gap.groups, measure))[0]
    other = ends(facts.estimate(gap.attributes, gap.reference, measure))[0]
    if mine is None or other is None or measure not in _SENTENCES:
        return []
    first, second = _SENTENCES[measure]
    words: dict[str, object] = {
        **frequencies(mine, other, facts.language),
        "group": facts.names.group(gap.attributes, gap.groups),
        "reference": facts.names.reference_group(gap.attributes, gap.reference, gap.reference_rule),
        "selected": facts.phrases.selected("f"),
        "missed": facts.phrases.missed("f"),
        "with": facts.phrases.with_outcome(),
        "without": facts.phrases.without_outcome(),
    }
    return [Message(first.template, words), Message(second.template, words)]


_SENTENCES = {
    "selection_rate": (
        say("Take {base} people of this group: {group}. {value} were {selected}."),
        say("Take {base} people of this group: {reference}. {other} were {selected}."),
    ),
    "false_positive_rate": (
        say("Now only people {without}. Of {base} in the group {group}, {value} were {selected} all the same."),
        say("Of {base} in the group {reference}, {other}."),
    ),
    "false_negative_rate": (
        say("Now only people {with}. Of {base} in the group {group}, {value} were {missed}."),
        say("Of {base} in the group {reference}, {other}."),
    ),
    "false_discovery_rate": (
        say("Now only people {selected}. Of {base} in the group {group}, it was wrong for {value}."),
        say("Of {base} in the group {reference}, {other}."),
    ),
}


def _sure(answer: Answer) -> tuple[Message, ...]:
    match answer.verdict:
        case "established":
            return say("Yes."), say("The difference is too large to be chance.")
        case "present":
            return say("We are sure that there is a difference."), say("We are not sure how large it is.")
        case _:
            return (say("No."), say("These figures are not enough to tell."))


def _means(facts: AuditFacts, answer: Answer) -> tuple[Message, ...]:
    lines = [say("A figure does not say why.")] if answer.leading is not None else []
    lines.append(say("Only the law can say if it is allowed."))
    if facts.is_test:
        lines.append(say("The system is not used yet."))
    return tuple(lines)


def _do(facts: AuditFacts) -> tuple[Message, ...]:
    report = "report.html" if facts.language == "en" else f"report.{facts.language}.html"
    return (
        say("You can ask how your case was decided."),
        say("You can ask that a person looks at it again."),
        say("You can get help: an association, a lawyer, or a public defender of rights."),
        say("All figures are in the full report: {file}.", file=report),
    )
