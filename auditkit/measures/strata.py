"""Does a gap remain among like cases? Within the strata that someone may claim are legitimate, put together again.

A gap that shrinks within strata is described, not excused: whether the factor is legitimate is a question of law.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import (
    LEAST_OVERLAP,
    clustered_strata,
    conditional_disparity,
    mantel_haenszel_ratio,
    standardised_difference,
)
from auditkit.measures.beside import beside, has_reference, untested_gaps
from auditkit.measures.estimates import Estimates, Gaps, Span
from auditkit.measures.measure import Measure, Sum, Unit
from auditkit.measures.view_counts import everyone_of
from auditkit.protect.released import (
    CLASSES,
    NOT_SELECTED,
    NOT_STATED,
    SELECTED,
    GroupCounts,
    ReleasedAnalysis,
    ReleasedView,
)
from auditkit.spec import AuditSpec

__all__ = ["STRATA_MEASURES", "STRATUM", "WithinStrata"]

Floats = NDArray[np.float64]
Way = Literal["conditional", "standardised", "mantel_haenszel", "mantel_haenszel_odds"]

STRATA_MEASURES = (
    "conditional_disparity",
    "standardised_selection_rate_difference",
    "mantel_haenszel_ratio",
    "mantel_haenszel_odds_ratio",
)
"""Measures within strata; the files name them MEASURE:STRATUM."""

STRATUM = "stratum:"
"""What leads the name of a stratum among the counts that withholding is given."""


@dataclass(frozen=True)
class WithinStrata(Measure):
    """The selection of a group beside that of its reference, stratum by stratum, put together in one figure."""

    way: Way = "conditional"

    @property
    def of_everyone(self) -> bool:
        return False

    def needs(self) -> frozenset[Sum]:
        return frozenset()

    def unit(self) -> Unit:
        return "other"

    def estimate(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Estimates | None:
        return None

    def compare(self, analysis: ReleasedAnalysis, view: ReleasedView) -> tuple[Gaps, ...]:
        """The figure of every group for every stratum that is linked to its attribute."""
        if not has_reference(view):
            return ()
        spec = analysis.spec
        everyone = everyone_of(view, spec)
        n, worth = everyone.rows.sum(axis=-1), _worth(everyone)
        gaps = []
        for place, counts in enumerate(view.strata):
            if self.way == "mantel_haenszel" and view.strata_clusters:
                gaps.append(self._over_clusters(view, counts, view.strata_clusters[place], n, spec))
                continue
            if self.way == "mantel_haenszel" and counts.hidden and not everyone.weighted:
                gaps.append(self._of_hidden(view, counts, n, spec))
                continue
            selected, total = (worth * part for part in _by_stratum(everyone, counts))
            span, method = _figure(self.way, selected, total, view, spec)
            reason = np.full(len(n), None, dtype=object)
            key = f"{self.key}:{counts.names[1]}"
            is_ratio = self.way.startswith("mantel_haenszel")
            sides = (selected, total, beside(view, selected), beside(view, total))
            mine, theirs, enough = _alike(sides, n)
            reason[~enough] = "little_overlap"
            reason[mine == 0] = "no_like_cases"
            found = untested_gaps(key, view, _shown(span, enough), mine, reason, self.hurts(spec), method, is_ratio)
            decides = self.way == "mantel_haenszel"
            gaps.append(replace(found, n_reference=theirs, by_stratum=sides if decides else None))
        return tuple(gaps)

    def _of_hidden(self, view: ReleasedView, counts: GroupCounts, n: Floats, spec: AuditSpec) -> Gaps:
        """The ratio of every group where counts are hidden: over the tables at the ends of what they may be.

        The ratio rises with each selected person of the group and falls with each of the reference, so that its ends
        are at these; a group of which the people of a stratum are not known to the digit has no figure.
        """
        low, high, total = _ends_by_stratum(view.everyone, counts)
        other = (beside(view, low), beside(view, high), beside(view, total))
        ends = [(mine, total, theirs, other[2]) for mine in (low, high) for theirs in (other[1], other[0])]
        found = [mantel_haenszel_ratio(x, size - x, x0, size0 - x0, spec.confidence) for x, size, x0, size0 in ends]
        values = np.array([one.rate_ratio for one in found])
        lower = np.array([one.rate_ratio_lower for one in found]).min(axis=0)
        upper = np.array([one.rate_ratio_upper for one in found]).max(axis=0)
        least, most = values.min(axis=0), values.max(axis=0)
        known = np.where(least == most, least, np.nan)
        mine, theirs, enough = _alike(ends[0], n)
        reason = np.full(len(n), None, dtype=object)
        reason[~enough] = "little_overlap"
        reason[mine == 0] = "no_like_cases"
        reason[np.isnan(total).any(axis=-1) | np.isnan(other[2]).any(axis=-1)] = None
        span = _shown(Span(known, lower, upper, least, most, np.clip(1.0, least, most)), enough)
        key = f"{self.key}:{counts.names[1]}"
        gaps = untested_gaps(key, view, span, mine, reason, self.hurts(spec), "greenland_robins", True)
        return replace(gaps, n_reference=theirs, by_stratum=ends[0], by_stratum_ends=tuple(ends))

    def _over_clusters(
        self, view: ReleasedView, counts: GroupCounts, clusters: Floats, n: Floats, spec: AuditSpec
    ) -> Gaps:
        """The ratio of every group, linearised over clusters."""
        selected, total = _by_stratum_and_cluster(view.everyone, counts, clusters)
        sides = (selected, total, beside(view, selected), beside(view, total))
        found = clustered_strata(*sides, 0.05, confidence=spec.confidence)
        whole = tuple(side.sum(axis=-1) for side in sides)
        mine, theirs, enough = _alike((whole[0], whole[1], whole[2], whole[3]), n)
        reason = np.full(len(n), None, dtype=object)
        reason[found.few_clusters] = "few_clusters"
        reason[~enough] = "little_overlap"
        reason[mine == 0] = "no_like_cases"
        key = f"{self.key}:{counts.names[1]}"
        span = _shown(Span.known(found.ratio, found.lower, found.upper), enough)
        gaps = untested_gaps(key, view, span, mine, reason, self.hurts(spec), "cluster", True)
        return replace(gaps, n_reference=theirs, by_stratum=sides)


def _ends_by_stratum(everyone: GroupCounts, counts: GroupCounts) -> tuple[Floats, Floats, Floats]:
    """The fewest and most people selected, and the people (NaN where not known to the digit), groups x strata."""
    strata = sorted({group[1] for group in counts.groups if group[1] != NOT_STATED})
    place = {group: i for i, group in enumerate(counts.groups)}
    (people, most), (low, high) = (counts.counts.of_classes(CLASSES[at] for at in ats) for ats in (range(6), SELECTED))
    total = np.zeros((len(everyone), len(strata)))
    fewest, largest = np.zeros_like(total), np.zeros_like(total)
    for i, (value,) in enumerate(everyone.groups):
        for j, stratum in enumerate(strata):
            if (at := place.get((value, stratum))) is not None:
                exact = people[at] == most[at]
                total[i, j] = people[at] if exact else np.nan
                fewest[i, j], largest[i, j] = (low[at], min(high[at], people[at])) if exact else (np.nan, np.nan)
    least, most = (end[:, None] for end in everyone.counts.of_classes(CLASSES[at] for at in SELECTED))
    others = largest.sum(axis=-1, keepdims=True) - largest, fewest.sum(axis=-1, keepdims=True) - fewest
    whole = np.isclose(total.sum(axis=-1), everyone.people)[:, None]  # nobody is in a stratum that is not stated
    fewest = np.where(whole, np.fmax(fewest, least - others[0]), fewest)
    largest = np.where(whole, np.fmin(largest, most - others[1]), largest)
    return fewest, largest, total


def _by_stratum_and_cluster(everyone: GroupCounts, counts: GroupCounts, clusters: Floats) -> tuple[Floats, Floats]:
    """People selected and people, groups x strata x clusters; strata that are not stated are left out."""
    strata = sorted({group[1] for group in counts.groups if group[1] != NOT_STATED})
    place = {group: i for i, group in enumerate(counts.groups)}
    total = np.zeros((len(everyone), len(strata), clusters.shape[1]))
    selected = np.zeros_like(total)
    for i, (value,) in enumerate(everyone.groups):
        for j, stratum in enumerate(strata):
            if (at := place.get((value, stratum))) is not None:
                selected[i, j], total[i, j] = clusters[at][:, SELECTED].sum(axis=-1), clusters[at].sum(axis=-1)
    return selected, total


def _alike(sides: tuple[Floats, Floats, Floats, Floats], n: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """The people of group and reference in strata that hold both, and whether they are half the group or more."""
    _, total, _, other_total = sides
    both = (total > 0) & (other_total > 0)
    mine, theirs = (np.where(both, part, 0.0).sum(axis=-1) for part in (total, other_total))
    return mine, theirs, np.asarray(~(mine < LEAST_OVERLAP * total.sum(axis=-1)) & (mine > 0))


def _shown(span: Span, enough: NDArray[np.bool_]) -> Span:
    """A summary speaks for no group of which fewer than half have like cases."""
    parts = (getattr(span, one.name) for one in fields(Span))
    return Span(*(np.where(enough, part, np.nan) for part in parts))


def _figure(way: Way, selected: Floats, total: Floats, view: ReleasedView, spec: AuditSpec) -> tuple[Span, str]:
    other, other_total = beside(view, selected), beside(view, total)
    if way == "conditional":
        adverse, favourable = selected, total - selected
        if spec.system.harm == "assistive":
            adverse, favourable = favourable, adverse
        disparity = conditional_disparity(
            adverse, favourable, adverse.sum(axis=0), favourable.sum(axis=0), spec.confidence
        )
        return Span.known(disparity.value, disparity.lower, disparity.upper), "mover"
    if way == "standardised":
        apart = standardised_difference(selected, total, other, other_total, total.sum(axis=0), spec.confidence)
        return Span.known(apart.value, apart.lower, apart.upper), "mover"
    common = mantel_haenszel_ratio(selected, total - selected, other, other_total - other, spec.confidence)
    if way == "mantel_haenszel":
        ends = (common.rate_ratio, common.rate_ratio_lower, common.rate_ratio_upper)
        return Span.known(*ends), "greenland_robins"
    ends = (common.odds_ratio, common.odds_ratio_lower, common.odds_ratio_upper)
    return Span.known(*ends), "robins_breslow_greenland"


def _worth(everyone: GroupCounts) -> float:
    """How many unweighted rows a unit of weight is worth, in the group where it is least: W / W2; 1 without weights.

    One number for all, so that the figures stay and only the intervals widen.
    """
    if not everyone.weighted:
        return 1.0
    weight, squared = everyone.weights.sum(axis=-1), everyone.squares.sum(axis=-1)
    return float(np.min(weight[weight > 0] / squared[weight > 0], initial=np.inf)) if (weight > 0).any() else 1.0


def _by_stratum(everyone: GroupCounts, counts: GroupCounts) -> tuple[Floats, Floats]:
    """People selected and people, groups x strata; strata that are not stated are left out."""
    strata = sorted({group[1] for group in counts.groups if group[1] != NOT_STATED})
    place = {group: i for i, group in enumerate(counts.groups)}
    yes, no = counts.weights[..., SELECTED].sum(axis=-1), counts.weights[..., NOT_SELECTED].sum(axis=-1)
    selected = np.zeros((len(everyone), len(strata)))
    total = np.zeros_like(selected)
    for i, (value,) in enumerate(everyone.groups):
        for j, stratum in enumerate(strata):
            if (at := place.get((value, stratum))) is not None:
                selected[i, j], total[i, j] = yes[at], yes[at] + no[at]
    return selected, total
