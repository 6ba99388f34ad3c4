"""All groups in one figure: every attribute in the order of the audit, on the two leading measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditkit.report.audit_facts import AuditFacts
from auditkit.report.brief_blocks import Mark
from auditkit.report.comparisons import Comparison, ends
from auditkit.report.number_words import Name, count, figure, named, ratio
from auditkit.report.panels import Panel
from auditkit.report.phrases import capital
from auditkit.report.strips import Column, Row, Scale, Table, rate_cell, rate_scale
from auditkit.result import AuditResult, Estimate, ViewResult
from auditkit.text import Message, mark, say, say_plural, translate

__all__ = ["PANEL", "glyph_key", "has_overview", "ordered_groups", "rates_table", "report_scale", "single_views"]

_DENSE, _SHOWN = 13, 15
_ROWS, _MOST = 40, 60
_KEY = ("established", "small", "present", "equivalent", "inconclusive", "withheld")


@dataclass(frozen=True)
class Dense:
    """An attribute of many groups: a sentence that counts them, and three columns of rows by rate."""

    title: Name
    sentence: Message
    tables: tuple[Table, ...]
    more: Message | None


def has_overview(result: AuditResult) -> bool:
    """Whether there is a group with a rate to show."""
    return bool(result.analyses) and bool(single_views(result)) and bool(AuditFacts(result, "en").measures)


def single_views(result: AuditResult) -> list[ViewResult]:
    """The attributes of the base analysis that were measured by themselves."""
    return [view for view in result.main.views if len(view.attributes) == 1 and view.groups]


def report_scale(facts: AuditFacts) -> Scale:
    """The scale of every rate of the report."""
    shown = [e for e in facts.main.estimates if e.measure in facts.measures and len(e.attributes) == 1]
    return rate_scale(shown, facts.language)


def ordered_groups(view: ViewResult, facts: AuditFacts) -> list[tuple[str, ...]]:
    """Groups by the number of people; those of an age, or of bins, in their own order."""
    spec = facts.main.spec.groups.get(view.attributes[0])
    groups = list(view.groups)
    if spec is not None and (spec.bins is not None or spec.ground == "age"):
        own = [(value,) for value in spec.values]
        return sorted(groups, key=lambda g: own.index(g) if g in own else len(own)) if own else groups
    sizes = dict(zip(view.groups, view.n, strict=False))
    return sorted(groups, key=lambda group: (group == ("",), -(sizes.get(group) or 0.0)))


def glyph_key(marks: set[str], language: str) -> tuple[Mark, ...]:
    """The verdicts that a figure shows, for its key."""
    from auditkit.report.code_words import VERDICT_WORDS
    from auditkit.text import translate

    words = {**VERDICT_WORDS, "withheld": "withheld"}
    return tuple(Mark(code, translate(words[code], language), "", "") for code in _KEY if code in marks)


def _row(view: ViewResult, group: tuple[str, ...], facts: AuditFacts, scale: Scale, measures: tuple[str, ...]) -> Row:
    sizes = dict(zip(view.groups, view.n, strict=False))
    is_reference = view.reference == group
    cells = []
    for measure in measures:
        estimate = facts.estimate(view.attributes, group, measure)
        reference = facts.estimate(view.attributes, view.reference or (), measure)
        one = facts.told.get((view.attributes, group, measure))
        cells.append(rate_cell(estimate, reference, one, scale, facts, is_reference))
    number = sizes.get(group)
    small: Message | str = ""
    if number is not None:
        small = say("{number} people", number=count(float(round(number)), facts.language))
    name = facts.names.group(view.attributes, group)
    return Row(capital(name) if name else name, small, tuple(cells), is_reference)


def rates_table(facts: AuditFacts, views: list[ViewResult], measures: tuple[str, ...]) -> Table:
    """The rates of some attributes on some measures, a row a group."""
    shown = [e for e in facts.main.estimates if e.measure in measures and len(e.attributes) == 1]
    scale = rate_scale(shown, facts.language)
    rows: list[Row] = []
    for view in views:
        rows.append(Row(capital(facts.names.attribute(view.attributes)), "", ()))
        rows += [_row(view, group, facts, scale, measures) for group in ordered_groups(view, facts)]
    columns = tuple(Column(*facts.phrases.column(measure), scale) for measure in measures)
    return Table(say("Every group, on the leading measures"), "rates", columns, tuple(rows), say("Group"))


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    facts = AuditFacts(result, language)
    scale = report_scale(facts)
    measures = facts.measures
    columns = tuple(Column(*facts.phrases.column(measure), scale) for measure in measures)
    nothing = not any(one.verdict == "established" for one in facts.primary)
    has_strata = any(one.within for one in facts.primary)

    def table_of(views: list[ViewResult]) -> Table:
        rows: list[Row] = []
        extras: list[str] = []
        for view in views:
            rows.append(Row(capital(facts.names.attribute(view.attributes)), "", ()))
            extras.append("")
            for group in ordered_groups(view, facts):
                rows.append(_row(view, group, facts, scale, measures))
                told = [facts.told.get((view.attributes, group, measure)) for measure in measures]
                extras.append(_among_like_cases(told, facts) if has_strata else _would_show(told[0], facts))
        return Table(
            say("Every group, on the leading measures"), "rates", columns, tuple(rows), say("Group"),
            extra=_extra(has_strata, nothing and len(measures) == 1), extras=tuple(extras),
        )  # fmt: skip

    shown, folded = _in_sight([view for view in single_views(result) if len(view.groups) < _DENSE], facts)
    table = table_of(shown)
    rows = table.rows
    marks = {cell.mark.code for row in rows for cell in row.cells}
    return {
        "table": table if rows else None,
        "folded": table_of(folded) if folded else None,
        "dense": tuple(_dense(view, facts, scale) for view in single_views(result) if len(view.groups) >= _DENSE),
        "reading": _reading(facts),
        "key": glyph_key(marks, language),
        "like_cases": () if rows else _like_cases(facts),
        "alike": _alike(facts) if rows and has_strata else None,
    }


def _in_sight(views: list[ViewResult], facts: AuditFacts) -> tuple[list[ViewResult], list[ViewResult]]:
    """Where there are many rows, attributes without any gap are folded, and so is what comes after the 60th row."""
    if sum(len(view.groups) for view in views) <= _ROWS:
        return views, []
    with_gap = {one.gap.attributes for one in facts.primary if one.is_gap}
    shown: list[ViewResult] = []
    folded: list[ViewResult] = []
    rows = 0
    for view in views:
        rows += len(view.groups) if view.attributes in with_gap else 0
        (shown if view.attributes in with_gap and rows <= _MOST else folded).append(view)
    return shown, folded


_WITHIN = {
    "disappears": mark("disappears"), "shrinks": mark("shrinks"), "remains": mark("remains"), "grows": mark("grows"),
    "reversed": mark("is reversed"), "differs": mark("differs"), "cannot_tell": mark("cannot be told"),
}  # fmt: skip


def _extra(has_strata: bool, shows_least: bool) -> Message | None:
    """The head of the last column: what becomes of gaps among like cases, or which gap would have shown."""
    if has_strata:
        return say("Among like cases the gap")
    return say("Would have shown") if shows_least else None


def _among_like_cases(told: list[Comparison | None], facts: AuditFacts) -> str:
    """What becomes of a group's gap among people alike in what was declared; "" where no gap was found."""
    found = next((one.within for one in told if one is not None and one.within), None)
    return translate(_WITHIN[found], facts.language) if found in _WITHIN else ""


