"""Correlations of the score with other columns, asked for as `score_correlation:COLUMN`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from auditkit.counts.count_table import Tabulation
from auditkit.result import Estimate
from auditkit.spec import AuditSpec

__all__ = ["correlations"]


def correlations(tabulation: Tabulation, spec: AuditSpec, analysis: str) -> Iterator[Estimate]:
    """One estimate for everyone a correlation; Fisher's z gives the interval (more than three rows)."""
    for key, found in sorted(tabulation.facts.get("correlations", {}).items()):
        value, lower, upper = found.value, None, None
        if found.rows > 3 and abs(value) < 1:
            from scipy.special import ndtri

            width = float(ndtri((1 + spec.confidence) / 2)) / (found.rows - 3) ** 0.5
            lower, upper = float(np.tanh(np.arctanh(value) - width)), float(np.tanh(np.arctanh(value) + width))
        known = not np.isnan(value)
        yield Estimate(
            analysis=analysis, attributes=(), groups=(), measure=key, value=value if known else None,
            lower=lower, upper=upper, bound_lower=None, bound_upper=None, confidence=spec.confidence,
            method="fisher_z" if lower is not None else "none", numerator=None, denominator=None, n=found.rows,
            status="computed" if known else "not_computed", reason=None if known else "no_score",
            rows=(found.rows,),
        )  # fmt: skip
