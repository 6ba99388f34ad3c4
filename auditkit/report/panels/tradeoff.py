"""The trade-off: what another threshold would have done, and what a score means, for the leading group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditkit.report.answer import answer_of
from auditkit.report.answer_sentences import times
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.comparisons import Comparison, ends
from auditkit.report.frequency import of_people
from auditkit.report.number_words import Name, figure, position, tick_label
from auditkit.report.panels import Panel
from auditkit.result import AuditResult, Point
from auditkit.text import Message, mark, say

__all__ = ["PANEL"]

_WIDTH, _HEIGHT, _LEFT, _TOP = 190.0, 143.0, 36.0, 12.0
_ENOUGH, _LINE_PEOPLE = 30, 100
_SERIES = (
    ("sweep", "selection_rate"),
    ("sweep", "false_positive_rate"),
    ("sweep", "false_negative_rate"),
    ("calibration", "base_rate"),
)


@dataclass(frozen=True)
class Line:
    """One group: its points as a path, its band, where its name stands; `kind`: lead, reference, other."""

    kind: str
    path: str
    band: str
    label: Name | str
    label_at: tuple[float, float]


@dataclass(frozen=True)
class Chart:
    """One of the four panels, all with the same axes."""

    title: Message | Name
    description: Message
    lines: tuple[Line, ...]
    x_ticks: tuple[tuple[float, str, bool], ...]
    y_ticks: tuple[tuple[float, str], ...]
    now: float | None
    width: float
    height: float
    left: float
    top: float


def _leading(result: AuditResult, language: str) -> tuple[AuditFacts, Comparison | None]:
    facts = AuditFacts(result, language)
    leading = answer_of(facts).leading
    if leading is None:
        leading = next((o for o in facts.leading if len(o.gap.reference) == 1), None)
    return facts, leading


def _is_wanted(result: AuditResult) -> bool:
    if not result.analyses or not any(point.series == "sweep" for point in result.main.points):
        return False
    _, leading = _leading(result, "en")
    return leading is not None and bool(_points(result, leading, "sweep", "selection_rate", leading.gap.groups))


def _points(result: AuditResult, one: Comparison, series: str, measure: str, groups: tuple[str, ...]) -> list[Point]:
    found = [
        p
        for p in result.main.points
        if p.series == series and p.attributes == one.gap.attributes and p.groups == groups and p.value is not None
        and (series == "calibration" or p.measure == measure) and p.status == "computed"
    ]  # fmt: skip
    return sorted(found, key=lambda p: p.position)


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    facts, one = _leading(result, language)
    assert one is not None
    charts = [_chart(facts, one, series, measure) for series, measure in _SERIES]
    return {
        "charts": tuple(chart for chart in charts if chart is not None),
        "sentences": tuple(s for s in (_range(facts, one), _declared(facts, one)) if s is not None),
        "other_side": _other_side(facts, one),
        "note": _note(facts, one),
    }


def _x_of(point: Point) -> float:
    return point.position if point.position_upper is None else (point.position + point.position_upper) / 2


def _chart(facts: AuditFacts, one: Comparison, series: str, measure: str) -> Chart | None:
    gap = one.gap
    names = [gap.groups, gap.reference]
    view = next((v for v in facts.main.views if v.attributes == gap.attributes), None)
    sizes = {} if view is None else dict(zip(view.groups, view.n, strict=False))
    others = [g for g, n in sizes.items() if g not in names and (n or 0) >= _LINE_PEOPLE and g != ("",)][:6]
    shown = [(g, _points(facts.result, one, series, measure, g)) for g in [*others, gap.reference, gap.groups]]
    shown = [(group, points) for group, points in shown if len(points) > 1]
    if not any(group == gap.groups for group, _ in shown):
        return None
    places = [_x_of(p) for _, points in shown for p in points]
    low, high = min(places), max(places)
    if high <= low:
        return None

    def x(value: float) -> float:
        return round(_LEFT + _WIDTH * (value - low) / (high - low), 1)

    def y(value: float) -> float:
        return round(_TOP + _HEIGHT * (1 - min(1.0, max(0.0, value))), 1)

    lines = tuple(_line(facts, one, group, points, x, y) for group, points in shown)
    threshold = facts.main.facts.get("threshold")
    now = (
        x(float(threshold))
        if isinstance(threshold, (int, float)) and low <= threshold <= high and series == "sweep"
        else None
    )
    marks = sorted({*places})
    step = max(1, -(-len(marks) // 10))
    ticks = tuple(
        (x(m), position(round(m, 3), facts.language), m == threshold) for k, m in enumerate(marks) if k % step == 0
    )
    return Chart(
        title=_title(facts, series, measure),
        description=say("{title}, by score, for {groups}", title=_title(facts, series, measure), groups=tuple(
            facts.names.group(gap.attributes, group) for group, _ in shown
        )),
        lines=_apart(lines),
        x_ticks=ticks,
        y_ticks=tuple((y(k / 4), tick_label("selection_rate", k / 4, facts.language)) for k in range(5)),
        now=now, width=_LEFT + _WIDTH + 8, height=_TOP + _HEIGHT + 20, left=_LEFT, top=_TOP,
    )  # fmt: skip


def _line(facts: AuditFacts, one: Comparison, group: tuple[str, ...], points: list[Point], x: Any, y: Any) -> Line:
    gap = one.gap
    kind = "lead" if group == gap.groups else "reference" if group == gap.reference else "other"
    path = "M" + "L".join(f"{x(_x_of(p))} {y(p.value)}" for p in points)
    band = ""
    if kind != "other" and all(p.lower is not None and p.upper is not None for p in points):
        upper = [f"{x(_x_of(p))} {y(p.upper)}" for p in points]
        lower = [f"{x(_x_of(p))} {y(p.lower)}" for p in reversed(points)]
        band = "M" + "L".join([*upper, *lower]) + "Z"
    middle = points[len(points) // 2]
    label = facts.names.group(gap.attributes, group) if kind != "other" else ""
    return Line(kind, path, band, label, (x(_x_of(middle)), y(middle.value)))


def _apart(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Names above and below their lines: the higher line's above it, the lower one's beneath."""
    from dataclasses import replace

    named = [line for line in lines if line.label]
    if len(named) < 2:
        return tuple(
            replace(line, label_at=(line.label_at[0], line.label_at[1] - 8)) if line.label else line for line in lines
        )
    upper = min(named, key=lambda line: line.label_at[1])
    placed = []
    for line in lines:
        at = line.label_at
        right = at[0] > _LEFT + _WIDTH / 2
        shift = 6.0 if line is upper else -6.0
        anchor_x = max(_LEFT + 42, min(_LEFT + _WIDTH - 42, at[0] + (shift * 6 if not right else -abs(shift) * 2)))
        height = at[1] - 12 if line is upper else at[1] + 22
        placed.append(
            replace(line, label_at=(round(anchor_x, 1), round(max(_TOP + 10, min(_TOP + _HEIGHT - 6, height)), 1)))
        )
    return tuple(placed)


