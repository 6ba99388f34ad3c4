"""A chain of decisions as a whole: of a hundred people of each group, how many are left after each step.

The rates of single steps say how each step treats those who reach it; only their product shows where a group is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from auditkit.report.code_words import withheld
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import MISSING, Name, span
from auditkit.report.value_texts import finite, is_withheld
from auditkit.result import Point
from auditkit.text import format_number, say

__all__ = ["Chain", "Remaining", "chain_of", "people_base", "remaining"]

_BASES = (100, 1_000, 10_000, 100_000)


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
class Chain:
    """The chain over the groups of an attribute: a row a step, a cell a group."""

    anchor: str
    caption: str
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
        if any(is_withheld(point) for point in passed):
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


def chain_of(
    points: Sequence[Point], shown: Sequence[tuple[str, ...]], steps: Sequence[str], names: Names, minimum_count: int
) -> Chain | None:
    """The chain of one attribute over the groups `shown`; None where fewer than two steps have a figure."""
    left = {group: remaining([point for point in points if point.groups == group]) for group in shown}
    shares = [after.most for chain in left.values() for after in chain]
    if len(steps) < 2 or sum(share > 0 for share in shares) < 2 or any(len(c) != len(steps) for c in left.values()):
        return None
    language = names.language
    base = people_base(shares)
    attributes = points[0].attributes
    words = {group: tuple(_words(after, base, minimum_count, language) for after in left[group]) for group in shown}
    return Chain(
        anchor=anchor("chain", *attributes),
        caption=say("People left of {base}", base=base).text(language),
        groups=tuple(names.group(attributes, group) for group in shown),
        rows=tuple((name, tuple(words[group][i] for group in shown)) for i, name in enumerate(steps)),
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
