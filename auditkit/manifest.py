"""manifest.json: what went in and what came out, hashed, so that others can tell whether they hold the same.

It names files, never folders, users or machines; `auditkit verify` reads it back.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Collection, Mapping
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from auditkit.errors import InputError, cut
from auditkit.result import AuditResult
from auditkit.scorers.consent import Foreign, consent_hash
from auditkit.write.output_folder import MANIFEST, MANIFEST_SCHEMA

__all__ = [
    "hash_bytes",
    "hash_file",
    "hash_folder",
    "make_manifest",
    "manifest_bytes",
    "read_manifest",
    "versions",
]

_CHUNK = 1 << 20
_READERS = {
    "lightgbm": ("lightgbm",), "onnxruntime": ("onnxruntime",), "skops": ("skops",),
    "xgboost": ("xgboost", "xgboost-cpu"),
}  # fmt: skip
"""Packages that only some runs load, under the names that they are installed by."""


def hash_bytes(content: bytes) -> dict[str, Any]:
    """SHA-256 and size of some bytes.

    >>> hash_bytes(b"abc")["sha256"][:16], hash_bytes(b"abc")["bytes"]
    ('ba7816bf8f01cfea', 3)
    """
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def hash_file(path: Path) -> dict[str, Any]:
    """SHA-256 and size of a file, read a piece at a time."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return {"sha256": digest.hexdigest(), "bytes": size}


def hash_folder(folder: Path) -> str:
    """One SHA-256 for all files of a folder, by name."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{hash_file(path)['sha256']}\n".encode())
    return digest.hexdigest()


def make_manifest(
    result: AuditResult,
    *,
    audit: str,
    audit_file: Path,
    language: str,
    templates: Path,
    outputs: Mapping[str, bytes],
    durations: Mapping[str, float],
    consent: tuple[Foreign, ...] = (),
    commitments: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The manifest of one run. `audit` is what was asked for, as typed, where that is no absolute path.

    `consent` is what ran or left the machine because somebody allowed it; `commitments` the salted hash of each file
    that went in, where the salt is kept.
    """
    allowed = {"sha256": consent_hash(consent), "parts": [asdict(part) for part in consent]}
    return {
        "schema": MANIFEST_SCHEMA,
        "auditkit": result.version,
        "python": platform.python_version(),
        "packages": versions(),
        "engine": "duckdb",
        "language": language,
        "audit": {"asked": _relative(audit), "name": audit_file.name, **hash_file(audit_file)},
        "data": [asdict(source) | _committed(source.name, commitments or {}) for source in result.sources],
        **({"consent": allowed} if consent else {}),
        "templates": {"name": templates.name, "sha256": hash_folder(templates)},
        "outputs": {name: hash_bytes(content) for name, content in sorted(outputs.items())},
        "durations": {name: round(seconds, 3) for name, seconds in durations.items()},
    }


def _committed(name: str, commitments: Mapping[str, str]) -> dict[str, str]:
    return {"commitment": commitments[name]} if name in commitments else {}


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """The bytes of manifest.json."""
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder that a run wrote; InputError where there is none."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        if manifest["schema"] == MANIFEST_SCHEMA and isinstance(manifest["outputs"], dict):
            return manifest
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise InputError(
        "{folder} holds no manifest.json of auditkit; expected a folder that auditkit run wrote.",
        folder=cut(folder, 80),
    )


def _relative(audit: str) -> str | None:
    return None if Path(audit).is_absolute() or ".." in Path(audit).parts or audit.startswith("~") else audit


def versions(named: Collection[str] = ()) -> dict[str, str]:
    """The versions of the packages that auditkit asks for, as installed here, and of those that read the model.

    Those are the readers of models that are loaded, or `named`.
    """
    versions: dict[str, str] = {}
    for module, names in _READERS.items():
        for name in names if module in sys.modules else (name for name in names if name in named):
            if (version := _installed(name)) is not None:
                versions[name] = version
    try:
        lines = metadata.requires("auditkit") or []
    except metadata.PackageNotFoundError:  # a checkout that was never installed
        lines = []
    for line in lines:
        if "extra ==" not in line:
            name = line.split(";")[0].split(">")[0].split("=")[0].split("<")[0].split("[")[0].strip()
            versions[name] = metadata.version(name)
    return dict(sorted(versions.items()))


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
