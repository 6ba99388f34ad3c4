"""One way to open every model: from what audit.yaml says to something that scores rows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from auditkit.errors import InputError
from auditkit.guard import reading
from auditkit.scorers.check_scorecard import require_complete
from auditkit.scorers.model_file import read_model_file
from auditkit.scorers.open_model import find_scorecard, load_scorecard
from auditkit.scorers.score_class import NOTHING_ASKED, Asked
from auditkit.scorers.scorer import CardScorer, Scorer
from auditkit.spec.model_spec import ModelPart
from auditkit.text import say

__all__ = ["find_model_scorecard", "open_model"]


def open_model(
    part: ModelPart,
    folder: Path,
    allow_unsafe_pickle: str | None = None,
    asked: Asked = NOTHING_ASKED,
    run: bool = True,
    proved: bool = True,
    missing_values: Sequence[str] | None = None,
) -> Scorer:
    """The model that `part` names; paths are beside `folder`. Of several scorecards the first.

    `asked` is what the audit says of the class for which the score speaks. Where `run` is False, a function is not
    imported: what comes back says what it reads and cannot score.
    `allow_unsafe_pickle` is the SHA-256 of the one pickle that may be loaded. Raises SpecError or DataError for a model
    that is not there, is refused, or does not fit its columns; InputError where a package is not installed.
    """
    columns, categories = tuple(part.columns or ()), tuple(part.categories)
    if part.scorecard is not None:
        return _open_scorecard(part.scorecard[0], folder)
    if part.file is not None:
        if part.positive is not None:
            asked = replace(asked, named=part.positive)
        with reading(Path(part.file).name, folder / part.file, seconds=60.0):
            found = _open_file(part.file, folder, columns, categories, allow_unsafe_pickle, asked)
            if not proved:
                return found
            from auditkit.scorers.model_proof import prove

            said = prove(found, missing_values)
            return replace(found, notes=(*found.notes, said))  # type: ignore[type-var]
    if part.callable is not None:
        from auditkit.scorers.callable_scorer import not_imported, open_function

        if not run:
            return not_imported(part.callable, columns, categories)
        return open_function(part.callable, folder, columns, categories)
    if part.command is not None:
        from auditkit.scorers.command_scorer import CommandScorer

        return CommandScorer(tuple(part.command), folder, columns, categories, part.timeout)
    from auditkit.scorers.endpoint_scorer import open_endpoint

    assert part.endpoint is not None
    return open_endpoint(
        part.endpoint, columns, os.environ, part.token, categories, part.timeout, part.retries, part.rate
    )


def find_model_scorecard(name: str, folder: Path) -> Path:
    """The scorecard that an audit names: beside the audit first, then one that ships."""
    beside = folder / name
    return beside if beside.is_file() else find_scorecard(name)


def _open_scorecard(name: str, folder: Path) -> CardScorer:
    path = find_model_scorecard(name, folder)
    card = load_scorecard(path)
    require_complete(card)
    return CardScorer(card, (read_model_file(path.name, path.parent),))


def _open_file(
    name: str,
    folder: Path,
    columns: tuple[str, ...],
    categories: tuple[str, ...],
    allow_unsafe_pickle: str | None,
    asked: Asked,
) -> Scorer:
    from auditkit.scorers.model_sniffing import require_kind

    file = read_model_file(name, folder)
    kind = require_kind(file)
    if allow_unsafe_pickle is not None and kind != "pickle":
        raise InputError("--allow-unsafe-pickle is given, and {file} is no pickle; leave it out.", file=file.name)
    if kind == "xgboost":
        from auditkit.scorers.xgboost_file import open_xgboost

        return open_xgboost(file, columns, asked)
    if kind == "lightgbm":
        from auditkit.scorers.lightgbm_file import open_lightgbm

        return open_lightgbm(file, columns, categories, asked)
    if kind == "onnx":
        from auditkit.scorers.onnx_file import open_onnx

        return open_onnx(file, columns, categories, asked)
    from auditkit.scorers.estimator_scorer import make_estimator_scorer

    if kind == "pickle":
        from auditkit.scorers.pickle_file import load_pickle

        model = load_pickle(file, allow_unsafe_pickle)
        said = say("The model was loaded from a pickle, which may run programs of its own: its SHA-256 was allowed.")
        return make_estimator_scorer(model, columns, categories, (file,), (said,), asked)
    from auditkit.scorers.skops_file import load_skops

    model, notes = load_skops(file)
    return make_estimator_scorer(model, columns, categories, (file,), notes, asked)
