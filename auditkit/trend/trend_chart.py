"""One chart a measure and attribute: the rate of each group, period by period, as the report's chart of lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.report.group_names import Names
from auditkit.report.number_words import Name, named, tick_label
from auditkit.text import Message, say
from auditkit.trend.series import Point, Trend

__all__ = ["ChartLine", "LineChart", "line_charts"]

_WIDTH, _HEIGHT, _LEFT, _TOP, _FOOT = 640.0, 260.0, 52.0, 16.0, 24.0
_LABELS, _LINES = 6, 8


@dataclass(frozen=True)
class ChartLine:
    """One group: its path, its name and where that stands."""

    kind: str
    path: str
    band: str
    label: Name
    label_at: tuple[float, float]


@dataclass(frozen=True)
class LineChart:
    """One chart, as `components/lines.html` draws it."""

    title: Message
    description: Message
    width: float
    height: float
    left: float
    top: float
    y_ticks: tuple[tuple[float, str], ...]
    x_ticks: tuple[tuple[float, str, bool], ...]
    now: float | None
    lines: tuple[ChartLine, ...]


def line_charts(trend: Trend, names: Names) -> tuple[LineChart, ...]:
    """A chart for each measure and single attribute that has rates in two periods or more."""
    found: dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], list[Point]]] = {}
    for point in trend.points:
        if point.attributes:
            found.setdefault((point.measure, point.attributes), {}).setdefault(point.groups, []).append(point)
    charts = (_chart(measure, attributes, lines, trend, names) for (measure, attributes), lines in found.items())
    return tuple(chart for chart in charts if chart is not None)


def _chart(
    measure: str, attributes: tuple[str, ...], groups: dict[tuple[str, ...], list[Point]], trend: Trend, names: Names
) -> LineChart | None:
    largest = sorted(groups, key=lambda group: -sum(p.people or 0 for p in groups[group]))[:_LINES]
    known = [p.value for group in largest for p in groups[group] if p.value is not None]
    if len({p.period for group in largest for p in groups[group] if p.value is not None}) < 2:
        return None
    top = max(*known, 1e-9) * 1.15
    periods = len(trend.labels)

    def place(period: int, value: float) -> tuple[float, float]:
        x = _LEFT + (_WIDTH - _LEFT - 40) * period / max(periods - 1, 1)
        return round(x, 1), round(_TOP + (_HEIGHT - _TOP - _FOOT) * (1 - value / top), 1)

    reference = next((v.reference for r in trend.results for v in r.main.views if v.attributes == attributes), None)
    lines = tuple(
        _line(groups[group], names.group(attributes, group), "reference" if group == reference else "other", place)
        for group in largest
    )
    step = max(1, -(-periods // _LABELS))
    shown = {"measure": names.measure_capital(measure), "attribute": names.attribute(attributes)}
    return LineChart(
        say("{measure}, {attribute}", **shown),
        say("{measure} by {attribute} in {count} periods; every figure is in the table.", count=periods, **shown),
        _WIDTH, _HEIGHT, _LEFT, _TOP,
        tuple((place(0, top * at)[1], tick_label(measure, top * at, names.language)) for at in (0.0, 0.5, 1.0)),
        tuple((place(p, 0)[0], str(named(trend.labels[p], 14)), False) for p in range(0, periods, step)),
        None, lines,
    )  # fmt: skip


def _line(points: Sequence[Point], label: Name, kind: str, place: object) -> ChartLine:
    path, pen = [], "M"
    last = (_LEFT, _TOP)
    for point in points:
        if point.value is None:  # a gap in the line: what is not shown is not drawn over
            pen = "M"
            continue
        last = place(point.period, point.value)  # type: ignore[operator]
        path.append(f"{pen}{last[0]} {last[1]}")
        pen = "L"
    return ChartLine(kind, "".join(path), "", label, (min(last[0], _WIDTH - 40), last[1] - 6))
