"""LightGBM models in LightGBM's own text format as scorers."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
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

__all__ = ["LightGBMScorer", "open_lightgbm"]


@dataclass(frozen=True)
class LightGBMScorer:
    """A booster of LightGBM: for `binary` the probability of class 1, else what the booster predicts."""

    native: Any
    columns: tuple[str, ...]
    files: tuple[ModelFile, ...]
    decision: Cut | None
    notes: tuple[Message, ...]
    categories: tuple[str, ...] = ()
    family: Literal["lightgbm"] = "lightgbm"

    def score(self, frame: Any) -> NDArray[np.float64]:
        """A score for each row of a table, in its order; missing values go the way the trees learnt."""
        matrix, name = matrix_of(frame, self.columns), self.files[0].name
        if not len(matrix):
            return np.empty(0)
        return checked_scores(guarded(name, lambda: self.native.predict(matrix)), len(matrix), name)

    def decide(self, scores: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Who is selected: a probability above one half; None for a model that gives no probability."""
        return decided(self.decision, scores)


def open_lightgbm(file: ModelFile, columns: tuple[str, ...]) -> LightGBMScorer:
    """The booster of a .txt file. Raises DataError, SpecError where the columns do not fit."""
    try:
        import lightgbm
    except ImportError:
        raise InputError(
            "{file} is read with lightgbm, which is not installed. Type: pip install 'auditkit[models]'", file=file.name
        ) from None
    try:
        text = _plain(file.content.decode("utf-8"))
        head, sound = _head(text), _sound(text)
        features = int(head["max_feature_idx"]) + 1
        objective, per_iteration = head.get("objective", "none"), int(head["num_tree_per_iteration"])
    except (ValueError, KeyError, IndexError, OverflowError) as error:
        raise _unreadable(file, error) from None
    if not sound:
        raise _damaged(file)
    try_model("lightgbm", file, text.encode())
    try:
        with warnings.catch_warnings():  # it warns that params are those of the file, all but this one
            warnings.simplefilter("ignore")
            booster = lightgbm.Booster(params={"verbosity": -1}, model_str=text)
        sound = _sound(booster.model_to_string())
    except Exception as error:  # LightGBMError and whatever its parser trips over
        raise _unreadable(file, error) from None
    if not sound:
        raise _damaged(file)
    if per_iteration > 1:
        raise DataError(
            "{model} tells {count} classes apart ({classes}); expected two.",
            model=file.name,
            count=per_iteration,
            classes=cut(objective),
        )
    if booster.pandas_categorical:
        raise DataError(
            "{file} was made with categories of pandas, whose codes are not in the rows; make the model with numbers, "
            "or give it as a callable.",
            file=file.name,
        )
    check_inputs(file.name, columns, features, booster.feature_name())
    if objective.split(" ")[0] in ("binary", "cross_entropy"):
        said = say("The score is the probability of class {value}.", value='"1"')
        return LightGBMScorer(booster, columns, (file,), ABOVE_HALF, (said,))
    said = say("The score is what {file} predicts ({objective}).", file=file.name, objective=cut(objective))
    return LightGBMScorer(booster, columns, (file,), None, (said,))


def _unreadable(file: ModelFile, error: Exception) -> DataError:
    return DataError(
        "{file} cannot be loaded as a model of LightGBM ({problem}); expected what Booster.save_model writes.",
        file=file.name,
        problem=cut(str(error).strip().split("\n")[0], 120),
    )


def _damaged(file: ModelFile) -> DataError:
    return DataError(
        "{file}: {type} in it is damaged, its parts do not fit together; save the model again.",
        file=file.name,
        type="Tree",
    )


def _head(text: str) -> dict[str, str]:
    """The settings that stand before the first tree."""
    lines = text.split("\nTree=", 1)[0].splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _plain(text: str) -> str:
    """The model without the settings of its training: only the objective matters, and their reader is careless."""
    before, mark, after = text.partition("\nparameters:\n")
    if not mark:
        return text
    settings, _, rest = after.partition("\nend of parameters")
    kept = re.findall(r"^\[(?:objective|boosting): [a-z_0-9]{1,30}\]$", settings, re.MULTILINE)
    return "\n".join([f"{before}{mark}{chr(10).join(kept)}", f"\nend of parameters{rest}"])


def _sound(text: str) -> bool:
    """Whether every tree leads from its root to its leaves, and reads inputs that are there."""
    features = int(_head(text)["max_feature_idx"]) + 1
    for tree in _trees(text):
        leaves = int(tree["num_leaves"])
        if leaves < 1 or len(tree["leaf_value"].split()) != leaves:
            return False
        if leaves == 1:
            continue
        if any(len(tree[key].split()) != leaves - 1 for key in ("threshold", "decision_type")):
            return False
        left, right, inputs = (_numbers(tree[key]) for key in ("left_child", "right_child", "split_feature"))
        places = np.arange(leaves - 1)
        if not (len(left) == len(right) == len(inputs) == len(places)):
            return False
        for children in (left, right):
            inner = children >= 0
            if np.any(children[inner] <= places[inner]) or np.any(children >= leaves - 1) or np.any(children < -leaves):
                return False
        if np.any(inputs < 0) or np.any(inputs >= features):
            return False
    return True


def _trees(text: str) -> Iterator[dict[str, str]]:
    body = text.split("\nend of trees", 1)[0]
    for part in body.split("\nTree=")[1:]:
        yield dict(line.split("=", 1) for line in part.splitlines()[1:] if "=" in line)


def _numbers(text: str) -> NDArray[np.int64]:
    return np.array([int(one) for one in text.split()], dtype=np.int64)
