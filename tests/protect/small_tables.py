"""Count tables made by hand or at random, as sums and as the lines that would be published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from auditkit.protect.atoms import make_atoms
from auditkit.protect.choose import Chosen
from auditkit.protect.sums import SumKey, Sums, gathered, group_rows
from tests.attacker.published_counts import MEANS, Attacker, Line

Group = tuple[str, ...]
CLASSES = ("tp", "fp", "su", "fn", "tn", "nu")


def sums_of(names: Group, table: Mapping[Group, Sequence[float]], views: Sequence[Group] | None = None) -> Sums:
    """Every view of a joint table, values of the attributes -> the six classes; classes of nobody are left out."""
    six = np.array([list(values) for values in table.values()], dtype=float)
    kept = np.flatnonzero(six.sum(axis=0))
    levels = [sorted({group[k] for group in table}) for k in range(len(names))]
    columns = {
        name: np.array([levels[k].index(group[k]) for group in table for _ in kept]) for k, name in enumerate(names)
    }
    columns["class"] = np.tile(kept, len(table))
    atoms = make_atoms(columns, six[:, kept].reshape(-1), names, [["class"]])
    wanted = [(), *((name,) for name in names), *combinations(names, 2)] if views is None else views
    rows = []
    for use, view in enumerate(wanted):
        groups = [tuple(levels[names.index(name)][atoms.codes[name][i]] for name in view) for i in range(len(atoms))]
        distinct = sorted(set(groups))
        place = np.array([distinct.index(group) for group in groups])
        key = SumKey("main", "", "", "", view, (), "")
        rows.append(group_rows(place, atoms.codes["class"], distinct, atoms.n, key, use))
    return gathered(rows, atoms.n)


def published(sums: Sums, chosen: Chosen) -> list[Line]:
    """The lines of `counts.csv`: every sum asked for, empty where it is withheld."""
    return [
        Line(tuple(zip(key.attributes, key.groups, strict=True)), key.sum, float(value) if released else None)
        for keys, value, released in zip(sums.keys, sums.values, chosen.released, strict=True)
        for key in keys
        if key.sum in MEANS
    ]


def random_table(seed: int) -> tuple[Group, dict[Group, list[int]]]:
    """Two or three attributes, some nested in another, 200 to 900 people in four classes."""
    random = np.random.default_rng([3, seed])
    sizes = random.integers(2, 5, int(random.integers(2, 4))).tolist()
    names = tuple("abc"[: len(sizes)])
    nested = bool(seed % 3 == 0)
    table: dict[Group, list[int]] = {}
    for place in np.ndindex(*sizes):
        values = [f"{name}{k}" for name, k in zip(names, place, strict=True)]
        if nested:
            values[1] = values[0] + values[1]
        chance = random.dirichlet([1.0, 0.6, 1.5, 2.0])
        tp, fp, fn, tn = random.multinomial(int(random.gamma(0.8, 40)), chance).tolist()
        if tp + fp + fn + tn:
            table[tuple(values)] = [tp, fp, 0, fn, tn, 0]
    return names, table


def attacker_on(names: Group, table: Mapping[Group, Sequence[float]], lines: list[Line]) -> Attacker:
    """An attacker who knows which combinations exist and which classes the audit has."""
    total = np.array(list(table.values())).sum(axis=0)
    classes = [name for name, count in zip(CLASSES, total, strict=True) if count]
    return Attacker(lines, [dict(zip(names, group, strict=True)) for group in table], classes)
