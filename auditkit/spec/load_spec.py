"""Reading audit.yaml: YAML 1.2 with its lines remembered, then the typed record, then clear sentences.

Nothing in a file is ever run: a tag such as !!python/object is refused before anything is built.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq, TaggedScalar
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from auditkit.errors import SpecError, cut, nearest
from auditkit.guard import reading, require_plain_file
from auditkit.spec.audit_spec import AuditSpec
from auditkit.spec.file_lines import shipped, shipped_names
from auditkit.spec.kinds.kind_keys import KindKeys
from auditkit.spec.spoken_texts import said_place
from auditkit.spec.yaml_limits import LARGEST_YAML, require_shallow, require_small
from auditkit.text import Message, say

__all__ = ["analysis_spec", "expected_words", "find_audit", "load_audit", "read_yaml", "validate"]

Lines = dict[tuple[str | int, ...], int]
_Model = TypeVar("_Model", bound=BaseModel)
_DATA = frozenset(".csv .tsv .xlsx .xls .ods .parquet .jsonl .pdf .docx .doc .odt .html .zip .gz".split())

_TYPES = ("float", "int", "str", "bool")
_OVERRIDABLE = frozenset(
    "unit same apart confirm name data keep score selected outcome observed weight cluster pair missing_values "
    "groups crossed strata measures primary sweep score_bins stages prediction confidence bootstrap verdict "
    "regressions unstated".split()
)


def find_audit(name: str) -> Path:
    """The audit.yaml meant by a name in audits/, a folder or a file."""
    path = Path(name)
    try:
        for candidate in (path, path / "audit.yaml", shipped("audits") / name / "audit.yaml"):
            if candidate.is_file():
                return candidate
        if path.exists() and not path.is_dir():
            require_plain_file(path)
        beside = list(path.parent.glob("*.y*ml")) if path.parent.is_dir() else []
    except (OSError, ValueError) as error:
        raise SpecError(
            "{file} cannot be read ({problem}).",
            file=f'"{cut(name, 80)}"',
            problem=cut(getattr(error, "strerror", None) or error, 80),
        ) from None
    known = [*(str(file) for file in beside), *shipped_names("audits")]
    raise SpecError(
        "There is no audit {name}: expected a file, a folder with an audit.yaml, or one of {names}.",
        name=f'"{cut(name, 80)}"',
        names=nearest(name, known),
    )


def load_audit(path: Path) -> AuditSpec:
    """The audit that a file describes, every analysis of it checked.

    Raises SpecError with file, line, key, what was found and what was expected.
    """
    content, lines = read_yaml(path)
    if isinstance(content.get("released"), dict) and isinstance(content.get("audit"), dict):
        content, lines = content["audit"], {}  # a released table carries its audit
    spec = validate(AuditSpec, content, lines, path)
    for name in spec.analyses:
        analysis_spec(spec, name, path, lines)
    return spec


def analysis_spec(spec: AuditSpec, name: str, path: Path | None = None, lines: Lines | None = None) -> AuditSpec:
    """The audit as one named analysis sees it: what the analysis names, the rest as in `main`."""
    if name == "main":
        return spec
    changes = spec.analyses[name]
    place = path or Path("audit.yaml")
    for key in changes:
        if key not in _OVERRIDABLE:
            raise SpecError(
                '{where}: an analysis cannot change "{key}"; it can change {known}.',
                where=_where(place, (lines or {}).get(("analyses", name, key))),
                key=cut(key),
                known=nearest(key, sorted(_OVERRIDABLE)),
            )
    content = spec.model_dump(by_alias=True, exclude_unset=True) | changes | {"analyses": {}, "search": None}
    content = {key: value for key, value in content.items() if key in changes or key not in KindKeys.model_fields}
    shifted = {k[2:]: v for k, v in (lines or {}).items() if k[:2] == ("analyses", name)}
    return validate(AuditSpec, content, shifted, place)


def read_yaml(path: Path) -> tuple[dict[str, Any], Lines]:
    """A YAML file as plain values, and the line on which each key stands."""
    if path.suffix.lower() in _DATA:
        raise SpecError(
            "{file} is no audit.yaml but data or a document; auditkit init makes an audit.yaml from a table, auditkit "
            "init --documents FOLDER from documents.",
            file=path.name,
        )
    require_plain_file(path)
    try:
        with path.open("rb") as file:
            content_bytes = file.read(LARGEST_YAML + 1)
        require_small(content_bytes, path)
        text = content_bytes.decode("utf-8-sig")
        require_shallow(text, path)
    except FileNotFoundError:
        raise SpecError("There is no file {file}.", file=path) from None
    except IsADirectoryError:
        raise SpecError("{file} is a folder; expected a file.", file=path) from None
    except OSError as error:
        raise SpecError(
            "{file} cannot be read ({problem}).", file=cut(path.name, 80), problem=cut(error.strerror or error, 80)
        ) from None
    except UnicodeDecodeError as error:
        raise SpecError(
            "{file}: byte {byte} is not UTF-8; save the file as UTF-8.", file=path.name, byte=error.start + 1
        ) from None
    with reading(path.name):
        return _read(text, path)


def _read(text: str, path: Path) -> tuple[dict[str, Any], Lines]:
    yaml = YAML(typ="rt")
    yaml.allow_duplicate_keys = False
    try:
        loaded = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SpecError(
            "{where}: this is not YAML: {problem}. Put quotes round a text that holds a colon, "
            "indent with spaces, never with tabs, and begin keys of one level in one column.",
            where=_where(path, None if mark is None else mark.line + 1),
            problem=cut((error.problem or "").split("\n")[0], 120),
        ) from None
    except (YAMLError, ValueError) as error:
        raise SpecError(
            "{where}: this is not YAML: {problem}. Put quotes round a text that holds a colon, "
            "indent with spaces, never with tabs, and begin keys of one level in one column.",
            where=path.name,
            problem=cut(str(error).split("\n")[0], 120),
        ) from None
    if not isinstance(loaded, CommentedMap):
        raise SpecError("{file}: expected keys such as title, system and data.", file=path.name)
    lines: Lines = {}
    try:
        content = _plain(loaded, (), lines, path)
    except ValueError as error:
        raise SpecError("{where}: {problem}.", where=path.name, problem=error.args[0]) from None
    assert isinstance(content, dict)
    return content, lines


def _plain(node: Any, at: tuple[str | int, ...], lines: Lines, path: Path) -> Any:
    tag = getattr(node, "tag", None)
    name = getattr(tag, "value", None)
    if (
        isinstance(node, TaggedScalar)
        or (name and not str(name).startswith("tag:yaml.org,2002:"))
        or (name and "python" in str(name))
    ):
        line = lines.get(at) or (node.lc.line + 1 if hasattr(node, "lc") else None)
        raise SpecError(
            "{where}: the tag {tag} is refused; an audit holds plain texts, numbers and lists.",
            where=_where(path, line),
            tag=cut(name or "!"),
        )
    if isinstance(node, CommentedMap):
        result: dict[Any, Any] = {}
        before: Any = None
        for key, value in node.items():
            plain_key = _scalar(key)
            if value is None and isinstance(plain_key, int) and isinstance(before, int) and node.fa.flow_style():
                raise SpecError(
                    "{where}: a comma ends an entry, so that this number was read as two; write it with a point, such "
                    "as 0.55.",
                    where=_where(path, node.lc.line + 1 if hasattr(node, "lc") else None),
                )
            before = value
            if (position := node.lc.data.get(key) if node.lc.data else None) is not None:
                lines[(*at, plain_key)] = position[0] + 1
            result[plain_key] = _plain(value, (*at, plain_key), lines, path)
        return result
    if isinstance(node, CommentedSeq):
        for i in range(len(node)):
            if node.lc.data and i in node.lc.data:
                lines[(*at, i)] = node.lc.data[i][0] + 1
        return [_plain(value, (*at, i), lines, path) for i, value in enumerate(node)]
    return _scalar(node)


def _scalar(node: Any) -> Any:
    if isinstance(node, str) and not node.isascii() and any(0xD800 <= ord(c) <= 0xDFFF for c in node):
        raise ValueError(say("half of a character stands in a text (such as \\ud800); write the whole of it"))
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, datetime):
        return node if node.time().isoformat() != "00:00:00" else node.date()
    if isinstance(node, date):
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return str(node)


def validate(model: type[_Model], content: dict[str, Any], lines: Lines, path: Path) -> _Model:
    """The typed record of a file's content, or a SpecError about the first thing that is wrong."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        found = error.errors()
        # An unknown key explains more than the keys that are missing for it.
        first = min(found, key=lambda e: (e["type"] != "extra_forbidden", len(found)))
        raise SpecError(_sentence(model, dict(first), lines, path)) from None


