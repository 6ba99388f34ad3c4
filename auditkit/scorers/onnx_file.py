"""ONNX models, run by onnxruntime, as scorers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, InputError, cut
from auditkit.scorers.class_names import check_inputs
from auditkit.scorers.estimator_scorer import ABOVE_HALF
from auditkit.scorers.model_file import ModelFile
from auditkit.scorers.onnx_classes import onnx_classes
from auditkit.scorers.score_class import NOTHING_ASKED, Asked, folded, score_class, two_classes
from auditkit.scorers.scorecard import Cut
from auditkit.scorers.scored_batches import checked_scores, guarded, matrix_of, table_of
from auditkit.scorers.scorer import decided
from auditkit.scorers.trial_rows import try_model
from auditkit.text import Message, say

__all__ = ["OnnxScorer", "open_onnx"]

_OUTSIDE = b"\x0a\x08location\x12"
"""How a model says that a part of it lies in another file."""

_NUMBERS = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(bool)": np.bool_,
}


@dataclass(frozen=True)
class OnnxScorer:
    """A model of one table or one input a column; `output` is the answer that holds the score or the probabilities.

    `place` and `label` are the class whose probability is the score; `batch` is the number of rows that the model
    takes at once, where it was made for one number.
    """

    native: Any
    columns: tuple[str, ...]
    files: tuple[ModelFile, ...]
    output: str
    decision: Cut | None
    notes: tuple[Message, ...]
    categories: tuple[str, ...] = ()
    place: int = 1
    label: object = None
    batch: int | None = None
    family: Literal["onnx"] = "onnx"

    def score(self, frame: Any) -> NDArray[np.float64]:
        """A score for each row of a table, in its order."""
        name = self.files[0].name
        given, rows = self._inputs(frame)
        if not rows:
            return np.empty(0)
        answer = guarded(name, lambda: self._run(given, rows))
        return checked_scores(_of_class(answer, self.place, self.label, name), rows, name)

    def decide(self, scores: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Who is selected: a probability above one half; None for a model that gives no probability."""
        return decided(self.decision, scores)

    def _run(self, given: dict[str, Any], rows: int) -> Any:
        """The answer to all rows; of a model for a fixed number of rows part by part, the last filled up."""
        if self.batch is None:
            return self.native.run([self.output], given)[0]
        parts: list[Any] = []
        for start in range(0, rows, self.batch):
            places = np.minimum(np.arange(start, start + self.batch), rows - 1)
            answer = self.native.run([self.output], {name: values[places] for name, values in given.items()})[0]
            parts.append(answer[: min(self.batch, rows - start)])
        return [row for part in parts for row in part] if isinstance(parts[0], list) else np.concatenate(parts)

    def _inputs(self, frame: Any) -> tuple[dict[str, Any], int]:
        inputs = self.native.get_inputs()
        if len(inputs) == 1 and inputs[0].type in _NUMBERS and len(self.columns) > 0:
            matrix = matrix_of(frame, self.columns)
            return {inputs[0].name: _as(matrix, inputs[0].type, self.columns)}, len(matrix)
        table = table_of(frame, self.columns)
        given: dict[str, Any] = {}
        for column, one in zip(self.columns, inputs, strict=True):
            if one.type == "tensor(string)":
                values = table[column].astype(object).where(table[column].notna(), "")
                given[one.name] = np.array([[str(value)] for value in values], dtype=object).reshape(-1, 1)
            else:
                given[one.name] = _as(matrix_of(table, (column,)), one.type, (column,))
        return given, len(table)


def open_onnx(
    file: ModelFile, columns: tuple[str, ...], categories: tuple[str, ...] = (), asked: Asked = NOTHING_ASKED
) -> OnnxScorer:
    """The model of a .onnx file. Raises DataError, SpecError where the columns do not fit."""
    try:
        import onnxruntime
    except ImportError:
        raise InputError(
            "{file} is read with onnxruntime, which is not installed. Type: pip install 'auditkit[onnx]'",
            file=file.name,
        ) from None
    if _OUTSIDE in file.content:
        raise DataError(
            "{file} says that parts of it lie in other files; save the model as one file, without external data.",
            file=file.name,
        )
    try_model("onnx", file)
    try:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        session = onnxruntime.InferenceSession(file.content, options, providers=["CPUExecutionProvider"])
        inputs, outputs = session.get_inputs(), session.get_outputs()
    except Exception as error:  # onnxruntime has an error of its own for everything
        raise DataError(
            "{file} cannot be loaded as a model of ONNX ({problem}).",
            file=file.name,
            problem=cut(str(error).strip().split("\n")[0], 120),
        ) from None
    _check_types(inputs, file.name)
    if len(inputs) == 1 and inputs[0].type in _NUMBERS:
        shape = inputs[0].shape
        width = shape[1] if len(shape) == 2 and isinstance(shape[1], int) else len(columns)
        check_inputs(file.name, columns, width, None)
    else:
        check_inputs(file.name, columns, len(inputs), [one.name for one in inputs])
    texts = tuple(column for column, one in zip(columns, inputs, strict=False) if one.type == "tensor(string)")
    several = texts if len(inputs) > 1 else ()
    return _scorer(session, outputs, file, columns, tuple(dict.fromkeys((*categories, *several))), asked)


