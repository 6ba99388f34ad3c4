"""What the claims about a gap rest on: every table that may be the true one, and what holds for all of them.

One table where all is known; several where outcomes are unseen, counts hidden or people did not state their group; the
clusters themselves where rows stand or fall together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import (
    GapClaims,
    Limits,
    cluster_claims,
    cluster_gap,
    cluster_interval,
    gap_claims,
    melded_difference_interval,
    melded_ratio_interval,
    paired_claims,
    paired_gap,
    paired_ratio_interval,
    smallest_established,
    smallest_told,
    weakest,
)
from auditkit.measures.rate_basis import RateBasis
from auditkit.measures.unstated_people import Allocated

__all__ = ["ByCluster", "GapTables", "gap_tables"]

Floats = NDArray[np.float64]
Interval = tuple[Floats, Floats]


@dataclass(frozen=True)
class ByCluster:
    """Cases and people of groups and of the reference beside each, groups x clusters, and the rows beneath."""

    cases: Floats
    n: Floats
    reference_cases: Floats
    reference_n: Floats
    rows: Floats
    reference_rows: Floats

    def turned(self, on_event: NDArray[np.bool_]) -> ByCluster:
        """The same people, seen from the complement where the event does not decide."""
        chosen = on_event[:, None]
        return replace(
            self,
            cases=np.where(chosen, self.cases, self.n - self.cases),
            reference_cases=np.where(chosen, self.reference_cases, self.reference_n - self.reference_cases),
        )

    def counts(self) -> tuple[Floats, Floats, Floats, Floats]:
        """The four arrays, in the order of the formulas."""
        return self.cases, self.n, self.reference_cases, self.reference_n


@dataclass(frozen=True)
class GapTables:
    """Cases and people of every group and of its reference, tables x groups; `effective` counts are no whole numbers
    of people. `clusters` stands in place of them where rows come in clusters; `unstated` are further tables, which
    people who did not state their group allow."""

    cases: Floats
    n: Floats
    reference_cases: Floats
    reference_n: Floats
    effective: bool
    clusters: ByCluster | None = None
    unstated: Allocated | None = None
    pairs: Floats | None = None
    """Matched pairs in place of all of these: both, only the group's, only the reference's, neither; groups x 4."""

    @property
    def shape(self) -> tuple[object, ...]:
        """What tables must have in common to stand side by side; clusters and pairs stand by themselves."""
        if self.clusters is not None or self.pairs is not None:
            return (id(self),)
        return len(self.n), self.effective, 0 if self.unstated is None else len(self.unstated.n)

    @classmethod
    def joined(cls, parts: Sequence[GapTables]) -> GapTables:
        """The groups of tables of one shape, one after the other."""
        if len(parts) == 1:
            return parts[0]
        unstated = [part.unstated for part in parts if part.unstated is not None]
        return cls(
            np.concatenate([part.cases for part in parts], axis=1),
            np.concatenate([part.n for part in parts], axis=1),
            np.concatenate([part.reference_cases for part in parts], axis=1),
            np.concatenate([part.reference_n for part in parts], axis=1),
            parts[0].effective,
            unstated=Allocated.joined(unstated) if unstated else None,
        )

    def of(self, part: slice) -> GapTables:
        """Some of the groups."""
        return GapTables(
            self.cases[:, part],
            self.n[:, part],
            self.reference_cases[:, part],
            self.reference_n[:, part],
            self.effective,
            unstated=None if self.unstated is None else self.unstated.of(part),
        )

    def _sides(self, on_event: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats, Floats]:
        cases = np.where(on_event, self.cases, self.n - self.cases)
        others = np.where(on_event, self.reference_cases, self.reference_n - self.reference_cases)
        return cases, self.n, others, self.reference_n

    def claims(self, on_event: NDArray[np.bool_], limits: Limits) -> GapClaims:
        """The three p of every group's gap, on the side that decides: what holds in every table."""
        claims = self.claims_of_stated(on_event, limits)
        if self.unstated is None:
            return claims
        other = self.unstated
        x = np.where(on_event, other.cases, other.n - other.cases)
        x0 = np.where(on_event, other.reference_cases, other.reference_n - other.reference_cases)
        further = gap_claims(x, other.n, x0, other.reference_n, limits, effective=True)
        further = weakest(further, x * other.reference_n > x0 * other.n)
        return GapClaims(
            np.fmax(claims.no_gap, further.no_gap),
            np.fmax(claims.beyond, further.beyond),
            np.fmax(claims.inside, further.inside),
            claims.test,
        )

    def claims_of_stated(self, on_event: NDArray[np.bool_], limits: Limits) -> GapClaims:
        """The three p with people who stated no group left out."""
        if self.pairs is not None:
            both, own, other, neither = np.where(on_event[:, None], self.pairs, self.pairs[:, [3, 2, 1, 0]]).T
            return paired_claims(both, own, other, neither, limits)
        if self.clusters is not None:
            turned = self.clusters.turned(on_event)
            return cluster_claims(*turned.counts(), turned.rows, turned.reference_rows, limits)
        x, n, x0, n0 = self._sides(on_event)
        claims = gap_claims(x, n, x0, n0, limits, self.effective)
        return weakest(claims, x * n0 > x0 * n)

    def lead(self, level: Floats) -> tuple[Interval, Interval]:
        """Intervals of difference and ratio of the event that hold together over the family: the union over tables."""
        ends = self._lead_of_stated(level)
        if self.unstated is None:
            return ends
        other = self.unstated
        further = replace(
            self, cases=other.cases, n=other.n, reference_cases=other.reference_cases, reference_n=other.reference_n,
            clusters=None, unstated=None, pairs=None,
        )._lead_of_stated(level)  # fmt: skip
        found = [(np.fmin(one[0], two[0]), np.fmax(one[1], two[1])) for one, two in zip(ends, further, strict=True)]
        return found[0], found[1]

    def _lead_of_stated(self, level: Floats) -> tuple[Interval, Interval]:
        if self.pairs is not None:
            both, own, other, neither = self.pairs.T
            paired = paired_gap(both, own, other, neither, 1.0 - level)
            return (paired.lower, paired.upper), paired_ratio_interval(both, own, other, neither, 1.0 - level)
        if self.clusters is not None:
            gap = cluster_gap(*self.clusters.counts(), 1.0 - level, self.clusters.rows, self.clusters.reference_rows)
            return (gap.difference_lower, gap.difference_upper), (gap.ratio_lower, gap.ratio_upper)
        counts = (self.cases, self.n, self.reference_cases, self.reference_n)
        ends = []
        for interval in (melded_difference_interval, melded_ratio_interval):
            lower, upper = interval(*counts, 1.0 - level)
            ends.append((lower.min(axis=0), upper.max(axis=0)))
        return ends[0], ends[1]

    def smallest(self, on_event: NDArray[np.bool_], level: Floats, limits: Limits, minimum_n: float) -> Interval:
        """The ratios that would have been called established, and told from none, in four of five repeats.

        NaN where more than one table is possible: what was not seen is not a matter of how many were counted.
        """
        blank = np.full(self.n.shape[1], np.nan)
        if self.clusters is not None:
            turned = self.clusters.turned(on_event)
            own = cluster_interval(turned.cases, turned.n, 1.0 - level, turned.rows).effective_n
            other = cluster_interval(turned.reference_cases, turned.reference_n, 1.0 - level, turned.reference_rows)
            counts = (other.value * other.effective_n, other.effective_n, own, level)
            return smallest_established(*counts, limits, minimum_n), smallest_told(*counts, effective=True)
        if len(self.n) > 1:
            return blank, blank
        _, n, x0, n0 = self._sides(on_event)
        return (
            smallest_established(x0[0], n0[0], n[0], level, limits, minimum_n),
            smallest_told(x0[0], n0[0], n[0], level, self.effective),
        )


