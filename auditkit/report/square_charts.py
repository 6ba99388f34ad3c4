"""Two squares of a hundred people each, for readers who do not think in percentages: the group, and its reference.

A person of the share counted is a full square, the others are dots: told apart by size, not by colour. Rows are
drawn as dashed lines, so that a chart of two hundred people takes under a thousand characters.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.measures import MEASURES
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import Name
from auditkit.report.pair_panel import Pair, estimate_index
from auditkit.report.sentences import finite
from auditkit.result import AnalysisResult, Estimate
from auditkit.text import Message, mark, say

__all__ = ["HundredPeople", "SquaresChart", "squares_chart"]

_SIDE = 12
_TITLES = {
    "selection_rate": mark("Of every hundred people, so many were selected"),
    "false_positive_rate": mark("Of every hundred people without the outcome, so many were selected all the same"),
    "false_negative_rate": mark("Of every hundred people with the outcome, so many were missed"),
    "true_positive_rate": mark("Of every hundred people with the outcome, so many were selected"),
    "false_discovery_rate": mark("Of every hundred people selected, so many were selected wrongly"),
}


@dataclass(frozen=True)
class HundredPeople:
    """One square: `full` and `dots` are the paths of the people counted and of the others, ten in a row."""

    label: Name
    plain: str
    number: str
    full: str
    dots: str


@dataclass(frozen=True)
class SquaresChart:
    """The square of a group and the square of its reference."""

    anchor: str
    title: Message
    description: str
    squares: tuple[HundredPeople, ...]


def squares_chart(pair: Pair, analysis: AnalysisResult, names: Names) -> SquaresChart | None:
    """The two squares of one comparison of rates; None where a rate has no single value."""
    gap = pair.main
    index = estimate_index(analysis.estimates)
    mine = index.get((gap.attributes, gap.groups, gap.measure))
    other = index.get((gap.attributes, gap.reference, gap.measure))
    row = MEASURES.get(gap.measure)
    if mine is None or other is None or row is None or not row.is_part_of_whole:
        return None
    if any(e.status != "computed" or finite(e.value) is None for e in (mine, other)):
        return None
    squares = tuple(_hundred(estimate, names) for estimate in (mine, other))
    return SquaresChart(
        anchor=anchor("squares", analysis.key, *gap.attributes, *gap.groups, gap.measure),
        title=_title(gap.measure, names),
        description=say(
            "{group}: {number} of a hundred; {reference}: {reference_number} of a hundred.",
            group=squares[0].label, number=squares[0].number,
            reference=squares[1].label, reference_number=squares[1].number,
        ).text(names.language),
        squares=squares,
    )  # fmt: skip


def _title(measure: str, names: Names) -> Message:
    if measure in _TITLES:
        return Message(_TITLES[measure])
    return say("Of every hundred people: {measure}", measure=names.measure(measure))


def _hundred(estimate: Estimate, names: Names) -> HundredPeople:
    number = hundredths(estimate.value or 0.0)
    full, dots = _paths(number)
    label = names.group(estimate.attributes, estimate.groups)
    return HundredPeople(label, str(label), str(number), full, dots)


def hundredths(share: float) -> int:
    """A share as people of a hundred, halves upwards; none and all only where the share is 0 or 1.

    >>> hundredths(0.448), hundredths(0.004), hundredths(0.996), hundredths(0.125)
    (45, 1, 99, 13)
    """
    if share <= 0 or share >= 1:
        return 0 if share <= 0 else 100
    return min(max(int(100 * share + 0.5), 1), 99)


def _paths(number: int) -> tuple[str, str]:
    """Lines over the places of the people counted, and over those of the others, row by row."""
    rows, rest = divmod(number, 10)
    full = [f"M0 {_middle(i)}h{10 * _SIDE}" for i in range(rows)]
    dots = [f"M0 {_middle(i)}h{10 * _SIDE}" for i in range(rows + bool(rest), 10)]
    if rest:
        full.append(f"M0 {_middle(rows)}h{rest * _SIDE}")
        dots.insert(0, f"M{rest * _SIDE} {_middle(rows)}h{(10 - rest) * _SIDE}")
    return "".join(full), "".join(dots)


def _middle(row: int) -> int:
    return _SIDE * row + _SIDE // 2
