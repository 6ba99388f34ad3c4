"""Families of tests, corrected together: single attributes one family, crossed attributes another.

A hypothesis counts once: a rate and its complement, or a rate and its odds, test the same thing, and so does either of
two groups against the rest, which is the other. In a fair system at least one uncorrected gap shows in 22 % of audits
with 5 groups, and in 86 % with 45.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from auditkit.findings.gap_records import tested
from auditkit.inference import holm
from auditkit.measures.estimates import Gaps
from auditkit.result import Family

__all__ = ["adjust"]

Floats = NDArray[np.float64]


def adjust(compared: Sequence[Gaps]) -> tuple[list[Floats], tuple[Family, ...]]:
    """Holm-adjusted p of the groups of every comparison (NaN outside families), and how large each family was."""
    adjusted = [np.full(len(gaps.p_value), np.nan) for gaps in compared]
    families = []
    for key, crossed in (("single", False), ("crossed", True)):
        members: dict[tuple[object, ...], float] = {}
        where: list[tuple[int, int, tuple[object, ...]]] = []
        for d, gaps in enumerate(compared):
            if (len(gaps.compared.attributes) > 1) is not crossed or gaps.hurts == "context":
                continue
            for i in np.flatnonzero(tested(gaps)):
                name = (gaps.compared.attributes, _group_compared(gaps, int(i)), gaps.hypothesis)
                p = float(gaps.p_value[i])
                if np.isnan(p):
                    continue
                members.setdefault(name, p)
                where.append((d, int(i), name))
        corrected = dict(zip(members, holm(np.array(list(members.values()))), strict=True)) if members else {}
        for place, at, member in where:
            adjusted[place][at] = corrected[member]
        families.append(Family(key, len(members)))
    return adjusted, tuple(families)


def _group_compared(gaps: Gaps, i: int) -> tuple[str, ...]:
    """What a test compares: the group; for both of two groups against the rest, the first of them."""
    groups = gaps.compared.groups
    mirrored = gaps.compared.rule == "rest" and len(groups) == 2
    return groups[0 if mirrored else i]