def _check_types(inputs: Sequence[Any], file: str) -> None:
    for one in inputs:
        if one.type not in _NUMBERS and one.type != "tensor(string)":
            raise DataError(
                '{file}: its input "{name}" is of the type {type}; expected tables of numbers or texts.',
                file=file,
                name=cut(one.name),
                type=cut(one.type),
            )


def _scorer(
    session: Any,
    outputs: Sequence[Any],
    file: ModelFile,
    columns: tuple[str, ...],
    categories: tuple[str, ...],
    asked: Asked,
) -> OnnxScorer:
    """Which answer is the score: probabilities beside a label, else the one answer that there is."""
    floats = [one for one in outputs if one.type in ("tensor(float)", "tensor(double)")]
    maps = [one for one in outputs if one.type.startswith("seq(map(")]
    classes = onnx_classes(file.content)
    batch = _fixed_batch(session.get_inputs())
    if classes is not None and len(floats) == len(classes) > 1 and not maps:
        place = score_class(classes, asked, file.name)
        return _of_probability(session, floats[place].name, file, columns, categories, classes, place, batch)
    if len(outputs) > 1 and len(floats) + len(maps) != 1:
        raise DataError(
            "{file} gives {count} answers ({names}); expected a score, or a label and its probabilities.",
            file=file.name,
            count=len(outputs),
            names=cut(", ".join(one.name for one in outputs), 80),
        )
    chosen = (floats + maps or list(outputs))[0]
    if len(outputs) > 1 or bool(maps) or (len(chosen.shape) == 2 and chosen.shape[1] == 2):
        if classes is None:
            classes = (0, 1)
        place = score_class(classes, asked, file.name)
        return _of_probability(session, chosen.name, file, columns, categories, classes, place, batch)
    said = say("The score is what {file} predicts ({objective}).", file=file.name, objective=cut(chosen.name))
    return OnnxScorer(session, columns, (file,), chosen.name, None, (said,), categories, batch=batch)


def _of_probability(
    session: Any,
    output: str,
    file: ModelFile,
    columns: tuple[str, ...],
    categories: tuple[str, ...],
    classes: Sequence[object],
    place: int,
    batch: int | None,
) -> OnnxScorer:
    label = two_classes(classes, file.name)[place]
    said = say("The score is the probability of class {value}.", value=f'"{cut(label)}"')
    rule = ABOVE_HALF if place else Cut(at_least=0.5)
    return OnnxScorer(session, columns, (file,), output, rule, (said,), categories, place, label, batch)


def _fixed_batch(inputs: Sequence[Any]) -> int | None:
    sizes = {one.shape[0] for one in inputs if one.shape and isinstance(one.shape[0], int)}
    return int(max(sizes)) if len(sizes) == 1 and max(sizes) > 0 else None


def _of_class(answer: Any, place: int, label: object, name: str) -> Any:
    """The probability of one class, from a table of two columns or from a list of dictionaries."""
    if isinstance(answer, list):
        keys = sorted(answer[0]) if answer and isinstance(answer[0], dict) else []
        two_classes(keys, name)
        key = next((one for one in keys if folded(one) == folded(label)), keys[place])
        return [row[key] for row in answer]
    found = np.asarray(answer)
    return found[:, place] if found.ndim == 2 and found.shape[1] == 2 else found


def _as(matrix: NDArray[np.float64], kind: str, columns: Sequence[str]) -> Any:
    """A matrix in the type that the model takes; DataError where a value has no place in it."""
    target = _NUMBERS[kind]
    if target not in (np.float32, np.float64) and not np.all(np.isfinite(matrix) & (matrix == np.floor(matrix))):
        bad = int(np.flatnonzero(~np.all(np.isfinite(matrix) & (matrix == np.floor(matrix)), axis=0))[0])
        raise DataError(
            'The model takes whole numbers, and the column "{column}" holds others or misses some.',
            column=cut(columns[bad]),
        )
    return matrix.astype(target)
