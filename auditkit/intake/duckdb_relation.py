"""Each kind of file as a DuckDB relation: the one reader."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from auditkit.errors import DataError, SpecError, cut, nearest
from auditkit.intake.csv_text import TextLayout, check_columns, layout_of, read_text, scan_expression
from auditkit.intake.database import exact, literal, quoted
from auditkit.intake.file_source import FileSource, format_of
from auditkit.intake.spreadsheet import read_sheet, sheet_columns
from auditkit.intake.typed_columns import read_json_lines, read_statistical
from auditkit.spec import DataSpec
from auditkit.text import Message, say

__all__ = ["Opened", "open_relation", "stored_columns"]


@dataclass(frozen=True)
class Opened:
    """A file as SQL sees it: `select` is a query that gives its columns, as named in the file, missing as
    NULL."""

    select: str
    columns: tuple[str, ...]
    text: bool
    decimal: str
    files: tuple[FileSource, ...]
    notes: tuple[Message, ...] = ()
    layout: TextLayout | None = None
    parts: tuple[Path, ...] = ()


def open_relation(
    connection: Any, source: FileSource, data: DataSpec, missing_values: Sequence[str], name: str = "rows"
) -> Opened:
    """A file made ready for DuckDB, read lazily where DuckDB can; `name` prefixes what is kept in memory."""
    decimal = data.decimal or "."
    match format_of(source):
        case "text":
            return _open_text(connection, source, data, missing_values, name)
        case "parquet":
            return _open_parquet(connection, source)
        case "json":
            columns, values = read_json_lines(source, missing_values)
            select = stored_columns(connection, name, values)
            return Opened(select, columns, True, ".", (source,))
        case "spreadsheet":
            sheet = read_sheet(source, data.sheet, decimal)
            columns, values = sheet_columns(source, sheet, data, tuple(missing_values))
            stored = stored_columns(connection, name, values)
            said = () if data.sheet is not None else (_sheet_note(source, sheet.name),)
            return Opened(stored, columns, True, decimal, (source,), said)
        case "duckdb":
            return _open_database(connection, source, data)
        case _:
            frame, notes = read_statistical(source, data.encoding)
            connection.register(f"{name}_frame", frame)
            connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {name}_frame")
            connection.unregister(f"{name}_frame")
            return _typed(connection, f"SELECT * FROM {name}", (source,), notes)


def _sheet_note(source: FileSource, sheet: str) -> Message:
    return say("{file}: the sheet read is {sheet}.", file=source.name, sheet=f'"{cut(sheet)}"')


def _open_text(connection: Any, source: FileSource, data: DataSpec, missing_values: Sequence[str], name: str) -> Opened:
    layout = layout_of(source, data)
    if layout.direct:
        select = f"SELECT * FROM {scan_expression(source.path, layout, missing_values)}"
    else:
        select = stored_columns(connection, name, read_text(source, layout, missing_values))
    return Opened(select, layout.columns, True, data.decimal or ".", (source,), layout.notes, layout, (source.path,))


def stored_columns(connection: Any, name: str, values: Mapping[str, Sequence[str | None]]) -> str:
    """Columns of text put into a table of the connection; the query that reads them."""
    arrays = {f"c{i}": np.array(column, dtype=object) for i, column in enumerate(values.values())}
    connection.register(f"{name}_columns", arrays)
    projection = ", ".join(f"CAST(c{i} AS VARCHAR) AS {quoted(n)}" for i, n in enumerate(values))
    connection.execute(f"CREATE TEMP TABLE {name} AS SELECT {projection} FROM {name}_columns")
    connection.unregister(f"{name}_columns")
    return f"SELECT * FROM {name}"


def _open_parquet(connection: Any, source: FileSource) -> Opened:
    if source.path.is_dir():
        paths = sorted(p for p in source.path.rglob("*.parquet") if not p.name.startswith((".", "_")))
        if not paths:
            raise DataError(
                "{file} is a folder without Parquet files; expected parts such as part-0.parquet.",
                file=source.name,
            )
        files = tuple(FileSource(f"{source.name}/{path.relative_to(source.path).as_posix()}", path) for path in paths)
    else:
        files = (source,)
    paths_sql = ", ".join(literal(exact(file.path)) for file in files)
    opened = _typed(connection, f"SELECT * FROM read_parquet([{paths_sql}])", files)
    check_columns(_parquet_names(connection, files[0]), source.name, say("line {line}", line=1))
    return Opened(**{**opened.__dict__, "parts": tuple(file.path for file in files)})


def _parquet_names(connection: Any, file: FileSource) -> list[str]:
    """The column names that a Parquet file has itself: DuckDB renames those that differ only by capitals."""
    schema = f"SELECT name, coalesce(num_children, 0) FROM parquet_schema({literal(exact(file.path))})"
    names, pending = [], 0
    for name, children in connection.execute(schema).fetchall()[1:]:
        if pending == 0:
            names.append(str(name))
        else:
            pending -= 1
        pending += children
    return names


def _typed(
    connection: Any,
    select: str,
    files: tuple[FileSource, ...],
    notes: tuple[Message, ...] = (),
) -> Opened:
    """A typed table as it is: looking for texts that stand for missing would cost a third of the scan."""
    import duckdb

    try:
        relation = connection.sql(select)
    except duckdb.Error as error:
        raise DataError(
            "{file} cannot be read ({problem}): it is damaged, cut off, or not of the kind its name says. "
            "Copy it again.",
            file=files[0].name,
            problem=problem_of(error, files),
        ) from None
    return Opened(select, tuple(relation.columns), False, ".", files, notes)


def problem_of(error: Exception, files: Sequence[FileSource]) -> str:
    """The first line of DuckDB's own words, without the folders of this machine."""
    text = str(error).split("\n")[0]
    for file in files:
        text = text.replace(str(file.path), file.name)
    return cut(re.sub(r"(?<![\w.])/[^\s\"']*/", "", text), 120)


