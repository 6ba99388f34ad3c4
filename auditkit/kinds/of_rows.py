"""Which kinds an audit is of, and the figures that its rows give for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from auditkit.kinds import classes, prediction, ranking, survival, unknown, verification
from auditkit.kinds.kind_rows import View
from auditkit.result import KindFigure
from auditkit.spec import AuditSpec

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["kind_figures_of_rows"]

OfRows = Callable[["Table", AuditSpec, Sequence[View]], list[KindFigure]]

OF_ROWS: Mapping[str, OfRows] = {
    "classes": classes.figures_of_rows,
    "ranking": ranking.figures_of_rows,
    "prediction": prediction.figures_of_rows,
    "verification": verification.figures_of_rows,
    "survival": survival.figures_of_rows,
    "unknown": unknown.figures_of_rows,
}


def kind_figures_of_rows(table: Table, spec: AuditSpec, views: Sequence[View]) -> tuple[KindFigure, ...]:
    """Every figure of every kind of the audit; those of weighted or clustered rows have no method and say so."""
    found: list[KindFigure] = []
    for key, of_rows in OF_ROWS.items():
        if getattr(spec, key) is not None:
            found += of_rows(table, spec, views)
    if spec.weight is not None or spec.cluster is not None:
        return tuple(
            KindFigure(one.kind, one.item, one.attributes, one.groups, None, unit=one.unit, level=one.level,
                       reference=one.reference, status="not_computed", reason="pair_of_options")
            for one in found
        )  # fmt: skip
    return tuple(found)
