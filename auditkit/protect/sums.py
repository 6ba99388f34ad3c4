"""Sums of people: what the released table may hold, and what it must not give away, as rows over the atoms.

A sum counts the people of one group in one class (or union of classes) of one analysis. Sums over the same atoms are
one row with several names. Rows that are not asked for are parts left over: they are protected and never released.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from auditkit.counts.count_table import COUNTS
from auditkit.protect.released import UNIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CHANGE", "CLASS_SUMS", "EARLIER", "LEFT_OVER", "Rows", "SumKey", "Sums", "gathered", "group_rows"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

CLASS_SUMS: dict[str, tuple[int, ...]] = {name: tuple(places) for name, places in UNIONS.items()} | {
    name: (place,) for place, name in enumerate(COUNTS)
}
"""Every sum of one group that may be asked for, in the order in which it is released."""

LEFT_OVER: dict[str, tuple[int, ...]] = {
    "wrong": (1, 3),
    "seen": (0, 1, 3, 4),
    "unseen": (2, 5),
    "selected_seen": (0, 1),
    "not_selected_seen": (3, 4),
} | {f"other_than_{COUNTS[place]}": tuple(other for other in range(6) if other != place) for place in range(6)}
"""Unions and complements that nobody asks for, and that subtraction would give: protected alike."""


EARLIER, CHANGE = 1, 2
"""Rows of an earlier publication, and of the change from it."""

_NOBODY = 1e-6


@dataclass(frozen=True, order=True)
class SumKey:
    """The name of one sum, as a line of `counts.csv` has it."""

    analysis: str
    stage: str
    stratum: str
    arm: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    sum: str


@dataclass(frozen=True)
class Rows:
    """Sums of one view: rows over the atoms, their names, and for what use they stand (the lower, the earlier)."""

    matrix: sparse.csr_matrix
    keys: tuple[SumKey, ...]
    asked: NDArray[np.bool_]
    use: Integers
    size: Floats


@dataclass(frozen=True)
class Sums:
    """All sums of an audit. `keys[row]` are the names of one row; `use` is the earliest use that asks for it.

    `size` is the number of people of the group. `kind` says of each row whether it counts people now, people of an
    EARLIER publication, or is the CHANGE between the two; without it all count people now.
    """

    matrix: sparse.csr_matrix
    values: Floats
    keys: tuple[tuple[SumKey, ...], ...]
    asked: NDArray[np.bool_]
    use: Integers
    size: Floats
    atoms: Floats
    kind: Integers | None = None

    def __len__(self) -> int:
        return len(self.keys)

    def sensitive(self, minimum: int) -> NDArray[np.bool_]:
        """Sums that nobody may know to fewer than `minimum` values: all under the minimum, zeros included.

        A change of nobody is none; what was published earlier is known.
        """
        found: NDArray[np.bool_] = self.values < minimum
        if self.kind is not None:
            change = (np.abs(self.values) < minimum) & (np.abs(self.values) > _NOBODY)
            found = np.where(self.kind == CHANGE, change, found & (self.kind != EARLIER))
        return found

    def place(self) -> dict[SumKey, int]:
        """The row of each name."""
        return {key: row for row, keys in enumerate(self.keys) for key in keys}


def group_rows(
    group: Integers,
    classes: Integers,
    names: Sequence[tuple[str, ...]],
    atoms: Floats,
    key: SumKey,
    use: int,
    sums: Iterable[str] = CLASS_SUMS,
    parts: Iterable[str] = LEFT_OVER,
) -> Rows:
    """The sums of every group of one view.

    `group` and `classes` say for each atom which group it is in and which of the six classes (-1: in none); `names` are
    the names of the groups. `key` is the key of the view, whose `groups` and `sum` are filled in. `sums` are asked for,
    `parts` only protected.
    """
    kinds = [(name, (CLASS_SUMS | LEFT_OVER)[name], True) for name in sums]
    kinds += [(name, (CLASS_SUMS | LEFT_OVER)[name], False) for name in parts]
    member = np.zeros((6, len(kinds)), dtype=bool)
    for place, (_, included, _) in enumerate(kinds):
        member[list(included), place] = True
    inside = np.flatnonzero((group >= 0) & (classes >= 0))
    of_atom, kind = np.nonzero(member[classes[inside]])
    row = group[inside][of_atom] * len(kinds) + kind
    shape = (len(names) * len(kinds), len(group))
    matrix = sparse.csr_matrix((np.ones(len(row)), (row, inside[of_atom])), shape=shape)
    people = np.bincount(group[inside], weights=atoms[inside], minlength=len(names))
    keys = tuple(
        SumKey(key.analysis, key.stage, key.stratum, key.arm, key.attributes, name, kind_name)
        for name in names
        for kind_name, _, _ in kinds
    )
    asked = np.tile(np.array([asked for _, _, asked in kinds], dtype=bool), len(names))
    return Rows(matrix, keys, asked, np.full(len(keys), use, dtype=np.int64), np.repeat(people, len(kinds)))


def gathered(rows: Sequence[Rows], atoms: Floats) -> Sums:
    """All views together, equal sums joined, empty ones left out, atoms that no sum separates made one."""
    matrix = sparse.vstack([one.matrix for one in rows], format="csr")
    keys = [key for one in rows for key in one.keys]
    asked = np.concatenate([one.asked for one in rows])
    use = np.concatenate([one.use for one in rows])
    size = np.concatenate([one.size for one in rows])
    firsts: dict[bytes, int] = {}
    same = np.full(len(keys), -1, dtype=np.int64)
    matrix.sort_indices()
    for row in range(len(keys)):
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        if end > start:
            mark = matrix.indices[start:end].tobytes() + matrix.data[start:end].tobytes()
            same[row] = firsts.setdefault(mark, len(firsts))
    count = len(firsts)
    first = np.full(count, len(keys), dtype=np.int64)
    np.minimum.at(first, same[same >= 0], np.flatnonzero(same >= 0))
    named: list[list[SumKey]] = [[] for _ in range(count)]
    is_asked = np.zeros(count, dtype=bool)
    earliest = np.full(count, np.iinfo(np.int64).max)
    for row, place in enumerate(same.tolist()):
        if place < 0:
            continue
        if asked[row]:
            if not is_asked[place] or use[row] < earliest[place]:
                first[place] = row
                earliest[place] = use[row]
            is_asked[place] = True
        named[place].append(keys[row])
    kept = matrix[first]
    merged, weights = _merged(kept, atoms)
    return Sums(
        matrix=merged,
        values=np.asarray(merged @ weights, dtype=np.float64),
        keys=tuple(tuple(one) for one in named),
        asked=is_asked,
        use=np.where(is_asked, earliest, 0),
        size=size[first],
        atoms=weights,
    )


def _merged(matrix: sparse.csr_matrix, atoms: Floats) -> tuple[sparse.csr_matrix, Floats]:
    """Atoms that are in exactly the same sums are one; those in none are left out."""
    columns = matrix.tocsc()
    columns.sort_indices()
    place: dict[bytes, int] = {}
    of_atom = np.full(matrix.shape[1], -1, dtype=np.int64)
    for atom in range(matrix.shape[1]):
        start, end = columns.indptr[atom], columns.indptr[atom + 1]
        if end > start:
            mark = columns.indices[start:end].tobytes() + columns.data[start:end].tobytes()
            of_atom[atom] = place.setdefault(mark, len(place))
    inside = np.flatnonzero(of_atom >= 0)
    weights = np.bincount(of_atom[inside], weights=atoms[inside], minlength=len(place))
    first = np.full(len(place), matrix.shape[1], dtype=np.int64)
    np.minimum.at(first, of_atom[inside], inside)
    return columns[:, first].tocsr(), weights.astype(np.float64)