def _title(facts: AuditFacts, series: str, measure: str) -> Message | Name:
    phrases = facts.phrases
    if series == "calibration":
        return say("People {with}, by score", **{"with": phrases.with_outcome()})
    match measure:
        case "selection_rate":
            return say("{selected}, at each threshold", selected=phrases.column(measure)[0])
        case "false_positive_rate":
            return phrases.column(measure)[0]
        case _:
            return say(
                "{missed}, of people {with}", missed=phrases.column(measure)[0], **{"with": phrases.with_outcome()}
            )


def _harm_measure(facts: AuditFacts) -> str:
    return "false_negative_rate" if facts.harm == "assistive" else "false_positive_rate"


def _range(facts: AuditFacts, one: Comparison) -> Message | None:
    """The range of the ratio over the thresholds where both counts reach 30."""
    gap = one.gap
    for measure in (_harm_measure(facts), "selection_rate"):
        mine = {p.position: p for p in _points(facts.result, one, "sweep", measure, gap.groups)}
        other = {p.position: p for p in _points(facts.result, one, "sweep", measure, gap.reference)}
        kept = [
            (at, mine[at].value / other[at].value)  # type: ignore[operator]
            for at in sorted(mine)
            if at in other
            and other[at].value
            and _is_enough(mine[at])
            and _is_enough(other[at])
            and other[at].value < 1  # type: ignore[operator]
        ]
        if len(kept) < 2:
            continue
        low, high = min(r for _, r in kept), max(r for _, r in kept)
        values = {
            "first": position(kept[0][0], facts.language), "last": position(kept[-1][0], facts.language),
            "group": facts.phrases.group(gap.attributes, gap.groups).text, "measure": facts.phrases.column(measure)[0],
            "low": times(low, facts.language), "high": times(high, facts.language),
            "reference": facts.phrases.group(gap.attributes, gap.reference, gap.reference_rule).text,
        }  # fmt: skip
        return say(
            "{measure}: at thresholds from {first} to {last}, {low} to {high} times as often for {group} as for "
            "{reference}.",
            **values,
        )
    return None


