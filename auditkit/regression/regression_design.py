"""The table that a regression is fitted to: a column of ones, numbers, and 0 and 1 for each level but the reference."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import NOT_STATED
from auditkit.errors import SpecError, cut, nearest
from auditkit.regression.regression_sample import Column, Sample
from auditkit.result.regression import INTERCEPT
from auditkit.spec import AuditSpec
from auditkit.spec.regression_spec import RegressionSpec, RegressionTerm

__all__ = ["Design", "Label", "design", "with_references"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Label:
    """What one column of the table stands for."""

    term: str
    level: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Design:
    """`matrix` has a line a distinct row and a column a label; its columns are divided by `scale` when fitted."""

    matrix: Floats
    labels: tuple[Label, ...]
    scale: Floats

    @property
    def scaled(self) -> Floats:
        """The columns at a size of about one, so that no unit of measurement can spoil the arithmetic."""
        return self.matrix / self.scale


def with_references(sample: Sample, regression: RegressionSpec, spec: AuditSpec, name: str) -> Sample:
    """The sample with a reference for each term of categories: the one named, else the largest level.

    Raises SpecError for a reference that no row has, with the nearest levels.
    """
    return replace(sample, columns=tuple(_referenced(c, sample, regression, spec, name) for c in sample.columns))


def _referenced(column: Column, sample: Sample, regression: RegressionSpec, spec: AuditSpec, name: str) -> Column:
    if column.levels is None:
        return column
    sizes = np.bincount(column.values.astype(np.int64), weights=sample.n, minlength=len(column.levels))
    present = [level for level, n in zip(column.levels, sizes, strict=True) if n > 0 and level != NOT_STATED]
    wanted = regression.references.get(column.term) or _stated(column.term, regression, spec)
    if wanted is None:
        order = {level: (-sizes[i], i) for i, level in enumerate(column.levels)}
        wanted = min(present, key=order.__getitem__, default="")
    elif present and wanted not in present:
        raise SpecError(
            'The regression {name}: no row with {term} "{reference}", which is its reference; the nearest: {known}.',
            name=name,
            term=column.term,
            reference=cut(wanted),
            known=nearest(wanted, present),
        )
    return replace(column, reference=wanted)


def _stated(term: str, regression: RegressionSpec, spec: AuditSpec) -> str | None:
    """The reference that the term or its group names."""
    for one in regression.terms:
        if isinstance(one, RegressionTerm) and one.column == term:
            return one.reference
    group = spec.groups.get(term)
    return group.reference if group is not None and isinstance(group.reference, str) else None


def design(sample: Sample) -> Design:
    """The table of a complete sample with references. Levels that no row has make no column."""
    columns = [np.ones(len(sample))]
    labels = [Label(INTERCEPT)]
    for column in sample.columns:
        if column.levels is None:
            columns.append(column.values)
            labels.append(Label(column.term))
            continue
        for place, level in enumerate(column.levels):
            held = column.values == place
            if level != column.reference and held.any():
                columns.append(held.astype(np.float64))
                labels.append(Label(column.term, level, column.reference or ""))
    matrix = np.column_stack(columns)
    scale = np.abs(matrix).max(axis=0)
    return Design(matrix, tuple(labels), np.where(scale > 0, scale, 1.0))
