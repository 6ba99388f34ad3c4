"""Rows scored by a model: the same table with the score as one more column.

A scorecard becomes an expression that the engine computes, once; every other model gets batches of rows in their
order, and each score goes back to its row by the row's own number, since DuckDB keeps no order by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import count
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, cut, nearest
from auditkit.guard import reading
from auditkit.intake.column_reading import Columns, Number
from auditkit.intake.open_table import Table
from auditkit.intake.unseen_levels import require_seen_levels
from auditkit.scorers.engine_expression import scored
from auditkit.scorers.model_levels import Levels
from auditkit.scorers.score_class import folded
from auditkit.scorers.scorer import CardScorer, Scorer, check_columns
from auditkit.spec import AuditSpec

__all__ = ["model_number", "require_inputs", "score_rows", "score_table"]

_ROLE = "model"
_BLACK_BOXES = ("callable", "command", "endpoint")
_ASKED_AGAIN = 20
_TRUE, _FALSE = ["true", "True", "TRUE"], ["false", "False", "FALSE"]
_tables = count()


def score_table(table: Table, spec: AuditSpec, scorer: Scorer) -> Table:
    """The rows of an audit with the scores of its model, once what the file and the audit say is held together.

    Raises DataError as `score_rows` does, and where the codes of the outcome are none that the file can mean.
    """
    assert spec.score is not None
    batch, unseen = (10_000, "stop") if spec.model is None else (spec.model.batch, spec.model.unseen)
    _require_codes(table, spec, scorer)
    return score_rows(table, scorer, spec.score.column, spec.missing_values, batch, unseen == "stop")


def _require_codes(table: Table, spec: AuditSpec, scorer: Scorer) -> None:
    """XGBoost and LightGBM number the classes 0 and 1 and forget their names: 1 and 2 are other codes than theirs."""
    outcome, part = spec.outcome, spec.model
    nameless = scorer.family in ("xgboost", "lightgbm") and scorer.decision is not None
    if outcome is None or part is None or part.positive is not None or not nameless or not outcome.positive:
        return
    columns = Columns.of(table, spec.missing_values)
    if outcome.column not in columns.schema:
        return
    frame = table.frame.select(value=nw.col(outcome.column)).unique().head(100).collect("pandas")
    values = {folded(one) for one in frame["value"].to_list() if one is not None and one == one}
    listed = {folded(one) for one in outcome.positive}
    others = values - listed - {folded(one) for one in spec.missing_values}
    strange = ("1" in listed and others and not others & {"0", "-1"}) or ("0" in listed and "-1" in others)
    if strange:
        raise DataError(
            "{file} numbers its two classes 0 and 1, and the column {column} holds {values}: which of them was 1 when "
            "the model was made cannot be told. Write under model: positive: 1 (a high score speaks for the class that "
            "outcome lists) or positive: 0.",
            file=scorer.files[0].name,
            column=f'"{cut(outcome.column)}"',
            values=", ".join(f'"{cut(one)}"' for one in sorted(values)[:6]),
        )


def score_rows(
    table: Table,
    scorer: Scorer,
    name: str,
    missing_values: Sequence[str] = ("",),
    batch: int = 10_000,
    unseen_stops: bool = True,
) -> Table:
    """The table with the scores of `scorer` in a column `name`; a model that is no scorecard gets `batch` rows at once.

    How many rows hold a level of a category that the model never saw is said in the table's notes; more than one in a
    hundred stop it, unless `unseen_stops` is False.

    Raises DataError for a column that is not there, is taken, or holds what the model cannot read, and where the model
    breaks off; nothing is written then.
    """
    columns = Columns.of(table, missing_values)
    require_inputs(table.name, columns, scorer)
    if name in columns.schema:
        raise DataError(
            "{file} has a column {column} already, and the model's score would be put there; give it another name "
            "under score.",
            file=table.name,
            column=f'"{cut(name)}"',
        )
    if table.connection is None and not isinstance(scorer, CardScorer):
        raise DataError(
            "{file}: a model that is no scorecard scores rows that are in a file or a frame in memory, and these stay "
            "on their engine. Write the scores there, and name their column under score without a model.",
            file=table.name,
        )
    if isinstance(scorer, CardScorer):
        frame = _pushed_down(table, columns, scorer, name)
    else:
        inputs = _inputs(table, columns, scorer, scorer.columns)
        said = require_seen_levels(table, inputs, scorer, unseen_stops)
        frame = _in_batches(table, inputs, scorer, name, batch)
        table = replace(table, notes=(*table.notes, *said))
    return replace(table, frame=frame)


def require_inputs(file: str, columns: Columns, scorer: Scorer) -> None:
    """DataError with every column that the model reads and the table does not have."""
    missing = [name for name in scorer.columns if name not in columns.schema]
    if missing:
        raise DataError(
            "{file} lacks {count} of the {wanted} columns that the model reads: {missing}; the nearest to the first: "
            "{known}.",
            file=file,
            count=len(missing),
            wanted=len(scorer.columns),
            missing=", ".join(f'"{cut(name)}"' for name in missing[:20]) + (", …" if len(missing) > 20 else ""),
            known=nearest(missing[0], columns.schema) or "-",
        )


def _pushed_down(table: Table, columns: Columns, scorer: CardScorer, name: str) -> nw.LazyFrame[Any]:
    if not table.text:
        check_columns(scorer.card, columns.schema)
    return _kept(table, scored(scorer.card, table.frame, name, _inputs(table, columns, scorer, scorer.card.columns)))


def _kept(table: Table, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The rows with their scores, put down once: a rule of a thousand bins takes an engine seconds to plan.

    On a server or a cluster, where nothing may be put down, they are computed with every scan.
    """
    if table.connection is None:
        return frame
    rows = f"auditkit_scored_{next(_tables)}"
    frame.to_native().query("auditkit_read", f"CREATE TEMP TABLE {rows} AS SELECT * FROM auditkit_read")
    kept: nw.LazyFrame[Any] = nw.from_native(table.connection.table(rows)).lazy()
    return kept


