"""Files of statistical programs: SAS and Stata."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auditkit.intake.duckdb_relation import Opened, typed_relation
from auditkit.intake.file_format import Format
from auditkit.intake.file_source import FileSource
from auditkit.intake.typed_columns import read_statistical
from auditkit.spec import DataSpec

__all__ = ["FORMATS"]


def _open(connection: Any, source: FileSource, data: DataSpec, missing_values: Sequence[str], name: str) -> Opened:
    frame, notes = read_statistical(source, data.encoding)
    connection.register(f"{name}_frame", frame)
    connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {name}_frame")
    connection.unregister(f"{name}_frame")
    return typed_relation(connection, f"SELECT * FROM {name}", (source,), notes)


FORMATS = (
    Format("sas", (".sas7bdat", ".xpt"), _open),
    Format("stata", (".dta",), _open),
)
