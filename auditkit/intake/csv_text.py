"""Text tables (CSV and its kin): encoding, separator, header and line ends found from the first lines.

The fields themselves are read by DuckDB; other
encodings than UTF-8 and Latin-1, and files that mix line ends, are read by Python, with the same rules.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from auditkit.errors import DataError, cut
from auditkit.intake.database import exact, literal
from auditkit.intake.file_format import format_of
from auditkit.intake.file_source import FileSource
from auditkit.intake.repeated_keys import numbered_columns
from auditkit.intake.title_lines import title_lines
from auditkit.spec import DataSpec
from auditkit.text import Message, say

__all__ = [
    "TextLayout",
    "check_columns",
    "explain_text",
    "guess_encoding",
    "layout_of",
    "read_text",
    "read_whole",
    "scan_expression",
    "separator_of",
    "unclear_quotes",
]

_SAMPLE = 1 << 18
_SEPARATORS = (",", ";", "\t", "|")
_DUCKDB_ENCODINGS = {"utf-8": "utf-8", "iso8859-1": "latin-1"}


@dataclass(frozen=True)
class TextLayout:
    """How a text table is laid out; `mixed` says that its first lines mix line ends."""

    columns: tuple[str, ...]
    separator: str
    encoding: str
    mixed: bool
    header_row: int
    notes: tuple[Message, ...] = ()

    @property
    def direct(self) -> bool:
        """Whether DuckDB can read the file by itself."""
        return self.encoding in _DUCKDB_ENCODINGS and not self.mixed


def layout_of(source: FileSource, data: DataSpec) -> TextLayout:
    """What the first lines of a text table tell: separator, encoding, columns.

    Raises DataError for an empty file, a wrong encoding, and column names that are empty or given twice.
    """
    encoding = _codec(data.encoding, source)
    text = _sample(source, encoding)
    if not text.strip("\r\n\t ;,|"):
        raise DataError("{file} is empty; expected a line of column names and rows.", file=source.name)
    skip = (data.header_row or 1) - 1
    lines = io.StringIO(text, newline="").readlines()
    declared = re.fullmatch(r"sep=(.)\s*", lines[0]) if data.header_row is None else None
    given = data.separator or (declared[1] if declared else None)
    skip += 1 if declared else 0
    separator = _separator(given, source) or _sniffed("".join(lines[skip:]), source)
    if data.header_row is None:
        skip += title_lines("".join(lines[skip:]), separator)
    body = "".join(lines[skip:])
    header = _first_record(body, separator, source, skip + 1)
    while len(header) > 1 and header[-1] == "":
        header.pop()  # a separator at the end of every line
    notes: list[Message] = []
    if data.repeated_columns == "numbered":
        header, notes = numbered_columns(header, source.name)
    columns = check_columns(header, source.name, say("line {line}", line=skip + 1))
    if skip and data.header_row is None:
        notes.append(say("{file}: the column names stand in {place}.", file=source.name,
                         place=say("line {line}", line=skip + 1)))  # fmt: skip
    if data.separator is None and separator != ",":
        notes.append(say("{file}: fields are separated by {separator}.", file=source.name, separator=_said(separator)))
    return TextLayout(columns, separator, encoding, _mixes_line_ends(text), skip + 1, tuple(notes))


def _first_record(body: str, separator: str, source: FileSource, line: int) -> list[str]:
    """The record that holds the column names."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
    try:
        header = next((row for row in reader if row), None)
    except csv.Error as error:
        raise unclear_quotes(source, line, cut(error, 80)) from None
    if header is None:
        raise DataError(
            "{file}: there is no line {line} to hold the column names (header_row).",
            file=source.name,
            line=line,
        )
    return header


def unclear_quotes(source: FileSource, line: int, problem: str) -> DataError:
    """The refusal of a line whose fields cannot be told apart."""
    return DataError(
        "{file}, line {line}: the quotes or line ends cannot be made out ({problem}); a field that "
        "holds quotes is written in quotes, with each quote doubled.",
        file=source.name,
        line=line,
        problem=problem,
    )


def check_columns(names: Sequence[str], file: str, where: Message) -> tuple[str, ...]:
    """The column names, trimmed, an empty one by its number; DataError where one is given twice (capitals do not
    tell them apart)."""
    seen: dict[str, str] = {}
    trimmed = [str(name).strip().lstrip("\ufeff").replace("\r\n", "\n") for name in names]
    for number, name in enumerate(trimmed, 1):
        if not name:
            name = f"column {number}"  # a corner left blank, row numbers of R, a spacer
            trimmed[number - 1] = name
        if name.lower() in seen:
            raise DataError(
                "{file}, {where}: the column names {first} and {second} cannot be told apart; rename one.",
                file=file,
                where=where,
                first=f'"{cut(seen[name.lower()])}"',
                second=f'"{cut(name)}"',
            )
        seen[name.lower()] = name
    return tuple(trimmed)


