"""What each variable moves between two people: the variables of one replaced by the other's, in random order.

Along an order the moves add up to the whole difference; the mean over orders is the Shapley value. Each order is
followed by its reverse (antithetic), which takes away the part of the noise that is odd in the order. Variables in
which the two people are equal are passed over: they cost nothing and get exactly nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditkit.explain.mixing import Flags, Floats, Integers, Mixer

__all__ = ["PairMoves", "pair_moves"]

_MOST = 2_000_000
"""How many mixed rows are prepared at once."""


@dataclass(frozen=True)
class PairMoves:
    """Moves of each pair: pairs x variables, one table for each figure (the score, and selected or not).

    They add up to the difference of the two people (`whole`: figures x pairs). Pairs of which a mixed row has no score
    are left out and counted in `unscored`; `kept` are the places of the others.
    """

    moves: tuple[Floats, ...]
    whole: tuple[Floats, ...]
    kept: Integers
    unscored: int


def pair_moves(
    mixer: Mixer,
    x: Integers,
    b: Integers,
    draw: np.random.Generator,
    figures: Sequence[float | None] = (None,),
    from_top: bool = True,
) -> PairMoves:
    """The moves from each row of `b` to the row of `x` beside it.

    `figures`: None stands for the score itself, a number for "selected at this threshold" (1 or 0).
    """
    size = max(1, _MOST // (2 * len(mixer.columns)))
    parts = [
        _moves(mixer, x[start : start + size], b[start : start + size], draw, figures, from_top)
        for start in range(0, len(x), size)
    ]
    places = np.concatenate([np.full(len(p[2]), i * size) + p[2] for i, p in enumerate(parts)])
    return PairMoves(
        tuple(np.concatenate([p[0][f] for p in parts]) for f in range(len(figures))),
        tuple(np.concatenate([p[1][f] for p in parts]) for f in range(len(figures))),
        places.astype(np.int64),
        len(x) - len(places),
    )


def _moves(
    mixer: Mixer, x: Integers, b: Integers, draw: np.random.Generator, figures: Sequence[float | None], from_top: bool
) -> tuple[list[Floats], list[Floats], Integers]:
    n, p = len(x), len(mixer.columns)
    order = np.argsort(draw.random((n, p)), axis=1)
    differs = mixer.differs(x, b)
    rank = _ranks(order, differs)
    counts = differs.sum(axis=1)
    start, end = mixer.whole(b), mixer.whole(x)
    steps = int(counts.max(initial=0))
    scores = np.full((2, n, steps + 1), np.nan)
    for direction in (0, 1):
        scores[direction, :, 0] = start
        asked, taken = _asked(rank, differs, counts, steps, direction)
        pair, step = np.nonzero(asked)
        if len(pair):
            found = mixer.mixed(x[pair], b[pair], taken(pair, step))
            scores[direction, pair, step + 1] = found
        scores[direction, np.arange(n), counts] = np.where(counts > 0, end, start)
    used = np.arange(steps + 1)[None, :] <= counts[:, None]
    fine = ~(np.isnan(scores) & used[None]).any(axis=(0, 2)) & ~np.isnan(start) & ~np.isnan(end)
    kept = np.flatnonzero(fine)
    tables, wholes = [], []
    for threshold in figures:
        value = _figure(scores[:, kept], threshold, from_top)
        tables.append(_mean_moves(value, rank[kept], differs[kept], counts[kept]))
        wholes.append(_figure(end[kept], threshold, from_top) - _figure(start[kept], threshold, from_top))
    return tables, wholes, kept


def _ranks(order: Integers, differs: Flags) -> Integers:
    """The place of each variable, in the order drawn, among those that differ."""
    along = np.take_along_axis(differs, order, axis=1)
    rank_along = np.cumsum(along, axis=1) - 1
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, rank_along, axis=1)
    return rank


def _asked(rank: Integers, differs: Flags, counts: Integers, steps: int, direction: int) -> tuple[Flags, _Taken]:
    """Which mixed rows must be scored: after step 0, 1 ... of each pair but the last, whose score is known."""
    asked = np.arange(steps)[None, :] < (counts - 1)[:, None]
    if direction:
        rank = counts[:, None] - 1 - rank
    return asked, _Taken(rank, differs)


@dataclass(frozen=True)
class _Taken:
    """Which variables come from x after a step."""

    rank: Integers
    differs: Flags

    def __call__(self, pair: NDArray[np.int64], step: NDArray[np.int64]) -> Flags:
        return np.asarray((self.rank[pair] <= step[:, None]) & self.differs[pair], dtype=np.bool_)


def _figure(scores: Floats, threshold: float | None, from_top: bool) -> Floats:
    if threshold is None:
        return scores
    return np.where(scores >= threshold if from_top else scores <= threshold, 1.0, 0.0)


def _mean_moves(values: Floats, rank: Integers, differs: Flags, counts: Integers) -> Floats:
    """The mean of the moves of each variable over the order and its reverse."""
    total = np.zeros(rank.shape)
    change = np.diff(values, axis=2)
    for direction in (0, 1):
        at = rank if direction == 0 else counts[:, None] - 1 - rank
        if change.shape[2]:
            total += np.take_along_axis(change[direction], np.clip(at, 0, change.shape[2] - 1), axis=1)
    return np.where(differs, total / 2, 0.0)
