"""The answer: from the result to one plain sentence, what goes with it, and the picture beside it.

The case is chosen here, once, by rule (report.md section 5); templates show what they are given.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.report.answer_lead import lead_of
from auditkit.report.answer_sentences import gap_words, more_often, two_gaps
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.comparisons import Comparison
from auditkit.report.kind_answer import kind_answer
from auditkit.report.number_words import ratio as ratio_text
from auditkit.report.picture import Aside, Picture, aside_of, picture_of
from auditkit.text import Message, say, say_plural

__all__ = ["Answer", "answer_of"]

_FOUR_FIFTHS = 0.8
_DOUBTED = {
    "auc": say("Is the score the right way round? It ranks those with the outcome lower than those without."),
    "reversed": say(
        "Is the score the right way round? In every group, those without the outcome are selected oftener than those "
        "with it."
    ),
    "everybody": say("Is the limit on the scale of the score? Everybody is selected."),
    "nobody": say("Is the limit on the scale of the score? Nobody is selected."),
    "none_of_one": say("Is the decision read rightly? In one group nobody is selected, which chance hardly gives."),
}
_CONFIRM = say(
    "No verdict is given until this is settled: put the direction, the limit or the values right in audit.yaml; if "
    "they are meant as they are, write there {key}.",
    key="confirm: [direction]",
)


@dataclass(frozen=True)
class Answer:
    """The opening of the report. `case` is one of:

    documents, withheld, implausible, two_gaps, one_gap, present, reference_worse, impact_ratio, kind, untested, none,
    none_blind, none_equivalent.
    """

    case: str
    sentence: Message
    lead: tuple[Message, ...]
    verdict: str | None
    direction: str | None
    deed: tuple[Message, ...]
    duties: Message | None
    picture: Picture | None
    aside: Aside | None
    leading: Comparison | None


def answer_of(facts: AuditFacts) -> Answer:
    """The answer of an audit, by the first rule that applies."""
    if not facts.result.analyses:
        return _told(facts, "documents", _documents(facts), ())
    hidden = facts.withheld_attributes
    if hidden and all(one.withheld for one in facts.primary):
        return _told(facts, "withheld", _withheld(facts), ())
    if (doubted := _DOUBTED.get(str(facts.main.facts.get("implausible")))) is not None:
        return _told(facts, "implausible", doubted, (), _CONFIRM)
    ratios = [one for one in facts.primary if one.gap.reference_rule == "highest_rate" and one.gap.value is not None]
    if ratios and not any(one.verdict for one in facts.primary):
        return _impact(facts, ratios)
    told = [one for one in facts.leading if not one.is_precision]
    worse = [one for one in told if one.is_worse and one.is_gap]
    established = [one for one in worse if one.verdict == "established"]
    if established:
        return _established(facts, established)
    better = [one for one in told if one.verdict == "established"]
    if better:
        return _told(facts, "reference_worse", more_often(better[0], facts, turned=True), (better[0],))
    shown = [one for one in worse if one.verdict == "present"]
    if shown:
        return _told(facts, "present", more_often(shown[0], facts), _both(facts, shown[0]))
    return _nothing(facts)


def _both(facts: AuditFacts, first: Comparison) -> tuple[Comparison, ...]:
    """The comparison that leads, and the other primary measures of the same group and reference."""
    others = [
        one
        for one in facts.primary
        if one is not first and one.gap.groups == first.gap.groups and one.gap.attributes == first.gap.attributes
    ]
    return (first, *others)


def _established(facts: AuditFacts, established: list[Comparison]) -> Answer:
    told = _both(facts, established[0])
    by_measure = {one.gap.measure: one for one in told}
    selection, wrong = by_measure.get("selection_rate"), by_measure.get("false_positive_rate")
    both = [one for one in (selection, wrong) if one is not None and one.verdict == "established" and one.is_worse]
    if len(both) == 2 and facts.harm != "assistive" and all(one.ratio is not None for one in both):
        assert selection is not None
        assert wrong is not None
        return _told(facts, "two_gaps", two_gaps(selection, wrong, facts), (selection, wrong))
    return _told(facts, "one_gap", gap_words(established[0], facts), told)


def _impact(facts: AuditFacts, ratios: list[Comparison]) -> Answer:
    lowest = min(ratios, key=lambda one: one.gap.value or 0.0)
    gap = lowest.gap
    group = facts.phrases.group(gap.attributes, gap.groups)
    sentence = say(
        "{group} were {selected} {ratio} times as often as {reference}, the group with the highest rate.",
        group=group.opening,
        selected=facts.phrases.selected(group.gender),
        ratio=ratio_text(gap.value or 0.0, facts.language),
        reference=facts.phrases.group(gap.attributes, gap.reference).text,
    )
    line = ratio_text(_FOUR_FIFTHS, facts.language)
    under = sum((one.gap.value or 0.0) < _FOUR_FIFTHS for one in ratios)
    lead = (
        say_plural(
            "{count} impact ratio lies under four fifths ({line}), the line that some rules draw.",
            "{count} impact ratios lie under four fifths ({line}), the line that some rules draw.",
            under,
            line=line,
        )
        if under
        else say("No impact ratio lies under four fifths ({line}), the line that some rules draw.", line=line)
    )
    return _told(facts, "impact_ratio", sentence, (lowest,), lead)


def _documents(facts: AuditFacts) -> Message:
    due = facts.due
    if not due:
        return say("No counts by group are public.")
    contradicted = sum(item.status == "contradicted" for item in due)
    unanswered = sum(item.status == "unanswered" for item in due)
    if contradicted:
        return say_plural(
            "No counts by group are public: of {duties} duties, {count} is contradicted by what the documents say.",
            "No counts by group are public: of {duties} duties, {count} are contradicted by what the documents say.",
            contradicted,
            duties=len(due),
        )
    if unanswered == len(due):
        return say("No counts by group are public: of {duties} duties, none has an answer yet.", duties=len(due))
    return say(
        "No counts by group are public: of {duties} duties, {open} have no answer yet.",
        duties=len(due),
        open=unanswered,
    )


def _withheld(facts: AuditFacts) -> Message:
    minimum = facts.result.spec.publish.minimum_count
    if minimum > 0:
        return say("No figure can be published: each group counts fewer than {minimum} people.", minimum=minimum)
    return say("No figure by group can be published.")


def _nothing(facts: AuditFacts) -> Answer:
    told = [one for one in facts.primary if one.verdict is not None]
    if not told and (of_kind := kind_answer(facts)) is not None:
        return _told(facts, *of_kind, ())
    if not told:
        return _told(facts, "untested", say("No gap between groups could be tested with these figures."), ())
    if all(one.verdict == "equivalent" for one in told):
        return _told(
            facts,
            "none_equivalent",
            say(
                "These figures show no gap between groups: any gap is smaller than {limit} times.",
                limit=ratio_text(facts.limit, facts.language),
            ),
            (),
        )
    if any(one.is_precision and one.is_gap for one in told):
        sentence = say(
            "These figures establish no gap between groups but in how often being selected is wrong, which one limit "
            "and unequal risks make by themselves."
        )
        return _told(facts, "none", sentence, ())
    if facts.median_detectable is None or facts.median_detectable > facts.limit:
        sentence = say("These figures establish no gap between groups, and could not have shown a moderate one.")
        return _told(facts, "none_blind", sentence, ())
    return _told(facts, "none", say("These figures establish no gap between groups."), ())


def _told(facts: AuditFacts, case: str, sentence: Message, leading: tuple[Comparison, ...], *lead: Message) -> Answer:
    """An answer with all that goes with it."""
    if facts.is_test and leading:
        sentence = say("In the test, {sentence}", sentence=_within(sentence, leading[0], facts, case))
    first = leading[0] if leading else None
    shown = leading or (() if facts.hits is None else (facts.hits,))
    picture = picture_of(facts, shown, turned=case == "reference_worse")
    return Answer(
        case=case,
        sentence=sentence,
        lead=(*lead_of(facts, case, leading), *lead),
        verdict=first.verdict if first is not None else None,
        direction=None if first is None else "worse" if case == "reference_worse" else first.gap.direction,
        deed=_deed(case, leading),
        duties=facts.duties_sentence() if case != "documents" else None,
        picture=picture,
        aside=aside_of(facts, case) if picture is None and not leading else None,
        leading=first,
    )


def _within(sentence: Message, first: Comparison, facts: AuditFacts, case: str) -> Message:
    """The sentence as it goes on after other words: its group without the capital."""
    gap = first.gap
    opening, other = (gap.reference, gap.groups) if case == "reference_worse" else (gap.groups, gap.reference)
    del other
    values = {**sentence.values}
    if "group" in values:
        rule = gap.reference_rule if case == "reference_worse" else "group"
        values["group"] = facts.phrases.group(gap.attributes, opening, rule).text
    return Message(sentence.template, values, sentence.plural, sentence.count)


def _deed(case: str, leading: tuple[Comparison, ...]) -> tuple[Message, ...]:
    one_law = say("Whether it is justified, or discrimination, is a question of law.")
    match case:
        case "two_gaps":
            return (say("Both gaps are established; whether justified, or discrimination, is a question of law."),)
        case "one_gap" | "reference_worse":
            return say("The gap is established."), one_law
        case "present":
            return say("That there is a gap is shown; how large it is, is not."), one_law
        case "impact_ratio":
            return say("A ratio to the highest rate is a fact of these counts, without a test."), one_law
        case _:
            return ()
