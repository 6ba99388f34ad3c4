"""Many rows counted by one small whole number instead of by texts: half the work of the engine.

The first rows show which values the keys have; each gets a number, and the numbers of a row make one key. Rows with
any other value come under none and are counted by their texts, so that what the first rows show decides how
numbers are counted, never what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.cells.fetch import Fetched, fetch
from auditkit.cells.score_bins import Binning, bin_scores

__all__ = ["Coding", "coded_count", "make_coding", "shown_values"]

Integers = NDArray[np.int64]

MOST_VALUES = 24
"""A key with more values than this is not coded: the table would seldom have room for them."""

_MOST_CODES = 2**31 - 1
_UNKNOWN = -1
_PLAIN = 32
"""Selection, outcome and arm make a whole number under this."""


@dataclass(frozen=True)
class Coding:
    """How rows get one number: the values of each key in order, None among them where a key may be missing.

    Rows have no score bin yet; `binning` says what gives it, if anything.
    """

    values: Mapping[str, tuple[Any, ...]]
    rows: nw.LazyFrame[Any]
    binning: Binning | None

    @property
    def sizes(self) -> list[int]:
        """How many numbers each place takes: the keys, the plain number, the score bin (with -1 for no score)."""
        bins = 0 if self.binning is None else len(self.binning.bins)
        return [*map(len, self.values.values()), _PLAIN, bins + 1]


def shown_values(rows: nw.LazyFrame[Any], names: Sequence[str], plain: nw.Expr) -> Fetched:
    """The groups of some rows by their keys and by the whole number `plain` (`auditkit_code`)."""
    shown = rows.select(*names, auditkit_code=plain).group_by(*names, "auditkit_code").agg(auditkit_rows=nw.len())
    return fetch(shown, ["auditkit_code", "auditkit_rows"], coded=names)


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
    coding = Coding(values, rows, binning)
    return coding if np.prod(coding.sizes, dtype=object) <= _MOST_CODES else None


def coded_count(
    coding: Coding, plain: nw.Expr, columns: Mapping[str, nw.Expr]
) -> tuple[Fetched, nw.Expr | None]:
    """The rows of a coding counted by their number, `columns` summed, as if grouped by keys and `auditkit_code`.

    `plain` gives the whole number that holds selection, outcome and arm. Also the condition that the rows which have
    none of the known values meet; None where there are no such rows.
    """
    # The number comes before the bin: texts need not be carried through the join that finds it.
    numbered = _numbered(coding, plain, columns)
    number = nw.col("auditkit_number")
    if coding.binning is not None:
        numbered = bin_scores(numbered, "score", coding.binning)
        number = number * coding.sizes[-1] + nw.col("auditkit_bin") + 1
    counted = (
        numbered.select(auditkit_key=number, **{name: nw.col(name) for name in columns})
        .group_by("auditkit_key")
        .agg(auditkit_rows=nw.len(), **{name: nw.col(name).sum() for name in columns})
    )
    return _decoded(fetch(counted, ["auditkit_key", "auditkit_rows", *columns]), coding, plain)


def _numbered(coding: Coding, plain: nw.Expr, columns: Mapping[str, nw.Expr]) -> nw.LazyFrame[Any]:
    """The rows with their number, under 0 for a value that is not known, and with what is summed or binned.

    `list_position` of a text is found once for each text of a block of rows; comparisons would be made for every row.
    """
    from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression, FunctionExpression

    kept = (["score"] if coding.binning else []) + list(columns)
    scored = ["score"] if coding.binning else []
    relation = coding.rows.select(*scored, *coding.values, auditkit_plain=plain, **columns).to_native()
    number = ConstantExpression(0)
    for name, values in coding.values.items():
        place = FunctionExpression("list_position", ConstantExpression(list(values)), ColumnExpression(name))
        number = number * ConstantExpression(len(values)) + place - ConstantExpression(1)
    number = number * ConstantExpression(_PLAIN) + ColumnExpression("auditkit_plain")
    number = CoalesceOperator(number, ConstantExpression(_UNKNOWN)).alias("auditkit_number")
    found: nw.LazyFrame[Any] = nw.from_native(relation.select(*map(ColumnExpression, kept), number)).lazy()
    return found


def _decoded(found: Fetched, coding: Coding, plain: nw.Expr) -> tuple[Fetched, nw.Expr | None]:
    """The groups by key and code again, those with an unknown value set aside."""
    known = found.integers["auditkit_key"] >= 0
    integers = {name: values[known] for name, values in found.integers.items()}
    rest = integers.pop("auditkit_key")
    places: list[Integers] = []
    for size in reversed(coding.sizes):
        whole = rest // size
        places.append(rest - whole * size)
        rest = whole
    score_bin, code, *keys = places
    integers["auditkit_code"] = code if coding.binning is None else code + score_bin * _PLAIN
    groups = Fetched(
        len(rest),
        integers,
        {},
        dict(zip(coding.values, reversed(keys), strict=True)),
        {name: list(values) for name, values in coding.values.items()},
    )
    return groups, None if known.all() else _is_other(coding, plain)


def _is_other(coding: Coding, plain: nw.Expr) -> nw.Expr:
    """Whether a row has a value that is not among those known."""
    other = plain.is_null()
    for name, values in coding.values.items():
        column = nw.col(name)
        known = column.is_in([value for value in values if value is not None]).fill_null(False)
        other = other | ~(known | column.is_null() if None in values else known)
    return other
