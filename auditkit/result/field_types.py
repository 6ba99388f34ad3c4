"""What the fields of a result are made of, in memory and in results.json: numbers, sentences, arrays.

A number is written with 12 significant digits; what is no number is null. A sentence is written in every language,
beside what it was made from, so that it can be said in a language that comes later.
"""

from __future__ import annotations

import math
import string
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, PlainSerializer, PlainValidator, Strict, WithJsonSchema

from auditkit.spec.spec_words import OwnWords, Words
from auditkit.text import LANGUAGES, Message, say

__all__ = ["RECORD", "Array", "Flag", "Number", "Sentence", "Whole", "digits", "number"]

_LARGEST = 2**53
"""The largest whole number that JSON keeps exact everywhere."""

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


def _read_array(value: Any) -> NDArray[np.float64]:
    if isinstance(value, np.ndarray):
        return value
    if not isinstance(value, (list, tuple)) or any(type(entry) not in (int, float, type(None)) for entry in value):
        raise ValueError(say("expected a list of numbers"))
    return np.asarray([math.nan if entry is None else entry for entry in value], dtype=float)


def _write_array(value: NDArray[np.float64]) -> list[int | float | None]:
    return [number(entry) for entry in value.tolist()]


def _read_sentence(value: Any) -> Message:
    """The sentence that `_write_sentence` wrote. ValueError where it could not be said in every language."""
    if isinstance(value, Message):
        return value
    if not isinstance(value, dict):
        raise ValueError(say("expected a sentence: its template and its values"))
    if "template" not in value:  # a text that was written out, by language
        return OwnWords("", words=Words.model_validate(value.get("words", value)))
    template, plural, count, values = (value.get(key) for key in ("template", "plural", "count", "values"))
    count = 1 if count is None else count
    if not isinstance(template, str) or not isinstance(plural, str | None) or type(count) is not int:
        raise ValueError(say("expected a sentence: its template and its values"))
    if not isinstance(values, dict):
        raise ValueError(say("expected a sentence: its template and its values"))
    blanks = {key: _read_blank(entry) for key, entry in values.items()}
    for text in (template, plural or ""):
        _check_blanks(text, blanks)
    return Message(template, blanks, plural, count)


def _check_blanks(template: str, values: dict[str, Any]) -> None:
    """Nothing but named blanks that have a value: a file may not reach into what fills them."""
    for _, name, form, conversion in string.Formatter().parse(template):
        if name is not None and (name not in values or form or conversion):
            raise ValueError(say("the blank {blank} of a sentence has no value", blank=f"{{{name}}}"))


def _read_blank(value: Any) -> Any:
    if isinstance(value, dict):
        return _read_sentence(value.get("message", value))
    if not isinstance(value, (str, int, float)) or (isinstance(value, int) and abs(value) > _LARGEST):
        raise ValueError(say("expected a text or a number for a blank of a sentence"))
    return value


def _write_sentence(message: Message) -> dict[str, Any]:
    if type(message) is not Message:  # it alone knows how to write itself
        return {language: message.text(language) for language in LANGUAGES}
    plain: dict[str, Any] = {
        "template": message.template,
        "values": {key: _write_blank(value) for key, value in message.values.items()},
    }
    if message.plural is not None:
        plain |= {"plural": message.plural, "count": message.count}
    said = _read_sentence(plain)  # numbers with the digits that stand in the file
    return {language: said.text(language) for language in LANGUAGES} | plain


def _write_blank(value: Any) -> Any:
    if isinstance(value, Message):
        return {"message": _write_sentence(value)}
    if isinstance(value, Words):
        return {"words": dict(value.root)}
    if isinstance(value, Path):
        return value.name
    if isinstance(value, float):
        return float(f"{value:.12g}") if math.isfinite(value) else str(value)
    if hasattr(value, "tolist"):  # a number of numpy
        return _write_blank(value.tolist())
    return value if isinstance(value, (int, str)) else str(value)


_SENTENCE_SCHEMA = {
    "type": "object",
    "title": "Sentence",
    "description": "A sentence in each language; beside it what it was made from, unless a person wrote it.",
    "required": ["en"],
}
_ARRAY_SCHEMA = {"type": "array", "items": {"type": ["number", "null"]}}

Number = Annotated[float, Strict(), PlainSerializer(number, when_used="json"), WithJsonSchema({"type": "number"})]
Whole = Annotated[int, Strict(), Field(ge=-_LARGEST, le=_LARGEST)]
Flag = Annotated[bool, Strict()]
Sentence = Annotated[
    Message, PlainValidator(_read_sentence), PlainSerializer(_write_sentence), WithJsonSchema(_SENTENCE_SCHEMA)
]
Array = Annotated[
    NDArray[np.float64], PlainValidator(_read_array), PlainSerializer(_write_array), WithJsonSchema(_ARRAY_SCHEMA)
]

RECORD = ConfigDict(json_schema_serialization_defaults_required=True, json_schema_extra={"additionalProperties": False})
"""How every record of a result is written: all its fields, and none but them."""
