"""LightGBM models in LightGBM's own text format as scorers."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, InputError, SpecError, cut
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

__all__ = ["LightGBMScorer", "open_lightgbm"]


@dataclass(frozen=True)
class LightGBMScorer:
    """A booster of LightGBM: for `binary` the probability of one class, else what the booster predicts.

    `other_class` says that the score speaks for class 0: one minus what the booster gives.
    """

    native: Any
    columns: tuple[str, ...]
    files: tuple[ModelFile, ...]
    decision: Cut | None
    notes: tuple[Message, ...]
    categories: tuple[str, ...] = ()
    levels: Mapping[str, Levels] = field(default_factory=dict)
    other_class: bool = False
    family: Literal["lightgbm"] = "lightgbm"

    def score(self, frame: Any) -> NDArray[np.float64]:
        """A score for each row of a table, in its order; missing values go the way the trees learnt."""
        matrix, name = self.matrix(frame), self.files[0].name
        if not len(matrix):
            return np.empty(0)
        scores = checked_scores(guarded(name, lambda: self.native.predict(matrix)), len(matrix), name)
        return 1.0 - scores if self.other_class else scores

    def matrix(self, frame: Any) -> NDArray[np.float64]:
        """The inputs as the trees read them: a category as the place of its level."""
        return coded_matrix(frame, self.columns, self.levels)

    def decide(self, scores: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Who is selected: a probability above one half; None for a model that gives no probability."""
        return decided(self.decision, scores)


def open_lightgbm(
    file: ModelFile, columns: tuple[str, ...], categories: tuple[str, ...] = (), asked: Asked = NOTHING_ASKED
) -> LightGBMScorer:
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
        features, written = int(head["max_feature_idx"]) + 1, sum(1 for _ in _trees(text))
        declared = len(head["tree_sizes"].split()) if "tree_sizes" in head else written
        objective, per_iteration = head.get("objective", "none"), int(head["num_tree_per_iteration"])
    except (ValueError, KeyError, IndexError, OverflowError) as error:
        raise _unreadable(file, error) from None
    if not sound or declared != written:
        raise _damaged(file)
    try_model("lightgbm", file, text.encode())
    try:
        with warnings.catch_warnings():  # it warns that params are those of the file, all but this one
            warnings.simplefilter("ignore")
            booster = lightgbm.Booster(params={"verbosity": -1}, model_str=text)
        sound = _sound(booster.model_to_string()) and declared == written == booster.num_trees()
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
    check_inputs(file.name, columns, features, booster.feature_name())
    levels = _levels(file, booster.pandas_categorical, columns, categories)
    texts = tuple(column for column, one in levels.items() if one.texts)
    notes = () if _nameless(booster.feature_name()) else other_names(columns, booster.feature_name())
    if objective.split(" ")[0] in ("binary", "cross_entropy"):
        place = score_class((0, 1), asked, file.name)
        said = say("The score is the probability of class {value}.", value=f'"{place}"')
        rule = ABOVE_HALF if place else Cut(at_least=0.5)
        return LightGBMScorer(booster, columns, (file,), rule, (*notes, said), texts, levels, not place)
    said = say("The score is what {file} predicts ({objective}).", file=file.name, objective=cut(objective))
    return LightGBMScorer(booster, columns, (file,), None, (*notes, said), texts, levels)


def _nameless(names: list[str]) -> bool:
    """Whether the booster was made without names: LightGBM then counts Column_0, Column_1."""
    return names == [f"Column_{place}" for place in range(len(names))]


def _levels(
    file: ModelFile, held: list[list[Any]] | None, columns: tuple[str, ...], categories: tuple[str, ...]
) -> dict[str, Levels]:
    """The levels of each input that was a category of pandas: the file lists them in their order, without names.

    The settings of the training say which inputs they are; where they do not, `categories` of audit.yaml must.
    """
    if not held:
        return {}
    match = re.search(r"^\[categorical_feature: ([0-9,]+)\]$", file.content.decode("utf-8"), re.MULTILINE)
    places = [int(one) for one in match[1].split(",") if one] if match else []
    names = [columns[place] for place in places if place < len(columns)]
    if categories and set(categories) != set(names):
        names = [column for column in columns if column in categories]
    levels = [levels_of(one) for one in held]
    if len(names) != len(held) or any(one is None for one in levels):
        raise SpecError(
            "{file} was made with {count} categories of pandas, and does not say which columns they are; name those "
            "columns under model: categories.",
            file=file.name,
            count=len(held),
        )
    return {name: one for name, one in zip(names, levels, strict=True) if one is not None}


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
