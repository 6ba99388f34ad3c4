"""A finding in plain sentences: what happened to the group, against whom, how sure, and how many people it makes.

Each measure has its own sentence, so that the denominator is always said and never "rate" alone.
"""

from __future__ import annotations

from functools import partial
from math import isfinite

from auditkit.measures import MEASURES, measure
from auditkit.report.code_words import VERDICT_WORDS
from auditkit.report.group_names import Names
from auditkit.report.number_words import count, difference, difference_span, figure, p_value, quoted, ratio, span
from auditkit.report.pair_panel import Pair
from auditkit.result import Estimate, Gap
from auditkit.text import Message, say, say_plural, translate

__all__ = [
    "chance_sentence",
    "detectable_sentence",
    "favour_sentence",
    "finite",
    "gap_sentence",
    "is_open_either_way",
    "is_rate",
    "is_uncorrected",
    "value_text",
    "verdict_sentence",
    "verdict_word",
    "what_sentence",
]


def finite(value: float | None) -> float | None:
    """The value, or None where it is not a number that can be written."""
    return value if value is not None and isfinite(value) else None


def is_rate(measure: str) -> bool:
    """Whether a measure is a part of a whole, for which a smallest detectable gap is worked out."""
    return measure in MEASURES and MEASURES[measure].is_part_of_whole


def value_text(estimate: Estimate, language: str) -> str:
    """The value of an estimate, or the bounds that hidden counts allow; "" where there is neither."""
    write = partial(figure, estimate.measure, language=language)
    value = finite(estimate.value)
    if value is not None:
        return write(value)
    lower, upper = finite(estimate.bound_lower), finite(estimate.bound_upper)
    if lower is None or upper is None:
        return ""
    if write(lower) == write(upper):
        return write(lower)
    return say("between {lower} and {upper}", lower=write(lower), upper=write(upper)).text(language)


def interval_text(estimate: Estimate, language: str) -> str:
    """The interval of an estimate."""
    return span(
        finite(estimate.lower),
        finite(estimate.upper),
        partial(figure, estimate.measure, language=language),
        language,
    )


def _people(denominator: float | None, language: str) -> Message:
    if finite(denominator) is None:
        return say("the people")
    assert denominator is not None
    if float(denominator).is_integer():
        return say_plural("the {count} person", "the {count} people", int(denominator))
    return say("some {number} people", number=count(float(round(denominator)), language))


def _reference_people(denominator: float | None, language: str) -> Message:
    if denominator is None or not isfinite(denominator):
        return say("of those concerned")
    number = count(float(round(denominator)), language)
    if float(denominator).is_integer():
        return say("of {number}", number=number)
    return say("of about {number}", number=number)


def what_sentence(pair: Pair, estimate: Estimate | None, reference: Estimate | None, names: Names) -> Message:
    """What happened to the group, and to its reference: value, interval and denominator of both."""
    gap = pair.main
    language = names.language
    if estimate is not None and reference is None and value_text(estimate, language):
        return say(
            "{measure} of the group {group}: {value} ({interval}), compared with {reference}.",
            measure=names.measure_capital(gap.measure),
            value=value_text(estimate, language),
            interval=interval_text(estimate, language) or say("no interval"),
            group=quoted(names.group(gap.attributes, gap.groups), language),
            reference=quoted(names.reference(gap), language),
        )
    if estimate is None or reference is None or not value_text(estimate, language):
        return say(
            "{measure}: the group {group} against the reference {reference}.",
            measure=names.measure_capital(gap.measure),
            group=quoted(names.group(gap.attributes, gap.groups), language),
            reference=quoted(names.reference(gap), language),
        )
    return Message(
        measure(gap.measure).sentence(),
        {
            "measure": names.measure(gap.measure),
            "group": quoted(names.group(gap.attributes, gap.groups), language),
            "reference": quoted(names.reference(gap), language),
            "people": _people(estimate.denominator, language),
            "reference_people": _reference_people(reference.denominator, language),
            "value": value_text(estimate, language),
            "reference_value": value_text(reference, language) or say("not known"),
            "interval": interval_text(estimate, language) or say("no interval"),
            "reference_interval": interval_text(reference, language) or say("no interval"),
        },
    )


