"""The cut of the highest scores: which score is the k-th, and who stands on it.

The cut is taken over all rows together. k is counted in exact decimals: a tenth of 30 rows is 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from auditkit.counts.fetch_cells import fetch
from auditkit.counts.score_distribution import Distribution
from auditkit.intake.exclusion_reasons import MISSING
from auditkit.spec import Selection

__all__ = ["SHARED", "Cut", "find_cut", "rows_wanted"]

SHARED = 2
"""The code of rows that share the last places, until they are divided."""


@dataclass(frozen=True)
class Cut:
    """The cut really used. `threshold` is the last score selected; `on_cut` rows stand on it.

    `share` is the part of the rows on the cut that is selected: 1 or 0, or between them where ties are shared.
    `selected` counts the rows selected: a whole number also where ties are shared.
    """

    cut: float
    threshold: float | None
    wanted: int
    selected: int
    on_cut: int
    share: Fraction
    from_top: bool

    def code(self, column: str) -> nw.Expr:
        """1 for rows selected, 0 for others, SHARED for rows that share the last places, MISSING for null."""
        number = nw.col(column)
        beyond = number > self.cut if self.from_top else number < self.cut
        on_cut = 1 if self.share == 1 else 0 if self.share == 0 else SHARED
        code = nw.when(number == self.cut).then(nw.lit(on_cut)).otherwise(nw.lit(0))
        code = nw.when(beyond).then(nw.lit(1)).otherwise(code)
        return nw.when(number.is_null()).then(nw.lit(MISSING)).otherwise(code)


def rows_wanted(choice: Selection, rows: int) -> int:
    """How many rows `top_share` or `top` asks for.

    >>> rows_wanted(Selection(top_share=0.1), 30), rows_wanted(Selection(top_share=0.1), 31)
    (3, 4)
    """
    if isinstance(choice.top, int):
        return min(choice.top, rows)
    assert isinstance(choice.top_share, float)
    return math.ceil(Fraction(Decimal(repr(choice.top_share))) * rows)


def find_cut(frame: nw.LazyFrame[Any], column: str, found: Distribution, choice: Selection, from_top: bool) -> Cut:
    """The cut that `choice` makes in the numbers of `column`, which `found` describes."""
    rows = found.rows[::-1] if from_top else found.rows
    total = int(rows.sum())
    wanted = rows_wanted(choice, total)
    reached = np.cumsum(rows)
    leaf = int(np.searchsorted(reached, wanted))
    before = int(reached[leaf] - rows[leaf])
    position = len(rows) - 1 - leaf if from_top else leaf
    low, high = float(found.lowest[position]), float(found.highest[position])
    values, counts = np.array([low]), np.array([int(rows[leaf])])
    if low < high:
        number = nw.col(column)
        inside = frame.filter((number >= low) & (number <= high)).group_by(column).agg(rows=nw.len())
        got = fetch(inside, ["rows"], [column])
        order = np.argsort(got.floats[column])
        values, counts = got.floats[column][order], got.integers["rows"][order]
    if from_top:
        values, counts = values[::-1], counts[::-1]
    within = np.cumsum(counts)
    i = int(np.searchsorted(within, wanted - before))
    cut, on_cut = float(values[i]) + 0.0, int(counts[i])
    beyond = before + int(within[i]) - on_cut
    places = wanted - beyond
    if choice.ties == "in" or places == on_cut:
        share, selected = Fraction(1), beyond + on_cut
    elif choice.ties == "out":
        share, selected = Fraction(0), beyond
    else:
        share, selected = Fraction(places, on_cut), wanted
    threshold: float | None = cut
    if share == 0:
        threshold = _last_before(frame, column, cut, from_top) if beyond else None
    return Cut(cut, threshold, wanted, selected, on_cut, share, from_top)


def _last_before(frame: nw.LazyFrame[Any], column: str, cut: float, from_top: bool) -> float:
    """The number next to the cut on the selected side."""
    number = nw.col(column)
    if from_top:
        nearest = frame.filter(number > cut).select(auditkit_next=nw.col(column).min())
    else:
        nearest = frame.filter(number < cut).select(auditkit_next=nw.col(column).max())
    return float(fetch(nearest, floats=["auditkit_next"]).floats["auditkit_next"][0])