def _would_show(one: Comparison | None, facts: AuditFacts) -> str:
    if one is None or one.detectable is None:
        return "–"
    return say("{ratio} times or more", ratio=ratio(one.detectable, facts.language)).text(facts.language)


def _reading(facts: AuditFacts) -> Message | None:
    """How to read the figure, on its first whole row."""
    view = next((v for v in single_views(facts.result) if len(v.groups) < _DENSE), None)
    if view is None:
        return None
    for group in ordered_groups(view, facts):
        estimate = facts.estimate(view.attributes, group, facts.measures[0])
        value, lower, upper = ends(estimate)
        if (
            group == view.reference
            or value is None
            or lower is None
            or upper is None
            or facts.measures[0] != "selection_rate"
        ):
            continue
        assert isinstance(estimate, Estimate)
        return say(
            "Read a row so: of {people} people of the group {group}, {value} were {selected}. The line through the "
            "mark holds the values that fit the data, {lower} to {upper}. The dashed line is what the group is "
            "compared with.",
            people=count(float(round(estimate.denominator or 0)), facts.language),
            group=facts.names.group(view.attributes, group),
            value=figure("selection_rate", value, facts.language),
            selected=facts.phrases.selected("f"),
            lower=figure("selection_rate", lower, facts.language),
            upper=figure("selection_rate", upper, facts.language),
        )
    return None


