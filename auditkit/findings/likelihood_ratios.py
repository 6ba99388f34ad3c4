"""Quotients of two rates (likelihood ratios): no closed form is trusted, so cells are drawn again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from auditkit.findings.rate_figures import Figures
from auditkit.inference import bootstrap
from auditkit.measures import MEASURES, Measure
from auditkit.measures.group_counts import GroupCounts, rate
from auditkit.spec import AuditSpec

__all__ = ["quotient_figures"]

Floats = NDArray[np.float64]

_PARTS = {
    "positive_likelihood_ratio": ("true_positive_rate", "false_positive_rate"),
    "negative_likelihood_ratio": ("false_negative_rate", "true_negative_rate"),
}


def quotient_figures(counts: GroupCounts, row: Measure, spec: AuditSpec, analysis: str) -> Figures:
    """The quotient of each group with a percentile interval over replicates of its own cells."""
    top, bottom = (MEASURES[key] for key in _PARTS[row.key])

    def quotient(six: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            result = rate(six, top) / rate(six, bottom)
        return np.where(np.isfinite(result), result, np.nan)

    blank = np.full(len(counts), np.nan)
    lower, upper = blank.copy(), blank.copy()
    value = quotient(counts.weights) if spec.observed != "when_selected" and counts.lower is None else blank
    reason = np.full(len(counts), None, dtype=object)
    for i in np.flatnonzero(~np.isnan(value)):
        key = "|".join((analysis, *counts.names, *counts.groups[i], row.key))
        drawn = bootstrap(
            np.eye(6), quotient, counts.weights[i], counts.squares[i],
            spec.bootstrap.replicates, spec.bootstrap.seed, key, spec.confidence,
        )  # fmt: skip
        lower[i], upper[i] = drawn.lower, drawn.upper
        if not bool(drawn.computed):
            reason[i] = "undefined_replicates"
    reason[np.isnan(value)] = "outcome_unseen" if spec.observed == "when_selected" else "no_denominator"
    seen = counts.rows[:, [0, 1, 3, 4]]
    return Figures(value, lower, upper, blank, blank, seen.sum(axis=-1), reason, "bootstrap",
                   np.zeros(len(counts), dtype=bool), blank, blank, tuple(seen.T))  # fmt: skip
