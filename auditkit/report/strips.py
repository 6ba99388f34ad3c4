"""Strips: a figure that is its own table. Every place is a percentage of the cell's width, every value a text.

One rate scale and one scale of ratios a report, so that widths can be compared wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import log

from auditkit.report.audit_facts import AuditFacts
from auditkit.report.brief_blocks import Mark, mark_of
from auditkit.report.comparisons import Comparison, ends
from auditkit.report.number_words import MISSING, Name, figure, ratio, span, tick_label
from auditkit.report.value_texts import is_withheld
from auditkit.result import Estimate
from auditkit.text import Message, format_number, say, translate

__all__ = [
    "Cell",
    "Column",
    "Row",
    "Scale",
    "Table",
    "factor_cell",
    "log_scale",
    "rate_cell",
    "rate_scale",
    "ratio_cell",
    "reference_mark",
]


@dataclass(frozen=True)
class Scale:
    """An axis: its ticks as (place in percent, label), and the words for who cannot see it."""

    kind: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    words: Message

    def place(self, value: float) -> float:
        """Where a value stands, in percent of the width, kept inside the frame.

        >>> log_scale("en").place(1.0), log_scale("en").place(8.0)
        (50.0, 100.0)
        """
        if self.kind in ("rate", "signed"):
            part = (value - self.low) / (self.high - self.low)
        else:
            part = log(max(value, 1e-9) / self.low) / log(self.high / self.low)
        return round(100 * min(1.0, max(0.0, part)), 2)


@dataclass(frozen=True)
class Cell:
    """One measure of one group: its text, its mark and where all stand. None where there is nothing to draw."""

    value: str
    interval: str
    mark: Mark
    at: float | None = None
    low: float | None = None
    high: float | None = None
    bounds: tuple[float, float] | None = None
    reference: float | None = None
    band: tuple[float, float] | None = None
    beyond: tuple[bool, bool] = (False, False)
    note: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Column:
    """A measure: its name, of whom it is a share, and its axis."""

    head: Name | Message
    about: Name | Message
    scale: Scale


@dataclass(frozen=True)
class Row:
    """A group, or (without cells) the heading of an attribute."""

    label: Name | Message
    small: Message | Name | str
    cells: tuple[Cell, ...]
    is_reference: bool = False
    link: str = ""


@dataclass(frozen=True)
class Table:
    """A strip table. `kind`: rates (with words), ratios (glyphs only), dense (three to a line)."""

    caption: Message
    kind: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    first: Message
    hidden_caption: bool = False
    extra: Message | None = None
    extras: tuple[str, ...] = ()


def rate_scale(estimates: Iterable[Estimate], language: str) -> Scale:
    """0 to 100 %, unless no upper end passes 40 or 10 %: one scale for the whole report."""
    highest = 0.0
    for estimate in estimates:
        if not is_withheld(estimate):
            known = [v for v in (estimate.value, estimate.upper, estimate.bound_upper) if v is not None]
            highest = max([highest, *known])
    top = 0.1 if highest <= 0.1 else 0.4 if highest <= 0.4 else 1.0
    quarters = [top * k / 4 for k in range(5)]
    labels = [tick_label("selection_rate", q, language) for q in quarters]
    labels = [label.rstrip("%").rstrip("\u202f\u00a0 ") if k < 4 else label for k, label in enumerate(labels)]
    return Scale(
        "rate",
        0.0,
        top,
        tuple((25.0 * k, label) for k, label in enumerate(labels)),
        say("scale {low} to {high}, a line at each quarter", low=labels[0], high=labels[-1]),
    )


def log_scale(language: str, wide: bool = False) -> Scale:
    """0.25 to 4 times, logarithmic; 0.125 to 8 for odds."""
    low, steps = (0.125, 6) if wide else (0.25, 4)
    values = [low * 2**k for k in range(steps + 1)]
    labels = [_factor_label(value, language) for value in values]
    return Scale(
        "ratio",
        low,
        values[-1],
        tuple((round(100 * k / steps, 2), label) for k, label in enumerate([*labels[:-1], labels[-1] + "×"])),
        say("scale {low} to {high} times, doubling at each line", low=labels[0], high=labels[-1]),
    )


def _factor_label(value: float, language: str) -> str:
    return format_number(value, next(d for d in range(4) if round(value, d) == value), language)


def reference_mark(language: str) -> Mark:
    """The diamond of the reference row."""
    return Mark("reference", translate("reference", language), "", "")


def rate_cell(
    estimate: Estimate | None,
    reference: Estimate | None,
    one: Comparison | None,
    scale: Scale,
    facts: AuditFacts,
    is_reference: bool,
) -> Cell:
    """A rate with its interval, over the reference's line and band."""
    language = facts.language
    mark = reference_mark(language) if is_reference else Mark("none", "", "", "")
    if one is not None and not is_reference:
        mark = mark_of(one, facts)
    if estimate is None:
        return Cell(MISSING, "", mark)
    if is_withheld(estimate):
        return Cell(MISSING, "", Mark("withheld", translate("withheld", language), "", ""))
    value, lower, upper = ends(estimate)

    def write(number: float) -> str:
        return figure(estimate.measure, number, language)

    cell = Cell(MISSING, _interval(span(lower, upper, write, language)), mark)
    if value is not None:
        cell = replace(cell, value=write(value), at=scale.place(value))
    elif estimate.bound_lower is not None and estimate.bound_upper is not None:
        low, high = estimate.bound_lower, estimate.bound_upper
        text = write(low) if write(low) == write(high) else _interval(span(low, high, write, language))
        cell = replace(cell, value=text, bounds=(scale.place(low), scale.place(high)))
    if lower is not None and upper is not None:
        cell = replace(cell, low=scale.place(lower), high=scale.place(upper))
    center, low_end, high_end = ends(reference)
    if center is not None:
        cell = replace(cell, reference=scale.place(center))
    if low_end is not None and high_end is not None:
        cell = replace(cell, band=(scale.place(low_end), scale.place(high_end)))
    return cell


