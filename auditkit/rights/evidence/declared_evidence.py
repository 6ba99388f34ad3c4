"""What declared facts say: one function, reading the rule of each fact from the table of facts.

An interval must lie wholly beyond the limit to contradict; one that holds the neutral value tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from auditkit.rights.declared_facts import FACTS, Fact, FactRule
from auditkit.rights.evidence.evidence import Look, Statement, StatementStatus, of_fact
from auditkit.rights.rights_words import number, term, words
from auditkit.spec.spec_words import Words
from auditkit.text import Message, say

__all__ = ["declared", "judge"]

_ORDER: tuple[StatementStatus, ...] = ("contradicts", "informs", "cannot_tell")


def declared(look: Look) -> Statement:
    """What the fact that an item asks for says; the gravest reading where several are declared."""
    assert look.fact is not None
    name = look.fact
    rule = FACTS[name]
    facts = look.facts.get(name, ())
    if not facts:
        return Statement(
            "declared",
            "cannot_tell",
            say(
                "Decisions alone do not show {meaning}; declare it under rights.facts ({name}).",
                meaning=term(rule.meaning),
                name=name,
            ),
        )
    ratio, minimum = look.result.spec.verdict.ratio, look.result.spec.verdict.minimum_n
    read = [(judge(rule, fact, ratio, minimum), fact) for fact in facts]
    status = min((status for status, _ in read), key=_ORDER.index)
    fact = next(fact for found, fact in read if found == status)
    limit = {"ratio": ratio, "ratio_both_ways": ratio, "above": rule.limit, "idle": rule.limit}.get(rule.kind)
    return Statement("declared", status, _sentence(rule, fact, status), tuple(of_fact(name, f, limit) for _, f in read))


def judge(rule: FactRule, fact: Fact, ratio: float = 1.25, minimum_n: int = 30) -> StatementStatus:
    """How one fact is read under its rule; `ratio` and `minimum_n` are the limits of the audit's verdicts.

    >>> rule = FACTS["repeat_control"]
    >>> judge(rule, Fact(value=1.9, lower=1.4, upper=2.6, n=400, said_by="control service"))
    'contradicts'
    >>> judge(rule, Fact(value=1.9, lower=0.9, upper=4.0, n=400, said_by="control service"))
    'cannot_tell'
    """
    return _READ[rule.kind](rule, fact, ratio, minimum_n)


def _ratio(rule: FactRule, fact: Fact, ratio: float, minimum_n: int) -> StatementStatus:
    if fact.lower is None or fact.upper is None:
        return "cannot_tell"
    if fact.lower > ratio and (fact.n or 0) >= minimum_n:
        return "contradicts"
    return "informs" if fact.lower > 1 or fact.upper < 1 else "cannot_tell"


def _both_ways(rule: FactRule, fact: Fact, ratio: float, minimum_n: int) -> StatementStatus:
    if fact.upper is not None and fact.upper < 1 / ratio and (fact.n or 0) >= minimum_n:
        return "contradicts"
    return _ratio(rule, fact, ratio, minimum_n)


def _above(rule: FactRule, fact: Fact, ratio: float, minimum_n: int) -> StatementStatus:
    if fact.lower is None or fact.upper is None:
        return "cannot_tell"
    if fact.lower > rule.limit and (fact.n is None or fact.n >= minimum_n):
        return "contradicts"
    return "informs" if fact.lower > rule.neutral or fact.upper < rule.neutral else "cannot_tell"


def _idle(rule: FactRule, fact: Fact, ratio: float, minimum_n: int) -> StatementStatus:
    if fact.lower is None or fact.upper is None:
        return "cannot_tell"
    if -rule.limit < fact.lower and fact.upper < rule.limit:
        return "contradicts"
    return "informs" if fact.lower > 0 or fact.upper < 0 else "cannot_tell"


def _any(rule: FactRule, fact: Fact, ratio: float, minimum_n: int) -> StatementStatus:
    if fact.number is None:
        return "cannot_tell"
    return "contradicts" if fact.number > 0 else "informs"


def _flag(rule: FactRule, fact: Fact, ratio: float, minimum_n: int) -> StatementStatus:
    if not isinstance(fact.value, bool):
        return "cannot_tell"
    return "informs" if fact.value else "contradicts"


def _informs(rule: FactRule, fact: Fact, ratio: float, minimum_n: int) -> StatementStatus:
    return "informs"


_READ: dict[str, Callable[[FactRule, Fact, float, int], StatementStatus]] = {
    "ratio": _ratio,
    "ratio_both_ways": _both_ways,
    "above": _above,
    "idle": _idle,
    "any": _any,
    "flag": _flag,
    "informs": _informs,
}


def _sentence(rule: FactRule, fact: Fact, status: StatementStatus) -> Message:
    values: dict[str, object] = {
        "meaning": term(rule.meaning),
        "value": _value(fact),
        "said_by": words(fact.said_by),
    }
    if status == "cannot_tell":
        return say(
            "Declared by {said_by}: {meaning}: {value}. Its interval is missing or holds the value of no effect: "
            "nothing can be told.",
            **values,
        )
    if status == "contradicts":
        return say("Declared by {said_by}, and against the item: {meaning}: {value}.", **values)
    return say("Declared by {said_by}: {meaning}: {value}.", **values)


def _value(fact: Fact) -> Message:
    if isinstance(fact.value, bool):
        return say("yes") if fact.value else say("no")
    if isinstance(fact.value, str | Words):
        return words(fact.value, 200)
    plain = number(fact.value, 0 if float(fact.value).is_integer() else 3)
    if fact.lower is None or fact.upper is None:
        return plain
    return say("{value} ({lower} to {upper})", value=plain, lower=number(fact.lower, 3), upper=number(fact.upper, 3))
