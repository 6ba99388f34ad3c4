"""Classes against those that were right: agreement, errors of one class and of more, each class against the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, cut
from auditkit.inference import quadratic_kappa
from auditkit.kinds.kind_rows import KindRows, View, kind_rows
from auditkit.kinds.made_figures import Subject, made, share_of
from auditkit.result import KindFigure
from auditkit.spec import AuditSpec

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["figures_of_rows"]

Floats = NDArray[np.float64]


def figures_of_rows(table: Table, spec: AuditSpec, views: Sequence[View]) -> list[KindFigure]:
    """Of everyone and of each group, where the class that was right is known.

    Raises DataError for a class that the audit does not list.
    """
    asked = spec.classes
    assert asked is not None
    order = [str(one) for one in asked.order]
    columns = [asked.column, *([] if asked.actual is None else [asked.actual])]
    rows = kind_rows(table, spec, "classes", [], columns)
    for column in columns:
        _refuse_unlisted(rows, column, order)
    if asked.actual is None:
        return []
    place = {name: i for i, name in enumerate(order)}
    given, right = (
        np.array([*(place[value] for value in rows.values[column]), -1], dtype=np.int64)[rows.texts[column]]
        for column in columns
    )
    found: list[KindFigure] = []
    for names, group, inside in rows.each(views):
        chosen = inside & (given >= 0) & (right >= 0)
        joint = np.zeros((len(order), len(order)))
        np.add.at(joint, (right[chosen], given[chosen]), rows.n[chosen].astype(np.float64))
        found += _of_table(joint, order, (names, group), spec.confidence)
    return found


def _refuse_unlisted(rows: KindRows, column: str, order: Sequence[str]) -> None:
    strange = next((value for value in rows.values[column] if value not in order), None)
    if strange is not None:
        raise DataError(
            "{file}, column {column}: found the class {value}, which classes: order does not list; list every class, "
            "from first to last, or leave such rows out with keep.",
            file=rows.file,
            column=f'"{cut(column)}"',
            value=f'"{cut(strange)}"',
        )


def _of_table(joint: Floats, order: Sequence[str], of: Subject, confidence: float) -> list[KindFigure]:
    """`joint` is right x given."""
    n, size = float(joint.sum()), len(order)
    apart = np.arange(size)[None, :] - np.arange(size)[:, None]
    found = [made("classes", "quadratic_kappa", of, quadratic_kappa(joint, confidence), n, "large_sample", "number")]
    for item, cells in (
        ("right_class", apart == 0),
        ("one_class_above", apart == 1),
        ("one_class_below", apart == -1),
        ("two_or_more_apart", np.abs(apart) >= 2),
    ):
        found.append(share_of("classes", item, of, float(joint[cells].sum()), n, confidence))
    for i, name in enumerate(order):
        hits, there, said = float(joint[i, i]), float(joint[i].sum()), float(joint[:, i].sum())
        found.append(share_of("classes", "found_of_class", of, hits, there, confidence, name))
        found.append(share_of("classes", "right_in_class", of, hits, said, confidence, name))
    return found
