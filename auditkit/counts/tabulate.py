"""Rows or published counts, as one tabulation: where measuring begins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.counts.count_rows import COUNTED_AS, count_cells
from auditkit.counts.unlinked import count_unlinked, has_own_tables
from auditkit.guard import reading
from auditkit.intake.audit_tables import Tables
from auditkit.spec import AuditSpec

if TYPE_CHECKING:
    from auditkit.counts.count_table import Tabulation
    from auditkit.intake.open_table import Table

__all__ = ["counted_as", "tabulate"]


def counted_as(spec: AuditSpec, tabulation: Tabulation) -> AuditSpec:
    """The audit as its rows are counted: with the cut of each office where the highest are taken within offices."""
    found = tabulation.facts.get(COUNTED_AS, spec)
    assert isinstance(found, type(spec))
    return found


def tabulate(spec: AuditSpec, tables: Tables) -> Tabulation:
    """The counts that an analysis needs, whatever its data are. Raises InputError where the data are wrong."""
    file = "" if spec.data is None else spec.data.file or ""
    with reading(Path(file).name, tables.folder / file, ours=True):
        return _tabulated(spec, tables)


def _tabulated(spec: AuditSpec, tables: Tables) -> Tabulation:
    if spec.from_counts:
        from auditkit.counts.published import published_cells

        return published_cells(spec, tables.counts(spec))
    if has_own_tables(spec):
        return count_unlinked(lambda data: tables.open(data, spec.missing_values), spec)
    table = tables.rows(spec)
    tabulation = count_cells(table, spec)
    more = _more_facts(table, spec)
    return replace(tabulation, facts={**tabulation.facts, **more}) if more else tabulation


def _more_facts(table: Table, spec: AuditSpec) -> dict[str, object]:
    """What only some audits ask of their rows, beside the counts."""
    more: dict[str, object] = {}
    if spec.measures != "default":
        from auditkit.counts.score_correlation import score_correlation
        from auditkit.spec.measure_spec import SCORE_CORRELATION

        asked = [key for key in spec.measures if key.startswith(SCORE_CORRELATION)]
        found = {key: score_correlation(table, spec, key.removeprefix(SCORE_CORRELATION)) for key in asked}
        more |= {"correlations": found} if found else {}
    if spec.prediction is not None and spec.prediction.unit is None:
        from auditkit.counts.predicted_rows import predicted_rows

        more["prediction"] = predicted_rows(table, spec)
    return more
