"""Pairs drawn from a group and its reference: by score fifths, in proportion to weight, from streams of their own."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from auditkit.explain.model_inputs import Floats, Integers

__all__ = ["Comparison", "draw_rows", "stream"]

FIFTHS = 5


@dataclass(frozen=True)
class Comparison:
    """A group and its reference, as places of rows."""

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    reference: tuple[str, ...]
    rows: Integers
    reference_rows: Integers


def stream(seed: int, *names: str) -> np.random.Generator:
    """Random numbers that depend on the seed and on what they are for, on nothing else."""
    return np.random.default_rng(np.random.SeedSequence([seed, crc32("|".join(names).encode())]))


def draw_rows(rows: Integers, scores: Floats, weight: Floats | None, count: int, draw: np.random.Generator) -> Integers:
    """`count` of `rows`, with replacement, as many from each fifth of the scores, in random order.

    >>> import numpy as np
    >>> found = draw_rows(np.arange(10), np.arange(10.0), None, 10, stream(1, "example"))
    >>> sorted((found // 2).tolist())
    [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    """
    ordered = rows[np.argsort(scores[rows], kind="stable")]
    along = (np.arange(count) % FIFTHS + draw.random(count)) / FIFTHS
    if weight is None:
        places = (along * len(ordered)).astype(np.int64)
    else:
        reached = np.cumsum(weight[ordered])
        places = np.searchsorted(reached, along * reached[-1], side="right")
    return np.asarray(draw.permutation(ordered[np.minimum(places, len(ordered) - 1)]), dtype=np.int64)
