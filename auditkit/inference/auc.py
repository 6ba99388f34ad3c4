"""How well does a score put people with the outcome above people without it? The area under the ROC curve
from counts by score bin, with DeLong's variance, which needs no rows either: everyone in one bin has the same
rank."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, stdtrit

from auditkit.inference.array_shapes import (
    BooleanArray,
    FloatArray,
    Interval,
    divide,
    floats,
    quantile_of,
    quietly,
)  # fmt: skip
from auditkit.inference.rate_intervals import wilson

FEWEST_OF_A_CLASS = 20.0
CONTRIBUTORS = 1.5


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
    that of a negative's among the positives over the negatives. The interval is AUC +- Student's t standard
    errors on the logit scale, with 1.5 times as many degrees as rows that make the variance ((sum of squared
    influences)^2 / sum of fourth powers) - 1: near 1 a handful of misplaced rows is all the variance there
    is, and with z the interval holds in as few as 80 % (docs/coverage.md). It is never wider than Wilson's
    interval for the smaller class, as no AUC varies more than a rate there; this also gives an AUC of 0 or 1,
    or a score with one value, its width. Weighted counts come with their sums of squared weights; the
    classes then have effective sizes W^2 / W2. Fewer than 20 of a class: no interval and `few_cases`.
    Last axis: bins. Source: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837; Birnbaum and Klose,
    Annals of Mathematical Statistics 28 (1957) 933, for the largest variance. The degrees are our own.

    >>> result = auc_estimate([2, 8, 20], [20, 10, 5])
    >>> print(f"{result.value:.3f}: {result.lower:.3f} to {result.upper:.3f}")
    0.829: 0.701 to 0.909
    """
    positive, negative = np.broadcast_arrays(floats(positive_counts), floats(negative_counts))
    value, below, above = _placements(positive, negative)
    m, n = _effective(positive, positive_weight_squared), _effective(negative, negative_weight_squared)
    moved = ((positive, below, m), (negative, above, n))
    with quietly():
        second, fourth = (
            [divide((count * (place - value[..., None]) ** power).sum(axis=-1), count.sum(axis=-1))
             for count, place, _ in moved] for power in (2, 4)
        )  # fmt: skip
        variance = np.where((m > 1) & (n > 1), divide(second[0], m - 1.0) + divide(second[1], n - 1.0), np.nan)
        variance = np.where(variance < 1e-20, 0.0, variance)  # rounding of an exact 0
        squares, fourths = second[0] / m + second[1] / n, fourth[0] / m**3 + fourth[1] / n**3
        contributors = CONTRIBUTORS * divide(squares**2, fourths)
    degrees = np.minimum(m + n, contributors) - 1.0
    few = ~((m >= FEWEST_OF_A_CLASS * (1 - 1e-9)) & (n >= FEWEST_OF_A_CLASS * (1 - 1e-9)))
    lower, upper = auc_interval(value, variance, m, n, confidence, degrees)
    lower, upper = np.where(few, np.nan, lower), np.where(few, np.nan, upper)
    return AucEstimate(value, lower, upper, np.sqrt(variance), m, n, few)


def auc_interval(
    value: ArrayLike,
    variance: ArrayLike,
    positives: ArrayLike,
    negatives: ArrayLike,
    confidence: ArrayLike = 0.95,
    degrees: ArrayLike | None = None,
) -> Interval:
    """Between which limits does an area under the curve lie, given its variance and the sizes of the classes?

    AUC +- standard errors on the logit scale, Student's t of them where `degrees` are given, else z; never
    beyond Wilson's limits for a rate of that size in the smaller class, which are the interval where the
    variance is 0. Shapes broadcast; NaN without an area or a variance. Source: see `auc_estimate`. The
    example is a perfect score of 20 and 20: no certainty, but Wilson's limits for 20 of 20.

    >>> lower, upper = auc_interval(1.0, 0.0, 20, 20)
    >>> print(f"{lower:.3f} to {upper:.3f}")
    0.839 to 1.000
    """
    area, spread = floats(value), floats(variance)
    smaller = np.minimum(floats(positives), floats(negatives))
    widest_lower, widest_upper = wilson(area * smaller, smaller, confidence)
    with quietly():
        quantile = quantile_of(confidence)
        if degrees is not None:
            quantile = -stdtrit(floats(degrees), (1.0 - floats(confidence)) / 2.0)
        logit = np.log(area) - np.log1p(-area)
        width = quantile * np.sqrt(spread) / (area * (1.0 - area))
        lower, upper = expit(logit - width), expit(logit + width)
    flat = (spread == 0) | (area == 0) | (area == 1)
    lower = np.where(flat, widest_lower, np.maximum(lower, widest_lower))
    upper = np.where(flat, widest_upper, np.minimum(upper, widest_upper))
    return lower, upper
