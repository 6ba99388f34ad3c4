"""The rows of a regression, those alike in every column counted once: from rows or from counts, the same sample."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import NOT_STATED

__all__ = ["Column", "Sample", "complete"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """One term: `values` are numbers, or the places of `levels` where the term is categories."""

    term: str
    values: Floats
    levels: tuple[str, ...] | None = None
    reference: str | None = None


@dataclass(frozen=True)
class Sample:
    """Distinct rows, each with how often it occurs. `outcome` is 1 or 0 (logit) or a number; `left_out` counts rows."""

    columns: tuple[Column, ...]
    outcome: Floats
    n: Floats
    weight: Floats
    weight_squared: Floats
    cluster: Integers | None = None
    left_out: float = 0.0
    weighted: bool = False

    def __len__(self) -> int:
        return len(self.n)

    def taken(self, chosen: NDArray[np.bool_] | Integers) -> Sample:
        """These distinct rows only, or in this order."""
        return replace(
            self,
            columns=tuple(replace(column, values=column.values[chosen]) for column in self.columns),
            outcome=self.outcome[chosen],
            n=self.n[chosen],
            weight=self.weight[chosen],
            weight_squared=self.weight_squared[chosen],
            cluster=None if self.cluster is None else self.cluster[chosen],
        )


def complete(sample: Sample) -> Sample:
    """The rows that have a value in every column, in one order whatever engine counted them; others are left out."""
    missing = np.isnan(sample.outcome)
    for column in sample.columns:
        missing |= np.isnan(column.values)
        if column.levels is not None and NOT_STATED in column.levels:
            missing |= column.values == column.levels.index(NOT_STATED)
    kept = sample.taken(~missing)
    keys = [kept.n, kept.weight, *([] if kept.cluster is None else [kept.cluster]), kept.outcome]
    keys += [column.values for column in reversed(kept.columns)]
    order = np.lexsort(tuple(keys)) if len(kept) else np.zeros(0, dtype=np.int64)
    if kept.cluster is not None:
        kept = replace(kept, cluster=np.unique(kept.cluster, return_inverse=True)[1].astype(np.int64))
    return replace(kept.taken(order), left_out=sample.left_out + float(sample.n[missing].sum()))
