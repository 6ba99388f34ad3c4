"""Rates and gaps where rows stand or fall together: the spread between clusters replaces the count of rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import cluster_gap, cluster_interval
from auditkit.measures.estimates import Estimates, Span
from auditkit.measures.gap_tables import ByCluster
from auditkit.measures.measure import Measure
from auditkit.measures.rate_gaps import RateColumns
from auditkit.measures.rate_parts import parts

__all__ = ["clustered_estimates", "clustered_gaps"]

Floats = NDArray[np.float64]


def clustered_estimates(clusters: Floats, measure: Measure, rates: Estimates, confidence: float) -> Estimates:
    """The same rates with intervals over clusters (groups x clusters x 6); under 20 with rows, no interval."""
    yes, no = parts(clusters, measure)
    result = cluster_interval(yes, yes + no, confidence, rates.n)
    reason = rates.reason.copy()
    reason[(reason == None) & result.few_clusters] = "few_clusters"  # noqa: E711
    return replace(rates, lower=result.lower, upper=result.upper, method="cluster", reason=reason)


def clustered_gaps(
    clusters: Floats, measure: Measure, gaps: RateColumns, reference: int | None, confidence: float
) -> RateColumns:
    """The same gaps with intervals and tests over clusters; `reference` is None for everyone else."""
    yes, no = parts(clusters, measure)

    def other(array: Floats) -> Floats:
        return array.sum(axis=0) - array if reference is None else np.broadcast_to(array[reference], array.shape)

    rows = (gaps["n"], gaps["n_reference"])
    event = cluster_gap(yes, yes + no, other(yes), other(yes) + other(no), confidence, *rows)
    complement = cluster_gap(no, yes + no, other(no), other(yes) + other(no), confidence, *rows)
    reason = gaps["reason"].copy()
    reason[(reason == None) & event.few_clusters] = "few_clusters"  # noqa: E711
    return gaps | {
        "difference": Span.known(event.difference, event.difference_lower, event.difference_upper),
        "event": Span.known(event.ratio, event.ratio_lower, event.ratio_upper),
        "complement": Span.known(complement.ratio, complement.ratio_lower, complement.ratio_upper),
        "tables": replace(gaps["tables"], clusters=ByCluster(yes, yes + no, other(yes), other(yes) + other(no), *rows)),
        "reason": reason,
    }
