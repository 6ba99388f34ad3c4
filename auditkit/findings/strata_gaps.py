"""Does a gap remain among like cases? Within the strata that someone may claim are legitimate, put together again.

A gap that shrinks within strata is described, not excused: whether the factor is legitimate is a question of law.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import NOT_STATED, Tabulation
from auditkit.counts.rollup import rollup
from auditkit.findings.gap_rows import span_gaps
from auditkit.findings.group_views import View
from auditkit.inference import conditional_disparity, mantel_haenszel_ratio, standardised_difference
from auditkit.measures import MEASURES
from auditkit.measures.group_counts import GroupCounts, parts
from auditkit.result import Gap
from auditkit.spec import AuditSpec

__all__ = ["STRATA_MEASURES", "STRATUM", "strata_counts", "strata_gaps"]

Floats = NDArray[np.float64]

STRATA_MEASURES = (
    "conditional_disparity",
    "standardised_selection_rate_difference",
    "mantel_haenszel_ratio",
    "mantel_haenszel_odds_ratio",
)
"""Measures within strata; the files name them MEASURE:STRATUM."""

STRATUM = "stratum:"
"""What leads the name of a stratum among the counts that disclosure is given."""


def strata_gaps(tabulation: Tabulation, found: View, spec: AuditSpec, analysis: str) -> Iterator[Gap]:
    """The three figures of every group for every stratum that is linked to its attribute."""
    attribute = found.names[0]
    for stratum in spec.strata:
        cells = tabulation.table((attribute, stratum))
        if cells is None:
            continue
        selected, total = (_worth(found) * part for part in _by_stratum(found, tabulation, (attribute, stratum)))
        index = found.reference.index
        if index is None and found.reference.rule != "rest":
            continue
        everyone_selected, everyone_total = selected.sum(axis=0), total.sum(axis=0)
        if index is None:
            other, other_total = everyone_selected - selected, everyone_total - total
        else:
            other, other_total = np.tile(selected[index], (len(selected), 1)), np.tile(total[index], (len(total), 1))
        n = found.everyone.rows.sum(axis=-1)
        yield from _rows(analysis, found, stratum, selected, total, other, other_total, n, spec)


def _rows(
    analysis: str, found: View, stratum: str, selected: Floats, total: Floats, other: Floats, other_total: Floats,
    n: Floats, spec: AuditSpec,
) -> Iterator[Gap]:  # fmt: skip
    index, asked = found.reference.index, _asked(spec)
    adverse, favourable = selected, total - selected
    if spec.system.harm == "assistive":
        adverse, favourable = favourable, adverse
    all_adverse, all_favourable = adverse.sum(axis=0), favourable.sum(axis=0)
    disparity = conditional_disparity(adverse, favourable, all_adverse, all_favourable, spec.confidence)
    difference = standardised_difference(selected, total, other, other_total, total.sum(axis=0), spec.confidence)
    common = mantel_haenszel_ratio(selected, total - selected, other, other_total - other, spec.confidence)
    for key, span, method, kind in (
        ("conditional_disparity", (disparity.value, disparity.lower, disparity.upper), "mover", "difference"),
        ("standardised_selection_rate_difference", (difference.value, difference.lower, difference.upper),
         "mover", "difference"),
        ("mantel_haenszel_ratio", (common.rate_ratio, common.rate_ratio_lower, common.rate_ratio_upper),
         "greenland_robins", "ratio"),
        ("mantel_haenszel_odds_ratio", (common.odds_ratio, common.odds_ratio_lower, common.odds_ratio_upper),
         "robins_breslow_greenland", "ratio"),
    ):  # fmt: skip
        if key not in asked:
            continue
        yield from span_gaps(analysis, found, f"{key}:{stratum}", span, n, index, spec, method, kind)


def _asked(spec: AuditSpec) -> tuple[str, ...]:
    """The figures within strata that the audit names under measures; all four where it names none of them."""
    asked = tuple(key for key in STRATA_MEASURES if spec.measures != "default" and key in spec.measures)
    return asked or STRATA_MEASURES


def _worth(found: View) -> float:
    """How many unweighted rows a unit of weight is worth, in the group where it is least: W / W2; 1 without weights.

    One number for all, so that the figures stay and only the intervals widen.
    """
    if not found.everyone.weighted:
        return 1.0
    weight, squared = found.everyone.weights.sum(axis=-1), found.everyone.squares.sum(axis=-1)
    return float(np.min(weight[weight > 0] / squared[weight > 0], initial=np.inf)) if (weight > 0).any() else 1.0


def _by_stratum(found: View, tabulation: Tabulation, names: tuple[str, str]) -> tuple[Floats, Floats]:
    """People selected and people, groups x strata; strata that are not stated are left out."""
    cells = tabulation.table(names)
    assert cells is not None
    rolled = rollup(cells, names)
    strata = sorted({group[1] for group in rolled.groups if group[1] != NOT_STATED})
    place = {group: i for i, group in enumerate(rolled.groups)}
    yes, no = parts(rolled.weights, MEASURES["selection_rate"])
    selected = np.zeros((len(found.counts), len(strata)))
    total = np.zeros_like(selected)
    for i, (value,) in enumerate(found.counts.groups):
        for j, stratum in enumerate(strata):
            if (at := place.get((value, stratum))) is not None:
                selected[i, j], total[i, j] = yes[at], yes[at] + no[at]
    return selected, total


def strata_counts(tabulation: Tabulation, found: View, spec: AuditSpec) -> Iterator[GroupCounts]:
    """The people behind the gaps within each stratum, group by stratum: for disclosure only."""
    if found.crossed:
        return
    for stratum in spec.strata:
        names = (found.names[0], stratum)
        if (cells := tabulation.table(names)) is not None:
            rolled = rollup(cells, names)
            rows = np.nan_to_num(rolled.counts)
            yield GroupCounts((names[0], STRATUM + stratum), rolled.groups, rows, rows, rows)
