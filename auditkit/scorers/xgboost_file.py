"""XGBoost models in XGBoost's own formats, JSON and UBJSON, as scorers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, InputError, cut
from auditkit.scorers.class_names import check_inputs, other_names
from auditkit.scorers.estimator_scorer import ABOVE_HALF
from auditkit.scorers.model_file import ModelFile
from auditkit.scorers.model_levels import Levels, levels_of
from auditkit.scorers.score_class import NOTHING_ASKED, Asked, score_class
from auditkit.scorers.scorecard import Cut
from auditkit.scorers.scored_batches import checked_scores, coded_matrix, guarded
from auditkit.scorers.scorer import decided
from auditkit.scorers.trial_rows import try_model
from auditkit.text import Message, say

__all__ = ["XGBoostScorer", "open_xgboost"]

_PROBABILITIES = ("binary:logistic", "reg:logistic", "multi:softprob")


@dataclass(frozen=True)
class XGBoostScorer:
    """A booster of XGBoost: for `binary:logistic` the probability of one class, else what the booster predicts.

    `place` is that class, 0 or 1. `levels` are the categories that the file holds; their places are what trees read.
    """

    native: Any
    columns: tuple[str, ...]
    files: tuple[ModelFile, ...]
    decision: Cut | None
    notes: tuple[Message, ...]
    categories: tuple[str, ...] = ()
    levels: Mapping[str, Levels] = field(default_factory=dict)
    place: int = 1
    family: Literal["xgboost"] = "xgboost"

    def score(self, frame: Any) -> NDArray[np.float64]:
        """A score for each row of a table, in its order; missing values go the way the trees learnt."""
        import xgboost

        matrix = coded_matrix(frame, self.columns, self.levels)
        booster, name = self.native, self.files[0].name

        def compute() -> Any:
            given = xgboost.DMatrix(
                matrix,
                feature_names=booster.feature_names,
                feature_types=booster.feature_types,
                missing=np.nan,
                enable_categorical=True,
            )
            return _of_class(np.asarray(booster.predict(given)), self.place)

        return checked_scores(guarded(name, compute), len(matrix), name)

    @property
    def other_class(self) -> bool:
        """Whether the score speaks for class 0, which is not the one that the trees add up to."""
        return self.place == 0

    def decide(self, scores: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Who is selected: a probability above one half; None for a model that gives no probability."""
        return decided(self.decision, scores)


def _of_class(found: NDArray[Any], place: int) -> NDArray[Any]:
    if found.ndim == 2 and found.shape[1] == 2:
        return np.asarray(found[:, place])
    return found if place == 1 else np.asarray(found.dtype.type(1) - found)


def open_xgboost(file: ModelFile, columns: tuple[str, ...], asked: Asked = NOTHING_ASKED) -> XGBoostScorer:
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
        targets = int(held["learner_model_param"].get("num_target", "1"))
        sound = _sound(held["gradient_booster"], wanted)
        booster, stopped = _as_its_loader(booster)
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
    if classes > 2 or targets > 1:
        raise DataError(
            "{model} tells {count} classes apart ({classes}); expected two.",
            model=file.name,
            count=max(classes, targets),
            classes=objective,
        )
    check_inputs(file.name, columns, wanted, booster.feature_names)
    levels = _levels(file, held, booster.feature_types, columns)
    texts = tuple(column for column, one in levels.items() if one.texts)
    notes = (*other_names(columns, booster.feature_names), *stopped)
    if objective in _PROBABILITIES:
        place = score_class((0, 1), asked, file.name)
        said = say("The score is the probability of class {value}.", value=f'"{place}"')
        rule = ABOVE_HALF if place else Cut(at_least=0.5)
        return XGBoostScorer(booster, columns, (file,), rule, (*notes, said), texts, levels, place)
    said = say("The score is what {file} predicts ({objective}).", file=file.name, objective=cut(objective))
    return XGBoostScorer(booster, columns, (file,), None, (*notes, said), texts, levels)


def _as_its_loader(booster: Any) -> tuple[Any, tuple[Message, ...]]:
    """The trees that XGBoost's own loader would use: of a classifier or regressor stopped early those up to the best.

    A plain Booster predicts with all of its trees, whatever it knows of the best; that is said.
    """
    known = booster.attributes()
    if "best_iteration" not in known:
        return booster, ()
    best, rounds = int(known["best_iteration"]), booster.num_boosted_rounds()
    if not 0 <= best < rounds or best == rounds - 1:
        return booster, ()
    if "scikit_learn" in known:
        return booster[: best + 1], ()
    return booster, (
        say(
            "The training was stopped early, at round {best} of {rounds}; a Booster scores with all its rounds, as "
            "here. Where only the best are meant, save booster[: {best}].",
            best=best + 1,
            rounds=rounds,
        ),
    )


def _levels(
    file: ModelFile, held: dict[str, Any], types: list[str] | None, columns: tuple[str, ...]
) -> dict[str, Levels]:
    """The categories of each input of type c, as the file lists them. Raises DataError where it lists none."""
    places = [place for place, kind in enumerate(types or ()) if kind == "c"]
    if not places:
        return {}
    inner = held["gradient_booster"].get("gbtree", held["gradient_booster"])
    encoded = (inner.get("model", {}).get("cats") or {}).get("enc") or []
    found: dict[str, Levels] = {}
    for place in places:
        levels = _decoded(encoded[place]) if place < len(encoded) else None
        if levels is None or not levels.values:
            raise DataError(
                '{file} reads "{column}" as a category, and does not hold whole which values have which code (XGBoost '
                "before 3.1 saves none, and later ones damage those with accents); make the model again with XGBoost "
                "3.1 or newer and plain codes, or give it as a callable.",
                file=file.name,
                column=cut(columns[place]),
            )
        found[columns[place]] = levels
    return found


def _decoded(encoded: dict[str, Any]) -> Levels | None:
    """One column's categories: numbers as they are, texts as bytes with the places at which each begins."""
    values, offsets = encoded.get("values", []), encoded.get("offsets")
    if not offsets:
        return levels_of(values, takes_unseen=False)
    whole = bytes(value % 256 for value in values)
    if not whole.isascii() or offsets[-1] != len(whole):  # XGBoost cuts them by letters, where they take more bytes
        return None
    texts = [whole[start:end].decode("ascii") for start, end in pairwise(offsets)]
    return levels_of(texts, takes_unseen=False)


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
