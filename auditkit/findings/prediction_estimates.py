"""How far a predicted number is from the real one, by group: relative errors, errors of the logarithm, order.

A rate says how many are on the wrong side of a line; these say by how much a prediction misses, and for whom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import Tabulation
from auditkit.counts.predicted_rows import PredictedRows
from auditkit.inference import wilson
from auditkit.measures import Measure
from auditkit.result import Estimate
from auditkit.spec import AuditSpec

__all__ = ["prediction_estimates", "rank_correlation"]

Floats = NDArray[np.float64]
Interval = tuple[float, float, float, str]
_SHARES = ("under_predicted", "accurately_predicted", "over_predicted")
_BATCH = 4_000_000


def prediction_estimates(
    tabulation: Tabulation, names: Sequence[str], groups: Sequence[tuple[str, ...]], row: Measure, spec: AuditSpec,
    analysis: str,
) -> Iterator[Estimate]:  # fmt: skip
    """One estimate a group (everyone together for no attribute), with an interval where there are enough rows."""
    rows: PredictedRows | None = tabulation.facts.get("prediction")
    for group in groups:
        chosen = _of_group(rows, names, group) if rows is not None else None
        yield _estimate(rows, chosen, names, group, row, spec, analysis)


def _of_group(rows: PredictedRows, names: Sequence[str], group: tuple[str, ...]) -> NDArray[np.bool_]:
    chosen = np.ones(len(rows.actual), dtype=bool)
    for name, value in zip(names, group, strict=True):
        level = next(level for level in rows.levels if level.name == name)
        place = level.values.index(value) if value in level.values else -2
        chosen &= rows.codes[name] == place
    return chosen


def _estimate(
    rows: PredictedRows | None, chosen: NDArray[np.bool_] | None, names: Sequence[str], group: tuple[str, ...],
    row: Measure, spec: AuditSpec, analysis: str,
) -> Estimate:  # fmt: skip
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    given: tuple[float, ...] = ()
    method, n = "none", 0.0
    if rows is not None and chosen is not None:
        if row.key.endswith("_of_positives"):
            chosen = chosen & (rows.outcome == 1)
        actual, predicted = rows.actual[chosen], rows.predicted[chosen]
        n, given = float(len(actual)), (float(len(actual)),)
        if len(actual):
            if row.key in _SHARES:
                hits = float(_hits(row.key, actual, predicted, spec).sum())
                low, high = wilson(hits, n, spec.confidence)
                value, lower, upper, method = hits / n, float(low), float(high), "wilson"
                numerator, denominator, given = hits, n, (hits, n - hits)
            else:
                name = "|".join((analysis, *names, *group, row.key))
                seed = np.random.SeedSequence([spec.bootstrap.seed, crc32(name.encode())])
                value, lower, upper, method = _figure(row.key, actual, predicted, spec, seed)
    known = value is not None and np.isfinite(value)
    spans = known and lower is not None and upper is not None and bool(np.isfinite(lower) and np.isfinite(upper))
    return Estimate(
        analysis=analysis, attributes=tuple(names), groups=group, measure=row.key, value=value if known else None,
        lower=lower if spans else None, upper=upper if spans else None, bound_lower=None, bound_upper=None,
        confidence=spec.confidence, method=method if spans else "none", numerator=numerator, denominator=denominator,
        n=n, status="computed" if known else "not_computed",
        reason=None if known else ("no_score" if rows is None else "empty_group" if n == 0 else "few_cases"),
        rows=given,
    )  # fmt: skip


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
