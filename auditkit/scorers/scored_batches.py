"""Rows on their way into a model, scores on their way out: in the order asked for, and nothing coerced in silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, cut, nearest
from auditkit.scorers.model_levels import Levels, codes_of

__all__ = ["checked_scores", "coded_matrix", "guarded", "matrix_of", "missing_in", "table_of"]


def table_of(frame: Any, columns: Sequence[str]) -> Any:
    """The columns of a pandas, polars or pyarrow table, or of a DuckDB relation, as a pandas table in their order.

    DuckDB keeps no order of rows. Raises DataError, with the nearest names, where one is not there.
    """
    import narwhals.stable.v2 as nw

    table = nw.from_native(frame).lazy()
    known = list(table.collect_schema().names())
    for name in columns:
        if name not in known:
            raise DataError(
                'The model reads the column "{column}", which is not there; the nearest: {known}.',
                column=cut(name),
                known=nearest(name, known) or "-",
            )
    chosen = table.select(*columns)
    if chosen.implementation.is_polars():  # its own way to pandas wants pyarrow
        import pandas

        eager = chosen.collect()
        return pandas.DataFrame({name: eager.get_column(name).to_numpy() for name in columns}, columns=list(columns))
    return chosen.collect("pandas").to_native()


def matrix_of(frame: Any, columns: Sequence[str]) -> NDArray[np.float64]:
    """The same as one matrix of doubles, NaN where a value is missing; DataError where a column holds no numbers."""
    import pandas

    table = table_of(frame, columns)
    matrix = np.empty((len(table), len(columns)), dtype=np.float64)
    for place, name in enumerate(columns):
        column = table[name]
        if not (pandas.api.types.is_numeric_dtype(column.dtype) or column.isna().all()):
            found = column[column.notna()].iloc[0]
            raise DataError(
                'The model takes numbers, and the column "{column}" holds texts such as {value}.',
                column=cut(name),
                value=f'"{cut(found)}"',
            )
        matrix[:, place] = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return matrix


def coded_matrix(frame: Any, columns: Sequence[str], levels: Mapping[str, Levels]) -> NDArray[np.float64]:
    """The same, with the place of its level in the stead of each category; NaN for a level that nobody learnt."""
    table = table_of(frame, columns).copy(deep=False)
    for name, learnt in levels.items():
        column = table[name]
        known = column if learnt.texts else matrix_of(table, (name,))[:, 0]
        table[name] = codes_of(known, learnt)
    return matrix_of(table, columns)


def checked_scores(values: Any, rows: int, model: str, first_row: int = 1) -> NDArray[np.float64]:
    """The scores that a model gave, one a row, as doubles.

    `first_row` is the number of the first row, for messages. Raises DataError for another number of scores, for more
    than one a row, for what is no number, and for NaN or infinite scores.
    """
    try:
        found = np.asarray(values)
        if found.dtype.kind not in "biuf":
            listed = [np.nan if value is None else value for value in found.ravel().tolist()]
            if any(isinstance(value, (str, bytes)) for value in listed):
                raise ValueError
            found = np.asarray(listed, dtype=np.float64).reshape(found.shape)
    except (ValueError, TypeError):
        raise DataError("{model} gave something that is no number; expected one number a row.", model=model) from None
    if found.ndim == 2 and found.shape[1] == 1:
        found = found[:, 0]
    if found.ndim != 1:
        raise DataError(
            "{model} gave an answer of the shape {shape}; expected one number a row.",
            model=model,
            shape=" x ".join(str(length) for length in found.shape) or "()",
        )
    if len(found) != rows:
        raise DataError("{model} gave {found} scores for {rows} rows.", model=model, found=len(found), rows=rows)
    scores = found.astype(np.float64)
    wrong = np.flatnonzero(~np.isfinite(scores))
    if len(wrong):
        raise DataError(
            "{model} gave no usable score for {count} of {rows} rows (the first: row {row}, score {value}); expected a "
            "number in each. Leave such rows out with keep, or mend the model.",
            model=model,
            count=len(wrong),
            rows=rows,
            row=first_row + int(wrong[0]),
            value=str(scores[wrong[0]]),
        )
    return scores


def missing_in(given: Any, columns: Sequence[str]) -> str:
    """The columns in which a table or matrix lacks values, each with its number of rows and the first of them.

    >>> missing_in(np.array([[1.0, np.nan], [2.0, 3.0]]), ("age", "income"))
    '"income" (1; 1)'
    """
    import pandas

    lacking = np.asarray(pandas.isna(given))
    found = [(name, np.flatnonzero(lacking[:, place])) for place, name in enumerate(columns)]
    return ", ".join(f'"{cut(name)}" ({len(rows)}; {rows[0] + 1})' for name, rows in found if len(rows))


def guarded(model: str, compute: Callable[[], Any], missing: Callable[[], str] = str) -> Any:
    """What `compute` gives; DataError in one sentence where the model breaks off, whatever it raises.

    `missing` says which columns lack values: few models take them.
    """
    try:
        return compute()
    except DataError:
        raise
    except (Exception, SystemExit) as error:
        problem = cut(f"{type(error).__name__}: {error}".split("\n")[0], 160)
        if columns := missing():
            raise DataError(
                "{model} broke off while scoring ({problem}). Values are missing in {columns} (in brackets: how many "
                "rows, and the first). Leave such rows out with keep, or let the model fill them; nothing was written.",
                model=model,
                problem=problem,
                columns=columns,
            ) from None
        raise DataError(
            "{model} broke off while scoring ({problem}); nothing was written.", model=model, problem=problem
        ) from None
