"""The cut of the highest scores within each office: `selected: {top: {by: office, values: {north: 120, south: 80}}}`.

The cuts are found once and written as limits that differ by the column, so that all that counts rows by a limit does
so here too. The limits are people's scores: they stay with the counting and enter no result.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.fetch_cells import fetch
from auditkit.counts.selection import rows_wanted
from auditkit.errors import DataError, cut
from auditkit.intake.column_reading import Columns
from auditkit.intake.exclusion_reasons import USED
from auditkit.intake.roles import assign_roles
from auditkit.spec import AuditSpec, Selection
from auditkit.spec.audit_spec import Stratum
from auditkit.spec.data_spec import GroupLimit, Places
from auditkit.spec.selected_end import lower_is_selected

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["office_stratum", "with_office_cuts", "with_office_stratum"]

Floats = NDArray[np.float64]


def with_office_cuts(table: Table, spec: AuditSpec) -> tuple[AuditSpec, dict[str, int]]:
    """The audit with the cut of every office as its limit, and how many were wanted and how many are selected.

    Raises DataError for an office of the list that no row is of. Rows of an office without places are excluded, and
    said, as rows without a limit are.
    """
    chosen = spec.selected
    assert chosen is not None
    places = chosen.places
    assert places is not None
    by_office = _scores_by_office(table, spec, places)
    from_top = not lower_is_selected(spec)
    limits, wanted, selected = {}, 0, 0
    for office, number in places.values.items():
        scores = by_office.get(office)
        if scores is None:
            raise DataError(
                "{file}: selected gives places to {value}, which no row of {column} has; expected one of its values.",
                file=table.name, value=f'"{cut(office)}"', column=f'"{cut(places.by)}"',
            )  # fmt: skip
        k = _wanted(chosen, number, len(scores))
        limits[office] = _limit(scores if from_top else -scores, k, chosen.ties) * (1 if from_top else -1)
        wanted += k
        selected += int((scores >= limits[office]).sum() if from_top else (scores <= limits[office]).sum())
    limit = GroupLimit(by=places.by, values=limits)
    cut_spec = chosen.model_copy(update={"at_least" if from_top else "at_most": limit})
    return spec.model_copy(update={"selected": cut_spec}), {"top_wanted": wanted, "top_selected": selected}


def office_stratum(spec: AuditSpec) -> str | None:
    """The name of the stratum by which places are given; None where they are not."""
    places = None if spec.selected is None else spec.selected.places
    if places is None:
        return None
    declared = (name for name, one in spec.strata.items() if one.column == places.by and one.bins is None)
    return next(declared, f"places by {places.by}")


def with_office_stratum(spec: AuditSpec) -> AuditSpec:
    """The audit with its offices among the strata that are counted."""
    name, places = office_stratum(spec), None if spec.selected is None else spec.selected.places
    if name is None or places is None or name in spec.strata:
        return spec
    return spec.model_copy(update={"strata": {**spec.strata, name: Stratum(column=places.by)}})


def _wanted(chosen: Selection, number: float, rows: int) -> int:
    """How many of an office are wanted."""
    if chosen.top is not None:
        return min(int(number), rows)
    return 0 if number == 0 else rows if number == 1 else rows_wanted(Selection(top_share=number), rows)


def _limit(scores: Floats, k: int, ties: str) -> float:
    """The smallest score that is selected: the k-th highest, or what lies beyond it where ties are left out."""
    highest = np.sort(scores)[::-1]
    if k == 0:
        return math.nextafter(float(highest[0]), math.inf)
    last = float(highest[k - 1])
    over = ties == "out" and int((scores >= last).sum()) > k
    return math.nextafter(last, math.inf) if over else last


def _scores_by_office(table: Table, spec: AuditSpec, places: Places) -> dict[str, Floats]:
    """The scores of the rows used, office by office; the rows of an office of the list that has none are no scores."""
    roles = assign_roles(table, spec)
    assert roles.selection is not None
    assert roles.selection.basis is not None
    columns = Columns.of(table, spec.missing_values)
    code = nw.lit(-1)
    for at, office in enumerate(places.values):
        code = nw.when(columns.one_of(places.by, [office], "selected")).then(nw.lit(at)).otherwise(code)
    rows = table.frame.select(auditkit_reason=roles.reason, score=roles.selection.basis.value, office=code)
    used = rows.filter(nw.col("auditkit_reason") == USED)
    found = fetch(used.group_by("office", "score").agg(rows=nw.len()), ["office", "rows"], ["score"])
    made = {}
    for at, name in enumerate(places.values):
        mine = np.flatnonzero(found.integers["office"] == at)
        if len(mine):
            made[name] = np.repeat(found.floats["score"][mine], found.integers["rows"][mine])
    return made
