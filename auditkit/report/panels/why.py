"""Why: what carries the leading gap, as far as the audit could look; else what to ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, log10
from typing import Any

from auditkit.report.answer import answer_of
from auditkit.report.attribution_panel import GapUnit, variable_name
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.brief_blocks import Mark
from auditkit.report.number_words import MISSING, Name, ratio, span
from auditkit.report.panels import Panel
from auditkit.report.panels.overview import has_overview
from auditkit.report.phrases import capital
from auditkit.report.regression_panel import level_name, term_name
from auditkit.report.strips import Cell, Column, Row, Scale, Table, factor_cell, log_scale
from auditkit.result import AnalysisResult, AuditResult
from auditkit.result.attribution import GapSplit, Part
from auditkit.text import Message, mark, say

__all__ = ["PANEL"]

_VARIABLES = 8
_TERMS = 12
_PLAIN = Mark("plain", "", "", "")


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    facts = AuditFacts(result, language)
    if (split := _leading_split(facts)) is not None:
        return {"sentences": _split_words(split, facts), "table": _split_table(split, facts), "ask": None}
    found = next(((a, r) for a in result.analyses for r in a.regressions if r.terms and r.kind == "logit"), None)
    if found is not None:
        table, sentences = _regression(*found, facts)
        return {"sentences": sentences, "table": table, "ask": None}
    return {"sentences": (), "table": None, "ask": _ask(facts)}


def _ask(facts: AuditFacts) -> Message:
    if any(a.regressions for a in facts.result.analyses):
        return say("The regressions stand in the annex; no model was to be had, so no score could be taken apart.")
    return say(
        "Neither the model nor the people's variables were to be had, so that nothing can be said of why. To ask for: "
        "the rules of the score, its variables and their weights."
    )


def _leading_split(facts: AuditFacts) -> GapSplit | None:
    found = facts.main.attribution
    splits = [] if found is None else [s for s in found.splits if s.status == "computed" and s.gap is not None]
    if not splits:
        return None
    leading = answer_of(facts).leading
    if leading is not None:
        mine = [s for s in splits if s.attributes == leading.gap.attributes and s.groups == leading.gap.groups]
        if mine:
            return sorted(mine, key=lambda s: s.figure != "selection_rate")[0]
    return max(splits, key=lambda s: (s.figure == "selection_rate", abs(s.gap or 0.0)))


def _split_words(split: GapSplit, facts: AuditFacts) -> tuple[Message, ...]:
    unit = GapUnit(split.figure, split.gap or 0.0, facts.language)
    rule = "rest" if split.reference == ("rest",) else "group"
    group = facts.phrases.short(split.attributes, split.groups).opening
    reference = facts.phrases.short(split.attributes, split.reference, rule).text
    widest = max(split.parts, key=lambda part: abs(part.value or 0.0))
    values = {
        "group": group, "reference": reference, "gap": unit.text(split.gap or 0.0),
        "variable": variable_name(widest.variable, facts.language), "part": unit.text(widest.value or 0.0),
        "selected": facts.phrases.selected("f"),
    }  # fmt: skip
    first = (
        say("{group} against {reference}, share {selected}: {gap}. “{variable}” alone carries {part} of it.", **values)
        if split.figure == "selection_rate"
        else say("{group} against {reference}, mean score: {gap}. “{variable}” alone carries {part} of it.", **values)
    )
    return (first, say("A part says which variable carries the gap, not that the gap is justified."))


def _split_table(split: GapSplit, facts: AuditFacts) -> Table:
    language = facts.language
    unit = GapUnit(split.figure, split.gap or 0.0, language)
    parts = sorted(split.parts, key=lambda part: (-abs(part.value or 0.0), part.variable))
    shown, rest = parts[:_VARIABLES], parts[_VARIABLES:]
    ends = [
        abs(x)
        for p in (*shown, Part("", split.gap, None, None, None))
        for x in (p.value, p.lower, p.upper)
        if x is not None
    ]
    scale = _signed_scale(max(ends, default=1.0), unit)
    rows = [Row(capital(variable_name(p.variable, language)), "", (_part_cell(p, scale, unit, facts),)) for p in shown]
    if rest:
        total = Part("", sum(p.value or 0.0 for p in rest), None, None, None)
        label = say("The other variables ({number})", number=len(rest))
        rows.append(Row(label, "", (_part_cell(total, scale, unit, facts),)))
    whole = Part("", split.gap, None, None, None)
    rows.append(Row(say("The whole gap"), say("the sum of the rows"), (_part_cell(whole, scale, unit, facts),)))
    caption = say("Part of each variable in the gap")
    return Table(caption, "why", (Column(say("Part"), Name(""), scale),), tuple(rows), say("Variable"))


def _signed_scale(most: float, unit: GapUnit) -> Scale:
    """From minus to plus the next round number."""
    size = 10.0 ** floor(log10(most)) if most > 0 else 1.0
    top = next(k * size for k in (1, 2, 2.5, 5, 10) if k * size >= most)
    ticks = tuple((25.0 * k, unit.tick(-top + k * top / 2)) for k in range(5))
    return Scale("signed", -top, top, ticks, say("scale {low} to {high}", low=unit.tick(-top), high=unit.tick(top)))


def _part_cell(part: Part, scale: Scale, unit: GapUnit, facts: AuditFacts) -> Cell:
    value = part.value
    known = part.lower is not None and part.upper is not None
    return Cell(
        value=MISSING if value is None else unit.text(value),
        interval=unit.span(part) if known else "",
        mark=_PLAIN,
        at=None if value is None else scale.place(value),
        low=scale.place(part.lower) if known and part.lower is not None else None,
        high=scale.place(part.upper) if known and part.upper is not None else None,
        reference=50.0,
        note=_effect(value, part.lower, part.upper, 0.0, unit.figure != "selection_rate").text(facts.language),
    )


def _effect(
    value: float | None, lower: float | None, upper: float | None, none: float, is_score: bool = False
) -> Message:
    """What a part or a ratio means, in words; an interval that holds `none` cannot tell."""
    if value is None or (lower is not None and upper is not None and lower <= none <= upper):
        return say("cannot tell")
    if value > none:
        return say("higher") if is_score else say("more often")
    if value < none:
        return say("lower") if is_score else say("less often")
    return say("no effect")


def _regression(analysis: AnalysisResult, one: Any, facts: AuditFacts) -> tuple[Table, tuple[Message, ...]]:
    from auditkit.report.group_names import Names
    from auditkit.result.regression import INTERCEPT

    language = facts.language
    names = Names(analysis.spec, language)
    scale = log_scale(language, wide=True)
    rows = []
    terms = [term for term in one.terms if term.term != INTERCEPT and term.odds_ratio is not None]
    for term in _first(terms, facts):
        cell = factor_cell(term.odds_ratio, term.odds_ratio_lower, term.odds_ratio_upper, scale, language, _PLAIN)
        effect = _effect(term.odds_ratio, term.odds_ratio_lower, term.odds_ratio_upper, 1.0)
        label = _label(term, one.name, names)
        small: Message | str = ""
        if term.reference:
            small = say("against {reference}", reference=level_name(term.term, term.reference, names))
        rows.append(Row(capital(label), small, (Cell(**{**cell.__dict__, "note": effect.text(language)}),)))
    sentences = [
        say(
            "No model was to be had, so no score could be taken apart. A regression on {number} people asks: of two "
            "people alike in all else listed here, who is more often {selected}?",
            number=one.n or 0, selected=facts.phrases.selected("f"),
        )
    ]  # fmt: skip
    sentences += _leading_term(terms, names, facts)
    sentences.append(say("A listed variable is not thereby a justified one."))
    caption = say("Odds of being {selected}, all else in the table equal", selected=facts.phrases.selected("f"))
    head = Column(say("Odds"), Name(""), scale)
    return Table(caption, "why", (head,), tuple(rows), say("Variable")), tuple(sentences)


def _label(term: Any, regression: str, names: Any) -> Name:
    """A term by its meaning: a group by its name, a level of anything else behind the name of what it is a level of."""
    variable = term_name(term.term, regression, names)
    if not term.level:
        return variable
    level = level_name(term.term, term.level, names)
    if term.term in names.spec.groups:
        return level
    return Name(say("{variable}: {level}", variable=str(variable), level=str(level)).text(names.language))


def _first(terms: Sequence[Any], facts: AuditFacts) -> list[Any]:
    """The terms shown: those of audited attributes first, then the widest; the rest stand in the annex."""
    if len(terms) <= _TERMS:
        return list(terms)
    kept = sorted(terms, key=lambda t: (t.term not in facts.main.spec.groups, -abs(t.coefficient or 0.0)))[:_TERMS]
    return [term for term in terms if term in kept]


def _leading_term(terms: Sequence[Any], names: Any, facts: AuditFacts) -> list[Message]:
    leading = answer_of(facts).leading
    if leading is None:
        return []
    language = facts.language
    for term in terms:
        if (
            leading.gap.attributes == (term.term,)
            and leading.gap.groups == (term.level,)
            and term.odds_ratio is not None
        ):
            return [
                say(
                    "All else equal, the odds of {group} are {ratio} times those of {reference} ({interval}).",
                    group=facts.phrases.group((term.term,), (term.level,)).text,
                    ratio=ratio(term.odds_ratio, language),
                    reference=facts.phrases.group((term.term,), (term.reference,)).text,
                    interval=span(term.odds_ratio_lower, term.odds_ratio_upper, lambda v: ratio(v, language), language),
                )
            ]
    return []


PANEL = Panel(
    "why", "story", 50, "panels/why.html", mark("Why: what carries the gap"), has_overview, _view, mark("Why")
)
