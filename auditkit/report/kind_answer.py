"""The answer of an audit whose question is one of a kind: a pace, an amount, what a system writes; no rate leads it."""

from __future__ import annotations

from auditkit.report.audit_facts import AuditFacts
from auditkit.report.kind_words import ITEMS
from auditkit.report.number_words import amount, named, span
from auditkit.report.number_words import ratio as ratio_text
from auditkit.result import KindFigure
from auditkit.result.kind_figure import out_of_noise
from auditkit.text import Message, say

__all__ = ["kind_answer"]

_LEADS = ("pace_ratio", "mean_error_difference")
"""What an audit of waiting and one of amounts is asked first; each p is corrected for all comparisons of its kind."""

_NOT_SHOWN = say(
    "The figures of this kind of decision show no difference between groups; that is no proof that there is none."
)
_SLOWER = say(
    "For {group} the pace is {value} times that for {reference} ({interval}): of those who still wait, fewer are "
    "served at a time."
)
_FASTER = say(
    "For {group} the pace is {value} times that for {reference} ({interval}): of those who still wait, more are "
    "served at a time."
)
_ABOVE = say("For {group} the mean error lies {value} above that for {reference} ({interval}).")
_BELOW = say("For {group} the mean error lies {value} below that for {reference} ({interval}).")


def kind_answer(facts: AuditFacts) -> tuple[str, Message] | None:
    """The first thing to say of the kind, and its case: `kind` or `untested`; None where nothing of it was tested."""
    if facts.result.spec.probe is not None:
        items = dict.fromkeys(one.item for one in out_of_noise(facts.main.kind_figures))
        return ("kind" if items else "untested"), _of_probe(tuple(items))
    tested = [one for one in facts.main.kind_figures if one.item in _LEADS and one.p_value is not None]
    if not tested:
        return None
    first = min(tested, key=lambda one: (one.p_value or 0.0, -abs(one.value or 0.0)))
    if first.p_value is None or first.p_value >= 1 - facts.result.spec.confidence:
        return "untested", _NOT_SHOWN
    return "kind", _told(first, facts)


def _told(one: KindFigure, facts: AuditFacts) -> Message:
    assert one.value is not None
    language, unit = facts.language, facts.result.spec.prediction
    words = named(unit.unit.text(language)) if unit is not None and unit.unit is not None else ""
    is_pace, below = one.item == "pace_ratio", one.value < (1 if one.item == "pace_ratio" else 0)
    turn = -1 if below and not is_pace else 1

    def write(value: float) -> str:
        return ratio_text(value, language) if is_pace else f"{amount(value, language)} {words}".strip()

    ends = (one.lower, one.upper) if turn > 0 else (_turned(one.upper), _turned(one.lower))
    template = (_SLOWER if below else _FASTER) if is_pace else (_BELOW if below else _ABOVE)
    return Message(template.template, {
        "group": facts.phrases.group(one.attributes, one.groups).text,
        "reference": facts.phrases.group(one.attributes, one.reference).text,
        "value": write(turn * one.value),
        "interval": span(*ends, write, language),
    })  # fmt: skip


def _turned(end: float | None) -> float | None:
    return None if end is None else -end


def _of_probe(items: tuple[str, ...]) -> Message:
    """What a text system writes otherwise when one attribute is swapped, beyond noise."""
    if not items:
        return say(
            "Of what was counted in the texts, nothing differs between the swapped versions by more than noise; that "
            "is no proof that nothing does."
        )
    return say(
        "What the system writes differs with one swapped attribute by more than noise, in: {items}.",
        items=tuple(Message(ITEMS[item]) for item in items),
    )
