"""The places where the rows of one table may live, each with the words of `data:` that lead there."""

from __future__ import annotations

import decimal
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas
import polars
import pyarrow
import pyarrow.parquet

from tests.engines.servers import Server
from tests.engines.spark_cluster import Cluster

__all__ = ["SOURCES", "Place", "Source", "people"]

ROWS = 400
SCHEMA = pyarrow.schema(
    {
        "id": pyarrow.int64(), "sexe": pyarrow.string(), "région d'accueil": pyarrow.string(), "age": pyarrow.int32(),
        "carer": pyarrow.bool_(), "tenure": pyarrow.string(), "score": pyarrow.float64(),
        "cents": pyarrow.decimal128(10, 2), "day": pyarrow.date32(), "seen": pyarrow.timestamp("us"),
        "fraud": pyarrow.int64(), "weight": pyarrow.float64(), "household": pyarrow.int64(), "Order": pyarrow.string(),
    }
)  # fmt: skip


def people() -> pyarrow.Table:
    """Rows with missing values, weights, ties, decimals, days, truth values; one column is named as a keyword."""
    draw = random.Random(7)
    rows = [
        {
            "id": i,
            "sexe": draw.choice(["F", "M", "M", None]),
            "région d'accueil": draw.choice(["Île-de-France", 'Grand "Est"', "100 %", "l'Ouest"]),
            "age": draw.randrange(18, 80) if i % 17 else None,
            "carer": draw.choice([True, False, False]),
            "tenure": draw.choice(["owner", "tenant"]),
            "score": draw.random() if i % 3 else round(draw.random(), 1),
            "cents": decimal.Decimal(draw.randrange(0, 400)) / 100 if i % 11 else None,
            "day": date(2024, 1, 1) + timedelta(days=draw.randrange(3)),
            "seen": datetime(2024, 1, 1, 23, 20) + timedelta(minutes=30 * draw.randrange(3)),
            "fraud": draw.choice([0, 0, 0, 1, None]),
            "weight": draw.choice([0.5, 1.0, 2.25]),
            "household": i // 3,
            "Order": draw.choice(["a", "b", "é"]),
        }
        for i in range(ROWS)
    ]
    return pyarrow.Table.from_pylist(rows, schema=SCHEMA)


@dataclass(frozen=True)
class Place:
    """Where the rows are for one audit: what `data:` says, for one table and for two joined on id, and the frame."""

    data: str
    joined: str
    frame: Any = None
    frame_joined: Any = None


@dataclass(frozen=True)
class Given:
    """What a source may use: the rows, whole and as two tables, a folder, and the servers."""

    rows: pyarrow.Table
    left: pyarrow.Table
    right: pyarrow.Table
    folder: Path
    server: Callable[[], Server]
    cluster: Callable[[], Cluster]


Source = Callable[[Given], Place]
SOURCES: dict[str, Source] = {}


def source(name: str) -> Callable[[Source], Source]:
    """Registers a source under its name."""

    def kept(build: Source) -> Source:
        SOURCES[name] = build
        return build

    return kept


def texts(table: pyarrow.Table) -> pandas.DataFrame:
    """The table as a file of texts has it: truth values, days and decimals written out."""
    frame = table.to_pandas()
    for name in frame.columns.intersection(["carer", "day", "seen", "cents"]):
        frame[name] = [None if value is None else _written(value) for value in table[name].to_pylist()]
    return frame.astype(dict.fromkeys(frame.columns.intersection(["age", "fraud"]), "Int64"))


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@source("parquet")
def _parquet(given: Given) -> Place:
    for name, table in (("rows", given.rows), ("left", given.left), ("right", given.right)):
        pyarrow.parquet.write_table(table, given.folder / f"{name}.parquet")
    return Place("rows.parquet", "{file: left.parquet, join: {file: right.parquet, key: id}}")


@source("dictionaries")
def _dictionaries(given: Given) -> Place:
    """Parquet whose texts are kept as numbers of a dictionary, written by pandas from categories."""
    for name, table in (("rows", given.rows), ("left", given.left), ("right", given.right)):
        frame = table.to_pandas(types_mapper=pandas.ArrowDtype)
        for column in frame.columns.intersection(["sexe", "région d'accueil", "tenure", "Order"]):
            frame[column] = frame[column].astype("category")
        frame.to_parquet(given.folder / f"{name}.parquet")
    return Place("rows.parquet", "{file: left.parquet, join: {file: right.parquet, key: id}}")


@source("csv")
def _csv(given: Given) -> Place:
    for name, table in (("rows", given.rows), ("left", given.left), ("right", given.right)):
        texts(table).to_csv(given.folder / f"{name}.csv", index=False)
    return Place("rows.csv", "{file: left.csv, join: {file: right.csv, key: id}}")


@source("parquet folder")
def _folder(given: Given) -> Place:
    """A folder parted by a column with an accent and an apostrophe."""
    for name, table in (("rows", given.rows), ("left", given.left)):
        pyarrow.parquet.write_to_dataset(table, given.folder / name, partition_cols=["région d'accueil"])
    pyarrow.parquet.write_table(given.right, given.folder / "right.parquet")
    return Place("rows", "{file: left, join: {file: right.parquet, key: id}}")


def _framed(make: Callable[[pyarrow.Table], Any]) -> Source:
    return lambda given: Place("frame", "frame", make(given.rows), make(given.left.join(given.right, "id")))


SOURCES["arrow"] = _framed(lambda table: table)
SOURCES["pandas"] = _framed(lambda table: table.to_pandas())
SOURCES["pandas nullable"] = _framed(lambda table: texts(table).convert_dtypes())
SOURCES["pandas arrow"] = _framed(lambda table: table.to_pandas(types_mapper=pandas.ArrowDtype))
SOURCES["polars"] = _framed(polars.from_arrow)
SOURCES["polars lazy"] = _framed(lambda table: polars.from_arrow(table).lazy())  # type: ignore[union-attr]


@source("sqlite")
def _sqlite(given: Given) -> Place:
    with sqlite3.connect(given.folder / "rows.sqlite") as connection:
        for name, table in (("rows", given.rows), ("left", given.left), ("right", given.right)):
            frame = texts(table)
            if "cents" in frame.columns:
                frame["cents"] = frame["cents"].astype(float)
            frame.to_sql(f"{name}_of", connection, index=False)
    where = f'connection: "sqlite://{given.folder / "rows.sqlite"}"'
    return Place(f"{{{where}, table: rows_of}}", f"{{{where}, query: SELECT * FROM left_of JOIN right_of USING (id)}}")


@source("postgres")
def _postgres(given: Given) -> Place:
    server = given.server()
    for name, table in (("rows", given.rows), ("left", given.left), ("right", given.right)):
        server.load(f"{name}_of", table)
    where = f'connection: "{server.address}"'
    return Place(f"{{{where}, table: rows_of}}", f"{{{where}, query: SELECT * FROM left_of JOIN right_of USING (id)}}")


def _on_spark(given: Given, address: str) -> Place:
    place = _parquet(given)
    assert place
    left, right = (f"parquet.`{given.folder / name}.parquet`" for name in ("left", "right"))
    query = f"SELECT * FROM {left} JOIN {right} USING (id)"
    return Place(
        f'{{spark: "{address}", file: {given.folder}/rows.parquet}}', f'{{spark: "{address}", query: "{query}"}}'
    )


SOURCES["spark local"] = lambda given: _on_spark(given, "local")
SOURCES["spark connect"] = lambda given: _on_spark(given, given.cluster().connect)
SOURCES["spark standalone"] = lambda given: _on_spark(given, given.cluster().master)
