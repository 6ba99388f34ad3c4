"""Points of the charts: along the threshold, along the score, along a chain of decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import effective_n, rate_interval_union, wilson
from auditkit.measures import MEASURES, Measure
from auditkit.measures.calibration_bins import CALIBRATION_BINS, even_bins
from auditkit.measures.joined_steps import begins_at
from auditkit.measures.rate_parts import parts
from auditkit.measures.scores import judged_steps
from auditkit.protect.released import NEGATIVE, POSITIVE, SEEN, ReleasedAnalysis, ReleasedView, Steps
from auditkit.result import Point
from auditkit.spec import AuditSpec
from auditkit.spec.selected_end import lower_is_selected

__all__ = ["points_of"]

Floats = NDArray[np.float64]

MOST_GROUPS = 50
"""Attributes of more groups have tables only: nobody reads a chart of a thousand lines."""

SWEEP_MEASURES = ("selection_rate", "false_positive_rate", "false_negative_rate", "positive_predictive_value")
DISTRIBUTION_BINS = 20


def points_of(analysis: ReleasedAnalysis) -> Iterator[Point]:
    """All points of single attributes (crossings have tables only)."""
    for view in analysis.views:
        if view.crossed or len(view.everyone) > MOST_GROUPS:
            continue
        if view.scores is not None:
            yield from _of_score(analysis, view, view.scores)
        yield from _stages(view, analysis.spec)


def _of_score(analysis: ReleasedAnalysis, view: ReleasedView, everyone: Steps) -> Iterator[Point]:
    spec = analysis.spec
    judged = judged_steps(view, spec) if spec.observed != "when_selected" else None
    lower_selected = lower_is_selected(spec)
    thresholds = analysis.thresholds
    chosen = [everyone.lower <= t if lower_selected else everyone.lower >= t for t in thresholds]
    of_everyone = _at_each(everyone, chosen)
    of_judged = None if judged is None or judged.rows[..., SEEN].sum() == 0 else _at_each(judged, chosen)
    for key in SWEEP_MEASURES:
        row = MEASURES[key]
        sides = of_everyone if row.data == "selection" else of_judged
        if sides is not None and chosen:
            cuts = [_cut_at(everyone, one, lower_selected) for one in chosen]
            yield from _withheld_where(_swept(view, row, sides, thresholds, spec), view, cuts)
    yield from _distribution(view, everyone, spec)
    if judged is not None:
        yield from _calibration(view, judged, spec)


def _at_each(counts: Steps, chosen: Sequence[NDArray[np.bool_]]) -> list[Floats]:
    """Weights and squared weights if the bins `chosen` at each threshold were selected: thresholds x groups x 6."""
    found = []
    for array in (counts.weights, counts.squares):
        by_outcome = array[..., :3] + array[..., 3:]
        sides = [(by_outcome[:, one].sum(axis=1), by_outcome[:, ~one].sum(axis=1)) for one in chosen]
        found.append(np.array([np.concatenate(pair, axis=-1) for pair in sides]))
    return found


def _swept(
    view: ReleasedView, row: Measure, sides: Sequence[Floats], thresholds: Sequence[float], spec: AuditSpec
) -> Iterator[Point]:
    """A measure if everyone at or above each threshold (or at or below it) were selected."""
    (yes, no), squares = (parts(one, row) for one in sides)
    spans: list[tuple[float, float | None]] = [(float(threshold), None) for threshold in thresholds]
    yield from _points("sweep", view, row.key, spans, yes, yes + no, squares, spec)


def _points(
    series: str, view: ReleasedView, measure: str, spans: Sequence[tuple[float, float | None]], yes: Floats,
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
        for group, a, n, share, low, high in zip(view.everyone.groups, *figures, strict=True):
            known = n > 0
            yield Point(
                series=series, attributes=view.names, groups=group, measure=measure,  # type: ignore[arg-type]
                position=position, position_upper=position_upper, value=share if known else None,
                lower=low if known else None, upper=high if known else None, numerator=a, denominator=n,
                status="computed" if known else "not_computed", reason=None if known else "empty_group",
            )  # fmt: skip


def _distribution(view: ReleasedView, counts: Steps, spec: AuditSpec) -> Iterator[Point]:
    by_bin = counts.weights.sum(axis=-1)
    total, squared = by_bin.sum(axis=-1), counts.squares.sum(axis=-1)
    bins = even_bins(counts.rows.sum(axis=(0, 2)), DISTRIBUTION_BINS)
    if not bins:
        return
    yes, inside = _binned(by_bin, bins), _binned(squared, bins)
    squares = (inside, squared.sum(axis=-1) - inside)
    spans, totals = _spans(counts, bins), np.tile(total, (len(bins), 1))
    points = _points("distribution", view, "share_of_group", spans, yes, totals, squares, spec)
    yield from _withheld_where(points, view, _both_ends(counts, bins))


def _calibration(view: ReleasedView, counts: Steps, spec: AuditSpec) -> Iterator[Point]:
    positive, squared = (array[..., POSITIVE].sum(axis=-1) for array in (counts.weights, counts.squares))
    seen = positive + counts.weights[..., NEGATIVE].sum(axis=-1)
    others = counts.squares[..., NEGATIVE].sum(axis=-1)
    if seen.sum() == 0:
        return
    bins = even_bins(counts.rows[..., SEEN].sum(axis=(0, 2)), CALIBRATION_BINS)
    if not bins:
        return
    yes, total = _binned(positive, bins), _binned(seen, bins)
    squares = (_binned(squared, bins), _binned(others, bins))
    points = _points("calibration", view, "base_rate", _spans(counts, bins), yes, total, squares, spec)
    yield from _withheld_where(points, view, _both_ends(counts, bins))


def _cut_at(steps: Steps, chosen: NDArray[np.bool_], lower_selected: bool) -> NDArray[np.bool_]:
    """Which groups can be cut where the selection begins or ends on the grid."""
    places = np.flatnonzero(~chosen if lower_selected else chosen)
    return begins_at(steps, int(places[0]) if len(places) else len(chosen))


def _both_ends(steps: Steps, bins: Sequence[tuple[int, int]]) -> list[NDArray[np.bool_]]:
    return [begins_at(steps, low) & begins_at(steps, high + 1) for low, high in bins]


def _withheld_where(points: Iterator[Point], view: ReleasedView, shown: Sequence[NDArray[np.bool_]]) -> Iterator[Point]:
    """Positions x groups; a point of a group that cannot be cut there carries no number."""
    flat = [bool(one) for cut in shown for one in cut]
    for point, keep in zip(points, flat, strict=True):
        yield point if keep else replace(
            point, value=None, lower=None, upper=None, numerator=None, denominator=None, status="suppressed",
            reason="withheld",
        )  # fmt: skip


def _binned(by_bin: Floats, bins: Sequence[tuple[int, int]]) -> Floats:
    """Groups x score bins, added up between the first and the last of each run of bins: runs x groups."""
    return np.array([by_bin[:, low : high + 1].sum(axis=-1) for low, high in bins]).reshape(len(bins), len(by_bin))


def _spans(scale: Steps, bins: Sequence[tuple[int, int]]) -> list[tuple[float, float | None]]:
    return [(float(scale.lower[low]), float(scale.upper[high])) for low, high in bins]


def _stages(view: ReleasedView, spec: AuditSpec) -> Iterator[Point]:
    """Of those of each group who reached a stage, how many passed it."""
    row = MEASURES["selection_rate"]
    for number, counts in enumerate(view.stages, start=1):
        if counts.hidden:
            lower, upper = counts.classes
            yield from _bounded(view, row.key, float(number), np.stack([*parts(lower, row), *parts(upper, row)]), spec)
            continue
        yes, no, *squares = np.stack([*parts(counts.weights, row), *parts(counts.squares, row)])[:, None]
        spans: list[tuple[float, float | None]] = [(float(number), None)]
        yield from _points("stage", view, row.key, spans, yes, yes + no, (squares[0], squares[1]), spec)


def _bounded(view: ReleasedView, measure: str, position: float, box: Floats, spec: AuditSpec) -> Iterator[Point]:
    """A step of hidden or rounded counts: the union of the intervals over all they may be, and no single value.

    `box` holds the fewest who pass and who stop, then the most.
    """
    low, other_low, high, other_high = box
    known = np.isfinite(high) & np.isfinite(other_high) & (high + other_high > 0)
    with np.errstate(invalid="ignore"):
        a, b, c, d = (np.where(known, side, np.nan) for side in (low, high, other_low, other_high))
        lower, upper = rate_interval_union(a, b, c, d, spec.confidence)
    for i, group in enumerate(view.everyone.groups):
        exact = bool(known[i] and low[i] == high[i] and other_low[i] == other_high[i])
        total = float(low[i] + other_low[i])
        yield Point(
            series="stage", attributes=view.names, groups=group, measure=measure, position=position,
            position_upper=None, value=float(low[i]) / total if exact else None,
            lower=float(lower[i]) if known[i] else None, upper=float(upper[i]) if known[i] else None,
            numerator=float(low[i]) if exact else None, denominator=total if exact else None,
            status="computed" if exact else "bounds" if known[i] else "not_computed",
            reason=None if known[i] else "unbounded" if high[i] + other_high[i] > 0 else "empty_group",
        )  # fmt: skip
