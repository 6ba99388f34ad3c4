"""results.json: the whole of a result as a file, the same bytes for the same input on every run and engine.

It carries no clock but the audit's own `as_of`, no engine and no path, and all that the report needs: a
report can be rendered again from it without the data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path, PureWindowsPath
from typing import Any, TypeVar, get_type_hints

from auditkit.errors import InputError, cut
from auditkit.findings.finding import Estimate, Gap, Point
from auditkit.result import AnalysisResult, AuditResult, RightsResult, Source
from auditkit.spec import AuditSpec
from auditkit.spec.load_spec import analysis_spec
from auditkit.write.record_codec import closed, decode, digits, encode, number, schema_of

__all__ = ["SCHEMA", "as_written", "parse_results", "read_results", "results_json", "results_schema"]

SCHEMA = "auditkit/results/1"

_JOINED = {Estimate: ("attribute", "group"), Gap: ("attribute", "group", "reference_group")}
_RECORDS = ("estimates", "gaps", "points")
_OWN_KEYS = ("key", "spec", "counts")  # counts are personal data, for disclosure only
_LINE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_FILES = ("file", "data", "answers", "connection")


def results_json(result: AuditResult) -> bytes:
    """The bytes of results.json."""
    plain = {
        "schema": SCHEMA,
        "audit": {
            "version": result.version,
            "spec": _without_paths(result.spec.model_dump(mode="json", by_alias=True, exclude_unset=True)),
            "sources": encode(result.sources),
        },
        "analyses": {analysis.key: _encode_analysis(analysis) for analysis in result.analyses},
        "rights": encode(result.rights),
        "disclosure": {
            "minimum_count": result.spec.publish.minimum_count,
            "suppressed": encode(dict(sorted(result.suppressed.items()))),
        },
        "notes": encode(result.notes),
    }
    return "".join(_layout(plain, 0)).encode() + b"\n"


def read_results(path: Path) -> AuditResult:
    """The result that a results.json holds.

    Raises InputError where the file is missing, is not JSON, or was written by something else.
    """
    try:
        content = path.read_bytes()
    except OSError:
        raise InputError("There is no file {file}; expected the results.json of a run.", file=cut(path, 80)) from None
    return parse_results(content, path.name)


def parse_results(content: bytes, name: str) -> AuditResult:
    """The result that the bytes of a results.json hold; InputError, with the file's name, if they do not."""
    try:
        plain = json.loads(content)
    except ValueError as error:
        raise InputError("{file} is not JSON: {problem}.", file=name, problem=cut(error, 80)) from None
    found = plain.get("schema") if isinstance(plain, dict) else None
    if found != SCHEMA:
        raise InputError(
            '{file}: the schema is "{found}"; expected "{expected}".',
            file=name,
            found=cut(found),
            expected=SCHEMA,
        )
    try:
        return _decode_result(plain)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "{file} is not what a run wrote: {problem}.", file=name, problem=cut(repr(error), 80)
        ) from None


def as_written(result: AuditResult) -> AuditResult:
    """The result as results.json holds it: what `parse_results(results_json(result))` gives, without the way round.

    A report made from it is, byte for byte, the one that can be made again from the file.
    """
    light = [replace(a, estimates=(), gaps=(), points=(), counts=()) for a in result.analyses]
    read = parse_results(results_json(replace(result, analyses=tuple(light))), "results.json")
    analyses = [
        replace(
            plain,
            estimates=tuple(map(_rounded, analysis.estimates)),
            gaps=tuple(map(_rounded, analysis.gaps)),
            points=tuple(map(_rounded, analysis.points)),
        )
        for plain, analysis in zip(read.analyses, result.analyses, strict=True)
    ]
    return replace(read, analyses=tuple(analyses))


_Record = TypeVar("_Record", Estimate, Gap, Point)


def _rounded(record: _Record) -> _Record:
    """The record with its numbers at 12 digits. There may be a million: made without the checks of a constructor."""
    values = vars(record) | ({"rows": ()} if "rows" in vars(record) else {})
    for key, value in values.items():
        if type(value) is float:
            plain = number(value)
            values[key] = None if plain is None else float(plain)
    made = object.__new__(type(record))
    object.__setattr__(made, "__dict__", values)
    return made


def _encode_analysis(analysis: AnalysisResult) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name in (field.name for field in fields(analysis) if field.name not in _OWN_KEYS):
        value = getattr(analysis, name)
        plain[name] = [_encode_record(row) for row in value] if name in _RECORDS else encode(value)
    return plain


