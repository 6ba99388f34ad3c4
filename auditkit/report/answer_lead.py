"""What goes under the answer's sentence: the decision, the people it makes, like cases, what the data cannot see."""

from __future__ import annotations

from auditkit.report.answer_sentences import frequencies, times
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.code_words import VERDICT_WORDS
from auditkit.report.comparisons import Comparison, ends
from auditkit.report.number_words import count, figure, named
from auditkit.report.phrases import Strong
from auditkit.report.rights_panel import share_sentences
from auditkit.text import Message, say, translate

__all__ = ["PLANNED", "between", "lead_of", "like_case_lines", "people_sentence"]

PLANNED = say("The system does not decide yet: what it would select is simulated.")
"""What stands before every figure of a system that nobody is judged by yet."""

_WITHIN = {
    "disappears": say("Among people alike in {strata}, the gap disappears."),
    "shrinks": say("Among people alike in {strata}, the gap shrinks and does not disappear."),
    "remains": say("Among people alike in {strata}, the gap remains."),
    "grows": say("Among people alike in {strata}, the gap grows."),
    "reversed": say("Among people alike in {strata}, the gap is reversed."),
    "differs": say("Among people alike in {strata}, the gap differs from one kind of case to another."),
    "cannot_tell": say("Whether the gap remains among people alike in {strata} cannot be told."),
}


def lead_of(facts: AuditFacts, case: str, leading: tuple[Comparison, ...]) -> tuple[Message, ...]:
    """The sentences of the lead."""
    lead: list[Message] = [PLANNED] if facts.is_test and facts.result.analyses else []
    decision = facts.result.spec.system.decision
    if decision is not None:
        lead.append(say("{decision}.", decision=named(decision.text(facts.language).rstrip(" ."), 300)))
    if case == "documents":
        return (*lead, *share_sentences(facts.result.rights, facts.language))
    if case == "withheld":
        return (
            *lead,
            say(
                "The figures exist inside the house that holds the data, and stay there, so that nobody is recognised."
            ),
            say("Withheld does not mean equal."),
        )
    if case == "kind":
        return (*lead, _OF_KIND)
    if not leading:
        pair = facts.hits
        return (*lead, *_nothing_shown(facts), *(() if pair is None else _hits(facts, pair)))
    if case != "reference_worse" and (people := people_sentence(facts, leading)) is not None:
        lead.append(people)
    lead += _others(facts, leading)
    lead += _like_cases(facts, leading[0])
    return (*lead, *_hits(facts, leading[0]))


_OF_KIND = say(
    "This is no rate: it has an interval, and a test that is corrected for every comparison of its kind; the words of "
    "a verdict are for rates."
)


def between(people: tuple[float, float | None, float | None]) -> Message | str:
    """Between how many and how many people, in brackets; "" where the ends are not known."""
    _, lower, upper = people
    if lower is None or upper is None:
        return ""
    low, high = sorted((round(lower), round(upper)))
    if low < 0 < high:
        return say(" (between {more} more and {fewer} fewer)", more=-low, fewer=high)
    low, high = sorted((abs(low), abs(high)))
    return say(" ({lower} to {upper})", lower=low, upper=high)


def people_sentence(facts: AuditFacts, leading: tuple[Comparison, ...]) -> Message | None:
    """How many people the leading gaps make at the reference's rate."""
    told = {one.gap.measure: one for one in leading if one.people is not None and one.is_worse and one.is_gap}
    first = told.get(leading[0].gap.measure)
    if first is None or first.people is None:
        return None
    gap = first.gap
    group = facts.phrases.group(gap.attributes, gap.groups)
    values: dict[str, object] = {
        "group": group.text,
        "reference": facts.phrases.group(gap.attributes, gap.reference, gap.reference_rule).text,
        "selected": facts.phrases.selected("f"),
        "missed": facts.phrases.missed("f"),
        "number": Strong(count(float(round(abs(first.people[0]))), facts.language)),
        "between": between(first.people),
    }
    second = told.get("false_positive_rate" if facts.harm != "assistive" else "false_negative_rate")
    if gap.measure == "selection_rate" and second is not None and second.people is not None:
        values |= {
            "second": Strong(count(float(round(abs(second.people[0]))), facts.language)),
            "second_between": between(second.people),
        }
        return Message(_PEOPLE_TWO[facts.harm == "assistive"].template, values)
    if facts.is_capped and gap.measure == "selection_rate":
        chosen = facts.main.spec.selected
        places = None if chosen is None else chosen.places
        if places is not None:
            values["by"] = named(places.by)
        return Message((_HELD if places is None else _HELD_BY)[facts.harm == "assistive"].template, values)
    template = _PEOPLE.get((gap.measure, facts.harm == "assistive" or one_harm(gap.measure, facts)))
    return None if template is None else Message(template.template, values)


