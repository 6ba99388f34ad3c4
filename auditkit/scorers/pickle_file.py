"""Pickles: refused with the reason and the way out, and loaded only where a person names the hash of that very file."""

from __future__ import annotations

import io
import re
from typing import Any

from auditkit.errors import DataError, InputError, cut
from auditkit.scorers.consent import Foreign, consent_hash
from auditkit.scorers.model_file import ModelFile

__all__ = ["load_pickle"]

_DIGEST = re.compile(r"[0-9a-fA-F]{64}")


def load_pickle(file: ModelFile, allowed: str | None) -> Any:
    """What a pickle holds, where `allowed` is its own SHA-256. Reading it runs the program that is in it.

    Raises DataError, with the lines that convert the file, for every other pickle; InputError for what is no SHA-256.
    """
    if allowed is None:
        raise _refusal(file)
    if not _DIGEST.fullmatch(allowed):
        raise InputError(
            "--allow-unsafe-pickle expects the SHA-256 of the file, 64 hexadecimal digits; found {value}.",
            value=f'"{cut(allowed)}"',
        )
    if allowed.lower() != file.sha256:
        raise DataError(
            "{file} is not the pickle that --allow-unsafe-pickle allows: its SHA-256 is {found}, and {allowed} is "
            "allowed. It was not opened.",
            file=file.name,
            found=file.sha256,
            allowed=allowed.lower(),
        )
    import joblib

    try:
        return joblib.load(io.BytesIO(file.content))
    except (Exception, SystemExit) as error:  # a pickle runs a program, which may raise whatever it likes
        raise DataError(
            "{file} cannot be loaded ({problem}).",
            file=file.name,
            problem=cut(f"{type(error).__name__}: {error}", 120),
        ) from None


def _refusal(file: ModelFile) -> DataError:
    stem, _, ending = file.name.rpartition(".")
    name = f"{stem}-converted" if ending == "skops" else stem or file.name
    return DataError(
        "{file} is a pickle (or is named or packed as one): reading it would run any program that its maker put in, so "
        "it is never loaded by itself. Convert it once, on the machine and by the people that made it:\n"
        "import joblib, skops.io\n"
        'skops.io.dump(joblib.load("{file}"), "{target}")\n'
        "and name {target} in audit.yaml. Who trusts this very file may add: --trust {trust} (or --allow-unsafe-pickle "
        "{sha256})",
        file=file.name,
        target=f"{name}.skops",
        sha256=file.sha256,
        trust=consent_hash((Foreign("pickle", file.name, file.sha256),)),
    )
