"""A table that stands in memory, or behind a lazy frame of another engine, opened as a file would be.

Frames of pandas, polars and Arrow are handed to DuckDB without a copy; lazy frames of PySpark and Ibis, and
relations of DuckDB, are counted where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import narwhals.stable.v2 as nw

from auditkit.errors import DataError, cut
from auditkit.intake.database import quoted, temporary_database
from auditkit.intake.open_table import Table

__all__ = ["FRAME", "is_frame", "native_columns", "open_frame"]

FRAME = "frame"
"""What messages call a table that has no file, and what `data` of its audit names."""


def is_frame(value: Any) -> bool:
    """Whether a value is a table that narwhals knows: eager or lazy."""
    return isinstance(nw.from_native(value, pass_through=True), nw.DataFrame | nw.LazyFrame)


def native_columns(frame: Any) -> list[str]:
    """The names of the columns of a frame. Raises DataError for names that are no texts, or stand twice."""
    try:
        names = nw.from_native(frame).collect_schema().names()
    except Exception as error:  # what narwhals refuses differs by library; the sentence is ours
        raise DataError(
            "The columns of the frame cannot be read ({problem}); expected names that are texts, each once.",
            problem=cut(str(error).split("\n")[0], 120),
        ) from None
    wrong = next((name for name in names if not isinstance(name, str)), None)
    if wrong is not None:
        raise DataError(
            "The frame has a column named {name}, which is no text; rename it, such as frame.rename(columns=str).",
            name=cut(repr(wrong)),
        )
    return list(names)


@contextmanager
def open_frame(frame: Any, name: str = FRAME, missing_values: Sequence[str] = ("",)) -> Iterator[Table]:
    """The frame as a table, open while the block lasts; nothing of it is copied or changed.

    Raises DataError where its columns cannot be told apart.
    """
    columns = tuple(native_columns(frame))
    given = nw.from_native(frame)
    if isinstance(given, nw.LazyFrame):
        yield Table(frame=given, columns=columns, text=False, decimal=".", name=name, sources=(), notes=())
        return
    with temporary_database() as connection:
        connection.register("auditkit_frame", _for_duckdb(frame))
        select = ", ".join(quoted(column) for column in columns)
        relation = connection.sql(f"SELECT {select} FROM auditkit_frame")
        lazy: nw.LazyFrame[Any] = nw.from_native(relation).lazy()
        yield Table(frame=lazy, columns=columns, text=False, decimal=".", name=name, sources=(), connection=connection)


def _for_duckdb(frame: Any) -> Any:
    """What DuckDB scans in place of a frame: itself, but for categories of pandas that are not texts."""
    if not nw.dependencies.is_pandas_dataframe(frame):
        return frame
    plain = {
        column: frame[column].astype(frame[column].cat.categories.dtype)
        for column in frame.columns
        if str(frame[column].dtype) == "category"
    }
    return frame.assign(**plain) if plain else frame
