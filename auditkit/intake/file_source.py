"""Files that go in: found beside audit.yaml or by a dataset's name, named without their folders.

A message about a file shows its name only: a path on someone's disk is nobody else's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from auditkit.errors import DataError, cut, nearest
from auditkit.guard import require_plain_file
from auditkit.intake.dataset_files import locate, looks_like_dataset

__all__ = ["FileSource", "find_file"]


@dataclass(frozen=True)
class FileSource:
    """A file that went in: the name to show, and where it is, to be hashed later."""

    name: str
    path: Path


def find_file(name: str, folder: Path) -> FileSource:
    """The file that a spec means: a path beside audit.yaml first, then a dataset such as compas/two-years.

    Raises DataError with the nearest file names where there is none.
    """
    path = folder / name
    try:
        if path.exists():
            require_plain_file(path)
            return FileSource(path.name or str(name), path)
    except PermissionError:
        raise DataError(
            "{file} may not be read by you; ask for the right to.", file=f'"{cut(path.name, 80)}"'
        ) from None
    except (OSError, ValueError):
        raise DataError("{file} cannot be the name of a file.", file=f'"{cut(name)}"') from None
    if looks_like_dataset(name):
        return FileSource(name, locate(name))
    raise DataError(
        "There is no file {file}; the nearest names in its folder: {names}.",
        file=f'"{cut(name, 80)}"',
        names=_neighbours(path) or "-",
    )


def _neighbours(path: Path) -> str:
    try:
        names = sorted(p.name for p in path.parent.iterdir() if not p.name.startswith("."))
    except OSError:
        return ""
    return nearest(path.name, names)
