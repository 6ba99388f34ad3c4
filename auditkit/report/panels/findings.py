"""Findings by attribute: one card each, all its groups together, up to three statements and one figure of ratios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from auditkit.report.answer_lead import people_sentence
from auditkit.report.answer_sentences import times
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.brief_blocks import Mark, beyond_words, mark_of, more_people
from auditkit.report.comparisons import Comparison, comparisons_of, ends, leading_order
from auditkit.report.group_names import anchor
from auditkit.report.number_words import Name, figure, ratio, span
from auditkit.report.panels import Panel
from auditkit.report.panels.overview import has_overview, ordered_groups, single_views
from auditkit.report.phrases import capital
from auditkit.report.strips import Cell, Column, Row, Scale, Table, log_scale, ratio_cell, reference_mark
from auditkit.result import AuditResult
from auditkit.text import Message, mark, say

__all__ = ["PANEL", "findings_view"]

_CARDS, _ROWS = 6, 12
_AMONG = {"punitive": "false_discovery_rate", "assistive": "false_omission_rate"}


@dataclass(frozen=True)
class Statement:
    """A sentence of a card, with its verdict; without one, a remark in grey."""

    text: tuple[Message, ...]
    mark: Mark | None


@dataclass(frozen=True)
class Card:
    """One attribute."""

    anchor: str
    headline: Message
    statements: tuple[Statement, ...]
    table: Table | None


def findings_view(result: AuditResult, language: str) -> Mapping[str, Any]:
    """A card for each attribute of the first analysis of a result."""
    facts = AuditFacts(result, language)
    columns = _columns(facts)
    told = {(o.gap.attributes, o.gap.groups, o.gap.measure): o for o in comparisons_of(facts.main, columns)}
    made: list[tuple[int, int, Card]] = []
    for view in single_views(result):
        mine = [o for o in facts.primary if o.gap.attributes == view.attributes]
        if not mine:
            continue
        first = leading_order(mine)[0]
        made.append(
            (
                facts.leading.index(first) if first in facts.leading else 10_000,
                len(made),
                _card(view, mine, told, columns, facts),
            )
        )
    cards = [card for _, _, card in sorted(made, key=lambda entry: entry[:2])]
    return {
        "cards": tuple(cards[:_CARDS]),
        "more": tuple(cards[_CARDS:]),
        "limit": ratio(facts.limit, language),
    }


def _columns(facts: AuditFacts) -> tuple[str, ...]:
    """The two primary measures, and error among the selected where it was measured."""
    among = _AMONG["assistive" if facts.harm == "assistive" else "punitive"]
    has_among = any(o.verdict is not None for o in comparisons_of(facts.main, (among,)))
    return (*facts.measures, *((among,) if has_among and among not in facts.measures else ()))[:3]


def _card(
    view: Any, mine: list[Comparison], told: dict[Any, Comparison], columns: tuple[str, ...], facts: AuditFacts
) -> Card:
    order = leading_order(mine)
    worse = [o for o in order if o.is_gap and o.is_worse]
    better = [o for o in order if o.is_gap and not o.is_worse]
    established = [o for o in worse if o.verdict == "established"]
    lead = next(iter(established or worse or better), None)
    statements: list[Statement] = []
    if established or worse:
        statements.append(_worse((established or worse)[0], mine, facts))
    elif rest := [o for o in order if o not in better]:
        statements.append(_no_worse(rest, facts))
    if better:
        statements.append(_better(better, facts))
    if (against := _other_way(lead, told, columns, facts)) is not None:
        statements.append(against)
    return Card(
        anchor("card", *view.attributes),
        _headline(view, lead, mine, facts),
        tuple(statements[:3]),
        _table(view, told, columns, facts),
    )


def _headline(view: Any, lead: Comparison | None, mine: list[Comparison], facts: AuditFacts) -> Message:
    attribute = capital(facts.names.attribute(view.attributes))
    if lead is None:
        if mine and all(o.withheld for o in mine):
            return say("{attribute}: withheld to protect small groups", attribute=attribute)
        if all(o.verdict is None for o in mine if not o.withheld):
            return say("{attribute}: not tested", attribute=attribute)
        return say("{attribute}: no gap established", attribute=attribute)
    gap = lead.gap
    group, _ = facts.sides_of(lead)
    values: dict[str, object] = {
        "attribute": attribute,
        "group": group.text,
        "measure": facts.phrases.noun(gap.measure, group.gender),
        "selected": facts.phrases.selected(group.gender),
    }
    same = {
        o.gap.measure
        for o in mine
        if o.gap.groups == gap.groups and o.is_worse == lead.is_worse and o.verdict == "established"
    }
    if lead.verdict != "established":
        return say("{attribute}: a gap for {group}, not established", **values)
    if gap.measure == "selection_rate" and facts.harm != "assistive":
        if lead.is_worse and "false_positive_rate" in same:
            return say("{attribute}: {group} {selected} more often, and wrongly more often", **values)
        return (
            say("{attribute}: {group} {selected} more often", **values)
            if lead.is_worse
            else say("{attribute}: {group} {selected} less often", **values)
        )
    if gap.measure == "selection_rate":
        return (
            say("{attribute}: {group} {selected} less often", **values)
            if lead.is_worse
            else say("{attribute}: {group} {selected} more often", **values)
        )
    if lead.is_worse:
        return say("{attribute}: {group} worse off, {measure}", **values)
    return say("{attribute}: {group} better off, {measure}", **values)


def _sides(one: Comparison, facts: AuditFacts) -> dict[str, object] | None:
    mine, other = ends(one.rate)[0], ends(one.reference_rate)[0]
    if mine is None or other is None:
        return None
    gap = one.gap
    group, reference = facts.labels_of(one)
    return {
        "measure": facts.phrases.column(gap.measure)[0],
        "value": figure(gap.measure, mine, facts.language),
        "other": figure(gap.measure, other, facts.language),
        "group": group,
        "reference": reference,
    }


_SIDES = say("{measure}: {group} {value}, {reference} {other}.")
_AGAIN = {"false_positive_rate": say("Wrongly: {value} and {other}.")}
"""A measure of error told after the rate itself, of the same two groups."""


def _worse(first: Comparison, mine: list[Comparison], facts: AuditFacts) -> Statement:
    both = [first, *(o for o in mine if o is not first and o.gap.groups == first.gap.groups)]
    told = [(o.gap.measure, sides) for o in both if (sides := _sides(o, facts)) is not None]
    lines = [
        Message((_SIDES if not place else _AGAIN.get(measure, _SIDES)).template, sides)
        for place, (measure, sides) in enumerate(told)
    ]
    counted = [o for o in both if o.is_worse and o.is_gap and o.people is not None]
    if facts.is_capped and (people := people_sentence(facts, tuple(both))) is not None:
        lines.append(people)
    elif counted and not facts.is_capped:
        lines += [beyond_words(counted, facts), more_people(counted, facts)]
    return Statement(tuple(lines), mark_of(first, facts))


def _better(better: list[Comparison], facts: AuditFacts) -> Statement:
    """Groups better off on the first such measure, told once."""
    first = better[0]
    same = [o for o in better if o.gap.measure == first.gap.measure and o.verdict == first.verdict]
    lines = [Message(_SIDES.template, sides) for o in same[:2] if (sides := _sides(o, facts)) is not None]
    return Statement(tuple(lines), mark_of(first, facts))


def _no_worse(order: list[Comparison], facts: AuditFacts) -> Statement:
    told = [o for o in order if not o.withheld]
    if not told:
        return Statement(
            (say("Every figure is withheld, to protect small groups. Withheld does not mean equal."),),
            mark_of(order[0], facts),
        )
    lines = [Message(_SIDES.template, sides) for o in told[:2] if (sides := _sides(o, facts)) is not None]
    known = [o.detectable for o in told if o.detectable is not None]
    if known and any(o.verdict == "inconclusive" for o in told):
        lines.append(
            say("Only a gap of {ratio} times or more would have shown.", ratio=times(min(known), facts.language))
        )
    first = next((o for o in told if not o.is_gap), told[0])
    return Statement(tuple(lines), mark_of(first, facts) if not first.is_gap else None)


def _other_way(
    lead: Comparison | None, told: dict[Any, Comparison], columns: tuple[str, ...], facts: AuditFacts
) -> Statement | None:
    """What argues the other way: error among the selected where it is equal or better; else the side that decided."""
    if lead is None:
        return None
    gap = lead.gap
    among = told.get((gap.attributes, gap.groups, columns[-1]))
    is_among = columns[-1] in _AMONG.values() and columns[-1] not in facts.measures
    if is_among and among is not None and (among.verdict == "equivalent" or (among.is_gap and not among.is_worse)):
        sides = _sides(among, facts)
        if sides is not None:
            return Statement((Message(_SIDES.template, sides),), mark_of(among, facts))
    if (
        gap.side == "complement"
        and lead.pair.ratio is not None
        and gap.measure == "selection_rate"
        and facts.harm != "assistive"
    ):
        row = lead.pair.ratio
        if row.complement_value is None:
            return None
        return Statement(
            (
                say(
                    "The verdict rests on the opposite, rarer: not {selected}, {ratio} times as often ({interval}).",
                    selected=facts.phrases.selected(facts.phrases.group(gap.attributes, gap.groups).gender),
                    ratio=ratio(row.complement_value, facts.language),
                    interval=span(
                        row.complement_lower, row.complement_upper, lambda v: ratio(v, facts.language), facts.language
                    ),
                ),
            ),
            None,
        )
    return None


def _table(view: Any, told: dict[Any, Comparison], columns: tuple[str, ...], facts: AuditFacts) -> Table | None:
    scale = log_scale(facts.language)
    rows = []
    groups = ordered_groups(view, facts)
    if len(groups) > _ROWS:
        ranked = leading_order(o for key, o in told.items() if key[0] == view.attributes and key[2] == columns[0])
        first = [o.gap.groups for o in ranked][:_ROWS]
        groups = [g for g in groups if g in first or g == view.reference]
    for group in groups:
        is_reference = group == view.reference
        cells = tuple(_cell(told.get((view.attributes, group, m)), scale, facts, is_reference) for m in columns)
        name = facts.names.group(view.attributes, group)
        rows.append(Row(capital(name) if name else name, "", cells, is_reference))
    if not any(
        cell.at is not None or cell.bounds or cell.mark.code == "withheld" for row in rows for cell in row.cells
    ):
        return None
    heads = tuple(Column(facts.phrases.column(m)[0], Name(""), scale) for m in columns)
    return Table(
        say("{attribute}: times the rate of the reference", attribute=capital(facts.names.attribute(view.attributes))),
        "ratios", heads, tuple(rows), say("Times the rate of the reference"), hidden_caption=True,
    )  # fmt: skip


def _cell(one: Comparison | None, scale: Scale, facts: AuditFacts, is_reference: bool) -> Cell:
    if is_reference:
        place = scale.place(1.0)
        return Cell("1", "", reference_mark(facts.language), at=place, reference=place)
    return replace(ratio_cell(one, scale, facts), note="")


PANEL = Panel(
    "findings",
    "story",
    20,
    "panels/findings.html",
    mark("Findings, by attribute"),
    has_overview,
    findings_view,
    mark("Findings"),
)
