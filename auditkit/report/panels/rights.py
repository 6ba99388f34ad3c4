"""Rights: what the law asks; contradicted items open, then every domain folded, with a square a duty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditkit.report.audit_facts import AuditFacts
from auditkit.report.comparisons import comparisons_of, verdict_code
from auditkit.report.group_names import Names
from auditkit.report.number_words import Name, figure, named
from auditkit.report.panels import Panel
from auditkit.report.rights_panel import ItemLine, rights_panel
from auditkit.result import AuditResult, RightsFigure, RightsItem
from auditkit.text import Message, mark, say

__all__ = ["PANEL"]

_FIGURES = 4


@dataclass(frozen=True)
class Contradicted:
    """An item that figures or answers contradict: the worse figures, the better ones in one line, what answers it."""

    item: ItemLine
    worse: tuple[Message | Name, ...]
    better: Message | None


@dataclass(frozen=True)
class FirstQuestion:
    """One of the questions asked first, and the letter that gets its answer ("" where there is none)."""

    item: ItemLine
    letter: str


def _first_question(item: RightsItem, line: ItemLine, language: str) -> FirstQuestion:
    from auditkit.rights.letters.letter_kinds import letter_kinds

    kind = letter_kinds().get(item.letter or "")
    return FirstQuestion(line, "" if kind is None else kind.title.text(language))


def _is_wanted(result: AuditResult) -> bool:
    return result.rights is not None


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    facts = AuditFacts(result, language)
    names = Names(result.spec, language)
    panel = rights_panel(result, names, ())
    assert panel is not None
    assert result.rights is not None
    contradicted = [item for item in result.rights.items if item.status == "contradicted" and item.is_due]
    squares = {
        domain.key: tuple(
            item.status for status in ("contradicted", "unanswered", "satisfied", "not_applicable")
            for item in result.rights.items
            if item.domain == domain.key and item.level == "must" and item.status == status
        )
        for domain in result.rights.domains
    }  # fmt: skip
    by_key = {item.key: item for block in panel.domains for item in block.items}
    return {
        "panel": panel,
        "squares": squares,
        "contradicted": tuple(_contradicted(item, by_key[item.key], facts) for item in contradicted),
        "first": tuple(_first_question(item, by_key[item.key], language) for item in facts.first_questions),
        "first_squares": tuple(item.status for item in facts.first_questions),
        "first_open": not result.analyses,
        "shown": tuple(by_key[item.key].anchor for item in contradicted),
    }


def _contradicted(item: RightsItem, line: ItemLine, facts: AuditFacts) -> Contradicted:
    figures = () if item.statement is None else item.statement.figures
    worse: list[Message | Name] = []
    better: list[Message] = []
    named_already: set[str] = set()
    for one in figures:
        said, is_worse = _figure(one, facts, named_already)
        if said is not None and verdict_code(one.verdict) in ("established", None):
            (worse if is_worse else better).append(said)
    gone = len(worse) - _FIGURES
    if gone > 0:
        worse = [*worse[:_FIGURES], say("{count} more in the annex", count=gone)]
    if not worse and item.statement is not None and not better:
        worse = [named(item.statement.sentence.text(facts.language), 400)]
    other = (
        say("The other way, where those compared with fare worse: {figures}.", figures=tuple(better[:3]))
        if better
        else None
    )
    return Contradicted(line, tuple(worse), other)


def _figure(one: RightsFigure, facts: AuditFacts, named_already: set[str]) -> tuple[Message | None, bool]:
    """A comparison behind an item, both rates, and whether the group fares worse; a measure is named once an item."""
    if one.kind not in ("ratio", "difference") or not facts.result.analyses:
        return None, True
    analysis = next((a for a in facts.result.analyses if a.key == one.analysis), facts.main)
    found = next(
        (
            o
            for o in comparisons_of(analysis, (one.measure,))
            if (o.gap.attributes, o.gap.groups, o.gap.reference) == (one.attributes, one.groups, one.reference)
        ),
        None,
    )
    if found is None or found.rate is None or found.reference_rate is None:
        return None, True
    mine, other = found.rate.value, found.reference_rate.value
    if mine is None or other is None or found.withheld:
        return None, True
    values = {
        "group": facts.names.group(one.attributes, one.groups),
        "value": figure(one.measure, mine, facts.language),
        "other": figure(one.measure, other, facts.language),
    }
    if one.measure in named_already:
        return say("{group}: {value} against {other}", **values), found.is_worse
    named_already.add(one.measure)
    gender = facts.phrases.group(one.attributes, one.groups).gender
    measure = facts.phrases.noun(one.measure, gender)
    return say("{group}, {measure}: {value} against {other}", measure=measure, **values), found.is_worse


PANEL = Panel(
    "rights", "story", 70, "panels/rights.html", mark("Rights: what the law asks"), _is_wanted, _view, mark("Rights")
)