def model_number(columns: Columns, name: str, role: str = _ROLE) -> Number:
    """A column that a model reads as numbers: doubles, missing values null; true and false are 1 and 0."""
    if columns.require(name, role) == nw.Boolean:
        value = nw.when(nw.col(name)).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
        return Number(name, role, nw.when(~nw.col(name).is_null()).then(value), None)
    number = columns.number(name, role)
    if number.wrong is None or not columns.is_text(name, role):
        return number
    text = columns.text(name, role)
    yes, no = text.is_in(_TRUE).fill_null(False), text.is_in(_FALSE).fill_null(False)
    value = nw.when(no).then(nw.lit(0.0)).otherwise(number.value)
    value = nw.when(yes).then(nw.lit(1.0)).otherwise(value)
    return Number(name, role, value, number.wrong & ~yes & ~no)


def _inputs(table: Table, columns: Columns, scorer: Scorer, names: Sequence[str]) -> dict[str, nw.Expr]:
    """Each input of a model as an expression: a text where `categories` names it, else a double.

    DataError for the first entry that is no number, where the model reads a number.
    """
    inputs: dict[str, nw.Expr] = {}
    levels: Mapping[str, Levels] = getattr(scorer, "levels", {})
    for name in names:
        if name in scorer.categories:
            text = columns.is_text(name, _ROLE)
            inputs[name] = columns.text(name, _ROLE) if text else _as_text(columns, name, levels.get(name))
            continue
        number = model_number(columns, name)
        inputs[name] = number.value
        if number.wrong is None:
            continue
        found = table.frame.filter(number.wrong).select(name).head(1).collect("pandas")
        if len(found) and name in levels:
            raise DataError(
                "{file}, column {column}: found {value}; the model learnt numbers there ({levels}).",
                file=table.name,
                column=f'"{cut(name)}"',
                value=f'"{cut(found[name].to_list()[0])}"',
                levels=cut(", ".join(f"{one:g}" for one in levels[name].values[:8])),
            )
        if len(found):
            raise DataError(
                "{file}, column {column}: found {value}; expected a number, since the model reads it as one. A column "
                "of texts is named under model: categories (in a scorecard: kind: category).",
                file=table.name,
                column=f'"{cut(name)}"',
                value=f'"{cut(found[name].to_list()[0])}"',
            )
    return inputs


