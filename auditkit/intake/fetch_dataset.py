"""Fetching the files of a dataset that may not be shipped: the one place where intake reaches the network.

A download is resumed where it stopped, and comes to stand in its place only when its SHA-256 is right.
"""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from auditkit.errors import DataError, InputError, cut
from auditkit.intake.dataset_files import Dataset, DatasetPlace, cache_folder, dataset
from auditkit.spec.dataset_spec import DatasetFile

__all__ = ["Progress", "fetch"]

Progress = Callable[[str, int, int], None]
"""Told of each step: the file's name, the bytes there are, the bytes there will be."""

_CHUNK = 1 << 18
_TIMEOUT = 30


def fetch(name: str, progress: Progress | None = None) -> tuple[Path, ...]:
    """Every file of the dataset NAME (or the one that NAME/KEY means) that can be had, on this machine.

    Files that ship, or are in the mirror or the cache, are used as they are once their SHA-256 is right.
    Raises DataError for a dataset that is not known, a file that no address is known for, an address that
    is not https, no connection, and a wrong SHA-256; nothing wrong is ever left where a file belongs.
    """
    folder, _, key = name.partition("/")
    found = dataset(folder)
    return tuple(_fetched(found, place, progress) for place in _wanted(found, key))


def _wanted(found: Dataset, key: str) -> list[DatasetPlace]:
    chosen = [place for place in found.files if not key or place.key == key]
    if not chosen:
        raise DataError(
            "The dataset {name} has no file {key}; it has: {names}.",
            name=found.name,
            key=f'"{cut(key)}"',
            names=", ".join(f'"{place.key}"' for place in found.files),
        )
    return chosen


def _fetched(found: Dataset, place: DatasetPlace, progress: Progress | None) -> Path:
    if place.path is not None:
        if place.place == "shipped" or _sha256(place.path) == place.file.sha256:
            return place.path
        if place.place == "mirror":
            raise DataError(
                "The file {file} of the mirror is not the one expected: its SHA-256 is not that of dataset.yaml.",
                file=place.file.file,
            )
        place.path.unlink()
    return _download(found.name, place.file, progress)


def _download(name: str, file: DatasetFile, progress: Progress | None) -> Path:
    address = _checked_address(file)
    target = cache_folder() / name / file.file
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        _receive(address, part, file, progress)
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        _raise_unreachable(part.parent.name, file, error)
    if _sha256(part) != file.sha256:
        size = part.stat().st_size
        part.unlink()
        raise DataError(
            "{file} from {address} is not the file expected: {size} bytes came, and their "
            "SHA-256 is not that of "
            "dataset.yaml; it was thrown away. The file may have changed at its source.",
            file=file.file,
            address=address,
            size=size,
        )
    part.replace(target)
    return target


def _receive(address: str, part: Path, file: DatasetFile, progress: Progress | None) -> None:
    """Bytes into `part`, from where an earlier download stopped if the source can do that."""
    have = part.stat().st_size if part.exists() else 0
    if have > file.bytes:
        part.unlink()
        have = 0
    if have == file.bytes and have:
        return
    request = urllib.request.Request(address, headers={"Accept-Encoding": "identity"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    with _opener().open(request, timeout=_TIMEOUT) as answer:
        resumed = answer.status == 206
        with part.open("ab" if resumed else "wb") as out:
            have = have if resumed else 0
            while chunk := answer.read(_CHUNK):
                out.write(chunk)
                have += len(chunk)
                if progress is not None:
                    progress(file.file, have, file.bytes)
                if have > file.bytes:  # not the file; its SHA-256 will say so
                    break
    if have < file.bytes:
        raise http.client.IncompleteRead(b"", file.bytes - have)


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Redirects are followed to addresses that would have been accepted themselves."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        if not _allowed(newurl):
            raise urllib.error.URLError("redirected to an address that is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_SafeRedirects())


def _checked_address(file: DatasetFile) -> str:
    if file.address is None:
        raise DataError(
            "The file {file} is not shipped and no address is known for it; see the licence "
            "and the source in "
            "dataset.yaml.",
            file=file.file,
        )
    if not _allowed(file.address):
        raise InputError(
            "The address {address} of {file} is refused: expected https.",
            address=cut(file.address, 80),
            file=file.file,
        )
    return file.address


def _allowed(address: str) -> bool:
    """Whether an address is https, or http on this very machine (for tests)."""
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return True
    with suppress(ValueError):
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    return False


def _raise_unreachable(dataset: str, file: DatasetFile, error: Exception) -> None:
    if isinstance(error, urllib.error.HTTPError):
        raise DataError(
            "{file} cannot be had from {address}: the answer is {code}. Its address may have changed.",
            file=file.file,
            address=file.address,
            code=str(error.code),
        ) from None
    if isinstance(error, http.client.IncompleteRead):
        raise DataError(
            "The connection broke off before {file} was complete. Type the same again: it goes on where it stopped.",
            file=file.file,
        ) from None
    if isinstance(error, (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError)):
        raise DataError(
            "{address} cannot be reached ({problem}): is this machine online? Or have somebody fetch it elsewhere, "
            "put it into a folder as {dataset}/{file}, and name that folder in the environment variable "
            "AUDITKIT_DATASETS_MIRROR.",
            address=file.address,
            problem=cut(getattr(error, "reason", error), 80),
            dataset=dataset,
            file=file.file,
        ) from None
    raise DataError(
        "{file} cannot be written ({problem}).",
        file=file.file,
        problem=cut(getattr(error, "strerror", error), 80),
    ) from None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
