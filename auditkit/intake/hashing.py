"""Hashes of what goes in, worked out beside the counting so that nobody waits for them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from auditkit.intake.file_source import FileSource

__all__ = ["Hashed", "Hashing", "sha256_of"]

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Hashed:
    """A file as it was: its name, SHA-256 and size in bytes."""

    name: str
    sha256: str
    bytes: int


class Hashing:
    """Hashes files in one thread; each file once, in the order in which they were added."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._files: dict[Path, tuple[str, Future[tuple[str, int]]]] = {}

    def add(self, sources: Iterable[FileSource]) -> None:
        """Begin to hash these files."""
        for source in sources:
            if source.path not in self._files:
                self._files[source.path] = (source.name, self._pool.submit(sha256_of, source.path))

    @property
    def files(self) -> list[tuple[str, Path]]:
        """The name of every file, and where it is."""
        return [(name, path) for path, (name, _) in self._files.items()]

    def finish(self) -> list[Hashed]:
        """All hashes, waiting for what is still under way."""
        result = [Hashed(name, *future.result()) for name, future in self._files.values()]
        self._pool.shutdown()
        return result


def sha256_of(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file, or of the files of a folder in the order of their names."""
    digest, size = hashlib.sha256(), 0
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    for part in files:
        with part.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    return digest.hexdigest(), size
