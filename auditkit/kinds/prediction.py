"""Errors of amounts by group: mean error, mean absolute error, who is charged too much, how unequal errors are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import ratio_of_sums
from auditkit.kinds.kind_rows import View, kind_rows
from auditkit.kinds.made_figures import Subject, made, mean_of, share_of
from auditkit.result import KindFigure
from auditkit.spec import AuditSpec
from auditkit.spec.kinds.prediction import Prediction

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["figures_of_rows"]

Floats = NDArray[np.float64]

_PARTS = 5
_FEWEST = 30


def figures_of_rows(table: Table, spec: AuditSpec, views: Sequence[View]) -> list[KindFigure]:
    """Of everyone and of each group; nothing where the prediction has no unit (relative errors are measures then)."""
    asked = spec.prediction
    assert asked is not None
    if asked.unit is None:
        return []
    rows = kind_rows(table, spec, "prediction", [asked.actual, asked.predicted], [])
    actual, predicted = rows.numbers[asked.actual], rows.numbers[asked.predicted]
    known = np.isfinite(actual) & np.isfinite(predicted)
    edges = _edges(predicted[known], rows.n[known])
    found: list[KindFigure] = []
    for names, group, inside in rows.each(views):
        chosen = inside & known
        times = rows.n[chosen].astype(np.float64)
        found += _of_group((names, group), actual[chosen], predicted[chosen], times, edges, asked, spec.confidence)
    return found


def _edges(predicted: Floats, times: NDArray[np.int64]) -> Floats:
    """Four limits between fifths of the predicted amounts, rounded to two digits, the same for every group."""
    if not len(predicted):
        return np.zeros(0)
    order = np.argsort(predicted, kind="stable")
    reached = np.cumsum(times[order])
    places = [int(np.searchsorted(reached, reached[-1] * part / _PARTS)) for part in range(1, _PARTS)]
    rough = [float(f"{predicted[order][place]:.2g}") for place in places]
    return np.array(sorted(set(rough)))


def _of_group(
    of: Subject, actual: Floats, predicted: Floats, times: Floats, edges: Floats, asked: Prediction, confidence: float
) -> list[KindFigure]:
    error, n = predicted - actual, float(times.sum())
    found = [
        mean_of("prediction", "mean_error", of, error, times, confidence, "amount"),
        mean_of("prediction", "mean_absolute_error", of, np.abs(error), times, confidence, "amount"),
        made("prediction", "predicted_for_each_real", of, ratio_of_sums(predicted, actual, times, confidence), n,
             "delta", "ratio"),
        share_of("prediction", "predicted_too_high", of, float(times[error > 0].sum()), n, confidence),
    ]  # fmt: skip
    if asked.too_much is not None:
        over = float(times[error >= asked.too_much].sum())
        found.append(share_of("prediction", "far_too_high", of, over, n, confidence, f"{asked.too_much:g}"))
    spread = _inequality(np.abs(error), times)
    found.append(made("prediction", "inequality_of_errors", of, (spread, np.nan, np.nan), n, "none", "number"))
    part = np.searchsorted(edges, predicted, side="right")
    for at in range(len(edges) + 1 if len(edges) else 0):
        inside = part == at
        level = _range(edges, at)
        few = float(times[inside].sum()) < _FEWEST
        values, many = (np.zeros(0), np.zeros(0)) if few else (error[inside], times[inside])
        found.append(mean_of("prediction", "mean_error_where", of, values, many, confidence, "amount", level))
    return found


def _range(edges: Floats, at: int) -> str:
    low = "" if at == 0 else f"{edges[at - 1]:g}"
    high = "" if at == len(edges) else f"{edges[at]:g}"
    return f"{low} … {high}".strip()


def _inequality(values: Floats, times: Floats) -> float:
    """Gini's coefficient over people, by the sorted form; 0 where all errors are alike."""
    n, order = float(times.sum()), np.argsort(values, kind="stable")
    total = float((values * times).sum())
    if n < 2 or not total > 0:
        return float("nan")
    size, held = times[order], values[order]
    after = np.cumsum(size)
    rank = after - (size - 1) / 2
    return float((2 * (rank * size * held).sum() / (n * total) - (n + 1) / n) * n / (n - 1))