def scan_expression(path: Path, layout: TextLayout, missing_values: Sequence[str]) -> str:
    """The FROM item by which DuckDB scans the file: every column text, strict, missing as told."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in layout.columns)
    nulls = ", ".join(literal(value) for value in dict.fromkeys(["", *missing_values]))
    options = {
        "auto_detect": "false",
        "header": "true",
        "skip": str(layout.header_row - 1),
        "columns": "{" + columns + "}",
        "delim": literal(layout.separator),
        "quote": literal('"'),
        "escape": literal('"'),
        "encoding": literal(_DUCKDB_ENCODINGS[layout.encoding]),
        "nullstr": f"[{nulls}]",
        "strict_mode": "true",
    }
    return f"read_csv({literal(exact(path))}, {', '.join(f'{k}={v}' for k, v in options.items())})"


def read_text(source: FileSource, layout: TextLayout, missing_values: Sequence[str]) -> dict[str, list[str | None]]:
    """The columns of a text table, read by Python; missing values are None.

    Raises DataError naming the line of a ragged row, of an open quote or of bytes in another encoding.
    """
    missing = {"", *missing_values}
    rows = [row for _, row in _records(source, layout)]
    return {name: [None if row[i] in missing else row[i] for row in rows] for i, name in enumerate(layout.columns)}


def read_whole(source: FileSource, encoding: str | None) -> str:
    """A small text file as one text; DataError naming the byte that is not of its encoding."""
    with _opened(source, _codec(encoding, source)) as file:
        return file.read()


def separator_of(text: str, given: str | None, source: FileSource) -> str:
    """The separator given, or the one that splits the lines best, title lines and footnotes among them."""
    found = _separator(given, source)
    if found is not None or source.path.name.lower().endswith((".tsv", ".tsv.gz")):
        return found or "\t"
    widths: dict[str, int] = {}
    for separator in _SEPARATORS:
        try:
            counts = [len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
        except csv.Error:
            continue
        # The width that most rows have, weighed by the number of such rows: titles and notes count little.
        common = max((width for width in counts if width > 1), key=counts.count, default=1)
        widths[separator] = counts.count(common) if common > 1 else 0
    return max(widths, key=lambda separator: widths[separator], default=",")


def explain_text(source: FileSource, layout: TextLayout) -> DataError | None:
    """Why a text table could not be read: the first line that is wrong, found by reading it again slowly."""
    try:
        for _ in _records(source, layout):
            pass
    except DataError as error:
        return error
    return None


def _records(source: FileSource, layout: TextLayout) -> Iterator[tuple[int, list[str]]]:
    """Each data row with the line it ends on, checked as DuckDB's strict mode does."""
    width = len(layout.columns)
    with _opened(source, layout.encoding) as file:
        for _ in range(layout.header_row - 1):
            file.readline()
        reader = csv.reader(file, delimiter=layout.separator, strict=True)
        start, header_seen = layout.header_row - 1, False
        while True:
            line = start + reader.line_num + 1
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise unclear_quotes(source, line, cut(error, 80)) from None
            if row is None:
                return
            if not row or (not header_seen):
                header_seen = header_seen or bool(row)
                continue
            if len(row) == width + 1 and row[-1] == "":
                row.pop()
            if len(row) != width:
                raise DataError(
                    "{file}, line {line}: the number of fields is {found}; expected {expected}, as in the line of "
                    "column names. A field that holds the separator is written in quotes.",
                    file=source.name,
                    line=line,
                    found=len(row),
                    expected=width,
                )
            yield line, row


@contextmanager
def _opened(source: FileSource, encoding: str) -> Iterator[IO[str]]:
    """The file as text; DataError where its bytes are of another encoding or the compression is broken."""
    csv.field_size_limit(1 << 30)
    try:
        with _binary(source.path) as raw:
            name = "utf-8-sig" if encoding == "utf-8" else encoding
            with io.TextIOWrapper(raw, encoding=name, newline="") as file:
                yield file
    except UnicodeError:
        raise _wrong_encoding(source, encoding) from None
    except (EOFError, OSError, zlib.error) as error:
        raise _unreadable(source, error) from None


