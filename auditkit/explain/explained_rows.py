"""The rows of an analysis with the variables of the model: the one place where attribution reads rows, not counts.

Rows are put in an order of their own, by what they hold, so that every engine gives the same draw. All columns named
are held in memory: 1,000,000 rows of 30 variables take 240 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np

from auditkit.counts.count_table import Levels
from auditkit.counts.fetch_cells import Fetched, fetch
from auditkit.counts.merge_cells import level_codes
from auditkit.counts.plain_rows import with_opposite
from auditkit.errors import DataError, SpecError, cut
from auditkit.explain.model_inputs import Floats, Inputs, Integers
from auditkit.intake.column_reading import Columns, Number, label_of
from auditkit.intake.exclusion_reasons import USED
from auditkit.intake.roles import Roles, assign_roles
from auditkit.intake.scored_rows import model_number
from auditkit.spec import AuditSpec

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["AuditRows", "read_rows"]

_ROLE = "attribution"


@dataclass(frozen=True)
class AuditRows:
    """The rows used that have a score. `levels` and `codes` are by attribute; `outcome` is 1, 0 or NaN (not known).

    `group_columns` says from which column of the file an attribute comes.
    """

    inputs: Inputs
    scores: Floats
    weight: Floats | None
    levels: dict[str, Levels]
    codes: dict[str, Integers]
    group_columns: dict[str, str]
    outcome: Floats | None

    def __len__(self) -> int:
        return len(self.scores)

    def of_group(self, attribute: str, group: str) -> Integers:
        """The places of the rows of a group."""
        values = self.levels[attribute].values
        if group not in values:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.codes[attribute] == values.index(group))


def read_rows(
    table: Table, spec: AuditSpec, columns: Sequence[str], categories: Sequence[str] | None = None
) -> AuditRows:
    """The rows used, their groups, score and the variables named.

    `categories` are the columns that hold texts; None lets the columns say it: a column of texts that are all numbers
    is taken as numbers. Raises SpecError without a score, DataError for a column that is not there or a text where a
    number is needed.
    """
    roles = assign_roles(table, spec)
    if roles.score is None:
        raise SpecError("attribution needs a score: name its column under score, or a model.")
    texts = _texts(table, roles, columns, categories)
    numbers = {name: _number(roles.columns, name) for name in columns if name not in texts}
    chosen: dict[str, Any] = {"reason": roles.reason, "score": roles.score.value}
    chosen |= {f"key_{i}": key.expression for i, key in enumerate(roles.keys) if key.attribute}
    chosen |= {f"v{i}": roles.columns.text(name, _ROLE) if name in texts else numbers[name].value
               for i, name in enumerate(columns)}  # fmt: skip
    if roles.weight is not None:
        chosen["weight"] = roles.weight.value
    listed = roles.outcome is not None and spec.outcome is not None and not spec.outcome.numeric
    if listed:
        chosen["outcome"] = roles.outcome
        if roles.outcome_value is not None:
            chosen["outcome_value"] = roles.outcome_value
    rows = table.frame.select(**chosen).filter(nw.col("reason") == USED)
    rows = rows.filter(~nw.col("score").is_null())
    _refuse_wrong(table, roles, numbers)
    if roles.outcome_value is not None and listed:
        assert spec.outcome is not None
        rows = with_opposite(rows, spec.outcome, table.name, sure=True)
    coded = [name for name in chosen if name.startswith("key_")]
    coded += [f"v{i}" for i, name in enumerate(columns) if name in texts]
    floats = [name for name in chosen if name not in (*coded, "reason", "outcome_value")]
    return _rows(fetch(rows, [], floats, coded, many=True), roles, spec, columns, texts)


def _texts(table: Table, roles: Roles, columns: Sequence[str], categories: Sequence[str] | None) -> set[str]:
    """The columns to read as texts."""
    if categories is not None:
        return set(categories) & set(columns)
    asked = {}
    for i, name in enumerate(columns):
        if roles.columns.is_text(name, _ROLE):
            wrong = roles.columns.number(name, _ROLE).wrong
            assert wrong is not None
            asked[f"w{i}"] = nw.when(wrong).then(nw.lit(1)).otherwise(nw.lit(0)).sum()
    if not asked:
        return set()
    found = fetch(table.frame.select(**asked), list(asked))
    return {columns[int(name[1:])] for name, values in found.integers.items() if int(values[0])}


def _number(columns: Columns, name: str) -> Number:
    """A column of numbers, read as the model reads it: true and false are 1 and 0."""
    return model_number(columns, name, _ROLE)


def _refuse_wrong(table: Table, roles: Roles, numbers: dict[str, Number]) -> None:
    """DataError for a text in a column that the model reads as numbers."""
    asked = {
        f"w{i}": nw.when(number.wrong).then(nw.lit(1)).otherwise(nw.lit(0)).sum()
        for i, number in enumerate(numbers.values())
        if number.wrong is not None
    }
    if not asked or not any(int(v[0]) for v in fetch(table.frame.select(**asked), list(asked)).integers.values()):
        return
    for column, number in numbers.items():
        if number.wrong is None:
            continue
        wrong = table.frame.select(value=nw.col(column), wrong=number.wrong, reason=roles.reason)
        wrong = wrong.filter(nw.col("wrong") & (nw.col("reason") == USED))
        found = fetch(wrong.group_by("value").agg(rows=nw.len()), ["rows"], coded=["value"]).values["value"]
        if found:
            raise DataError(
                '{file}, column {column}: found "{value}"; expected a number, since the model reads it as one.',
                file=table.name,
                column=f'"{cut(column)}"',
                value=cut(min(map(str, found))),
            )


def _rows(found: Fetched, roles: Roles, spec: AuditSpec, columns: Sequence[str], texts: set[str]) -> AuditRows:
    labels: dict[str, tuple[str, ...]] = {}
    arrays = []
    for i, name in enumerate(columns):
        if name not in texts:
            arrays.append(found.floats[f"v{i}"] + 0.0)
            continue
        entries = [label_of(value) for value in found.values[f"v{i}"]]
        labels[name] = tuple(sorted({entry for entry in entries if entry}))
        place = {entry: float(code) for code, entry in enumerate(labels[name])}
        coded = np.array([place.get(entry, np.nan) for entry in entries], dtype=np.float64)
        arrays.append(coded[found.codes[f"v{i}"]])
    levels, codes = {}, {}
    for i, key in enumerate(roles.keys):
        if key.attribute:
            levels[key.name], codes[key.name] = level_codes(
                key, found.codes[f"key_{i}"], found.values[f"key_{i}"], spec.missing_values
            )
    scores = found.floats["score"] + 0.0
    weight, outcome = found.floats.get("weight"), found.floats.get("outcome")
    values = np.column_stack(arrays)
    extra = [*codes.values(), *([] if weight is None else [weight]), *([] if outcome is None else [outcome])]
    order = _own_order([scores, *values.T, *extra])
    scored = order[~np.isnan(scores[order])]
    known = None if outcome is None else np.where((outcome == 0) | (outcome == 1), outcome, np.nan)[scored]
    return AuditRows(
        inputs=Inputs(tuple(columns), values[scored], labels),
        scores=scores[scored],
        weight=None if weight is None else weight[scored],
        levels=levels,
        codes={name: one[scored] for name, one in codes.items()},
        group_columns={key.name: key.column for key in roles.keys if key.attribute},
        outcome=known,
    )


def _own_order(columns: Sequence[Any]) -> Integers:
    """An order that depends on what rows hold, not on where they stood: by a checksum of each row."""
    total = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        values = np.array(column, dtype=np.float64) + 0.0
        values[np.isnan(values)] = np.nan
        total = (total ^ values.view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        total ^= total >> np.uint64(29)
    return np.argsort(total, kind="stable")
