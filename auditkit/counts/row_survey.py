"""The first look at the rows: how many leave and why, and between what limits the numbers lie.

One scan of the columns that can exclude a row or that are summed. What cannot be read is refused here, with its row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from auditkit.counts.fetch_cells import Fetched, fetch
from auditkit.counts.level_lookup import is_duckdb
from auditkit.errors import DataError, cut
from auditkit.intake.column_reading import Number
from auditkit.intake.exclusion_reasons import USED, WRONG
from auditkit.intake.roles import Roles
from auditkit.result import Exclusion
from auditkit.text import Message, say, say_plural

__all__ = ["Range", "Survey", "survey_rows"]


@dataclass(frozen=True)
class Range:
    """The smallest and the largest of a number over the rows that are used, and how many rows have it."""

    lowest: float
    highest: float
    rows: int

    @property
    def largest(self) -> float:
        """The largest size."""
        return max(abs(self.lowest), abs(self.highest))


@dataclass(frozen=True)
class Survey:
    """What the first look found; `ranges` has no entry for a number that no row has."""

    read: int
    used: int
    exclusions: tuple[Exclusion, ...]
    ranges: Mapping[str, Range]


def survey_rows(frame: nw.LazyFrame[Any], rows: nw.LazyFrame[Any], roles: Roles, file: str) -> Survey:
    """The account of the rows of the table `file`, and the ranges of score, basis, weight and outcome.

    `frame` has the columns of the file, `rows` the plain ones.

    Raises DataError for a value that is no number, for a negative weight, and where no row is left.
    """
    parts = _numbers(roles)
    prepared = rows.select(*[nw.col(name) for name in parts], reason=nw.col("auditkit_reason"))
    aggregates = {"rows": nw.len()}
    for name in parts:
        aggregates |= {
            f"{name}_lowest": nw.col(name).min(),
            f"{name}_highest": nw.col(name).max(),
            f"{name}_rows": nw.col(name).count(),
        }
    ends = [f"{name}_{end}" for name in parts for end in ("lowest", "highest")]
    counted = [f"{name}_rows" for name in parts]
    whole = fetch(prepared.select(**aggregates), ["rows", *counted], ends) if _told_by_numbers(roles, parts) else None
    if whole is not None and _all_there(whole, counted, ends):
        found, reasons = whole, np.full(1, USED)
    else:
        found = fetch(prepared.group_by("reason").agg(**aggregates), ["reason", "rows", *counted], ends)
        reasons = found.integers["reason"]
    counts = dict(zip(reasons.tolist(), found.integers["rows"].tolist(), strict=True))
    _refuse_wrong(frame, roles, counts, file)
    ranges: dict[str, Range] = {}
    for i in np.flatnonzero(reasons == USED):
        for name in parts:
            if count := int(found.integers[f"{name}_rows"][i]):
                low, high = (float(found.floats[f"{name}_{end}"][i]) for end in ("lowest", "highest"))
                ranges[name] = Range(low, high, count)
    survey = Survey(sum(counts.values()), counts.get(USED, 0), _exclusions(roles, counts), ranges)
    _refuse_empty(survey, file)
    if "weight" in ranges and ranges["weight"].lowest < 0:
        assert roles.weight is not None
        _refuse_weight(frame, roles, file)
    return survey


def _told_by_numbers(roles: Roles, parts: Mapping[str, Number]) -> bool:
    """Whether no row can leave where every number is there and finite: one cheap look may then tell all."""
    columns = {number.column for number in parts.values()}
    because = {"no_score": "score", "no_weight": "weight"}
    return all(
        (reason.number is not None and reason.number.column in columns)
        if reason.code == WRONG
        else because.get(reason.code) in parts
        for reason in roles.reasons
    )


def _all_there(found: Fetched, counted: Sequence[str], ends: Sequence[str]) -> bool:
    """Whether each number is there in every row, and finite."""
    rows = found.integers["rows"][0]
    return all(found.integers[name][0] == rows for name in counted) and all(
        np.isfinite(found.floats[end][0]) for end in ends
    )


def _numbers(roles: Roles) -> dict[str, Number]:
    """The plain columns of numbers whose ranges are needed."""
    numbers = [("score", roles.score), ("weight", roles.weight), ("result", roles.numeric_outcome)]
    if roles.selection is not None and not roles.selection.on_score and roles.selection.code is None:
        numbers.append(("basis", roles.selection.basis))
    return {name: number for name, number in numbers if number is not None}


def _exclusions(roles: Roles, rows: Mapping[int, int]) -> tuple[Exclusion, ...]:
    """One line a reason, in order; every condition of `keep` has its line, also where it drops nobody."""
    return tuple(
        Exclusion(reason.code, reason.because, rows.get(position, 0))
        for position, reason in enumerate(roles.reasons, 1)
        if reason.code != WRONG and (rows.get(position, 0) or reason.code.startswith("keep_"))
    )


def _refuse_wrong(frame: nw.LazyFrame[Any], roles: Roles, rows: Mapping[int, int], file: str) -> None:
    for position, reason in enumerate(roles.reasons, 1):
        if reason.code == WRONG and rows.get(position, 0):
            assert reason.number is not None
            where = roles.reason == position
            column = reason.number.column
            row, value = _first(frame, where, column)
            shared: dict[str, Any] = {
                "file": file,
                "row": row,
                "column": f'"{cut(column)}"',
                "value": f'"{cut(value)}"',
                "role": reason.number.role,
                "rows": say_plural("{count} such row", "{count} such rows", rows[position]),
            }
            if re.fullmatch(r"[+-]?\d*,\d+", str(value).strip()):
                raise DataError(
                    "{file}{row}, column {column}: found {value}; expected a number, since the column is named under "
                    '{role} ({rows}). If the comma is the decimal mark, say decimal: "," under data.',
                    **shared,
                )
            raise DataError(
                "{file}{row}, column {column}: found {value}; expected a number, since the column is named under "
                "{role} ({rows}). If it stands for a missing value, list it under missing_values.",
                **shared,
            )


def _refuse_weight(frame: nw.LazyFrame[Any], roles: Roles, file: str) -> None:
    assert roles.weight is not None
    row, value = _first(frame, (roles.reason == USED) & (roles.weight.value < 0), roles.weight.column)
    raise DataError(
        "{file}{row}, column {column}: found the weight {value}; expected 0 or more.",
        file=file,
        row=row,
        column=f'"{cut(roles.weight.column)}"',
        value=cut(value),
    )


def _refuse_empty(survey: Survey, file: str) -> None:
    if not survey.read:
        raise DataError("{file} holds no rows under its column names.", file=file)
    if survey.used:
        return
    account: Message | str = ""
    for line in survey.exclusions:
        if line.rows:
            part = say_plural("{count} row: {because}", "{count} rows: {because}", line.rows, because=line.because)
            account = part if account == "" else say("{first}; {second}", first=account, second=part)
    raise DataError(
        "{file}: of {read} none is left to count. Excluded: {account}.",
        file=file,
        read=say_plural("{count} row", "{count} rows", survey.read),
        account=account,
    )


def _first(frame: nw.LazyFrame[Any], where: nw.Expr, column: str) -> tuple[Message | str, object]:
    """The first row where a condition holds, as words with its number, and the value of a column there.

    On an engine without an order of rows: no words, and the smallest value.
    """
    marked = frame.select(auditkit_value=nw.col(column).cast(nw.String), auditkit_where=where)
    if is_duckdb(marked):
        relation = marked.to_native()
        numbered = (
            "SELECT n, auditkit_value FROM (SELECT row_number() OVER () AS n, * FROM auditkit_rows) "
            "WHERE auditkit_where ORDER BY n LIMIT 1"
        )
        relation.query("auditkit_rows", "SET preserve_insertion_order = true")
        try:
            pairs = relation.query("auditkit_rows", numbered).fetchall()
        finally:
            relation.query("auditkit_rows", "SET preserve_insertion_order = false")
    else:  # rows on a server have no order: no number, and only one value comes home
        smallest = marked.filter(nw.col("auditkit_where")).select(nw.col("auditkit_value").min()).collect()
        return "", smallest.get_column("auditkit_value").to_list()[0]
    number, value = pairs[0]
    return say(", row {row} under the column names", row=number), value