def _interval(text: str) -> str:
    """An interval with its unit once, at its end.

    >>> _interval("57.2% to 60.4%")
    '57.2 to 60.4%'
    """
    for unit in ("\u202f%", "%"):
        if text.count(unit) == 2 and text.endswith(unit):
            return text.replace(unit, "", 1)
    return text


def ratio_cell(one: Comparison | None, scale: Scale, facts: AuditFacts) -> Cell:
    """Times the rate of the reference, of the event that hurts."""
    if one is None:
        return Cell(MISSING, "", Mark("none", "", "", ""))
    mark = mark_of(one, facts)
    if one.withheld:
        return Cell(MISSING, "", mark)
    gap = one.pair.ratio
    if one.ratio is None and gap is not None and gap.bound_lower is not None and gap.bound_upper is not None:
        made = factor_cell(None, one.lower, one.upper, scale, facts.language, mark)
        low, high = gap.bound_lower, gap.bound_upper
        text = span(low, high, lambda value: ratio(value, facts.language), facts.language) + "×"
        return replace(made, value=text, bounds=(scale.place(low), scale.place(high)))
    return factor_cell(one.ratio, one.lower, one.upper, scale, facts.language, mark)


def factor_cell(
    value: float | None, lower: float | None, upper: float | None, scale: Scale, language: str, mark: Mark
) -> Cell:
    """A ratio with its interval on a scale of factors; an arrow where the interval leaves the frame."""

    def write(number: float) -> str:
        return ratio(number, language)

    cell = Cell(MISSING, span(lower, upper, write, language), mark, reference=scale.place(1.0))
    if value is not None:
        cell = replace(cell, value=write(value) + "×", at=scale.place(value) if value > 0 else 0.0)
    if lower is not None or upper is not None:
        low, high = scale.low if lower is None else lower, scale.high if upper is None else upper
        cell = replace(
            cell,
            low=scale.place(low),
            high=scale.place(high),
            beyond=(low < scale.low, high > scale.high or upper is None),
        )
    return cell
