"""Attributes that stand in tables of their own, as most public answers come: each counted by itself, never crossed.

Every table is counted under the same audit; the main table speaks for everyone together, even where it holds no
attribute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.counts.count_rows import count_cells
from auditkit.counts.count_table import Tabulation
from auditkit.errors import SpecError
from auditkit.spec import AuditSpec, DataSpec, Group
from auditkit.text import Message, say

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["count_unlinked", "has_own_tables"]


def has_own_tables(spec: AuditSpec) -> bool:
    """Whether an attribute names a table of its own."""
    return any(group.data is not None for group in spec.groups.values())


def count_unlinked(open_table: Callable[[DataSpec], Table], spec: AuditSpec) -> Tabulation:
    """The counts of the main table, and of the table of each attribute that has one.

    The account of rows is the main table's; a table with another number of rows is noted. Raises SpecError with
    clusters, which need one table.
    """
    if spec.cluster is not None:
        raise SpecError("cluster goes with one table; attributes have tables of their own here. Take it out.")
    assert spec.data is not None
    shared = {name: group for name, group in spec.groups.items() if group.data is None}
    main = count_cells(open_table(spec.data), _only(spec, shared))
    found, notes = [main], list(main.account.notes)
    for name, group in spec.groups.items():
        if group.data is None:
            continue
        one = count_cells(open_table(group.data), _only(spec, {name: group.model_copy(update={"data": None})}))
        found.append(one)
        notes += _other_rows(name, one, main)
    same = all(_same_scale(one, main) for one in found)
    not_stated = {name: n for one in found for name, n in one.account.not_stated.items()}
    return Tabulation(
        joint=tuple(cells for one in found for cells in one.joint),
        account=replace(main.account, not_stated=not_stated, notes=tuple(notes)),
        score=tuple(cells for one in found for cells in one.score) if same else main.score,
        scale=main.scale,
        stages=tuple(cells for one in found for cells in one.stages),
        weighted=main.weighted,
        facts=main.facts,
    )


def _only(spec: AuditSpec, groups: dict[str, Group]) -> AuditSpec:
    return spec.model_copy(update={"groups": groups, "crossed": []})


def _other_rows(name: str, one: Tabulation, main: Tabulation) -> list[Message]:
    if one.account.used == main.account.used:
        return []
    return [
        say(
            "The table of {name} leaves {rows} rows to count, the main table {others}: they do not speak of the same "
            "people.",
            name=name,
            rows=f"{one.account.used:.0f}",
            others=f"{main.account.used:.0f}",
        )
    ]


def _same_scale(one: Tabulation, main: Tabulation) -> bool:
    if one.scale is None or main.scale is None:
        return one.scale is main.scale
    return np.array_equal(one.scale.lower, main.scale.lower) and np.array_equal(one.scale.upper, main.scale.upper)
