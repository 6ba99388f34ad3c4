"""How closely the score goes with another column, over all rows used: from the pairs of values that occur.

Pairs are counted by the engine and summed in one order, so that every engine gives the same digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import numpy as np

from auditkit.counts.fetch_cells import fetch
from auditkit.errors import SpecError
from auditkit.intake.column_reading import Columns
from auditkit.intake.exclusion_reasons import USED
from auditkit.intake.roles import assign_roles
from auditkit.spec import AuditSpec

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["Correlation", "score_correlation"]


@dataclass(frozen=True)
class Correlation:
    """Pearson's correlation (NaN where one of the two does not vary) and the rows that have both values."""

    value: float
    rows: float


def score_correlation(table: Table, spec: AuditSpec, column: str) -> Correlation:
    """How closely does the score go with `column` among the rows used? Pearson's r, without weights.

    Raises SpecError without a score, DataError for a column that is not there.
    """
    roles = assign_roles(table, spec)
    if roles.score is None:
        raise SpecError("measures: score_correlation:{column} needs a score.", column=column)
    other = Columns.of(table, spec.missing_values).number(column, "measures")
    pairs = (
        table.frame.select(reason=roles.reason, score=roles.score.value, other=other.value)
        .filter((nw.col("reason") == USED) & ~nw.col("score").is_null() & ~nw.col("other").is_null())
        .group_by("score", "other")
        .agg(rows=nw.len())
    )
    found = fetch(pairs, ["rows"], ["score", "other"])
    x, y, n = found.floats["score"], found.floats["other"], found.integers["rows"].astype(float)
    order = np.lexsort((y, x))
    x, y, n = x[order], y[order], n[order]
    total = float(n.sum())
    if total == 0:
        return Correlation(float("nan"), 0.0)
    x, y = x - (n * x).sum() / total, y - (n * y).sum() / total
    spread = float((n * x * x).sum() * (n * y * y).sum())
    return Correlation(float((n * x * y).sum() / spread**0.5) if spread > 0 else float("nan"), total)
