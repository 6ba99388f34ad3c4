"""Bins of scores: every value its own where they are few, else 200 of nearly equal count, each threshold an exact edge.

Whether a row is selected is decided on its own score, never on its bin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.level_lookup import edges_of, is_duckdb, lookup_frame, stepwise
from auditkit.counts.score_distribution import STEPS, Distribution, Grid, first_step, steps_of
from auditkit.result import ScoreBins

__all__ = ["Binning", "bin_scores", "make_bins", "sweep_thresholds"]

BINS = 200
_SHARES = np.arange(5, 100, 5) / 100
_FEW_VALUES = 20

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Binning:
    """The bins, the leaves they are made of, and the edges between them.

    `laid` holds the lookup from leaves to bins once it lies beside the rows, and how many cuts a leaf has in it.
    """

    bins: ScoreBins
    distribution: Distribution
    edges: Floats
    laid: list[tuple[nw.LazyFrame[Any], int]] = field(default_factory=list, compare=False)


def make_bins(found: Distribution, declared: Sequence[float]) -> Binning:
    """Bins of a distribution; `declared` numbers that lie inside its range become edges.

    A row with a score of exactly an edge lies in the bin above it.
    """
    if found.is_exact:
        return Binning(ScoreBins(found.lowest, found.lowest, True), found, found.lowest)
    before = np.concatenate(([0], np.cumsum(found.rows)[:-1]))
    targets = np.arange(1, BINS) * (found.rows.sum() / BINS)
    above = np.clip(np.searchsorted(before, targets), 1, len(before) - 1)
    nearer_below = targets - before[above - 1] < before[above] - targets
    chosen = np.unique(np.append(np.where(nearer_below, above - 1, above), 0))
    # A declared number between two leaves takes the place of the edge there; inside a leaf it splits the leaf.
    inside = np.array(sorted({float(d) for d in declared if found.lowest[0] < d <= found.highest[-1]}))
    next_leaf = np.searchsorted(found.lowest, inside, side="left")
    between = (next_leaf >= len(found.lowest)) | (inside > found.highest[next_leaf - 1])
    replaced = np.setdiff1d(chosen, next_leaf[between]) if len(inside) else chosen
    edges = np.unique(np.concatenate((found.lowest[replaced], inside)))
    upper = np.append(np.nextafter(edges[1:], -np.inf), found.highest[-1])
    return Binning(ScoreBins(edges, upper, False), found, edges)


def bin_scores(frame: nw.LazyFrame[Any], column: str, binning: Binning) -> nw.LazyFrame[Any]:
    """`frame` with the bin of each row in `auditkit_bin`, -1 where `column` is null; for bins between edges."""
    if not is_duckdb(frame):
        edges = [float(edge) for edge in binning.edges]
        number = stepwise(nw.col(column), edges, list(range(len(edges))))
        missing = nw.col(column).is_null()
        return frame.with_columns(auditkit_bin=nw.when(missing).then(nw.lit(-1)).otherwise(number))
    if not binning.laid:
        binning.laid.append(_lookup(frame, binning))
    lookup, cuts = binning.laid[0]
    number = nw.col("auditkit_bin")
    for i in range(cuts):
        above = (nw.col(column) >= nw.col(f"auditkit_cut_{i}")).fill_null(False)
        number = number + nw.when(above).then(nw.lit(1)).otherwise(nw.lit(0))
    stepped = _stepped_rows(frame, column, binning.distribution.grids)
    joined = stepped.join(lookup, left_on="auditkit_row_key", right_on="auditkit_key", how="inner")
    return joined.select(*frame.columns, auditkit_bin=number)


def _lookup(beside: nw.LazyFrame[Any], binning: Binning) -> tuple[nw.LazyFrame[Any], int]:
    """The bin of each leaf, with the edges that cut a leaf in two or more; and how many those are at most."""
    found = binning.distribution
    assert found.depth is not None
    assert found.step is not None
    first = edges_of(found.lowest, binning.edges)
    last = edges_of(found.highest, binning.edges)
    cuts = int((last - first).max(initial=0))
    if len(found.grids) == 1:
        # A step that no row lies on may be given to any leaf: with the steps in one row, few lines say it all.
        every = np.arange(STEPS + 1)
        leaf = np.minimum(np.searchsorted(found.step, every), len(found.step) - 1)
        keys, first, last = np.concatenate(([-1], every)), first[leaf], last[leaf]
    else:
        keys = np.concatenate(([-1], found.step * 4 + found.depth))
    columns: dict[str, NDArray[Any]] = {"auditkit_key": keys, "auditkit_bin": np.concatenate(([-1], first))}
    for i in range(cuts):
        inner = first + 1 + i
        edge = binning.edges[np.minimum(inner, len(binning.edges) - 1)]
        columns[f"auditkit_cut_{i}"] = np.concatenate(([np.inf], np.where(inner <= last, edge, np.inf)))
    return lookup_frame(beside, columns), cuts


def _stepped_rows(frame: nw.LazyFrame[Any], column: str, grids: Sequence[Grid]) -> nw.LazyFrame[Any]:
    """`frame` with the leaf of each row in `auditkit_row_key`, -1 where `column` is null."""
    if len(grids) == 1:
        return frame.with_columns(auditkit_row_key=first_step(column, grids[0]))
    key = nw.col("auditkit_step") * 4 + nw.col("auditkit_depth")
    key = nw.when(nw.col("auditkit_depth") == -1).then(nw.lit(-1)).otherwise(key)
    return steps_of(frame, column, grids).with_columns(auditkit_row_key=key.cast(nw.Int32))


def sweep_thresholds(binning: Binning, lower_is_selected: bool) -> list[float]:
    """The thresholds to try: every value where there are up to 20, else those nearest to selecting 5, 10 .. 95 %."""
    found, bins = binning.distribution, binning.bins
    if found.is_exact and len(found.rows) <= _FEW_VALUES:
        return [float(value) for value in found.lowest]
    rows = np.bincount(edges_of(found.lowest, binning.edges), weights=found.rows, minlength=len(bins))
    below = np.cumsum(rows)
    total = below[-1]
    selected = below / total if lower_is_selected else (total - below + rows) / total
    candidates = bins.upper if lower_is_selected else bins.lower
    nearest = np.abs(selected[None, :] - _SHARES[:, None]).argmin(axis=1)
    return [float(value) for value in np.unique(candidates[nearest])]
