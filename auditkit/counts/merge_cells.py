"""From a fetched result to cells: values become levels, equal cells become one, and all is put in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import NOT_STATED, Cells, Levels
from auditkit.intake.column_reading import label_of
from auditkit.intake.exclusion_reasons import MISSING
from auditkit.intake.roles import Key

__all__ = ["Parts", "assemble", "distinct", "level_codes", "merge"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Total = Callable[[Floats | None], Floats | None]

_DENSE = 2
"""Up to so many places a row, each row finds its sum by its place, without sorting."""

_PLAIN = ("selected", "outcome", "arm", "score_bin")


@dataclass(frozen=True)
class Parts:
    """Cells on the way: codes that may repeat, and sums (None where there are none)."""

    levels: tuple[Levels, ...]
    codes: Mapping[str, Integers]
    plain: Mapping[str, Integers]
    sums: Mapping[str, Floats | None]
    cluster: Integers | None = None


def level_codes(key: Key, codes: Integers, values: Sequence[Any], missing: Sequence[str]) -> tuple[Levels, Integers]:
    """The levels of an attribute and the level of each cell, from the values that the engine found.

    Values are named as text and sorted as text, bins in their order, NOT_STATED last.
    """
    marks = {"", *missing}
    if key.labels is not None:
        labels = [NOT_STATED if value == MISSING else key.labels[int(value)] for value in values]
        order = list(dict.fromkeys(key.labels))
    else:
        labels = [NOT_STATED if (text := label_of(value)) in marks else text for value in values]
        order = []
    if key.missing is not None:
        labels = [key.missing if label == NOT_STATED else label for label in labels]
    present = set(labels)
    ordered = [label for label in order if label in present]
    ordered += sorted(present - {NOT_STATED} - set(ordered))
    ordered += [NOT_STATED] if NOT_STATED in present else []
    place = {label: i for i, label in enumerate(ordered)}
    mapping = np.array([place[label] for label in labels], dtype=np.int64)
    return Levels(key.name, tuple(ordered)), mapping[codes] if len(mapping) else codes


def assemble(parts: Parts) -> tuple[Cells, Integers | None]:
    """Cells in their order, equal ones merged; and the cluster of each where there are clusters."""
    columns = [parts.codes[level.name] for level in parts.levels] + [parts.plain[name] for name in _PLAIN]
    if parts.cluster is not None:
        columns.append(parts.cluster)
    first, total = distinct(columns)
    sums = {name: total(values) for name, values in parts.sums.items()}
    n, weight, weight_squared = (sums[name] for name in ("n", "weight", "weight_squared"))
    assert n is not None
    assert weight is not None
    assert weight_squared is not None
    plain = {name: values[first] for name, values in parts.plain.items()}
    cells = Cells(
        levels=parts.levels,
        codes={level.name: parts.codes[level.name][first] for level in parts.levels},
        selected=plain["selected"],
        outcome=plain["outcome"],
        arm=plain["arm"],
        score_bin=plain["score_bin"],
        n=n,
        weight=weight,
        weight_squared=weight_squared,
        score_sum=sums.get("score_sum"),
        score_squared=sums.get("score_squared"),
        outcome_weight=sums.get("outcome_weight"),
        outcome_sum=sums.get("outcome_sum"),
        outcome_squared=sums.get("outcome_squared"),
        score_outcome_sum=sums.get("score_outcome_sum"),
    )
    return cells, None if parts.cluster is None else parts.cluster[first]


def distinct(columns: Sequence[Integers]) -> tuple[Integers, Total]:
    """The first row of each distinct one, in rising order, and a function that adds up the values of equal rows.

    Values are added in the order of the rows.

    >>> first, total = distinct([np.array([1, 0, 1])])
    >>> first.tolist(), total(np.array([5.0, 6.0, 7.0])).tolist()
    ([1, 0], [6.0, 12.0])
    """
    packed = _packed(columns) if len(columns[0]) else None
    if packed is None or (places := int(packed.max()) + 1) > _DENSE * len(packed):
        order, starts = merge(columns)
        return order[starts], _once(lambda values: np.add.reduceat(values[order], starts))
    first = np.full(places, -1)
    first[packed[::-1]] = np.arange(len(packed))[::-1]
    held = first >= 0

    def add(values: Floats) -> Floats:
        return np.bincount(packed, weights=values, minlength=places)[held].astype(np.float64)

    return first[held], _once(add)


def _once(add: Callable[[Floats], Floats]) -> Total:
    """`add`; the same array given twice (n is the weight of rows without weights) is added up once."""
    known: dict[int, tuple[Floats, Floats]] = {}

    def total(values: Floats | None) -> Floats | None:
        if values is None:
            return None
        if id(values) not in known:
            known[id(values)] = (values, add(values))
        return known[id(values)][1]

    return total


def merge(columns: Sequence[Integers]) -> tuple[Integers, Integers]:
    """The order that sorts rows by `columns` (the first counts most), and where each distinct row begins in it.

    >>> order, starts = merge([np.array([1, 0, 1])])
    >>> order.tolist(), starts.tolist()
    ([1, 0, 2], [0, 1])
    """
    if not len(columns[0]):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    packed = _packed(columns)
    if packed is not None:
        order = _rising(packed)
        change = np.diff(packed[order]) != 0
    else:
        order = np.lexsort(tuple(reversed(columns)))
        change = np.any([np.diff(column[order]) != 0 for column in columns], axis=0)
    return order, np.concatenate(([0], np.flatnonzero(change) + 1))


def _rising(packed: Integers) -> Integers:
    """The stable order of numbers from 0: by 16 bits at a time, which is a radix sort and many times quicker."""
    largest = packed.max()
    if largest >= 2**32:
        return np.argsort(packed, kind="stable")
    if not np.any(packed[1:] < packed[:-1]):
        return np.arange(len(packed))
    order = np.argsort(packed.astype(np.uint16), kind="stable")  # the low 16 bits
    if largest >= 2**16:
        order = order[np.argsort((packed >> 16).astype(np.uint16)[order], kind="stable")]
    return order


def _packed(columns: Sequence[Integers]) -> Integers | None:
    """The columns as one whole number a row, where that has room."""
    packed = np.zeros(len(columns[0]), dtype=np.int64)
    room, lowest = 1, 0
    for column in columns:
        low = int(column.min())
        size = int(column.max()) - low + 1
        room *= size
        if room >= 2**62:
            return None
        if size > 1:
            packed *= size
            packed += column
            lowest = lowest * size + low
    packed -= lowest  # codes begin at -1 or 0: what is taken off is as small as the room
    return packed
