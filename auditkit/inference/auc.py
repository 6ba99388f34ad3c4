"""How well does a score put people with the outcome above people without it? The area under the ROC curve
from counts by score bin, with DeLong's variance, which needs no rows either: everyone in one bin has the same
rank."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from auditkit.inference.arrays import (
    BooleanArray,
    FloatArray,
    Interval,
    divide,
    floats,
    on_valid,
    quantile_of,
    quietly,
)  # fmt: skip
from auditkit.inference.roots import decreasing_root

FEWEST_OF_A_CLASS = 20.0


@dataclass(frozen=True)
class AucEstimate:
    """The area under the curve, its interval and what it rests on."""

    value: FloatArray
    """Chance that a random positive scores above a random negative, ties half; NaN without one of the
    classes."""
    lower: FloatArray
    """NaN with few cases, as is `upper`."""
    upper: FloatArray
    standard_error: FloatArray
    positives: FloatArray
    """Effective number of rows with the outcome."""
    negatives: FloatArray
    few_cases: BooleanArray
    """True where a class has fewer than 20 rows, effective rows if weighted."""


def auc_from_bins(positive_counts: ArrayLike, negative_counts: ArrayLike) -> FloatArray:
    """How often does a random person with the outcome score above one without, ties counting half?

    For every bin, positives times (negatives in lower bins plus half of those in the same bin), summed and
    divided by all pairs. Last axis: bins in ascending order of score, counts or weights. NaN where a class is
    empty. Source: Mann and Whitney (1947). Example: scores 1, 2, 2 without and 2, 3 with the outcome: (2 + 3)
    / 6.

    >>> print(f"{auc_from_bins([0, 1, 1], [1, 2, 0]):.4f}")
    0.8333
    """
    return _placements(floats(positive_counts), floats(negative_counts))[0]


def _placements(positive: FloatArray, negative: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """AUC; by bin, the share of negatives below a positive there and the share of positives above a
    negative."""
    below = divide(np.cumsum(negative, axis=-1) - negative / 2.0, negative.sum(axis=-1)[..., None])
    upto = np.cumsum(positive, axis=-1)
    above = divide(upto[..., -1:] - upto + positive / 2.0, positive.sum(axis=-1)[..., None])
    value = divide((positive * below).sum(axis=-1), positive.sum(axis=-1))
    return value, below, above


def _effective(weight: FloatArray, squared: ArrayLike | None) -> FloatArray:
    total = weight.sum(axis=-1)
    return floats(total) if squared is None else total * divide(total, floats(squared).sum(axis=-1))


def auc_estimate(
    positive_counts: ArrayLike,
    negative_counts: ArrayLike,
    positive_weight_squared: ArrayLike | None = None,
    negative_weight_squared: ArrayLike | None = None,
    confidence: ArrayLike = 0.95,
) -> AucEstimate:
    """What is the area under the curve, between which limits, and do enough cases stand behind it?

    DeLong's variance: the variance of a positive's placement among the negatives over the positives, plus
    that of a negative's among the positives over the negatives. The interval is AUC +- z standard errors on
    the logit scale. Where DeLong's variance is 0 (an AUC of 0 or 1, one tie) it would have no width, and
    Newcombe's score interval with the variance of Hanley and McNeil takes its place. Weighted counts come
    with their sums of squared weights; the classes then have effective sizes W^2 / W2. Fewer than 20 of a
    class: no interval and `few_cases`. Last axis: bins. Source: DeLong, DeLong and Clarke-Pearson (1988);
    Newcombe, Statistics in Medicine 25 (2006) 559, method 5.

    >>> result = auc_estimate([2, 8, 20], [20, 10, 5])
    >>> print(f"{result.value:.3f}: {result.lower:.3f} to {result.upper:.3f}")
    0.829: 0.711 to 0.905
    """
    positive, negative = np.broadcast_arrays(floats(positive_counts), floats(negative_counts))
    value, below, above = _placements(positive, negative)
    m, n = _effective(positive, positive_weight_squared), _effective(negative, negative_weight_squared)
    with quietly():
        of_positives = divide(
            (positive * (below - value[..., None]) ** 2).sum(axis=-1), positive.sum(axis=-1)
        )
        of_negatives = divide(
            (negative * (above - value[..., None]) ** 2).sum(axis=-1), negative.sum(axis=-1)
        )
        variance = np.where(
            (m > 1) & (n > 1), divide(of_positives, m - 1.0) + divide(of_negatives, n - 1.0), np.nan
        )
        variance = np.where(variance < 1e-15, 0.0, variance)  # rounding of an exact 0
    few = ~((m >= FEWEST_OF_A_CLASS * (1 - 1e-9)) & (n >= FEWEST_OF_A_CLASS * (1 - 1e-9)))
    lower, upper = auc_interval(value, variance, m, n, confidence)
    return AucEstimate(
        value, np.where(few, np.nan, lower), np.where(few, np.nan, upper), np.sqrt(variance), m, n, few
    )


def auc_interval(
    value: ArrayLike,
    variance: ArrayLike,
    positives: ArrayLike,
    negatives: ArrayLike,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Between which limits does an area under the curve lie, given its variance and the sizes of the classes?

    AUC +- z standard errors on the logit scale; Newcombe's score interval where the variance is 0. Shapes
    broadcast. The example is a perfect score of 20 and 20: no certainty.

    >>> lower, upper = auc_interval(1.0, 0.0, 20, 20)
    >>> print(f"{lower:.3f} to {upper:.3f}")
    0.899 to 1.000
    """
    area, z = floats(value), quantile_of(confidence)
    with quietly():
        logit = np.log(area) - np.log1p(-area)
        width = z * np.sqrt(floats(variance)) / (area * (1.0 - area))
        lower, upper = expit(logit - width), expit(logit + width)
    flat = np.where((floats(variance) == 0) | (area == 0) | (area == 1), area, np.nan)
    score_lower, score_upper = on_valid(_score_interval, 2, flat, positives, negatives, z)
    return np.where(np.isnan(flat), lower, score_lower), np.where(np.isnan(flat), upper, score_upper)


def _score_interval(
    area: FloatArray, m: FloatArray, n: FloatArray, z: FloatArray
) -> tuple[FloatArray, FloatArray]:
    def excess(logit: FloatArray, side: FloatArray) -> FloatArray:
        t = expit(logit)
        more = ((m + n) / 2.0 - 1.0) * ((1.0 - t) / (2.0 - t) + t / (1.0 + t))
        deviation = np.sqrt(t * (1.0 - t) * (1.0 + more) / (m * n))
        return area - t - side * deviation

    lower, upper = np.zeros(area.shape), np.ones(area.shape)
    start, step = np.zeros(area.shape), np.full(area.shape, 4.0)
    inner_lower = expit(decreasing_root(lambda logit: excess(logit, z), start, step))
    inner_upper = expit(decreasing_root(lambda logit: excess(logit, -z), start, step))
    return np.where(area > 0, inner_lower, lower), np.where(area < 1, inner_upper, upper)
