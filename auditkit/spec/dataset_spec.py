"""dataset.yaml as a typed record: what a row is, what its columns mean, where its files come from."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from pydantic import Field, field_validator

from auditkit.spec.data_spec import Part
from auditkit.spec.load_spec import read_yaml, validate
from auditkit.spec.spec_words import Words
from auditkit.text import say

__all__ = ["DatasetColumn", "DatasetFile", "DatasetSpec", "load_dataset"]


class DatasetColumn(Part):
    """One column: what it means, and in what unit."""

    meaning: Words
    unit: Words | None = None


class DatasetFile(Part):
    """One file: its name, where it can be had, its SHA-256 and size, and whether it ships with auditkit."""

    file: str
    sha256: str
    bytes: int = Field(ge=0)
    shipped: bool
    address: str | None = None
    made_by: str | None = None

    @field_validator("file")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        if PurePosixPath(value).name != value or value in (".", "..") or "\\" in value:
            raise ValueError(say("expected the name of a file, without a folder"))
        return value

    @field_validator("sha256")
    @classmethod
    def _hash(cls, value: str) -> str:
        if not re.fullmatch(r"[0-9a-f]{64}", value):
            raise ValueError(say("expected the 64 hexadecimal digits of a SHA-256"))
        return value


class DatasetSpec(Part):
    """One dataset. `row` says what a row is; `files` are named by short keys."""

    title: Words
    row: Words
    source: Words
    licence: Words
    files: dict[str, DatasetFile]
    privacy: Words | None = None
    columns: dict[str, DatasetColumn] = {}


def load_dataset(path: Path) -> DatasetSpec:
    """The dataset that a dataset.yaml describes; SpecError with file, line and key where it is wrong."""
    content, lines = read_yaml(path)
    return validate(DatasetSpec, content, lines, path)
