"""The YAML of the checklist as parsed.json holds it: parsing 24 files takes a second, and every run needs them all.

The YAML is what counts. Each entry of parsed.json names the SHA-256 of the file that it was made from, and one that is
not of the file as it stands now is not used. After a change of the YAML, `write_parsed` writes parsed.json anew.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["parsed_before", "parsed_now", "write_parsed"]

_NAME = "parsed.json"
_DATE = "$date"


def parsed_before(path: Path, text: bytes) -> Any:
    """What the file at `path`, with these bytes, holds; None where parsed.json does not know it.

    The file stands in data/ or one folder below it, beside or under parsed.json.
    """
    for folder in (path.parent, path.parent.parent):
        entry = _stored(folder / _NAME).get(path.relative_to(folder).as_posix())
        if entry is not None and entry["sha256"] == hashlib.sha256(text).hexdigest():
            return entry["content"]
    return None


@lru_cache(maxsize=4)
def _stored(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    found: dict[str, Any] = json.loads(file.read_bytes(), object_hook=_dated)
    return found


def _dated(entry: dict[str, Any]) -> Any:
    return date.fromisoformat(entry[_DATE]) if entry.keys() == {_DATE} else entry


def _plain(value: Any) -> Any:
    if type(value) is date:
        return {_DATE: value.isoformat()}
    raise TypeError(f"{value!r} cannot stand in {_NAME}")


def parsed_now(data: Path) -> bytes:
    """The parsed.json of a folder of YAML files as they stand."""
    from ruamel.yaml import YAML

    entries = {}
    for path in sorted([*data.glob("*.yaml"), *data.glob("*/*.yaml")]):
        text = path.read_bytes()
        content = YAML(typ="safe").load(text.decode("utf-8"))
        entries[path.relative_to(data).as_posix()] = {"sha256": hashlib.sha256(text).hexdigest(), "content": content}
    return json.dumps(entries, ensure_ascii=False, default=_plain, indent=0).encode() + b"\n"


def write_parsed(data: Path = Path(__file__).parent / "data") -> None:
    """parsed.json written anew beside the YAML."""
    (data / _NAME).write_bytes(parsed_now(data))
