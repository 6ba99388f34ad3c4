"""Kitagawa, Oaxaca and Blinder: how much of a gap goes with who is in the groups, how much with how they are treated.

Two-fold, with the coefficients of the reference group: composition is, by variable, the difference of means times the
coefficient of a linear regression among the reference; treatment is all the rest, one total (its parts by variable
would depend on where zero stands). Kitagawa 1955; Oaxaca 1973; Blinder 1973.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditkit.explain.drawn_pairs import Comparison
from auditkit.explain.model_inputs import Floats, Inputs, Integers
from auditkit.result.attribution import Figure, Part, TwoFold

__all__ = ["two_fold"]

_LEVELS = 30


@dataclass(frozen=True)
class _Design:
    """Columns of numbers, and the variable that each stands for."""

    columns: Floats
    variable: Integers
    names: tuple[str, ...]


def two_fold(
    inputs: Inputs,
    figure: Figure,
    values: Floats,
    comparisons: Sequence[Comparison],
    confidence: float = 0.95,
    weight: Floats | None = None,
) -> tuple[TwoFold, ...]:
    """Composition by variable and treatment, for each group against its reference, with intervals.

    `values` is the figure of each row: the score, or 1 for selected. Intervals are by the delta method with
    coefficients' errors robust to unequal variances (HC1). Rows with a missing variable take the mean and a flag
    that belongs to the variable; the most frequent 30 values of a category have a column each.

    >>> from auditkit.explain.model_inputs import inputs_of
    >>> inputs = inputs_of({"x": [0.0, 1.0, 2.0, 1.0, 2.0, 4.0]})
    >>> one = Comparison(("g",), ("b",), ("a",), np.array([3, 4, 5]), np.array([0, 1, 2]))
    >>> found = two_fold(inputs, "mean_score", np.array([0.0, 2.0, 4.0, 3.0, 5.0, 9.0]), [one])[0]
    >>> round(found.composition[0].value, 9), round(found.treatment.value, 9)
    (2.666666667, 1.0)
    """
    made = _design(inputs)
    return tuple(_one(made, figure, values, one, confidence, weight) for one in comparisons)


def _design(inputs: Inputs) -> _Design:
    columns: list[Floats] = []
    variable: list[int] = []
    for place, name in enumerate(inputs.columns):
        values = inputs.values[:, place]
        missing = np.isnan(values)
        if name in inputs.labels:
            counts = np.bincount(values[~missing].astype(np.int64), minlength=1)
            for code in np.argsort(-counts, kind="stable")[1 : _LEVELS + 1]:
                if counts[code]:
                    columns.append((values == code).astype(np.float64))
                    variable.append(place)
        else:
            mean = float(values[~missing].mean()) if (~missing).any() else 0.0
            columns.append(np.where(missing, mean, values))
            variable.append(place)
        if missing.any():
            columns.append(missing.astype(np.float64))
            variable.append(place)
    made = np.column_stack(columns) if columns else np.zeros((len(inputs), 0))
    return _Design(made, np.array(variable, dtype=np.int64), inputs.columns)


def _one(
    made: _Design, figure: Figure, values: Floats, one: Comparison, confidence: float, weight: Floats | None
) -> TwoFold:
    from scipy.special import ndtri

    z = float(ndtri((1 + confidence) / 2))
    share, reference_share = _shares(one.rows, weight), _shares(one.reference_rows, weight)
    x, b = made.columns[one.rows], made.columns[one.reference_rows]
    kept = _independent(b, reference_share)
    differs = np.abs(share @ x - reference_share @ b) > 1e-12
    left_out = tuple(
        name for k, name in enumerate(made.names)
        if differs[made.variable == k].any() and not (made.variable[kept] == k).any()
    )  # fmt: skip
    slopes, covariance = _regression(b[:, kept], values[one.reference_rows], reference_share)
    mean, reference_mean = share @ x[:, kept], reference_share @ b[:, kept]
    apart = mean - reference_mean
    spread = _covariance(x[:, kept], share) + _covariance(b[:, kept], reference_share)
    of = made.variable[kept]
    parts = [
        _part(name, np.where(of == k, slopes, 0.0), np.where(of == k, apart, 0.0), apart, spread, covariance, z)
        for k, name in enumerate(made.names)
    ]
    total = _part("", slopes, apart, apart, spread, covariance, z)
    gap = float(share @ values[one.rows] - reference_share @ values[one.reference_rows])
    assert total.value is not None
    treatment = gap - total.value
    left = values[one.rows] - x[:, kept] @ slopes
    own = values[one.reference_rows] - b[:, kept] @ slopes
    variance = _variance(left, share) + _variance(own, reference_share) + float(apart @ covariance @ apart)
    reach = z * math.sqrt(max(variance, 0.0))
    return TwoFold(
        attributes=one.attributes, groups=one.groups, reference=one.reference, figure=figure, gap=gap,
        composition=tuple(parts), composition_total=total,
        treatment=Part("", treatment, treatment - reach, treatment + reach, 0.0), left_out=left_out,
        confidence=confidence, n=len(one.rows), n_reference=len(one.reference_rows),
    )  # fmt: skip


def _shares(rows: Integers, weight: Floats | None) -> Floats:
    if weight is None:
        return np.full(len(rows), 1.0 / len(rows))
    return np.asarray(weight[rows] / weight[rows].sum())


def _independent(columns: Floats, share: Floats) -> Integers:
    """The columns that vary in the reference and are no sum of those before them."""
    centred = (columns - share @ columns) * np.sqrt(share)[:, None]
    size = np.sqrt((centred**2).sum(axis=0))
    kept: list[int] = []
    basis = np.zeros((len(columns), columns.shape[1]), order="F")
    for k in range(columns.shape[1]):
        if size[k] <= 1e-12 * max(1.0, float(np.abs(columns[:, k]).max(initial=0.0))):
            continue
        before = basis[:, : len(kept)]
        left = centred[:, k] - before @ (before.T @ centred[:, k])
        left = left - before @ (before.T @ left)
        length = float(np.sqrt(left @ left))
        if length > 1e-8 * size[k]:
            basis[:, len(kept)] = left / length
            kept.append(k)
    return np.array(kept, dtype=np.int64)


def _regression(columns: Floats, values: Floats, share: Floats) -> tuple[Floats, Floats]:
    """The slopes of a least-squares regression with an intercept, and their covariance (HC1)."""
    centred = columns - share @ columns
    answer = values - share @ values
    if not columns.shape[1]:
        return np.zeros(0), np.zeros((0, 0))
    inverse = np.linalg.inv((centred * share[:, None]).T @ centred)
    slopes = inverse @ ((centred * share[:, None]).T @ answer)
    left = (answer - centred @ slopes) * share
    scores = centred * left[:, None]
    freedom = len(values) / max(1, len(values) - columns.shape[1] - 1)
    return slopes, np.asarray(inverse @ (scores.T @ scores) @ inverse * freedom)


def _covariance(columns: Floats, share: Floats) -> Floats:
    """The covariance of the means."""
    centred = (columns - share @ columns) * share[:, None]
    return np.asarray(centred.T @ centred)


def _variance(values: Floats, share: Floats) -> float:
    return float((((values - share @ values) * share) ** 2).sum())


def _part(name: str, slopes: Floats, own: Floats, apart: Floats, spread: Floats, covariance: Floats, z: float) -> Part:
    """slopes * (means apart): the errors of the means and of the slopes added."""
    value = float(slopes @ apart)
    variance = float(slopes @ spread @ slopes) + float(own @ covariance @ own)
    reach = z * math.sqrt(max(variance, 0.0))
    return Part(name, value, value - reach, value + reach, 0.0)
