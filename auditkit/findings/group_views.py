"""A view: the counts of one attribute, or of attributes crossed, with its groups in order and its reference."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.cell_filter import chosen
from auditkit.counts.count_table import NOT_STATED, Tabulation
from auditkit.counts.rollup import View as Rolled
from auditkit.counts.rollup import rollup
from auditkit.measures.group_counts import GroupCounts
from auditkit.measures.sampled_outcomes import of_population
from auditkit.measures.unseen_outcomes import with_arm
from auditkit.spec import AuditSpec
from auditkit.spec.audit_spec import RuleReference

__all__ = ["Reference", "View", "ordered", "view"]


@dataclass(frozen=True)
class Reference:
    """Whom a group is compared with: one group (by its place), everyone else, or the group with the highest rate."""

    rule: str  # group, rest, largest, highest_rate
    index: int | None


@dataclass(frozen=True)
class View:
    """`everyone` counts all rows; `counts` is what rates rest on (reweighted where there is a random arm).

    `scored` keeps what has been counted of its scores, since several measures rest on it.
    """

    names: tuple[str, ...]
    counts: GroupCounts
    everyone: GroupCounts
    arm: GroupCounts | None
    reference: Reference
    scored: dict[tuple[Any, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def crossed(self) -> bool:
        """Whether attributes are crossed."""
        return len(self.names) > 1


def view(tabulation: Tabulation, names: tuple[str, ...], spec: AuditSpec) -> View | None:
    """The view of these attributes; None where they are not linked in the data."""
    cells = tabulation.table(names)
    if cells is None:
        return None
    everyone = ordered(rollup(cells, names), spec, tabulation.weighted)
    counts, arm = everyone, None
    if spec.arm is not None:
        arm = _aligned(ordered(rollup(chosen(cells, cells.arm == 1), names), spec, tabulation.weighted), everyone)
        counts = with_arm(everyone, arm)
        if spec.arm.population is not None:
            everyone = counts = of_population(everyone, arm, spec.arm.population)
    return View(names, counts, everyone, arm, _reference(everyone, spec))


def ordered(rolled: Rolled, spec: AuditSpec, weighted: bool) -> GroupCounts:
    """The counts with groups in the order of the audit: as its values and bins are listed, else sorted."""
    keys = [_ranks(name, spec) for name in rolled.names]
    crossed = len(rolled.names) > 1
    places = [i for i, group in enumerate(rolled.groups) if not (crossed and NOT_STATED in group)]
    places.sort(key=lambda i: [(rank.get(v, len(rank) + (v == NOT_STATED)), v)
                               for rank, v in zip(keys, rolled.groups[i], strict=True)])  # fmt: skip
    order = np.array(places, dtype=int)
    rows = rolled.counts[order]
    hidden = rolled.lower is not None and rolled.upper is not None and bool(np.any(rolled.lower != rolled.upper))
    return GroupCounts(
        names=rolled.names,
        groups=tuple(rolled.groups[i] for i in order),
        rows=rows,
        weights=rolled.weights[order],
        squares=rolled.weights_squared[order],
        lower=rolled.lower[order] if hidden and rolled.lower is not None else None,
        upper=rolled.upper[order] if hidden and rolled.upper is not None else None,
        size_lower=rolled.size_lower[order].sum(axis=-1) if hidden and rolled.size_lower is not None else None,
        size_upper=rolled.size_upper[order].sum(axis=-1) if hidden and rolled.size_upper is not None else None,
        weighted=weighted,
    )


def _ranks(name: str, spec: AuditSpec) -> dict[str, int]:
    group = spec.groups.get(name)
    if group is None:
        return {}
    listed = group.bin_labels() if group.bins is not None else list(group.values)
    return {value: i for i, value in enumerate(listed)}


def _aligned(counts: GroupCounts, like: GroupCounts) -> GroupCounts:
    """The counts with exactly the groups of `like`, in its order; zeros where a group has none."""
    place = {group: i for i, group in enumerate(counts.groups)}
    blank = len(counts.groups)

    def pick(array: NDArray[np.float64]) -> NDArray[np.float64]:
        padded = np.vstack([array, np.zeros((1, array.shape[1]))])
        return padded[[place.get(group, blank) for group in like.groups]]

    return replace(
        counts,
        groups=like.groups,
        rows=pick(counts.rows),
        weights=pick(counts.weights),
        squares=pick(counts.squares),
    )


def _reference(counts: GroupCounts, spec: AuditSpec) -> Reference:
    rules = [spec.groups[name].reference for name in counts.names]
    named = [rule.rule for rule in rules if isinstance(rule, RuleReference)]
    if "rest" in named:
        return Reference("rest", None)
    if "highest_rate" in named:
        return Reference("highest_rate", None)
    wanted = []
    for name, rule in zip(counts.names, rules, strict=True):
        wanted.append(_largest(counts, name) if isinstance(rule, RuleReference) else rule)
    place = next((i for i, group in enumerate(counts.groups) if list(group) == wanted), None)
    return Reference("largest" if named else "group", place)


def _largest(counts: GroupCounts, name: str) -> str | None:
    """The value of one attribute with most rows (the first of equals), whatever it is crossed with."""
    column = counts.names.index(name)
    sizes: dict[str, float] = {}
    top = counts.rows if counts.upper is None else np.where(np.isfinite(counts.upper), counts.upper, 0.0)
    for group, size in zip(counts.groups, np.nan_to_num(top).sum(axis=-1), strict=True):
        if group[column] != NOT_STATED:
            sizes[group[column]] = sizes.get(group[column], 0.0) + float(size)
    return max(sizes, key=lambda value: sizes[value]) if sizes else None