def _sentence(model: type[BaseModel], error: dict[str, Any], lines: Lines, path: Path) -> Message:
    location = said_place(tuple(error["loc"]))
    known = [part for part in location if (part,) in lines or not isinstance(part, str) or part.islower()]
    if known and known[-1] in _TYPES and tuple(known) not in lines:
        known.pop()  # pydantic's name for one of several types that were tried
    line = None
    for end in range(len(known), 0, -1):
        if (line := lines.get(tuple(known[:end]))) is not None:
            break
    where = _where(path, line)
    shown = ".".join(str(part) for part in known) or path.name
    value = error.get("input")
    if error["type"] == "extra_forbidden":
        parent = tuple(p for p in location[:-1])
        return say(
            '{where}: the key "{key}" is not known here; the nearest known: {known}.',
            where=where,
            key=cut(location[-1]),
            known=nearest(str(location[-1]), _keys_at(model, parent)),
        )
    if error["type"] == "missing":
        return say('{where}: the key "{key}" is missing.', where=where, key=shown)
    if error["type"] == "value_error":
        reason = error["ctx"]["error"].args[0]
        if not location:
            return say("{where}: {reason}.", where=where, reason=reason)
        return say("{where}: {key}: {reason}.", where=where, key=shown, reason=reason)
    return say(
        '{where}: {key} is "{value}"; expected {expected}.',
        where=where,
        key=shown,
        value=cut(value),
        expected=expected_words(error),
    )