def gap_sentence(pair: Pair, names: Names) -> Message:
    """How large the gap is: the ratio on the side on which the verdict was taken, else the difference."""
    language = names.language
    gap = pair.ratio
    if gap is None:
        assert pair.difference is not None
        return _difference_sentence(pair.difference, language)
    write = partial(ratio, language=language)
    complement = gap.side == "complement"
    value = finite(gap.complement_value if complement else gap.value)
    lower = finite(gap.complement_lower if complement else gap.lower)
    upper = finite(gap.complement_upper if complement else gap.upper)
    interval = span(lower, upper, write, language) or say("no interval")
    if value is None and not complement and finite(gap.bound_lower) is not None:
        text = span(finite(gap.bound_lower), finite(gap.bound_upper), write, language)
        return say("The ratio of the two lies in {bounds} ({interval}).", bounds=text, interval=interval)
    if gap.measure == "burden" and value is not None and not complement:
        return say(
            "That is {ratio} times the figure of the reference group ({interval}).",
            ratio=write(value),
            interval=interval,
        )
    if value is None and complement:
        return say(
            "The opposite is rarer and decides the verdict; the ratio of the two has no single value ({interval}).",
            interval=interval,
        )
    if value is None:
        return say("The ratio of the two has no single value ({interval}).", interval=interval)
    if complement:
        return say(
            "The opposite, which is rarer and decides the verdict, is {ratio} times as frequent ({interval}).",
            ratio=write(value),
            interval=interval,
        )
    return say(
        "That is {ratio} times as frequent as in the reference group ({interval}).",
        ratio=write(value),
        interval=interval,
    )


def favour_sentence(gap: Gap, names: Names) -> Message | None:
    """Of a gap in a group's favour, that its other side is a reference that fares worse; None for any other gap."""
    if gap.direction != "better":
        return None
    return say(
        "The gap is in favour of the group {group}: seen from the other side, it is the reference {reference} that "
        "fares worse.",
        group=quoted(names.group(gap.attributes, gap.groups), names.language),
        reference=quoted(names.reference(gap), names.language),
    )


def _difference_sentence(gap: Gap, language: str) -> Message:
    ends = difference_span(gap.measure, finite(gap.lower), finite(gap.upper), language)
    interval: Message | str = ends or say("no interval")
    value = finite(gap.value)
    if value is None:
        return say("The difference has no single value ({interval}).", interval=interval)
    return say(
        "The difference is {difference} ({interval}).",
        difference=difference(gap.measure, value, language),
        interval=interval,
    )


def is_uncorrected(gap: Gap) -> bool:
    """Whether a verdict did not outlast the correction for the number of tests."""
    return gap.verdict in ("likely", "present", "small") and gap.p_adjusted is not None and gap.p_adjusted >= 0.05


def verdict_word(gap: Gap, language: str) -> str:
    """The verdict word, with the mark of one that was not corrected."""
    if gap.verdict is None:
        return ""
    word = translate(VERDICT_WORDS[gap.verdict], language)
    return say("{verdict}, not corrected", verdict=word).text(language) if is_uncorrected(gap) else word


def verdict_sentence(gap: Gap, language: str) -> Message:
    """The verdict word, which way the gap goes, and p."""
    if gap.verdict is None:
        return say("No verdict is given for this measure.")
    word = translate(VERDICT_WORDS[gap.verdict], language)
    number = p_value(finite(gap.p_adjusted), language)
    corrected = number if number[:1] in "<>" else f"= {number}"
    if is_uncorrected(gap):
        return say("Verdict: {verdict}, not corrected (p {p} after correction).", verdict=word, p=corrected)
    if gap.p_adjusted is None:
        return say("Verdict: {verdict}.", verdict=word)
    return say("Verdict: {verdict} (p {p} after correction).", verdict=word, p=corrected)


def chance_sentence(gap: Gap, language: str) -> Message:
    """p, corrected for the number of tests."""
    number = p_value(finite(gap.p_adjusted), language)
    if gap.p_adjusted is None:
        return say("No test can be given.")
    return (
        say("p = {p}, corrected for the number of tests.", p=number)
        if number[:1] not in "<>"
        else say("p {p}, corrected for the number of tests.", p=number)
    )


def is_open_either_way(gap: Gap) -> bool:
    """Whether what is not known, chance aside, leaves room for a ratio below and above 1."""
    low, high = finite(gap.bound_lower), finite(gap.bound_upper)
    if gap.kind != "ratio" or gap.status != "bounds":
        return False
    return (low is None or low <= 1) and (high is None or high >= 1)


def detectable_sentence(gap: Gap, language: str) -> Message:
    """What so few people could have shown."""
    smallest = finite(gap.smallest_detectable)
    if not is_rate(gap.measure):
        return say("How large a gap would have shown is not worked out for this measure.")
    if is_open_either_way(gap):
        return say("What is not known leaves room for a gap either way: more people would not settle it.")
    if smallest is None and gap.reason == "few_clusters":
        return say("Fewer than 20 clusters: too few for an interval.")
    if smallest is None:
        return say("With so few people, no gap of any size could be counted on to show.")
    return say(
        "With so many people, only a gap of {ratio} times or more would have shown in eight cases out of ten.",
        ratio=ratio(smallest, language),
    )
