"""The widest gap between any two groups of an attribute, with an interval that holds when there is none.

The largest of many differences is biased upward, so it carries no verdict: Newcombe's interval for every
pair at a level shared among the pairs, the pair named, and a test of homogeneity beside it. Where counts are hidden it
becomes bounds, and the pair is named only where it is the same whatever the hidden counts are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from auditkit.findings.gap_records import number
from auditkit.inference import (
    EqualisedOddsGap,
    GapBounds,
    LargestGap,
    equalised_odds_gap,
    largest_gap,
    largest_gap_bounds,
    rate_bounds,
)
from auditkit.inference.count_bounds import CountBounds
from auditkit.measures import MEASURES, Measure
from auditkit.measures.rate_basis import RateBasis, rate_basis
from auditkit.measures.unseen_outcomes import needs_unseen
from auditkit.measures.view_counts import counts_behind
from auditkit.protect.released import ReleasedView
from auditkit.result import Gap
from auditkit.spec import AuditSpec

__all__ = ["EQUALISED_ODDS", "largest_gaps"]

EQUALISED_ODDS = "equalised_odds"
MOST_HIDDEN = 1000
"""Groups between which the widest gap is looked for where counts are hidden: every pair is held in memory."""


def largest_gaps(view: ReleasedView, measures: Sequence[Measure], spec: AuditSpec, analysis: str) -> Iterator[Gap]:
    """One record a rate that has a direction, and one for equalised odds (the larger of two gaps)."""
    stated = np.flatnonzero(view.everyone.stated)
    if len(stated) < 2:
        return
    if view.everyone.hidden:
        yield from _with_hidden_counts(view, stated, measures, spec, analysis)
        return
    unseen = spec.observed == "when_selected"
    keys = {measure.key for measure in measures}
    for measure in measures:
        if not measure.is_part_of_whole or measure.hurts(spec) == "context":
            continue
        basis = rate_basis(counts_behind(measure, view, spec), measure, unseen)
        if len(basis.cases) > 1:
            continue
        cases, n = basis.cases[0][stated], basis.n[0][stated]
        if np.count_nonzero(n > 0) >= 2:
            yield _record(view, stated, measure.key, largest_gap(cases, n, spec.confidence), n, spec, analysis)
    if {"true_positive_rate", "false_positive_rate"} <= keys and not unseen:
        yield from _equalised_odds(view, stated, spec, analysis)


def _equalised_odds(view: ReleasedView, stated: NDArray[np.int64], spec: AuditSpec, analysis: str) -> Iterator[Gap]:
    true, false = (
        rate_basis(counts_behind(MEASURES[key], view, spec), MEASURES[key], False)
        for key in ("true_positive_rate", "false_positive_rate")
    )
    positives, negatives = true.n[0][stated], false.n[0][stated]
    if min(np.count_nonzero(positives > 0), np.count_nonzero(negatives > 0)) < 2:
        return
    gap: EqualisedOddsGap = equalised_odds_gap(
        true.cases[0][stated], positives, false.cases[0][stated], negatives, spec.confidence
    )
    n = positives if int(gap.side) == 0 else negatives
    yield _record(view, stated, EQUALISED_ODDS, gap.gap, n, spec, analysis)


def _record(
    view: ReleasedView,
    stated: NDArray[np.int64],
    measure: str,
    gap: LargestGap,
    n: NDArray[np.float64],
    spec: AuditSpec,
    analysis: str,
) -> Gap:
    high, low = int(gap.highest), int(gap.lowest)
    groups = view.everyone.groups
    value = number(float(gap.value))
    return Gap(
        analysis=analysis, attributes=view.names, groups=groups[stated[high]], reference=groups[stated[low]],
        measure=measure, kind="largest_difference", side=None, direction="none",
        value=value, lower=number(float(gap.lower)), upper=number(float(gap.upper)), bound_lower=None, bound_upper=None,
        confidence=spec.confidence, method="newcombe_pairs", p_no_gap=number(float(gap.p_homogeneity)),
        test="chi_square", verdict=None, people=None, people_lower=None, people_upper=None,
        n=float(n[high]), n_reference=float(n[low]),
        status="computed" if value is not None else "not_computed", reason=None if value is not None else "empty_group",
        reference_rule="group", crossed=view.crossed,
    )  # fmt: skip


def _with_hidden_counts(
    view: ReleasedView, stated: NDArray[np.int64], measures: Sequence[Measure], spec: AuditSpec, analysis: str
) -> Iterator[Gap]:
    """The same records as bounds; none for a rate whose outcomes nobody saw."""
    if len(stated) > MOST_HIDDEN:
        return
    bases = {
        one.key: rate_basis(counts_behind(one, view, spec), one, False)
        for one in measures
        if one.is_part_of_whole and not (spec.observed == "when_selected" and needs_unseen(one))
    }
    for key, basis in bases.items():
        if MEASURES[key].hurts(spec) != "context" and (hidden := _hidden(basis, stated)) is not None:
            gap = largest_gap_bounds(hidden, spec.confidence)
            yield from _bounds_record(view, key, gap, _pair(hidden), stated, spec, analysis)
    sides = [_hidden(bases[key], stated) for key in ("true_positive_rate", "false_positive_rate") if key in bases]
    true, false = sides if len(sides) == 2 else (None, None)
    if true is not None and false is not None:
        both = [true, false]
        pairs = [_pairs(side) for side in both]
        levels = [1.0 - (1.0 - spec.confidence) * number / max(sum(pairs), 1.0) for number in pairs]
        gaps = [largest_gap_bounds(side, level) for side, level in zip(both, levels, strict=True)]
        fields = (
            [getattr(gap, name) for gap in gaps]
            for name in ("bound_lower", "bound_upper", "lower", "upper", "estimate")
        )
        widest = GapBounds(*(np.fmax(*ends) for ends in fields))
        yield from _bounds_record(view, EQUALISED_ODDS, widest, None, stated, spec, analysis)


def _hidden(basis: RateBasis, stated: NDArray[np.int64]) -> CountBounds | None:
    """What is known of the groups; None where one of them has no upper end."""
    if basis.hidden is None or basis.unbounded[stated].any():
        return None
    return CountBounds.of(*(end[stated] for end in basis.hidden))


def _pairs(counts: CountBounds) -> float:
    some = np.count_nonzero(counts.cases_high + counts.others_high > 0)
    return some * (some - 1) / 2


def _pair(counts: CountBounds) -> tuple[int, int] | None:
    """The groups of the highest and the lowest rate, where they are the same in every allowed table."""
    low, high = rate_bounds(counts.cases_low, counts.cases_high, counts.others_low, counts.others_high)
    if np.isnan(low).any():
        return None
    highest, lowest = int(np.argmax(low)), int(np.argmin(high))
    sure = low[highest] >= np.delete(high, highest).max() and high[lowest] <= np.delete(low, lowest).min()
    return (highest, lowest) if sure and highest != lowest else None


def _bounds_record(
    view: ReleasedView, measure: str, gap: GapBounds, pair: tuple[int, int] | None, stated: NDArray[np.int64],
    spec: AuditSpec, analysis: str,
) -> Iterator[Gap]:  # fmt: skip
    low, high = number(float(gap.bound_lower)), number(float(gap.bound_upper))
    if low is None or high is None:
        return
    known = low == high
    groups = [view.everyone.groups[stated[i]] for i in pair] if pair is not None else [(), ()]
    yield Gap(
        analysis=analysis, attributes=view.names, groups=groups[0], reference=groups[1],
        measure=measure, kind="largest_difference", side=None, direction="none",
        value=low if known else None, lower=number(float(gap.lower)), upper=number(float(gap.upper)),
        bound_lower=None if known else low, bound_upper=None if known else high,
        confidence=spec.confidence, method="newcombe_pairs" if known else "newcombe_pairs_union",
        test=None, verdict=None, people=None, people_lower=None, people_upper=None,
        n=None, n_reference=None,  status="computed" if known else "bounds",
        reference_rule="group", crossed=view.crossed,
    )  # fmt: skip
