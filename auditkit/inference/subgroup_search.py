"""Subgroups that nobody named: which crossings of one half of the people fare unlike the rest of that half."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Crossing", "halved", "slice_score", "standing_out"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_APART, _BY_CHANCE = 2.0, 0.5
"""How many standard errors a crossing stands apart from its parts; how many are kept by chance in a search."""

Crossing = tuple[tuple[int, ...], tuple[int, ...]]
"""Which attributes (columns of the codes), and the value of each."""


def slice_score(errors: float, people: float, all_errors: float, all_people: float, weight: float = 0.95) -> float:
    """How much does a slice stand out, size weighed in? SliceLine's score.

    weight * (mean of the slice / mean of all - 1) - (1 - weight) * (all / people of the slice - 1). Source: Sagadeeva
    and Boehm, SIGMOD 2021.

    >>> round(slice_score(149, 339, 315, 2000), 6)
    1.456136
    """
    excess = (errors / people) / (all_errors / all_people) - 1
    return weight * excess - (1 - weight) * (all_people / people - 1)


def halved(people: ArrayLike, seed: int) -> Integers:
    """How many people of each cell fall into the first half, drawn at random?

    The same cells and seed give the same half, wherever the rows live.

    >>> [int(n) for n in halved([4, 0, 6], seed=1)], int(halved([4, 0, 6], seed=1).sum())
    ([2, 0, 3], 5)
    """
    n = np.asarray(people, dtype=np.int64)
    rng = np.random.default_rng(seed)
    if not len(n):
        return n
    return np.asarray(rng.multivariate_hypergeometric(n, int(n.sum()) // 2, method="marginals"), dtype=np.int64)


def standing_out(
    codes: ArrayLike, people: ArrayLike, cases: ArrayLike, depth: int = 3, most: int = 5, least: int = 30
) -> tuple[Crossing, ...]:
    """Which crossings of up to `depth` attributes stand out, at most `most`, the farthest first?

    A crossing counts by its z against everyone else, where it also stands 2 standard errors apart from the others
    within each crossing of one attribute fewer that holds it, so that it is not taken for what one of its parts makes.
    Kept are those of `least` people and more, beyond what one crossing in two searches would be by chance, also once
    the people of those already kept are left out. Arrays: `codes` cells x attributes, whole numbers from 0 (-1: not
    stated), `people` and `cases` one number a cell.

    >>> standing_out([[0, 0], [0, 1], [1, 0], [1, 1]], [500] * 4, [50, 50, 50, 150], depth=2)
    (((0, 1), (1, 1)),)
    """
    table = np.asarray(codes, dtype=np.int64)
    n, x = np.asarray(people, dtype=float), np.asarray(cases, dtype=float)
    names: list[Crossing] = []
    scores: list[Floats] = []
    sizes: list[Floats] = []
    for attributes, z, held in _scored(table, n, x, depth, least):
        for cell in np.flatnonzero(~np.isnan(z)):
            names.append((attributes, tuple(int(v) for v in np.unravel_index(cell, z.shape))))
        scores.append(z[~np.isnan(z)])
        sizes.append(held[~np.isnan(z)])
    if not names:
        return ()
    from scipy.special import ndtri

    score = np.concatenate(scores)
    needed = float(-ndtri(0.5 * _BY_CHANCE / len(score)))
    chosen: list[Crossing] = []
    left = np.ones(len(n), dtype=bool)
    order = np.lexsort((np.concatenate(sizes), -np.round(score, 9)))  # of complements the smaller
    for place in order.tolist():
        if len(chosen) == most or score[place] < needed:
            break
        attributes, values = names[place]
        inside = (table[:, list(attributes)] == np.array(values)).all(axis=1)
        if not chosen or _against(inside & left, left, n, x) >= needed:
            chosen.append(names[place])
            left &= ~inside
    return tuple(chosen)


def _scored(
    table: Integers, n: Floats, x: Floats, depth: int, least: int
) -> Iterator[tuple[tuple[int, ...], Floats, Floats]]:  # fmt: skip
    """The |z| of every crossing (0 where a part makes it, NaN where it holds too few people), and its people."""
    sizes = table.max(axis=0, initial=-1) + 1
    whole, cases = n.sum(), x.sum()
    spread = max(cases / whole * (1 - cases / whole), 1e-12) if whole else 1.0
    for width in range(1, depth + 1):
        for attributes in combinations(range(table.shape[1]), width):
            shape = tuple(int(sizes[a]) for a in attributes)
            if min(shape) < 2:
                continue
            part = table[:, list(attributes)]
            stated = (part >= 0).all(axis=1)
            place = np.ravel_multi_index(tuple(part[stated].T), shape)
            people, hits = (
                np.bincount(place, one[stated], int(np.prod(shape))).reshape(shape).astype(float) for one in (n, x)
            )
            with np.errstate(invalid="ignore", divide="ignore"):
                z = _z(people, hits, whole, cases, spread)
                apart = np.ones(shape, dtype=bool)
                for axis in range(width if width > 1 else 0):
                    within = people.sum(axis, keepdims=True), hits.sum(axis, keepdims=True)
                    rate = np.clip(within[1] / within[0], 1e-6, 1 - 1e-6)
                    apart &= np.nan_to_num(_z(people, hits, *within, rate * (1 - rate))) >= _APART
                z = np.where(apart, z, 0.0)
            z[(people < least) | (people > whole - least)] = np.nan
            yield attributes, z, people


def _z(n: Floats, x: Floats, whole: Any, cases: Any, spread: Any) -> Floats:
    rest, others = whole - n, cases - x
    return np.asarray(np.abs(x / n - others / rest) / np.sqrt(spread * (1 / n + 1 / rest)), dtype=np.float64)


def _against(inside: NDArray[np.bool_], left: NDArray[np.bool_], n: Floats, x: Floats) -> float:
    """|z| of some people against the others who are left; 0 where there are none of either."""
    people, hits, whole, cases = (float(one[who].sum()) for who in (inside, left) for one in (n, x))
    if people == 0 or people == whole or not 0 < cases < whole:
        return 0.0
    rate = cases / whole
    return float(_z(np.array(people), np.array(hits), whole, cases, rate * (1 - rate)))
