"""results.json: the whole of a result as a file, the same bytes for the same input on every run and engine.

It carries no clock but the audit's own `as_of`, no engine and no path, and all that the report needs: a
report can be rendered again from it without the data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PureWindowsPath
from typing import Any

from auditkit.result import AuditResult
from auditkit.result.read_results import parse_results
from auditkit.result.results_file import SCHEMA, Audit, Disclosure, Document, adapter

__all__ = ["as_written", "results_json"]

_LINE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_FILES = ("file", "data", "answers", "connection")


def results_json(result: AuditResult) -> bytes:
    """The bytes of results.json."""
    spec = _without_paths(result.spec.model_dump(mode="json", by_alias=True, exclude_unset=True))
    content = Document(
        schema=SCHEMA,
        audit=Audit(result.version, spec, () if result.spec.publish.minimum_count > 0 else result.sources),
        analyses={analysis.key: analysis for analysis in result.analyses},
        rights=result.rights,
        disclosure=Disclosure(
            result.spec.publish.minimum_count, dict(sorted(result.suppressed.items())), result.internal
        ),
        notes=result.notes,
    )
    return "".join(_layout(adapter().dump_python(content, mode="json"), 0)).encode() + b"\n"


def as_written(result: AuditResult) -> AuditResult:
    """The result as results.json holds it, so that a report made from it can be made again from the file."""
    return parse_results(results_json(result), "results.json")


def _without_paths(content: Any) -> Any:
    """The spec with files outside the audit's folder reduced to their names."""
    if isinstance(content, list):
        return [_without_paths(entry) for entry in content]
    if not isinstance(content, dict):
        return content
    return {
        key: _name(value) if key in _FILES and isinstance(value, str) else _without_paths(value)
        for key, value in content.items()
    }


def _name(file: str) -> str:
    path = PureWindowsPath(file)  # takes both kinds of slash
    outside = path.is_absolute() or file.startswith(("/", "\\", "~")) or ".." in path.parts
    return path.name if outside else file


def _layout(value: Any, depth: int) -> Iterator[str]:
    """JSON with one record a line, so that two results can be compared line by line."""
    if isinstance(value, dict) and value and depth < 3:
        yield "{"
        for i, (key, entry) in enumerate(value.items()):
            yield ("," if i else "") + "\n" + " " * (depth + 1) + _LINE(key) + ": "
            yield from _layout(entry, depth + 1)
        yield "\n" + " " * depth + "}"
    elif isinstance(value, list) and value and depth < 4:
        yield "["
        for i, entry in enumerate(value):
            yield ("," if i else "") + "\n" + " " * (depth + 1) + _LINE(entry)
        yield "\n" + " " * depth + "]"
    else:
        yield _LINE(value)
