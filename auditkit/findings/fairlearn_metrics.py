"""Any metric of fairlearn, asked for by name: it sees each cell once, with its rows as the sample weight."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import signature
from typing import Any

import numpy as np

from auditkit.errors import SpecError, nearest
from auditkit.findings.gap_records import estimate_records
from auditkit.measures.estimates import Estimates
from auditkit.protect.released import GroupCounts
from auditkit.result import Estimate

__all__ = ["fairlearn_estimates"]

# true positive, false positive, false negative, true negative: outcome and selection of the four seen classes
_PLACES = (0, 1, 3, 4)
_OUTCOME = np.array([1, 0, 1, 0])
_SELECTED = np.array([1, 1, 0, 0])
# Of the four, those that a rate of fairlearn divides by: it says 0 where they are none, which is 0 over 0.
_POSITIVE, _NEGATIVE = ([0, 2], "no_positive_outcome"), ([1, 3], "no_negative_outcome")
_DIVIDES_BY = {"true_positive_rate": _POSITIVE, "false_negative_rate": _POSITIVE,
               "true_negative_rate": _NEGATIVE, "false_positive_rate": _NEGATIVE}  # fmt: skip


def fairlearn_estimates(counts: GroupCounts, key: str, confidence: float, analysis: str) -> Iterator[Estimate]:
    """The metric `fairlearn.metrics.NAME` of each group; a difference or ratio between groups gives one figure.

    Raises SpecError when fairlearn has no such metric.
    """
    import fairlearn.metrics

    name = key.rsplit(".", 1)[-1]
    named = ((n, getattr(fairlearn.metrics, n)) for n in fairlearn.metrics.__all__ if n[0].islower())
    public = [n for n, metric in named if _judges_selections(metric)]
    if name not in public:
        raise SpecError(
            'measures: fairlearn has no metric "{name}"; the nearest: {known}.', name=name, known=nearest(name, public)
        )
    metric: Any = getattr(fairlearn.metrics, name)
    weights = np.stack([counts.weights[:, place] for place in _PLACES], axis=-1)
    size = weights.sum(axis=-1)
    value = np.full(len(counts), np.nan)
    reason = np.full(len(counts), "no_outcome", dtype=object)
    if "sensitive_features" in signature(metric).parameters:
        stated = np.flatnonzero(counts.stated)
        between = metric(
            np.tile(_OUTCOME, len(stated)),
            np.tile(_SELECTED, len(stated)),
            sensitive_features=np.repeat(stated, 4),
            sample_weight=weights[stated].ravel(),
        )
        value[stated] = float(between)
    else:
        needed, why = _DIVIDES_BY.get(name, ([0, 1, 2, 3], "no_outcome"))
        reason[size > 0] = why
        for i in np.flatnonzero(weights[:, needed].sum(axis=-1) > 0):
            seen = weights[i] > 0
            if "sample_weight" in signature(metric).parameters:
                value[i] = float(metric(_OUTCOME[seen], _SELECTED[seen], sample_weight=weights[i][seen]))
            else:  # count: every row once
                rows = counts.rows[i, _PLACES].astype(int)
                value[i] = float(metric(np.repeat(_OUTCOME, rows), np.repeat(_SELECTED, rows)))
    reason[~np.isnan(value)] = None
    parts = (np.full(len(counts), np.nan), size)
    yield from estimate_records(
        analysis, counts, key, Estimates.known(value, None, size, reason, "none", parts), confidence
    )


def _judges_selections(metric: Any) -> bool:
    """Whether it takes outcomes and selections (not a plot, nor a maker of metrics)."""
    return callable(metric) and {"y_true", "y_pred"} <= signature(metric).parameters.keys()
