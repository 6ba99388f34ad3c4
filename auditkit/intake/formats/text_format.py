"""Text with separators: CSV and its like, packed or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auditkit.intake.csv_text import layout_of, read_text, scan_expression
from auditkit.intake.duckdb_relation import Opened, stored_columns
from auditkit.intake.file_format import Format
from auditkit.intake.file_source import FileSource
from auditkit.spec import DataSpec

__all__ = ["FORMATS"]


def _open(connection: Any, source: FileSource, data: DataSpec, missing_values: Sequence[str], name: str) -> Opened:
    layout = layout_of(source, data)
    if layout.direct:
        select = f"SELECT * FROM {scan_expression(source.path, layout, missing_values)}"
    else:
        select = stored_columns(connection, name, read_text(source, layout, missing_values))
    return Opened(select, layout.columns, True, data.decimal or ".", (source,), layout.notes, layout, (source.path,))


FORMATS = (Format("text", (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz"), _open),)
