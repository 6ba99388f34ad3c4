"""How large, how deep and how often repeated a YAML file may be: a few lines of it can stand for millions of values."""

from __future__ import annotations

import re
from pathlib import Path

from auditkit.errors import SpecError

__all__ = ["LARGEST_YAML", "require_shallow", "require_small"]

LARGEST_YAML = 1_000_000
"""The most bytes of a YAML file."""

_DEEPEST = 60
_MOST_VALUES = 100_000
_BEFORE_A_VALUE = re.compile(r"^[ \t?:-]*", re.MULTILINE)


def require_small(content: bytes, path: Path) -> None:
    """Refuse a file of more than a megabyte. Raises SpecError."""
    if len(content) > LARGEST_YAML:
        raise SpecError(
            "{file} holds more than {limit} bytes; an audit.yaml may hold so many.", file=path.name, limit=LARGEST_YAML
        )


def require_shallow(text: str, path: Path) -> None:
    """Refuse more than 60 levels, and aliases (*name) that stand for themselves or for too much. Raises SpecError.

    Most files show at a glance that they are neither deep nor hold an alias.
    """
    if not re.search(r"(^|[\s\[{,:?-])[&*][^\s,\[\]{}]", text) and not _may_be_deep(text):
        return
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    sizes: dict[str, int] = {}
    open_parts: list[list[object]] = []
    total = 0
    try:
        for event in YAML(typ="rt", pure=True).parse(text):
            kind, anchor = type(event).__name__, getattr(event, "anchor", None)
            if kind in ("MappingStartEvent", "SequenceStartEvent"):
                open_parts.append([anchor, 1])
                if len(open_parts) > _DEEPEST:
                    raise SpecError(
                        "{file}: more than {limit} levels stand in each other.", file=path.name, limit=_DEEPEST
                    )
                continue
            size = 1
            if kind in ("MappingEndEvent", "SequenceEndEvent"):
                anchor, counted = open_parts.pop()
                size = int(str(counted))
            elif kind == "AliasEvent":
                if any(part[0] == anchor for part in open_parts):
                    raise SpecError('{file}: "*{name}" stands for a part that holds it.', file=path.name, name=anchor)
                size = sizes.get(str(anchor), 1)
            elif kind != "ScalarEvent":
                continue
            if anchor and kind != "AliasEvent":
                sizes[str(anchor)] = size
            if open_parts:
                open_parts[-1][1] = int(str(open_parts[-1][1])) + size
            total = max(total, size)
            if total > _MOST_VALUES:
                raise SpecError(
                    "{file}: its aliases stand for more than {limit} values.", file=path.name, limit=_MOST_VALUES
                )
    except (YAMLError, ValueError, RecursionError):
        return  # its reader will say what is wrong with it


def _may_be_deep(text: str) -> bool:
    depth = deepest = 0
    for character in re.findall(r"[\[{\]}]", text):
        depth = depth + 1 if character in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest > _DEEPEST or max(map(len, _BEFORE_A_VALUE.findall(text)), default=0) > _DEEPEST
