"""Classes in an order (A, B, C): are groups shifted along them, is the shift the same at each limit, and how well do
classes agree with those that were right? Tables of counts in, numbers out; what cannot be worked out is NaN."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, expit, ndtr

from auditkit.inference.array_shapes import FloatArray, floats, quantile_of

_STEPS, _CLOSE = 100, 1e-12


@dataclass(frozen=True)
class CumulativeOdds:
    """The common odds ratio of standing at or beyond a class, its interval and p, and the test that it is common."""

    odds_ratio: float
    lower: float
    upper: float
    p_value: float
    proportional_p: float


NOTHING = CumulativeOdds(np.nan, np.nan, np.nan, np.nan, np.nan)


def cumulative_odds(group: ArrayLike, reference: ArrayLike, confidence: float = 0.95) -> CumulativeOdds:
    """How many times as high are the group's odds of standing at or beyond each class, taken as one number?

    Maximum likelihood of logit P(class >= j) = a_j + b * group, Wald's interval on b; `proportional_p` is the
    likelihood ratio of that model against one without any form (classes - 2 degrees of freedom; NaN for two classes).
    Shapes: counts by class, first to last, of each. Classes that nobody is in are left out; NaN where one group is
    empty or the groups do not overlap. Source: McCullagh, JRSS B 42 (1980) 109. Example: two classes, 40 of 100
    against 20 of 100, an odds ratio of (40/60)/(20/80).

    >>> found = cumulative_odds([60, 40], [80, 20])
    >>> print(f"{found.odds_ratio:.4f}: {found.lower:.3f} to {found.upper:.3f}")
    2.6667: 1.417 to 5.020
    """
    counts = np.array([floats(reference), floats(group)])
    counts = counts[:, counts.sum(axis=0) > 0]
    sizes = counts.sum(axis=1)
    classes = counts.shape[1]
    if np.isnan(counts).any() or classes < 2 or sizes.min() <= 0:
        return NOTHING
    beyond = counts.sum(axis=0)[::-1].cumsum()[::-1][1:]
    start = beyond / sizes.sum()
    place = np.append(np.log(start / (1 - start)), 0.0)
    value, information = _fitted(counts, place)
    if value is None or abs(value[-1]) > 15:
        return NOTHING
    spread = float(np.sqrt(np.linalg.inv(information)[-1, -1]))
    beta, z = float(value[-1]), float(quantile_of(confidence))
    free = float(np.sum(counts[counts > 0] * np.log((counts / sizes[:, None])[counts > 0])))
    apart = max(0.0, 2.0 * (free - _likelihood(counts, value)))
    return CumulativeOdds(
        float(np.exp(beta)),
        float(np.exp(beta - z * spread)),
        float(np.exp(beta + z * spread)),
        float(2.0 * ndtr(-abs(beta) / spread)),
        float(chdtrc(classes - 2, apart)) if classes > 2 else np.nan,
    )


def _shares(place: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The share of each class in reference and group, and their slopes along the parameters: 2 x classes x k."""
    limits = len(place) - 1
    beyond = np.array([expit(place[:-1]), expit(place[:-1] + place[-1])])
    slope = beyond * (1.0 - beyond)
    slopes = np.zeros((2, limits + 2, limits + 1))
    for side in range(2):
        for j in range(limits):
            slopes[side, j + 1, j] = slope[side, j]
            slopes[side, j + 1, -1] = side * slope[side, j]
    ends = np.concatenate([np.ones((2, 1)), beyond, np.zeros((2, 1))], axis=1)
    return floats(ends[:, :-1] - ends[:, 1:]), floats(slopes[:, :-1] - slopes[:, 1:])


def _likelihood(counts: FloatArray, place: FloatArray) -> float:
    share, _ = _shares(place)
    if (share[counts > 0] <= 0).any():
        return -np.inf
    return float(np.sum(counts[counts > 0] * np.log(share[counts > 0])))


def _fitted(counts: FloatArray, place: FloatArray) -> tuple[FloatArray | None, FloatArray]:
    """Fisher scoring, each step halved until the likelihood rises."""
    sizes = counts.sum(axis=1)
    information = np.eye(len(place))
    for _ in range(_STEPS):
        share, slopes = _shares(place)
        if (share <= 0).any():
            return None, information
        score = np.einsum("gc,gck->k", counts / share, slopes)
        information = np.einsum("g,gck,gcl->kl", sizes, slopes / share[:, :, None], slopes)
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            return None, information
        before = _likelihood(counts, place)
        while np.abs(step).max() > _CLOSE and _likelihood(counts, place + step) < before:
            step = step / 2.0
        place = place + step
        if np.abs(step).max() <= _CLOSE:
            break
    return place, information


def quadratic_kappa(table: ArrayLike, confidence: float = 0.95) -> tuple[float, float, float]:
    """How far do classes agree with those that were right, beyond chance, an error of two classes weighing four times?

    1 - (weighted disagreement) / (that expected by chance), weights (i - j)^2, with the large-sample interval. Shape:
    classes x classes, in order. NaN where one class holds everything. Source: Fleiss, Cohen, Everitt, Psychological
    Bulletin 72 (1969) 323. Example:

    >>> value, lower, upper = quadratic_kappa([[20, 5, 0], [4, 15, 6], [1, 3, 16]])
    >>> print(f"{value:.4f}: {lower:.4f} to {upper:.4f}")
    0.7598: 0.6405 to 0.8790
    """
    counts = floats(table)
    n, size = counts.sum(), len(counts)
    if not n > 0 or size < 2:
        return np.nan, np.nan, np.nan
    p, at = counts / n, np.arange(size)
    agree = 1.0 - (at[:, None] - at[None, :]) ** 2 / (size - 1) ** 2
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    seen, chance = float((agree * p).sum()), float((agree * np.outer(rows, columns)).sum())
    if chance >= 1.0:
        return np.nan, np.nan, np.nan
    value = (seen - chance) / (1.0 - chance)
    means = (agree @ columns)[:, None] + (rows @ agree)[None, :]
    spread = float((p * (agree - means * (1.0 - value)) ** 2).sum()) - (value - chance * (1.0 - value)) ** 2
    half = float(quantile_of(confidence)) * max(spread, 0.0) ** 0.5 / (n**0.5 * (1.0 - chance))
    return value, max(value - half, -1.0), min(value + half, 1.0)
