"""Correlations of the score with other columns, asked for as `score_correlation:COLUMN`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from auditkit.protect.released import ReleasedAnalysis
from auditkit.protect.row_figures import CORRELATION
from auditkit.result import Estimate

__all__ = ["correlations"]


def correlations(analysis: ReleasedAnalysis) -> Iterator[Estimate]:
    """One estimate for everyone a correlation; Fisher's z gives the interval (more than three rows)."""
    confidence = analysis.spec.confidence
    for found in (one for one in analysis.from_rows if one.kind == CORRELATION):
        value, lower, upper = found.value, None, None
        if found.people > 3 and abs(value) < 1:
            from scipy.special import ndtri

            width = float(ndtri((1 + confidence) / 2)) / (found.people - 3) ** 0.5
            lower, upper = float(np.tanh(np.arctanh(value) - width)), float(np.tanh(np.arctanh(value) + width))
        known = not np.isnan(value)
        yield Estimate(
            analysis=analysis.key, attributes=(), groups=(), measure=found.item, value=value if known else None,
            lower=lower, upper=upper, bound_lower=None, bound_upper=None, confidence=confidence,
            method="fisher_z" if lower is not None else "none", numerator=None, denominator=None, n=found.people,
            status="computed" if known else "not_computed", reason=None if known else "no_score",
            rows=(found.people,),
        )  # fmt: skip
