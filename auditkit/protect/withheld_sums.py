"""Which sums are withheld, and why each: for the internal report and `private.json`, and for nobody else.

Told apart, the small ones and those that protect them would leave fewer values open than the minimum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from auditkit.protect.released import SUMS, GroupCounts, Released, ReleasedView

__all__ = ["WithheldSum", "withheld_sums"]


@dataclass(frozen=True)
class WithheldSum:
    """One sum that is not published, what it is, and whether it is small itself or would give a small one away."""

    analysis: str
    stage: str
    stratum: str
    arm: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    sum: str
    value: float
    reason: Literal["small_count", "complementary"]


def withheld_sums(exact: Released, released: Released) -> tuple[WithheldSum, ...]:
    """Every sum of `exact` that `released` (the same audit, protected) does not hold as one number."""
    found: list[WithheldSum] = []
    for whole, shown in zip(exact.analyses, released.analyses, strict=True):
        for one, other in zip((whole.everyone, *whole.views), (shown.everyone, *shown.views), strict=True):
            if one is not None and other is not None:
                for (where, counts), (_, known) in zip(_parts(one), _parts(other), strict=True):
                    found += _withheld(whole.key, where, counts, known, released.minimum)
    return tuple(found)


def _parts(view: ReleasedView) -> list[tuple[tuple[str, str, str], GroupCounts]]:
    """Stage, stratum and arm of each part of a view, and the counts there."""
    parts: list[tuple[tuple[str, str, str], GroupCounts]] = [(("", "", ""), view.everyone)]
    parts += [] if view.arm is None else [(("", "", "1"), view.arm)]
    parts += [((str(number), "", ""), counts) for number, counts in enumerate(view.stages, 1)]
    parts += [(("", "1", ""), counts) for counts in view.strata]
    return parts


def _withheld(
    analysis: str, where: tuple[str, str, str], counts: GroupCounts, known: GroupCounts, minimum: int
) -> Iterator[WithheldSum]:
    exact = known.counts.exact
    for row, group in enumerate(counts.groups):
        for place, name in enumerate(SUMS):
            if not exact[row, place]:
                value = float(counts.counts.lower[row, place])
                reason: Literal["small_count", "complementary"] = "small_count" if value < minimum else "complementary"
                yield WithheldSum(analysis, *where, counts.names, group, name, value, reason)
