"""What each variable contributes to the score of each row, by the best way that the model allows.

A sum has a closed form. Trees have TreeSHAP: the booster's own, which follows the paths of its training rows
(path-dependent), or shap's against a background (interventional). Anything else is asked about mixed rows, by
shap's sampling explainer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from auditkit.attribution.additive import additive_parts
from auditkit.attribution.inputs import Floats, Inputs
from auditkit.attribution.mixing import AdditiveMixer
from auditkit.attribution.records import Explainer
from auditkit.scorers.scorer import Scorer

__all__ = ["Contributions", "contributions", "of_sum", "sampled"]

_BACKGROUND = 100
"""The most rows of a background that shap goes through for each row explained."""

_SAMPLES = 200
"""How many mixed rows a variable are asked for, for each row explained."""


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
        return of_sum(additive, len(inputs))
    if scorer.family in ("lightgbm", "xgboost") and not inputs.labels:
        return _boosted(scorer, inputs, background, perturbation)
    if scorer.family == "scikit-learn" and _is_tree(scorer.native) and not inputs.labels:
        return _tree_shap(scorer, inputs, background, perturbation)
    return sampled(lambda rows: scorer.score(rows.frame()), inputs, background, seed)


def _joined(inputs: Inputs, background: Inputs) -> Inputs:
    return inputs.with_values(np.concatenate((inputs.values, background.values)))


def of_sum(mixer: AdditiveMixer, rows: int, background: slice | None = None) -> Contributions:
    """The contributions to a sum of its first rows: each part less its mean over the background (the other rows)."""
    scale = mixer.scale if mixer.is_linear else 1.0
    parts = mixer.parts * scale
    mean = parts[slice(rows, None) if background is None else background].mean(axis=0)
    explainer = Explainer(
        "closed_form", True, "interventional", "score" if mixer.is_linear else "log_odds", "all_rows", rows
    )
    return Contributions(mixer.columns, parts[:rows] - mean, float(mixer.base * scale + mean.sum()), explainer)


def _boosted(scorer: Scorer, inputs: Inputs, background: Inputs, perturbation: str) -> Contributions:
    if perturbation == "interventional":
        return _tree_shap(scorer, inputs, background, perturbation)
    if scorer.family == "lightgbm":
        found = np.asarray(scorer.native.predict(inputs.values, pred_contrib=True), dtype=np.float64)
    else:
        import xgboost

        names = scorer.native.feature_names
        matrix = xgboost.DMatrix(inputs.values, feature_names=names)
        found = np.asarray(scorer.native.predict(matrix, pred_contribs=True), dtype=np.float64)
    return Contributions(
        inputs.columns, found[:, :-1], float(found[0, -1]), _tree_explainer(scorer, "path_dependent", len(inputs))
    )


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
    if scorer.family == "lightgbm":
        values = _closed(values, start, np.asarray(scorer.native.predict(inputs.values, raw_score=True)))
    return Contributions(inputs.columns, values, start, _tree_explainer(scorer, perturbation, len(inputs)))


def _closed(values: Floats, base: float, margin: Floats) -> Floats:
    """The rounding that shap leaves (it keeps a booster's leaves in single precision), shared out by size."""
    missed = margin - base - values.sum(axis=1)
    if np.abs(missed).max(initial=0.0) > 1e-5:
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


def _is_tree(model: Any) -> bool:
    return type(model).__name__ in _TREES


def sampled(score: Callable[[Inputs], Floats], inputs: Inputs, background: Inputs, seed: int) -> Contributions:
    """The contributions by shap's sampling explainer: each row adds up to its score, the parts are sampled."""
    import shap

    def scored(values: Any) -> Floats:
        return score(inputs.with_values(np.asarray(values, dtype=np.float64)))

    kept = np.random.get_state()
    try:
        np.random.seed(seed)  # shap draws from numpy's own stream
        explainer = shap.SamplingExplainer(scored, background.values[:_BACKGROUND])
        found = explainer.shap_values(inputs.values, nsamples=_SAMPLES * len(inputs.columns), silent=True)
    finally:
        np.random.set_state(kept)
    base = float(np.ravel(explainer.expected_value)[0])
    values = _closed(np.asarray(found, dtype=np.float64), base, scored(inputs.values))
    explained = Explainer("sampling", False, "interventional", "score", "all_rows", len(inputs))
    return Contributions(inputs.columns, values, base, explained)