def _open_database(connection: Any, source: FileSource, data: DataSpec) -> Opened:
    import duckdb

    try:
        connection.execute(f"ATTACH {literal(source.path)} AS source (READ_ONLY)")
    except duckdb.Error as error:
        raise DataError(
            "{file} cannot be opened as a DuckDB database ({problem}).",
            file=source.name,
            problem=problem_of(error, (source,)),
        ) from None
    connection.execute("USE source")
    return _typed(connection, _one_query(connection, source, data.query), (source,))


def _one_query(connection: Any, source: FileSource, query: str | None) -> str:
    import duckdb

    if query is None:
        found = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'source' ORDER BY table_name"
        )
        tables = [str(row[0]) for row in found.fetchall()]
        if len(tables) != 1:
            raise SpecError(
                "{file} holds {count} tables ({names}); say which rows are meant with query: SELECT ... FROM ...",
                file=source.name,
                count=len(tables),
                names=", ".join(cut(table) for table in tables[:8]) or "-",
            )
        return f"SELECT * FROM {quoted(tables[0])}"
    try:
        statements = connection.extract_statements(query)
        single = len(statements) == 1 and statements[0].type == duckdb.StatementType.SELECT
        if single:
            connection.sql(query)
    except duckdb.Error as error:
        raise SpecError(
            "{file}: the query is not understood: {problem}.",
            file=source.name,
            problem=problem_of(error, (source,)).rstrip("."),
        ) from None
    if not single:
        raise SpecError("{file}: expected one SELECT as query, nothing more.", file=source.name)
    return f"SELECT * FROM ({query.strip().rstrip(';')})"


def nearest_columns(name: str, columns: Sequence[str]) -> str:
    """The column names most like one that is missing."""
    return nearest(name, columns) or "-"
