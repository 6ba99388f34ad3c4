"""The values of a category that a model learnt, held against the values of its column.

What a model never saw is scored all the same by most of them, as nothing, as missing or as something else: how many
rows that is must be known before any figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Levels", "codes_of", "levels_of"]


@dataclass(frozen=True)
class Levels:
    """The levels of one input in the order in which they were learnt: all texts, or all numbers; missing ones apart.

    `takes_unseen` is False where the model's own library refuses a level that it never saw.
    """

    values: tuple[str, ...] | tuple[float, ...]
    takes_unseen: bool = True

    @property
    def texts(self) -> bool:
        """Whether they were learnt as texts."""
        return bool(self.values) and isinstance(self.values[0], str)

    def holds(self, value: object) -> bool:
        """Whether a value of the column is one of them.

        >>> Levels(("01", "02")).holds("1"), Levels((1.0, 2.0)).holds(1)
        (False, True)
        """
        return value in self.values


def levels_of(values: Iterable[object], takes_unseen: bool = True) -> Levels | None:
    """Levels as a library wrote them: numbers and truth values as doubles; None where texts and numbers are mixed.

    >>> levels_of([2, 1, None]), levels_of(["a", 1])
    (Levels(values=(2.0, 1.0), takes_unseen=True), None)
    """
    known = [value for value in values if value is not None and value == value]
    if all(isinstance(value, str) for value in known):
        return Levels(tuple(str(value) for value in known), takes_unseen)
    if all(isinstance(value, (bool, int, float, np.bool_, np.integer, np.floating)) for value in known):
        return Levels(tuple(float(value) for value in known), takes_unseen)  # type: ignore[arg-type]
    return None


def codes_of(column: Any, levels: Levels) -> NDArray[np.float64]:
    """The place of each value among the levels, NaN where it is missing or none of them."""
    places: Mapping[object, int] = {value: place for place, value in enumerate(levels.values)}
    listed = [np.nan if value is None or value != value else places.get(value, np.nan) for value in column]
    return np.asarray(listed, dtype=np.float64)
