"""Small tables for the tests of counting: written as files, opened as any run opens them, counted."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd

from auditkit.counts.count_rows import count_cells
from auditkit.counts.count_table import Cells, Tabulation
from auditkit.intake.open_table import Table, open_table
from auditkit.spec import AuditSpec


def audit(**content: Any) -> AuditSpec:
    """An audit with what every audit needs, and what the test adds."""
    plain: dict[str, Any] = {
        "title": "Test",
        "system": {"name": "test", "harm": "punitive"},
        "data": "table.csv",
        "groups": {"sex": {"column": "sex"}},
    }
    return AuditSpec.model_validate(plain | content)


def count_text(spec: AuditSpec, columns: Mapping[str, Sequence[Any]], pandas: bool = False) -> Tabulation:
    """The counts of a CSV with these columns; None is an empty field."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "table.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL if len(columns) == 1 else csv.QUOTE_MINIMAL)
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
        return _count(spec, folder, pandas)


def count_parquet(spec: AuditSpec, columns: Mapping[str, Any], pandas: bool = False) -> Tabulation:
    """The counts of a Parquet file with these columns, their types kept."""
    import polars

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        polars.DataFrame(dict(columns)).write_parquet(folder / "table.parquet")
        assert spec.data is not None
        data = spec.data.model_copy(update={"file": "table.parquet"})
        return _count(spec.model_copy(update={"data": data}), folder, pandas)


def _count(spec: AuditSpec, folder: Path, pandas: bool) -> Tabulation:
    """The count where the rows are; with `pandas` the same expressions on a frame of pandas, as a cross-check."""
    assert spec.data is not None
    with open_table(spec.data, folder, spec.missing_values) as table:
        return count_cells(replace(table, frame=in_pandas(table)) if pandas else table, spec)


def in_pandas(table: Table) -> nw.LazyFrame[Any]:
    """The rows of an open table as a frame of pandas."""
    arrays = table.frame.to_native().fetchnumpy()
    columns = {name: _pandas_column(values) for name, values in arrays.items()}
    return nw.from_native(pd.DataFrame(columns, columns=list(table.columns))).lazy()


def _pandas_column(values: Any) -> Any:
    """A column for pandas in which whole numbers and truth values stay so beside missing ones."""
    mask = np.ma.getmaskarray(values)
    data = np.ma.getdata(values)
    if data.dtype == object:
        data = data.copy()
        data[mask] = None
        texts = all(value is None or isinstance(value, str) for value in data[:1000])
        return pd.array(data, dtype="str") if texts else data
    if not mask.any():
        return data
    if data.dtype.kind in "iu":
        return pd.arrays.IntegerArray(data.copy(), mask.copy())
    if data.dtype.kind == "b":
        return pd.arrays.BooleanArray(data.copy(), mask.copy())
    if data.dtype.kind == "f":
        return np.where(mask, np.nan, data)
    return pd.Series(data).mask(mask)


def rows_of(cells: Cells) -> dict[tuple[Any, ...], float]:
    """Cells as {(values.., selected, outcome): n}, for comparison by eye."""
    found: dict[tuple[Any, ...], float] = {}
    for i in range(len(cells)):
        values = tuple(level.values[cells.codes[level.name][i]] for level in cells.levels)
        key = (*values, int(cells.selected[i]), int(cells.outcome[i]))
        found[key] = found.get(key, 0.0) + float(cells.n[i])
    return found


def differences(one: Any, other: Any, place: str = "") -> list[str]:
    """Where two results differ in a single bit."""
    if is_dataclass(one) and not isinstance(one, type):
        return [
            d
            for f in fields(one)
            for d in differences(getattr(one, f.name), getattr(other, f.name), f"{place}.{f.name}")
        ]
    if isinstance(one, Mapping):
        if list(one) != list(other):
            return [f"{place}: {list(one)} and {list(other)}"]
        return [d for key in one for d in differences(one[key], other[key], f"{place}.{key}")]
    if isinstance(one, (tuple, list)):
        if len(one) != len(other):
            return [f"{place}: {len(one)} and {len(other)}"]
        return [d for i, (a, b) in enumerate(zip(one, other, strict=True)) for d in differences(a, b, f"{place}[{i}]")]
    if isinstance(one, np.ndarray):
        return [] if one.tobytes() == other.tobytes() else [f"{place}: {one} and {other}"]
    return [] if one == other else [f"{place}: {one} and {other}"]
