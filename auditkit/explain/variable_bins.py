"""Each variable cut into at most 16 bins over all rows: what is known of everyone without asking the model.

A number of at most 16 values keeps them; others are cut at quantiles. Of a category the 15 most frequent values keep
a bin each. A missing value has a bin of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditkit.explain.model_inputs import Floats, Inputs, Integers

__all__ = ["MISSING_BIN", "WIDTH", "Bins", "bin_inputs"]

BINS = 16
MISSING_BIN = BINS
WIDTH = BINS + 1
"""The bins of a variable, that of missing values the last."""


@dataclass(frozen=True)
class Bins:
    """`codes`: rows x variables. `single`: variables x bins, whether all rows of a bin have the same value."""

    codes: NDArray[np.int8]
    single: NDArray[np.bool_]

    def shares(self, rows: Integers, weight: Floats | None) -> Floats:
        """The share of rows (by weight) in each bin: variables x bins."""
        of_rows = None if weight is None else weight[rows]
        total = float(len(rows)) if of_rows is None else float(of_rows.sum())
        counted = [
            np.bincount(self.codes[rows, k], weights=of_rows, minlength=WIDTH) for k in range(self.codes.shape[1])
        ]
        return np.asarray(np.array(counted, dtype=np.float64) / total, dtype=np.float64)


def bin_inputs(inputs: Inputs) -> Bins:
    """The bins of every variable over all rows.

    >>> from auditkit.explain.model_inputs import inputs_of
    >>> bin_inputs(inputs_of({"a": [3.0, 1.0, None]})).codes.tolist()
    [[1], [0], [16]]
    """
    codes = np.empty(inputs.values.shape, dtype=np.int8)
    single = np.ones((inputs.values.shape[1], WIDTH), dtype=np.bool_)
    for place in range(inputs.values.shape[1]):
        codes[:, place], single[place] = _bin(inputs.values[:, place], inputs.columns[place] in inputs.labels)
    return Bins(codes, single)


def _bin(values: Floats, category: bool) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    missing = np.isnan(values)
    known = values[~missing]
    codes = np.full(len(values), MISSING_BIN, dtype=np.int8)
    single = np.ones(WIDTH, dtype=np.bool_)
    if not len(known):
        return codes, single
    few = _few_values(known)
    if few is not None and len(few) <= BINS:
        codes[~missing] = np.searchsorted(few, known)
    elif category:
        frequent = np.argsort(-np.bincount(known.astype(np.int64)), kind="stable")[: BINS - 1]
        place = np.full(int(known.max()) + 1, BINS - 1)
        place[frequent] = np.arange(len(frequent))
        codes[~missing] = place[known.astype(np.int64)]
        single[BINS - 1] = False
    else:
        edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS))
        codes[~missing] = np.searchsorted(edges, known, side="right")
        low = np.full(BINS, np.inf)
        high = np.full(BINS, -np.inf)
        np.minimum.at(low, codes[~missing], known)
        np.maximum.at(high, codes[~missing], known)
        single[:BINS] = low >= high
    return codes, single


def _few_values(known: Floats) -> Floats | None:
    """The distinct values where there are few; a look at the first rows spares most sorting."""
    if len(np.unique(known[:1000])) > BINS:
        return None
    return np.unique(known)
