"""Records to plain JSON values and back, and the JSON Schema of both, all from the records' own annotations.

Written once for every record, so that a field added to a record is in results.json, in its schema and in
what is read back, with no second list to keep. Numbers carry 12 significant digits; what is not a number is
null. A converter is made once for each type, since a result may hold a million numbers.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from auditkit.spec import Words
from auditkit.text import LANGUAGES, Message

__all__ = ["decode", "digits", "encode", "number", "schema_of"]

Converter = Callable[[Any], Any]

_UNWRITTEN = {("Estimate", "rows"), ("Regression", "smallest")}
"""Fields that disclosure needs and that no file may hold."""


_REMEMBERED = 2**17
"""The same numbers stand in results.json, in the tables and in the report: so many are converted only once."""


@lru_cache(maxsize=_REMEMBERED)
def number(value: float) -> int | float | None:
    """A number as the files carry it: 12 significant digits, whole numbers without a point.

    >>> number(0.1 + 0.2), number(3.0), number(float("inf"))
    (0.3, 3, None)
    """
    value = float(value)
    if not math.isfinite(value):
        return None
    if not (value.is_integer() and abs(value) < 1e12):
        value = float(f"{value:.12g}")
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


@lru_cache(maxsize=_REMEMBERED)
def digits(value: float) -> str:
    """A number as the files write it, empty where there is none.

    >>> digits(0.1 + 0.2), digits(3.0), digits(float("nan"))
    ('0.3', '3', '')
    """
    plain = number(value)
    return "" if plain is None else repr(plain)


_AS_IT_IS = frozenset({str, bool, type(None)})


def encode(value: Any) -> Any:
    """A record as plain JSON values."""
    if type(value) in _AS_IT_IS:
        return value
    if type(value) is float:
        return number(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, (tuple, list)):
        return [encode(entry) for entry in value]
    if isinstance(value, Message):
        return _encode_message(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {name: encode(getattr(value, name)) for name in _field_names(type(value))}
    if isinstance(value, Mapping):
        return {str(key): encode(entry) for key, entry in value.items()}
    if hasattr(value, "tolist"):  # numpy arrays and scalars
        return encode(value.tolist())
    return str(value)


def _encode_message(message: Message) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "template": message.template,
        "values": {key: _encode_blank(value) for key, value in message.values.items()},
    }
    if message.plural is not None:
        plain |= {"plural": message.plural, "count": message.count}
    if (words := getattr(message, "words", None)) is not None:
        plain["words"] = dict(words.root)
    return {language: _decode_message(plain).text(language) for language in LANGUAGES} | plain


def _encode_blank(value: Any) -> Any:
    if isinstance(value, Message):
        return {"message": _encode_message(value)}
    if isinstance(value, Words):
        return {"words": dict(value.root)}
    if isinstance(value, Path):
        return value.name
    if isinstance(value, float):
        return float(f"{value:.12g}") if math.isfinite(value) else str(value)
    if hasattr(value, "tolist"):
        return _encode_blank(value.tolist())
    return value if isinstance(value, (int, str)) else str(value)


def decode(kind: Any, plain: Any) -> Any:
    """The record of type `kind` that `plain` describes. Raises KeyError, TypeError, ValueError."""
    return _decoder(kind)(plain)


@lru_cache(maxsize=256)
def _decoder(kind: Any) -> Converter:
    """The converter of one type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return lambda plain: plain
    if kind is Message:
        return _decode_message
    if origin in (Union, types.UnionType):
        return _union(arguments)
    if origin is Literal:
        return _one_of(frozenset(arguments))
    if origin is tuple:
        inner = _decoder(arguments[0])
        return lambda plain: tuple([inner(entry) for entry in plain])
    if origin in (dict, Mapping):
        entry = _decoder(arguments[1])
        return lambda plain: {key: entry(value) for key, value in plain.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind)
    return _array if _is_array(kind) else _scalar(kind)


def _record(kind: type) -> Converter:
    hints = get_type_hints(kind)
    converters = [(name, _decoder(hints[name])) for name in _field_names(kind)]
    return lambda plain: kind(**{name: convert(plain[name]) for name, convert in converters})


def _union(kinds: tuple[Any, ...]) -> Converter:
    """The first kind that fits; a number that may be whole or not is tried as a whole one first."""
    converters = [_decoder(kind) for kind in sorted(kinds, key=lambda k: k is float) if kind is not type(None)]
    optional = type(None) in kinds

    def convert(plain: Any) -> Any:
        if plain is None and optional:
            return None
        if len(converters) == 1:
            return converters[0](plain)
        for converter in converters:
            try:
                return converter(plain)
            except (TypeError, ValueError, KeyError, AttributeError):
                continue
        raise ValueError(f"{plain!r} is none of {kinds}")

    return convert


def _one_of(values: frozenset[Any]) -> Converter:
    def convert(plain: Any) -> Any:
        if plain not in values:
            raise ValueError(f"{plain!r} is not one of {sorted(values)}")
        return plain

    return convert


def _scalar(kind: Any) -> Converter:
    def whole_or_not(plain: Any) -> Any:
        if type(plain) not in (int, float):
            raise TypeError(f"{plain!r} is not a number")
        return float(plain)

    def exactly(plain: Any) -> Any:
        if type(plain) is not kind:
            raise TypeError(f"{plain!r} is not {kind.__name__}")
        return plain

    return whole_or_not if kind is float else exactly


def _array(plain: Any) -> Any:
    import numpy

    return numpy.asarray([math.nan if entry is None else entry for entry in plain], dtype=float)


def _decode_message(plain: Any) -> Message:
    if "words" in plain:
        from auditkit.intake.exclusion_reasons import OwnWords

        return OwnWords(plain["template"], words=Words.model_validate(plain["words"]))
    values = {key: _decode_blank(value) for key, value in plain["values"].items()}
    return Message(plain["template"], values, plain.get("plural"), plain.get("count", 1))


def _decode_blank(value: Any) -> Any:
    if isinstance(value, dict):
        if "message" in value:
            return _decode_message(value["message"])
        return Words.model_validate(value["words"])
    return value


@lru_cache(maxsize=64)
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if (kind.__name__, field.name) not in _UNWRITTEN)


def _is_array(kind: Any) -> bool:
    return "ndarray" in str(kind)


def schema_of(kind: Any, definitions: dict[str, Any], extend: Callable[[type], dict[str, Any]]) -> Any:
    """The JSON Schema of what `encode` makes of a `kind`; records go to `definitions`, once each."""
    if kind is Any:
        return {}
    if kind is Message:
        return {"$ref": "#/$defs/Message"}
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(k, definitions, extend) for k in arguments]}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": schema_of(arguments[0], definitions, extend)}
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": schema_of(arguments[1], definitions, extend)}
    if isinstance(kind, type) and is_dataclass(kind):
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = {}
            hints = get_type_hints(kind)
            properties = extend(kind) | {
                name: schema_of(hints[name], definitions, extend) for name in _field_names(kind)
            }
            definitions[kind.__name__] = closed(properties, (kind.__doc__ or "").split("\n")[0])
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if _is_array(kind):
        return {"type": "array", "items": {"type": ["number", "null"]}}
    names = {float: "number", int: "integer", str: "string", bool: "boolean", type(None): "null"}
    return {"type": names[kind]}


def closed(properties: dict[str, Any], description: str = "") -> dict[str, Any]:
    """The schema of an object with exactly these properties."""
    text = {"description": description} if description else {}
    return text | {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
