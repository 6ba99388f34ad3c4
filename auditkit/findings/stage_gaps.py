"""A chain of decisions, each step compared by itself: of those of a group who reached it, did as many pass it?

A gap at a late step concerns only those whom the steps before let through, so each step has its own test. Their values
stand among the points of the charts; here are the gaps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import Tabulation
from auditkit.counts.rollup import rollup
from auditkit.findings.group_views import View, ordered
from auditkit.findings.rate_figures import RateBasis
from auditkit.measures import MEASURES, Measure
from auditkit.measures.group_counts import GroupCounts
from auditkit.spec import AuditSpec

__all__ = ["STAGE_MEASURE", "reached", "stage_counts", "stage_measure"]

STAGE_MEASURE = "passing_rate"
"""The files name a stage's measure `passing_rate:1`, by its number from 1."""


def stage_measure(number: int) -> Measure:
    """The row of one stage: its rate is the part of those who reached it that passed, and its test is its own.

    >>> stage_measure(2).key, stage_measure(2).kind
    ('passing_rate:2', 'rate')
    """
    key = f"{STAGE_MEASURE}:{number}"
    rate = MEASURES["selection_rate"]
    return replace(MEASURES[STAGE_MEASURE], key=key, kind="rate", hypothesis=key, numerator=rate.numerator,
                   denominator=rate.denominator)  # fmt: skip


def stage_counts(tabulation: Tabulation, found: View, spec: AuditSpec) -> Iterator[tuple[Measure, GroupCounts]]:
    """For each stage its measure and the counts of those who reached it, in the order of the groups of the view."""
    mine = [cells for cells in tabulation.stages if set(found.names) <= set(cells.names)]
    for number, cells in enumerate(mine, start=1):
        counts = ordered(rollup(cells, found.names), spec, tabulation.weighted)
        yield stage_measure(number), _aligned(counts, found.counts.groups)


def reached(basis: RateBasis) -> RateBasis:
    """The basis of a stage's rate: a group without anybody is one of which nobody reached the stage."""
    reason = basis.reason.copy()
    reason[reason == "empty_group"] = "nobody_reached"
    return replace(basis, reason=reason)


def _aligned(counts: GroupCounts, groups: tuple[tuple[str, ...], ...]) -> GroupCounts:
    """The counts with exactly these groups; zeros where nobody of a group reached the stage."""
    place = {group: i for i, group in enumerate(counts.groups)}
    where = [place.get(group, len(place)) for group in groups]

    def pick(array: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([array, np.zeros((1, *array.shape[1:]))])[where]

    return replace(
        counts, groups=groups, rows=pick(counts.rows), weights=pick(counts.weights), squares=pick(counts.squares),
        lower=None if counts.lower is None else pick(counts.lower),
        upper=None if counts.upper is None else pick(counts.upper), size_lower=None, size_upper=None,
    )  # fmt: skip
