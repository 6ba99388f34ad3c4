"""The result of a count brought from the engine into numpy, names of groups as numbers.

DuckDB's results are taken as they are, without pandas or Arrow, and its texts are numbered inside DuckDB: half a
million cells come in a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import count
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.engine_task import at_work
from auditkit.counts.level_lookup import is_duckdb

__all__ = ["Fetched", "fetch", "joined"]

_numbers = count()


@dataclass(frozen=True)
class Fetched:
    """Columns of a result: whole numbers, doubles (NaN where missing), and coded values (None where missing)."""

    rows: int
    integers: dict[str, NDArray[np.int64]]
    floats: dict[str, NDArray[np.float64]]
    codes: dict[str, NDArray[np.int64]]
    values: dict[str, list[Any]]


def fetch(
    frame: nw.LazyFrame[Any],
    integers: Sequence[str] = (),
    floats: Sequence[str] = (),
    coded: Sequence[str] = (),
    many: bool = False,
) -> Fetched:
    """Run the query of `frame` once and bring the named columns, in no particular order of rows.

    `many` says that many rows may come: DuckDB then numbers texts itself.
    """
    frame = frame.select(
        *[nw.col(name).cast(nw.Int64) for name in integers],
        *[nw.col(name).cast(nw.Float64) for name in floats],
        *coded,
    )
    if is_duckdb(frame):
        if many and any(frame.collect_schema()[name] == nw.String for name in coded):
            return _numbered(frame, integers, floats, coded)
        with at_work():
            found = frame.to_native().fetchnumpy()
        return _from_arrays(found, integers, floats, coded, {})
    with at_work():
        result = frame.collect("pyarrow" if frame.implementation.is_spark_like() else "pandas")
    codes, values = {}, {}
    for name in coded:
        codes[name], values[name] = _code(result.get_column(name).to_list())
    return Fetched(
        len(result),
        {name: _integers(result.get_column(name)) for name in integers},
        {name: _floats(result.get_column(name).to_list()) for name in floats},
        codes,
        values,
    )


def joined(one: Fetched, other: Fetched) -> Fetched:
    """Two results with the same columns as one; a value that both have stands twice among the values."""
    names = list(one.codes)
    return Fetched(
        one.rows + other.rows,
        {name: np.concatenate((one.integers[name], other.integers[name])) for name in one.integers},
        {name: np.concatenate((one.floats[name], other.floats[name])) for name in one.floats},
        {name: np.concatenate((one.codes[name], other.codes[name] + len(one.values[name]))) for name in names},
        {name: [*one.values[name], *other.values[name]] for name in names},
    )


def _integers(column: nw.Series[Any]) -> NDArray[np.int64]:
    return np.asarray(column.to_numpy(), dtype=np.int64)


def _floats(values: Iterable[Any]) -> NDArray[np.float64]:
    return np.array([np.nan if v is None or v != v else v for v in map(_plain, values)], dtype=np.float64)


def _plain(value: Any) -> Any:
    """A value as Python has it; every kind of missing is None."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, np.generic):
        if isinstance(value, np.datetime64):
            return None if np.isnat(value) else _date_text(value)
        value = value.item()
    if isinstance(value, time):
        return str(value)
    if hasattr(value, "isoformat"):
        return _date_text(np.datetime64(value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value))
    return None if value != value else value


def _date_text(value: np.datetime64) -> str:
    """A day as 2020-01-31, also where the engine has it as midnight."""
    text = str(value.astype("datetime64[s]"))
    return text.removesuffix("T00:00:00").replace("T", " ")


def _code(values: list[Any]) -> tuple[NDArray[np.int64], list[Any]]:
    known: dict[Any, int] = {}
    codes = np.fromiter(
        (known.setdefault(value, len(known)) for value in map(_plain, values)),
        dtype=np.int64,
        count=len(values),
    )
    return codes, list(known)


def _numbered(
    frame: nw.LazyFrame[Any], integers: Sequence[str], floats: Sequence[str], coded: Sequence[str]
) -> Fetched:
    """The result kept in a temporary table of DuckDB, and its texts numbered there."""
    schema = frame.collect_schema()
    relation = frame.to_native()
    table = f"auditkit_result_{next(_numbers)}"
    with at_work():
        relation.query("auditkit_rows", f"CREATE TEMP TABLE {table} AS SELECT * FROM auditkit_rows")
    kept = relation.query("auditkit_rows", f"SELECT * FROM {table}")
    values: dict[str, list[Any]] = {}
    joins, columns = [], [_quoted(name) for name in (*integers, *floats)]
    try:
        for i, name in enumerate(coded):
            if schema[name] != nw.String:
                columns.append(f"r.{_quoted(name)}")
                continue
            kept.query(
                "auditkit_kept",
                f"CREATE TEMP TABLE {table}_{i} AS SELECT v, row_number() OVER () - 1 AS c FROM "
                f"(SELECT DISTINCT {_quoted(name)} AS v FROM {table})",
            )
            pairs = kept.query("auditkit_kept", f"SELECT v, c FROM {table}_{i} ORDER BY c").fetchall()
            values[name] = [pair[0] for pair in pairs]
            joins.append(f"JOIN {table}_{i} d{i} ON r.{_quoted(name)} IS NOT DISTINCT FROM d{i}.v")
            columns.append(f"d{i}.c AS {_quoted(name)}")
        query = f"SELECT {', '.join(columns)} FROM {table} r {' '.join(joins)}"
        found = kept.query("auditkit_kept", query).fetchnumpy()
    finally:
        for name in (*(f"{table}_{i}" for i in range(len(coded))), table):
            kept.query("auditkit_kept", f"DROP TABLE IF EXISTS {name}")
    return _from_arrays(found, integers, floats, coded, values)


def _from_arrays(
    found: dict[str, Any],
    integers: Sequence[str],
    floats: Sequence[str],
    coded: Sequence[str],
    values: dict[str, list[Any]],
) -> Fetched:
    """DuckDB's arrays; the columns in `values` are numbered already."""
    codes: dict[str, NDArray[np.int64]] = {}
    for name in coded:
        if name in values:
            codes[name] = np.ma.getdata(found[name]).astype(np.int64)
        else:
            codes[name], values[name] = _code(_listed(found[name]))
    return Fetched(
        len(next(iter(found.values()))),
        {name: np.ma.getdata(found[name]).astype(np.int64) for name in integers},
        {name: np.ma.filled(found[name].astype(np.float64), np.nan) for name in floats},
        codes,
        values,
    )


def _listed(values: Any) -> list[Any]:
    mask = np.ma.getmaskarray(values)
    data = np.ma.getdata(values)
    items = list(data) if data.dtype.kind in "mM" else data.tolist()
    return [None if hidden else item for item, hidden in zip(items, mask, strict=True)]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
