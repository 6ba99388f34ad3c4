"""Rates and gaps where rows stand or fall together: the spread between clusters replaces the count of rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import Clusters
from auditkit.counts.rollup import count_place
from auditkit.findings.calibration_bins import group_index
from auditkit.findings.group_views import View
from auditkit.findings.rate_figures import Figures
from auditkit.findings.rate_gaps import RateGaps, Span
from auditkit.inference import cluster_gap, cluster_interval, smallest_detectable_ratio
from auditkit.measures import Measure
from auditkit.measures.group_counts import parts
from auditkit.result import Estimate, Gap

__all__ = ["clustered_figures", "clustered_gaps", "without_interval"]

Record = TypeVar("Record", Estimate, Gap)

Floats = NDArray[np.float64]


def _by_cluster(clusters: Clusters, found: View, row: Measure) -> tuple[Floats, Floats]:
    """Cases and others of a rate, groups x clusters."""
    cells = clusters.cells
    where = group_index(cells, found)
    shape = (len(found.counts), clusters.count, 6)
    flat = np.ravel_multi_index((np.maximum(where, 0), clusters.cluster, count_place(cells)), shape)
    known = where >= 0
    six = np.bincount(flat[known], cells.weight[known], minlength=int(np.prod(shape))).reshape(shape)
    return parts(six.astype(np.float64), row)


def clustered_figures(clusters: Clusters, found: View, row: Measure, figures: Figures, confidence: float) -> Figures:
    """The same rates with intervals over clusters; under 20 clusters with rows, no interval."""
    yes, no = _by_cluster(clusters, found, row)
    result = cluster_interval(yes, yes + no, confidence, figures.n)
    reason = figures.reason.copy()
    reason[(reason == None) & result.few_clusters] = "few_clusters"  # noqa: E711
    return replace(figures, lower=result.lower, upper=result.upper, method="cluster", reason=reason)


def clustered_gaps(
    clusters: Clusters, found: View, row: Measure, gaps: RateGaps, reference: int | None, confidence: float
) -> RateGaps:
    """The same gaps with intervals and tests over clusters; `reference` is None for everyone else."""
    yes, no = _by_cluster(clusters, found, row)

    def other(array: Floats) -> Floats:
        return array.sum(axis=0) - array if reference is None else np.broadcast_to(array[reference], array.shape)

    rows = (gaps.n, gaps.n_reference)
    event = cluster_gap(yes, yes + no, other(yes), other(yes) + other(no), confidence, *rows)
    complement = cluster_gap(no, yes + no, other(no), other(yes) + other(no), confidence, *rows)
    nothing = np.full(len(yes), np.nan)
    reason = gaps.reason.copy()
    reason[(reason == None) & event.few_clusters] = "few_clusters"  # noqa: E711
    return replace(
        gaps,
        difference=Span(event.difference, event.difference_lower, event.difference_upper, nothing, nothing,
                        event.difference),
        event=Span(event.ratio, event.ratio_lower, event.ratio_upper, nothing, nothing, event.ratio),
        complement=Span(complement.ratio, complement.ratio_lower, complement.ratio_upper, nothing, nothing,
                        complement.ratio),
        p_value=event.p_value,
        smallest_detectable=_detectable((yes, no), (other(yes), other(no)), gaps, confidence),
        test=np.array([None if np.isnan(p) else "cluster_score" for p in event.p_value], dtype=object),
        reason=reason,
    )  # fmt: skip


def _detectable(
    mine: tuple[Floats, Floats], theirs: tuple[Floats, Floats], gaps: RateGaps, confidence: float
) -> Floats:
    """The smallest gap that would show, each group counted as the independent rows that its clusters are worth.

    A hundred people in twenty households that stand or fall together show as little as twenty people. NaN under 20
    clusters, where nothing is tested.
    """
    (yes, no), (other_yes, other_no) = mine, theirs
    size = cluster_interval(yes, yes + no, confidence, gaps.n).effective_n
    other_size = cluster_interval(other_yes, other_yes + other_no, confidence, gaps.n_reference).effective_n
    decisive = np.where(gaps.side == "event", other_yes.sum(axis=-1), other_no.sum(axis=-1))
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = decisive / (other_yes + other_no).sum(axis=-1)
    known = np.isfinite(size) & np.isfinite(other_size) & np.isfinite(gaps.smallest_detectable)
    result = smallest_detectable_ratio(np.where(known, rate * other_size, np.nan), other_size, size, confidence)
    return np.where(known, result, np.nan)


def without_interval(record: Record) -> Record:
    """A figure whose interval would take rows for independent: the value stays, the interval goes."""
    if record.lower is None and record.upper is None:
        return record
    return replace(record, lower=None, upper=None, method="none", reason=record.reason or "no_interval")
