"""Gaps of a group whose members are not known, only how likely each person is to be one: bounds first, never a point.

Source: Kallus, Mao, Zhou, Management Science 68 (2022) 1959; Chen, Kallus, Mao, Svacha, Udell, FAccT 2019.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

__all__ = ["Bounded", "Weighted", "proxy_gap_bounds", "proxy_rate_bounds", "survey_size", "weighted_gap",
           "weighted_rate"]  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bounded:
    """The least and the greatest value that the data allow, each with its standard error."""

    lower: float
    upper: float
    lower_error: float
    upper_error: float


@dataclass(frozen=True)
class Weighted:
    """A value in which each person counts by how likely they are of the group, and its standard error."""

    value: float
    error: float


def proxy_rate_bounds(shares: ArrayLike, cases: ArrayLike, people: ArrayLike) -> Bounded:
    """Between which limits lies the rate of a group of whom only the share in each cell is known?

    In a cell (a place, a name) with share p of the group and rate y, those who are both make up at least max(0, p + y -
    1) and at most min(p, y) of it (Frechet), and every value between can be: summed over cells, over the share of the
    group, the bounds are sharp. Arrays: one entry a cell. Errors: that of the cells and their rates as drawn.

    >>> found = proxy_rate_bounds([0.7, 0.2], [120, 60], [400, 600])
    >>> round(found.lower, 10), round(found.upper, 10)
    (0.0, 0.45)
    """
    p, y, n = _cells(shares, cases, people)
    return _bounded(np.maximum(0.0, p + y - 1), np.minimum(p, y), p + y > 1, y < p, (p, None), y, n)


def proxy_gap_bounds(shares: ArrayLike, shares_reference: ArrayLike, cases: ArrayLike, people: ArrayLike) -> Bounded:
    """Between which limits lies the difference of the rates of two groups of whom only the shares are known?

    The greatest difference fills each cell's cases with the group first and with the reference last, the least the
    other way round; both can be in every cell at once, so that the bounds are sharp (equal to the linear programme).
    Groups that are neither may be there: shares need not add up to 1.

    >>> found = proxy_gap_bounds([0.7, 0.2], [0.3, 0.8], [120, 60], [400, 600])
    >>> round(found.lower, 10), round(found.upper, 10)
    (-0.3, 0.45)
    """
    p, y, n = _cells(shares, cases, people)
    q = np.asarray(shares_reference, dtype=float)
    whole = n.sum()
    a, b = float((n * p).sum() / whole), float((n * q).sum() / whole)
    high = np.minimum(p, y) / a - np.maximum(0.0, y - (1 - q)) / b
    low = np.maximum(0.0, y - (1 - p)) / a - np.minimum(q, y) / b
    slope_high = (y < p) / a - (y > 1 - q) / b
    slope_low = (y > 1 - p) / a - (y < q) / b
    w = n / whole
    lower, upper = float((w * low).sum()), float((w * high).sum())
    rate_high = (float((w * np.minimum(p, y)).sum() / a), float((w * np.maximum(0.0, y - (1 - q))).sum() / b))
    rate_low = (float((w * np.maximum(0.0, y - (1 - p))).sum() / a), float((w * np.minimum(q, y)).sum() / b))
    return Bounded(
        lower,
        upper,
        _error(low - rate_low[0] * p / a + rate_low[1] * q / b, slope_low, y, n),
        _error(high - rate_high[0] * p / a + rate_high[1] * q / b, slope_high, y, n),
    )


def _cells(shares: ArrayLike, cases: ArrayLike, people: ArrayLike) -> tuple[Floats, Floats, Floats]:
    p, x, n = (np.asarray(one, dtype=float) for one in (shares, cases, people))
    return p, x / n, n


def _bounded(
    low: Floats, high: Floats, slope_low: NDArray[np.bool_], slope_high: NDArray[np.bool_],
    shares: tuple[Floats, None], y: Floats, n: Floats,
) -> Bounded:  # fmt: skip
    p, w = shares[0], n / n.sum()
    part = float((w * p).sum())
    lower, upper = float((w * low).sum() / part), float((w * high).sum() / part)
    return Bounded(
        lower, upper, _error((low - lower * p) / part, slope_low / part, y, n),
        _error((high - upper * p) / part, slope_high / part, y, n),
    )  # fmt: skip


def _error(between: Floats, slope: Floats, y: Floats, n: Floats) -> float:
    """The standard error of a mean of cells: how far cells are apart, and how their rates vary by the draw."""
    return float(np.sqrt((n * (between**2 + slope**2 * y * (1 - y))).sum()) / n.sum())


def weighted_rate(chances: ArrayLike, selected: ArrayLike, people: ArrayLike = 1.0) -> Weighted:
    """What is the rate of a group if each person counts by their chance of being one of it?

    Right only where, among people alike in the proxy, selection has nothing to do with membership: it is off by
    E[cov(member, selected | proxy)] / share, which these data do not tell. So it stands beside the bounds alone.

    >>> round(weighted_rate([0.9, 0.8, 0.3, 0.2, 0.1], [1, 1, 0, 1, 0]).value, 6)
    0.826087
    """
    p, y = np.asarray(chances, dtype=float), np.asarray(selected, dtype=float)
    n = np.broadcast_to(np.asarray(people, dtype=float), p.shape)
    total = float((n * p).sum())
    value = float((n * p * y).sum() / total)
    return Weighted(value, float(np.sqrt((n * (p * (y - value)) ** 2).sum()) / total))


def weighted_gap(
    chances: ArrayLike, chances_reference: ArrayLike, selected: ArrayLike, people: ArrayLike = 1.0
) -> Weighted:
    """What is the difference of the weighted rates of two groups, with the error of both together?

    >>> round(weighted_gap([0.9, 0.8, 0.3, 0.2, 0.1], [0.1, 0.2, 0.7, 0.8, 0.9], [1, 1, 0, 1, 0]).value, 6)
    0.41868
    """
    p, q, y = (np.asarray(one, dtype=float) for one in (chances, chances_reference, selected))
    n = np.broadcast_to(np.asarray(people, dtype=float), p.shape)
    a, b = float((n * p).sum()), float((n * q).sum())
    mine, other = float((n * p * y).sum() / a), float((n * q * y).sum() / b)
    influence = p * (y - mine) / a - q * (y - other) / b
    return Weighted(mine - other, float(np.sqrt((n * influence**2).sum())))


def survey_size(
    rate: float, share: float, rate_reference: float, share_reference: float, half_width: float = 0.05,
    confidence: float = 0.95,
) -> int:  # fmt: skip
    """How many people drawn at random would have to be asked their group to know the gap within `half_width`?

    z^2 (r (1 - r) / s + r0 (1 - r0) / s0) / h^2: of n who are asked, n s are of the group and n s0 of the reference.

    >>> survey_size(0.3, 0.2, 0.2, 0.8)
    1921
    """
    z = float(ndtri((1 + confidence) / 2))
    spread = rate * (1 - rate) / share + rate_reference * (1 - rate_reference) / share_reference
    return int(np.ceil(z * z * spread / half_width**2))
