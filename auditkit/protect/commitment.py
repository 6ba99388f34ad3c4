"""A commitment to a file: SHA-256 of a salt and the file, so that nobody finds the file by trying all it could be.

Whoever keeps the salt can show later that the file is the one that was committed to; without it nobody can.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

__all__ = ["SALT_BYTES", "commitment", "new_salt"]

SALT_BYTES = 16
"""128 random bits."""

_CHUNK = 1 << 20


def new_salt() -> bytes:
    """A salt that nobody can guess, from the system's own source of chance."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(salt: bytes, path: Path) -> str:
    """SHA-256 of the salt followed by the file (or the files of a folder, in the order of their names)."""
    digest = hashlib.sha256(salt)
    files = sorted(part for part in path.rglob("*") if part.is_file()) if path.is_dir() else [path]
    for part in files:
        with part.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()
