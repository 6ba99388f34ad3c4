"""Do scores mean what they say in every group? Mean outcome against mean score, over all and by score bin,
from sums alone: counts, sums and squares of the score by outcome give the variance of outcome minus score
exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, stdtrit

from auditkit.inference.array_shapes import FloatArray, Interval, divide, floats, quantile_of, quietly
from auditkit.inference.rate_intervals import wilson


@dataclass(frozen=True)
class CalibrationError:
    """Mean outcome minus mean score, signed."""

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    standard_error: FloatArray
    n: FloatArray


@dataclass(frozen=True)
class CalibrationByBin:
    """How far outcomes and scores are apart within score bins."""

    squared_error: FloatArray
    """Weighted mean over bins of (mean outcome - mean score)^2, less what chance alone adds; may come out
    below 0."""
    error: FloatArray
    """Its square root, 0 where it is below 0."""
    statistic: FloatArray
    """Chi-square of "every score is the chance it says"."""
    degrees: FloatArray
    p_value: FloatArray
    bins_left_out: FloatArray
    """Bins with one row: their own chance part cannot be worked out, so the error leaves them out."""


def _student(confidence: ArrayLike, degrees: FloatArray) -> FloatArray:
    with quietly():
        return np.where(degrees > 0, -stdtrit(np.maximum(degrees, 1e-9), (1.0 - floats(confidence)) / 2.0), np.nan)


def mean_interval(
    n: ArrayLike,
    total: ArrayLike,
    squared: ArrayLike,
    confidence: ArrayLike = 0.95,
    effective_n: ArrayLike | None = None,
) -> Interval:
    """Between which limits does a mean (of scores) lie?

    Student's t with n - 1 degrees: mean +- t sqrt(variance / n), the variance with n - 1 below. For weighted
    sums give the effective number of rows W^2 / W2; it takes the place of n in both. Shapes broadcast; unit
    of the score; NaN under two rows. Source: Student (1908). Example: 1, 2, 3, 4, mean 2.5, t = 3.182,
    standard error 0.6455.

    >>> lower, upper = mean_interval(4, 10.0, 30.0)
    >>> print(f"{lower:.3f} to {upper:.3f}")
    0.446 to 4.554
    """
    mean, variance, rows = _moments(n, total, squared, effective_n)
    width = _student(confidence, rows - 1.0) * np.sqrt(variance)
    return mean - width, mean + width


def _moments(
    n: ArrayLike, total: ArrayLike, squared: ArrayLike, effective_n: ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean, variance of the mean, and the number of rows it rests on."""
    weight = floats(n)
    rows = weight if effective_n is None else floats(effective_n)
    mean = divide(total, weight)
    spread = np.maximum(divide(squared, weight) - mean**2, 0.0)
    with quietly():
        return mean, np.where(rows > 1, divide(spread, rows - 1.0), np.nan), rows


def mean_difference(
    n: ArrayLike,
    total: ArrayLike,
    squared: ArrayLike,
    reference_n: ArrayLike,
    reference_total: ArrayLike,
    reference_squared: ArrayLike,
    confidence: ArrayLike = 0.95,
    effective_n: ArrayLike | None = None,
    reference_effective_n: ArrayLike | None = None,
) -> Interval:
    """Between which limits does the difference of two means lie, group minus reference?

    Welch's interval: each group keeps its own variance, the degrees of freedom follow Satterthwaite. Shapes
    broadcast; unit of the score; NaN where either has under two rows. Source: Welch, Biometrika 34 (1947) 28.
    Example: 1, 2, 3, 4 against 2, 2, 4: means 2.5 and 2.667.

    >>> lower, upper = mean_difference(4, 10.0, 30.0, 3, 8.0, 24.0)
    >>> print(f"{lower:.3f} to {upper:.3f}")
    -2.593 to 2.260
    """
    mean, variance, rows = _moments(n, total, squared, effective_n)
    other, other_variance, other_rows = _moments(reference_n, reference_total, reference_squared, reference_effective_n)
    both = variance + other_variance
    with quietly():
        parts = variance**2 / (rows - 1.0) + other_variance**2 / (other_rows - 1.0)
        degrees = np.where(both == 0, rows + other_rows - 2.0, divide(both**2, parts))
    width = _student(confidence, degrees) * np.sqrt(both)
    return mean - other - width, mean - other + width


