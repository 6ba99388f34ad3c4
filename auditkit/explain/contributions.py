"""What each variable contributes to the score of each row, by the best way that the model allows.

A sum has a closed form. Trees have TreeSHAP: the booster's own, which follows the paths of its training rows
(path-dependent), or shap's against a background (interventional). Anything else is asked about mixed rows, many
at once: a pipeline of scikit-learn takes as long for one row as for a thousand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from auditkit.explain.additive import additive_parts
from auditkit.explain.mixing import AdditiveMixer
from auditkit.explain.model_inputs import Floats, Inputs, Integers
from auditkit.result.attribution import Explainer
from auditkit.scorers.scorer import Scorer, adds_up_as_scored

__all__ = ["Contributions", "contributions", "of_sum", "sampled", "says_its_own"]

_BACKGROUND = 100
"""The most rows of a background that each row explained is held against."""

_ROWS_AT_ONCE, _CELLS_AT_ONCE = 100_000, 10_000_000
"""How many mixed rows, and how many values in them, the model is asked about at once."""


@dataclass(frozen=True)
class Contributions:
    """Rows x variables: base + the contributions of a row = its score, on the scale that `explainer` names."""

    columns: tuple[str, ...]
    values: Floats
    base: float
    explainer: Explainer


def contributions(
    scorer: Scorer,
    inputs: Inputs,
    background: Inputs,
    perturbation: Literal["interventional", "path_dependent"] = "path_dependent",
    seed: int = 1,
) -> Contributions:
    """The contributions of each variable to the score of each row of `inputs`, against the rows of `background`.

    A logistic model is explained on its log-odds, where it is a sum; so are boosted trees that give a probability.
    `perturbation` chooses between the two kinds of TreeSHAP; everything else is interventional. Raises DataError where
    the model breaks off.
    """
    additive = additive_parts(scorer, _joined(inputs, background))
    if additive is not None:
        return of_sum(additive, slice(len(inputs)), slice(len(inputs), None))
    if says_its_own(scorer, inputs):
        found = _tree_shap if scorer.family == "scikit-learn" else _boosted
        return found(scorer, inputs, background, perturbation)
    return sampled(lambda rows: scorer.score(rows.frame()), inputs, background, seed)


def says_its_own(scorer: Scorer, inputs: Inputs) -> bool:
    """Whether the model is trees on numbers, for which there is TreeSHAP; any other that is no sum has to be asked."""
    trees = scorer.family in ("lightgbm", "xgboost") or (
        scorer.family == "scikit-learn" and type(scorer.native).__name__ in _TREES
    )
    return trees and not inputs.labels and adds_up_as_scored(scorer)


def _joined(inputs: Inputs, background: Inputs) -> Inputs:
    return inputs.with_values(np.concatenate((inputs.values, background.values)))


def of_sum(mixer: AdditiveMixer, rows: slice | Integers, background: slice) -> Contributions:
    """The contributions to a sum of some of its rows: each part less its mean over the background."""
    scale = mixer.scale if mixer.is_linear else 1.0
    mean = mixer.parts[background].mean(axis=0) * scale
    values = mixer.parts[rows] * scale - mean
    explainer = Explainer(
        "closed_form", True, "interventional", "score" if mixer.is_linear else "log_odds", "all_rows", len(values)
    )
    return Contributions(mixer.columns, values, float(mixer.base * scale + mean.sum()), explainer)


def _boosted(scorer: Scorer, inputs: Inputs, background: Inputs, perturbation: str) -> Contributions:
    if perturbation == "interventional":
        return _tree_shap(scorer, inputs, background, perturbation)
    if scorer.family == "lightgbm":
        found = np.asarray(scorer.native.predict(inputs.values, pred_contrib=True), dtype=np.float64)
    else:
        found = np.asarray(scorer.native.predict(_matrix(scorer, inputs), pred_contribs=True), dtype=np.float64)
    base = float(found[0, -1])
    values = _closed(found[:, :-1], base, _margin(scorer, inputs))
    return Contributions(inputs.columns, values, base, _tree_explainer(scorer, "path_dependent", len(inputs)))


def _matrix(scorer: Scorer, inputs: Inputs) -> Any:
    import xgboost

    return xgboost.DMatrix(inputs.values, feature_names=scorer.native.feature_names)


def _margin(scorer: Scorer, inputs: Inputs) -> Floats:
    """What a booster's trees add up to, before it becomes a probability."""
    if scorer.family == "lightgbm":
        return np.asarray(scorer.native.predict(inputs.values, raw_score=True), dtype=np.float64)
    return np.asarray(scorer.native.predict(_matrix(scorer, inputs), output_margin=True), dtype=np.float64)


