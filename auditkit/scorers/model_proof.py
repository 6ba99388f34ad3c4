"""Proof that a model file scores as it should: reference scores, written where the model lives, held against its file.

What the fitting object knew and the file does not (which column is which, marks for missing, the class) stands in a
sidecar beside the file, `model.check.json`, with twenty rows drawn within what a sample holds, and their scores by the
model's own library. No row of a person is in it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, InputError, SpecError, cut
from auditkit.scorers.model_file import ModelFile
from auditkit.scorers.score_class import folded
from auditkit.scorers.scorer import Scorer
from auditkit.text import Message, say

__all__ = ["PROOF_SCHEMA", "draw_rows", "pack_model", "proof_path", "prove", "read_proof", "sidecar"]

PROOF_SCHEMA = "auditkit/model-check/1"
ROWS = 20
_RARE = 11
_SINGLE = ("xgboost", "onnx")
"""Families that compute in single precision."""


def proof_path(model: Path) -> Path:
    """Where the sidecar of a model file is: model.skops has model.check.json.

    >>> proof_path(Path("a/model.skops")).name
    'model.check.json'
    """
    return model.with_name(f"{model.stem}.check.json")


def pack_model(
    model: Any,
    frame: Any,
    to: str | Path | None = None,
    *,
    positive: object | None = None,
    missing: Sequence[object] = (),
    categories: Sequence[str] = (),
    columns: Sequence[str] | None = None,
) -> Path:
    """Write the sidecar of a model, where it lives: names, types, levels, missing marks, the class, and scores.

    `model` is a fitted classifier or regressor with `predict_proba` or `predict`, whose file `to` is beside (such as
    "model.json"); or the path of a model file, which is scored as auditkit scores it. `frame` is a pandas table of its
    inputs in their order (`columns` chooses among more). `positive` is the class that the score speaks for (default: 1
    of 0 and 1); `missing` are marks for missing that only the fitting object knows. Returns the path written. Raises
    InputError where the class cannot be told.
    """
    table = frame[list(columns)] if columns is not None else frame
    marks = [*missing, *_own_marks(model)]
    rows = draw_rows(table, categories, marks)
    if isinstance(model, (str, Path)):
        from auditkit.scorers.opened_models import open_model
        from auditkit.spec.model_spec import ModelPart

        path = Path(model)
        part = {"file": path.name, "columns": list(table.columns), "categories": list(categories), "positive": positive}
        scorer = open_model(ModelPart.model_validate(part), path.parent, proved=False)
        rows = draw_rows(table, scorer.categories, marks)
        return _write(proof_path(path if to is None else Path(to)), sidecar(scorer, rows, positive, marks))
    if to is None:
        raise InputError(
            "pack_model needs the name of the model's file: pack_model(model, frame, to={example}).",
            example='"model.json"',
        )
    classes = getattr(model, "classes_", None)
    if classes is None or not hasattr(model, "predict_proba"):
        scores = np.asarray(model.predict(rows), dtype=np.float64)
    else:
        from auditkit.scorers.score_class import NOTHING_ASKED, Asked, score_class

        asked = NOTHING_ASKED if positive is None else Asked(named=positive)
        place = score_class(np.asarray(classes).tolist(), asked, Path(to).name)
        positive = np.asarray(classes).tolist()[place]
        scores = np.asarray(model.predict_proba(rows), dtype=np.float64)[:, place]
    return _write(proof_path(Path(to)), _content(rows, scores, positive, marks))


def _own_marks(model: Any) -> list[object]:
    """The mark for missing of a fitted XGBoost estimator, which its file does not hold."""
    mark = getattr(model, "missing", None)
    return [mark] if isinstance(mark, (int, float)) and math.isfinite(mark) else []


def draw_rows(table: Any, texts: Sequence[str] = (), marks: Sequence[object] = ()) -> Any:
    """Twenty rows within what a table holds, column by column and by chance, so that none is a person's.

    Numbers lie between the 5th and the 95th of a hundred; levels are those of eleven rows and more.
    """
    import pandas

    chance = np.random.default_rng(1)
    drawn = {}
    for name in table.columns:
        column = table[name]
        held = column[column.notna() & ~column.isin(list(marks))]
        plain = pandas.api.types.is_numeric_dtype(column.dtype) and name not in texts
        if plain and not pandas.api.types.is_bool_dtype(column.dtype):
            low, high = np.quantile(held.to_numpy(dtype=np.float64), [0.05, 0.95]) if len(held) else (0.0, 1.0)
            found = chance.uniform(low, high, ROWS)
            whole = bool(np.all(held.to_numpy(dtype=np.float64) == np.floor(held.to_numpy(dtype=np.float64))))
            values = pandas.Series(np.round(found) if whole else found)
            kind = column.dtype if not whole or column.notna().all() else np.float64
            drawn[name] = values.astype(kind)
        else:
            counts = held.value_counts()
            levels = sorted((one for one in counts.index if counts[one] >= _RARE), key=str) or sorted(
                counts.index[:1], key=str
            )
            places = chance.integers(0, max(1, len(levels)), ROWS)
            listed = [levels[place] if levels else None for place in places]
            drawn[name] = pandas.Series(listed, dtype=column.dtype)
        if len(held) < len(column) and (plain or not isinstance(column.dtype, pandas.CategoricalDtype)):
            drawn[name] = drawn[name].astype(object if not plain else np.float64)
            drawn[name].iloc[3] = marks[0] if marks and plain else np.nan
    return pandas.DataFrame(drawn)


def sidecar(scorer: Scorer, rows: Any, positive: object | None = None, marks: Sequence[object] = ()) -> dict[str, Any]:
    """What the sidecar of a model file says, with the scores that auditkit itself gets from it."""
    asked = _typed(rows, scorer.categories)
    for mark in marks:
        asked = asked.replace(mark, np.nan)
    content = _content(rows, scorer.score(asked), positive, marks)
    learnt = getattr(scorer, "levels", {})
    for one in content["inputs"]:
        if one["name"] in learnt:
            one["levels"] = list(learnt[one["name"]].values)
    if scorer.files:
        content["sha256"] = scorer.files[0].sha256
    return content


def _content(
    rows: Any, scores: NDArray[np.float64], positive: object | None, marks: Sequence[object]
) -> dict[str, Any]:
    import pandas

    inputs = []
    for name in rows.columns:
        numbers = pandas.api.types.is_numeric_dtype(rows[name].dtype)
        levels = None if numbers else sorted({str(value) for value in rows[name].dropna()})
        inputs.append({"name": str(name), "type": "number" if numbers else "text", "levels": levels})
    return {
        "schema": PROOF_SCHEMA,
        "inputs": inputs,
        "missing_marks": list(marks),
        "positive": None if positive is None else _plain(positive),
        "rows": [[_plain(value) for value in row] for row in rows.itertuples(index=False, name=None)],
        "scores": [float(score) for score in scores],
    }


def _plain(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    return None if value is None or value != value else value


def _write(path: Path, content: Mapping[str, Any]) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return path


def read_proof(file: ModelFile) -> dict[str, Any] | None:
    """The sidecar beside a model file; None where there is none. Raises DataError for one that cannot be read."""
    path = proof_path(file.path)
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_bytes())
        rows, scores = content["rows"], content["scores"]
        names = [one["name"] for one in content["inputs"]]
        sound = content["schema"] == PROOF_SCHEMA and len(rows) == len(scores) > 0
        if not sound or any(len(row) != len(names) for row in rows):
            raise ValueError(PROOF_SCHEMA)
        [float(score) for score in scores]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(
            "{file} is no proof of a model that can be read ({problem}); make it again with auditkit model pack.",
            file=path.name,
            problem=cut(f"{type(error).__name__}: {error}", 80),
        ) from None
    return dict(content)


def prove(scorer: Scorer, missing_values: Sequence[str] | None = None) -> Message:
    """What is to be said of the proof of a model file: that its scores are proved, or that they are not.

    Raises DataError where the sidecar's scores are others than the model's, SpecError where the columns stand in
    another order than there, or where a mark for missing is not named.
    """
    file = scorer.files[0]
    content = read_proof(file)
    if content is None:
        return say(
            "The scores of {file} are not proved: no {proof} stands beside it (auditkit model pack makes one where the "
            "model lives).",
            file=file.name,
            proof=proof_path(file.path).name,
        )
    proof = proof_path(file.path).name
    _require_names(scorer, [str(one["name"]) for one in content["inputs"]], proof)
    marks = [one for one in content.get("missing_marks") or [] if missing_values is not None]
    for mark in marks:
        if folded(mark) not in {folded(one) for one in missing_values or ()}:
            raise SpecError(
                "{proof} says that {mark} stood for a missing value when the model was made; add it to missing_values.",
                proof=proof,
                mark=f'"{cut(mark)}"',
            )
    wanted = np.asarray(content["scores"], dtype=np.float64)
    found = scorer.score(_rows_of(content, scorer))
    nearly = 5e-7 if scorer.family in _SINGLE else 1e-9
    apart = np.abs(found - wanted)
    if apart.max() > nearly * max(1.0, float(np.abs(wanted).max())):
        row = int(np.argmax(apart))
        raise DataError(
            "{file} does not score as {proof} says: its row {row} has the score {wanted} there and {found} here. The "
            "file, the columns or the class are others than where the model lives.",
            file=file.name,
            proof=proof,
            row=row + 1,
            wanted=f"{wanted[row]:.9g}",
            found=f"{found[row]:.9g}",
        )
    return say(
        "The scores of {file} are proved on the {rows} reference rows of {proof}.",
        file=file.name,
        rows=len(wanted),
        proof=proof,
    )


def _require_names(scorer: Scorer, names: list[str], proof: str) -> None:
    columns = list(scorer.columns)
    if len(names) != len(columns):
        raise SpecError(
            "{proof} names {wanted} inputs, and columns names {found}.",
            proof=proof,
            wanted=len(names),
            found=len(columns),
        )
    for place, (given, own) in enumerate(zip(columns, names, strict=True), 1):
        if given != own and own in columns:
            raise SpecError(
                'columns names "{given}" at place {place}, where {file} was made with "{own}"; put the columns in the '
                "order of the model.",
                given=cut(given),
                place=place,
                file=scorer.files[0].name,
                own=cut(own),
            )


def _rows_of(content: Mapping[str, Any], scorer: Scorer) -> Any:
    import pandas

    table = pandas.DataFrame(content["rows"], columns=list(scorer.columns))
    for mark in content.get("missing_marks") or []:
        table = table.replace(mark, np.nan)
    return _typed(table, scorer.categories)


def _typed(table: Any, categories: Sequence[str]) -> Any:
    """The rows as a run hands them over: doubles, and texts with None where a value is missing."""
    import pandas

    given = {}
    for name in table.columns:
        column = table[name]
        if name in categories:
            listed = [None if value is None or value != value else _text(value) for value in column]
            given[name] = pandas.Series(np.array(listed, dtype=object))
        else:
            given[name] = pandas.Series(
                [np.nan if value is None else float(value) for value in column], dtype=np.float64
            )
    return pandas.DataFrame(given)


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)