def gap_tables(group: RateBasis, reference: RateBasis) -> GapTables:
    """Every pair of readings; of hidden counts the corners, since each one-sided p moves one way with each count.

    The two-sided p of point probabilities does not, so that hidden counts take twice the smaller tail.
    """
    if group.hidden is not None and reference.hidden is not None:
        able = ~group.unbounded & ~reference.unbounded
        mine, theirs = (_corners(basis.hidden, able) for basis in (group, reference) if basis.hidden is not None)
        pairs = [(*one, *other) for one, other in product(mine, theirs)]
        known = not (group.bounds | reference.bounds).any()
        pairs, effective = (pairs[:1], group.weighted) if known else (pairs, True)
    else:
        effective = group.weighted
        pairs = [
            (cases, n, cases0, n0)
            for cases, n in zip(group.cases, group.n, strict=True)
            for cases0, n0 in zip(reference.cases, reference.n, strict=True)
        ]
    cases, n, cases0, n0 = (np.array(part) for part in zip(*pairs, strict=True))
    return GapTables(cases, n, cases0, n0, effective)


def _corners(hidden: tuple[Floats, Floats, Floats, Floats], able: NDArray[np.bool_]) -> list[tuple[Floats, Floats]]:
    low, high, other_low, other_high = (np.where(able, end, np.nan) for end in hidden)
    return [(cases, cases + others) for cases, others in product((low, high), (other_low, other_high))]
