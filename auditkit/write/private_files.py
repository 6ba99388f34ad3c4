"""What `--private` leaves inside: the exact report beside the published one, and `private.json` with the salt.

The published manifest carries SHA-256(salt, file) for each file of rows. Without the salt that proves nothing and gives
nothing away; with it anybody who holds the rows can show that they are the ones.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from auditkit.errors import InputError, cut
from auditkit.intake.hashing import sha256_of
from auditkit.protect.commitment import commitment
from auditkit.run import Private

__all__ = ["PRIVATE", "check_apart", "commitments", "private_json", "read_private"]

PRIVATE = "private.json"
SCHEMA = "auditkit/private/1"


def check_apart(private: Path, public: Path) -> None:
    """Refuse a private folder that would be published with the other, or that the other would replace."""
    one, other = private.absolute().resolve(), public.absolute().resolve()
    if one == other or one in other.parents or other in one.parents:
        raise InputError(
            "--private {private} and --out {public} are in one another, so that what stays inside would be published; "
            "name two folders apart.",
            private=cut(private, 80),
            public=cut(public, 80),
        )


def commitments(private: Private, salt: bytes) -> dict[str, str]:
    """The commitment to each file that was read, by name."""
    return {name: commitment(salt, path) for name, path in private.files}


def private_json(private: Private, salt: bytes, committed: Mapping[str, str], published: Mapping[str, bytes]) -> bytes:
    """The bytes of private.json: salt, plain hashes, and which sums are withheld for which reason."""
    files = {}
    for name, path in private.files:
        sha256, size = sha256_of(path)
        files[name] = {"sha256": sha256, "bytes": size, "commitment": committed[name]}
    content = {
        "schema": SCHEMA,
        "not_for_publication": True,
        "salt": salt.hex(),
        "files": files,
        "published": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(published.items())},
        "joined_groups": private.joined,
        "withheld": [asdict(one) for one in private.withheld],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def read_private(folder: Path) -> dict[str, Any]:
    """The private.json of a folder that `--private` wrote; InputError where there is none."""
    try:
        content: dict[str, Any] = json.loads((folder / PRIVATE).read_bytes())
        if content["schema"] == SCHEMA and len(bytes.fromhex(content["salt"])) and isinstance(content["files"], dict):
            return content
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise InputError(
        "{folder} holds no private.json of auditkit; expected a folder that auditkit run --private wrote.",
        folder=cut(folder, 80),
    )
