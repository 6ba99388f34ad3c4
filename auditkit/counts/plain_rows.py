"""The rows reduced to the columns that a count needs, under plain names.

Columns: auditkit_reason, key_0, key_1 .. (attributes, then strata), score, basis, weight, result, outcome, selected,
arm, cluster, stage_0 .., and outcome_value where the other value of the outcome has to be found.
"""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from auditkit.counts.fetch_cells import fetch
from auditkit.errors import DataError, cut
from auditkit.intake.column_reading import label_of
from auditkit.intake.exclusion_reasons import MISSING
from auditkit.intake.roles import OTHER, Roles, stage_columns
from auditkit.spec import AuditSpec, Outcome
from auditkit.text import Message, say, say_plural

__all__ = ["SAMPLE", "key_column", "plain_columns", "plain_rows", "with_opposite"]

SAMPLE = 100_000
"""How many first rows are looked at where only the way of counting depends on them, never a number."""


def key_column(position: int) -> str:
    """The name of the column that holds an attribute or stratum."""
    return f"key_{position}"


def plain_rows(frame: nw.LazyFrame[Any], roles: Roles, spec: AuditSpec) -> nw.LazyFrame[Any]:
    """All rows with their reason codes; there is no `selected` where a cut must be found first."""
    return frame.select(**plain_columns(roles, spec))


def plain_columns(roles: Roles, spec: AuditSpec) -> dict[str, nw.Expr]:
    """The plain columns as expressions over those of the file."""
    columns: dict[str, nw.Expr] = {"auditkit_reason": roles.reason}
    columns |= {key_column(i): key.expression for i, key in enumerate(roles.keys)}
    selection = roles.selection
    if roles.score is not None:
        columns["score"] = roles.score.value
    if selection is None:
        columns["selected"] = nw.lit(0)
    elif selection.code is not None:
        columns["selected"] = selection.code
    elif selection.basis is not None and not selection.on_score:
        columns["basis"] = selection.basis.value
    if roles.weight is not None:
        columns["weight"] = roles.weight.value
    if roles.numeric_outcome is not None:
        result = roles.numeric_outcome.value
        columns["result"] = result
        columns["outcome"] = nw.when(result.is_null()).then(nw.lit(0)).otherwise(nw.lit(1))
    else:
        columns["outcome"] = nw.lit(MISSING) if roles.outcome is None else roles.outcome
    if roles.outcome_value is not None:
        columns["outcome_value"] = roles.outcome_value
    columns["arm"] = nw.lit(0) if roles.arm is None else roles.arm
    if roles.checked is not None:  # of a list that was checked in part, only those drawn or checked have an outcome
        known = (roles.checked == 1) | (columns["arm"] == 1)
        columns["outcome"] = nw.when(known).then(columns["outcome"]).otherwise(nw.lit(MISSING))
    if roles.cluster is not None:
        columns["cluster"] = roles.cluster
    return columns | stage_columns(roles.columns, spec)


def with_opposite(rows: nw.LazyFrame[Any], outcome: Outcome, file: str, sure: bool = False) -> nw.LazyFrame[Any]:
    """The rows used, the other value of the outcome coded as the opposite of the one listed.

    The first rows usually show that value; `sure` reads all rows instead. Raises DataError for a third value.
    """
    shown = (rows if sure else rows.head(SAMPLE)).filter(nw.col("outcome") == OTHER)
    found = fetch(shown.group_by("outcome_value").agg(rows=nw.len()), ["rows"], coded=["outcome_value"])
    values = found.values["outcome_value"]
    if not values:
        return rows
    both = outcome.positive is not None and outcome.negative is not None
    if len(values) == 1 and not both:
        opposite = 0 if outcome.negative is None else 1
        is_opposite = nw.col("outcome_value") == values[0]
        return rows.with_columns(outcome=nw.when(is_opposite).then(nw.lit(opposite)).otherwise(nw.col("outcome")))
    if not sure:
        return with_opposite(rows, outcome, file, sure=True)
    counts = np.bincount(found.codes["outcome_value"], weights=found.integers["rows"]).astype(int).tolist()
    raise _third_value(outcome, [label_of(value) for value in values], counts, file)


def _third_value(outcome: Outcome, labels: list[str], counts: list[int], file: str) -> DataError:
    """What the column holds beside the values listed, the most frequent first."""
    pairs = sorted(zip(labels, counts, strict=True), key=lambda pair: (-pair[1], pair[0]))[:5]
    said: Message | None = None
    for label, rows in pairs:
        part = say_plural("{value} ({count} row)", "{value} ({count} rows)", rows, value=f'"{cut(label)}"')
        said = part if said is None else say("{first}, {second}", first=said, second=part)
    listed = [label_of(value) for value in (outcome.positive or []) + (outcome.negative or [])]
    return DataError(
        "{file}, column {column}: beside {listed} it holds {found}; expected two values. List the others under "
        "positive or negative, or say what they are with rest: positive, negative or missing.",
        file=file,
        column=f'"{cut(outcome.column)}"',
        listed=", ".join(f'"{cut(label)}"' for label in listed[:5]),
        found=said,
    )
