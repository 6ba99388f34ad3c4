"""Which groups stand side by side, in which order, and whom each is compared with: known before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import prod
from typing import Any

import numpy as np

from auditkit.counts.count_table import NOT_STATED, Tabulation
from auditkit.counts.rollup import View, rollup
from auditkit.errors import SpecError, cut, nearest
from auditkit.spec import AuditSpec
from auditkit.spec.audit_spec import RuleReference

__all__ = ["ComparedGroups", "check_references", "check_selected", "compared_groups", "in_order", "ordered_view"]

MOST_CROSSED = 1000
"""Groups of a crossing that is taken by default; one named under `crossed` may have any number."""


@dataclass(frozen=True)
class ComparedGroups:
    """The groups of one attribute, or of attributes crossed, in the order of the audit, and their reference.

    `rule` is group, rest, largest or highest_rate; `index` is the place of the reference group, None where the rule
    needs none or nobody is of it. `reason` says why there are no groups: unlinked or too_many_groups.
    """

    attributes: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    rule: str
    index: int | None
    reason: str | None = None

    @property
    def reference(self) -> tuple[str, ...] | None:
        """The group that the others are compared with, where it is one group."""
        return None if self.index is None else self.groups[self.index]


def compared_groups(tabulation: Tabulation, spec: AuditSpec) -> tuple[ComparedGroups, ...]:
    """The groups of every attribute and crossing that the audit asks for."""
    found = []
    for names in [(name,) for name in spec.groups] + spec.crossings():
        rolled = ordered_view(tabulation, names, spec)
        if rolled is None:
            found.append(ComparedGroups(names, (), "group", None, "unlinked"))
        elif _is_too_large(tabulation, names, spec):
            found.append(ComparedGroups(names, (), "group", None, "too_many_groups"))
        else:
            found.append(_compared(rolled, spec))
    return tuple(found)


def ordered_view(tabulation: Tabulation, names: tuple[str, ...], spec: AuditSpec) -> View | None:
    """The counts of the groups of some attributes in the order of the audit; None where they are not linked."""
    cells = tabulation.table(names)
    return None if cells is None else in_order(rollup(cells, names), spec)


def in_order(rolled: View, spec: AuditSpec) -> View:
    """The counts with groups as values and bins are listed in the audit, else sorted; "not stated" is not crossed."""
    keys = [_ranks(name, spec) for name in rolled.names]
    crossed = len(rolled.names) > 1
    places = [i for i, group in enumerate(rolled.groups) if not (crossed and NOT_STATED in group)]
    places.sort(key=lambda i: [(rank.get(v, len(rank) + (v == NOT_STATED)), v)
                               for rank, v in zip(keys, rolled.groups[i], strict=True)])  # fmt: skip
    return _picked(rolled, places)


def _picked(rolled: View, places: Sequence[int]) -> View:
    order = np.array(places, dtype=int)
    changed: dict[str, Any] = {"groups": tuple(rolled.groups[i] for i in places)}
    for field in fields(rolled):
        value = getattr(rolled, field.name)
        if isinstance(value, np.ndarray):
            changed[field.name] = value[order]
    return replace(rolled, **changed)


def _ranks(name: str, spec: AuditSpec) -> dict[str, int]:
    group = spec.groups.get(name)
    if group is None:
        return {}
    listed = group.bin_labels() if group.bins is not None else list(group.values)
    return {value: i for i, value in enumerate(listed)}


def _is_too_large(tabulation: Tabulation, names: tuple[str, ...], spec: AuditSpec) -> bool:
    """A crossing that nobody asked for by name and nobody could read."""
    cells = tabulation.table(names)
    if spec.crossed is not None or len(names) < 2 or cells is None:
        return False
    return prod(len(cells.level(name).stated) for name in names) > MOST_CROSSED


def _compared(rolled: View, spec: AuditSpec) -> ComparedGroups:
    rules = [spec.groups[name].reference for name in rolled.names]
    named = [rule.rule for rule in rules if isinstance(rule, RuleReference)]
    for rule in ("rest", "highest_rate"):
        if rule in named:
            return ComparedGroups(rolled.names, rolled.groups, rule, None)
    wanted = [
        _largest(rolled, name) if isinstance(rule, RuleReference) else rule
        for name, rule in zip(rolled.names, rules, strict=True)
    ]
    place = next((i for i, group in enumerate(rolled.groups) if list(group) == wanted), None)
    return ComparedGroups(rolled.names, rolled.groups, "largest" if named else "group", place)


def _largest(rolled: View, name: str) -> str | None:
    """The value of one attribute with most rows (the first of equals), whatever it is crossed with."""
    column = rolled.names.index(name)
    sizes: dict[str, float] = {}
    top = rolled.counts if rolled.upper is None else np.where(np.isfinite(rolled.upper), rolled.upper, 0.0)
    for group, size in zip(rolled.groups, np.nan_to_num(top).sum(axis=-1), strict=True):
        if group[column] != NOT_STATED:
            sizes[group[column]] = sizes.get(group[column], 0.0) + float(size)
    return max(sizes, key=lambda value: sizes[value]) if sizes else None


def check_references(tabulation: Tabulation, spec: AuditSpec) -> None:
    """Every reference group that is named must exist. Raises SpecError with the values there are."""
    for name, group in spec.groups.items():
        cells = tabulation.table((name,))
        if cells is None or isinstance(group.reference, RuleReference):
            continue
        values = cells.level(name).stated
        if group.reference not in values:
            raise SpecError(
                "groups.{attribute}: the reference {value} is not among the values of column {column}: {known}.",
                attribute=name,
                value=f'"{cut(group.reference)}"',
                column=f'"{cut(group.column)}"',
                known=nearest(group.reference, values),
            )


def check_selected(tabulation: Tabulation, spec: AuditSpec) -> None:
    """Some row must be selected where words are listed: a word that is written otherwise selects nobody.

    A code such as 1 or true cannot be written otherwise: there, nobody selected is a finding. Raises SpecError with
    the values and their column.
    """
    if spec.selected is None or spec.selected.is_in is None or not tabulation.joint:
        return
    if any(not isinstance(value, str) or value.lower() in ("true", "false", "1", "0") for value in spec.selected.is_in):
        return
    cells = tabulation.joint[0]
    most = cells.n if cells.upper is None else cells.upper
    if not np.any((cells.selected == 1) & (most > 0)):
        raise SpecError(
            "selected: column {column} is {values} in no row that is used, so nobody would be selected; write the "
            "values as the column does, with its capitals and accents.",
            column=f'"{cut(spec.selected.column)}"',
            values=", ".join(f'"{cut(value)}"' for value in spec.selected.is_in),
        )