def one_harm(measure: str, facts: AuditFacts) -> bool:
    """Whether, of two harms at stake, the measure is of being missed."""
    return facts.harm == "both" and measure == "false_negative_rate"


_HELD = {
    False: say(
        "Had the same number of people been {selected}, at one rate for all, {number} fewer of them would have been "
        "{group}{between}."
    ),
    True: say(
        "Had the same number of people been {selected}, at one rate for all, {number} more of them would have been "
        "{group}{between}."
    ),
}
_HELD_BY = {
    False: say(
        "Had the same number of people been {selected} within each {by}, at one rate for all, {number} fewer of them "
        "would have been {group}{between}."
    ),
    True: say(
        "Had the same number of people been {selected} within each {by}, at one rate for all, {number} more of them "
        "would have been {group}{between}."
    ),
}
_PEOPLE_TWO = {
    False: say(
        "At the rate of {reference}, {number} fewer {group} would have been {selected}{between}, and {second} fewer "
        "wrongly{second_between}."
    ),
    True: say(
        "At the rate of {reference}, {number} more {group} would have been {selected}{between}, and {second} fewer "
        "{missed}{second_between}."
    ),
}
_WRONG = say("At the rate of {reference}, {number} fewer {group} would have been {selected} wrongly{between}.")
_PEOPLE = {
    ("selection_rate", False): say(
        "At the rate of {reference}, {number} fewer {group} would have been {selected}{between}."
    ),
    ("selection_rate", True): say(
        "At the rate of {reference}, {number} more {group} would have been {selected}{between}."
    ),
    ("false_positive_rate", False): _WRONG,
    ("false_discovery_rate", False): _WRONG,
    ("false_negative_rate", True): say(
        "At the rate of {reference}, {number} fewer {group} would have been {missed}{between}."
    ),
}


_SPOKEN = ("selection_rate", "false_positive_rate", "false_negative_rate")
_WERE = say("{value} were {measure}, against {other}: {verdict}.")
_IS = say("{measure} is {value}, against {other}: {verdict}.")
_VERDICTS = {
    "established": say("an established gap"),
    "present": say("a gap of uncertain size"),
    "small": say("a small gap"),
    "equivalent": say("no gap that matters"),
    "inconclusive": say("too uncertain to tell"),
}


def _others(facts: AuditFacts, leading: tuple[Comparison, ...]) -> list[Message]:
    """The other primary measures of the same group, each with its own verdict, where it is another."""
    first = leading[0]
    return [
        Message(
            (_WERE if one.gap.measure in _SPOKEN else _IS).template,
            {
                "measure": facts.phrases.noun(one.gap.measure)
                if one.gap.measure in _SPOKEN
                else facts.phrases.column(one.gap.measure)[0],
                "value": figure(one.gap.measure, mine, facts.language),
                "other": figure(one.gap.measure, other, facts.language),
                "verdict": _VERDICTS[one.verdict],
            },
        )
        for one in leading[1:]
        if one.verdict in _VERDICTS
        and one.verdict != first.verdict
        and not (facts.sees_selected_only and one.gap.measure == "false_discovery_rate")
        and (mine := ends(one.rate)[0]) is not None
        and (other := ends(one.reference_rate)[0]) is not None
    ]


