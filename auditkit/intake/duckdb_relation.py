"""A table as DuckDB sees it, whatever kind of file it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from auditkit.errors import DataError, cut, nearest
from auditkit.intake.csv_text import TextLayout
from auditkit.intake.database import quoted
from auditkit.intake.doubts import Doubt
from auditkit.intake.file_source import FileSource
from auditkit.text import Message

__all__ = ["Opened", "nearest_columns", "problem_of", "stored_columns", "typed_relation"]


@dataclass(frozen=True)
class Opened:
    """A file as SQL sees it: `select` is a query that gives its columns, as named in the file, missing as
    NULL. `doubts` are questions about whole columns that the file itself raises."""

    select: str
    columns: tuple[str, ...]
    text: bool
    decimal: str
    files: tuple[FileSource, ...]
    notes: tuple[Message, ...] = ()
    layout: TextLayout | None = None
    parts: tuple[Path, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def stored_columns(connection: Any, name: str, values: Mapping[str, Sequence[str | None]]) -> str:
    """Columns of text put into a table of the connection; the query that reads them."""
    arrays = {f"c{i}": np.array(column, dtype=object) for i, column in enumerate(values.values())}
    connection.register(f"{name}_columns", arrays)
    projection = ", ".join(f"CAST(c{i} AS VARCHAR) AS {quoted(n)}" for i, n in enumerate(values))
    connection.execute(f"CREATE TEMP TABLE {name} AS SELECT {projection} FROM {name}_columns")
    connection.unregister(f"{name}_columns")
    return f"SELECT * FROM {name}"


def problem_of(error: Exception, files: Sequence[FileSource]) -> str:
    """The first line of DuckDB's own words, without the folders of this machine."""
    text = str(error).split("\n")[0]
    for file in files:
        text = text.replace(str(file.path), file.name)
    return cut(re.sub(r"(?<![\w.])/[^\s\"']*/", "", text), 120)


def nearest_columns(name: str, columns: Sequence[str]) -> str:
    """The column names most like one that is missing."""
    return nearest(name, columns) or "-"


def typed_relation(
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