def _binary(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if path.name.lower().endswith(".gz") else path.open("rb")


def _unreadable(source: FileSource, error: Exception) -> DataError:
    return DataError(
        "{file} cannot be read to its end: it is damaged or was cut off ({problem}). Copy or download it again.",
        file=source.name,
        problem=cut(error, 80),
    )


def _sample(source: FileSource, encoding: str) -> str:
    try:
        with _binary(source.path) as raw:
            content = raw.read(_SAMPLE)
            whole = not raw.read(1)
    except (EOFError, OSError, zlib.error) as error:
        raise _unreadable(source, error) from None
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()
    try:
        text = decoder.decode(content, final=whole)
    except UnicodeError:
        raise _wrong_encoding(source, encoding) from None
    # A sample cut in the middle of a line would look ragged.
    return text if whole or "\n" not in text else text[: text.rindex("\n") + 1]


def _wrong_encoding(source: FileSource, encoding: str) -> DataError:
    """Which byte of which line is not of the encoding, and which one to try."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, done, found = 1, 0, b""
    with _binary(source.path) as raw:
        for chunk in raw:
            try:
                decoder.decode(chunk)
            except UnicodeError as error:
                at = getattr(error, "start", 0)
                found, done = chunk[at : at + 1], done + at
                break
            line, done = line + 1, done + len(chunk)
    return DataError(
        "{file}, line {line}: byte {byte} of the file ({value}) is not {encoding}. Say which encoding it "
        "is under data, most often {proposal}.",
        file=source.name,
        line=line,
        byte=done + 1,
        value=f"0x{found.hex()}" if found else "-",
        encoding=encoding.upper(),
        proposal="encoding: cp1252" if encoding == "utf-8" else "encoding: utf-8",
    )


def _codec(given: str | None, source: FileSource) -> str:
    if given is None:
        with _binary(source.path) as raw:
            try:
                start = raw.read(2)
            except (EOFError, OSError, zlib.error) as error:
                raise _unreadable(source, error) from None
        return "utf-16" if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"
    try:
        name = codecs.lookup(given).name
        b"".decode(given)
    except (LookupError, ValueError):
        raise DataError(
            "{file}: the encoding {encoding} is not known; expected utf-8, latin-1, cp1252 or utf-16.",
            file=source.name,
            encoding=f'"{cut(given)}"',
        ) from None
    return "utf-8" if name in ("utf-8", "utf-8-sig", "ascii") else name


def guess_encoding(source: FileSource) -> str | None:
    """cp1252, the usual other one, where a text table is not UTF-8; None where nothing need be said."""
    if format_of(source).key != "text" or _codec(None, source) != "utf-8":
        return None
    for encoding in ("utf-8", "cp1252", "latin-1"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with _binary(source.path) as raw:
                while chunk := raw.read(1 << 20):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeError:
            continue
        except (EOFError, OSError, zlib.error) as error:
            raise _unreadable(source, error) from None
        return None if encoding == "utf-8" else encoding
    return None


def _separator(given: str | None, source: FileSource) -> str | None:
    if given is None:
        return None
    words = {"tab": "\t", "\\t": "\t", "semicolon": ";", "comma": ","}
    found = words.get(given, given)
    if len(found) != 1 or found in '"\r\n' or not found.isascii():
        raise DataError(
            "{file}: the separator {separator} cannot be used; expected one character such as , or ;",
            file=source.name,
            separator=f'"{cut(given)}"',
        )
    return found


def _sniffed(body: str, source: FileSource) -> str:
    """The separator that splits the first records into the most fields, the same number in each."""
    if source.path.name.lower().removesuffix(".gz").endswith(".tsv"):
        return "\t"
    best, best_score = ",", (0.0, 0)
    for separator in _SEPARATORS:
        try:
            rows = list(islice(csv.reader(io.StringIO(body, newline=""), delimiter=separator), 200))
        except csv.Error:
            continue
        widths = [len(row) for row in rows if row]
        if not widths or widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if score > best_score:
            best, best_score = separator, score
    return best


def _mixes_line_ends(text: str) -> bool:
    """Whether lines end in more than one way, outside quotes."""
    return len(set(re.findall(r"\r\n|\n|\r", re.sub(r'"[^"]*"', "", text)))) > 1


def _said(separator: str) -> Any:
    match separator:
        case ",":
            return say("commas")
        case ";":
            return say("semicolons")
        case "\t":
            return say("tabs")
        case "|":
            return say("vertical bars")
    return f'"{separator}"'
