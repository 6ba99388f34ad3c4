"""The archive of a .skops file, looked at before anything in it is opened: its size unpacked, its names, its arrays.

An array's own header is read and held against the bytes that follow it, so that no file can ask for memory it does
not bring along, and none can hide a pickle in an array of objects.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from math import prod
from typing import NoReturn

import numpy as np

from auditkit.errors import DataError, cut

__all__ = ["check_archive", "check_array", "check_sparse"]

_MOST_UNPACKED = 1 << 31
_MOST_ENTRIES = 200_000
_MOST_RATIO = 100
_SMALL = 1 << 26
_NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")


def check_archive(archive: zipfile.ZipFile, file: str, size: int, inside: tuple[str, ...]) -> None:
    """Refuse an archive that unpacks to too much, or that holds anything but plain files with these endings.

    Raises DataError. `size` is that of the archive itself, in bytes.
    """
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise DataError(
            "{file} holds {count} parts; expected at most {limit}.", file=file, count=len(entries), limit=_MOST_ENTRIES
        )
    total = sum(entry.file_size for entry in entries)
    if total > _MOST_UNPACKED or (total > _SMALL and total > _MOST_RATIO * size):
        raise DataError(
            "{file} holds {bytes} bytes and would unpack to {total}: it is refused, as an archive made to fill "
            "the memory.",
            file=file,
            bytes=size,
            total=total,
        )
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        plain = "/" not in name and "\\" not in name and name not in (".", "..") and name not in seen
        kind = entry.external_attr >> 16
        if not plain or entry.is_dir() or stat.S_ISLNK(kind) or entry.flag_bits & 1:
            _refuse_part(file, name)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or not name.endswith(inside):
            _refuse_part(file, name)
        if not name.endswith(".npz"):
            try:
                with archive.open(entry) as part:
                    begins = part.read(8)
            except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error, ValueError):
                _refuse_part(file, name)
            if begins.startswith(_NESTED):
                _refuse_part(file, name)
        seen.add(name)


def _refuse_part(file: str, name: str) -> NoReturn:
    raise DataError(
        "{file} holds a part {part} that no saved model holds (a link, a folder, an archive in the archive, a "
        "name given twice, or another kind of file); it is refused.",
        file=file,
        part=f'"{cut(name)}"',
    )


def check_array(content: bytes, file: str, part: str) -> None:
    """Refuse an array of objects, and one whose header asks for other bytes than there are. Raises DataError."""
    try:
        buffer = io.BytesIO(content)
        version = np.lib.format.read_magic(buffer)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, kind = read(buffer)
        held = len(content) - buffer.tell()
    except Exception:  # numpy's parser raises whatever it trips over
        raise _no_array(file, part) from None
    if kind.hasobject:
        raise DataError(
            "{file}: the part {part} is an array of Python objects, which only pickle can read; it is refused.",
            file=file,
            part=f'"{cut(part)}"',
        )
    if any(length < 0 for length in shape) or prod(shape) * kind.itemsize != held:
        raise _no_array(file, part)


def _no_array(file: str, part: str) -> DataError:
    return DataError("{file}: the part {part} is no array that can be read.", file=file, part=f'"{cut(part)}"')


def check_sparse(content: bytes, file: str, part: str) -> None:
    """The same for a sparse matrix, which is a small archive of arrays. Raises DataError."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise _no_array(file, part) from None
    with archive:
        check_archive(archive, file, len(content), (".npy",))
        for name in archive.namelist():
            check_array(archive.read(name), file, f"{part}: {name}")
