"""The geometry of charts: dots with intervals for one measure, drawn once, as numbers that a template only places.

Rates start at 0, so that a length is what it says. A reference is a hollow diamond and a dashed line; bounds are a
bar; nothing is told by colour alone. Coordinates are written with one decimal: the same bytes on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, floor, log10

from auditkit.report.code_words import withheld
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import MISSING, tick_label
from auditkit.report.sentences import finite, value_text
from auditkit.result import Estimate, ViewResult
from auditkit.text import say

__all__ = ["Axis", "DotChart", "DotRow", "Tick", "axis", "dot_chart", "short_label"]

WIDTH = 400
_LEFT, _RIGHT = 8.0, 392.0
_ROW = 36
_TOP = 4


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where it stands and what it says."""

    at: str
    label: str


@dataclass(frozen=True)
class Axis:
    """A scale from values to places."""

    low: float
    high: float
    start: float
    end: float
    steps: tuple[float, ...]

    def place(self, value: float) -> str:
        """Where a value stands, one decimal."""
        share = (value - self.low) / (self.high - self.low)
        return f"{self.start + min(max(share, 0.0), 1.0) * (self.end - self.start):.1f}"


@dataclass(frozen=True)
class DotRow:
    """One group: a dot at its value, a line over its interval, a bar over its bounds; empty where there is none."""

    label: str
    value: str
    text_y: int
    y: int
    dot: str
    line: tuple[str, str] | None
    bar: tuple[str, str, str] | None
    is_reference: bool


@dataclass(frozen=True)
class DotChart:
    """One measure over the groups of an attribute."""

    anchor: str
    title: str
    description: str
    width: int
    height: int
    axis_y: int
    ticks: tuple[Tick, ...]
    reference: str
    rows: tuple[DotRow, ...]


def axis(values: Sequence[float], start: float, end: float, from_zero: bool) -> Axis:
    """A scale with round steps that holds all values.

    >>> axis([0.12, 0.57], 0, 100, True).steps
    (0.0, 0.2, 0.4, 0.6)
    """
    low = min([0.0, *values]) if from_zero or not values else min(values)
    high = max(values, default=1.0)
    if high - low <= 0:
        high = low + (abs(low) or 1.0)
    raw = (high - low) / 4
    size = 10.0 ** floor(log10(raw))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    steps = tuple(round(step * i, 12) for i in range(first, last + 1))
    return Axis(steps[0], steps[-1], start, end, steps)


def short_label(text: str, length: int) -> str:
    """A label that fits its line.

    >>> short_label("African-American", 8)
    'African…'
    """
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def dot_chart(
    estimates: Sequence[Estimate], view: ViewResult, measure: str, names: Names, minimum_count: int, place: str = ""
) -> DotChart | None:
    """The chart of one measure over groups, in their order; None where there is nothing to draw.

    `place` is the identifier of a chart that repeats figures drawn elsewhere.
    """
    language = names.language
    told = [e for e in estimates if e.status in ("computed", "bounds")]
    ends = [x for e in told for x in (e.value, e.lower, e.upper, e.bound_lower, e.bound_upper)]
    values = [x for end in ends if (x := finite(end)) is not None]
    if not values:
        return None
    scale = axis(values, _LEFT, _RIGHT, from_zero=True)
    rows = tuple(_dot_row(e, i, view, scale, names, minimum_count) for i, e in enumerate(estimates))
    bottom = _TOP + _ROW * len(rows)
    reference = next((e for e in told if e.groups == view.reference and finite(e.value) is not None), None)
    parts = [say("{group}: {value}", group=row.label, value=row.value).text(language) for row in rows[:12]]
    title = say(
        "{measure} by {attribute}",
        measure=names.measure(measure),
        attribute=str(names.attribute(view.attributes)),
    )
    return DotChart(
        anchor=place or anchor("chart", estimates[0].analysis, *view.attributes, measure),
        title=title.text(language),
        description="; ".join(parts),
        width=WIDTH,
        height=bottom + 26,
        axis_y=bottom + 4,
        ticks=_ticks(scale, partial(tick_label, measure, language=language)),
        reference="" if reference is None or reference.value is None else scale.place(reference.value),
        rows=rows,
    )


def _ticks(scale: Axis, write: Callable[[float], str]) -> tuple[Tick, ...]:
    return tuple(Tick(scale.place(step), write(step)) for step in scale.steps)


def _dot_row(estimate: Estimate, place: int, view: ViewResult, scale: Axis, names: Names, minimum_count: int) -> DotRow:
    language = names.language
    text_y = _TOP + _ROW * place + 14
    y = text_y + 11
    label = short_label(str(names.group(estimate.attributes, estimate.groups)), 34)
    is_reference = estimate.groups == view.reference
    if is_reference:
        label = say("{group} (reference)", group=label).text(language)
    if estimate.status == "suppressed":
        return DotRow(
            label,
            withheld(estimate.reason, minimum_count).text(language),
            text_y,
            y,
            "",
            None,
            None,
            is_reference,
        )
    value = finite(estimate.value)
    lower, upper = finite(estimate.lower), finite(estimate.upper)
    low, high = finite(estimate.bound_lower), finite(estimate.bound_upper)
    drawn = estimate.status in ("computed", "bounds")
    bar = None
    if drawn and value is None and low is not None and high is not None:
        left, right = scale.place(low), scale.place(high)
        bar = (left, right, f"{max(float(right) - float(left), 1.0):.1f}")
    return DotRow(
        label=label,
        value=value_text(estimate, language) or say("not computed").text(language) or MISSING,
        text_y=text_y,
        y=y,
        dot=scale.place(value) if drawn and value is not None else "",
        line=(scale.place(lower), scale.place(upper)) if drawn and lower is not None and upper is not None else None,
        bar=bar,
        is_reference=is_reference,
    )
