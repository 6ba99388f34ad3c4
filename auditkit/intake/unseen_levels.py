"""Rows with a level of a category that the model never saw: how many, said in the report; many of them stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

from auditkit.errors import DataError, cut
from auditkit.intake.open_table import Table
from auditkit.scorers.model_levels import Levels
from auditkit.scorers.scorer import Scorer
from auditkit.text import Message, say

__all__ = ["require_seen_levels"]

_MOST = 0.01
"""The share of rows with unseen levels above which a run stops."""

_FEW = 11
"""Fewer rows than this are never told apart in a report."""


def require_seen_levels(
    table: Table, inputs: Mapping[str, nw.Expr], scorer: Scorer, stops: bool = True
) -> tuple[Message, ...]:
    """A sentence for each category of the model: the share of rows whose level it never saw.

    Raises DataError, with the values, where that is more than one row in a hundred and `stops`, or where the model's
    own library would refuse a single one.
    """
    levels: Mapping[str, Levels] = getattr(scorer, "levels", {})
    said: list[Message] = []
    for column, learnt in levels.items():
        counts = _counts(table.frame, inputs[column])
        rows = sum(counts.values())
        unseen = {value: n for value, n in counts.items() if value is not None and not learnt.holds(value)}
        missed = sum(unseen.values())
        if missed and (not learnt.takes_unseen or (stops and missed > _MOST * rows)):
            raise _refusal(table, scorer, column, learnt, unseen, rows)
        if missed:
            said.append(_note(column, missed, rows))
    return tuple(said)


def _counts(frame: nw.LazyFrame[Any], value: nw.Expr) -> dict[object, int]:
    grouped = frame.select(value=value).group_by("value").agg(n=nw.len()).collect("pandas")
    values, counts = grouped["value"].to_list(), grouped["n"].to_list()
    return {None if one is None or one != one else one: int(n) for one, n in zip(values, counts, strict=True)}


def _note(column: str, missed: int, rows: int) -> Message:
    if missed < _FEW:
        return say(
            'Fewer than {few} of {rows} rows hold a value of "{column}" that the model never saw; they are scored as '
            "the model scores what it does not know.",
            few=_FEW,
            rows=rows,
            column=cut(column),
        )
    return say(
        '{share} % of the rows hold a value of "{column}" that the model never saw; they are scored as the model '
        "scores what it does not know.",
        share=f"{100 * missed / rows:.2f}",
        column=cut(column),
    )


def _refusal(
    table: Table, scorer: Scorer, column: str, learnt: Levels, unseen: Mapping[object, int], rows: int
) -> DataError:
    largest = sorted(unseen, key=lambda one: (-unseen[one], str(one)))[:6]
    values: dict[str, object] = {
        "file": table.name,
        "column": f'"{cut(column)}"',
        "missed": sum(unseen.values()),
        "rows": rows,
        "model": scorer.files[0].name if scorer.files else "-",
        "found": ", ".join(f'"{_shown(one)}"' for one in largest),
        "levels": ", ".join(f'"{_shown(one)}"' for one in learnt.values[:8]),
    }
    if not learnt.takes_unseen:
        return DataError(
            "{file}, column {column}: {missed} of {rows} rows hold values that {model} never saw and refuses: {found}; "
            "it learnt {levels}. Leave such rows out with keep, or write the values as the model learnt them.",
            **values,
        )
    return DataError(
        "{file}, column {column}: {missed} of {rows} rows hold values that {model} never saw: {found}; it learnt "
        "{levels}. Write the values as the model learnt them, leave such rows out with keep, or write under model: "
        "unseen: score, where they are truly new.",
        **values,
    )


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else cut(value)
