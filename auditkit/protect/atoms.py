"""The atoms of an audit: the finest parts that anything published makes of its people.

Of what people are (attributes, strata, what filters and reasons leave of them) only combinations that occur: a reader
who knows that departments lie in regions would narrow sums over a free product. Of what is decided about them and what
came of it every combination, since a class that is empty in an occupied group is a number like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Atoms", "make_atoms"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Atoms:
    """`codes[column]` is the code of each atom in a column, `n` how many people it holds (0 where nobody does)."""

    codes: dict[str, Integers]
    n: Floats

    def __len__(self) -> int:
        return len(self.n)


def make_atoms(
    columns: Mapping[str, Integers],
    n: Floats,
    people: Sequence[str],
    decided: Sequence[Sequence[str]],
) -> Atoms:
    """The atoms of a joint table of counts.

    `columns` are coded, `n` counts people (lines may repeat). `people` names what people are: its combinations that
    occur. Each of `decided` names columns that go together (a selection and the score it is taken on); combinations of
    one that occur anywhere are crossed with those of the others and with every combination of `people`.
    """
    parts = [list(people), *(list(one) for one in decided)]
    found = [_distinct([columns[name] for name in part], len(n)) for part in parts]
    sizes = [len(first) for first, _ in found]
    flat = np.zeros(len(n), dtype=np.int64)
    for (_, place), size in zip(found, sizes, strict=True):
        flat = flat * size + place
    total = int(np.prod(sizes))
    counted = np.bincount(flat, weights=n, minlength=total)
    places = np.unravel_index(np.arange(total), sizes)
    codes = {
        name: columns[name][first[place]]
        for part, (first, _), place in zip(parts, found, places, strict=True)
        for name in part
    }
    return Atoms(codes, counted.astype(np.float64))


def _distinct(codes: Sequence[Integers], length: int) -> tuple[Integers, Integers]:
    """Where each combination first stands, and the place of each line's combination among them."""
    if not codes:
        return np.zeros(1, dtype=np.int64), np.zeros(length, dtype=np.int64)
    _, first, place = np.unique(np.column_stack(codes), axis=0, return_index=True, return_inverse=True)
    return first.astype(np.int64), place.reshape(-1).astype(np.int64)