def _like_cases(facts: AuditFacts) -> tuple[Message, ...]:
    """What becomes of the gaps among like cases, where strata are declared."""
    from auditkit.report.answer_lead import like_case_lines

    return like_case_lines(facts)


def _alike(facts: AuditFacts) -> Message:
    """In what people of the last column are alike."""
    strata = facts.main.spec.strata
    names = tuple(named(s.name.text(facts.language) if s.name is not None else key) for key, s in strata.items())
    return say("Last column: what becomes of the gap in being {selected} among people alike in {strata}.",
               selected=facts.phrases.selected("f"), strata=names)  # fmt: skip


def _dense(view: ViewResult, facts: AuditFacts, scale: Scale) -> Dense:
    """Many groups: one measure, three columns of rows in the order of the rate, no words beside the marks."""
    measure = facts.measures[0]

    def rate(group: tuple[str, ...]) -> float:
        value = ends(facts.estimate(view.attributes, group, measure))[0]
        return -1.0 if value is None else value

    groups = sorted(view.groups, key=lambda group: -rate(group))
    left_out = 0
    if len(groups) > _MOST:
        ends_of = [*groups[:_SHOWN], *groups[-_SHOWN:]]
        kept = [g for g in groups if g in ends_of or g == view.reference]
        left_out, groups = len(groups) - len(kept), kept
    rows = [_row(view, group, facts, scale, (measure,)) for group in groups]
    third = -(-len(rows) // 3)
    column = Column(*facts.phrases.column(measure), scale)
    tables = tuple(
        Table(
            say("Part {number}", number=k + 1),
            "dense",
            (column,),
            tuple(rows[k * third : (k + 1) * third]),
            say("Group"),
        )
        for k in range(3)
        if rows[k * third : (k + 1) * third]
    )
    return Dense(
        capital(facts.names.attribute(view.attributes)),
        _counted(view, measure, facts),
        tables,
        say_plural("{count} more group in the annex.", "{count} more groups in the annex.", left_out)
        if left_out
        else None,
    )


def _counted(view: ViewResult, measure: str, facts: AuditFacts) -> Message:
    told = [o for o in facts.primary if o.gap.attributes == view.attributes and o.gap.measure == measure]
    worse = sum(o.verdict == "established" and o.is_worse for o in told)
    better = sum(o.verdict == "established" and not o.is_worse for o in told)
    return say(
        "{measure}, {attribute}: of {groups} groups, {worse} are established worse off, {better} better off; {unsure} "
        "are inconclusive. Figures, intervals and counts are in the annex.",
        measure=facts.phrases.column(measure)[0],
        attribute=facts.names.attribute(view.attributes),
        groups=len(view.groups),
        worse=worse,
        better=better,
        unsure=sum(o.verdict == "inconclusive" for o in told),
    )


PANEL = Panel(
    "overview",
    "story",
    10,
    "panels/overview.html",
    mark("All groups in one figure"),
    has_overview,
    _view,
    mark("All groups"),
)