def _is_enough(point: Point) -> bool:
    return point.numerator is not None and point.numerator >= _ENOUGH


def _declared(facts: AuditFacts, one: Comparison) -> Message | None:
    """What another declared threshold would change: the next analysis that cuts the same score elsewhere."""
    now = facts.main.facts.get("threshold")
    if not isinstance(now, (int, float)):
        return None
    gap, measure = one.gap, _harm_measure(facts)
    for analysis in facts.result.analyses[1:]:
        then = analysis.facts.get("threshold")
        same = analysis.spec.score == facts.main.spec.score and analysis.spec.keep == facts.main.spec.keep
        if not same or not isinstance(then, (int, float)) or then == now:
            continue
        values = []
        for groups in (gap.groups, gap.reference):
            by_place = {p.position: p.value for p in _points(facts.result, one, "sweep", measure, groups)}
            values += [by_place.get(float(now)), by_place.get(float(then))]
        if any(value is None for value in values):
            continue
        a, b, c, d = (of_people(value, 100) for value in values if value is not None)
        return say(
            "Moving the threshold from {now} to {then}: {measure}, {before} of 100 become {after} ({first} become "
            "{second} for {reference}).",
            now=position(float(now), facts.language), then=position(float(then), facts.language),
            measure=facts.phrases.noun(measure), before=a, after=b, first=c, second=d,
            reference=facts.phrases.group(gap.attributes, gap.reference, gap.reference_rule).text,
        )  # fmt: skip
    return None


def _other_side(facts: AuditFacts, one: Comparison) -> tuple[Message, ...]:
    """The measure that agrees, both base rates, and the exact limit that they set."""

    def both(measure: str) -> tuple[str, str] | None:
        rates = [ends(rate)[0] for rate in facts.rates_of(one, measure)]
        if rates[0] is None or rates[1] is None:
            return None
        return figure(measure, rates[0], facts.language), figure(measure, rates[1], facts.language)

    precision, base = both("positive_predictive_value"), both("base_rate")
    if precision is None or base is None or facts.main.spec.observed != "everywhere":
        return ()
    group, reference = facts.sides_of(one)
    words = {
        "with": facts.phrases.with_outcome(), "selected": facts.phrases.selected("f"),
        "group": group.text, "reference": reference.text,
    }  # fmt: skip
    return (
        say(
            "The other side: of those {selected}, {value} of {group} and {other} of {reference} are people {with}.",
            value=precision[0], other=precision[1], **words,
        ),
        say(
            "Over all they are {value} and {other}. Where these differ, no imperfect score can be equal at once on "
            "that share, on wrong selections and on misses. Which of them counts is for law and the people concerned.",
            value=base[0], other=base[1],
        ),
    )  # fmt: skip


def _note(facts: AuditFacts, one: Comparison) -> Message:
    view = next((v for v in facts.main.views if v.attributes == one.gap.attributes), None)
    few = [] if view is None else [
        facts.names.group(view.attributes, g) for g, n in zip(view.groups, view.n, strict=False)
        if (n or 0) < _LINE_PEOPLE and g not in (one.gap.groups, one.gap.reference)
    ]  # fmt: skip
    if few:
        return say(
            "Along the foot: the score. Bands: intervals. Thin grey lines: the other groups. Too few people for a "
            "line: {groups}.",
            groups=tuple(few[:6]),
        )
    return say("Along the foot: the score. Bands: intervals. Thin grey lines: the other groups.")


PANEL = Panel("tradeoff", "story", 40, "panels/tradeoff.html", mark("The trade-off"), _is_wanted, _view)
