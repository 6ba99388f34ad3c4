"""Many rows counted by one small whole number instead of by texts: half the work of the engine.

The first rows show which values the keys have; each gets a number, and the numbers of a row make one key. Rows with
any other value come under none and are counted by their texts, so that what the first rows show decides how
numbers are counted, never what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.fetch_cells import Fetched, fetch
from auditkit.counts.score_bins import Binning, bin_scores
from auditkit.intake.database import PLACES

__all__ = ["PLAIN", "Coding", "coded_count", "make_coding", "shown_values"]

Integers = NDArray[np.int64]

PLAIN = ("selected", "outcome", "arm")
"""The columns of small whole numbers by which rows are counted beside their keys."""

MOST_VALUES = 24
"""A key with more values than this is not coded: the table would seldom have room for them."""

_MOST_CODES = 2**31 - 1
_SUMMED = ("score", "weight", "result")
_ROOM = 2**26
"""Bytes, a thread, that a table with a place for every number may take."""


@dataclass(frozen=True)
class Coding:
    """How rows get one number: the values of each key in order, None among them where a key may be missing.

    `limits` are the smallest and the largest of each plain column that the first rows show. Rows have no score bin
    yet; `binning` says what gives it, if anything.
    """

    values: dict[str, tuple[Any, ...]]
    limits: dict[str, tuple[int, int]]
    rows: nw.LazyFrame[Any]
    binning: Binning | None

    @property
    def sizes(self) -> list[int]:
        """How many numbers each place takes: the keys, the plain columns, the score bin (with -1 for no score)."""
        bins = 0 if self.binning is None else len(self.binning.bins)
        return [*map(len, self.values.values()), *(high - low + 1 for low, high in self.limits.values()), bins + 1]

    @property
    def numbers(self) -> int:
        """How many numbers there are; a row of which something is not known gets one above them."""
        return int(np.prod(self.sizes, dtype=object))


def shown_values(rows: nw.LazyFrame[Any], names: Sequence[str]) -> Fetched:
    """The groups of some rows by their keys and the plain columns."""
    shown = rows.group_by(*names, *PLAIN).agg(auditkit_rows=nw.len())
    return fetch(shown, [*PLAIN, "auditkit_rows"], coded=names)


def make_coding(rows: nw.LazyFrame[Any], shown: Fetched, binning: Binning | None) -> Coding | None:
    """The coding that the values of the first rows allow; None where a key has many or is not made for it.

    The most frequent value stands first, where it is found soonest.
    """
    schema = rows.collect_schema()
    weights = shown.integers["auditkit_rows"]
    values: dict[str, tuple[Any, ...]] = {}
    for name, codes in shown.codes.items():
        kind = schema[name]
        if len(shown.values[name]) > MOST_VALUES or not (kind == nw.String or kind == nw.Boolean or kind.is_integer()):
            return None
        frequent = np.argsort(-np.bincount(codes, weights=weights, minlength=len(shown.values[name])), kind="stable")
        values[name] = tuple(shown.values[name][i] for i in frequent.tolist())
    limits = {name: (int(shown.integers[name].min()), int(shown.integers[name].max())) for name in PLAIN}
    coding = Coding(values, limits, rows, binning)
    return coding if coding.numbers <= _MOST_CODES else None


def coded_count(coding: Coding, columns: Mapping[str, nw.Expr]) -> tuple[Fetched, nw.Expr | None]:
    """The rows of a coding counted by their number, `columns` summed, as if grouped by keys, plain columns and bin.

    Also the condition that the rows which have none of the known values meet; None where there are no such rows.
    """
    # The number comes before the bin and the sums come after it: the join that finds it carries little.
    numbered = _numbered(coding)
    number = nw.col("auditkit_number")
    if coding.binning is not None:
        numbered = bin_scores(numbered, "score", coding.binning)
        number = number + nw.col("auditkit_bin")
    counted = (
        numbered.select(auditkit_key=number, **columns)
        .group_by("auditkit_key")
        .agg(auditkit_rows=nw.len(), **{name: nw.col(name).sum() for name in columns})
    )
    with _by_place(counted, coding, len(columns)):
        found = fetch(counted, ["auditkit_key", "auditkit_rows", *columns])
    return _decoded(found, coding)


@contextmanager
def _by_place(counted: nw.LazyFrame[Any], coding: Coding, sums: int) -> Iterator[None]:
    """Within this block DuckDB gives every number a place, where there is room: a quarter less work than hashing."""
    bits = (coding.numbers + 3 * coding.sizes[-1]).bit_length()
    if bits <= PLACES or (16 * (sums + 1)) << bits > _ROOM:
        yield
        return
    relation = counted.to_native()
    relation.query("auditkit_counted", f"SET perfect_ht_threshold = {bits}")
    try:
        yield
    finally:
        relation.query("auditkit_counted", f"SET perfect_ht_threshold = {PLACES}")


def _numbered(coding: Coding) -> nw.LazyFrame[Any]:
    """The rows with their number, to which the bin is still to be added, and with what is summed or binned.

    `list_position` of a text, and what it is multiplied by, is found once for each text of a block of rows;
    comparisons would be made for every row. Doubles are added without a look for overflow, and are exact here. The
    remainder at the end changes nothing: it tells DuckDB between what limits the number lies.
    """
    from duckdb import CaseExpression, CoalesceOperator, ColumnExpression, ConstantExpression, FunctionExpression

    kept = [name for name in _SUMMED if name in coding.rows.columns]
    relation = coding.rows.select(*kept, *coding.values, *PLAIN).to_native()
    # Rows without a score have the bin -1, so that the numbers begin with it.
    number = ConstantExpression(0.0 if coding.binning is None else 1.0)
    weight = coding.sizes[-1]
    known = None
    for name, (low, high) in reversed(coding.limits.items()):
        column = ColumnExpression(name)
        number = number + (column.cast("DOUBLE") - float(low)) * ConstantExpression(float(weight))
        weight *= high - low + 1
        inside = (column >= low) & (column <= high)
        known = inside if known is None else known & inside
    for name, values in reversed(coding.values.items()):
        place = FunctionExpression("list_position", ConstantExpression(list(values)), ColumnExpression(name))
        number = number + (place.cast("DOUBLE") - 1.0) * ConstantExpression(float(weight))
        weight *= len(values)
    unknown = coding.numbers + 1
    number = CoalesceOperator(CaseExpression(known, number.cast("UINTEGER")), ConstantExpression(unknown))
    number = number.cast("UINTEGER") % ConstantExpression(unknown + 1).cast("UINTEGER")
    kept_columns = map(ColumnExpression, kept)
    found: nw.LazyFrame[Any] = nw.from_native(relation.select(*kept_columns, number.alias("auditkit_number"))).lazy()
    return found


def _decoded(found: Fetched, coding: Coding) -> tuple[Fetched, nw.Expr | None]:
    """The groups by keys, plain columns and bin again, those with an unknown value set aside."""
    known = found.integers["auditkit_key"] < coding.numbers
    integers = {name: values[known] for name, values in found.integers.items()}
    rest = integers.pop("auditkit_key")
    places: list[Integers] = []
    for size in reversed(coding.sizes):
        whole = rest // size
        places.append(rest - whole * size)
        rest = whole
    score_bin, *others = places
    plain, keys = others[: len(PLAIN)], others[len(PLAIN) :]
    for name, place in zip(reversed(PLAIN), plain, strict=True):
        integers[name] = place + coding.limits[name][0]
    integers["score_bin"] = score_bin - 1
    groups = Fetched(
        len(rest),
        integers,
        {},
        dict(zip(coding.values, reversed(keys), strict=True)),
        {name: list(values) for name, values in coding.values.items()},
    )
    return groups, None if known.all() else _is_other(coding)


def _is_other(coding: Coding) -> nw.Expr:
    """Whether a row has a value that is not among those known."""
    other = nw.lit(False)
    for name, (low, high) in coding.limits.items():
        other = other | ~((nw.col(name) >= low) & (nw.col(name) <= high)).fill_null(False)
    for name, values in coding.values.items():
        column = nw.col(name)
        known = column.is_in([value for value in values if value is not None]).fill_null(False)
        other = other | ~(known | column.is_null() if None in values else known)
    return other
