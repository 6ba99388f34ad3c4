"""A gap as a number of people: how many fewer or more of the group would have met the wrong at the reference's rate.

Each wrong has whole sentences of its own, so that every language can bend them as it must.
"""

from __future__ import annotations

from dataclasses import replace

from auditkit.measures import MEASURES, direction_of
from auditkit.report.pair_panel import Pair
from auditkit.report.sentences import finite
from auditkit.result import Gap
from auditkit.text import Message, say, say_plural

__all__ = ["people_range", "people_sentence"]

_WRONGS = {
    "true_positive_rate": "left_out",
    "false_negative_rate": "left_out",
    "negative_predictive_value": "left_out",
    "false_omission_rate": "left_out",
    "accuracy": "judged",
    "error_rate": "judged",
}


# fmt: off
_SENTENCES = {
    ("selected", True): say_plural(
        "At the reference group's rate, {count} fewer person of this group would have been "
        "selected{between}.",
        "At the reference group's rate, {count} fewer people of this group would have been "
        "selected{between}.",
        1),
    ("selected", False): say_plural(
        "At the reference group's rate, {count} more person of this group would have been "
        "selected{between}.",
        "At the reference group's rate, {count} more people of this group would have been "
        "selected{between}.",
        1),
    ("not_selected", True): say_plural(
        "At the reference group's rate, {count} fewer person of this group would have been left out{between}.",
        "At the reference group's rate, {count} fewer people of this group would have been left out{between}.",
        1),
    ("not_selected", False): say_plural(
        "At the reference group's rate, {count} more person of this group would have been left "
        "out{between}.",
        "At the reference group's rate, {count} more people of this group would have been left "
        "out{between}.",
        1),
    ("selected_wrongly", True): say_plural(
        "At the reference group's rate, {count} fewer person of this group would have been selected "
        "wrongly"
        "{between}.",
        "At the reference group's rate, {count} fewer people of this group would have been selected "
        "wrongly"
        "{between}.",
        1),
    ("selected_wrongly", False): say_plural(
        "At the reference group's rate, {count} more person of this group would have been selected "
        "wrongly"
        "{between}.",
        "At the reference group's rate, {count} more people of this group would have been selected "
        "wrongly"
        "{between}.",
        1),
    ("left_out", True): say_plural(
        "At the reference group's rate, {count} fewer person of this group would have been left out "
        "wrongly"
        "{between}.",
        "At the reference group's rate, {count} fewer people of this group would have been left out "
        "wrongly"
        "{between}.",
        1),
    ("left_out", False): say_plural(
        "At the reference group's rate, {count} more person of this group would have been left out "
        "wrongly"
        "{between}.",
        "At the reference group's rate, {count} more people of this group would have been left out "
        "wrongly"
        "{between}.",
        1),
    ("judged", True): say_plural(
        "At the reference group's rate, {count} fewer person of this group would have been judged "
        "wrongly{between}.",
        "At the reference group's rate, {count} fewer people of this group would have been judged "
        "wrongly{between}.",
        1),
    ("judged", False): say_plural(
        "At the reference group's rate, {count} more person of this group would have been judged "
        "wrongly{between}.",
        "At the reference group's rate, {count} more people of this group would have been judged "
        "wrongly{between}.",
        1),
}
# fmt: on
"""What a gap makes of people, by the wrong and by whether fewer or more would have met it; counted when told."""


def people_sentence(pair: Pair, harm: str) -> Message | None:
    """How many people the gap makes, at the reference group's rate; None where that is not known."""
    gap = next((g for g in (pair.ratio, pair.difference) if g is not None and finite(g.people) is not None), None)
    if gap is None or gap.status == "suppressed" or _is_context(gap.measure, harm):
        return None
    people = gap.people or 0.0
    wrong = _WRONGS.get(gap.measure, "selected_wrongly")
    if gap.measure in ("selection_rate", "share_of_selected"):
        wrong = "selected" if harm == "punitive" else "not_selected"
    return _people_words(wrong, people >= 0, round(abs(people)), people_range(gap))


def _is_context(measure: str, harm: str) -> bool:
    """Whether neither end of a measure hurts; so for a measure that is not of the table."""
    return measure not in MEASURES or direction_of(measure, harm) == "context"


def people_range(gap: Gap) -> Message | str:
    """Between how many and how many people, in brackets; "" where the ends are not known."""
    lower, upper = finite(gap.people_lower), finite(gap.people_upper)
    if lower is None or upper is None:
        return ""
    low, high = round(lower), round(upper)
    if low < 0 < high:
        return say(" (between {more} more and {fewer} fewer)", more=-low, fewer=high)
    ends = sorted((abs(low), abs(high)))
    return say(" (between {lower} and {upper})", lower=ends[0], upper=ends[1])


def _people_words(wrong: str, fewer: bool, number: int, between: Message | str) -> Message:
    return replace(_SENTENCES[wrong, fewer], count=number, values={"count": number, "between": between})
