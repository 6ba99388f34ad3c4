"""How scores are spread, by exact counting: their values where there are few, else a grid refined where it is full.

A grid is 65,537 steps between the smallest and the largest score; a step that holds more than a thousandth of the
rows, not all of one value, gets a grid of its own, at most three deep. All engines find the same leaves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.fetch_cells import fetch
from auditkit.counts.level_lookup import is_duckdb, lookup_frame, stepwise

__all__ = ["MOST_VALUES", "STEPS", "Distribution", "Grid", "first_step", "score_distribution", "steps_of"]

MOST_VALUES = 1000
STEPS = 65_536
_FULL = 0.001
_PASSES = 3
_SAMPLE = 100_000

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """One pass: for each full step of the pass before (`parent`), where its own grid begins and how wide it is."""

    parent: Integers
    lowest: Floats
    width: Floats


@dataclass(frozen=True)
class Distribution:
    """The leaves in rising order: how many rows each holds, its smallest and its largest score.

    `grids` are the passes; `depth` and `step` say for each leaf in which pass and at which step of it it lies.
    Without grids every leaf is one value.
    """

    rows: Integers
    lowest: Floats
    highest: Floats
    grids: tuple[Grid, ...] = ()
    depth: Integers | None = None
    step: Integers | None = None

    @property
    def is_exact(self) -> bool:
        """Whether every leaf is one value."""
        return not self.grids


def score_distribution(
    frame: nw.LazyFrame[Any], column: str, lowest: float, highest: float, rows: int, exact: bool = False
) -> Distribution:
    """How the doubles in `column` are spread, null left out. `exact`: by value, however many there are."""
    scores = frame.select(nw.col(column)).filter(~nw.col(column).is_null())
    few = exact or lowest == highest
    if not few:
        sample = fetch(scores.head(_SAMPLE).group_by(column).agg(rows=nw.len()), ["rows"], [column])
        few = sample.rows <= MOST_VALUES
    if few:
        found = fetch(scores.group_by(column).agg(rows=nw.len()), ["rows"], [column])
        values, where = np.unique(found.floats[column] + 0.0, return_inverse=True)
        if exact or len(values) <= MOST_VALUES:
            counted = np.bincount(where, weights=found.integers["rows"]).astype(np.int64)
            return Distribution(counted, values, values)
    return _merged_values(_gridded(scores, column, lowest, highest, rows))


def _gridded(scores: nw.LazyFrame[Any], column: str, lowest: float, highest: float, rows: int) -> Distribution:
    grids = [Grid(np.array([-1]), np.array([lowest]), np.array([highest - lowest]))]
    kept: list[tuple[Integers, Integers, Integers, Floats, Floats]] = []
    for depth in range(_PASSES):
        if depth == 0:
            stepped = scores.select(column, auditkit_step=first_step(column, grids[0]))
        else:
            stepped = steps_of(scores, column, grids).filter(nw.col("auditkit_depth") == depth)
        found = fetch(
            stepped.group_by("auditkit_step").agg(rows=nw.len(), low=nw.col(column).min(), high=nw.col(column).max()),
            ["auditkit_step", "rows"],
            ["low", "high"],
        )
        step, count = found.integers["auditkit_step"], found.integers["rows"]
        low, high = found.floats["low"] + 0.0, found.floats["high"] + 0.0
        full = (count > _FULL * rows) & (low < high) if depth + 1 < _PASSES else np.zeros(len(step), dtype=bool)
        kept.append((np.full(len(step), depth)[~full], step[~full], count[~full], low[~full], high[~full]))
        if not full.any():
            break
        order = np.argsort(step[full])
        grids.append(Grid(step[full][order], low[full][order], (high - low)[full][order]))
    depth_of, step_of, count_of, low_of, high_of = (np.concatenate(part) for part in zip(*kept, strict=True))
    order = np.argsort(low_of)
    return Distribution(count_of[order], low_of[order], high_of[order], tuple(grids), depth_of[order], step_of[order])


def _merged_values(found: Distribution) -> Distribution:
    """A grid whose leaves are few and of one value each is a list of values."""
    if len(found.rows) <= MOST_VALUES and np.array_equal(found.lowest, found.highest):
        return Distribution(found.rows, found.lowest, found.highest)
    return found


def first_step(column: str, top: Grid) -> nw.Expr:
    """The step of the widest grid at which a number lies; -1 for null.

    A product with the steps in one unit, which is the same on every engine: polars divides by a number as it multiplies
    by 1 over it.
    """
    position = nw.col(column) - float(top.lowest[0])
    per_unit = STEPS / float(top.width[0])
    steps = position * per_unit if math.isfinite(per_unit) else position / float(top.width[0]) * float(STEPS)
    return steps.floor().fill_null(-1.0).cast(nw.Int32)


def steps_of(frame: nw.LazyFrame[Any], column: str, grids: Sequence[Grid]) -> nw.LazyFrame[Any]:
    """`frame` with the depth and the step at which each row's number lies in the grids; both -1 for null."""
    stepped = frame.with_columns(
        auditkit_depth=nw.when(nw.col(column).is_null()).then(nw.lit(-1)).otherwise(nw.lit(0)),
        auditkit_step=first_step(column, grids[0]),
    )
    for depth, grid in enumerate(grids[1:], 1):
        if not is_duckdb(frame):
            stepped = _deeper(stepped, column, depth, grid)
            continue
        lookup = lookup_frame(
            stepped,
            {
                "auditkit_parent": grid.parent,
                "auditkit_node": np.arange(len(grid.parent)),
                "auditkit_low": grid.lowest,
                "auditkit_width": grid.width,
            },
        )
        names = frame.columns
        at_last = nw.col("auditkit_depth") == depth - 1
        joined = stepped.with_columns(
            auditkit_parent_step=nw.when(at_last).then(nw.col("auditkit_step")).otherwise(nw.lit(-2))
        ).join(lookup, left_on="auditkit_parent_step", right_on="auditkit_parent", how="left")
        deeper = ~nw.col("auditkit_node").is_null()
        inner = ((nw.col(column) - nw.col("auditkit_low")) / nw.col("auditkit_width") * float(STEPS)).floor()
        step = nw.col("auditkit_node") * (STEPS + 1) + inner
        stepped = joined.select(
            *names,
            auditkit_depth=nw.when(deeper).then(nw.lit(depth)).otherwise(nw.col("auditkit_depth")),
            auditkit_step=nw.when(deeper).then(step).otherwise(nw.col("auditkit_step")).cast(nw.Int32),
        )
    return stepped


def _deeper(stepped: nw.LazyFrame[Any], column: str, depth: int, grid: Grid) -> nw.LazyFrame[Any]:
    """One pass of `steps_of` without a table beside the rows: the same numbers from nested expressions."""
    at = nw.col("auditkit_step")
    parents = grid.parent.tolist()
    here = (nw.col("auditkit_depth") == depth - 1) & (at == stepwise(at, parents, parents))
    low = stepwise(at, parents, grid.lowest.tolist())
    width = stepwise(at, parents, grid.width.tolist())
    node = stepwise(at, parents, list(range(len(parents))))
    inner = ((nw.col(column) - low) / width * float(STEPS)).floor()
    step = (node * (STEPS + 1) + inner).cast(nw.Int32)
    return stepped.with_columns(
        auditkit_depth=nw.when(here).then(nw.lit(depth)).otherwise(nw.col("auditkit_depth")),
        auditkit_step=nw.when(here).then(step).otherwise(at),
    )
