"""A table of a cluster, counted where it stands: PySpark runs the queries, only counts come home.

`spark: local` uses the session at hand (a notebook, Databricks), else starts one on this machine; `spark: sc://host`
is a server of Spark Connect, `spark: spark://host:7077` a cluster of its own.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import narwhals.stable.v2 as nw

from auditkit.errors import DataError, InputError, SpecError, cut
from auditkit.intake.open_database import shown_address
from auditkit.intake.open_table import Table
from auditkit.intake.read_only_query import checked_query
from auditkit.spec import DataSpec

__all__ = ["open_spark"]

_READERS = {".parquet": "parquet", ".orc": "orc", ".json": "json", ".jsonl": "json"}
_MODE = ("SPARK_CONNECT_MODE_ENABLED", "SPARK_REMOTE", "SPARK_LOCAL_REMOTE")
_PORTS = {"sc": 15002, "spark": 7077}
_CAUSE = re.compile(r"Caused by: [\w.$]+(?:Exception|Error): ([^\n]+)")


@contextmanager
def open_spark(data: DataSpec, folder: Path) -> Iterator[Table]:
    """The table, query or file that `data` names on a cluster, open while the block lasts.

    Raises SpecError where it is not said which rows are meant or the query is not read-only; InputError where PySpark
    is not installed; DataError where the cluster is not there, has no such table, or fails while rows are counted.
    """
    assert data.spark is not None
    address = "spark" if data.spark == "local" else shown_address(data.spark)
    with _told(address):
        before = {name: os.environ.get(name) for name in _MODE}
        session, own = _session(data.spark)
        try:
            rows, name = _rows(session, data, folder, address)
            frame: nw.LazyFrame[Any] = nw.from_native(rows)
            yield Table(
                frame=frame,
                columns=tuple(frame.collect_schema().names()),
                text=False,
                decimal=".",
                name=name,
                sources=(),
            )
        finally:
            if own:
                session.stop()
                _as_before(before)


def _as_before(environment: dict[str, str | None]) -> None:
    """What PySpark writes into the environment for one session would decide over every later one."""
    for name, value in environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _session(where: str) -> tuple[Any, bool]:
    """The session, and whether it is ours to stop."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError(
            "A cluster is read through PySpark, which is not installed. Type: {command}",
            command='python -m pip install "auditkit[spark]"',
        ) from None
    if where == "local" and (active := SparkSession.getActiveSession()) is not None:
        return active, False
    builder = SparkSession.builder.appName("auditkit")
    if where != "local":
        _require_listener(where)
    if where.startswith("sc://"):
        session = builder.remote(where).getOrCreate()
        _give_up_sooner(session)
        return session, True
    master = f"local[{os.cpu_count() or 1}]" if where == "local" else where
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.log.level": "ERROR",
    }
    if where == "local":  # its 200 parts by default are for clusters
        settings["spark.sql.shuffle.partitions"] = str(2 * (os.cpu_count() or 1))
    builder = builder.master(master)
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate(), True


def _require_listener(where: str) -> None:
    """DataError at once where nobody listens: Spark itself tries for ten minutes."""
    if "@" in where or re.search("(?i)(token|password)=", where):
        raise SpecError(
            "data.spark: the address of {address} holds a user or a password; an audit holds neither. Take them out: "
            "Spark Connect takes a token from SPARK_CONNECT_AUTHENTICATE_TOKEN in the environment.",
            address=cut(shown_address(where), 80),
        )
    parts = urlsplit(where.split(";")[0])
    try:
        door = (parts.hostname or "", parts.port or _PORTS[parts.scheme])
    except (ValueError, KeyError):
        raise SpecError(
            "data.spark is {found}; expected local, or an address such as {example}.",
            found=f'"{cut(shown_address(where))}"',
            example="sc://host:15002",
        ) from None
    if "," in parts.netloc:  # several masters, of which one may be away
        return
    try:
        with socket.create_connection(door, timeout=20):
            pass
    except OSError as error:
        raise DataError(
            "{address} does not give the rows: {problem}. Nothing was written.",
            address=cut(shown_address(where), 80),
            problem=cut(error.strerror or str(error)),
        ) from None


def _give_up_sooner(session: Any) -> None:
    """A server that goes away is waited for some twenty seconds, not ten minutes."""
    from pyspark.sql.connect.client.retries import DefaultPolicy

    session.client.set_retry_policies([DefaultPolicy(max_retries=6, max_backoff=8_000)])


def _rows(session: Any, data: DataSpec, folder: Path, address: str) -> tuple[Any, str]:
    """The rows that are meant, and what messages call them."""
    if data.query is not None:
        return session.sql(checked_query(data.query, "spark")), "query"
    if data.table is not None:
        return session.table(data.table), data.table
    if data.file is None:
        raise SpecError(
            "{address}: say which rows are meant with table: NAME, file: ADDRESS or query: SELECT ...", address=address
        )
    place = data.file if "://" in data.file else str((folder / data.file).resolve())
    suffix = Path(place).suffix.lower()
    kind = _READERS.get(suffix, "parquet" if not suffix else None)
    if kind is None:
        raise SpecError(
            "{file}: on a cluster only {known} are read; give the table as one of them.",
            file=cut(Path(place).name),
            known=", ".join(sorted(set(_READERS.values()))),
        )
    return session.read.format(kind).load(place), Path(place).name


@contextmanager
def _told(address: str) -> Iterator[None]:
    """What Spark says, as one sentence; other errors stay as they are."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        if type(error).__module__.split(".")[0] not in ("pyspark", "py4j", "grpc"):
            raise
        raise DataError(
            "{address} does not give the rows: {problem}. Nothing was written.",
            address=cut(address, 80),
            problem=_problem(error),
        ) from None


def _problem(error: Exception) -> str:
    """The innermost cause that Spark names, in one line."""
    text = str(error)
    causes = _CAUSE.findall(text)
    line = causes[-1] if causes else next((line for line in text.split("\n") if line.strip()), type(error).__name__)
    line = re.sub(r"\S+://\S+", lambda found: shown_address(found[0]), line)
    line = re.sub(r"\(file:/[^)]*\)|file:/\S+", "", line)
    return cut(line.strip().rstrip("."), 160)
