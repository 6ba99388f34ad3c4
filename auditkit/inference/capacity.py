"""Two readings of many groups at once: how many people would change places if a fixed number of places were shared out
at one rate, and what rates look like when small groups borrow from the others."""

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import FloatArray, divide, floats
from auditkit.inference.rate_intervals import newcombe


def people_under_capacity(
    selected: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """How many more of each group are selected than if the same number of people were selected at one rate?

    n_g (p_g - p), p the rate of everyone together (groups are the last axis, `not stated` among them): the numbers sum
    to 0. Interval: that of the group's rate less everyone else's, times n_g (1 - n_g / N). NaN for an empty group.
    Source: docs/statistics.md. Example: 996 of 20,000 against 4 of 20,000.

    >>> [values.tolist() for values in people_under_capacity([996, 4], [20_000, 20_000])[:1]]
    [[496.0, -496.0]]
    """
    x, size = np.broadcast_arrays(floats(selected), floats(n))
    everyone, total = size.sum(axis=-1)[..., None], x.sum(axis=-1)[..., None]
    people = np.where(size > 0, x - size * divide(total, everyone), np.nan)
    lower, upper = newcombe(x, size, total - x, everyone - size, confidence)
    moved = size * (1.0 - divide(size, everyone))
    return people, moved * lower, moved * upper


def pooled_rates(cases: ArrayLike, n: ArrayLike) -> FloatArray:
    """What would each group's rate be, if small groups borrowed from all groups as much as chance explains them?

    p + t2 / (t2 + p(1-p)/n) (p_i - p), p the rate of all and t2 the variance between groups beyond chance,
    max(0, (sum n (p_i - p)^2 - (k - 1) p(1-p)) / (N - sum n^2 / N)). Groups are the last axis; for ten or more; no
    verdict is taken from it. Source: DerSimonian and Laird (1986), in the form for rates. Example: two groups, which
    here are far from alike.

    >>> pooled_rates([10, 30], [100, 100]).round(4).tolist()
    [0.108, 0.292]
    """
    x, size = np.broadcast_arrays(floats(cases), floats(n))
    there = size > 0
    everyone = size.sum(axis=-1)[..., None]
    p, own = divide(x.sum(axis=-1)[..., None], everyone), divide(x, size)
    noise = p * (1.0 - p)
    between = np.where(there, size * (own - p) ** 2, 0.0).sum(axis=-1)[..., None]
    groups = there.sum(axis=-1)[..., None]
    spread = np.maximum(
        divide(between - (groups - 1.0) * noise, everyone - divide((size**2).sum(axis=-1)[..., None], everyone)), 0.0
    )
    return p + divide(spread, spread + divide(noise, size)) * (own - p)
