"""The file of a model, read once into memory: what is hashed is what is loaded, whatever becomes of the file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from auditkit.errors import DataError, cut, nearest

__all__ = ["ModelFile", "read_model_file"]

LARGEST = 1 << 31
"""The largest model file that is read, in bytes."""


@dataclass(frozen=True)
class ModelFile:
    """A model's file: the name to show, its SHA-256, its size, where it is, and what it holds."""

    name: str
    path: Path
    sha256: str
    size: int
    content: bytes = field(repr=False)


def read_model_file(name: str, folder: Path) -> ModelFile:
    """The file that `name` means beside `folder`.

    Raises DataError for a file that is not there (with the nearest names), that is no plain file, that is empty, or
    that is larger than 2 GiB.
    """
    path = folder / name
    shown = path.name or cut(name, 80)
    try:
        if not path.exists():
            raise DataError(
                "There is no model file {file}; the nearest names in its folder: {names}.",
                file=f'"{cut(name, 80)}"',
                names=nearest(path.name, _neighbours(path)) or "-",
            )
        if not path.is_file():
            raise DataError("{file} is not a plain file; expected the file of a model.", file=shown)
        size = path.stat().st_size
        if size == 0:
            raise DataError("{file} is empty; expected the file of a model.", file=shown)
        if size > LARGEST:
            raise DataError(
                "{file} holds {bytes} bytes; a model file may hold {limit}.", file=shown, bytes=size, limit=LARGEST
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise DataError(
            "{file} cannot be read ({problem}).", file=f'"{cut(name, 80)}"', problem=_problem(error)
        ) from None
    return ModelFile(shown, path, hashlib.sha256(content).hexdigest(), len(content), content)


def _problem(error: Exception) -> str:
    return cut((error.strerror if isinstance(error, OSError) else None) or type(error).__name__, 80)


def _neighbours(path: Path) -> list[str]:
    try:
        return sorted(p.name for p in path.parent.iterdir() if not p.name.startswith("."))
    except OSError:
        return []
