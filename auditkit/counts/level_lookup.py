"""Tables that counting lays beside the rows, on the engine that holds them: lookups, and rows kept once read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.engine_task import at_work

__all__ = ["edges_of", "held", "is_duckdb", "lookup_frame", "stepwise"]

_numbers = count()
_RUNS = 20
"""Rows are given by runs where a run has at least so many on average."""


def is_duckdb(frame: nw.LazyFrame[Any]) -> bool:
    """Whether DuckDB holds the frame."""
    return bool(frame.implementation.is_duckdb())


def lookup_frame(beside: nw.LazyFrame[Any], columns: dict[str, NDArray[Any]]) -> nw.LazyFrame[Any]:
    """Numbers (integers of 32 bits or doubles) as a frame that can be joined with `beside`, a frame of DuckDB.

    DuckDB gets a table of its own, whose known range makes the join a lookup by place. Elsewhere nothing is written
    beside the rows: see `stepwise`.
    """
    columns = {name: v.astype(np.int32) if v.dtype.kind in "iu" else v for name, v in columns.items()}
    table = f"auditkit_lookup_{next(_numbers)}"
    relation = beside.to_native()
    relation.query("auditkit_beside", f"CREATE TEMP TABLE {table} AS {_by_runs(columns) or _by_rows(columns)}")
    found: nw.LazyFrame[Any] = nw.from_native(relation.query("auditkit_beside", f"SELECT * FROM {table}")).lazy()
    return found


def stepwise(value: nw.Expr, starts: Sequence[float], results: Sequence[float]) -> nw.Expr:
    """The result that belongs to the last of the rising `starts` that `value` reaches, or the first result below all.

    One nested expression that halves the starts at each turn, for database servers and clusters, where a session that
    only reads can lay no table beside the rows.
    """
    if len(starts) == 1:
        return nw.lit(results[0])
    middle = len(starts) // 2
    above = stepwise(value, starts[middle:], results[middle:])
    return nw.when(value >= starts[middle]).then(above).otherwise(stepwise(value, starts[:middle], results[:middle]))


def _by_rows(columns: dict[str, NDArray[Any]]) -> str:
    """A query that gives the rows, whatever they hold."""
    parts = []
    for name, values in columns.items():
        whole = values.dtype.kind in "iu"
        texts = ",".join(str(v) if whole else repr(v) for v in values.tolist())
        kind = "INTEGER" if whole else "DOUBLE"
        parts.append(f"CAST(unnest(string_split('{texts}', ',')) AS {kind}) AS \"{name}\"")
    return f"SELECT {', '.join(parts)}"


def _by_runs(columns: dict[str, NDArray[Any]]) -> str | None:
    """The same query where the first column counts up by one and the others change seldom: a line for each run.

    Text that names 65,000 rows costs a quarter of a second to read; a few hundred runs cost nothing.
    """
    (key, keys), *others = columns.items()
    if not len(keys) or keys.dtype.kind not in "iu" or np.any(np.diff(keys) != 1):
        return None
    changes = np.zeros(len(keys) - 1, dtype=bool)
    for _, values in others:
        changes |= values[1:] != values[:-1]
    starts = np.concatenate(([0], np.flatnonzero(changes) + 1))
    if len(starts) * _RUNS > len(keys):
        return None
    ends = np.append(keys[starts[1:]], keys[-1] + 1)
    lists = [keys[starts].tolist(), ends.tolist(), *(values[starts].tolist() for _, values in others)]
    lines = ", ".join(f"({', '.join(map(_number, line))})" for line in zip(*lists, strict=True))
    names = "".join(f', "{name}"' for name, _ in others)
    keyed = f'CAST(unnest(range(first_key, end_key)) AS INTEGER) AS "{key}"'
    return f"SELECT {keyed}{names} FROM (VALUES {lines}) AS runs(first_key, end_key{names})"


def _number(value: float) -> str:
    """A number as SQL writes it, doubles exactly."""
    return str(value) if isinstance(value, int) else f"'{value!r}'::DOUBLE"


@contextmanager
def held(frame: nw.LazyFrame[Any], worth_it: bool) -> Iterator[nw.LazyFrame[Any]]:
    """The rows of `frame`, run once and kept while the block lasts where that is worth it; else as they are.

    DuckDB keeps them in a temporary table, which goes to its temporary folder where memory does not suffice. Rows of a
    database server or a cluster are never brought here: they are counted again where they are.
    """
    if not worth_it or not is_duckdb(frame):
        yield frame
    else:
        table = f"auditkit_held_{next(_numbers)}"
        relation = frame.to_native()
        with at_work():
            relation.query("auditkit_rows", f"CREATE TEMP TABLE {table} AS SELECT * FROM auditkit_rows")
        kept = relation.query("auditkit_rows", f"SELECT * FROM {table}")
        try:
            yield nw.from_native(kept).lazy()
        finally:
            kept.query("auditkit_kept", f"DROP TABLE IF EXISTS {table}")


def edges_of(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each value between edges that are closed on the left.

    >>> edges_of(np.array([1.0, 2.0, 2.5]), np.array([1.0, 2.0])).tolist()
    [0, 1, 1]
    """
    return np.searchsorted(edges, values, side="right").astype(np.int64) - 1
