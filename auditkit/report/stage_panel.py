"""A chain of decisions drawn whole: of a hundred people of each group, how many are left after each step.

The rates of single steps say how each step treats those who reach it; only their product shows where a group is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import prod

from auditkit.report.chart_rows import Axis, Tick, axis, short_label
from auditkit.report.code_words import withheld
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import MISSING, Name, position, span
from auditkit.report.sentences import finite
from auditkit.result import Point
from auditkit.text import format_number, say

__all__ = ["ChainBar", "ChainChart", "ChainStep", "Remaining", "chain_chart", "people_base", "remaining"]

_BASES = (100, 1_000, 10_000, 100_000)
_WIDTH, _LEFT, _RIGHT = 400, 8.0, 392.0
_HEAD, _BAR, _GAP = 20, 32, 12


@dataclass(frozen=True)
class Remaining:
    """The share of a group that is left after a step: a value, or the ends that its steps' intervals leave."""

    value: float | None
    lower: float | None
    upper: float | None
    withheld: bool = False

    @property
    def most(self) -> float:
        """The largest share that may be left; 0 where nothing is known."""
        return next((x for x in (self.value, self.upper, self.lower) if x is not None), 0.0)


@dataclass(frozen=True)
class ChainBar:
    """One group after one step: a full bar, a pale one up to the upper end, an outline of those let go."""

    label: str
    value: str
    text_y: int
    y: int
    full: str
    pale: tuple[str, str] | None
    gone: tuple[str, str] | None


@dataclass(frozen=True)
class ChainStep:
    """One step, and every group after it."""

    name: str
    y: int
    bars: tuple[ChainBar, ...]


@dataclass(frozen=True)
class ChainChart:
    """The chain over the groups of an attribute; `rows` says the same in a table."""

    anchor: str
    title: str
    caption: str
    description: str
    width: int
    height: int
    axis_y: int
    ticks: tuple[Tick, ...]
    steps: tuple[ChainStep, ...]
    groups: tuple[Name, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def remaining(points: Sequence[Point]) -> tuple[Remaining, ...]:
    """What is left of a group after each step: its rates of passing, multiplied.

    A step that is withheld or not known leaves all later ones unknown: nothing is worked out across it. Where a rate
    has no single value (hidden or rounded counts), the lower ends are multiplied, and the upper ends.
    """
    found: list[Remaining] = []
    ordered = sorted(points, key=lambda point: point.position)
    for number in range(1, len(ordered) + 1):
        passed = ordered[:number]
        if any(point.status == "suppressed" for point in passed):
            found.append(Remaining(None, None, None, withheld=True))
            continue
        values = [finite(point.value) for point in passed]
        lower = [_end(point, point.lower) for point in passed]
        upper = [_end(point, point.upper) for point in passed]
        known = _product(values)
        found.append(Remaining(known, *((None, None) if known is not None else (_product(lower), _product(upper)))))
    return tuple(found)


def _end(point: Point, end: float | None) -> float | None:
    """An end of a step without a single value; its value where it has one."""
    value = finite(point.value)
    return finite(end) if value is None else value


def _product(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return prod(known) if len(known) == len(values) else None


def people_base(shares: Sequence[float]) -> int:
    """Of how many people to speak, so that the fewest who are left are still about one person.

    >>> people_base([0.4, 0.02]), people_base([0.03, 0.0006]), people_base([0.0])
    (100, 10000, 100)
    """
    smallest = min((share for share in shares if share > 0), default=1.0)
    return next((base for base in _BASES if smallest * base >= 0.95), _BASES[-1])


def chain_chart(
    points: Sequence[Point], shown: Sequence[tuple[str, ...]], steps: Sequence[str], names: Names, minimum_count: int
) -> ChainChart | None:
    """The chain of one attribute over the groups `shown`; None where fewer than two steps have a figure."""
    left = {group: remaining([point for point in points if point.groups == group]) for group in shown}
    shares = [after.most for chain in left.values() for after in chain]
    if len(steps) < 2 or sum(share > 0 for share in shares) < 2 or any(len(c) != len(steps) for c in left.values()):
        return None
    language = names.language
    base = people_base(shares)
    widest = max(chain[0].most for chain in left.values())
    whole = widest >= 0.2  # else the people before the first step would dwarf everyone after it
    scale = axis([0.0, base if whole else widest * base], _LEFT, _RIGHT, from_zero=True)
    place = partial(_place, scale=scale, base=base)
    attributes = points[0].attributes
    labels = {group: short_label(str(names.group(attributes, group)), 40) for group in shown}
    words = {group: tuple(_words(after, base, minimum_count, language) for after in left[group]) for group in shown}
    height = _HEAD + _BAR * len(shown) + _GAP
    drawn = []
    for number, name in enumerate(steps):
        top = height * number
        bars = tuple(
            _bar(left[group], number, labels[group], words[group][number], top + _HEAD + _BAR * i, whole, place)
            for i, group in enumerate(shown)
        )
        drawn.append(ChainStep(short_label(f"{number + 1}. {name}", 54), top + 14, bars))
    told = [say("{group}: {steps}", group=labels[g], steps=", ".join(words[g])).text(language) for g in shown]
    attribute = str(names.attribute(attributes))
    return ChainChart(
        anchor=anchor("chain", *attributes),
        title=say(
            "Chain of decisions: of {base} people of each group, how many are left after each step, by {attribute}",
            base=base, attribute=attribute,
        ).text(language),
        caption=say("People left of {base}", base=base).text(language),
        description="; ".join(told),
        width=_WIDTH,
        height=height * len(steps) + 24,
        axis_y=height * len(steps) + 2,
        ticks=tuple(Tick(scale.place(step), position(step, language)) for step in scale.steps),
        steps=tuple(drawn),
        groups=tuple(names.group(attributes, group) for group in shown),
        rows=tuple((name, tuple(words[group][i] for group in shown)) for i, name in enumerate(steps)),
    )  # fmt: skip


def _place(share: float, scale: Axis, base: int) -> float:
    return float(scale.place(share * base))


def _bar(
    chain: Sequence[Remaining], number: int, label: str, value: str, top: int, whole: bool, place: partial[float]
) -> ChainBar:
    after = chain[number]
    known = after.value if after.value is not None else after.lower
    start, end, far = place(0.0), place(known or 0.0), place(after.most)
    before = chain[number - 1].most if number else 1.0 if whole else 0.0
    edge = place(before)
    is_drawn = known is not None or after.upper is not None
    return ChainBar(
        label=label,
        value=value,
        text_y=top + 12,
        y=top + 17,
        full=f"{max(end - start, 0.0):.1f}" if is_drawn else "",
        pale=(f"{end:.1f}", f"{far - end:.1f}") if is_drawn and far > end else None,
        gone=(f"{far:.1f}", f"{edge - far:.1f}") if is_drawn and edge > far + 0.5 else None,
    )


def _words(after: Remaining, base: int, minimum_count: int, language: str) -> str:
    """How many people of `base` are left, in words."""

    def write(share: float) -> str:
        people = share * base
        return format_number(people, 0 if people >= 100 else 1, language)

    if after.withheld:
        return withheld("small_count", minimum_count).text(language)
    if after.value is not None:
        return write(after.value)
    return span(after.lower, after.upper, write, language) or MISSING
