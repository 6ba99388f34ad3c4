"""Gaps drawn: the ratio that decides each verdict, its interval and the verdict word, on a logarithmic scale.

A thin line marks 1 (no gap), a band the limits inside which a gap counts as small. The word stands beside each line,
so that nothing is told by place or colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import log

from auditkit.report.chart_rows import Tick, short_label
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import position, ratio
from auditkit.report.pair_panel import Pair
from auditkit.report.sentences import finite, verdict_word
from auditkit.result import Gap
from auditkit.text import say

__all__ = ["GapChart", "GapLine", "gap_chart"]

_LEFT, _RIGHT, _TOP, _ROW = 8.0, 392.0, 4, 50
_STEPS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
_LABEL = 44


@dataclass(frozen=True)
class GapLine:
    """One group: its ratio as a dot, the interval as a line; empty where there is none."""

    label: str
    value: str
    verdict: str
    text_y: int
    verdict_y: int
    y: int
    dot: str
    line: tuple[str, str] | None


@dataclass(frozen=True)
class GapChart:
    """The deciding ratios of one measure over the groups of an attribute."""

    anchor: str
    title: str
    description: str
    width: int
    height: int
    axis_y: int
    ticks: tuple[Tick, ...]
    one: str
    band: tuple[str, str]
    rows: tuple[GapLine, ...]


def deciding(gap: Gap) -> tuple[float | None, float | None, float | None]:
    """The ratio that the verdict rests on: of the event, or of its complement where that is rarer."""
    if gap.side == "complement":
        return finite(gap.complement_value), finite(gap.complement_lower), finite(gap.complement_upper)
    return finite(gap.value), finite(gap.lower), finite(gap.upper)


def gap_chart(pairs: Sequence[Pair], measure: str, names: Names, limit: float, most: int) -> GapChart | None:
    """The chart of one measure of one attribute; None where no ratio has a value. `limit` is the verdict's ratio."""
    told = [p.ratio for p in pairs if p.ratio is not None and p.ratio.measure == measure]
    drawn = [gap for gap in told if gap.status == "computed" and gap.verdict is not None and deciding(gap)[0]]
    if not drawn:
        return None
    language = names.language
    ends = [x for gap in drawn for x in deciding(gap) if x is not None and x > 0]
    low = max(min([*ends, 1 / limit, 0.5]), _STEPS[0])
    high = min(max([*ends, limit, 2.0]), _STEPS[-1])
    place = partial(_place, low=low, high=high)
    rows = tuple(_line(gap, i, place, names) for i, gap in enumerate(drawn[:most]))
    bottom = _TOP + _ROW * len(rows)
    first = drawn[0]
    title = say(
        "{measure}: ratio to the reference, by {attribute}",
        measure=names.measure_capital(measure), attribute=str(names.attribute(first.attributes)),
    )  # fmt: skip
    parts = [
        say("{group}: {value}", group=row.label, value=f"{row.value}, {row.verdict}").text(language)
        for row in rows[:12]
    ]
    return GapChart(
        anchor=anchor("ratios", first.analysis, *first.attributes, measure),
        title=title.text(language),
        description="; ".join(parts),
        width=400,
        height=bottom + 26,
        axis_y=bottom + 4,
        ticks=tuple(Tick(place(step), position(step, language)) for step in _STEPS if low <= step <= high),
        one=place(1.0),
        band=(place(1 / limit), f"{float(place(limit)) - float(place(1 / limit)):.1f}"),
        rows=rows,
    )


def _place(value: float, low: float, high: float) -> str:
    share = (log(max(value, low)) - log(low)) / (log(high) - log(low))
    return f"{_LEFT + min(share, 1.0) * (_RIGHT - _LEFT):.1f}"


def _line(gap: Gap, number: int, place: partial[str], names: Names) -> GapLine:
    language = names.language
    value, lower, upper = deciding(gap)
    assert value is not None
    label = short_label(str(names.group(gap.attributes, gap.groups)), _LABEL)
    write = partial(ratio, language=language)
    if gap.side == "complement":
        label = say("{group} (opposite)", group=label).text(language)
    text_y = _TOP + _ROW * number + 14
    ends = (place(max(lower, 1e-9)), place(upper)) if lower is not None and upper is not None else None
    return GapLine(
        label, write(value), verdict_word(gap, language), text_y, text_y + 14, text_y + 24, place(value), ends
    )
