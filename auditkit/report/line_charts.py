"""Line charts: a measure along a score's scale or along stages, told apart by dash and marker, not by colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from auditkit.report.chart_rows import Axis, Tick, axis, short_label

__all__ = ["DASHES", "MARKERS", "Curve", "Line", "LineChart", "line_chart"]

MARKERS = ("circle", "square", "triangle", "diamond", "cross", "plus", "ring", "bar")
DASHES = ("", "7 3", "2 3", "10 3 2 3", "4 4", "1 4", "12 4", "6 2 2 2")

_WIDTH, _HEIGHT = 400, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 48.0, 390.0, 12.0, 222.0
_LEGEND = 20
_ROOM = 34
"""How far apart two numbers under the chart must stand."""


@dataclass(frozen=True)
class Curve:
    """One group's points: (position, value) in order."""

    label: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Line:
    """A drawn curve: its path, where its markers stand, and its line in the legend."""

    label: str
    path: str
    marker: str
    dash: str
    points: tuple[tuple[str, str], ...]
    legend_y: int


@dataclass(frozen=True)
class LineChart:
    """Several groups along one scale."""

    anchor: str
    title: str
    description: str
    width: int
    height: int
    plot: tuple[str, str, str, str]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_label: str
    diagonal: tuple[str, str, str, str] | None
    lines: tuple[Line, ...]


def _apart(across: Axis) -> list[float]:
    """The steps that have room for a number beneath them."""
    kept: list[float] = []
    for step in across.steps:
        if not kept or float(across.place(step)) - float(across.place(kept[-1])) >= _ROOM:
            kept.append(step)
    return kept


def line_chart(
    place: str,
    title: str,
    description: str,
    x_label: str,
    curves: Sequence[Curve],
    write_x: Callable[[float], str],
    write_y: Callable[[float], str],
    diagonal: bool = False,
    x_steps: Sequence[float] | None = None,
) -> LineChart | None:
    """The curves as a chart; None where none has a point. `diagonal` draws where position and value agree."""
    drawn = [curve for curve in curves if curve.points][: len(MARKERS)]
    if not drawn:
        return None
    xs = [x for curve in drawn for x, _ in curve.points]
    ys = [y for curve in drawn for _, y in curve.points]
    across = axis(xs, _LEFT, _RIGHT, from_zero=False)
    if x_steps:
        pad = 0.5 if len(x_steps) == 1 else 0.0
        across = Axis(min(x_steps) - pad, max(x_steps) + pad, _LEFT + 20, _RIGHT - 20, tuple(x_steps))
    up = axis(ys, _BOTTOM, _TOP, from_zero=True)
    ends = (max(across.low, up.low), min(across.high, up.high))
    line = (across.place(ends[0]), up.place(ends[0]), across.place(ends[1]), up.place(ends[1]))
    return LineChart(
        anchor=place,
        title=title,
        description=description,
        width=_WIDTH,
        height=_HEIGHT + _LEGEND * len(drawn),
        plot=(f"{_LEFT:.1f}", f"{_RIGHT:.1f}", f"{_TOP:.1f}", f"{_BOTTOM:.1f}"),
        x_ticks=tuple(Tick(across.place(x), write_x(x)) for x in _apart(across)),
        y_ticks=tuple(Tick(up.place(y), write_y(y)) for y in up.steps),
        x_label=x_label,
        diagonal=line if diagonal and ends[1] > ends[0] else None,
        lines=tuple(_line(curve, i, across, up) for i, curve in enumerate(drawn)),
    )


def _line(curve: Curve, number: int, across: Axis, up: Axis) -> Line:
    points = tuple((across.place(x), up.place(y)) for x, y in curve.points)
    path = "M" + " L".join(f"{x} {y}" for x, y in points)
    return Line(
        short_label(curve.label, 48),
        path,
        MARKERS[number],
        DASHES[number],
        points,
        _HEIGHT + _LEGEND * number + 2,
    )
