"""Which columns of a table of counts are read, and under what kind each stands.

Several columns under one key, and the steps of a chain of decisions, are read like any other count (hidden, rounded,
refused with their cell) and put together afterwards: a sum of rounded numbers is rounded once for each.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.errors import SpecError
from auditkit.intake.count_totals import Marked
from auditkit.intake.written_numbers import Interval
from auditkit.spec import DataSpec, Stage

__all__ = ["count_columns", "gather"]

_PART = " + "
_STAGE = "stage "


def count_columns(data: DataSpec, stages: Sequence[Stage]) -> dict[str, str]:
    """Each kind of count and its column; further columns of a kind stand under the kind and their number.

    Raises SpecError for stages of a long table, which has one column of counts.
    """
    if data.count is not None:
        if stages:
            raise SpecError(
                "stages: a chain of counts needs one column a step, so columns under data; expected no count there."
            )
        return {"n": data.count}
    assert data.columns is not None
    found: dict[str, str] = {}
    for kind, value in data.columns:
        if value:
            found |= _numbered(kind, [value] if isinstance(value, str) else value)
    for number, stage in enumerate(stages):
        found |= _numbered(f"{_STAGE}{number}", stage.count or [])
    return found


def _numbered(kind: str, columns: Sequence[str]) -> dict[str, str]:
    return {kind if i == 0 else f"{kind}{_PART}{i}": column for i, column in enumerate(columns)}


def gather(rows: Sequence[Marked], stages: int) -> None:
    """Put together what several columns hold, and set the steps of a chain apart. Rows are changed in place."""
    for row in rows:
        whole: dict[str, Interval] = {}
        for kind, count in row.counts.items():
            key = kind.split(_PART)[0]
            whole[key] = whole[key] + count if key in whole else count
        row.stages = tuple(whole.pop(f"{_STAGE}{number}") for number in range(stages))
        row.counts = whole
        hidden = {kind.split(_PART)[0]: mark for kind, mark in row.hidden.items()}
        row.hidden = {kind: mark for kind, mark in hidden.items() if kind in whole}