def _as_text(columns: Columns, name: str, levels: Levels | None) -> nw.Expr:
    """A typed column as texts; 1.0 as 1, where the model knows no level that is written 1.0."""
    value = nw.col(name)
    written = levels is not None and any(str(one).endswith(".0") for one in levels.values)
    if not columns.schema[name].is_float() or written:
        return value.cast(nw.String)
    whole = (value == value.round(0)).fill_null(False) & (value.abs() < 2.0**53)
    return (
        nw.when(whole).then(nw.when(whole).then(value).cast(nw.Int64).cast(nw.String)).otherwise(value.cast(nw.String))
    )


def _in_batches(table: Table, inputs: dict[str, nw.Expr], scorer: Scorer, name: str, batch: int) -> nw.LazyFrame[Any]:
    """The rows put down in DuckDB in their order; its own number of each row is what scores are joined by."""
    connection, rows = table.connection, f"auditkit_rows_{next(_tables)}"
    relation = table.frame.to_native()
    relation.query("auditkit_read", f"CREATE TEMP TABLE {rows} AS SELECT * FROM auditkit_read")
    total = int(connection.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0])
    scores = np.empty(total, dtype=np.float64)
    for start in range(0, total, batch):
        part = connection.sql(f"SELECT * FROM {rows} WHERE rowid >= {start} AND rowid < {start + batch} ORDER BY rowid")
        found = nw.from_native(part).lazy().select(**inputs).to_native().fetchnumpy()
        scores[start : start + batch] = _scores(scorer, _from_arrays(found), start)
    connection.register(f"{rows}_given", {"place": np.arange(total, dtype=np.int64), "score": scores})
    connection.execute(f"CREATE TEMP TABLE {rows}_scores AS SELECT * FROM {rows}_given")
    connection.unregister(f"{rows}_given")
    quoted = name.replace('"', '""')
    joined = connection.sql(
        f'SELECT r.*, s.score AS "{quoted}" FROM {rows} r JOIN {rows}_scores s ON r.rowid = s.place'
    )
    lazy: nw.LazyFrame[Any] = nw.from_native(joined).lazy()
    return lazy


def _scores(scorer: Scorer, rows: Any, start: int) -> NDArray[np.float64]:
    """The scores of one batch; the batch is named where the model breaks off."""
    asked = scorer.family in _BLACK_BOXES
    try:
        with nullcontext() if asked else reading(scorer.files[0].name if scorer.files else scorer.family, seconds=60.0):
            scores = scorer.score(rows)
        if start == 0 and scorer.family in _BLACK_BOXES and len(rows) > 1:
            _refuse_dependent(scorer, rows, scores)
        return scores
    except DataError as error:
        if start == 0:
            raise
        raise DataError("From row {row}: {problem}", row=start + 1, problem=error.message) from None


def _refuse_dependent(scorer: Scorer, rows: Any, scores: NDArray[np.float64]) -> None:
    """A row's score must rest on that row alone: the first rows are asked for again, without the others."""
    few = min(_ASKED_AGAIN, len(rows) // 2)
    again = scorer.score(rows.iloc[:few])
    apart = np.abs(again - scores[:few])
    if apart.max() > 1e-9 * max(1.0, float(np.abs(scores[:few]).max())):
        row = int(np.argmax(apart))
        raise DataError(
            "The model gives row {row} the score {one} among {rows} rows and {other} among {few}; expected the same, "
            "since a score must rest on its row alone. Let the program take what it compares with from elsewhere.",
            row=row + 1,
            one=f"{scores[row]:.6g}",
            rows=len(rows),
            other=f"{again[row]:.6g}",
            few=few,
        )


def _from_arrays(found: dict[str, Any]) -> Any:
    import pandas

    return pandas.DataFrame({name: _plain(values) for name, values in found.items()}, columns=list(found))


def _plain(values: Any) -> NDArray[Any]:
    """Doubles with NaN, or texts with None, where a value is missing: whatever brought them."""
    mask = np.ma.getmaskarray(values)
    data = np.ma.getdata(values)
    if data.dtype.kind in "fiu":
        return np.where(mask, np.nan, data.astype(np.float64))
    listed = np.empty(len(data), dtype=object)
    for place, (value, hidden) in enumerate(zip(data, mask, strict=True)):
        listed[place] = None if hidden or value is None or value != value else str(value)
    return listed
