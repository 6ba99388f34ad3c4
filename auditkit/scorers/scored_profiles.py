"""Every situation that a scorecard tells apart, or a sample: where law against code and monotonicity are tested.

Profiles are not people: no situation is more frequent than another here, and impossible ones are among them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

from auditkit.errors import InputError, cut
from auditkit.scorers.scorecard import Scorecard

__all__ = ["Profiles", "choose_profiles", "settings"]

Profile = dict[str, float | str]


@dataclass(frozen=True)
class Profiles:
    """Situations: all of `possible`, or `sampled` with a seed."""

    profiles: tuple[Profile, ...]
    possible: int
    sampled: bool


def settings(*cards: Scorecard) -> dict[str, tuple[float | str, ...]]:
    """The values of each column worth telling apart: declared values, and one number on each side of every limit.

    Raises InputError for a number that only a formula or a coefficient reads and that has no range.
    """
    return {name: _values(name, cards) for name in dict.fromkeys(n for card in cards for n in card.columns)}


def choose_profiles(*cards: Scorecard, at_most: int = 100_000, seed: int = 1) -> Profiles:
    """All profiles of the scorecards where there are at most `at_most`, else that many drawn with a seed."""
    values = settings(*cards)
    possible = math.prod(len(v) for v in values.values())
    if possible <= at_most:
        found: Iterator[tuple[float | str, ...]] = iter(product(*values.values()))
        return Profiles(tuple(dict(zip(values, v, strict=True)) for v in found), possible, sampled=False)
    draw = random.Random(seed)
    drawn = ({name: draw.choice(v) for name, v in values.items()} for _ in range(at_most))
    return Profiles(tuple(drawn), possible, sampled=True)


def _values(name: str, cards: tuple[Scorecard, ...]) -> tuple[float | str, ...]:
    parts = [card.inputs[name] for card in cards if name in card.inputs]
    kinds = {part.kind for part in parts}
    if len(kinds) > 1:
        raise InputError(
            'The column "{column}" is a {one} in one scorecard and a {other} in the other; they cannot be compared.',
            column=cut(name),
            one=parts[0].kind,
            other=next(part.kind for part in parts if part.kind != parts[0].kind),
        )
    if kinds == {"flag"}:
        return (0.0, 1.0)
    if kinds == {"category"}:
        named: list[str] = [value for part in parts for value in part.values or []]
        for card in cards:
            for term in card.terms:
                named += [v for c in term.when if c.column == name for v in c.is_in or []]
                named += list(term.values or {}) if term.column == name else []
        return tuple(dict.fromkeys(named))
    return _numbers(name, cards)


def _numbers(name: str, cards: tuple[Scorecard, ...]) -> tuple[float, ...]:
    limits = {
        limit
        for card in cards
        for term in card.terms
        for limit in (
            *(x for c in term.when if c.column == name for x in c.limits),
            *((term.bins or []) if term.column == name else []),
        )
    }
    ranges = [part.range for card in cards if (part := card.inputs.get(name)) and part.range]
    low, high = (min(r[0] for r in ranges), max(r[1] for r in ranges)) if ranges else (-math.inf, math.inf)
    if not limits and not ranges:
        raise InputError(
            'The number "{column}" has no limits in the scorecard and no range; give it one, such as [0, 100].',
            column=cut(name),
        )
    steps = {low + (high - low) * i / 4 for i in range(5)} if ranges else {min(limits) - 1, max(limits) + 1}
    ordered = sorted(limits)
    between = {(a + b) / 2 for a, b in pairwise(ordered)}
    return tuple(x for x in sorted(limits | steps | between) if low <= x <= high)
