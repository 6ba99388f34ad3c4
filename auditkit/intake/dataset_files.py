"""Datasets by name: where each of their files is on this machine, and fetching what may not be shipped.

Nothing but `fetch` reaches the network, and what it brings is put in place only once its SHA-256 is right.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from auditkit.errors import DataError, cut, nearest
from auditkit.spec.dataset_spec import DatasetFile, DatasetSpec, load_dataset
from auditkit.spec.file_lines import shipped, shipped_names

__all__ = ["Dataset", "DatasetPlace", "cache_folder", "dataset", "datasets", "locate", "looks_like_dataset"]

MIRROR = "AUDITKIT_DATASETS_MIRROR"

Place = Literal["shipped", "mirror", "cache", "to_fetch", "not_available"]


@dataclass(frozen=True)
class DatasetPlace:
    """One file of a dataset and where it is: `path` is None where it is still to be fetched.

    `place` is shipped, mirror, cache, to_fetch (an address is known) or not_available (none is).
    """

    key: str
    file: DatasetFile
    place: Place
    path: Path | None


@dataclass(frozen=True)
class Dataset:
    """A dataset that ships, or whose description ships."""

    name: str
    spec: DatasetSpec
    files: tuple[DatasetPlace, ...]


def looks_like_dataset(name: str) -> bool:
    """Whether a text may be a dataset's name, such as compas or compas/two-years.

    >>> looks_like_dataset("compas/two-years"), looks_like_dataset("tables/counts.csv")
    (True, False)
    """
    if re.fullmatch(r"[\w-]+/[\w-]+", name):
        return True
    return name in shipped_names("datasets")


def cache_folder() -> Path:
    """Where fetched files are kept: the platform's folder for a user's data."""
    if given := os.environ.get("XDG_DATA_HOME"):
        base = Path(given)
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path.home() / ".local" / "share"
    return base / "auditkit" / "datasets"


def dataset(name: str) -> Dataset:
    """One dataset and where its files are; DataError with the nearest names where there is none."""
    names = shipped_names("datasets")
    if name not in names:
        raise DataError(
            "There is no dataset {name}; the nearest known: {names}.",
            name=f'"{cut(name)}"',
            names=nearest(name, names) or "-",
        )
    spec = load_dataset(shipped("datasets") / name / "dataset.yaml")
    return Dataset(name, spec, tuple(_placed(name, key, file) for key, file in spec.files.items()))


def datasets() -> list[Dataset]:
    """Every dataset, sorted by name, with where each file is."""
    return [dataset(name) for name in shipped_names("datasets")]


def _placed(name: str, key: str, file: DatasetFile) -> DatasetPlace:
    candidates: list[tuple[Place, Path]] = []
    if not file.shipped and (mirror := os.environ.get(MIRROR)):
        candidates.append(("mirror", Path(mirror) / name / file.file))
    candidates += [
        ("shipped", shipped("datasets") / name / file.file),
        ("cache", cache_folder() / name / file.file),
    ]
    for place, path in candidates:
        if path.is_file():
            return DatasetPlace(key, file, place, path)
    return DatasetPlace(key, file, "to_fetch" if file.address else "not_available", None)


def locate(name: str) -> Path:
    """The file that NAME or NAME/KEY means on this machine.

    Looks into AUDITKIT_DATASETS_MIRROR for files that are not shipped, then into what ships, then into the
    cache. Raises DataError that says what to type, and what that would download, where it is in none of them.
    """
    folder, _, key = name.partition("/")
    found = dataset(folder)
    by_key = {place.key: place for place in found.files}
    if not key and len(by_key) == 1:
        key = next(iter(by_key))
    if key not in by_key:
        raise DataError(
            "The dataset {name} has no file {key}; it has: {names}.",
            name=folder,
            key=f'"{cut(key)}"',
            names=nearest(key, by_key),
        )
    place = by_key[key]
    if place.path is not None:
        return place.path
    file = place.file
    if file.address is None:
        raise DataError(
            "The file {file} of the dataset {name} is not shipped and has no address: put it into "
            "{folder} of the folder that {variable} names.",
            file=file.file,
            name=folder,
            folder=f"{folder}/",
            variable=MIRROR,
        )
    raise DataError(
        "The file {file} of the dataset {name} is not shipped. Type: auditkit datasets fetch {name}. "
        "It will download {bytes} bytes from {address}.",
        file=file.file,
        name=folder,
        bytes=file.bytes,
        address=file.address,
    )
