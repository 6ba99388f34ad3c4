"""Gaps within strata: a few figures of two groups in two strata can be solved for the counts they were made of.

A figure within strata is a function of the people of each group in each stratum, selected and not. These stand in no
table, but their sums do, and four figures with their intervals leave little else to be tried. So a gap is withheld
where a stratum holds few of its group or of its reference; and where the figure weighs strata by everyone, also where
those beside the groups so protected would be few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditkit.measures.strata import STRATA_MEASURES, STRATUM
from auditkit.protect.released import GroupCounts
from auditkit.result import Gap
from auditkit.withhold.suppression_rules import SMALL_COUNT
from auditkit.withhold.withheld_records import blank_gap

__all__ = ["disclosed_strata_gaps", "without_strata"]

Floats = NDArray[np.float64]

_BY_EVERYONE = ("conditional_disparity", "standardised_selection_rate_difference")


def without_strata(counts: Sequence[GroupCounts]) -> list[GroupCounts]:
    """The counts of the views alone."""
    return [one for one in counts if not _is_stratum(one)]


def _is_stratum(counts: GroupCounts) -> bool:
    return any(name.startswith(STRATUM) for name in counts.names[1:])


def disclosed_strata_gaps(
    gaps: Sequence[Gap], counts: Sequence[GroupCounts], earlier: Sequence[GroupCounts], minimum: int
) -> list[Gap]:
    """The gaps, those within strata only where they tell of no few people.

    `counts` are those of this analysis; `earlier` those of the analyses before it, from which a stratum must not
    differ by a few people.
    """
    judged = {one.names: _Strata.of(one, earlier, minimum) for one in counts if _is_stratum(one)}
    return [_judged(gap, judged, minimum) for gap in gaps]


def _judged(gap: Gap, judged: dict[tuple[str, ...], _Strata], minimum: int) -> Gap:
    measure, _, stratum = gap.measure.partition(":")
    if measure not in STRATA_MEASURES or gap.status == "suppressed":
        return gap
    strata = judged.get((*gap.attributes, STRATUM + stratum))
    if strata is None or not strata.shows(gap, measure in _BY_EVERYONE):
        return blank_gap(gap, SMALL_COUNT)
    return gap


@dataclass(frozen=True)
class _Strata:
    """The groups each of whose strata hold enough; `everyone` says whether the others together do."""

    enough: frozenset[str]
    everyone: bool

    @classmethod
    def of(cls, counts: GroupCounts, earlier: Sequence[GroupCounts], minimum: int) -> _Strata:
        sides = _sides(counts)
        before = [_sides(one) for one in earlier if one.names == counts.names]
        groups = list(dict.fromkeys(group for group, _ in sides))
        enough = frozenset(
            group
            for group in groups
            if all(_holds(cell, minimum) for (g, _), cell in sides.items() if g == group)
            and not any(_apart(group, sides, other, minimum) for other in before)
        )
        hidden = [group for group in groups if group not in enough]
        rest: dict[str, Floats] = {}
        for (group, stratum), cell in sides.items():
            if group in hidden:
                rest[stratum] = rest.get(stratum, np.zeros(2)) + cell
        together = len(hidden) > 1 and all(_holds(cell, minimum) for cell in rest.values())
        return cls(enough, together or not hidden)

    def shows(self, gap: Gap, by_everyone: bool) -> bool:
        rest = gap.reference_rule == "rest"
        safe = set(gap.groups) <= self.enough and (rest or set(gap.reference) <= self.enough)
        return safe and (self.everyone or not (by_everyone or rest))


def _sides(counts: GroupCounts) -> dict[tuple[str, str], Floats]:
    """People selected and not, by group and stratum."""
    rows = np.nan_to_num(counts.rows)
    return {
        (group, stratum): np.array([six[:3].sum(), six[3:].sum()])
        for (group, stratum), six in zip(counts.groups, rows, strict=True)
    }


def _holds(cell: Floats, minimum: int) -> bool:
    """Enough people on both sides, or nobody at all."""
    return bool(cell.sum() < 0.5 or cell.min() >= minimum)


def _apart(group: str, now: dict[tuple[str, str], Floats], before: dict[tuple[str, str], Floats], minimum: int) -> bool:
    """Whether a stratum of a group differs by a few people from an earlier analysis."""
    nobody = np.zeros(2)
    for at in {*now, *before}:
        change = np.abs(now.get(at, nobody) - before.get(at, nobody))
        if at[0] == group and bool(((change > 0.5) & (change < minimum)).any()):
            return True
    return False
