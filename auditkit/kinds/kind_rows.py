"""The rows of an audit with the columns of its kind: those used, rows alike in everything counted once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import Levels
from auditkit.counts.fetch_cells import fetch
from auditkit.counts.merge_cells import level_codes
from auditkit.errors import DataError, cut
from auditkit.intake.column_reading import Columns, label_of
from auditkit.intake.exclusion_reasons import USED
from auditkit.intake.roles import assign_roles
from auditkit.spec import AuditSpec

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["KindRows", "View", "kind_rows"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

View = tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...] | None]
"""Attributes, their groups in order, and the reference group where the audit has one."""


@dataclass(frozen=True)
class KindRows:
    """Distinct rows, sorted, `n` of each: `numbers` (NaN where missing), `texts` as codes of `values` (-1: missing)."""

    n: Integers
    levels: tuple[Levels, ...]
    codes: dict[str, Integers]
    numbers: dict[str, Floats]
    texts: dict[str, Integers]
    values: dict[str, tuple[str, ...]]
    file: str

    def of_group(self, names: Sequence[str], group: Sequence[str]) -> Flags:
        """Which rows are of a group; all of them for everyone."""
        chosen = np.ones(len(self.n), dtype=bool)
        for name, value in zip(names, group, strict=True):
            level = next(level for level in self.levels if level.name == name)
            place = level.values.index(value) if value in level.values else -2
            chosen &= self.codes[name] == place
        return chosen

    def each(self, views: Sequence[View]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], Flags]]:
        """Everyone, then every group of every view: attributes, group, which rows."""
        yield (), (), np.ones(len(self.n), dtype=bool)
        for names, groups, _ in views:
            for group in groups:
                yield names, group, self.of_group(names, group)


def kind_rows(table: Table, spec: AuditSpec, key: str, numbers: Sequence[str], texts: Sequence[str]) -> KindRows:
    """The rows used, counted by their groups and by the columns of the kind `key`.

    Raises DataError for a column that is not there and for a text where a number is expected.
    """
    roles = assign_roles(table, spec)
    columns = Columns.of(table, spec.missing_values)
    read = {f"number_{i}": columns.number(name, key) for i, name in enumerate(numbers)}
    keys = {f"key_{i}": one.expression for i, one in enumerate(roles.keys)}
    named = {f"text_{i}": _text(columns, name, key) for i, name in enumerate(texts)}
    wrong = {f"wrong_{name}": one.wrong for name, one in read.items() if one.wrong is not None}
    frame = table.frame.filter(roles.reason == USED)
    for name, expression in wrong.items():
        column = read[name.removeprefix("wrong_")].column
        found = fetch(frame.filter(expression).select(nw.col(column)).head(1), coded=[column])
        if found.rows:
            raise DataError(
                "{file}, column {column}: found {value}; expected a number, since it is named under {role}.",
                file=table.name, column=f'"{cut(column)}"', value=cut(f'"{found.values[column][0]}"'), role=key,
            )  # fmt: skip
    floats = {name: one.value for name, one in read.items()}
    every = [*keys, *floats, *named]
    counted = frame.select(**keys, **floats, **named).group_by(*every).agg(auditkit_rows=nw.len())
    found = fetch(counted, ["auditkit_rows"], list(floats), [*keys, *named], many=True)
    levels, codes = [], {}
    for i, one in enumerate(roles.keys):
        level, codes[one.name] = level_codes(
            one, found.codes[f"key_{i}"], found.values[f"key_{i}"], tuple(spec.missing_values)
        )
        levels.append(level)
    shown = {name: _labelled(found.codes[f"text_{i}"], found.values[f"text_{i}"]) for i, name in enumerate(texts)}
    by_name = {name: found.floats[f"number_{i}"] for i, name in enumerate(numbers)}
    order = np.lexsort((*by_name.values(), *(code for code, _ in shown.values()), *codes.values()))
    return KindRows(
        found.integers["auditkit_rows"][order],
        tuple(levels),
        {name: code[order] for name, code in codes.items()},
        {name: value[order] for name, value in by_name.items()},
        {name: code[order] for name, (code, _) in shown.items()},
        {name: values for name, (_, values) in shown.items()},
        table.name,
    )


def _text(columns: Columns, name: str, key: str) -> nw.Expr:
    value = columns.text(name, key) if columns.is_text(name, key) else nw.col(name)
    return nw.when(~columns.missing_in(name, key)).then(value)


def _labelled(codes: Integers, values: Sequence[object]) -> tuple[Integers, tuple[str, ...]]:
    """Values by their names, in the order of the names, -1 for a missing one."""
    texts = [label_of(value) for value in values]
    names = sorted({text for text in texts if text})
    place = np.array([names.index(text) if text else -1 for text in texts], dtype=np.int64)
    return (place[codes] if len(codes) else codes), tuple(names)
