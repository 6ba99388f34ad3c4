"""Shares of one total: what part of all people, or of all people selected, is of each group; and one over the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from auditkit.findings.gap_rows import estimates_of, span_gaps
from auditkit.findings.group_views import View
from auditkit.findings.rate_figures import Figures, rate_basis
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
from auditkit.measures import MEASURES
from auditkit.measures.group_counts import GroupCounts, everyone_else, parts
from auditkit.measures.measure_table import Measure
from auditkit.measures.unseen_outcomes import needs_unseen
from auditkit.result import Estimate, Gap
from auditkit.spec import AuditSpec

__all__ = ["representation_estimates", "share_rows"]

Floats = NDArray[np.float64]
Ends = tuple[Floats, Floats]


def share_rows(
    analysis: str, view: View, row: Measure, reference: int | None, spec: AuditSpec
) -> tuple[list[Estimate], list[Gap]]:
    """Estimates and gaps of a share: Wilson for each, the multinomial difference between two of one total.

    Where counts are hidden, bounds over what they may be; the published size of a group is used where there is one.
    """
    counts = view.everyone if row.needs == "selection" else view.counts
    mine = parts(counts.weights, row)[0]
    if spec.observed == "when_selected" and needs_unseen(row):
        mine = np.full(len(mine), np.nan)
    own = _own(counts, row)
    if own is not None:
        mine = np.where(own[0] == own[1], own[0], np.nan)
    total = np.full(len(counts), mine.sum())
    size = _effective_total(counts, row, mine)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = mine / total
    lower, upper = wilson(value * size, size, spec.confidence)
    nothing = np.full(len(counts), np.nan)
    bounds = np.zeros(len(counts), dtype=bool)
    bound_lower = bound_upper = nothing
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
    reason[(total == 0)] = "nobody_selected" if row.key == "share_of_selected" else "empty_group"
    if spec.observed == "when_selected" and needs_unseen(row):
        reason[:] = "outcome_unseen"
    people = parts(counts.rows, row)[0] if own is None else mine
    figures = Figures(
        value, lower, upper, mine, total, np.full(len(counts), people.sum()), reason,
        "wilson_weighted" if counts.weighted else "wilson", bounds, bound_lower, bound_upper,
        (people,),
    )  # fmt: skip
    estimates = list(estimates_of(analysis, view.names, counts, row.key, figures, spec.confidence))
    gaps = _gaps(analysis, view, row, reference, spec, figures, size, own) if reference is not None else ()
    return estimates, list(gaps)


def _own(counts: GroupCounts, row: Measure) -> Ends | None:
    """The fewest and most people of each group that count for a share; None where nothing is hidden."""
    if counts.lower is None or counts.upper is None:
        return None
    if row.key == "share_of_population" and counts.size_lower is not None and counts.size_upper is not None:
        return counts.size_lower, counts.size_upper
    return parts(counts.lower, row)[0], parts(counts.upper, row)[0]


def _others(own: Ends) -> Ends:
    """Everyone but each group; without an upper end where another group has none."""
    low, high = own
    finite, infinite = np.where(np.isfinite(high), high, 0.0), ~np.isfinite(high)
    return low.sum() - low, np.where(infinite.sum() - infinite > 0, np.inf, finite.sum() - finite)


def _effective_total(counts: GroupCounts, row: Measure, mine: Floats) -> Floats:
    weights, squares = mine.sum(), parts(counts.squares, row)[0].sum()
    kish = weights**2 / squares if counts.weighted and squares > 0 else weights
    return np.full(len(counts), kish)


def _gaps(
    analysis: str, view: View, row: Measure, reference: int, spec: AuditSpec, figures: Figures, size: Floats,
    own: Ends | None,
) -> Iterator[Gap]:  # fmt: skip
    value = figures.value
    cases, other = value * size, np.full(len(value), value[reference] * size[0])
    lower, upper = multinomial_difference(cases, other, size, spec.confidence)
    with np.errstate(invalid="ignore"):
        difference = value - value[reference]
    n, limits = figures.rows[0], None
    if own is not None:
        theirs = tuple(np.full(len(value), end[reference]) for end in own)
        everybody = tuple(end.sum() for end in own)
        with np.errstate(invalid="ignore"):
            rest = tuple(all_ends - mine - end for all_ends, mine, end in zip(everybody, own, theirs, strict=True))
        found = share_gap_bounds(own, (theirs[0], theirs[1]), (rest[0], rest[1]), spec.confidence)
        hidden = np.isnan(difference)
        lower, upper = np.where(hidden, found.lower, lower), np.where(hidden, found.upper, upper)
        limits = (np.where(hidden, found.bound_lower, difference), np.where(hidden, found.bound_upper, difference))
    yield from span_gaps(analysis, view, row.key, (difference, lower, upper), n, reference, spec, "multinomial",
                         reasons=figures.reason if own is not None else None, bounds=limits)  # fmt: skip


def representation_estimates(analysis: str, view: View, row: Measure, spec: AuditSpec) -> list[Estimate]:
    """How many times larger each group's share of those selected is than its share of the population.

    That is its rate over everybody's, 1 / (p + (1 - p) / R) with p its share of the population and R the ratio of its
    rate to that of the rest. It rises with R, so that the interval is the score interval of R, turned. Where counts are
    hidden, bounds if the size of every group is known; else `no_total`.
    """
    counts, selection = view.everyone, MEASURES["selection_rate"]
    mine, rest = rate_basis(counts, selection, False), rate_basis(everyone_else(counts), selection, False)
    size, other_size = mine.total, rest.total
    hidden = mine.bounds | rest.bounds
    reason = np.full(len(counts), None, dtype=object)
    if counts.size_lower is not None and counts.size_upper is not None:
        known = np.where(counts.size_lower == counts.size_upper, counts.size_lower, np.nan)
        size, other_size = known, known.sum() - known
        reason[hidden & np.isnan(other_size + size)] = "no_total"
    with np.errstate(invalid="ignore", divide="ignore"):
        share = size / (size + other_size)
        ratio = (mine.yes / size) / (rest.yes / other_size)
        ratio = np.where(hidden, np.nan, ratio)
    lower, upper = ratio_interval(mine.cases[0], mine.n[0], rest.cases[0], rest.n[0], spec.confidence)
    ends = [np.full(len(counts), np.nan)] * 2
    if mine.hidden is not None and rest.hidden is not None and hidden.any():
        able = hidden & ~mine.unbounded & ~rest.unbounded & (reason == None)  # noqa: E711
        boxes = [CountBounds.of(*(np.where(able, end, np.nan) for end in b.hidden)) for b in (mine, rest) if b.hidden]
        found = gap_bounds(boxes[0], boxes[1], spec.confidence).ratio
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
    figures = Figures(
        np.where(missing, np.nan, value), np.where(missing, np.nan, lower), np.where(missing, np.nan, upper),
        mine.yes, size, mine.rows, reason, "miettinen_nurminen", hidden,
        np.where(hidden, bound_lower, np.nan), np.where(hidden, bound_upper, np.nan),
        (mine.rows_yes, mine.rows - mine.rows_yes),
    )  # fmt: skip
    return list(estimates_of(analysis, view.names, counts, row.key, figures, spec.confidence))
