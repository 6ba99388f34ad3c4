"""Scores of a fitted model for the rows of a frame: of which class, from which columns, or refused."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from auditkit.errors import InputError, cut, nearest
from auditkit.intake.open_frame import native_columns

__all__ = ["with_scores"]


def with_scores(frame: Any, model: Any, name: str, positive: Any) -> Any:
    """The frame with one more column: the model's score of each row.

    The columns are those that the model was fitted on (`feature_names_in_`). The score is predict_proba of the class
    that `positive` lists (by default 1 or True), else what predict gives. Raises InputError where the model names no
    columns, a column is missing, or it is not clear which class is meant.
    """
    given = nw.from_native(frame)
    if isinstance(given, nw.LazyFrame):
        raise InputError("A model scores rows in memory; score the lazy frame on its engine and give score=.")
    wanted = _columns(model, native_columns(frame))
    rows = given.select(wanted).to_native()
    if hasattr(model, "predict_proba"):
        table = np.asarray(model.predict_proba(rows), dtype=np.float64)
        scores = table[:, _class_of(model, table.shape[1], positive)]
    elif hasattr(model, "predict"):
        scores = np.asarray(model.predict(rows), dtype=np.float64)
    else:
        raise InputError(
            "model is of the type {found}; expected something with predict_proba or predict.",
            found=type(model).__name__,
        )
    if scores.shape != (len(given),):
        raise InputError(
            "The model gave {found} scores for {expected} rows; expected one score a row.",
            found=scores.shape[0] if scores.ndim else 0,
            expected=len(given),
        )
    return given.with_columns(nw.new_series(name, scores, nw.Float64, backend=given.implementation)).to_native()


def _columns(model: Any, known: list[str]) -> list[str]:
    names = getattr(model, "feature_names_in_", None)
    if names is None:
        raise InputError(
            "The model does not say which columns it was fitted on; fit it on a frame with named columns, or score the "
            "rows yourself and give score=."
        )
    wanted = [str(name) for name in names]
    missing = next((name for name in wanted if name not in known), None)
    if missing is not None:
        raise InputError(
            'The model was fitted on a column "{column}" that data has not; the nearest: {known}.',
            column=cut(missing),
            known=nearest(missing, known),
        )
    return wanted


def _class_of(model: Any, count: int, positive: Any) -> int:
    """Which column of predict_proba is the score: that of the class that stands for the outcome."""
    classes = list(getattr(model, "classes_", range(count)))
    listed = [1, True] if positive is None else list(positive) if isinstance(positive, list | tuple) else [positive]
    texts = {_text(value) for value in listed}
    matches = [place for place, value in enumerate(classes) if _text(value) in texts]
    if len(matches) != 1:
        raise InputError(
            "The model's classes are {classes}, and outcome lists {listed} as positive: exactly one class must be "
            'among them. Say which with outcome={{"column": ..., "positive": [...]}}.',
            classes=", ".join(cut(str(value)) for value in classes[:8]),
            listed=", ".join(cut(str(value)) for value in listed[:8]),
        )
    return matches[0]


def _text(value: Any) -> str:
    """One spelling for 1, 1.0, "1" and True."""
    if isinstance(value, bool | np.bool_):
        return str(int(value))
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    return str(int(number)) if number.is_integer() else str(number)
