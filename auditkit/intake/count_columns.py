"""Which columns of a table of counts are read, and under what kind each stands.

Several columns under one key, and the steps of a chain of decisions, are read like any other count (hidden, rounded,
refused with their cell) and put together afterwards: a sum of rounded numbers is rounded once for each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from auditkit.errors import DataError, SpecError
from auditkit.intake.count_totals import Marked
from auditkit.intake.written_numbers import Interval
from auditkit.spec import DataSpec, Stage

__all__ = ["complete", "count_columns", "gather"]

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


def complete(rows: Sequence[Marked], file: str) -> None:
    """What stands in a table only as a sum or a share made into counts that do not overlap, in place.

    A total from those selected and their share, false positives from those selected and the true positives among
    them, those not selected from the total. Raises DataError where a part is larger than its whole.
    """
    for row in rows:
        counts = row.counts
        if "share" in counts and "total" not in counts and "selected" in counts:
            counts["total"] = _total_of(counts["selected"], counts.pop("share"))
        whole = counts.get("selected")
        if whole is not None and "true_positive" in counts:
            counts["false_positive"] = _rest(row, whole, counts["true_positive"], file)
            del counts["selected"]
            row.hidden.pop("selected", None)
        named = {"true_positive", "false_positive"} <= set(counts)
        if named and "total" in counts and not {"not_selected", "true_negative", "false_negative"} & set(counts):
            both = whole if whole is not None else counts["true_positive"] + counts["false_positive"]
            counts["not_selected"] = _rest(row, counts["total"], both, file)


def _total_of(selected: Interval, share: Interval) -> Interval:
    """Of how many people those selected are the printed share.

    >>> _total_of(Interval.exact(300), Interval(0.195, 0.205, 0.2))
    Interval(lower=1464.0, upper=1538.0, printed=1500.0)
    """
    lower = math.ceil(selected.lower / share.upper - 1e-9) if share.upper else selected.lower
    upper = math.floor(selected.upper / share.lower + 1e-9) if share.lower else math.inf
    printed = round(selected.printed / share.printed) if share.printed else lower
    lower = max(lower, selected.lower)
    return Interval(float(lower), float(max(lower, upper)), float(min(max(printed, lower), max(lower, upper))))


def _rest(row: Marked, whole: Interval, part: Interval, file: str) -> Interval:
    if part.lower > whole.upper:
        raise DataError(
            "{file}, {place}: {part} of {whole} cannot be: a part is larger than its whole. Look at which column "
            "stands under which key of columns.",
            file=file, place=row.record.place, part=int(part.lower), whole=int(whole.upper),
        )  # fmt: skip
    return Interval(
        max(0.0, whole.lower - part.upper),
        max(0.0, whole.upper - part.lower),
        max(0.0, whole.printed - part.printed),
    )
