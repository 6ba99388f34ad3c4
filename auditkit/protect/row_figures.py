"""Figures that counts cannot give: how far a predicted number is from the real one, and correlations with the score.

They are computed from the rows here, before anything leaves them, and released, rounded or dropped one by one.
A rate says how many are on the wrong side of a line; these say by how much a prediction misses, and for whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import Tabulation
from auditkit.counts.predicted_rows import PredictedRows
from auditkit.inference import wilson
from auditkit.protect.released import FromRows
from auditkit.spec import AuditSpec

__all__ = ["CORRELATION", "PREDICTION", "PREDICTION_FIGURES", "rank_correlation", "row_figures"]

Floats = NDArray[np.float64]
Interval = tuple[float, float, float, str]
Groups = Sequence[tuple[str, ...]]

PREDICTION, CORRELATION = "prediction", "correlation"
PREDICTION_FIGURES = (
    "mean_absolute_percentage_error",
    "mean_absolute_percentage_error_of_positives",
    "root_mean_square_log_error",
    "r_squared_log",
    "rank_correlation",
    "under_predicted",
    "accurately_predicted",
    "over_predicted",
)
_SHARES = ("under_predicted", "accurately_predicted", "over_predicted")
_BATCH = 4_000_000


def row_figures(
    tabulation: Tabulation,
    analysis: str,
    spec: AuditSpec,
    views: Sequence[tuple[tuple[str, ...], Sequence[tuple[str, ...]]]],
) -> tuple[FromRows, ...]:
    """Every figure of an analysis that rests on rows: of each group of each view, and of everyone."""
    rows: PredictedRows | None = tabulation.facts.get("prediction")
    asked = [key for key in PREDICTION_FIGURES if spec.measures == "default" or key in spec.measures]
    found = [FromRows(CORRELATION, (), (), key, one.value, one.rows)
             for key, one in sorted(tabulation.facts.get("correlations", {}).items())]  # fmt: skip
    if rows is not None:
        found += [
            _of_prediction(rows, names, group, key, spec, analysis)
            for names, groups in views for key in asked for group in groups
        ]  # fmt: skip
    return tuple(found)


def _of_group(rows: PredictedRows, names: Sequence[str], group: tuple[str, ...]) -> NDArray[np.bool_]:
    chosen = np.ones(len(rows.actual), dtype=bool)
    for name, value in zip(names, group, strict=True):
        level = next(level for level in rows.levels if level.name == name)
        place = level.values.index(value) if value in level.values else -2
        chosen &= rows.codes[name] == place
    return chosen


def _of_prediction(
    rows: PredictedRows, names: tuple[str, ...], group: tuple[str, ...], key: str, spec: AuditSpec, analysis: str
) -> FromRows:
    chosen = _of_group(rows, names, group)
    if key.endswith("_of_positives"):
        chosen = chosen & (rows.outcome == 1)
    actual, predicted = rows.actual[chosen], rows.predicted[chosen]
    n = float(len(actual))
    if not len(actual):
        return FromRows(PREDICTION, names, group, key, np.nan, n)
    if key in _SHARES:
        hits = float(_hits(key, actual, predicted, spec).sum())
        low, high = wilson(hits, n, spec.confidence)
        return FromRows(PREDICTION, names, group, key, hits / n, n, float(low), float(high), "wilson", hits)
    seed = np.random.SeedSequence([spec.bootstrap.seed, crc32("|".join((analysis, *names, *group, key)).encode())])
    value, lower, upper, method = _figure(key, actual, predicted, spec, seed)
    spans = bool(np.isfinite([value, lower, upper]).all())
    return FromRows(PREDICTION, names, group, key, value, n, lower if spans else None, upper if spans else None,
                    method if spans else "none")  # fmt: skip


def _hits(key: str, actual: Floats, predicted: Floats, spec: AuditSpec) -> NDArray[np.bool_]:
    assert spec.prediction is not None
    off = np.log(predicted) - np.log(actual)
    within = spec.prediction.within
    if key == "accurately_predicted":
        hits = np.abs(off) <= within
    else:
        hits = off < -within if key == "under_predicted" else off > within
    return np.asarray(hits, dtype=bool)


def _figure(key: str, actual: Floats, predicted: Floats, spec: AuditSpec, seed: np.random.SeedSequence) -> Interval:
    """Value, interval and its method of a measure that is no share."""
    if key.startswith("mean_absolute_percentage_error"):
        return _mean(np.abs(predicted - actual) / actual, spec.confidence)
    x, y = np.log(predicted), np.log(actual)
    if key == "root_mean_square_log_error":
        value, lower, upper, method = _mean((x - y) ** 2, spec.confidence)
        return value**0.5, max(lower, 0.0) ** 0.5, upper**0.5, method
    if key == "rank_correlation":
        return _rank(actual, predicted, spec.confidence)
    return _r_squared(x, y, spec, seed)


def _mean(values: Floats, confidence: float) -> Interval:
    """A mean with Student's interval; none for a single row."""
    from scipy.special import stdtrit

    mean, n = float(values.mean()), len(values)
    if n < 2:
        return mean, np.nan, np.nan, "none"
    half = float(stdtrit(n - 1, (1 + confidence) / 2)) * float(values.std(ddof=1)) / n**0.5
    return mean, mean - half, mean + half, "student"


