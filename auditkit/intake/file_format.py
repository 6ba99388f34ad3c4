"""The kinds of files that hold tables: each is one module of the folder formats, found by being there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError

if TYPE_CHECKING:
    from auditkit.intake.duckdb_relation import Opened
    from auditkit.intake.file_source import FileSource
    from auditkit.spec import DataSpec

__all__ = ["Format", "format_of", "formats", "known_suffixes"]

Open = Callable[[Any, "FileSource", "DataSpec", Sequence[str], str], "Opened"]


@dataclass(frozen=True)
class Format:
    """One kind of file. `open` makes it ready for DuckDB, read lazily where DuckDB can.

    `open(connection, source, data, missing_values, name)`: `name` prefixes what is kept in memory. `folders` says that
    a folder is read as this kind.
    """

    key: str
    suffixes: tuple[str, ...]
    open: Open
    folders: bool = False


@cache
def formats() -> tuple[Format, ...]:
    """Every format there is, by key."""
    from auditkit.intake import formats as folder

    found = [import_module(f"{folder.__name__}.{module.name}") for module in iter_modules(folder.__path__)]
    return tuple(sorted((one for module in found for one in module.FORMATS), key=lambda one: one.key))


def known_suffixes() -> tuple[str, ...]:
    """What the name of a table may end with."""
    return tuple(suffix for one in formats() for suffix in one.suffixes)


def format_of(source: FileSource) -> Format:
    """Which kind of table a file is, by its name; a folder is Parquet. Raises DataError for a kind that is not known.

    >>> from pathlib import Path
    >>> from auditkit.intake.file_source import FileSource
    >>> format_of(FileSource("a.CSV.gz", Path("a.CSV.gz"))).key
    'text'
    """
    if source.path.is_dir():
        return next(one for one in formats() if one.folders)
    name = source.path.name.lower()
    for one in formats():
        if name.endswith(one.suffixes):
            return one
    raise DataError(
        "{file}: this kind of file is not known; expected one of {known}.",
        file=source.name,
        known=", ".join(known_suffixes()),
    )