def _like_cases(facts: AuditFacts, first: Comparison) -> list[Message]:
    template = _WITHIN.get(first.within or "")
    if template is None:
        return []
    spec = facts.main.spec
    strata = tuple(
        named(one.name.text(facts.language) if one.name is not None else key) for key, one in spec.strata.items()
    )
    return [Message(template.template, {"strata": strata})]


def like_case_lines(facts: AuditFacts) -> tuple[Message, ...]:
    """What becomes of each gap among like cases, group by group, where strata are declared."""
    lines = []
    for one in facts.leading:
        if (template := _WITHIN.get(one.within or "")) is None:
            continue
        gap = one.gap
        spec = facts.main.spec
        strata = tuple(
            named(s.name.text(facts.language) if s.name is not None else key) for key, s in spec.strata.items()
        )
        lines.append(
            say(
                "{group}, {measure}: {sentence}",
                group=facts.names.group(gap.attributes, gap.groups),
                measure=facts.phrases.noun(gap.measure, facts.phrases.group(gap.attributes, gap.groups).gender),
                sentence=Message(template.template, {"strata": strata}),
            )
        )
    return tuple(lines)


_HITS = say("Of {base} people {selected} among {group}, {value} were so wrongly; among {reference}, {other}.")
_BY_RISK = say("One limit for all and unequal risks make such a difference by themselves.")
_HITS_TESTED = say(
    "Of {base} people {selected} among {group}, {value} were so wrongly; among {reference}, {other} ({verdict})."
)


def _hits(facts: AuditFacts, first: Comparison) -> list[Message]:
    """Where outcomes are seen only for the selected: how often being selected led to nothing."""
    if not facts.sees_selected_only:
        return []
    gap = first.gap
    mine, other = (ends(rate)[0] for rate in facts.rates_of(first, "false_discovery_rate"))
    if mine is None or other is None:
        return []
    values: dict[str, object] = {
        "selected": facts.phrases.selected("f"),
        "group": facts.phrases.group(gap.attributes, gap.groups).text,
        "reference": facts.phrases.group(gap.attributes, gap.reference, gap.reference_rule).text,
        **frequencies(mine, other, facts.language),
    }
    one = facts.told.get((gap.attributes, gap.groups, "false_discovery_rate"))
    if one is not None and one.gap.reason == "infra_marginal":
        return [Message(_HITS.template, values), _BY_RISK]
    if one is None or one.verdict is None:
        return [Message(_HITS.template, values)]
    tested = Message(
        _HITS_TESTED.template, {**values, "verdict": translate(VERDICT_WORDS[one.verdict], facts.language)}
    )
    return [tested, _BY_RISK] if one.is_gap else [tested]


def _nothing_shown(facts: AuditFacts) -> list[Message]:
    lead = [say("No gap shown is no proof that there is none.")]
    if facts.median_detectable is not None and facts.median_detectable > facts.limit:
        lead.append(
            say(
                "With so many people, a gap of {ratio} times would have been called established in eight cases out of "
                "ten.",
                ratio=times(facts.median_detectable, facts.language),
            )
        )
    widest = max(
        (one for one in facts.primary if one.is_worse and one.ratio is not None),
        key=lambda one: one.ratio or 0.0,
        default=None,
    )
    if widest is None:
        return lead
    mine, other = ends(widest.rate)[0], ends(widest.reference_rate)[0]
    if mine is None or other is None or widest.verdict == "equivalent":
        return lead
    gap = widest.gap
    return [
        *lead,
        say(
            "The widest difference, {measure}: {value} for {group} against {other} for {reference}.",
            measure=facts.phrases.noun(gap.measure),
            value=figure(gap.measure, mine, facts.language),
            group=facts.phrases.group(gap.attributes, gap.groups).text,
            other=figure(gap.measure, other, facts.language),
            reference=facts.phrases.group(gap.attributes, gap.reference, gap.reference_rule).text,
        ),
    ]
