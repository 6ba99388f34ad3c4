"""The score of an analysis made ready: its bins, the cut of the highest scores, the thresholds to try."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.row_survey import Range
from auditkit.counts.score_bins import Binning, bin_scores, make_bins, sweep_thresholds
from auditkit.counts.score_distribution import Distribution, score_distribution
from auditkit.counts.selection import Cut, find_cut
from auditkit.intake.roles import Roles
from auditkit.spec import AuditSpec
from auditkit.spec.data_spec import GroupLimit
from auditkit.spec.selected_end import lower_is_selected

__all__ = ["Scoring", "prepare_scores"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scoring:
    """Rows with `selected` decided, and with their score bin where `score_key` is "auditkit_bin".

    `score_key` is None without a score, "score" where every value is a bin. `unbinned` are the rows before they got
    their bin.
    """

    rows: nw.LazyFrame[Any]
    unbinned: nw.LazyFrame[Any]
    binning: Binning | None
    score_key: str | None
    cut: Cut | None
    facts: dict[str, Any] = field(default_factory=dict)


def prepare_scores(rows: nw.LazyFrame[Any], roles: Roles, spec: AuditSpec, ranges: Mapping[str, Range]) -> Scoring:
    """Bins and cut for the rows that are used."""
    facts: dict[str, Any] = {}
    found: Distribution | None = None
    if roles.score is not None and "score" in ranges:
        found = _spread(rows, "score", ranges["score"], spec.score_bins == "exact")
        facts |= {"score_minimum": ranges["score"].lowest, "score_maximum": ranges["score"].highest}
    cut = _cut(rows, roles, spec, ranges, found)
    if cut is not None:
        facts |= {"threshold": cut.threshold, "top_wanted": cut.wanted, "top_selected": cut.selected}
        column = "score" if roles.selection is not None and roles.selection.on_score else "basis"
        rows = rows.with_columns(selected=cut.code(column))
    elif (threshold := _threshold(spec)) is not None:
        facts["threshold"] = threshold
    if found is None:
        return Scoring(rows, rows, None, None, cut, facts)
    binning = make_bins(found, _declared(spec, roles, cut))
    # A cut by rank is one person's score, and no threshold of the audit's own: it stays out of the sweep.
    on_score = roles.selection is not None and roles.selection.on_score
    used = _threshold(spec) if on_score and cut is None else None
    facts["sweep_thresholds"] = _sweep(spec, binning, used)
    if binning.bins.exact:
        return Scoring(rows, rows, binning, "score", cut, facts)
    return Scoring(bin_scores(rows, "score", binning), rows, binning, "auditkit_bin", cut, facts)


def _spread(rows: nw.LazyFrame[Any], column: str, found: Range, exact: bool) -> Distribution:
    return score_distribution(rows, column, found.lowest + 0.0, found.highest + 0.0, found.rows, exact)


def _cut(
    rows: nw.LazyFrame[Any],
    roles: Roles,
    spec: AuditSpec,
    ranges: Mapping[str, Range],
    found: Distribution | None,
) -> Cut | None:
    selection = roles.selection
    if selection is None or selection.code is not None:
        return None
    from_top = not lower_is_selected(spec)
    if selection.on_score:
        assert found is not None
        return find_cut(rows, "score", found, selection.choice, from_top)
    return find_cut(rows, "basis", _spread(rows, "basis", ranges["basis"], False), selection.choice, from_top)


def _threshold(spec: AuditSpec) -> float | None:
    """The one number that decides, where there is one."""
    if spec.selected is None:
        return None
    limits = [limit for limit in (spec.selected.at_least, spec.selected.at_most) if limit is not None]
    return float(limits[0]) if len(limits) == 1 and not isinstance(limits[0], GroupLimit) else None


def _declared(spec: AuditSpec, roles: Roles, cut: Cut | None) -> list[float]:
    """The edges that named thresholds need: a row at the threshold lies on its selected side."""
    edges: list[float] = []
    on_score = roles.selection is not None and roles.selection.on_score
    if spec.selected is not None and on_score:
        for limit, up in ((spec.selected.at_least, True), (spec.selected.at_most, False)):
            numbers = list(limit.values.values()) if isinstance(limit, GroupLimit) else [limit]
            edges += [_edge(float(number), up) for number in numbers if number is not None]
    if cut is not None and on_score:
        edges += [_edge(cut.cut, True), _edge(cut.cut, False)]
    if spec.sweep is not None and spec.sweep.thresholds != "default":
        edges += [_edge(number, not lower_is_selected(spec)) for number in spec.sweep.thresholds]
    for policy in spec.policies or []:
        listed = policy.threshold
        numbers = list(listed.values()) if isinstance(listed, dict) else [] if listed is None else [listed]
        edges += [_edge(number, not lower_is_selected(spec)) for number in numbers]
    return edges


def _edge(threshold: float, up: bool) -> float:
    return threshold if up else math.nextafter(threshold, math.inf)


def _sweep(spec: AuditSpec, binning: Binning, threshold: float | None) -> list[float]:
    """The thresholds asked for; by default those of the scale, and the one that is used."""
    if spec.sweep is not None and spec.sweep.thresholds != "default":
        return sorted(float(number) for number in spec.sweep.thresholds)
    found = sweep_thresholds(binning, lower_is_selected(spec))
    return sorted({*found, threshold}) if threshold is not None and threshold in _ends(binning, spec) else found


def _ends(binning: Binning, spec: AuditSpec) -> Floats:
    """The numbers at which bins begin, or end where the low end is selected: what a threshold of the sweep may be."""
    return binning.bins.upper if lower_is_selected(spec) else binning.bins.lower
