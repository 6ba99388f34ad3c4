"""Where attributes cross: heat maps of the leading measures, and the counts of their verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditkit.report.audit_facts import AuditFacts
from auditkit.report.brief_blocks import Mark, mark_of
from auditkit.report.comparisons import ends, verdict_rank
from auditkit.report.number_words import MISSING, Name, count
from auditkit.report.panels import Panel
from auditkit.report.panels.overview import glyph_key, ordered_groups, single_views
from auditkit.report.phrases import capital
from auditkit.report.strips import reference_mark
from auditkit.report.value_texts import is_withheld
from auditkit.result import AuditResult
from auditkit.text import Message, format_percent, mark, say, translate

__all__ = ["PANEL"]

_CUTS = (0.20, 0.35, 0.50, 0.65)
_WIDE = 0.40
_CELLS, _SHOWN = 60, 10


@dataclass(frozen=True)
class HeatCell:
    """One crossed group: rate, tint (1 to 5, 0 for none), verdict, number; `kind`: shown, few, withheld, none."""

    kind: str
    value: str
    tint: int
    mark: Mark | None
    number: str
    words: str


@dataclass(frozen=True)
class HeatRow:
    """A group of the attribute in the rows."""

    label: Name
    cells: tuple[HeatCell | None, ...]


@dataclass(frozen=True)
class HeatMap:
    """One measure over all crossings."""

    caption: Name | Message
    heads: tuple[tuple[Name, int], ...]
    columns: tuple[Name, ...]
    rows: tuple[HeatRow, ...]


@dataclass(frozen=True)
class Extreme:
    """One of the highest or lowest crossed groups, where there are too many for a map."""

    label: Name
    value: str
    mark: Mark | None
    number: str


def _is_wanted(result: AuditResult) -> bool:
    return bool(result.analyses) and any(len(view.attributes) == 2 and view.groups for view in result.main.views)


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    facts = AuditFacts(result, language)
    cells = sum(len(view.groups) for view in result.main.views if len(view.attributes) == 2)
    maps = () if cells > _CELLS else tuple(_map(measure, facts) for measure in facts.measures)
    extremes = _extremes(facts) if cells > _CELLS else ()
    codes = {c.mark.code for m in maps for row in m.rows for c in row.cells if c is not None and c.mark is not None}
    return {
        "maps": maps,
        "extremes": extremes,
        "measure": facts.phrases.column(facts.measures[0])[0] if facts.measures else "",
        "minimum": result.spec.verdict.minimum_n,
        "counted": _counted(facts),
        "key": glyph_key(codes, language),
    }


def _counted(facts: AuditFacts) -> Message | None:
    """How many crossed comparisons carry which verdict."""
    told = [o for o in facts.told.values() if len(o.gap.attributes) == 2 and o.verdict is not None]
    if not told:
        return None
    numbers: dict[str, int] = {}
    for one in sorted(told, key=lambda o: verdict_rank(o.verdict)):
        word = mark_of(one, facts).word
        numbers[word] = numbers.get(word, 0) + 1
    return say(
        "{count} crossed comparisons: {words}.",
        count=len(told),
        words=tuple(say("{number} {word}", number=number, word=word) for word, number in numbers.items()),
    )


def _axes(facts: AuditFacts) -> list[str]:
    """The attributes by their number of groups, most first."""
    sizes = {view.attributes[0]: len(view.groups) for view in single_views(facts.result)}
    crossed = {name for view in facts.main.views if len(view.attributes) == 2 for name in view.attributes}
    return sorted((name for name in sizes if name in crossed), key=lambda name: -sizes[name])


def _map(measure: str, facts: AuditFacts) -> HeatMap:
    names = _axes(facts)
    views = {view.attributes[0]: view for view in single_views(facts.result)}
    groups = {name: [g for g in ordered_groups(views[name], facts) if g != ("",)] for name in names}
    columns = [(name, group) for name in names[1:] for group in groups[name]]
    top = _top(measure, facts)
    rows = []
    for name in names[:-1]:
        for group in groups[name]:
            cells = tuple(
                None
                if names.index(other) <= names.index(name)
                else _cell(measure, (name, other), (group[0], value[0]), top, facts)
                for other, value in columns
            )
            if any(cell is not None for cell in cells):
                rows.append(HeatRow(capital(facts.names.group((name,), group)), cells))
    heads = tuple((capital(facts.names.attribute((name,))), len(groups[name])) for name in names[1:])
    return HeatMap(
        facts.phrases.column(measure)[0],
        heads,
        tuple(capital(facts.names.group((n,), g)) for n, g in columns),
        tuple(rows),
    )


def _top(measure: str, facts: AuditFacts) -> float:
    values = [ends(e)[0] for e in facts.main.estimates if e.measure == measure and len(e.attributes) == 2]
    return max((value for value in values if value is not None), default=1.0)


def _tint(value: float, top: float) -> int:
    if top > _WIDE:
        return 1 + sum(value >= cut for cut in _CUTS)
    return min(5, 1 + int(5 * value / top)) if top > 0 else 1


def _cell(
    measure: str, attributes: tuple[str, str], groups: tuple[str, str], top: float, facts: AuditFacts
) -> HeatCell | None:
    """The cell of a crossing, whichever way round it was measured."""
    view = next((v for v in facts.main.views if set(v.attributes) == set(attributes)), None)
    if view is None:
        return None
    key = groups if view.attributes == attributes else (groups[1], groups[0])
    estimate: Any = facts.estimate(view.attributes, key, measure)
    language = facts.language
    if estimate is None:
        return HeatCell("none", MISSING, 0, None, "", "")
    if is_withheld(estimate):
        word = translate("withheld", language)
        return HeatCell("withheld", MISSING, 0, Mark("withheld", word, "", ""), "", word)
    value, people = ends(estimate)[0], estimate.denominator
    number = count(None if people is None else float(round(people)), language)
    if value is None or people is None:
        return HeatCell("none", MISSING, 0, None, "", "")
    shown = format_percent(value, 1 if value < 0.1 and top <= _WIDE else 0, language)
    if people < facts.result.spec.verdict.minimum_n:
        return HeatCell("few", shown, 0, None, say("of {number}", number=number).text(language), "")
    if view.reference == key:
        return HeatCell("reference", shown, _tint(value, top), reference_mark(language), number, "")
    one = facts.told.get((view.attributes, key, measure))
    sign = None if one is None or one.verdict is None else mark_of(one, facts)
    return HeatCell("shown", shown, _tint(value, top), sign, number, "")


def _extremes(facts: AuditFacts) -> tuple[tuple[Extreme, ...], tuple[Extreme, ...]]:
    """The ten highest and the ten lowest rates of crossed groups of enough people."""
    measure = facts.measures[0]
    minimum = facts.result.spec.verdict.minimum_n
    found = []
    for estimate in facts.main.estimates:
        value = ends(estimate)[0]
        if len(estimate.attributes) != 2 or estimate.measure != measure or value is None or "" in estimate.groups:
            continue
        if (estimate.denominator or 0) < minimum:
            continue
        one = facts.told.get((estimate.attributes, estimate.groups, measure))
        label = facts.names.group(estimate.attributes, estimate.groups)
        sign = None if one is None or one.verdict is None else mark_of(one, facts)
        number = count(float(round(estimate.denominator or 0)), facts.language)
        found.append((value, Extreme(label, format_percent(value, 1, facts.language), sign, number)))
    found.sort(key=lambda pair: -pair[0])
    high = tuple(entry for _, entry in found[:_SHOWN])
    return high, tuple(entry for _, entry in found[-_SHOWN:] if entry not in high)


PANEL = Panel(
    "crossed",
    "story",
    30,
    "panels/crossed.html",
    mark("Where attributes cross"),
    _is_wanted,
    _view,
    mark("Crossed groups"),
)