def rank_correlation(one: Floats, other: Floats) -> float:
    """Spearman's correlation: Pearson's of the ranks, ties sharing the mean of theirs; NaN where one does not vary.

    >>> rank_correlation(np.array([1.0, 2, 3, 4]), np.array([10.0, 30, 20, 40]))
    0.8
    """
    a, b = _ranks(one), _ranks(other)
    a, b = a - a.mean(), b - b.mean()
    spread = float((a * a).sum() * (b * b).sum())
    return float((a * b).sum() / spread**0.5) if spread > 0 else float("nan")


def _ranks(values: Floats) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def _rank(actual: Floats, predicted: Floats, confidence: float) -> Interval:
    """Fisher's z with the variance (1 + r^2/2) / (n - 3) of Bonett and Wright, Psychometrika 65, 2000."""
    from scipy.special import ndtri

    value, n = rank_correlation(actual, predicted), len(actual)
    if not n > 3 or not abs(value) < 1:
        return value, np.nan, np.nan, "none"
    half = float(ndtri((1 + confidence) / 2)) * ((1 + value**2 / 2) / (n - 3)) ** 0.5
    return value, float(np.tanh(np.arctanh(value) - half)), float(np.tanh(np.arctanh(value) + half)), "fisher_z"


def _r_squared(x: Floats, y: Floats, spec: AuditSpec, seed: np.random.SeedSequence) -> Interval:
    """1 - squared errors / spread of the real number, with a percentile interval over resampled rows."""
    n = len(y)
    spread = float(((y - y.mean()) ** 2).sum())
    if n < 3 or spread == 0:
        return np.nan, np.nan, np.nan, "none"
    value = 1 - float(((y - x) ** 2).sum()) / spread
    generator, left, drawn = np.random.default_rng(seed), spec.bootstrap.replicates, []
    while left > 0:
        size = min(left, max(1, _BATCH // n))
        at = generator.integers(0, n, (size, n))
        real, off = y[at], ((y - x) ** 2)[at].sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            drawn.append(1 - off / ((real - real.mean(axis=1, keepdims=True)) ** 2).sum(axis=1))
        left -= size
    values = np.concatenate(drawn)
    defined = np.isfinite(values)
    if defined.mean() < 0.99:  # rows so few that a draw often holds one number only
        return value, np.nan, np.nan, "none"
    ends = np.quantile(values[defined], [(1 - spec.confidence) / 2, (1 + spec.confidence) / 2])
    return value, float(ends[0]), float(ends[1]), "bootstrap"
