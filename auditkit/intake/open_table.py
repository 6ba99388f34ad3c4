"""A table opened in DuckDB: what every count begins with.

Nothing is read until something is counted; an error met then is told in our words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw

from auditkit.errors import DataError
from auditkit.guard import reading
from auditkit.intake.csv_text import explain_text, unclear_quotes
from auditkit.intake.database import lock, temporary_database
from auditkit.intake.doubts import Doubt
from auditkit.intake.duckdb_relation import Opened, problem_of
from auditkit.intake.file_format import format_of
from auditkit.intake.file_source import FileSource, find_file
from auditkit.intake.join_tables import open_join, with_join
from auditkit.spec import DataSpec
from auditkit.text import Message

__all__ = ["Table", "open_table"]


@dataclass(frozen=True)
class Table:
    """An open table.

    `frame` is lazy, where the rows are, its column names as in the file. `text` says that every column is text as
    found, missing values NULL, to be cast later with the mark `decimal`; in a typed table, texts that stand for
    missing are left to who reads the column. `name` is what messages call the file; `sources` are the files that
    went in; `notes` say what was recognised; `connection` is DuckDB's; `settled` says that the
    values of its roles were looked at; `doubts` are questions that the file itself raises, of one column or of all.
    """

    frame: nw.LazyFrame[Any]
    columns: tuple[str, ...]
    text: bool
    decimal: str
    name: str
    sources: tuple[FileSource, ...]
    notes: tuple[Message, ...] = ()
    connection: Any = None
    settled: bool = False
    doubts: tuple[Doubt, ...] = ()


@contextmanager
def open_table(
    data: DataSpec,
    folder: Path,
    missing_values: Sequence[str] = ("",),
    memory_limit: str | None = None,
    ordered: bool = False,
) -> Iterator[Table]:
    """The table that `data` names, open while the block lasts; paths are beside `folder`.

    `ordered` keeps the rows in the order of the file, which costs time; a count needs no order.

    Use the frame inside the block only. Raises SpecError for a connection or query that cannot be followed, DataError
    for a file that is missing, empty, damaged,
    ragged, in another encoding or of an unknown kind, also when that shows only while rows are counted.
    """
    if data.spark is not None or (data.connection is not None and not is_duckdb_file(data.connection)):
        with _elsewhere(data, folder) as table:
            yield table
        return
    with temporary_database(memory_limit) as connection:
        opened: list[Opened] = []
        if ordered:
            connection.execute("SET preserve_insertion_order = true")
        with _explained(opened):
            name = data.file or data.connection or "-"
            with reading(Path(name).name, folder / name), _explained(opened):
                table = _open(connection, data, folder, missing_values, opened)
            yield table


def _open(
    connection: Any,
    data: DataSpec,
    folder: Path,
    missing_values: Sequence[str],
    opened: list[Opened],
) -> Table:
    source = find_file(_file(data), folder)
    main = format_of(source).open(connection, source, data, missing_values, "rows")
    opened.append(main)
    files = list(main.files)
    if data.join is not None:
        right = open_join(connection, data.join, folder, missing_values)
        opened.append(right)
        files += right.files
    lock(connection, [file.path for file in files])
    result = main if data.join is None else with_join(connection, main, opened[1], data.join, missing_values)
    return Table(
        frame=nw.from_native(connection.sql(result.select)).lazy(),
        columns=result.columns,
        text=result.text,
        decimal=result.decimal,
        name=source.name,
        sources=tuple(files),
        notes=result.notes,
        connection=connection,
        doubts=tuple(doubt for one in opened for doubt in one.doubts),
    )


def _file(data: DataSpec) -> str:
    """The file to open; a connection to DuckDB is one."""
    if data.file is not None:
        return data.file
    return (data.connection or "").removeprefix("duckdb:///").removeprefix("duckdb:")


def is_duckdb_file(connection: str) -> bool:
    """Whether a connection is a file of DuckDB, which is opened as any other file."""
    return connection.startswith("duckdb:") or connection.lower().endswith(".duckdb")


def _elsewhere(data: DataSpec, folder: Path) -> AbstractContextManager[Table]:
    """Rows that stay where they are: in a database server, or on a cluster."""
    if data.spark is not None:
        from auditkit.intake.open_spark import open_spark

        return open_spark(data, folder)
    from auditkit.intake.open_database import open_database

    return open_database(data)


@contextmanager
def _explained(opened: list[Opened]) -> Iterator[None]:
    """Errors of reading, met when rows are counted, as sentences; errors of counting stay as they are."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException:
        raise DataError(
            "{file}: the memory allowed does not suffice. Close other programs, or give the table as Parquet.",
            file=opened[0].files[0].name if opened else "-",
        ) from None
    except duckdb.PermissionException:
        raise DataError(
            "{file}: the query reaches for another file; it may use the tables of this database only.",
            file=opened[0].files[0].name if opened else "-",
        ) from None
    except duckdb.Error as error:
        if isinstance(error, _faults_of_queries()) or not opened:
            raise
        raise _reading_error(error, opened) from error


def _faults_of_queries() -> tuple[type[Exception], ...]:
    """What the engine raises for a query that is wrong, which no file can be blamed for."""
    import duckdb

    return (
        duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException, duckdb.SyntaxException,
        duckdb.ConnectionException, duckdb.TransactionException, duckdb.ConstraintException,
    )  # fmt: skip


def _reading_error(error: Exception, opened: list[Opened]) -> DataError:
    """What an error of the engine says about a file, met while its rows are read."""
    texts = [one for one in opened if one.layout is not None and one.layout.direct]
    for one in texts:
        if one.layout is not None and (found := explain_text(one.files[0], one.layout)) is not None:
            return found
    for one in texts:
        if str(one.files[0].path) in str(error) and (found := _engine_refusal(error, one.files[0])):
            return found
    files = [file for one in opened for file in one.files]
    return DataError(
        "{file} cannot be read to its end ({problem}): it is damaged or was cut off. Copy it again.",
        file=files[0].name,
        problem=problem_of(error, files),
    )


def _engine_refusal(error: Exception, source: FileSource) -> DataError | None:
    """What DuckDB refuses in a text that the slow reader takes."""
    if "state machine" in str(error):
        return DataError(
            "{file}: some lines end in another way than the rest (Windows and Unix line ends mixed). Save the "
            "file again from the program it came from.",
            file=source.name,
        )
    if (place := re.search(r"CSV Error on Line: (\d+)", str(error))) is None:
        return None
    known = re.search(r"unterminated quote|Maximum line size of \d+", str(error))
    return unclear_quotes(source, int(place[1]), known[0] if known else "CSV")