def _tree_shap(scorer: Scorer, inputs: Inputs, background: Inputs, perturbation: str) -> Contributions:
    import warnings

    import shap

    against = background.values[:_BACKGROUND] if perturbation == "interventional" else None
    way: Any = "interventional" if perturbation == "interventional" else "tree_path_dependent"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        explainer = shap.TreeExplainer(scorer.native, data=against, feature_perturbation=way)
        found = explainer(inputs.values, check_additivity=False)
    values, base = np.asarray(found.values, dtype=np.float64), np.asarray(found.base_values, dtype=np.float64)
    if values.ndim == 3:
        values, base = values[:, :, 1], base[:, 1]
    start = float(np.ravel(base)[0])
    if scorer.family in ("lightgbm", "xgboost"):
        values = _closed(values, start, _margin(scorer, inputs))
    return Contributions(inputs.columns, values, start, _tree_explainer(scorer, perturbation, len(inputs)))


def _closed(values: Floats, base: float, margin: Floats) -> Floats:
    """The rounding that single precision leaves (shap keeps a booster's leaves in it, XGBoost everything), shared out
    by size; more than rounding is left to be seen."""
    missed = margin - base - values.sum(axis=1)
    if np.abs(missed).max(initial=0.0) > 1e-5 * max(1.0, np.abs(margin).max(initial=0.0)):
        return values
    size = np.abs(values)
    return np.asarray(values + missed[:, None] * size / np.maximum(size.sum(axis=1), 1e-300)[:, None])


def _tree_explainer(scorer: Scorer, perturbation: str, rows: int) -> Explainer:
    probability = scorer.decision is not None and scorer.family in ("lightgbm", "xgboost")
    boosted = probability or type(scorer.native).__name__ in _LOG_ODDS
    interventional = perturbation == "interventional"
    return Explainer(
        "tree_shap", True, "interventional" if interventional else "path_dependent",
        "log_odds" if boosted else "score", "all_rows" if interventional else "none", rows,
    )  # fmt: skip


_LOG_ODDS = ("GradientBoostingClassifier", "HistGradientBoostingClassifier")
_TREES = (
    *_LOG_ODDS, "DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreesClassifier", "ExtraTreesRegressor",
    "GradientBoostingRegressor", "HistGradientBoostingRegressor", "RandomForestClassifier", "RandomForestRegressor",
)  # fmt: skip


def sampled(score: Callable[[Inputs], Floats], inputs: Inputs, background: Inputs, seed: int) -> Contributions:
    """The contributions by drawn orders: what the score gains as a row's values take the place of another row's.

    A row is held against each of up to 100 rows of the background, its variables taken over one by one in a random
    order and in the reverse order (Castro, Gómez and Tejada 2009). The gains of a walk sum to the difference of the two
    scores, so that contributions add up to the row's score; where variables do not work together they are exact.
    """
    against = background.values[:_BACKGROUND]
    rows, columns = inputs.values.shape
    draw = np.random.default_rng(seed)
    walks = rows * len(against)  # each there and back
    at_once = max(1, min(_ROWS_AT_ONCE, _CELLS_AT_ONCE // columns) // (2 * (columns + 1)))
    values = np.zeros((rows, columns))
    for start in range(0, walks, at_once):
        walk = np.arange(start, min(start + at_once, walks))
        there = draw.permuted(np.tile(np.arange(columns), (len(walk), 1)), axis=1)
        own, other = inputs.values[walk // len(against)], against[walk % len(against)]
        for place in (there, columns - 1 - there):  # the place of each variable in the order
            taken = place[:, None, :] < np.arange(columns + 1)[None, :, None]
            mixed = np.where(taken, own[:, None, :], other[:, None, :]).reshape(-1, columns)
            gains = np.diff(score(inputs.with_values(mixed)).reshape(len(walk), columns + 1), axis=1)
            np.add.at(values, walk // len(against), np.take_along_axis(gains, place, axis=1))
    values /= 2 * len(against)
    base = float(score(background.with_values(against)).mean())
    explained = Explainer("sampling", False, "interventional", "score", "all_rows", rows)
    return Contributions(inputs.columns, values, base, explained)
