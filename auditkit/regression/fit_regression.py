"""Coefficients and their covariance: statsmodels fits, the sandwich and the checks before it are ours.

A distinct row counts as often as it occurs (`freq_weights`), which gives the very likelihood of the rows one by one.
statsmodels is imported only here, when a regression is asked for.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.regression.regression_design import Design
from auditkit.regression.regression_sample import Sample

__all__ = ["Fit", "dependent_columns", "fit", "separating_columns"]

Floats = NDArray[np.float64]

_TOLERANCE = 1e-9
_EDGE = 1e-6
_ROUNDS = 100


@dataclass(frozen=True)
class Fit:
    """Coefficients of the columns as they are (not as scaled), their covariance and the likelihoods."""

    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    null_log_likelihood: float
    r_squared: float | None
    fitted: Floats


def dependent_columns(table: Design, sample: Sample) -> list[int]:
    """The columns that follow from those before them, so that their coefficients have no meaning of their own."""
    scaled = table.scaled * np.sqrt(sample.n)[:, None]
    norms = np.linalg.norm(scaled, axis=0)
    scaled = scaled / np.where(norms > 0, norms, 1.0)
    found, kept = [], np.zeros((len(sample), 0))
    for place in range(scaled.shape[1]):
        rest = scaled[:, place]
        for _ in range(2):  # once more for what rounding left
            rest = rest - kept @ (kept.T @ rest)
        size = float(np.linalg.norm(rest))
        if size < _TOLERANCE * 100:
            found.append(place)
        else:
            kept = np.column_stack((kept, rest / size))
    return found


def separating_columns(table: Design, sample: Sample) -> list[int]:
    """The columns along which the outcome is certain (Konis 2007): a coefficient there would run off to infinity.

    Asked of a linear programme: is there a direction in which no row speaks against, and some speak for?
    """
    from scipy.optimize import linprog

    signed = table.scaled * np.where(sample.outcome > 0.5, 1.0, -1.0)[:, None]
    signed = np.unique(signed, axis=0)
    size = signed.shape[1]
    answer = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=[(-1, 1)] * size)
    if answer.status != 0 or -answer.fun < _EDGE:
        return []
    moved = [place for place in range(size) if abs(answer.x[place]) > _EDGE]
    return [place for place in moved if place > 0] or moved


def fit(
    table: Design, sample: Sample, kind: Literal["logit", "linear"], errors: Literal["model", "sandwich", "cluster"]
) -> Fit | None:
    """Coefficients by maximum likelihood (logit) or least squares (linear); None where no answer is reached.

    `errors`: from the model; the sandwich over rows (HC1, of which weights are a part); or over clusters.
    """
    found = _by_statsmodels(table.scaled, sample, kind)
    if found is None:
        return None
    coefficients, bread, fitted = found
    total, size = float(sample.n.sum()), len(coefficients)
    residual = sample.outcome - fitted
    if errors == "model":
        spread = 1.0
        if kind == "linear":
            spread = float((sample.weight * residual**2).sum()) / (total - size)
        covariance = bread * spread
    elif errors == "sandwich":
        meat = (table.scaled * (sample.weight_squared * residual**2)[:, None]).T @ table.scaled
        covariance = bread @ meat @ bread * total / (total - size)
    else:
        assert sample.cluster is not None
        count = int(sample.cluster.max()) + 1
        scores = np.zeros((count, size))
        np.add.at(scores, sample.cluster, table.scaled * (sample.weight * residual)[:, None])
        covariance = bread @ (scores.T @ scores) @ bread * count / (count - 1)
    likelihood, null = _likelihoods(sample, kind, fitted)
    outer = np.outer(table.scale, table.scale)
    return Fit(
        coefficients / table.scale,
        covariance / outer,
        likelihood,
        null,
        _r_squared(sample, fitted) if kind == "linear" else None,
        fitted,
    )


def _by_statsmodels(
    matrix: Floats, sample: Sample, kind: Literal["logit", "linear"]
) -> tuple[Floats, Floats, Floats] | None:
    """Coefficients, the inverse of the information (without the spread), and what the model expects of each row."""
    from statsmodels.genmod.families import Binomial, Gaussian
    from statsmodels.genmod.generalized_linear_model import GLM

    # Weights are brought to a mean of one a row, so that no scale of them matters.
    mean = float(sample.weight.sum() / sample.n.sum())
    weights = sample.weight / mean
    family: Any = Binomial() if kind == "logit" else Gaussian()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = GLM(sample.outcome, matrix, family=family, freq_weights=weights)
            # By the coefficients: a deviance of millions of rows is never still to the last digit.
            result = model.fit(maxiter=_ROUNDS, tol_criterion="params", atol=_TOLERANCE, rtol=_TOLERANCE)
        except (np.linalg.LinAlgError, ValueError, ArithmeticError):
            return None
    coefficients = np.asarray(result.params, dtype=np.float64)
    fitted = np.asarray(result.fittedvalues, dtype=np.float64)
    if not result.converged or not np.isfinite(coefficients).all():
        return None
    spread = fitted * (1 - fitted) if kind == "logit" else np.ones(len(fitted))
    information = (matrix * (sample.weight * spread)[:, None]).T @ matrix
    try:
        return coefficients, np.linalg.inv(information).astype(np.float64), fitted
    except np.linalg.LinAlgError:
        return None


def _likelihoods(sample: Sample, kind: Literal["logit", "linear"], fitted: Floats) -> tuple[float, float]:
    """The logarithm of the likelihood of the model, and of one that knows the mean alone."""
    weight, y = sample.weight, sample.outcome
    mean = float((weight * y).sum() / weight.sum())
    if kind == "logit":

        def logarithm(chance: Floats) -> float:
            chosen = np.where(y > 0.5, chance, 1 - chance)
            return float((weight * np.log(chosen)).sum())

        return logarithm(fitted), logarithm(np.full(len(y), mean))

    def gaussian(expected: Floats) -> float:
        total = float(weight.sum())
        squares = float((weight * (y - expected) ** 2).sum())
        if squares <= 0:
            return float("nan")
        return -total / 2 * (float(np.log(2 * np.pi * squares / total)) + 1)

    return gaussian(fitted), gaussian(np.full(len(y), mean))


def _r_squared(sample: Sample, fitted: Floats) -> float:
    weight, y = sample.weight, sample.outcome
    mean = (weight * y).sum() / weight.sum()
    return float(1 - (weight * (y - fitted) ** 2).sum() / (weight * (y - mean) ** 2).sum())