def expected_words(error: dict[str, Any]) -> Message:
    """What pydantic wanted in the place of what it found, as a part of a sentence."""
    match error["type"]:
        case "literal_error" | "enum":
            choices = error["ctx"]["expected"].replace("'", '"').replace(" or ", ", ")
            return say("one of {choices}", choices=choices)
        case "finite_number":
            return say("a finite number")
        case "float_parsing" | "float_type" | "int_parsing" | "int_type" | "int_from_float":
            plain = _as_numbers_are_written(error.get("input"))
            if plain is not None:
                return say("a number without comma or space: {number}", number=plain)
            return say("a number")
        case "string_type":
            return say("a text")
        case "bool_parsing" | "bool_type":
            return say("true or false")
        case "list_type" | "tuple_type":
            return say("a list")
        case "dict_type" | "model_type" | "model_attributes_type":
            return say("keys and values")
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            context = error["ctx"]
            sign = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
            limit = " ".join(f"{sign[k]} {v}" for k, v in context.items() if k in sign)
            return say("a number {limit}", limit=limit)
        case "date_type" | "date_parsing" | "date_from_datetime_parsing" | "date_from_datetime_inexact":
            return say("a date such as 2026-11-21")
        case "too_short" | "too_long":
            return say("another number of entries")
        case _:
            return say("another value")


def _as_numbers_are_written(value: Any) -> str | None:
    """A number with a decimal comma, or with spaces between thousands, as YAML has it; None for anything else.

    >>> _as_numbers_are_written("0,55"), _as_numbers_are_written("12 500,5"), _as_numbers_are_written("1,2,3")
    ('0.55', '12500.5', None)
    """
    if not isinstance(value, str):
        return None
    text = re.sub(r"[ \u00a0\u202f]", "", value.strip())
    return text.replace(",", ".") if re.fullmatch(r"[+-]?\d+(,\d+)?", text) else None


def _where(path: Path, line: int | None) -> Message | str:
    return path.name if line is None else say("{file}, line {line}", file=path.name, line=line)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation may hold."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType, Annotated, list, tuple):
        for argument in get_args(annotation):
            yield from _models(argument)
    elif origin in (dict, Mapping):
        yield from _models(get_args(annotation)[1])
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation


def _keys_at(model: type[BaseModel], location: tuple[Any, ...]) -> list[str]:
    """The keys known at a place of the file."""
    models: list[type[BaseModel]] = [model]
    for part in location:
        inner = [
            found
            for candidate in models
            for key, field in candidate.model_fields.items()
            if part in (key, field.alias)
            for found in _models(field.annotation)
        ]
        named = [candidate for candidate in models if candidate.__name__ == part]
        models = inner or named or models
    fields = (item for candidate in models for item in candidate.model_fields.items())
    return sorted({field.alias or key for key, field in fields})
