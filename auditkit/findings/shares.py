"""Shares of one total: what part of all people, or of all people selected, is of each group."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from auditkit.findings.figures import Figures
from auditkit.findings.records import Estimate, Gap
from auditkit.findings.rows import estimates_of, span_gaps
from auditkit.findings.views import View
from auditkit.inference import multinomial_difference, rate_bounds, rate_interval_union, wilson
from auditkit.measures.counts import GroupCounts, everyone_else, parts
from auditkit.measures.table import Measure
from auditkit.spec import AuditSpec

__all__ = ["share_rows"]

Floats = NDArray[np.float64]


def share_rows(
    analysis: str, view: View, row: Measure, reference: int | None, spec: AuditSpec
) -> tuple[list[Estimate], list[Gap]]:
    """Estimates and gaps of a share: Wilson for each, the multinomial difference between two of one total."""
    counts = view.everyone
    mine = parts(counts.weights, row)[0]
    total = np.full(len(counts), mine.sum())
    size = _effective_total(counts, row)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = mine / total
    lower, upper = wilson(value * size, size, spec.confidence)
    nothing = np.full(len(counts), np.nan)
    bounds = np.zeros(len(counts), dtype=bool)
    bound_lower = bound_upper = nothing
    reason = np.full(len(counts), None, dtype=object)
    if counts.lower is not None and counts.upper is not None:
        others = everyone_else(counts)
        assert others.lower is not None
        assert others.upper is not None
        box = (parts(counts.lower, row)[0], parts(counts.upper, row)[0],
               parts(others.lower, row)[0], parts(others.upper, row)[0])  # fmt: skip
        bounds = (box[0] != box[1]) | (box[2] != box[3])
        infinite = ~np.isfinite(box[1]) | ~np.isfinite(box[3])
        reason[infinite] = "unbounded"
        box = tuple(np.where(infinite, np.nan, side) for side in box)  # type: ignore[assignment]
        bound_lower, bound_upper = rate_bounds(*box)
        lower, upper = rate_interval_union(*box, spec.confidence)
        value = np.where(bounds, np.nan, value)
    reason[(total == 0)] = "nobody_selected" if row.key == "share_of_selected" else "empty_group"
    figures = Figures(
        value, lower, upper, mine, total, np.full(len(counts), parts(counts.rows, row)[0].sum()), reason,
        "wilson_weighted" if counts.weighted else "wilson", bounds, bound_lower, bound_upper,
        (parts(counts.rows, row)[0],),
    )  # fmt: skip
    estimates = list(estimates_of(analysis, view.names, counts, row.key, figures, spec.confidence))
    return estimates, list(_gaps(analysis, view, row, reference, spec, value, size))


def _effective_total(counts: GroupCounts, row: Measure) -> Floats:
    weights, squares = parts(counts.weights, row)[0].sum(), parts(counts.squares, row)[0].sum()
    kish = weights**2 / squares if counts.weighted and squares > 0 else weights
    return np.full(len(counts), kish)


def _gaps(
    analysis: str, view: View, row: Measure, reference: int | None, spec: AuditSpec, value: Floats, size: Floats
) -> Iterator[Gap]:
    if reference is None:
        return
    cases, other = value * size, np.full(len(value), value[reference] * size[0])
    lower, upper = multinomial_difference(cases, other, size, spec.confidence)
    with np.errstate(invalid="ignore"):
        span = (value - value[reference], lower, upper)
    yield from span_gaps(analysis, view, row.key, span, parts(view.everyone.rows, row)[0], reference, spec,
                         "multinomial")  # fmt: skip
