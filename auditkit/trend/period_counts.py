"""The counts that each result shows of each group, and which of them may stand beside those of earlier periods.

Where periods may hold the same people, two published tables give a change away: of 1 to 10 people, it is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from auditkit.measures import MEASURES
from auditkit.result import AnalysisResult, Estimate

__all__ = ["Counts", "Group", "few_people", "shown_counts"]

Group = tuple[tuple[str, ...], tuple[str, ...]]
"""Attributes and groups; both empty for everyone together."""

Counts = dict[str, tuple[float, float]]
"""Cases and people of each rate of a group, by measure."""


def shown_counts(analysis: AnalysisResult) -> dict[Group, Counts]:
    """Cases and people of every rate of whole counts, of everyone and of the groups of single attributes."""
    found: dict[Group, Counts] = {}
    for estimate in analysis.estimates:
        counts = _whole(estimate)
        if counts is not None and len(estimate.attributes) <= 1:
            found.setdefault((estimate.attributes, estimate.groups), {})[estimate.measure] = counts
    return found


def _whole(estimate: Estimate) -> tuple[float, float] | None:
    row, x, n = MEASURES.get(estimate.measure), estimate.numerator, estimate.denominator
    if row is None or not row.is_part_of_whole or estimate.method != "wilson" or estimate.status != "computed":
        return None
    if x is None or n is None or not float(x).is_integer() or not float(n).is_integer():
        return None
    return (float(x), float(n)) if 0 <= x <= n and n > 0 else None


def few_people(periods: Sequence[Mapping[Group, Counts]], minimum: int) -> set[tuple[int, Group]]:
    """The groups of a period that are withheld, since they are 1 to `minimum` - 1 people apart from an earlier period.

    Each is held against every earlier period in which it is shown, in every sum: cases, others, people of each rate.
    What is withheld of an attribute could be had by subtraction from everyone: so the smallest further groups go with
    it until what is withheld changed by no few people together. Where everyone did, nothing of the period is shown.
    """
    hidden: set[tuple[int, Group]] = set()
    if minimum < 2:
        return hidden
    for now in range(1, len(periods)):
        found = -1
        while found != len(hidden):  # what goes for one earlier period counts against the others
            found = len(hidden)
            for before in range(now):
                hidden |= {(now, group) for group in _beside(periods, now, before, hidden, minimum)}
    return hidden


def _beside(
    periods: Sequence[Mapping[Group, Counts]], now: int, before: int, hidden: set[tuple[int, Group]], minimum: int
) -> set[Group]:
    """The groups that may not be shown of one period beside an earlier one."""
    lost = {group for period, group in hidden if period in (now, before)}
    if not set(periods[now]) & set(periods[before]) - lost:
        return set()
    every = {**periods[before], **periods[now]}
    apart = {g: _changes(_sums(periods[before].get(g, {})), _sums(periods[now].get(g, {}))) for g in every}
    if any(_few(change, minimum) for change in _of_all(apart)):
        return set(periods[now])
    found: set[Group] = set()
    for attributes in {group[0] for group in apart if group[0]}:
        part = {group: change for group, change in apart.items() if group[0] == attributes}
        sizes = {group: max(n for _, n in every[group].values()) for group in part}
        found |= _closed(part, sizes, lost & set(part), minimum)
    return found & set(periods[now])


def _of_all(apart: Mapping[Group, dict[str, float]]) -> list[dict[str, float]]:
    """The changes of everyone: as they are shown, and as the sums of the groups of each attribute."""
    found = [change for group, change in apart.items() if not group[0]]
    for attributes in {group[0] for group in apart if group[0]}:
        found.append(_added(change for group, change in apart.items() if group[0] == attributes))
    return found


def _closed(
    part: Mapping[Group, dict[str, float]], sizes: Mapping[Group, float], already: set[Group], minimum: int
) -> set[Group]:
    """The groups of one attribute to withhold: those a few people apart, and others until their sum is not."""
    away = {group for group, change in part.items() if _few(change, minimum)} | already
    while away and len(away) < len(part):
        together = _added(part[group] for group in away)
        if len(away) > 1 and not _few(together, minimum):
            break
        away.add(min((group for group in part if group not in away), key=lambda group: (sizes[group], group)))
    return away


def _sums(counts: Counts) -> dict[str, float]:
    found: dict[str, float] = {}
    for measure, (cases, people) in counts.items():
        found |= {f"{measure} cases": cases, f"{measure} others": people - cases, f"{measure} people": people}
    return found


def _changes(before: Mapping[str, float], now: Mapping[str, float]) -> dict[str, float]:
    """What became of each sum; a group that is there once only came or went as a whole."""
    return {key: now.get(key, 0.0) - before.get(key, 0.0) for key in {**before, **now}}


def _added(changes: Iterable[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for change in changes:
        for key, value in change.items():
            total[key] = total.get(key, 0.0) + value
    return total


def _few(change: Mapping[str, float], minimum: int) -> bool:
    return any(0 < abs(value) < minimum for value in change.values())
