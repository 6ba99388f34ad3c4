"""Which inputs of a scikit-learn pipeline are texts: those whose encoder learnt texts.

A column of codes 1, 2, 3 looks like numbers in a CSV file; an encoder that learnt "1", "2", "3" would take each for an
unknown category, and the scores would be wrong without a word; so would texts for an encoder that learnt numbers. The
fitted encoder knows, so it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

__all__ = ["number_inputs", "text_inputs"]


def text_inputs(model: Any, columns: Sequence[str]) -> tuple[str, ...]:
    """The inputs, by the names in `columns`, that go into an encoder of texts."""
    return _inputs(model, columns, str)


def number_inputs(model: Any, columns: Sequence[str]) -> tuple[str, ...]:
    """The inputs, by the names in `columns`, that go into an encoder of numbers."""
    return _inputs(model, columns, (int, float))


def _inputs(model: Any, columns: Sequence[str], kind: type | tuple[type, ...]) -> tuple[str, ...]:
    names = [str(name) for name in getattr(model, "feature_names_in_", columns)]
    if len(names) != len(columns):
        return ()
    found = {names.index(name) for name in _encoded(model, names, kind) if name in names}
    return tuple(column for place, column in enumerate(columns) if place in found)


def _encoded(model: Any, names: Sequence[str], kind: type | tuple[type, ...]) -> Iterator[str]:
    """The names, among those that a step gets, whose values it learnt as texts, or as numbers."""
    if hasattr(model, "steps"):
        for _, step in model.steps:
            if step is not None and step != "passthrough":
                yield from _encoded(step, names, kind)
                return
    elif hasattr(model, "transformers_"):
        for _, step, chosen in model.transformers_:
            if step not in ("drop", "passthrough"):
                yield from _encoded(step, _chosen(chosen, names), kind)
    elif hasattr(model, "categories_"):
        for name, values in zip(names, model.categories_, strict=False):
            held = np.asarray(values)
            known = [value for value in held.tolist() if value is not None and value == value]
            if known and all(isinstance(value, kind) for value in known):
                yield name


def _chosen(chosen: Any, names: Sequence[str]) -> list[str]:
    """The columns that a transformer was given, by name, place, slice or mask."""
    if isinstance(chosen, slice):
        return list(names[chosen]) if not isinstance(chosen.start, str) else []
    listed = np.asarray([chosen] if isinstance(chosen, (str, int)) else chosen)
    if listed.dtype == np.bool_:
        return [name for name, taken in zip(names, listed.tolist(), strict=False) if taken]
    return [one if isinstance(one, str) else names[one] for one in listed.tolist()]
