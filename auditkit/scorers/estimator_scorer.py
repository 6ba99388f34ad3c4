"""A fitted scikit-learn estimator as a scorer: the probability of one class, or what a regressor predicts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, SpecError, cut
from auditkit.scorers.class_names import check_inputs, other_names
from auditkit.scorers.encoders import encoder_levels
from auditkit.scorers.model_file import ModelFile
from auditkit.scorers.model_levels import Levels
from auditkit.scorers.score_class import NOTHING_ASKED, Asked, score_class, two_classes
from auditkit.scorers.scorecard import Cut
from auditkit.scorers.scored_batches import checked_scores, guarded, matrix_of, missing_in, table_of
from auditkit.scorers.scorer import decided
from auditkit.text import Message, say

__all__ = ["ABOVE_HALF", "EstimatorScorer", "make_estimator_scorer"]

ABOVE_HALF = Cut(at_least=math.nextafter(0.5, 1.0))
"""A probability above one half: what `predict` of a classifier of two classes does."""


@dataclass(frozen=True)
class EstimatorScorer:
    """A scikit-learn estimator. `gives` is the method that scores; `place` the column of the score's class in it.

    `sign` is -1 where the decision function speaks for the other class.
    """

    native: Any
    columns: tuple[str, ...]
    gives: Literal["predict_proba", "decision_function", "predict"]
    place: int | None
    decision: Cut | None
    notes: tuple[Message, ...]
    files: tuple[ModelFile, ...] = ()
    categories: tuple[str, ...] = ()
    sign: int = 1
    levels: Mapping[str, Levels] = field(default_factory=dict)
    family: Literal["scikit-learn"] = "scikit-learn"

    def score(self, frame: Any) -> NDArray[np.float64]:
        """A score for each row of a table, in its order. Raises DataError where the model breaks off."""
        name = self.files[0].name if self.files else type(self.native).__name__
        given = self._inputs(frame)
        answer = guarded(name, lambda: getattr(self.native, self.gives)(given), lambda: missing_in(given, self.columns))
        if self.place is not None:
            answer = np.asarray(answer)
            if answer.ndim != 2 or answer.shape[1] != 2:
                raise DataError(
                    "{model} gave an answer of the shape {shape}; expected two columns, one for each class.",
                    model=name,
                    shape=" x ".join(str(length) for length in answer.shape),
                )
            answer = answer[:, self.place]
        return self.sign * checked_scores(answer, len(given), name)

    @property
    def other_class(self) -> bool:
        """Whether the score speaks for the first of the two classes."""
        return self.place == 0 or self.sign < 0

    def decide(self, scores: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Who is selected by the model's own decision."""
        return decided(self.decision, scores)

    def _inputs(self, frame: Any) -> Any:
        """A table under the names that the model was made with, or a plain matrix where it was made without names."""
        names = getattr(self.native, "feature_names_in_", None)
        if names is None:
            return matrix_of(frame, self.columns)
        table = table_of(frame, self.columns)
        return table.set_axis([str(name) for name in names], axis=1)


def make_estimator_scorer(
    model: Any,
    columns: tuple[str, ...],
    categories: tuple[str, ...] = (),
    files: tuple[ModelFile, ...] = (),
    notes: tuple[Message, ...] = (),
    asked: Asked = NOTHING_ASKED,
) -> EstimatorScorer:
    """The scorer of a fitted estimator.

    A classifier of two classes gives the probability of the class that `asked` says; one without probabilities its
    decision function; a regressor its prediction. Raises DataError for anything else, SpecError where the columns do
    not fit or the class cannot be told.
    """
    name = files[0].name if files else type(model).__name__
    classifier = hasattr(model, "classes_") and hasattr(model, "predict")
    if not classifier and not (hasattr(model, "predict") and _kind(model) == "regressor"):
        raise DataError(
            "{model} holds {type}, which is neither a fitted classifier nor a regressor of scikit-learn.",
            model=name,
            type=type(model).__name__,
        )
    wanted = getattr(model, "n_features_in_", len(columns))
    own = getattr(model, "feature_names_in_", None)
    levels = encoder_levels(model, columns, name, categories)
    _refuse_texts(categories, tuple(column for column, one in levels.items() if not one.texts), name)
    categories = tuple(dict.fromkeys((*categories, *(column for column, one in levels.items() if one.texts))))
    names = None if own is None else [str(one) for one in own]
    check_inputs(name, columns, int(wanted), names)
    notes = (*notes, *other_names(columns, names))
    if not classifier:
        return EstimatorScorer(model, columns, "predict", None, None, notes, files, categories, 1, levels)
    classes = two_classes(np.asarray(model.classes_).tolist(), name)
    place = score_class(classes, asked, name)
    positive = classes[place]
    said = say("The score is the probability of class {value}.", value=f'"{cut(positive)}"')
    last = _last(model)
    if hasattr(model, "predict_proba"):
        own_rule = None if type(last).__name__ in ("SVC", "NuSVC") else _own_decision(last, positive, classes)
        notes = (*notes, said)
        return EstimatorScorer(
            model, columns, "predict_proba", place, own_rule, notes, files, categories, levels=levels
        )
    said = say("The score is the model's own scale; above 0 it decides for class {value}.", value=f'"{cut(positive)}"')
    above = Cut(at_least=math.nextafter(0.0, 1.0) if place == 1 else 0.0)
    sign, notes = 1 if place == 1 else -1, (*notes, said)
    return EstimatorScorer(model, columns, "decision_function", None, above, notes, files, categories, sign, levels)


def _refuse_texts(categories: tuple[str, ...], numbers: tuple[str, ...], name: str) -> None:
    """Texts given to an encoder of numbers would all be unknown to it, and the scores wrong without a word."""
    if both := [column for column in categories if column in numbers]:
        raise SpecError(
            "model: categories names {columns}, which {model} learnt as numbers: as texts its values would all be "
            "unknown to it. Take {columns} out of categories.",
            columns=", ".join(f'"{cut(column)}"' for column in both),
            model=name,
        )


def _own_decision(last: Any, positive: object, classes: tuple[object, object]) -> Cut | None:
    """The limit at which `predict` changes its mind; None where that is not one limit of the probability."""
    kind = type(last).__name__
    if kind in ("TunedThresholdClassifierCV", "FixedThresholdClassifier"):
        if kind == "FixedThresholdClassifier" and last.threshold == "auto":
            limit = 0.5
        else:
            limit = float(last.best_threshold_ if kind.startswith("Tuned") else last.threshold)
        if getattr(last, "response_method", "auto") == "decision_function":
            return None
        named = last._curve_scorer._get_pos_label() if kind.startswith("Tuned") else last.pos_label
        for_class = classes[1] if named is None else named
        return Cut(at_least=limit if for_class == positive else math.nextafter(1.0 - limit, 2.0))
    return ABOVE_HALF if classes[1] == positive else Cut(at_least=0.5)


def _last(model: Any) -> Any:
    """The last step of a pipeline."""
    while hasattr(model, "steps"):
        model = model.steps[-1][1]
    return model


def _kind(model: Any) -> str | None:
    try:
        found: str | None = model.__sklearn_tags__().estimator_type
    except (AttributeError, TypeError):
        return None
    return found
