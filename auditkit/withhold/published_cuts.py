"""Which cuts of the score may stand in one chart: between any two of them, enough people of every group.

A cut is a threshold, or the edge of a bin. It gives away how many people of each group, with and without the outcome,
lie on its chosen side; two cuts give away how many lie between them. Groups that are hidden count together as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cut", "kept_cuts", "merged"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Cut:
    """`chosen` holds the people on the chosen side by what is counted (NaN where a chart does not say)."""

    series: str
    position: float
    chosen: Floats


def kept_cuts(
    cuts: Sequence[Cut], totals: Floats, fixed: Sequence[Floats], minimum: int, may_be_none: Flags | None = None
) -> list[Cut]:
    """The cuts that may be shown together, taken in the order given.

    `totals` are the people on both sides; `fixed` are cuts that are published in any case (the selection itself).
    Two cuts that part nobody at all are one cut. `may_be_none` marks what may also be exactly 0 between two cuts.

    >>> row = lambda *counts: Cut("sweep", 0.0, np.array(counts, dtype=float))
    >>> kept = kept_cuts([row(20.0), row(35.0), row(37.0), row(95.0)], np.array([100.0]), [np.array([50.0])], 11)
    >>> [float(cut.chosen[0]) for cut in kept]
    [20.0, 35.0]
    """
    none = np.zeros(len(totals), dtype=bool) if may_be_none is None else may_be_none
    kept: list[Cut] = []
    stand = np.full((len(fixed) + len(cuts), len(totals)), np.nan)
    for place, cut_in_any_case in enumerate(fixed):
        stand[place] = cut_in_any_case
    standing = len(fixed)
    for cut in cuts:
        said = ~np.isnan(cut.chosen)
        enough = _enough(cut.chosen, minimum, none) & _enough(totals - cut.chosen, minimum, none)
        if not said.any() or not enough[said].all():
            continue
        if _apart(cut.chosen, stand[:standing], minimum, none):
            kept.append(cut)
            stand[standing] = cut.chosen
            standing += 1
    return kept


def _enough(counts: Floats, minimum: int, none: Flags) -> Flags:
    result: Flags = (counts >= minimum) | (none & (np.abs(counts) < 0.5))
    return result


def _apart(one: Floats, others: Floats, minimum: int, none: Flags) -> bool:
    """Whether a cut parts enough people, or nobody at all, from each of the others (one a row)."""
    between = np.abs(one - others)
    silent = np.isnan(between)
    enough = (_enough(between, minimum, none) | silent).all(axis=1)
    return bool((enough | ((between < 0.5) | silent).all(axis=1)).all())


def merged(edges: Sequence[float], keep: set[float]) -> list[tuple[int, int]]:
    """Runs of neighbouring bins between the edges that are kept: (first, last) of each; `edges` part bins 0, 1, 2 ...

    >>> merged([10.0, 20.0, 30.0], {20.0})
    [(0, 1), (2, 3)]
    """
    starts = [0, *(i + 1 for i, edge in enumerate(edges) if edge in keep)]
    ends = [*(start - 1 for start in starts[1:]), len(edges)]
    return list(zip(starts, ends, strict=True))
