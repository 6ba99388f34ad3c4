"""Parquet: a file, or a folder of parts with Hive keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auditkit.errors import DataError
from auditkit.intake.csv_text import check_columns
from auditkit.intake.database import exact, literal
from auditkit.intake.duckdb_relation import Opened, typed_relation
from auditkit.intake.file_format import Format
from auditkit.intake.file_source import FileSource
from auditkit.spec import DataSpec
from auditkit.text import say

__all__ = ["FORMATS"]


def _open(connection: Any, source: FileSource, data: DataSpec, missing_values: Sequence[str], name: str) -> Opened:
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
    opened = typed_relation(connection, f"SELECT * FROM read_parquet([{paths_sql}])", files)
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


FORMATS = (Format("parquet", (".parquet",), _open, folders=True),)
