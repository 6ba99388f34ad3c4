"""What an audit.yaml would run, or would send rows to: nothing of it happens without consent to exactly that, by hash.

An audit may come from a stranger. A command, a function of Python, a pickle run as programs; an endpoint and a database
get rows or a password. Each is one line, kind TAB text TAB hash of its file; the consent is the SHA-256 of all lines.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from auditkit.errors import AuditkitError, InputError, cut
from auditkit.spec import AuditSpec
from auditkit.spec.data_spec import DataSpec
from auditkit.spec.load_spec import analysis_spec
from auditkit.spec.model_spec import ModelPart
from auditkit.text import Message, say

__all__ = ["Foreign", "consent_hash", "foreign_parts", "foreign_parts_of_model", "listed", "require_consent"]

_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_PORTS = {"http": 80, "https": 443, "postgresql": 5432, "postgres": 5432, "mysql": 3306, "sc": 15002, "spark": 7077}


@dataclass(frozen=True, order=True)
class Foreign:
    """Something that runs or leaves: `text` is the command as JSON, module:function, scheme://host:port or a file."""

    kind: str
    text: str
    sha256: str = "-"

    @property
    def line(self) -> str:
        """Its line in what the hash is made of."""
        return f"{self.kind}\t{self.text}\t{self.sha256}\n"


def foreign_parts(spec: AuditSpec, folder: Path) -> tuple[Foreign, ...]:
    """Everything in an audit that would run or leave this machine, each once, sorted; nothing is opened but to hash it.

    Raises SpecError or DataError for what is not there.
    """
    found: set[Foreign] = set()
    for name in ("main", *spec.analyses):
        one = analysis_spec(spec, name)
        for data in (one.data, *(group.data for group in one.groups.values())):
            if data is not None:
                found |= set(_of_data(data))
        if one.model is not None and one.data is not None:
            found |= set(foreign_parts_of_model(one.model, folder))
    if spec.probe is not None and spec.probe.file is None:
        found |= set(foreign_parts_of_model(spec.probe.as_model(), folder))
    return tuple(sorted(found))


def _of_data(data: DataSpec) -> Iterator[Foreign]:
    address = data.connection or ""
    if "://" in address and not address.startswith("duckdb:"):
        yield Foreign("connection", _host(address))
    if data.spark not in (None, "local"):
        yield Foreign("spark", _host(data.spark or ""))


def foreign_parts_of_model(part: ModelPart, folder: Path) -> Iterator[Foreign]:
    """What the model of an audit would run, or ask."""
    if part.command is not None:
        files = [folder / word for word in part.command if not Path(word).is_absolute() and _is_file(folder / word)]
        hashes = [_hash(file) for file in files]
        yield Foreign("command", json.dumps(part.command, ensure_ascii=False), hashes[0] if hashes else "-")
        for file, sha256 in list(zip(files, hashes, strict=True))[1:]:
            yield Foreign("file", file.name, sha256)
    if part.callable is not None:
        module = folder / Path(*part.callable.partition(":")[0].split("."))
        source = next((one for one in (module.with_suffix(".py"), module / "__init__.py") if _is_file(one)), None)
        yield Foreign("callable", part.callable, "-" if source is None else _hash(source))
    if part.endpoint is not None:
        yield Foreign("endpoint", _host(part.endpoint))
    if part.file is not None and _is_file(folder / part.file):
        from auditkit.scorers.model_file import read_model_file
        from auditkit.scorers.model_sniffing import PICKLE_ENDINGS, kind_of

        model = read_model_file(part.file, folder)
        if kind_of(model.content) == "pickle" or Path(model.name).suffix.lower() in PICKLE_ENDINGS:
            yield Foreign("pickle", model.name, model.sha256)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "-"


def _host(address: str) -> str:
    """Scheme, host and port of an address: never a user, a password, a path or what it asks for.

    >>> _host("postgresql://me:secret@db.example/rows?sslmode=off")
    'postgresql://db.example:5432'
    """
    try:
        parts = urlsplit(address)
        if "@" in address.replace(parts.netloc, "", 1) or parts.netloc.count("@") > 1:
            raise ValueError  # where a password ends cannot be told
        port = parts.port or _PORTS.get(parts.scheme.partition("+")[0])
        return f"{parts.scheme}://{parts.hostname or ''}{'' if port is None else f':{port}'}"
    except ValueError:
        return f"{address.partition('://')[0]}://?"


def consent_hash(parts: tuple[Foreign, ...]) -> str:
    """The one hash by which a person consents to all of these, and to nothing else.

    >>> consent_hash((Foreign("callable", "rule:score"),))[:16]
    '87e8d5f457ff8dea'
    """
    return hashlib.sha256("".join(sorted(part.line for part in parts)).encode("utf-8")).hexdigest()


def listed(parts: tuple[Foreign, ...]) -> Message:
    """What would run or leave, one a line, and the flag that allows exactly this."""
    return say(
        "This audit names what would run on this machine, or where rows would go:\n{list}\nWho has looked at each and "
        "trusts it all adds: --trust {sha256}",
        list="\n".join(f"  {part.kind}  {cut(part.text, 400)}  {part.sha256}" for part in parts),
        sha256=consent_hash(parts),
    )


def require_consent(spec: AuditSpec, folder: Path, trust: str | None, pickle: str | None = None) -> tuple[Foreign, ...]:
    """What the audit would run or send, where `trust` is the hash of exactly that.

    `pickle` allows a lone pickle by its own hash. Raises InputError with the list and the flag otherwise: nothing has
    run then.
    """
    parts = foreign_parts(spec, folder)
    if trust is not None and not _DIGEST.fullmatch(trust):
        raise InputError(
            "--trust expects the SHA-256 that auditkit check prints, 64 hexadecimal digits; found {value}.",
            value=f'"{cut(trust)}"',
        )
    if not parts or (trust is not None and trust.lower() == consent_hash(parts)):
        return parts
    alone = len(parts) == 1 and parts[0].kind == "pickle"
    if alone and (pickle is not None or trust is None):
        return parts  # the pickle's own door asks for its own hash, and says how to convert it
    raise _refusal(parts, trust)


def _refusal(parts: tuple[Foreign, ...], trust: str | None) -> AuditkitError:
    if trust is None:
        return InputError("{list}\nNothing of it has run.", list=listed(parts))
    return InputError(
        "{list}\nThe hash given after --trust is another one ({given}): something in the list has changed, or it "
        "belongs to another audit. Nothing of it has run.",
        list=listed(parts),
        given=cut(trust, 64),
    )
