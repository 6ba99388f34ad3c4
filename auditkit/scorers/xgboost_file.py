"""XGBoost models in XGBoost's own formats, JSON and UBJSON, as scorers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, InputError, cut
from auditkit.scorers.class_names import check_inputs
from auditkit.scorers.estimator_scorer import ABOVE_HALF
from auditkit.scorers.model_file import ModelFile
from auditkit.scorers.scorecard import Cut
from auditkit.scorers.scored_batches import checked_scores, guarded, matrix_of
from auditkit.scorers.scorer import decided
from auditkit.scorers.trial_rows import try_model
from auditkit.text import Message, say

__all__ = ["XGBoostScorer", "open_xgboost"]


@dataclass(frozen=True)
class XGBoostScorer:
    """A booster of XGBoost: for `binary:logistic` the probability of class 1, else what the booster predicts."""

    native: Any
    columns: tuple[str, ...]
    files: tuple[ModelFile, ...]
    decision: Cut | None
    notes: tuple[Message, ...]
    categories: tuple[str, ...] = ()
    family: Literal["xgboost"] = "xgboost"

    def score(self, frame: Any) -> NDArray[np.float64]:
        """A score for each row of a table, in its order; missing values go the way the trees learnt."""
        import xgboost

        matrix = matrix_of(frame, self.columns)
        booster, name = self.native, self.files[0].name

        def compute() -> Any:
            given = xgboost.DMatrix(
                matrix, feature_names=booster.feature_names, feature_types=booster.feature_types, missing=np.nan
            )
            return booster.predict(given)

        return checked_scores(guarded(name, compute), len(matrix), name)

    def decide(self, scores: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Who is selected: a probability above one half; None for a model that gives no probability."""
        return decided(self.decision, scores)


def open_xgboost(file: ModelFile, columns: tuple[str, ...]) -> XGBoostScorer:
    """The booster of a .json or .ubj file. Raises DataError, SpecError where the columns do not fit."""
    try:
        import xgboost
    except ImportError:
        raise InputError(
            "{file} is read with xgboost, which is not installed. Type: pip install 'auditkit[models]'", file=file.name
        ) from None
    try_model("xgboost", file)
    try:
        booster = xgboost.Booster({"verbosity": 0})
        booster.load_model(bytearray(file.content))
        held = json.loads(booster.save_raw("json"))["learner"]
        wanted, objective = booster.num_features(), str(held["objective"]["name"])
        classes = int(held["learner_model_param"]["num_class"])
        sound = _sound(held["gradient_booster"], wanted)
    except Exception as error:  # XGBoostError and whatever json and the bindings trip over
        raise DataError(
            "{file} cannot be loaded as a model of XGBoost ({problem}); expected what Booster.save_model writes to a "
            "name that ends in .json or .ubj.",
            file=file.name,
            problem=cut(str(error).strip().split("\n")[0], 120),
        ) from None
    if not sound:
        raise DataError(
            "{file}: {type} in it is damaged, its parts do not fit together; save the model again.",
            file=file.name,
            type="gbtree",
        )
    if classes > 2:
        raise DataError(
            "{model} tells {count} classes apart ({classes}); expected two.",
            model=file.name,
            count=classes,
            classes=objective,
        )
    check_inputs(file.name, columns, wanted, booster.feature_names)
    if objective in ("binary:logistic", "reg:logistic"):
        said = say("The score is the probability of class {value}.", value='"1"')
        return XGBoostScorer(booster, columns, (file,), ABOVE_HALF, (said,))
    said = say("The score is what {file} predicts ({objective}).", file=file.name, objective=cut(objective))
    return XGBoostScorer(booster, columns, (file,), None, (said,))


def _sound(booster: dict[str, Any], features: int) -> bool:
    """Whether every tree leads from its root to its leaves, and reads inputs that are there."""
    inner = booster.get("gbtree", booster)
    for tree in inner["model"].get("trees", ()):
        left, right = np.asarray(tree["left_children"]), np.asarray(tree["right_children"])
        leaf = left == -1
        children = np.concatenate([left[~leaf], right[~leaf]])
        inputs = np.asarray(tree["split_indices"])[~leaf]
        bounded = bool(np.all((children > 0) & (children < len(left))) and np.all((inputs >= 0) & (inputs < features)))
        if len(left) != len(right) or not bounded or len(np.unique(children)) != len(children):
            return False
    return True
