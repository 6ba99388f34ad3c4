"""The sentence of the answer: the decision's own verb, a group, a reference, and how much more often."""

from __future__ import annotations

from auditkit.report.audit_facts import AuditFacts
from auditkit.report.comparisons import Comparison, ends
from auditkit.report.frequency import base_of, of_people
from auditkit.report.number_words import figure
from auditkit.report.phrases import Phrase
from auditkit.text import Message, format_number, say

__all__ = ["frequencies", "gap_words", "more_often", "times", "two_gaps"]


def times(value: float, language: str) -> str:
    """A ratio as a sentence says it: one decimal, two where one would hide it, none from ten.

    >>> times(1.69, "en"), times(1.91, "fr"), times(1.04, "en"), times(12.4, "en")
    ('1.7', '1,9', '1.04', '12')
    """
    decimals = 0 if value >= 9.95 else 2 if round(value, 1) == 1.0 and value != 1 else 1
    return format_number(value, decimals, language)


def two_gaps(selection: Comparison, wrong: Comparison, facts: AuditFacts) -> Message:
    """Selected, and wrongly selected, both more often."""
    group, reference = _names(selection, facts)
    assert selection.ratio is not None
    assert wrong.ratio is not None
    return say(
        "{group} were {selected} {ratio} times as often as {reference}, and wrongly {wrong} times as often.",
        group=group.opening,
        selected=facts.phrases.selected(group.gender),
        ratio=times(selection.ratio, facts.language),
        reference=reference.text,
        wrong=times(wrong.ratio, facts.language),
    )


def gap_words(one: Comparison, facts: AuditFacts) -> Message:
    """One established gap, as so many times; where help is given, as so many of a hundred."""
    if one.ratio is None or one.gap.measure not in _TIMES or _is_help(one, facts):
        return more_often(one, facts)
    group, reference = _names(one, facts)
    words = _words(one, facts, group)
    return Message(
        _TIMES[one.gap.measure].template,
        {"group": group.opening, "reference": reference.text, "ratio": times(one.ratio, facts.language), **words},
    )


def more_often(one: Comparison, facts: AuditFacts, turned: bool = False) -> Message:
    """One gap, with both rates as so many of a hundred; `turned`: told from the reference, which fares worse."""
    group, reference = _names(one, facts)
    mine, other = ends(one.rate)[0], ends(one.reference_rate)[0]
    if turned:
        group, reference, mine, other = reference, group, other, mine
    measure = one.gap.measure
    if measure not in _OFTEN:
        return _figures(one, facts, group, reference, mine, other)
    if mine is None or other is None:
        return _without_rates(one, facts, group, reference, turned)
    template = _OFTEN[measure] if not _is_help(one, facts) else _LESS
    return Message(
        template.template,
        {
            "group": group.opening,
            "reference": reference.text,
            **_words(one, facts, group),
            **frequencies(mine, other, facts.language),
        },
    )


def _without_rates(one: Comparison, facts: AuditFacts, group: Phrase, reference: Phrase, turned: bool) -> Message:
    """A gap between rates of which only bounds are known: the bounds of the ratio, or the direction alone."""
    measure = one.gap.measure
    words = {"group": group.opening, "reference": reference.text, **_words(one, facts, group)}
    ratio = one.pair.ratio
    if turned or _is_help(one, facts) or ratio is None or ratio.bound_lower is None or ratio.bound_upper is None:
        return Message((_PLAIN_LESS if _is_help(one, facts) else _PLAIN[measure]).template, words)
    low, high = times(ratio.bound_lower, facts.language), times(ratio.bound_upper, facts.language)
    if low == high:
        return Message(_TIMES[measure].template, {**words, "ratio": low})
    span = say("{lower} to {upper}", lower=low, upper=high)
    return Message(_TIMES[measure].template, {**words, "ratio": span})


def frequencies(mine: float, other: float, language: str) -> dict[str, object]:
    """Two rates as so many of so many, for a sentence."""
    base = base_of(mine, other)
    while of_people(mine, base) == of_people(other, base) and mine != other and base < 10_000:
        base *= 10
    return {"value": of_people(mine, base), "other": of_people(other, base), "base": base}


def _figures(
    one: Comparison, facts: AuditFacts, group: Phrase, reference: Phrase, mine: float | None, other: float | None
) -> Message:
    """Measures that have no verb: their name and both figures."""
    measure, language = one.gap.measure, facts.language
    if mine is None or other is None:
        return say(
            "{measure}: {group} fare worse than {reference}.",
            measure=facts.names.measure_capital(measure),
            group=group.text,
            reference=reference.text,
        )
    return say(
        "{measure}: {value} for {group}, against {other} for {reference}.",
        measure=facts.names.measure_capital(measure),
        value=figure(measure, mine, language),
        group=group.text,
        other=figure(measure, other, language),
        reference=reference.text,
    )


def _is_help(one: Comparison, facts: AuditFacts) -> bool:
    return one.gap.measure == "selection_rate" and facts.harm == "assistive"


def _names(one: Comparison, facts: AuditFacts) -> tuple[Phrase, Phrase]:
    gap = one.gap
    return (
        facts.phrases.group(gap.attributes, gap.groups),
        facts.phrases.group(gap.attributes, gap.reference, gap.reference_rule),
    )


def _words(one: Comparison, facts: AuditFacts, group: Phrase) -> dict[str, object]:
    """The decision's words, agreeing with the group they are said of."""
    phrases = facts.phrases
    match one.gap.measure:
        case "false_positive_rate":
            return {"wrongly": phrases.wrongly(group.gender)}
        case "false_negative_rate":
            return {"missed": phrases.missed(group.gender), "with": phrases.with_outcome()}
        case _:
            return {"selected": phrases.selected(group.gender)}


_TIMES = {
    "selection_rate": say("{group} were {selected} {ratio} times as often as {reference}."),
    "false_positive_rate": say("{group} were {wrongly} {ratio} times as often as {reference}."),
    "false_discovery_rate": say("{group} who were {selected} were so wrongly {ratio} times as often as {reference}."),
    "false_negative_rate": say("{group} {with} were {missed} {ratio} times as often as {reference}."),
}
_OFTEN = {
    "selection_rate": say("{group} were {selected} more often than {reference}: {value} of {base} against {other}."),
    "false_positive_rate": say(
        "{group} were {wrongly} more often than {reference}: {value} of {base} against {other}."
    ),
    "false_discovery_rate": say(
        "{group} who were {selected} were so wrongly more often than {reference}: {value} of {base} against {other}."
    ),
    "false_negative_rate": say(
        "{group} {with} were {missed} more often than {reference}: {value} of {base} against {other}."
    ),
}
_LESS = say("{group} were {selected} less often than {reference}: {value} of {base} against {other}.")
_PLAIN = {
    "selection_rate": say("{group} were {selected} more often than {reference}."),
    "false_positive_rate": say("{group} were {wrongly} more often than {reference}."),
    "false_discovery_rate": say("{group} who were {selected} were so wrongly more often than {reference}."),
    "false_negative_rate": say("{group} {with} were {missed} more often than {reference}."),
}
_PLAIN_LESS = say("{group} were {selected} less often than {reference}.")
