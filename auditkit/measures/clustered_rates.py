"""Rates and gaps where rows stand or fall together: the spread between clusters replaces the count of rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import cluster_gap, cluster_interval, smallest_detectable_ratio
from auditkit.measures.estimates import Estimates, Span
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
        "p_value": event.p_value,
        "smallest_detectable": _detectable((yes, no), (other(yes), other(no)), gaps, confidence),
        "test": np.array([None if np.isnan(p) else "cluster_score" for p in event.p_value], dtype=object),
        "reason": reason,
    }


def _detectable(
    mine: tuple[Floats, Floats], theirs: tuple[Floats, Floats], gaps: RateColumns, confidence: float
) -> Floats:
    """The smallest gap that would show, each group counted as the independent rows that its clusters are worth.

    A hundred people in twenty households that stand or fall together show as little as twenty people. NaN under 20
    clusters, where nothing is tested.
    """
    (yes, no), (other_yes, other_no) = mine, theirs
    size = cluster_interval(yes, yes + no, confidence, gaps["n"]).effective_n
    other_size = cluster_interval(other_yes, other_yes + other_no, confidence, gaps["n_reference"]).effective_n
    decisive = np.where(gaps["side"] == "event", other_yes.sum(axis=-1), other_no.sum(axis=-1))
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = decisive / (other_yes + other_no).sum(axis=-1)
    known = np.isfinite(size) & np.isfinite(other_size) & np.isfinite(gaps["smallest_detectable"])
    result = smallest_detectable_ratio(np.where(known, rate * other_size, np.nan), other_size, size, confidence)
    return np.where(known, result, np.nan)
