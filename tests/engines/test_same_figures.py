"""The same caseload wherever its rows live: the same figures, to the last byte."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas
import polars
import pyarrow
import pytest

from auditkit import results_json
from tests.engines.caseload import audit, consented, frame
from tests.engines.servers import Server

FRAMES: dict[str, Callable[[pandas.DataFrame], Any]] = {
    "pandas": lambda table: table,
    "polars": polars.from_pandas,
    "arrow": lambda table: pyarrow.Table.from_pandas(table, preserve_index=False),
    "lazy polars": lambda table: polars.from_pandas(table).lazy(),
}


def figures(path: Path, table: Any = None) -> str:
    """All that an audit found, as text."""
    result = consented(path, table)
    return json.dumps(json.loads(results_json(result))["analyses"], sort_keys=True)


@cache
def of_parquet(folder: Path) -> str:
    """The figures of the rows in one Parquet file."""
    frame().to_parquet(folder / "rows.parquet")
    return figures(audit(folder, "rows.parquet"))


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What each place must give."""
    return of_parquet(tmp_path_factory.mktemp("parquet"))


@pytest.mark.parametrize("library", FRAMES)
def test_frames(library: str, expected: str, tmp_path: Path) -> None:
    assert figures(audit(tmp_path, "frame"), FRAMES[library](frame())) == expected


def test_text(expected: str, tmp_path: Path) -> None:
    table = frame()
    table["carer"] = table["carer"].map({True: "true", False: "false"})
    table.to_csv(tmp_path / "rows.csv", index=False)
    assert figures(audit(tmp_path, "rows.csv")) == expected


def test_a_folder_of_parquet_parted_by_a_column_with_an_accent(expected: str, tmp_path: Path) -> None:
    frame().to_parquet(tmp_path / "rows", partition_cols=["région d'accueil"])
    assert figures(audit(tmp_path, "rows")) == expected


def test_sqlite(expected: str, tmp_path: Path) -> None:
    table = frame()
    table["carer"] = table["carer"].map({True: "true", False: "false"})
    with sqlite3.connect(tmp_path / "rows.sqlite") as connection:
        table.to_sql("caseload", connection, index=False)
    path = audit(tmp_path, f'{{connection: "sqlite://{tmp_path / "rows.sqlite"}", table: caseload}}')
    assert figures(path) == expected


@pytest.mark.needs_postgres
@pytest.mark.parametrize("rows", ["table: caseload", "table: public.caseload", "query: SELECT * FROM caseload"])
def test_postgres(rows: str, expected: str, server: Server, tmp_path: Path) -> None:
    server.load("caseload", frame())
    assert figures(audit(tmp_path, f'{{connection: "{server.address}", {rows}}}')) == expected


@pytest.mark.needs_spark
def test_spark_on_this_machine(expected: str, tmp_path: Path) -> None:
    frame().to_parquet(tmp_path / "rows.parquet")
    assert figures(audit(tmp_path, "{spark: local, file: rows.parquet}")) == expected
