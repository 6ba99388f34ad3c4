"""All groups of one analysis and the lines along which they add up: what subtraction can reach.

A node is one group of one view; or the people of a value whose other attribute is not stated (a crossing does not
show them); or everybody (of all, or of a crossing). A line says that some nodes add up to another: the groups of an
attribute to everybody, the values of one attribute at a value of the other to that value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import NOT_STATED
from auditkit.protect.released import GroupCounts
from auditkit.withhold.figure_forms import structural

__all__ = ["Line", "Network", "network"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

Name = tuple[tuple[str, ...], tuple[str, ...]]
"""Attributes and their values: what a node is called."""


@dataclass(frozen=True)
class Line:
    """The nodes of `members` add up to the node `margin`; one value of all `attributes` varies."""

    members: Integers
    margin: int


@dataclass(frozen=True)
class Network:
    """Nodes with their six row counts. `listed` nodes can be published; the others are only what they are."""

    names: tuple[Name, ...]
    place: dict[Name, int]
    counts: Floats
    listed: NDArray[np.bool_]
    lines: tuple[Line, ...]
    structural: int
    crossed_margins: tuple[Integers, Integers]
    """Pairs of (group of a crossing, group of one of its attributes that contains it)."""

    def __len__(self) -> int:
        return len(self.names)

    @property
    def totals(self) -> list[int]:
        """The nodes that stand for everybody (several where attributes come from separate tables)."""
        return [i for i, (attributes, _) in enumerate(self.names) if attributes == ()]


class _Builder:
    def __init__(self) -> None:
        self.names: list[Name] = []
        self.counts: list[Floats] = []
        self.listed: list[bool] = []
        self.place: dict[Name, int] = {}
        self.lines: list[Line] = []
        self.totals: dict[tuple[float, ...], int] = {}

    def add(self, name: Name, counts: Floats, listed: bool) -> int:
        self.place[name] = len(self.names)
        self.names.append(name)
        self.counts.append(counts)
        self.listed.append(listed)
        return self.place[name]

    def line(self, members: Sequence[int], margin: int) -> None:
        self.lines.append(Line(np.array(members, dtype=np.int64), margin))


def network(views: Sequence[GroupCounts]) -> Network:
    """The nodes and lines of an analysis. Counts that are hidden in the source are taken at their lowest."""
    build = _Builder()
    known = {view.names: _rows(view) for view in views}
    for view in sorted(views, key=lambda v: len(v.names)):
        for group, six in zip(view.groups, known[view.names], strict=True):
            place = build.add((view.names, group), six, True)
            if not view.names:
                build.totals[_key(six)] = place
    for view in views:
        if len(view.names) == 1:
            _to_total(build, view, known[view.names])
    for view in views:
        if len(view.names) > 1:
            _to_margins(build, view, {v.names: v for v in views}, known)
    counts = np.array(build.counts) if build.counts else np.zeros((0, 6))
    totals = [i for i, (attributes, _) in enumerate(build.names) if attributes == ()]
    everybody = counts[totals].sum(axis=0) if totals else counts.sum(axis=0)
    return Network(
        names=tuple(build.names),
        place=build.place,
        counts=counts,
        listed=np.array(build.listed, dtype=bool),
        lines=tuple(build.lines),
        structural=structural(everybody),
        crossed_margins=_containing(build),
    )


def _rows(view: GroupCounts) -> Floats:
    return np.nan_to_num(np.where(np.isnan(view.rows), view.classes[0], view.rows))


def _key(total: Floats) -> tuple[float, ...]:
    """What tells one total from another: attributes of one table add up to the same."""
    return tuple(np.round(total, 6).tolist())


def _to_total(build: _Builder, view: GroupCounts, rows: Floats) -> None:
    """The line of a single attribute; attributes of one table share one total."""
    total = rows.sum(axis=0)
    key = _key(total)
    if key not in build.totals:
        build.totals[key] = build.add(((), view.names), total, False)
    margin = build.totals[key]
    build.line([build.place[view.names, group] for group in view.groups], margin)


def _to_margins(
    build: _Builder, view: GroupCounts, views: dict[tuple[str, ...], GroupCounts], known: dict[tuple[str, ...], Floats]
) -> None:
    """The lines of a crossing: at each value of some of its attributes, all values of the others."""
    for size in range(1, len(view.names)):
        for kept in combinations(range(len(view.names)), size):
            names = tuple(view.names[k] for k in kept)
            if names not in views:
                continue
            members: dict[tuple[str, ...], list[int]] = {group: [] for group in views[names].groups}
            sums = {group: np.zeros(6) for group in members}
            for group, six in zip(view.groups, known[view.names], strict=True):
                part = tuple(group[k] for k in kept)
                if part in members:
                    members[part].append(build.place[view.names, group])
                    sums[part] = sums[part] + six
            for part, six in zip(views[names].groups, known[names], strict=True):
                if NOT_STATED not in part:
                    _margin_line(build, view, kept, names, part, members[part], six - sums[part])
    if len(view.names) == 2:
        _not_stated_lines(build, view)
    total = build.add((view.names, ()), known[view.names].sum(axis=0), False)
    build.line([build.place[view.names, group] for group in view.groups], total)


def _margin_line(
    build: _Builder, view: GroupCounts, kept: tuple[int, ...], names: tuple[str, ...], part: tuple[str, ...],
    members: list[int], rest: Floats,
) -> None:  # fmt: skip
    """One line; `rest` are the people of this value whose other attributes are not stated."""
    margin = build.place[names, part]
    if (rest < -0.5).any():
        return  # the crossing comes from another table: its groups do not add up to this one
    if len(view.names) == 2 and rest.sum() > 0.5:
        group = tuple(part[kept.index(k)] if k in kept else NOT_STATED for k in range(2))
        members = [*members, build.add((view.names, group), rest, False)]
    if members:
        build.line(members, margin)


def _not_stated_lines(build: _Builder, view: GroupCounts) -> None:
    """People not stated on one attribute, over the values of the other, add up to all who are not stated on it."""
    for fixed in (0, 1):
        name: Name = ((view.names[fixed],), (NOT_STATED,))
        if name not in build.place:
            continue
        margin = build.place[name]
        members = [
            place for (names, group), place in build.place.items()
            if names == view.names and group and group[fixed] == NOT_STATED and group[1 - fixed] != NOT_STATED
        ]  # fmt: skip
        rest = build.counts[margin] - sum((build.counts[m] for m in members), np.zeros(6))
        if (rest < -0.5).any():
            continue
        if rest.sum() > 0.5:
            both: Name = (view.names, (NOT_STATED, NOT_STATED))
            members.append(build.place[both] if both in build.place else build.add(both, rest, False))
        if members:
            build.line(members, margin)


def _containing(build: _Builder) -> tuple[Integers, Integers]:
    pairs = list(_pairs(build))
    inner, outer = zip(*pairs, strict=True) if pairs else ((), ())
    return np.array(inner, dtype=np.int64), np.array(outer, dtype=np.int64)


def _pairs(build: _Builder) -> Iterator[tuple[int, int]]:
    for (names, group), place in build.place.items():
        if len(names) < 2 or not build.listed[place]:
            continue
        for size in range(1, len(names)):
            for kept in combinations(range(len(names)), size):
                outer = build.place.get((tuple(names[k] for k in kept), tuple(group[k] for k in kept)))
                if outer is not None:
                    yield place, outer
