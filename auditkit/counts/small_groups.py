"""Groups of fewer people than may be published, joined as "other" before anything is said of them.

The name of a group of three people is itself a fact about three people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import NOT_STATED, Cells, Tabulation
from auditkit.counts.joint_counts import JointCounts

__all__ = [
    "OTHER_GROUPS",
    "SmallGroups",
    "joined_names",
    "joint_with_small_joined",
    "small_groups",
    "with_small_joined",
]

SmallGroups = dict[str, frozenset[str]]
"""Attribute or stratum -> the names of its small groups."""

OTHER_GROUPS = "other"


def small_groups(tabulation: Tabulation, minimum: int) -> SmallGroups:
    """For each attribute and stratum the groups that hold fewer than `minimum` people; those not stated are none."""
    found: SmallGroups = {}
    for cells in tabulation.joint:
        if cells.lower is not None:
            continue  # of published counts the names are public already
        for level in cells.levels:
            people = np.bincount(cells.codes[level.name], weights=cells.n, minlength=len(level.values))
            small = {value for value, n in zip(level.values, people.tolist(), strict=True) if n < minimum}
            if small - {NOT_STATED}:
                found[level.name] = frozenset(small - {NOT_STATED})
    return found


def with_small_joined(tabulation: Tabulation, small: SmallGroups) -> Tabulation:
    """The counts with small groups under one name."""
    if not small:
        return tabulation
    clusters = tabulation.clusters
    return replace(
        tabulation,
        joint=tuple(_joined(cells, small) for cells in tabulation.joint),
        score=tuple(_joined(cells, small) for cells in tabulation.score),
        stages=tuple(_joined(cells, small) for cells in tabulation.stages),
        clusters=None if clusters is None else replace(clusters, cells=_joined(clusters.cells, small)),
    )


def joint_with_small_joined(joint: JointCounts, small: Mapping[str, SmallGroups]) -> JointCounts:
    """The same in the counts of all analyses together; `small` by analysis."""
    made = []
    for one in joint.analyses:
        levels, codes = dict(one.levels), dict(one.codes)
        for name, few in small.get(one.key, {}).items():
            if name in levels:
                levels[name], mapping = _mapping(levels[name], few)
                codes[name] = np.where(codes[name] < 0, codes[name], mapping[codes[name]])
        made.append(replace(one, levels=levels, codes=codes))
    return replace(joint, analyses=tuple(made))


def joined_names(values: tuple[str, ...], small: frozenset[str]) -> tuple[str, ...]:
    """The names that are left: large groups in their order, "other", those not stated last.

    >>> joined_names(("a", "b", "c", ""), frozenset({"b"}))
    ('a', 'c', 'other', '')
    """
    name = OTHER_GROUPS
    while name in values and name not in small:
        name += " groups"
    kept = [value for value in values if value not in small and value != NOT_STATED]
    return (*kept, name, *([NOT_STATED] if NOT_STATED in values else []))


def _mapping(values: tuple[str, ...], few: frozenset[str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The names that are left, and the place of each former name among them."""
    names = joined_names(values, few)
    place = {value: i for i, value in enumerate(names)}
    other = len(names) - 1 - (NOT_STATED in values)
    return names, np.array([other if value in few else place[value] for value in values], dtype=np.int64)


def _joined(cells: Cells, small: SmallGroups) -> Cells:
    levels, codes = [], dict(cells.codes)
    for level in cells.levels:
        few = small.get(level.name, frozenset()) & set(level.values)
        if few:
            values, mapping = _mapping(level.values, few)
            level, codes[level.name] = replace(level, values=values), mapping[codes[level.name]]
        levels.append(level)
    return replace(cells, levels=tuple(levels), codes=codes)
