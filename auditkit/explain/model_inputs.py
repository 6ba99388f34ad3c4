"""The variables of rows as arrays: numbers as doubles, categories as numbered texts, so that rows can be mixed fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import InputError, cut

__all__ = ["Inputs", "inputs_of"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Inputs:
    """Columns of equal length. `labels` holds the texts of each category; a category's codes are doubles, NaN missing.

    >>> inputs = inputs_of({"age": [20.0, 50.0], "job": ["a", None]})
    >>> inputs.columns, inputs.labels
    (('age', 'job'), {'job': ('a',)})
    """

    columns: tuple[str, ...]
    values: Floats
    labels: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: Integers) -> Inputs:
        """The rows at these places, in this order."""
        return Inputs(self.columns, self.values[rows], self.labels)

    def with_values(self, values: Floats) -> Inputs:
        """Other rows of the same columns."""
        return Inputs(self.columns, values, self.labels)

    def narrowed(self, columns: tuple[str, ...]) -> Inputs:
        """Only these columns, in this order."""
        places = [self.columns.index(name) for name in columns]
        labels = {name: self.labels[name] for name in columns if name in self.labels}
        return Inputs(columns, self.values[:, places], labels)

    def frame(self) -> Any:
        """The rows as a pandas table, as models take it: doubles, and texts (None where missing)."""
        import pandas

        return pandas.DataFrame({name: self._column(place) for place, name in enumerate(self.columns)})

    def _column(self, place: int) -> Any:
        name = self.columns[place]
        values = self.values[:, place]
        if name not in self.labels:
            return values
        import pandas

        texts = np.array([*self.labels[name], None], dtype=object)
        codes = np.where(np.isnan(values), len(texts) - 1, values).astype(np.int64)
        return pandas.array(texts[codes], dtype="str")

    def label(self, name: str, value: float) -> str:
        """A value as a reader sees it."""
        if np.isnan(value):
            return ""
        return self.labels[name][int(value)] if name in self.labels else f"{value:.12g}"


def inputs_of(columns: Mapping[str, Any]) -> Inputs:
    """Columns of numbers and of texts as inputs; texts are numbered in sorted order.

    Raises InputError for columns of unequal length, or without any.
    """
    lengths = {len(values) for values in columns.values()}
    if len(lengths) != 1:
        raise InputError(
            "The columns {columns} hold {lengths} rows; expected columns of one length.",
            columns=cut(", ".join(columns) or "-", 80),
            lengths=", ".join(str(n) for n in sorted(lengths)) or "0",
        )
    labels: dict[str, tuple[str, ...]] = {}
    arrays = []
    for name, values in columns.items():
        array = np.asarray(values)
        if array.dtype.kind in "fiub":
            arrays.append(array.astype(np.float64))
            continue
        texts = [None if value is None or value != value else str(value) for value in array.tolist()]
        labels[name] = tuple(sorted({text for text in texts if text is not None}))
        place: dict[str | None, float] = {text: float(code) for code, text in enumerate(labels[name])}
        arrays.append(np.array([place.get(text, np.nan) for text in texts], dtype=np.float64))
    return Inputs(tuple(columns), np.column_stack(arrays), labels)
