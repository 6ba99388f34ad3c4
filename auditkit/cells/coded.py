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
"""A key with more values than this is not coded: each value costs a comparison a row."""

_MOST_CODES = 2**31 - 1
_UNKNOWN = -1


@dataclass(frozen=True)
class Coding:
    """How rows get one number: the values of each key in order, None among them where a key may be missing.

    `plain` are the values of the whole number that holds selection, outcome and arm. Every place has room for one
    value more, which stands for all others. `rows` have no score bin yet; `binning` says what gives it, if anything.
    """

    values: Mapping[str, tuple[Any, ...]]
    plain: tuple[int, ...]
    rows: nw.LazyFrame[Any]
    binning: Binning | None

    @property
    def sizes(self) -> list[int]:
        """How many numbers each place takes: the keys, the plain number, the score bin (with -1 for no score)."""
        bins = 0 if self.binning is None else len(self.binning.bins)
        return [*(len(values) + 1 for values in self.values.values()), len(self.plain) + 1, bins + 1]


def shown_values(rows: nw.LazyFrame[Any], names: Sequence[str], plain: nw.Expr) -> Fetched:
    """The groups of some rows by their keys and by the whole number `plain` (`auditkit_code`)."""
    shown = rows.select(*names, auditkit_code=plain).group_by(*names, "auditkit_code").agg(auditkit_rows=nw.len())
    return fetch(shown, ["auditkit_code", "auditkit_rows"], coded=names)


def make_coding(rows: nw.LazyFrame[Any], shown: Fetched, binning: Binning | None) -> Coding | None:
    """The coding that the values of the first rows allow; None where a key has many or is not made for it.

    The most frequent value is looked for first.
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
    found, where = np.unique(shown.integers["auditkit_code"], return_inverse=True)
    plain = found[np.argsort(-np.bincount(where, weights=weights), kind="stable")]
    coding = Coding(values, tuple(plain.tolist()), rows, binning)
    return coding if len(plain) <= MOST_VALUES and np.prod(coding.sizes, dtype=object) <= _MOST_CODES else None


def coded_count(
    coding: Coding, plain: nw.Expr, columns: Mapping[str, nw.Expr]
) -> tuple[Fetched, nw.Expr | None]:
    """The rows of a coding counted by their number, `columns` summed, as if grouped by keys and `auditkit_code`.

    `plain` gives the whole number that holds selection, outcome and arm. Also the condition that the rows which have
    none of the known values meet; None where there are no such rows.
    """
    *sizes, bins = coding.sizes
    key = nw.lit(0)
    named = [(nw.col(name), values) for name, values in coding.values.items()]
    for (value, known), size in zip([*named, (plain, coding.plain)], sizes, strict=True):
        key = key * size + _place(value, known)
    # The number comes before the bin: texts need not be carried through the join that finds it.
    numbered = coding.rows.select(*(["score"] if coding.binning else []), auditkit_number=key, **columns)
    number = nw.col("auditkit_number")
    if coding.binning is not None:
        numbered = bin_scores(numbered, "score", coding.binning)
        number = number * bins + nw.col("auditkit_bin") + 1
    counted = (
        numbered.select(auditkit_key=number, **{name: nw.col(name) for name in columns})
        .group_by("auditkit_key")
        .agg(auditkit_rows=nw.len(), **{name: nw.col(name).sum() for name in columns})
    )
    return _decoded(fetch(counted, ["auditkit_key", "auditkit_rows", *columns]), coding, plain)


def _place(value: nw.Expr, known: Sequence[Any]) -> nw.Expr:
    """The place of a value among those known; their number for any other."""
    found = nw.lit(len(known))
    for position in reversed(range(len(known))):
        one = known[position]
        found = nw.when(value.is_null() if one is None else value == one).then(nw.lit(position)).otherwise(found)
    return found


def _decoded(found: Fetched, coding: Coding, plain: nw.Expr) -> tuple[Fetched, nw.Expr | None]:
    """The groups by key and code again, those with an unknown value set aside."""
    rest = found.integers["auditkit_key"]
    places: list[Integers] = []
    for size in reversed(coding.sizes):
        rest, place = np.divmod(rest, size)
        places.append(place)
    score_bin, code, *keys = places
    keys.reverse()
    known = code < len(coding.plain)
    for place, values in zip(keys, coding.values.values(), strict=True):
        known &= place < len(values)
    integers = {name: values[known] for name, values in found.integers.items() if name != "auditkit_key"}
    integers["auditkit_code"] = np.array(coding.plain, dtype=np.int64)[code[known]]
    if coding.binning is not None:
        integers["auditkit_code"] += score_bin[known] * 32
    groups = Fetched(
        int(known.sum()),
        integers,
        {},
        {name: place[known] for name, place in zip(coding.values, keys, strict=True)},
        {name: list(values) for name, values in coding.values.items()},
    )
    if known.all():
        return groups, None
    other = _place(plain, coding.plain) == len(coding.plain)
    for name, values in coding.values.items():
        other = other | (_place(nw.col(name), values) == len(values))
    return groups, other
