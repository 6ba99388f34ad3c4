"""Rates, and odds of counts: a part of the six classes of a group over the whole, or over the rest of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import people_under_capacity
from auditkit.measures.burden_gaps import odds_estimates, odds_gaps
from auditkit.measures.clustered_rates import (
    clustered_estimates,
    clustered_gaps,
    paired_gaps,
    with_arm_by_cluster,
    with_checked_by_cluster,
)
from auditkit.measures.estimates import Estimates, Gaps
from auditkit.measures.measure import Measure, Sum, Unit
from auditkit.measures.rate_basis import RateBasis, rate_basis, rate_estimates
from auditkit.measures.rate_gaps import RateColumns, rate_gaps_together
from auditkit.measures.unseen_outcomes import needs_unseen
from auditkit.measures.unstated_people import allocated, rate_ranges, unstated_readings, with_unstated
from auditkit.measures.view_counts import counts_behind
from auditkit.protect.released import SELECTED, GroupCounts, ReleasedAnalysis, ReleasedView, everyone_else, take
from auditkit.spec import AuditSpec

__all__ = ["STAGE_MEASURE", "PassingRate", "Rate", "RatioOfCounts", "compare_together"]

Floats = NDArray[np.float64]

STAGE_MEASURE = "passing_rate"
"""The files name a stage's measure `passing_rate:1`, by its number from 1."""

Pairing = tuple[RateBasis, RateBasis, str, Callable[[RateColumns], Gaps]]
"""A rate of every group, that of its reference, which end hurts, and what makes gaps of the two once compared."""


