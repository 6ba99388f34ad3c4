"""How far apart the groups' errors are at each threshold: largest to smallest, to the geometric mean, and Gini."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from auditkit.inference.verification_errors import gini, largest_to_middle, largest_to_smallest, spread_interval
from auditkit.protect.released import Released, ReleasedView
from auditkit.result import KindFigure
from auditkit.spec.kinds.verification import threshold_name

__all__ = ["figures_of_counts"]

_ERRORS = {"false_match": (("false_positive",), ("false_positive", "true_negative")),
           "false_non_match": (("false_negative",), ("false_negative", "true_positive"))}  # fmt: skip


def figures_of_counts(released: Released) -> Iterator[KindFigure]:
    """Of each attribute, at each threshold, for both errors, over the groups that are stated and have such pairs."""
    asked = released.audit.verification
    assert asked is not None
    by_key = {one.key: one for one in released.analyses}
    for place, threshold in enumerate(asked.thresholds):
        analysis = by_key.get(threshold_name(asked.thresholds, place))
        if analysis is None:
            continue
        options = analysis.spec.weight is not None or analysis.spec.cluster is not None
        for view in analysis.views:
            if not view.crossed and len(view.everyone):
                for error in _ERRORS:
                    yield from _spread(view, error, f"{threshold:g}", options, analysis.spec.confidence)


def _spread(view: ReleasedView, error: str, level: str, options: bool, confidence: float) -> Iterator[KindFigure]:
    cases, n = (view.everyone.counts.of_classes(classes) for classes in _ERRORS[error])
    stated = view.everyone.stated
    known = bool((cases[0] == cases[1])[stated].all() and (n[0] == n[1])[stated].all())
    there = stated & (n[0] > 0)
    reason = "pair_of_options" if options else "withheld" if not known else "few_cases" if there.sum() < 2 else None
    x, size = cases[0][there], n[0][there]
    for item, middle in (("largest_to_smallest", False), ("largest_to_geometric_mean", True), ("gini", None)):
        value, lower, upper, method = np.nan, np.nan, np.nan, "none"
        if reason is None and middle is None:
            value = gini(x / size)
        elif reason is None:
            value = (largest_to_middle if middle else largest_to_smallest)(x / size)
            lower, upper = spread_interval(x, size, bool(middle), confidence)
            method = "wilson_together"
        missing = reason or ("reference_zero" if not np.isfinite(value) else None)
        yield KindFigure(
            "verification", f"{error}_{item}", view.names, (), float(value) if np.isfinite(value) else None,
            float(lower) if np.isfinite(lower) else None, float(upper) if np.isfinite(upper) else None, method,
            float(size.sum()) if reason is None else None, "ratio" if middle is not None else "number", level,
            status="computed" if missing is None else "suppressed" if missing == "withheld" else "not_computed",
            reason=missing,
        )  # fmt: skip
