"""A function of Python as a model: it gets a table of the columns, and gives one score a row."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, SpecError, cut, nearest
from auditkit.scorers.model_file import ModelFile
from auditkit.scorers.scorecard import Cut
from auditkit.scorers.scored_batches import checked_scores, guarded, table_of
from auditkit.text import Message

__all__ = ["FunctionScorer", "not_imported", "open_function"]


@dataclass(frozen=True)
class FunctionScorer:
    """`function(table)` with a pandas table of the columns in their order; numbers as doubles, texts as texts."""

    name: str
    function: Callable[[Any], Any]
    columns: tuple[str, ...]
    categories: tuple[str, ...] = ()
    files: tuple[ModelFile, ...] = ()
    notes: tuple[Message, ...] = ()
    family: Literal["callable"] = "callable"
    native: None = None
    decision: Cut | None = None

    def score(self, frame: Any) -> NDArray[np.float64]:
        """A score for each row of a table, in its order. Raises DataError where the function breaks off."""
        table = table_of(frame, self.columns).reset_index(drop=True)
        rows = len(table)
        return checked_scores(guarded(self.name, lambda: self.function(table)), rows, self.name)

    def decide(self, scores: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """A function has no decision of its own."""
        return None


def not_imported(name: str, columns: tuple[str, ...], categories: tuple[str, ...] = ()) -> FunctionScorer:
    """The function as it is named, for who only looks: its module is not imported, and it cannot score."""

    def refused(table: Any) -> Any:
        raise DataError("{function} was not imported; it can only be looked at.", function=name)

    return FunctionScorer(name, refused, columns, categories)


def open_function(
    name: str, folder: Path, columns: tuple[str, ...], categories: tuple[str, ...] = ()
) -> FunctionScorer:
    """The function that "package.module:function" names, installed or beside the audit.

    Importing it runs its module. Raises SpecError where there is none.
    """
    module_name, _, function_name = name.partition(":")
    beside = str(folder.resolve())
    sys.path.append(beside)
    try:
        module = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:
        raise SpecError(
            "model: callable: the module {module} cannot be imported ({problem}); it must be installed, or stand "
            "beside audit.yaml.",
            module=cut(module_name, 80),
            problem=cut(f"{type(error).__name__}: {error}".split("\n")[0], 120),
        ) from None
    finally:
        sys.path.remove(beside)
    function = getattr(module, function_name, None)
    if not callable(function):
        known = [one for one in dir(module) if callable(getattr(module, one, None)) and not one.startswith("_")]
        raise SpecError(
            "model: callable: {module} has no function {function}; the nearest: {known}.",
            module=cut(module_name, 80),
            function=f'"{cut(function_name)}"',
            known=nearest(function_name, known) or "-",
        )
    return FunctionScorer(name, function, columns, categories)
