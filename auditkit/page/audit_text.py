"""The audit.yaml that the page writes: keys put in, comments and order kept, and what a screen wrote of it shown."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from auditkit.rights.answers import open_round_trip, replace_file

__all__ = ["cleared", "content_of", "merged", "patched", "shown_lines"]

_ADDED_TO = frozenset({"same", "apart", "confirm"})
"""Keys whose lists grow: an answer to one doubt leaves the answer to another alone."""


def content_of(path: Path) -> Any:
    """What audit.yaml says, as plain mappings; empty where there is none yet."""
    return open_round_trip(path)[1] or {}


def patched(path: Path, patch: Mapping[str, Any], comment: str | None = None) -> None:
    """The keys of `patch` put into audit.yaml, the rest left alone; `comment` stands behind each key at the top."""
    yaml, content = open_round_trip(path)
    merged(content, patch)
    if comment is not None:
        for key in patch:
            content.yaml_add_eol_comment(comment, key)
    replace_file(path, yaml, content)


def cleared(path: Path, places: Sequence[tuple[str, ...]]) -> None:
    """Keys taken out, each by its place; what is not there is left at that."""
    yaml, content = open_round_trip(path)
    for place in places:
        part: Any = content
        for key in place[:-1]:
            part = part.get(key) if isinstance(part, Mapping) else None
        if isinstance(part, dict) and place[-1] in part:
            del part[place[-1]]
    replace_file(path, yaml, content)


def merged(content: Any, patch: Mapping[str, Any]) -> Any:
    """`content` with the keys of `patch` put in, in place: parts of parts, and lists that grow."""
    for key, value in patch.items():
        known = content.get(key)
        if isinstance(value, Mapping) and isinstance(known, dict):
            merged(known, value)
        elif key in _ADDED_TO and isinstance(known, list):
            known += [one for one in value if one not in known]
        else:
            content[key] = _plain(value)
    return content


def _plain(value: Any) -> Any:
    """Tuples and messages of a patch as what YAML can hold."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def shown_lines(text: str, before: str | None) -> list[tuple[str, bool]]:
    """Each line that is not a comment alone, and whether it was written since `before`."""
    kept = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    old = [line for line in (before or "").split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if before is None:
        return [(line, False) for line in kept]
    new = set()
    for tag, _, _, first, last in difflib.SequenceMatcher(None, old, kept, autojunk=False).get_opcodes():
        if tag in ("insert", "replace"):
            new |= set(range(first, last))
    return [(line, place in new) for place, line in enumerate(kept)]
