"""How to count: all attributes in one scan, or each view by itself where one table would be too large."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals.stable.v2 as nw
import numpy as np

from auditkit.counts.coded_groups import PLAIN, Coding, make_coding, shown_values
from auditkit.counts.fetch_cells import fetch
from auditkit.counts.level_lookup import is_duckdb
from auditkit.counts.plain_rows import SAMPLE, key_column
from auditkit.counts.score_scale import Scoring
from auditkit.intake.roles import Roles
from auditkit.spec import AuditSpec

__all__ = ["MOST_CELLS", "Plan", "make_plan"]

MOST_CELLS = 1_000_000
"""The most cells that a table split by score may have room for."""

_MOST_SCANNED = 3_000_000
_MOST_FOUND = 250_000


@dataclass(frozen=True)
class Plan:
    """`one_scan`: everything in one joint count. Else the joint tables and score tables, by their names."""

    one_scan: bool
    joint_views: tuple[tuple[str, ...], ...]
    score_views: tuple[tuple[str, ...], ...]
    most_cells: int = MOST_CELLS
    coding: Coding | None = None


def make_plan(scoring: Scoring, roles: Roles, spec: AuditSpec, many: bool = False) -> Plan:
    """The plan, from how many values the first rows show. It decides how numbers are counted, never what they are.

    `many` says that the rows are so many that coding them pays.
    """
    names = [key_column(i) for i in range(len(roles.keys))]
    sample = scoring.unbinned.head(SAMPLE)
    bins = 1 if scoring.binning is None else len(scoring.binning.bins)
    coding = None
    if many and is_duckdb(sample):
        shown = shown_values(sample, names)
        sizes = {name: len(values) for name, values in shown.values.items()}
        sizes |= {name: len(np.unique(shown.integers[name])) for name in PLAIN if name != "selected"}
        binned = scoring.binning if scoring.score_key == "auditkit_bin" else None
        coding = make_coding(scoring.unbinned, shown, binned)
    elif is_duckdb(sample):
        plain = fetch(
            sample.select(*[nw.col(name).n_unique() for name in [*names, "outcome", "arm"]]),
            [*names, "outcome", "arm"],
        )
        sizes = {name: int(values[0]) for name, values in plain.integers.items()}
    else:  # what counts distinct values elsewhere is not written alike by all
        columns = [*names, "outcome", "arm"]
        found = fetch(sample.group_by(*columns).agg(rows=nw.len()), ["rows"], coded=columns)
        sizes = {name: len(values) for name, values in found.values.items()}
    product = 2
    for size in sizes.values():
        product *= max(1, size)
    linked = set(roles.attributes)
    crossings = tuple(names for names in spec.crossings() if set(names) <= linked)
    views = tuple(dict.fromkeys((*((name,) for name in roles.attributes), *crossings)))
    if product * bins <= _MOST_SCANNED:
        return Plan(True, (roles.names,), views, coding=coding)
    if product <= MOST_CELLS or _found(scoring, names) <= _MOST_FOUND:
        return Plan(False, (roles.names,), views)
    strata = tuple(key.name for key in roles.keys if not key.attribute)
    with_strata = tuple((name, *strata) for name in roles.attributes)
    return Plan(False, tuple(dict.fromkeys((*with_strata, *views))), views)


def _found(scoring: Scoring, names: list[str]) -> int:
    """How many cells the first rows make, carried to where it would lead if every row made as many."""
    sample = scoring.rows.head(SAMPLE).group_by(*names).agg(rows=nw.len())
    found = fetch(sample.select(cells=nw.len()), ["cells"]).integers["cells"]
    return int(found[0]) * 10
