"""Rates and gaps where rows stand or fall together: the spread between clusters replaces the count of rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import cluster_gap, cluster_interval, paired_gap, paired_ratio_interval
from auditkit.measures.estimates import Estimates, Span
from auditkit.measures.gap_tables import ByCluster
from auditkit.measures.measure import Measure
from auditkit.measures.rate_gaps import RateColumns
from auditkit.measures.rate_parts import parts

__all__ = ["clustered_estimates", "clustered_gaps", "paired_gaps", "with_arm_by_cluster", "with_checked_by_cluster"]

Floats = NDArray[np.float64]


def with_checked_by_cluster(clusters: Floats) -> Floats:
    """The same for a list of which the checked stand for all (groups x clusters x 6), after `with_arm_by_cluster`.

    >>> two = np.array([[[1.0, 3, 16, 0, 0, 0], [2, 2, 6, 0, 0, 0]]])
    >>> with_checked_by_cluster(two)[0, :, 0].tolist()
    [5.625, 5.625]
    """
    turned = with_arm_by_cluster(clusters[..., [3, 4, 5, 0, 1, 2]])
    return turned[..., [3, 4, 5, 0, 1, 2]]


def with_arm_by_cluster(clusters: Floats) -> Floats:
    """The counts by cluster where a random arm speaks for all unselected rows of its group (groups x clusters x 6).

    With u the unselected of a cluster, a and b those of them in the arm with and without the outcome, U and m the
    sums of u and of a + b over the group, and p the arm's share with the outcome, a cluster stands for
    u p + (U / m) (a - p (a + b)) people with the outcome and for the rest of u without: the linearised contribution to
    U p, so that the sums over clusters are the estimate itself. Source: Särndal, Swensson and Wretman, Model Assisted
    Survey Sampling (1992), section 5.5 (what is left of an estimated ratio, by cluster).

    >>> two = np.array([[[0.0, 0, 0, 1, 3, 16], [0, 0, 0, 2, 2, 6]]])
    >>> with_arm_by_cluster(two)[0, :, 3].tolist()
    [5.625, 5.625]
    """
    unselected, known = clusters[..., 3:].sum(axis=-1), clusters[..., 3:5].sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (clusters[..., 3].sum(axis=-1) / known.sum(axis=-1))[..., None]
        factor = (unselected.sum(axis=-1) / known.sum(axis=-1))[..., None]
        positive = unselected * share + factor * (clusters[..., 3] - share * known)
    result = clusters.copy()
    result[..., 3], result[..., 4], result[..., 5] = positive, unselected - positive, 0.0
    return result


def clustered_estimates(
    clusters: Floats, measure: Measure, rates: Estimates, confidence: float, rows: Floats
) -> Estimates:
    """The same rates with intervals over clusters (groups x clusters x 6); under 20 with rows, no interval.

    `rows` is how many independent rows each rate is worth at most.
    """
    yes, no = parts(clusters, measure)
    result = cluster_interval(yes, yes + no, confidence, rows)
    reason = rates.reason.copy()
    reason[(reason == None) & result.few_clusters] = "few_clusters"  # noqa: E711
    return replace(rates, lower=result.lower, upper=result.upper, method="cluster", reason=reason)


def paired_gaps(pairs: Floats, gaps: RateColumns, confidence: float) -> RateColumns:
    """The same gaps over matched pairs (groups x 4: both, only the group's, only the reference's, neither)."""
    both, own, other, neither = pairs.T
    found = paired_gap(both, own, other, neither, confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        event = (both + own) / (both + other)
        complement = (neither + other) / (neither + own)
    return gaps | {
        "difference": Span.known(found.difference, found.lower, found.upper),
        "event": Span.known(event, *paired_ratio_interval(both, own, other, neither, confidence)),
        "complement": Span.known(complement, *paired_ratio_interval(neither, other, own, both, confidence)),
        "tables": replace(gaps["tables"], pairs=pairs),
    }


def clustered_gaps(
    clusters: Floats, measure: Measure, gaps: RateColumns, reference: int | None, confidence: float,
    rows: tuple[Floats, Floats],
) -> RateColumns:  # fmt: skip
    """The same gaps with intervals and tests over clusters; `reference` is None for everyone else.

    `rows` is how many independent rows the rates of group and reference are worth at most.
    """
    yes, no = parts(clusters, measure)

    def other(array: Floats) -> Floats:
        return array.sum(axis=0) - array if reference is None else np.broadcast_to(array[reference], array.shape)

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
