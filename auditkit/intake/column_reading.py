"""One column read as what it is taken for: a number, a choice from a list, or a group's name.

Text is cast once, by one rule; what does not fit the rule is never guessed at but marked, so that the
counting can name the file, the row and the value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from auditkit.errors import DataError, cut, nearest
from auditkit.intake.spelling import listed_spellings, number_of
from auditkit.spec.data_spec import GroupLimit, Scalar
from auditkit.text import say

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["Columns", "Number", "label_of"]

_WHOLE = r"[+-]?(?:[0-9]+(?:{mark}[0-9]*)?|{mark}[0-9]+)(?:[eE](?:[+]?[0-9]{{1,2}}|-[0-2]?[0-9]{{1,2}}))?"
_SHORT = 8
_WHITE = " \t\r\n\v\f"
_WHITE_ENDS = r"^\s+|\s+$"


@dataclass(frozen=True)
class Number:
    """A column as doubles: `value` is null where the entry is missing; `wrong` is true where it is no number."""

    column: str
    role: str
    value: nw.Expr
    wrong: nw.Expr | None


@dataclass(frozen=True)
class Columns:
    """The columns of a table and their types, asked for by name."""

    file: str
    schema: Mapping[str, Any]
    decimal: str
    missing: tuple[str, ...]
    complete: frozenset[str] = frozenset()
    elsewhere: bool = False
    """Whether the rows are on an engine that takes blanks off a text by a pattern only."""

    @classmethod
    def of(cls, table: Table, missing_values: Sequence[str], complete: Iterable[str] = ()) -> Columns:
        """The columns of an open table; `complete` are columns of numbers known to have one in every row."""
        schema = dict(table.frame.collect_schema())
        elsewhere = table.connection is None
        return cls(table.name, schema, table.decimal, tuple(missing_values), frozenset(complete), elsewhere)

    def require(self, column: str, role: str) -> Any:
        """The type of a column; DataError with the nearest names where the file has no such column."""
        if column not in self.schema:
            raise DataError(
                "{file} has no column {column}, named under {role}; the nearest: {known}.",
                file=self.file,
                column=f'"{cut(column)}"',
                role=role,
                known=nearest(column, self.schema) or "-",
            )
        kind = self.schema[column]
        if kind.is_nested():
            raise DataError(
                "{file}, column {column}: found values of the type {type}; expected one value a row, since it is named "
                "under {role}. Take the part that is meant in a query, or in a column of its own.",
                file=self.file,
                column=f'"{cut(column)}"',
                type=cut(str(kind)),
                role=role,
            )
        return kind

    def is_text(self, column: str, role: str) -> bool:
        """Whether the column holds texts."""
        kind = self.require(column, role)
        return kind in (nw.String, nw.Categorical, nw.Enum) or kind in (nw.Object, nw.Unknown)

    def text(self, column: str, role: str) -> nw.Expr:
        """A column of texts, missing values null."""
        kind = self.require(column, role)
        value = nw.col(column) if kind == nw.String else nw.col(column).cast(nw.String)
        return nw.when(~_among(value, list(dict.fromkeys(("", *self.missing))))).then(value)

    def number(self, column: str, role: str) -> Number:
        """A column of numbers as doubles, missing values and NaN null.

        Raises DataError for a column of dates or truth values. Texts that are no number and infinite values are
        marked as wrong: the rows that hold them are refused when they are met.
        """
        kind = self.require(column, role)
        if self.is_text(column, role):
            return self._text_number(column, role)
        if not kind.is_numeric():
            raise DataError(
                "{file}, column {column}: found values of the type {type}; expected numbers, since it is named "
                "under {role}.",
                file=self.file,
                column=f'"{cut(column)}"',
                type=str(kind),
                role=role,
            )
        value = nw.col(column) if kind == nw.Float64 else nw.col(column).cast(nw.Float64)
        if column in self.complete:
            return Number(column, role, value, None)
        wrong = None
        if kind.is_float():
            # DuckDB holds isnan() to be false where Parquet's statistics, which leave NaN out, show no NaN.
            infinite = (value == math.inf) | (value == -math.inf)
            value = nw.when((value - value == 0.0) | infinite).then(value)
            wrong = infinite
        if marks := self._marks():
            value = nw.when(~value.is_in(marks)).then(value)
        return Number(column, role, value, wrong)

    def _text_number(self, column: str, role: str) -> Number:
        text = self.text(column, role)
        text = text.str.replace_all(_WHITE_ENDS, "") if self.elsewhere else text.str.strip_chars(_WHITE)
        mark = r"\."
        if self.decimal == ",":
            text = text.str.replace_all("[\u00a0\u202f]", "")
            mark = ","
        fits = text.str.contains("^" + _WHOLE.format(mark=mark) + "$").fill_null(False)
        plain = nw.when(fits).then(text)
        if self.decimal == ",":
            plain = plain.str.replace_all(",", ".", literal=True)
        return Number(column, role, plain.cast(nw.Float64), ~text.is_null() & ~fits)

    def _marks(self) -> list[float]:
        """The numbers that stand for a missing value."""
        return [number for number in map(_as_number, self.missing) if number is not None]

    def missing_in(self, column: str, role: str) -> nw.Expr:
        """Whether a column has no value."""
        kind = self.require(column, role)
        if self.is_text(column, role):
            return self.text(column, role).is_null()
        if kind.is_numeric() and (self._marks() or not kind.is_integer()):
            return self.number(column, role).value.is_null()
        return nw.col(column).is_null()

    def one_of(self, column: str, values: Sequence[Scalar], role: str) -> nw.Expr:
        """Whether a column's value is one of those listed; false where it is missing.

        A number listed for a column of texts is compared as it is written: 1 with "1".
        Raises DataError where a text is listed for a column of numbers.
        """
        kind = self.require(column, role)
        if self.is_text(column, role):
            return _among(self.text(column, role), listed_spellings(values))
        if kind == nw.Boolean:
            truths = [self._truth(column, value, role) for value in values]
            return _among(nw.col(column), truths)
        if kind.is_numeric():
            numbers = [self._number(column, value, role) for value in values]
            if kind.is_integer() and not self._marks():
                return _among(nw.col(column), [int(number) for number in numbers if number.is_integer()])
            return _among(self.number(column, role).value, numbers)
        texts = [str(value) for value in values]
        return _among(nw.col(column).cast(nw.String), texts)

    def limit(self, limit: float | GroupLimit, role: str) -> nw.Expr:
        """The number that a row is held against; null where the limit depends on a value that it does not list."""
        if not isinstance(limit, GroupLimit):
            return nw.lit(float(limit))
        found: nw.Expr | None = None
        for value, number in reversed(limit.values.items()):
            branch = nw.when(self.one_of(limit.by, [value], role)).then(nw.lit(float(number)))
            found = branch if found is None else branch.otherwise(found)
        return nw.lit(None, nw.Float64) if found is None else found

    def _number(self, column: str, value: Scalar, role: str) -> float:
        number = _as_number(value)
        if number is None:
            raise self._unlike(column, value, role, "numbers")
        return number

    def _truth(self, column: str, value: Scalar, role: str) -> bool:
        text = str(value).strip().lower()
        found = {"true": True, "false": False, "1": True, "0": False}.get(number_of(text) or text)
        if found is None:
            raise self._unlike(column, value, role, "true and false")
        return found

    def _unlike(self, column: str, value: Scalar, role: str, what: str) -> DataError:
        expected = say("numbers") if what == "numbers" else say("true and false")
        return DataError(
            "{file}, column {column}: {value} is listed under {role}, but the column holds {expected}.",
            file=self.file,
            column=f'"{cut(column)}"',
            value=f'"{cut(value)}"',
            role=role,
            expected=expected,
        )


def _among(value: nw.Expr, listed: Sequence[str | float | bool]) -> nw.Expr:
    """Whether a value is among those listed; a short list is compared one by one, which DuckDB does much faster."""
    if len(listed) > _SHORT:
        return value.is_in(listed).fill_null(False)
    found = nw.lit(False)
    for one in reversed(listed):
        found = nw.when(value == one).then(nw.lit(True)).otherwise(found)
    return found


def _as_number(value: Scalar) -> float | None:
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return float(value.strip().lower() == "true")
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def label_of(value: object) -> str:
    """A value of any type as a group's name; a missing one is empty.

    >>> [label_of(v) for v in (1, 1.0, 0.5, True, None, float("nan"), "A")]
    ['1', '1', '0.5', 'true', '', '', 'A']
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "true" if value else "false"
    if isinstance(value, float):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return str(value)
