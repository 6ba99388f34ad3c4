"""Tables that carry types or come as lines: JSON lines, SAS and Stata.

JSON values keep the text they were written with. SAS and Stata values are taken as stored: 1 stays 1 where
a value label says "Male" (a note says the labels), so that one audit.yaml fits every release.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from auditkit.errors import DataError, cut
from auditkit.intake.csv_text import check_columns
from auditkit.intake.file_source import FileSource
from auditkit.text import Message, say

__all__ = ["read_json_lines", "read_statistical"]


def read_json_lines(
    source: FileSource, missing_values: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, list[str | None]]]:
    """The columns of a file with one JSON object a line, as text; absent keys and null are missing.

    Raises DataError naming the line that is no object, and the key whose value is a list or an object.
    """
    missing = {"", *missing_values}
    columns: dict[str, list[str | None]] = {}
    count = 0
    for number, raw in enumerate(source.path.read_bytes().split(b"\n"), 1):
        if not raw.strip():
            continue
        for key, value in _object(source, number, raw).items():
            text = _json_text(source, number, key, value)
            values = columns.setdefault(key, [])
            values.extend([None] * (count - len(values)))
            values.append(None if text is None or text in missing else text)
        count += 1
    if not count:
        raise DataError("{file} is empty; expected one JSON object a line.", file=source.name)
    for values in columns.values():
        values.extend([None] * (count - len(values)))
    names = check_columns(list(columns), source.name, say("line {line}", line=1))
    return names, dict(zip(names, columns.values(), strict=True))


def _object(source: FileSource, number: int, raw: bytes) -> dict[str, Any]:
    def refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            raise ValueError("a key is given twice")
        return result

    try:
        value = json.loads(
            raw.decode("utf-8-sig"),
            parse_float=str,
            parse_int=str,
            parse_constant=str,
            object_pairs_hook=refuse_twice,
        )
    except (ValueError, RecursionError) as error:
        raise DataError(
            "{file}, line {line}: this is not JSON ({problem}); expected one object a line, in UTF-8.",
            file=source.name,
            line=number,
            problem=cut(error, 80),
        ) from None
    if not isinstance(value, dict):
        raise DataError(
            '{file}, line {line}: found {value}; expected an object such as {{"sex": "F"}}.',
            file=source.name,
            line=number,
            value=cut(value),
        )
    return value


def _json_text(source: FileSource, number: int, key: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    raise DataError(
        "{file}, line {line}, key {key}: found a list or an object; expected a text or a number.",
        file=source.name,
        line=number,
        key=f'"{cut(key)}"',
    )


def read_statistical(source: FileSource, encoding: str | None) -> tuple[Any, tuple[Message, ...]]:
    """A SAS or Stata file as a pandas frame of stored values, and notes on the value labels that it carries.

    Raises DataError where the file is damaged or cut off.
    """
    import pandas

    notes: list[Message] = []
    try:
        if source.path.name.lower().endswith(".dta"):
            frame = pandas.read_stata(source.path, convert_categoricals=False)
            with pandas.read_stata(source.path, iterator=True) as reader:
                labels = reader.value_labels()
            for name, names in labels.items():
                said = ", ".join(f"{value} = {cut(text)}" for value, text in list(names.items())[:6])
                notes.append(
                    say(
                        "{file}: the values are taken as stored; the label set {name} says: {labels}.",
                        file=source.name,
                        name=f'"{cut(name)}"',
                        labels=said,
                    )
                )
        else:
            kind = "xport" if source.path.name.lower().endswith(".xpt") else "sas7bdat"
            frame = (
                _read_transport(source, encoding)
                if kind == "xport"
                else pandas.read_sas(str(source.path), format="sas7bdat", encoding=encoding or "infer")
            )
    except (
        ValueError,
        KeyError,
        IndexError,
        OSError,
        EOFError,
        UnicodeError,
        TypeError,
        OverflowError,
    ) as error:
        raise DataError(
            "{file} cannot be read ({problem}): it is damaged or cut off. Copy it again, or export it as CSV.",
            file=source.name,
            problem=cut(error, 80),
        ) from None
    except Exception as error:  # struct.error, zlib.error: the readers raise whatever they trip over
        if type(error).__module__ in ("struct", "zlib"):
            raise DataError(
                "{file} cannot be read ({problem}): it is damaged or cut off. Copy it again, or export it as CSV.",
                file=source.name,
                problem=cut(error, 80),
            ) from None
        raise
    frame.columns = list(check_columns([str(c) for c in frame.columns], source.name, say("line {line}", line=1)))
    return frame, tuple(notes)


def _read_transport(source: FileSource, encoding: str | None) -> Any:
    """A SAS transport file, with the number of its rows worked out again.

    pandas takes every blank text in the last 80 bytes for padding and loses rows; only what follows the
    last byte that is not blank can be padding.
    """
    import pandas

    if source.path.read_bytes().count(b"HEADER RECORD*******MEMBER  HEADER RECORD") > 1:
        raise DataError(
            "{file} holds several tables; expected one. Export the one that is meant by itself, or as CSV.",
            file=source.name,
        )
    with pandas.read_sas(str(source.path), format="xport", encoding=encoding or "latin-1", iterator=True) as reader:
        inner: Any = reader
        start, length = inner.record_start, inner.record_length
        filled = len(source.path.read_bytes()[start:].rstrip(b" "))
        inner.nobs = -(-filled // length)
        return reader.read()
