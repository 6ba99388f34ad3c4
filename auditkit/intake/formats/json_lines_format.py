"""One JSON object a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auditkit.intake.duckdb_relation import Opened, stored_columns
from auditkit.intake.file_format import Format
from auditkit.intake.file_source import FileSource
from auditkit.intake.typed_columns import read_json_lines
from auditkit.spec import DataSpec

__all__ = ["FORMATS"]


def _open(connection: Any, source: FileSource, data: DataSpec, missing_values: Sequence[str], name: str) -> Opened:
    columns, values = read_json_lines(source, missing_values)
    return Opened(stored_columns(connection, name, values), columns, True, ".", (source,))


FORMATS = (Format("json", (".jsonl", ".ndjson"), _open),)