@dataclass(frozen=True)
class Rate(Measure):
    """A part of a whole, both sums of the six classes: complement, bounds and interval follow from the two alone."""

    counted: Sum = ()
    among: Sum = ()

    @property
    def numerator(self) -> Sum:
        return self.counted

    @property
    def denominator(self) -> Sum:
        return self.among

    @property
    def is_part_of_whole(self) -> bool:
        return bool(self.among)

    def needs(self) -> frozenset[Sum]:
        return frozenset({self.counted, tuple(name for name in self.among if name not in self.counted)})

    def unit(self) -> Unit:
        return "share"

    def estimate(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Estimates | None:
        basis, estimates = _estimated(self, analysis.spec, view)
        return _with_ranges(self, analysis, view, basis, estimates)

    def compare(self, analysis: ReleasedAnalysis, view: ReleasedView) -> tuple[Gaps, ...]:
        return compare_together(analysis, [(self, view)])[0]

    def pairings(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Iterator[Pairing]:
        """The rates beside those of their reference; nothing where the reference has nobody."""
        spec = analysis.spec
        basis, estimates = _estimated(self, spec, view)
        counts = counts_behind(self, view, spec)
        clusters = _clusters(self, view, basis, spec)
        unstated = _unstated(self, analysis, view)
        yield from _pairing(self, spec, view, counts, basis, estimates, clusters, unstated)


@dataclass(frozen=True)
class RatioOfCounts(Measure):
    """One class over another, that is the odds of a rate: people selected wrongly for each one selected rightly."""

    rate: Rate | None = None

    @property
    def base(self) -> Rate:
        """The rate whose odds it is."""
        assert self.rate is not None
        return self.rate

    @property
    def numerator(self) -> Sum:
        return self.base.numerator

    @property
    def denominator(self) -> Sum:
        return tuple(name for name in self.base.denominator if name not in self.base.numerator)

    def needs(self) -> frozenset[Sum]:
        return self.base.needs()

    def unit(self) -> Unit:
        return "ratio"

    def estimate(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Estimates | None:
        return odds_estimates(_estimated(self.base, analysis.spec, view)[1])

    def compare(self, analysis: ReleasedAnalysis, view: ReleasedView) -> tuple[Gaps, ...]:
        return compare_together(analysis, [(self, view)])[0]

    def pairings(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Iterator[Pairing]:
        """The odds beside those of their reference."""
        spec = analysis.spec
        basis, estimates = _estimated(self.base, spec, view)
        counts = counts_behind(self.base, view, spec)
        mine = odds_estimates(estimates)
        for group, reference, hurts, finish in _pairing(
            self, spec, view, counts, basis, mine, None, _unstated(self.base, analysis, view)
        ):
            theirs = odds_estimates(rate_estimates(reference, spec.confidence))

            def of_odds(
                columns: RateColumns,
                group: RateBasis = group,
                reference: RateBasis = reference,
                theirs: Estimates = theirs,
                finish: Callable[[RateColumns], Gaps] = finish,
            ) -> Gaps:
                changed = odds_gaps(columns, group, reference, mine, theirs, spec.confidence)
                return replace(
                    finish(changed), methods=("odds_ratio", "odds_ratio"), people=np.full(len(group.total), np.nan)
                )

            yield group, reference, hurts, of_odds


@dataclass(frozen=True)
class PassingRate(Rate):
    """Of those of a group who reached a stage of the chain, the part that passed it: each stage by itself.

    A gap at a late stage concerns only those whom the stages before let through. Values stand among the points of the
    charts; here are the gaps. A stage has a test of its own.
    """

    @property
    def is_part_of_whole(self) -> bool:
        return False  # of a stage, not of the group

    @property
    def of_everyone(self) -> bool:
        return False

    def needs(self) -> frozenset[Sum]:
        return frozenset()

    def estimate(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Estimates | None:
        return None

    def pairings(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Iterator[Pairing]:
        """Every stage of the chain."""
        for number, counts in enumerate(view.stages, start=1):
            key = f"{self.key}:{number}"
            stage = replace(self, key=key, hypothesis=key)
            basis = _reached(rate_basis(counts, stage, False))
            estimates = rate_estimates(basis, analysis.spec.confidence)
            yield from _pairing(stage, analysis.spec, view, counts, basis, estimates, None)


def compare_together(
    analysis: ReleasedAnalysis, wanted: Sequence[tuple[Measure, ReleasedView]]
) -> list[tuple[Gaps, ...]]:
    """The gaps of many measures in many views: rates go through the formulas as one long array, the rest by itself."""
    pairings: list[list[Pairing] | None] = [
        list(measure.pairings(analysis, view)) if isinstance(measure, (Rate, RatioOfCounts)) else None
        for measure, view in wanted
    ]
    flat = [pairing for one in pairings if one is not None for pairing in one]
    compared = iter(
        rate_gaps_together([pair[:2] for pair in flat], [pair[2] for pair in flat], analysis.spec.confidence)
    )
    return [
        measure.compare(analysis, view) if one is None else tuple(finish(next(compared)) for *_, finish in one)
        for (measure, view), one in zip(wanted, pairings, strict=True)
    ]


def _estimated(rate: Rate, spec: AuditSpec, view: ReleasedView) -> tuple[RateBasis, Estimates]:
    """What a rate of every group rests on, and the rate itself; over clusters where rows come in them."""
    basis = rate_basis(counts_behind(rate, view, spec), rate, spec.observed == "when_selected")
    estimates = rate_estimates(basis, spec.confidence)
    clusters = _clusters(rate, view, basis, spec)
    if clusters is not None:
        rows = _worth_at_most(basis, estimates.n, spec)
        estimates = clustered_estimates(clusters, rate, estimates, spec.confidence, rows)
    return basis, estimates


def _clusters(rate: Rate, view: ReleasedView, basis: RateBasis, spec: AuditSpec) -> Floats | None:
    """The counts by cluster that a rate rests on; None where rows are independent, or no method is known."""
    if view.clusters is None or len(basis.cases) > 1 or (spec.arm is not None and spec.arm.population is not None):
        return None
    reweighted = spec.arm is not None and rate.data == "outcome" and needs_unseen(rate)
    if spec.checked is not None and rate.data == "outcome":
        clusters = with_checked_by_cluster(view.clusters)
        return with_arm_by_cluster(clusters) if reweighted else clusters
    return with_arm_by_cluster(view.clusters) if reweighted else view.clusters


def _worth_at_most(basis: RateBasis, rows: Floats, spec: AuditSpec) -> Floats:
    """How many independent rows a rate is worth: where an arm speaks for others, fewer than stand behind it."""
    return rows if spec.arm is None else np.fmin(rows, basis.n[0])


def _pairing(
    measure: Rate | RatioOfCounts, spec: AuditSpec, view: ReleasedView, counts: GroupCounts, basis: RateBasis,
    estimates: Estimates, clusters: Floats | None, unstated: Sequence[tuple[float, float]] = (),
) -> Iterator[Pairing]:  # fmt: skip
    rule, index = view.compared.rule, view.compared.index
    rate = measure.base if isinstance(measure, RatioOfCounts) else measure
    if rule == "highest_rate":
        able = np.where(counts.stated, np.nan_to_num(estimates.value, nan=-1.0), -1.0)
        index = int(np.argmax(able)) if len(able) else None
    if rule != "rest" and index is None:
        return
    unseen = spec.observed == "when_selected" and not isinstance(measure, PassingRate)
    capped = is_capped(spec) and measure.key == "selection_rate" and not view.crossed
    held = held_people(counts, view, spec) if capped else None
    theirs = rate_basis(everyone_else(counts) if rule == "rest" else take(counts, index or 0), rate, unseen)

    compared_at = counts.stated & (np.arange(len(counts)) != (-1 if index is None else index))
    of_population = spec.arm is not None and spec.arm.population is not None  # rows are not its people, nor are pairs
    pairs = view.pairs if measure.key == "selection_rate" and rule != "highest_rate" and not of_population else None
    pairs = None if pairs is None or np.isnan(pairs[compared_at]).any() else pairs

    def finish(columns: RateColumns) -> Gaps:
        if clusters is not None:
            rows = (
                _worth_at_most(basis, columns["n"], spec),
                _worth_at_most(theirs, columns["n_reference"], spec),
            )
            columns = clustered_gaps(clusters, rate, columns, index, spec.confidence, rows)
        method = ("newcombe", "miettinen_nurminen") if clusters is None else ("cluster", "cluster")
        if pairs is not None:
            columns, method = paired_gaps(pairs, columns, spec.confidence), ("paired", "paired")
        if unstated and rule != "highest_rate":
            factor = spec.unstated.factor
            tables = allocated(basis, theirs, unstated, compared_at, rule == "rest", factor)
            columns = columns if tables is None else with_unstated(columns, tables, spec.confidence)
        return Gaps(
            measure=measure.key, compared=view.compared, index=index, methods=method, stated=counts.stated,
            hurts=measure.hurts(spec), hypothesis=measure.hypothesis, held=held,
            people=np.full(len(counts), np.nan) if is_capped(spec) else estimates.denominator, **columns,
        )  # fmt: skip

    yield basis, theirs, measure.hurts(spec), finish


def is_capped(spec: AuditSpec) -> bool:
    """Whether a fixed number of people is selected, so that one more is one less elsewhere."""
    return spec.selected is not None and (spec.selected.top is not None or spec.selected.top_share is not None)


def held_people(counts: GroupCounts, view: ReleasedView, spec: AuditSpec) -> tuple[Floats, Floats, Floats]:
    """How many more of each group are selected than if the same number were at one rate; 0 over all groups.

    Where each office has its own number of places, within each and added up; the ends by square-and-add. Offices of
    which a count is withheld leave no number.
    """
    if spec.selected is not None and spec.selected.places is not None:
        return _held_by_office(counts, view, spec.selected.places.by, spec)
    selected, n = counts.weights[..., SELECTED].sum(axis=-1), counts.weights.sum(axis=-1)
    people, lower, upper = people_under_capacity(selected, n)
    blank = np.full(len(counts), np.nan)
    return (people, blank, blank) if counts.weighted else (people, lower, upper)


def _held_by_office(counts: GroupCounts, view: ReleasedView, by: str, spec: AuditSpec) -> tuple[Floats, Floats, Floats]:
    blank = np.full(len(counts), np.nan)
    declared = {name for name, one in spec.strata.items() if one.column == by and one.bins is None}
    offices = view.offices or next((one for one in view.strata if one.names[1] in declared), None)
    if offices is None or offices.hidden or counts.weighted:
        return blank, blank, blank
    names = sorted({group[1] for group in offices.groups})
    place = {group: at for at, group in enumerate(counts.groups)}
    six = np.zeros((len(names), len(counts), 6))
    for (group, office), row in zip(offices.groups, offices.rows, strict=True):
        if (group,) in place:
            six[names.index(office), place[group,]] = row
    people, lower, upper = people_under_capacity(six[..., SELECTED].sum(axis=-1), six.sum(axis=-1), spec.confidence)
    value = np.nansum(people, axis=0)
    below, above = (np.sqrt(np.nansum((people - end) ** 2, axis=0)) for end in (lower, upper))
    return value, value - below, value + above


def _unstated(rate: Rate, analysis: ReleasedAnalysis, view: ReleasedView) -> list[tuple[float, float]]:
    """The cases and people who stated no group of a view, in each reading."""
    spec = analysis.spec
    everyone = None if analysis.everyone is None else analysis.everyone
    total = None if everyone is None or not len(everyone.everyone) else counts_behind(rate, everyone, spec)
    return unstated_readings(rate, counts_behind(rate, view, spec), total, spec.observed == "when_selected")


def _with_ranges(
    rate: Rate, analysis: ReleasedAnalysis, view: ReleasedView, basis: RateBasis, estimates: Estimates
) -> Estimates:
    unstated = _unstated(rate, analysis, view) if len(view.names) else []
    if not unstated:
        return estimates
    stated = counts_behind(rate, view, analysis.spec).stated
    return replace(estimates, ranges=rate_ranges(basis, unstated, stated, analysis.spec.unstated.factor))


def _reached(basis: RateBasis) -> RateBasis:
    """The basis of a stage's rate: a group without anybody is one of which nobody reached the stage."""
    reason = basis.reason.copy()
    reason[reason == "empty_group"] = "nobody_reached"
    return replace(basis, reason=reason)
