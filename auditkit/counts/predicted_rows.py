"""A number that was predicted beside the number it really was, row by row: need measured as a number.

Errors of a prediction cannot be counted in cells; they are taken from the rows that are used, with their groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import Levels
from auditkit.counts.fetch_cells import fetch
from auditkit.counts.merge_cells import level_codes
from auditkit.errors import DataError, cut
from auditkit.intake.column_reading import Columns
from auditkit.intake.exclusion_reasons import MISSING, USED
from auditkit.intake.roles import assign_roles
from auditkit.spec import AuditSpec

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["PredictedRows", "predicted_rows"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class PredictedRows:
    """The rows used that have both numbers, sorted: one entry a row. `outcome` is 1, 0 or -1; `codes` name levels."""

    levels: tuple[Levels, ...]
    codes: dict[str, Integers]
    actual: Floats
    predicted: Floats
    outcome: Integers


def predicted_rows(table: Table, spec: AuditSpec) -> PredictedRows:
    """The numbers of `prediction:` and the groups of their rows.

    Raises DataError for a column that is not there, and for a number of 0 or less: errors are relative or of logs.
    """
    assert spec.prediction is not None
    roles = assign_roles(table, spec)
    columns = Columns.of(table, spec.missing_values)
    actual, predicted = (
        columns.number(name, "prediction").value for name in (spec.prediction.actual, spec.prediction.predicted)
    )
    outcome = nw.lit(MISSING) if roles.outcome is None else roles.outcome
    keys = {f"key_{i}": key.expression for i, key in enumerate(roles.keys)}
    rows = table.frame.select(reason=roles.reason, actual=actual, predicted=predicted, outcome=outcome, **keys).filter(
        (nw.col("reason") == USED) & ~nw.col("actual").is_null() & ~nw.col("predicted").is_null()
    )
    found = fetch(rows, ["outcome"], ["actual", "predicted"], list(keys), many=True)
    for role, column in (("actual", spec.prediction.actual), ("predicted", spec.prediction.predicted)):
        if bool(np.any(found.floats[role] <= 0)):
            raise DataError(
                "{file}, column {column}: found {value}; expected numbers above 0, since prediction takes relative "
                "errors and logarithms. For amounts that may be 0 or less, name what they are, such as unit: euro "
                "under prediction: errors are amounts then.",
                file=table.name,
                column=f'"{cut(column)}"',
                value=cut(f"{float(found.floats[role].min()):g}"),
            )
    levels, codes = [], {}
    for i, key in enumerate(roles.keys):
        level, codes[key.name] = level_codes(
            key, found.codes[f"key_{i}"], found.values[f"key_{i}"], tuple(spec.missing_values)
        )
        levels.append(level)
    order = np.lexsort((*codes.values(), found.integers["outcome"], found.floats["predicted"], found.floats["actual"]))
    return PredictedRows(
        tuple(levels),
        {name: code[order] for name, code in codes.items()},
        found.floats["actual"][order],
        found.floats["predicted"][order],
        found.integers["outcome"][order],
    )
