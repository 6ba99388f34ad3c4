"""Shares of one total: what part of all people, or of all people selected, is of each group; and one over the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import (
    gap_bounds,
    multinomial_difference,
    rate_bounds,
    rate_interval_union,
    ratio_interval,
    wilson,
)
from auditkit.inference.count_bounds import CountBounds
from auditkit.inference.share_bounds import share_gap_bounds
from auditkit.measures.beside import untested_gaps
from auditkit.measures.estimates import Estimates, Gaps, Span
from auditkit.measures.measure import Measure, Sum, Unit
from auditkit.measures.rate_basis import rate_basis
from auditkit.measures.rate_parts import parts
from auditkit.measures.rates import Rate
from auditkit.measures.unseen_outcomes import needs_unseen
from auditkit.measures.view_counts import counts_behind, everyone_of
from auditkit.protect.released import GroupCounts, ReleasedAnalysis, ReleasedView, everyone_else
from auditkit.spec import AuditSpec

__all__ = ["Distribution", "Representation"]

Floats = NDArray[np.float64]
Ends = tuple[Floats, Floats]


@dataclass(frozen=True)
class Distribution(Measure):
    """How the people of some classes are spread over the groups: each group's share of their one total."""

    counted: Sum = ()

    @property
    def numerator(self) -> Sum:
        return self.counted

    @property
    def denominator(self) -> Sum:
        return self.counted

    @property
    def of_everyone(self) -> bool:
        return False

    def needs(self) -> frozenset[Sum]:
        return frozenset({self.counted})

    def unit(self) -> Unit:
        return "share"

    def estimate(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Estimates | None:
        return _shares(self, view, analysis.spec)[0]

    def compare(self, analysis: ReleasedAnalysis, view: ReleasedView) -> tuple[Gaps, ...]:
        """The multinomial difference between two shares of one total; over hidden counts, what they allow."""
        reference, spec = view.compared.index, analysis.spec
        if reference is None:
            return ()
        estimates, size, own = _shares(self, view, spec)
        span = _differences(estimates, size, own, reference, spec.confidence)
        n = estimates.rows[0]
        reason = estimates.reason if own is not None else np.full(len(n), None, dtype=object)
        return (untested_gaps(self.key, view, span, n, reason, self.hurts(spec), "multinomial"),)


def _shares(measure: Distribution, view: ReleasedView, spec: AuditSpec) -> tuple[Estimates, Floats, Ends | None]:
    """The share of each group with Wilson's interval, the effective total, and what hidden counts may be.

    Where counts are hidden, bounds over what they may be; the published size of a group is used where there is one.
    """
    counts = counts_behind(measure, view, spec)
    mine = parts(counts.weights, measure)[0]
    is_unseen = spec.observed == "when_selected" and needs_unseen(measure)
    if is_unseen:
        mine = np.full(len(mine), np.nan)
    own = counts.counts.of_classes(measure.counted) if counts.hidden else None
    if own is not None:
        mine = np.where(own[0] == own[1], own[0], np.nan)
    total = np.full(len(counts), mine.sum())
    size = _effective_total(counts, measure, mine)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = mine / total
    lower, upper = wilson(value * size, size, spec.confidence)
    bounds = np.zeros(len(counts), dtype=bool)
    bound_lower = bound_upper = np.full(len(counts), np.nan)
    reason = np.full(len(counts), None, dtype=object)
    if own is not None:
        others = _others(own)
        bounds = (own[0] != own[1]) | (others[0] != others[1])
        infinite = ~np.isfinite(own[1]) | ~np.isfinite(others[1])
        reason[infinite] = "unbounded"
        low, high, other_low, other_high = (np.where(infinite, np.nan, end) for end in (*own, *others))
        bound_lower, bound_upper = rate_bounds(low, high, other_low, other_high)
        lower, upper = rate_interval_union(low, high, other_low, other_high, spec.confidence)
        value = np.where(bounds, np.nan, value)
    reason[(total == 0)] = "nobody_selected" if measure.key == "share_of_selected" else "empty_group"
    if is_unseen:
        reason[:] = "outcome_unseen"
    people = parts(counts.rows, measure)[0] if own is None else mine
    method = "wilson_weighted" if counts.weighted else "wilson"
    estimates = Estimates(
        value, lower, upper, np.full(len(counts), people.sum()), reason, method, mine, total, bounds, bound_lower,
        bound_upper, (people,),
    )  # fmt: skip
    return estimates, size, own


def _others(own: Ends) -> Ends:
    """Everyone but each group; without an upper end where another group has none."""
    low, high = own
    finite, infinite = np.where(np.isfinite(high), high, 0.0), ~np.isfinite(high)
    return low.sum() - low, np.where(infinite.sum() - infinite > 0, np.inf, finite.sum() - finite)


def _effective_total(counts: GroupCounts, measure: Measure, mine: Floats) -> Floats:
    weights, squares = mine.sum(), parts(counts.squares, measure)[0].sum()
    kish = weights**2 / squares if counts.weighted and squares > 0 else weights
    return np.full(len(counts), kish)


def _differences(estimates: Estimates, size: Floats, own: Ends | None, reference: int, confidence: float) -> Span:
    value = estimates.value
    cases, other = value * size, np.full(len(value), value[reference] * size[0])
    lower, upper = multinomial_difference(cases, other, size, confidence)
    with np.errstate(invalid="ignore"):
        difference = value - value[reference]
    if own is None:
        return Span.known(difference, lower, upper)
    theirs = tuple(np.full(len(value), end[reference]) for end in own)
    everybody = tuple(end.sum() for end in own)
    with np.errstate(invalid="ignore"):
        rest = tuple(all_ends - mine - end for all_ends, mine, end in zip(everybody, own, theirs, strict=True))
    found = share_gap_bounds(own, (theirs[0], theirs[1]), (rest[0], rest[1]), confidence)
    hidden = np.isnan(difference)
    return Span(
        difference,
        np.where(hidden, found.lower, lower),
        np.where(hidden, found.upper, upper),
        np.where(hidden, found.bound_lower, difference),
        np.where(hidden, found.bound_upper, difference),
        difference,
    )


@dataclass(frozen=True)
class Representation(Measure):
    """How many times larger each group's share of those selected is than its share of the population.

    That is its rate over everybody's, 1 / (p + (1 - p) / R) with p its share of the population and R the ratio of its
    rate to that of the rest. It is a comparison by itself and is not compared again.
    """

    rate: Rate | None = None

    @property
    def of_everyone(self) -> bool:
        return False

    def needs(self) -> frozenset[Sum]:
        return frozenset() if self.rate is None else self.rate.needs()

    def unit(self) -> Unit:
        return "ratio"

    def estimate(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Estimates | None:
        assert self.rate is not None
        return _representation(everyone_of(view, analysis.spec), self.rate, analysis.spec.confidence)

    def compare(self, analysis: ReleasedAnalysis, view: ReleasedView) -> tuple[Gaps, ...]:
        return ()


def _representation(counts: GroupCounts, measure: Rate, confidence: float) -> Estimates:
    """It rises with R, so that its interval is the score interval of R, turned. Where counts are hidden, bounds if the
    size of every group is known; else `no_total`.
    """
    mine, rest = rate_basis(counts, measure, False), rate_basis(everyone_else(counts), measure, False)
    size, other_size = mine.total, rest.total
    hidden = mine.bounds | rest.bounds
    reason = np.full(len(counts), None, dtype=object)
    if counts.hidden:
        known = counts.people
        size, other_size = known, known.sum() - known
        reason[hidden & np.isnan(other_size + size)] = "no_total"
    with np.errstate(invalid="ignore", divide="ignore"):
        share = size / (size + other_size)
        ratio = (mine.yes / size) / (rest.yes / other_size)
        ratio = np.where(hidden, np.nan, ratio)
    lower, upper = ratio_interval(mine.cases[0], mine.n[0], rest.cases[0], rest.n[0], confidence)
    ends = [np.full(len(counts), np.nan)] * 2
    if mine.hidden is not None and rest.hidden is not None and hidden.any():
        able = hidden & ~mine.unbounded & ~rest.unbounded & (reason == None)  # noqa: E711
        boxes = [CountBounds.of(*(np.where(able, end, np.nan) for end in b.hidden)) for b in (mine, rest) if b.hidden]
        found = gap_bounds(boxes[0], boxes[1], confidence).ratio
        ends = [found.bound_lower, found.bound_upper]
        lower, upper = np.where(hidden, found.lower, lower), np.where(hidden, found.upper, upper)
        reason[mine.unbounded | rest.unbounded] = "unbounded"

    def turned(against_rest: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(against_rest == 0, 0.0, 1.0 / (share + (1.0 - share) / against_rest))

    value, lower, upper, bound_lower, bound_upper = (turned(end) for end in (ratio, lower, upper, *ends))
    reason[np.isnan(value) & ~hidden] = "nobody_selected"
    reason[~hidden & (size == 0)] = "empty_group"
    missing = np.array([r is not None for r in reason], dtype=bool)
    return Estimates(
        value=np.where(missing, np.nan, value),
        lower=np.where(missing, np.nan, lower),
        upper=np.where(missing, np.nan, upper),
        n=mine.rows,
        reason=reason,
        method="miettinen_nurminen",
        numerator=mine.yes,
        denominator=size,
        bounds=hidden,
        bound_lower=np.where(hidden, bound_lower, np.nan),
        bound_upper=np.where(hidden, bound_upper, np.nan),
        rows=(mine.rows_yes, mine.rows - mine.rows_yes),
    )
