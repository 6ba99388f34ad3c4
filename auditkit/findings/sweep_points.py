"""Points of the charts: along the threshold, along the score, along a chain of decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import Tabulation
from auditkit.counts.rollup import rollup
from auditkit.counts.score_scale import lower_is_selected
from auditkit.findings.calibration_bins import CALIBRATION_BINS, even_bins
from auditkit.findings.group_views import View, ordered
from auditkit.findings.score_measures import ScoreCounts, score_counts
from auditkit.inference import effective_n, rate_interval_union, wilson
from auditkit.measures import MEASURES, Measure
from auditkit.measures.group_counts import parts
from auditkit.result import Point, ScoreBins
from auditkit.spec import AuditSpec

__all__ = ["points_of"]

Floats = NDArray[np.float64]

MOST_GROUPS = 50
"""Attributes of more groups have tables only: nobody reads a chart of a thousand lines."""

SWEEP_MEASURES = ("selection_rate", "false_positive_rate", "false_negative_rate", "positive_predictive_value")
DISTRIBUTION_BINS = 20


def points_of(tabulation: Tabulation, views: Iterable[View], spec: AuditSpec) -> Iterator[Point]:
    """All points of single attributes (crossings have tables only)."""
    for found in views:
        if found.crossed or len(found.counts) > MOST_GROUPS:
            continue
        if tabulation.scale is not None:
            yield from _of_score(tabulation, found, tabulation.scale, spec)
        yield from _stages(tabulation, found, spec)


def _of_score(tabulation: Tabulation, found: View, scale: ScoreBins, spec: AuditSpec) -> Iterator[Point]:
    everyone = score_counts(tabulation, found, spec, outcomes=False)
    if everyone is None:
        return
    judged = score_counts(tabulation, found, spec, outcomes=True) if spec.observed != "when_selected" else None
    lower_selected = lower_is_selected(spec)
    thresholds = tabulation.facts.get("sweep_thresholds") or ()
    chosen = [scale.lower <= t if lower_selected else scale.lower >= t for t in thresholds]
    of_everyone = _at_each(everyone, chosen)
    of_judged = None if judged is None or judged.rows[..., [0, 1, 3, 4]].sum() == 0 else _at_each(judged, chosen)
    for key in SWEEP_MEASURES:
        row = MEASURES[key]
        sides = of_everyone if row.needs == "selection" else of_judged
        if sides is not None and chosen:
            yield from _swept(found, row, sides, thresholds, spec)
    yield from _distribution(found, everyone, scale, spec)
    if judged is not None:
        yield from _calibration(found, judged, scale, spec)


def _at_each(counts: ScoreCounts, chosen: Sequence[NDArray[np.bool_]]) -> list[Floats]:
    """Weights and squared weights if the bins `chosen` at each threshold were selected: thresholds x groups x 6."""
    found = []
    for array in (counts.weights, counts.squares):
        by_outcome = array[..., :3] + array[..., 3:]
        sides = [(by_outcome[:, one].sum(axis=1), by_outcome[:, ~one].sum(axis=1)) for one in chosen]
        found.append(np.array([np.concatenate(pair, axis=-1) for pair in sides]))
    return found


def _swept(
    found: View, row: Measure, sides: Sequence[Floats], thresholds: Sequence[float], spec: AuditSpec
) -> Iterator[Point]:
    """A measure if everyone at or above each threshold (or at or below it) were selected."""
    (yes, no), squares = (parts(one, row) for one in sides)
    spans: list[tuple[float, float | None]] = [(float(threshold), None) for threshold in thresholds]
    yield from _points("sweep", found, row.key, spans, yes, yes + no, squares, spec)


def _points(
    series: str, found: View, measure: str, spans: Sequence[tuple[float, float | None]], yes: Floats,
    total: Floats, squares: tuple[Floats, Floats], spec: AuditSpec,
) -> Iterator[Point]:  # fmt: skip
    """Positions (from, to) x groups. `squares` are the squared weights of those who count and of those who do not:
    the interval is of effective rows."""
    size = effective_n(yes, total - yes, *squares)
    with np.errstate(invalid="ignore", divide="ignore"):
        worth = np.where(total > 0, size / total, 0.0)
        value = yes / total
    lower, upper = wilson(yes * worth, total * worth, spec.confidence)
    columns = (yes.tolist(), total.tolist(), value.tolist(), lower.tolist(), upper.tolist())
    for (position, position_upper), *figures in zip(spans, *columns, strict=True):
        for group, a, n, share, low, high in zip(found.counts.groups, *figures, strict=True):
            known = n > 0
            yield Point(
                series=series, attributes=found.names, groups=group, measure=measure,  # type: ignore[arg-type]
                position=position, position_upper=position_upper, value=share if known else None,
                lower=low if known else None, upper=high if known else None, numerator=a, denominator=n,
                status="computed" if known else "not_computed", reason=None if known else "empty_group",
            )  # fmt: skip


def _distribution(found: View, counts: ScoreCounts, scale: ScoreBins, spec: AuditSpec) -> Iterator[Point]:
    by_bin = counts.weights.sum(axis=-1)
    total, squared = by_bin.sum(axis=-1), counts.squares.sum(axis=-1)
    bins = even_bins(counts.rows.sum(axis=(0, 2)), DISTRIBUTION_BINS)
    yes, inside = _binned(by_bin, bins), _binned(squared, bins)
    squares = (inside, squared.sum(axis=-1) - inside)
    spans, totals = _spans(scale, bins), np.tile(total, (len(bins), 1))
    yield from _points("distribution", found, "share_of_group", spans, yes, totals, squares, spec)


def _calibration(found: View, counts: ScoreCounts, scale: ScoreBins, spec: AuditSpec) -> Iterator[Point]:
    positive, squared = (array[..., [0, 3]].sum(axis=-1) for array in (counts.weights, counts.squares))
    seen = positive + counts.weights[..., [1, 4]].sum(axis=-1)
    others = counts.squares[..., [1, 4]].sum(axis=-1)
    if seen.sum() == 0:
        return
    bins = even_bins(counts.rows[..., [0, 1, 3, 4]].sum(axis=(0, 2)), CALIBRATION_BINS)
    yes, total = _binned(positive, bins), _binned(seen, bins)
    squares = (_binned(squared, bins), _binned(others, bins))
    yield from _points("calibration", found, "base_rate", _spans(scale, bins), yes, total, squares, spec)


def _binned(by_bin: Floats, bins: Sequence[tuple[int, int]]) -> Floats:
    """Groups x score bins, added up between the first and the last of each run of bins: runs x groups."""
    return np.array([by_bin[:, low : high + 1].sum(axis=-1) for low, high in bins]).reshape(len(bins), len(by_bin))


def _spans(scale: ScoreBins, bins: Sequence[tuple[int, int]]) -> list[tuple[float, float | None]]:
    return [(float(scale.lower[low]), float(scale.upper[high])) for low, high in bins]


def _stages(tabulation: Tabulation, found: View, spec: AuditSpec) -> Iterator[Point]:
    """Of those of each group who reached a stage, how many passed it."""
    place = {group: i for i, group in enumerate(found.counts.groups)}
    mine = [cells for cells in tabulation.stages if set(found.names) <= set(cells.names)]
    for number, cells in enumerate(mine, start=1):
        counts = ordered(rollup(cells, found.names), spec, tabulation.weighted)
        row, known = MEASURES["selection_rate"], [i for i, group in enumerate(counts.groups) if group in place]
        where = [place[counts.groups[i]] for i in known]
        if counts.lower is not None and counts.upper is not None:
            box = np.zeros((4, len(place)))
            box[:, where] = np.stack([*parts(counts.lower, row), *parts(counts.upper, row)])[:, known]
            yield from _bounded(found, row.key, float(number), box, spec)
            continue
        sides = np.zeros((4, len(place)))
        sides[:, where] = np.stack([*parts(counts.weights, row), *parts(counts.squares, row)])[:, known]
        yes, no, *squares = sides[:, None]
        spans: list[tuple[float, float | None]] = [(float(number), None)]
        yield from _points("stage", found, row.key, spans, yes, yes + no, (squares[0], squares[1]), spec)


def _bounded(found: View, measure: str, position: float, box: Floats, spec: AuditSpec) -> Iterator[Point]:
    """A step of hidden or rounded counts: the union of the intervals over all they may be, and no single value.

    `box` holds the fewest who pass and who stop, then the most.
    """
    low, other_low, high, other_high = box
    known = np.isfinite(high) & np.isfinite(other_high) & (high + other_high > 0)
    with np.errstate(invalid="ignore"):
        a, b, c, d = (np.where(known, side, np.nan) for side in (low, high, other_low, other_high))
        lower, upper = rate_interval_union(a, b, c, d, spec.confidence)
    for i, group in enumerate(found.counts.groups):
        exact = bool(known[i] and low[i] == high[i] and other_low[i] == other_high[i])
        total = float(low[i] + other_low[i])
        yield Point(
            series="stage", attributes=found.names, groups=group, measure=measure, position=position,
            position_upper=None, value=float(low[i]) / total if exact else None,
            lower=float(lower[i]) if known[i] else None, upper=float(upper[i]) if known[i] else None,
            numerator=float(low[i]) if exact else None, denominator=total if exact else None,
            status="computed" if exact else "bounds" if known[i] else "not_computed",
            reason=None if known[i] else "unbounded" if high[i] + other_high[i] > 0 else "empty_group",
        )  # fmt: skip
