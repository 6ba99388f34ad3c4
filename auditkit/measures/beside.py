"""What measures without a test share: the reference beside each group, and the gaps made of the two."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from auditkit.measures.estimates import Gaps, Span
from auditkit.measures.measure import Hurts
from auditkit.protect.released import ReleasedView

__all__ = ["beside", "has_reference", "untested_gaps"]

Floats = NDArray[np.float64]


def has_reference(view: ReleasedView) -> bool:
    """Whether the groups are compared with anybody: everyone else, or a group that is there."""
    return view.compared.rule == "rest" or view.compared.index is not None


def beside(view: ReleasedView, values: Floats) -> Floats:
    """Sums of the reference beside each group: everyone else's (all less the group's), or those of one group."""
    if view.compared.rule == "rest":
        return np.asarray(values.sum(axis=0, keepdims=True) - values)
    index = view.compared.index or 0
    return np.repeat(values[index : index + 1], len(values), axis=0)


def untested_gaps(
    measure: str, view: ReleasedView, span: Span, n: Floats, reason: NDArray[np.object_], hurts: Hurts, method: str,
    is_ratio: bool = False,
) -> Gaps:  # fmt: skip
    """Gaps with a value and an interval but no test and no verdict: a difference, or a ratio."""
    index, nothing, none = view.compared.index, np.full(len(n), np.nan), np.full(len(n), None, dtype=object)
    no_span = Span.nothing(len(n))
    return Gaps(
        measure=measure,
        compared=view.compared,
        index=index,
        methods=("", method) if is_ratio else (method, ""),
        stated=view.everyone.stated,
        hurts=hurts,
        hypothesis="",
        difference=no_span if is_ratio else span,
        event=span if is_ratio else no_span,
        complement=no_span,
        n=n,
        n_reference=nothing if index is None else np.full(len(n), n[index]),
        reason=reason,
        bounds=np.isnan(span.value) & np.isfinite(span.bound_lower),
        side=none,
        smaller_n=nothing,
        people=nothing,
    )