def calibration_error(
    n_by_outcome: ArrayLike,
    score_sum_by_outcome: ArrayLike,
    score_squared_by_outcome: ArrayLike,
    confidence: ArrayLike = 0.95,
    effective_n: ArrayLike | None = None,
) -> CalibrationError:
    """Do things happen more often (above 0) or less often (below 0) than the scores say?

    Mean outcome minus mean score. Last axis: outcome 0, outcome 1. The variance is that of outcome minus
    score, row by row; the interval is Wilson's for the outcome rate, at the number of rows that gives it this
    variance (and Student's t for z), moved by the mean score: with one score for all it is Wilson's own.
    Where the outcome is all 0 or all 1, Wilson at n with the spread of the scores squared and added. Weighted
    sums come with their effective number of rows. Scores must lie in [0, 1]; limits in -1 to 1; NaN under two
    rows. Source: Wilson (1927); Newcombe (1998). Example: 60 without (scores sum to 6) and 40 with the
    outcome (sum to 24): 0.4 against 0.3.

    >>> result = calibration_error([60, 40], [6.0, 24.0], [0.9, 15.0])
    >>> print(f"{result.value:.2f}: {result.lower:.3f} to {result.upper:.3f}")
    0.10: 0.049 to 0.153
    """
    n, sums, squares = (floats(value) for value in (n_by_outcome, score_sum_by_outcome, score_squared_by_outcome))
    weight = n.sum(axis=-1)
    rate = divide(n[..., 1], weight)
    differences = n[..., 1] - sums.sum(axis=-1)
    squared = n[..., 1] - 2.0 * sums[..., 1] + squares.sum(axis=-1)
    value, variance, rows = _moments(weight, differences, squared, effective_n)
    t = _student(confidence, rows - 1.0)
    with quietly():
        mixed = (rate > 0) & (rate < 1)
        worth = np.where(mixed & (variance > 0), rate * (1.0 - rate) / variance, rows)
        worth = worth * (quantile_of(confidence) / t) ** 2
        low, high = wilson(rate * worth, worth, confidence)
        further = np.where(mixed, 0.0, t * np.sqrt(variance))
        lower, upper = value - np.hypot(rate - low, further), value + np.hypot(high - rate, further)
    known = ~np.isnan(variance)
    return CalibrationError(
        value,
        np.where(known, np.maximum(lower, -1.0), np.nan),
        np.where(known, np.minimum(upper, 1.0), np.nan),
        np.sqrt(variance),
        rows,
    )


def calibration_error_by_bin(
    counts: ArrayLike,
    score_sums: ArrayLike,
    outcome_sums: ArrayLike,
    score_squared: ArrayLike | None = None,
    weight_squared: ArrayLike | None = None,
) -> CalibrationByBin:
    """How far are outcomes from scores within score bins, beyond what chance would show?

    The mean over bins, weighted by rows, of (mean outcome - mean score)^2 - rate (1 - rate)/(n - 1): the
    plain error of a perfect score is 0.093 at n = 100, so small groups would look bad for being small. Beside
    it, the sum over bins of (outcomes - scores)^2 over the variance the scores themselves imply, sum s(1 - s)
    (n s(1 - s) of the mean score where `score_squared` is not given), against a chi-square with one degree a
    bin. Under weights the sums are weighted and `weight_squared` (the sum of squared weights of each bin) is given:
    a bin is then worth Kish's W^2 / W2 rows where chance is taken off, and has no test. Last axis: bins. NaN without a
    bin of two rows. Source: Kumar, Liang and Ma, NeurIPS 2019;
    Spiegelhalter (1986). Example: 50 rows scored 0.2 with 10 outcomes and 50 scored 0.6 with 40; the squares
    are 0 - 0.16/49 and 0.04 - 0.16/49.

    >>> result = calibration_error_by_bin([50, 50], [10.0, 30.0], [10, 40])
    >>> print(f"{result.squared_error:.5f} {result.error:.4f} {result.statistic:.2f} {result.p_value:.4f}")
    0.01673 0.1294 8.33 0.0155
    """
    n, scores, outcomes = np.broadcast_arrays(*(floats(value) for value in (counts, score_sums, outcome_sums)))
    rate, score = divide(outcomes, n), divide(scores, n)
    rows = n if weight_squared is None else np.nan_to_num(divide(n**2, floats(weight_squared)))
    usable = rows > 1
    chance = divide(rate * (1.0 - rate), rows - 1.0)
    squared = divide(
        np.where(usable, n * ((rate - score) ** 2 - chance), 0.0).sum(axis=-1),
        np.where(usable, n, 0.0).sum(axis=-1),
    )
    implied = n * score * (1.0 - score) if score_squared is None else scores - floats(score_squared)
    tested = (n > 0) & (implied > 0) & np.array(weight_squared is None)
    parts = np.where(tested, divide((outcomes - scores) ** 2, implied), 0.0)
    statistic, degrees = parts.sum(axis=-1), floats(tested.sum(axis=-1))
    statistic = np.where(degrees > 0, statistic, np.nan)
    with quietly():
        p_value = np.where(degrees > 0, chdtrc(np.maximum(degrees, 1.0), statistic), np.nan)
        error = np.sqrt(np.maximum(squared, 0.0))
    return CalibrationByBin(
        squared, error, statistic, degrees, floats(p_value), floats(((n > 0) & ~usable).sum(axis=-1))
    )
