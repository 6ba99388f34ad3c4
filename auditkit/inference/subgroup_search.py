"""Subgroups that nobody named: found on one half of the rows and claimed on the other, which saw no search."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from auditkit.inference.gap_claims import claim_words, gap_claims

__all__ = ["Subgroup", "slice_score", "subgroup_search"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Subgroup:
    """A crossing found on the first half and what the second half says of it.

    `attributes` and `values` (codes) name it; `cases` of `people` in it and `rest_cases` of `rest` outside it are those
    of the second half alone, as is the `verdict`.
    """

    attributes: tuple[int, ...]
    values: tuple[int, ...]
    cases: int
    people: int
    rest_cases: int
    rest: int
    p_no_gap: float
    p_beyond: float
    verdict: str


def slice_score(errors: float, people: float, all_errors: float, all_people: float, weight: float = 0.95) -> float:
    """How much does a slice stand out, size weighed in? SliceLine's score.

    weight * (mean of the slice / mean of all - 1) - (1 - weight) * (all / people of the slice - 1). Source: Sagadeeva
    and Boehm, SIGMOD 2021.

    >>> round(slice_score(149, 339, 315, 2000), 6)
    1.456136
    """
    excess = (errors / people) / (all_errors / all_people) - 1
    return weight * excess - (1 - weight) * (all_people / people - 1)


def subgroup_search(
    codes: ArrayLike, selected: ArrayLike, depth: int = 3, claimed: int = 5, least: int = 30, level: float = 0.04,
    seed: int = 1,
) -> tuple[Subgroup, ...]:  # fmt: skip
    """Which crossings of attributes fare unlike everyone else, that nobody thought to name?

    The rows are halved at random (`seed`). On the first half every crossing of up to `depth` attributes with `least`
    people is ranked by its z against the rest; of the first ones, skipping those that contain or are contained in one
    already chosen, `claimed` are tested on the second half, each at `level` / `claimed`: nothing that was seen in the
    search is used in the claim, so that none is invented beyond `level`. Shapes: `codes` rows x attributes, whole
    numbers from 0 (-1: not stated), `selected` one truth value a row.

    >>> rows = np.array([[i % 2, i // 2 % 2] for i in range(4000)])
    >>> chosen = np.array([i % 10 < (8 if i % 4 == 3 else 2) for i in range(4000)])
    >>> [(one.attributes, one.values, one.verdict) for one in subgroup_search(rows, chosen, depth=2)][0]
    ((0, 1), (1, 1), 'established')
    """
    table = np.asarray(codes, dtype=np.int64)
    hit = np.asarray(selected, dtype=bool)
    first = np.zeros(len(hit), dtype=bool)
    first[np.random.default_rng(seed).permutation(len(hit))[: len(hit) // 2]] = True
    found = _ranked(table[first], hit[first], depth, least)
    chosen: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    for one in found:
        if len(chosen) == claimed:
            break
        if not any(_nested(one, other) for other in chosen):
            chosen.append(one)
    return tuple(_claim(one, table[~first], hit[~first], level / claimed, least) for one in chosen)


def _ranked(
    table: NDArray[np.int64], hit: NDArray[np.bool_], depth: int, least: int
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Every crossing with enough people, the farthest from the rest first."""
    names: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    scores: list[Floats] = []
    sizes = table.max(axis=0) + 1
    for width in range(1, depth + 1):
        for attributes in combinations(range(table.shape[1]), width):
            part = table[:, list(attributes)]
            stated = (part >= 0).all(axis=1)
            shape = tuple(int(sizes[a]) for a in attributes)
            place = np.ravel_multi_index(tuple(part[stated].T), shape)
            n = np.bincount(place, minlength=int(np.prod(shape))).astype(float)
            x = np.bincount(place, hit[stated], minlength=int(np.prod(shape)))
            kept = np.flatnonzero((n >= least) & (n <= len(hit) - least))
            rest, rest_x = len(hit) - n[kept], hit.sum() - x[kept]
            pooled = hit.mean()
            spread = np.sqrt(max(pooled * (1 - pooled), 1e-12) * (1 / n[kept] + 1 / rest))
            scores.append(np.abs(x[kept] / n[kept] - rest_x / rest) / spread)
            names += [(attributes, tuple(int(v) for v in np.unravel_index(cell, shape))) for cell in kept]
    order = np.argsort(-np.concatenate(scores), kind="stable").tolist() if names else []
    return [names[place] for place in order]


def _nested(one: tuple[tuple[int, ...], tuple[int, ...]], other: tuple[tuple[int, ...], tuple[int, ...]]) -> bool:
    """Whether one crossing contains the other, so that both would claim one thing."""
    first, second = (set(zip(*pair, strict=True)) for pair in (one, other))
    return first <= second or second <= first


def _claim(
    one: tuple[tuple[int, ...], tuple[int, ...]], table: NDArray[np.int64], hit: NDArray[np.bool_], level: float,
    least: int,
) -> Subgroup:  # fmt: skip
    inside = (table[:, list(one[0])] == np.array(one[1])).all(axis=1)
    x, n, y, m = (int(v) for v in (hit[inside].sum(), inside.sum(), hit[~inside].sum(), (~inside).sum()))
    claims = gap_claims(x, n, y, m)
    word = str(claim_words(claims, level, min(n, m), least))
    return Subgroup(*one, x, n, y, m, float(claims.no_gap), float(claims.beyond), word)
