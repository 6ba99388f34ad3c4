"""An outcome whose both values are listed on one side is a slip: every person would have it, and nobody be without."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditkit.cells.table import Cells
from auditkit.errors import DataError, cut
from auditkit.spec import Outcome

__all__ = ["refuse_one_sided"]


def refuse_one_sided(outcome: Outcome | None, tables: Sequence[Cells], file: str) -> None:
    """Refuse two or more values listed as positive (or as negative) beside which no row holds another.

    `rest` says that other values are possible, and lets it pass. Raises DataError.
    """
    if outcome is None or outcome.rest is not None or (outcome.positive is None) == (outcome.negative is None):
        return
    listed = outcome.positive or outcome.negative or []
    wanted, opposite = (1, 0) if outcome.positive is not None else (0, 1)
    if len(listed) < 2 or _any(tables, opposite) or not _any(tables, wanted):
        return
    names = ", ".join(f'"{cut(value)}"' for value in listed[:5])
    values = {"file": file, "column": f'"{cut(outcome.column)}"', "listed": names}
    if outcome.positive is not None:
        raise DataError(
            "{file}, column {column}: it holds no value but those listed as positive ({listed}), so that nobody would "
            "be without the outcome; list what means the outcome only, or add rest: negative.",
            **values,
        )
    raise DataError(
        "{file}, column {column}: it holds no value but those listed as negative ({listed}), so that nobody would have "
        "the outcome; list what means its absence only, or add rest: positive.",
        **values,
    )


def _any(tables: Sequence[Cells], outcome: int) -> bool:
    return any(
        bool(np.any((cells.outcome == outcome) & ((cells.n if cells.upper is None else cells.upper) > 0)))
        for cells in tables
    )