class _Line(str):
    """A record that is JSON already."""


def _encode_record(record: Estimate | Gap | Point) -> _Line:
    """What `encode` gives as JSON, for the records of which there may be a million, and their names joined."""
    kind: type = type(record)
    values = [getattr(record, name) for name in _JOINED.get(kind, ())] + list(vars(record).values())
    texts = [_AS_TEXT.get(type(value), _other)(value) for value in values]
    return _Line(_frame(kind, tuple(vars(record))) % tuple(texts))


@lru_cache(maxsize=8)
def _frame(kind: type, keys: tuple[str, ...]) -> str:
    """The line of a record with a place for each of its values; what no file may hold has a place that prints nothing.

    >>> _frame(Point, ("analysis", "value"))
    '{"analysis": %s, "value": %s}'
    """
    places = [f"{_quoted(key)}: %s" if key != "rows" else "%.0s" for key in (*_JOINED.get(kind, ()), *keys)]
    return "{" + ", ".join(places).replace(", %.0s", "%.0s") + "}"


def _list_text(values: tuple[Any, ...]) -> str:
    return f"[{', '.join([_quoted(entry) if type(entry) is str else _LINE(entry) for entry in values])}]"


def _other(value: Any) -> str:
    return _LINE(encode(value))


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return _LINE(text)


def _number_text(value: float) -> str:
    return digits(value) or "null"


_AS_TEXT: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    float: _number_text,
    str: _quoted,
    tuple: _list_text,
}


def _decode_result(plain: dict[str, Any]) -> AuditResult:
    spec = AuditSpec.model_validate(plain["audit"]["spec"])
    hints = get_type_hints(AnalysisResult)
    analyses = tuple(
        AnalysisResult(
            key=key,
            spec=analysis_spec(spec, key),
            **{name: decode(kind, entry[name]) for name, kind in hints.items() if name not in _OWN_KEYS},
        )
        for key, entry in plain["analyses"].items()
    )
    return AuditResult(
        spec=spec,
        analyses=analyses,
        sources=decode(tuple[Source, ...], plain["audit"]["sources"]),
        suppressed=plain["disclosure"]["suppressed"],
        notes=decode(get_type_hints(AuditResult)["notes"], plain["notes"]),
        version=plain["audit"]["version"],
        rights=decode(RightsResult | None, plain["rights"]),
    )


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
            yield ("," if i else "") + "\n" + " " * (depth + 1)
            yield entry if type(entry) is _Line else _LINE(entry)
        yield "\n" + " " * depth + "]"
    else:
        yield _LINE(value)


def results_schema() -> dict[str, Any]:
    """The JSON Schema of results.json; `auditkit/results_schema.json` is this, written out."""
    definitions: dict[str, Any] = {
        "Message": {
            "description": "A sentence in each language, and what it was made from.",
            "type": "object",
            "required": ["en", "template", "values"],
        }
    }

    def extend(kind: type) -> dict[str, Any]:
        return {name: {"type": "string"} for name in _JOINED.get(kind, ())}

    hints = get_type_hints(AnalysisResult)
    analysis = {name: schema_of(kind, definitions, extend) for name, kind in hints.items() if name not in _OWN_KEYS}
    definitions["Analysis"] = closed(analysis, "One analysis: main, or a named variation.")
    audit = {
        "version": {"type": "string"},
        "spec": {"type": "object", "description": "audit.yaml as it was understood."},
        "sources": schema_of(tuple[Source, ...], definitions, extend),
    }
    disclosure = {
        "minimum_count": {"type": "integer"},
        "suppressed": {"type": "object", "additionalProperties": {"type": "integer"}},
    }
    top = {
        "schema": {"const": SCHEMA},
        "audit": closed(audit),
        "analyses": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Analysis"}},
        "rights": schema_of(RightsResult | None, definitions, extend),
        "disclosure": closed(disclosure),
        "notes": {"type": "array", "items": {"$ref": "#/$defs/Message"}},
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA}
    return head | closed(top, "What a run of auditkit found.") | {"$defs": dict(sorted(definitions.items()))}


def schema_bytes() -> bytes:
    """The bytes of auditkit/results_schema.json."""
    return json.dumps(results_schema(), ensure_ascii=False, indent=1).encode() + b"\n"


def write_schema() -> None:
    """Write the JSON Schema into the package (`make schema`)."""
    (Path(__file__).parent.parent / "results_schema.json").write_bytes(schema_bytes())
