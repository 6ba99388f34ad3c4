"""Two attributes crossed, one measure: a field of shaded cells, each with its value; withheld cells are hatched.

The shade repeats the number in the cell, so that nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.report.chart_rows import short_label
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import MISSING, figure
from auditkit.report.pair_panel import EstimateKey
from auditkit.report.sentences import finite, value_text
from auditkit.result import Estimate, ViewResult
from auditkit.text import say

__all__ = ["HeatCell", "HeatChart", "HeatLabel", "heat_chart"]

WIDTH = 400
_LEFT, _HEAD, _ROW = 132.0, 26, 28
_MOST_COLUMNS, _MOST_ROWS, _SHADES = 6, 30, 5


@dataclass(frozen=True)
class HeatLabel:
    """The name of a row or of a column, and where it stands."""

    text: str
    x: str
    y: int


@dataclass(frozen=True)
class HeatCell:
    """One crossed group: where it stands, how dark (0 to 4; -1: no figure), what it says, its hatching."""

    x: str
    y: int
    shade: int
    text: str
    text_x: str
    text_y: int
    hatch: str


@dataclass(frozen=True)
class HeatChart:
    """One measure of the groups of two attributes."""

    anchor: str
    title: str
    description: str
    width: int
    height: int
    cell_width: str
    cell_height: int
    columns: tuple[HeatLabel, ...]
    rows: tuple[HeatLabel, ...]
    cells: tuple[HeatCell, ...]
    hatched: bool


def heat_chart(
    view: ViewResult, measure: str, index: dict[EstimateKey, Estimate], analysis: str, names: Names
) -> HeatChart | None:
    """The field of one measure; None for other than two attributes, too many groups, or nothing to show."""
    if len(view.attributes) != 2:
        return None
    values = [tuple(dict.fromkeys(group[i] for group in view.groups)) for i in (0, 1)]
    down, across = (0, 1) if len(values[1]) <= len(values[0]) else (1, 0)
    found = {group: index.get((view.attributes, group, measure)) for group in view.groups}
    known = [x for e in found.values() if e is not None and _shown(e) and (x := finite(e.value)) is not None]
    if len(values[across]) > _MOST_COLUMNS or len(values[down]) > _MOST_ROWS or not known:
        return None
    language = names.language
    wide = (WIDTH - _LEFT) / len(values[across])
    cells = [
        _cell(found.get(_group(down, row, column)), j, i, wide, (min(known), max(known)), language)
        for i, row in enumerate(values[down])
        for j, column in enumerate(values[across])
    ]
    title = say(
        "{measure} by {attribute}",
        measure=names.measure(measure), attribute=str(names.attribute(view.attributes)),
    ).text(language)  # fmt: skip
    ends = say(
        "From {lowest} to {highest}; the figures stand in the table below.",
        lowest=figure(measure, min(known), language), highest=figure(measure, max(known), language),
    ).text(language)  # fmt: skip
    return HeatChart(
        anchor=anchor("heat", analysis, *view.attributes, measure),
        title=title,
        description=ends,
        width=WIDTH,
        height=_HEAD + _ROW * len(values[down]),
        cell_width=f"{wide - 2:.1f}",
        cell_height=_ROW - 2,
        columns=_labels(view.attributes[across], values[across], wide, names),
        rows=tuple(
            HeatLabel(_name(view.attributes[down], row, names, 19), "0", _HEAD + _ROW * i + 18)
            for i, row in enumerate(values[down])
        ),
        cells=tuple(cells),
        hatched=any(cell.hatch for cell in cells),
    )


def _group(down: int, row: str, column: str) -> tuple[str, ...]:
    return (row, column) if down == 0 else (column, row)


def _shown(estimate: Estimate) -> bool:
    return estimate.status in ("computed", "bounds")


def _name(attribute: str, value: str, names: Names, length: int) -> str:
    return short_label(str(names.group((attribute,), (value,))), length)


def _labels(attribute: str, values: Sequence[str], wide: float, names: Names) -> tuple[HeatLabel, ...]:
    length = max(int(wide / 6.6), 3)
    return tuple(
        HeatLabel(_name(attribute, value, names, length), f"{_LEFT + wide * (j + 0.5) - 1:.1f}", 17)
        for j, value in enumerate(values)
    )


def _cell(
    estimate: Estimate | None, column: int, row: int, wide: float, ends: tuple[float, float], language: str
) -> HeatCell:
    x, y = _LEFT + wide * column, _HEAD + _ROW * row
    place = (f"{x:.1f}", y)
    middle = (f"{x + wide / 2 - 1:.1f}", y + 17)
    if estimate is not None and estimate.status == "suppressed":
        lines = "".join(f"M{x + step:.1f} {y + _ROW - 2}l{_ROW - 2} -{_ROW - 2}" for step in _steps(wide))
        return HeatCell(*place, -1, "", *middle, lines)
    value = finite(estimate.value) if estimate is not None and _shown(estimate) else None
    if estimate is None or value is None:
        text = (value_text(estimate, language) if estimate is not None and _shown(estimate) else "") or MISSING
        return HeatCell(*place, -1, short_label(text, max(int(wide / 6.6), 3)), *middle, "")
    low, high = ends
    shade = min(int(_SHADES * (value - low) / (high - low)), _SHADES - 1) if high > low else 0
    return HeatCell(*place, shade, figure(estimate.measure, value, language), *middle, "")


def _steps(wide: float) -> list[float]:
    """Where the lines of a hatching begin, so that they stay inside the cell."""
    last = wide - 2 - (_ROW - 2)
    return [0.0] if last <= 0 else [8.0 * i for i in range(int(last / 8) + 1)]
