"""A table, or a query, of a DuckDB file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auditkit.errors import DataError, SpecError, cut
from auditkit.intake.database import literal, quoted
from auditkit.intake.duckdb_relation import Opened, problem_of, typed_relation
from auditkit.intake.file_format import Format
from auditkit.intake.file_source import FileSource
from auditkit.spec import DataSpec

__all__ = ["FORMATS"]


def _open(connection: Any, source: FileSource, data: DataSpec, missing_values: Sequence[str], name: str) -> Opened:
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
    return typed_relation(connection, _one_query(connection, source, data.query), (source,))


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


FORMATS = (Format("duckdb", (".duckdb",), _open),)
