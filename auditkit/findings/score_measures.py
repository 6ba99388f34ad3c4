"""What is measured on the score itself: its mean, how well it ranks, whether it means what it says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.cell_filter import chosen
from auditkit.counts.count_table import Cells, Tabulation
from auditkit.counts.rollup import rollup, score_view
from auditkit.counts.score_scale import lower_is_selected
from auditkit.findings.calibration_bins import by_bin_figures
from auditkit.findings.gap_rows import estimates_of, span_gaps
from auditkit.findings.group_views import View
from auditkit.findings.likelihood_ratios import quotient_figures
from auditkit.findings.rate_figures import Figures
from auditkit.inference import auc_estimate, calibration_error, mean_difference, mean_interval, square_and_add
from auditkit.measures import Measure
from auditkit.result import Estimate, Gap
from auditkit.spec import AuditSpec

__all__ = ["ScoreCounts", "score_counts", "score_rows"]

Floats = NDArray[np.float64]

_POSITIVE, _NEGATIVE, _ANY = [0, 3], [1, 4], [0, 1, 2, 3, 4, 5]


@dataclass(frozen=True)
class ScoreCounts:
    """Scores by group: `weights`, `rows`, `squares` are groups x bins x 6; sums are groups x 6."""

    weights: Floats
    rows: Floats
    squares: Floats
    score_sum: Floats
    score_squared: Floats

    def plus_rest(self) -> ScoreCounts:
        """Everyone else beside each group."""
        return ScoreCounts(*(a.sum(axis=0, keepdims=True) - a for a in self._arrays()))

    def take(self, index: int) -> ScoreCounts:
        """One group beside each."""
        return ScoreCounts(*(np.repeat(a[index : index + 1], len(a), axis=0) for a in self._arrays()))

    def _arrays(self) -> tuple[Floats, ...]:
        return (self.weights, self.rows, self.squares, self.score_sum, self.score_squared)


def score_counts(tabulation: Tabulation, found: View, spec: AuditSpec, outcomes: bool) -> ScoreCounts | None:
    """Scores of the groups of a view, in its order; of a random arm's rows where there is one and outcomes count."""
    in_arm = outcomes and spec.arm is not None
    key = (in_arm, found.counts.groups)
    if key not in found.scored:
        found.scored[key] = _counted(tabulation, found, in_arm)
    counted: ScoreCounts | None = found.scored[key]
    return counted


def _counted(tabulation: Tabulation, found: View, in_arm: bool) -> ScoreCounts | None:
    cells = tabulation.score_table(found.names)
    if cells is None:
        return None
    keep = cells.score_bin >= 0
    if in_arm:
        keep &= cells.arm == 1
    scored = chosen(cells, keep)
    return _aligned(scored, found, len(tabulation.scale) if tabulation.scale else 0)


def _aligned(scored: Cells, found: View, bins: int) -> ScoreCounts:
    by_bin, sums = score_view(scored, found.names, bins), rollup(scored, found.names)
    assert sums.score_sum is not None
    assert sums.score_squared is not None
    if not found.names:
        return ScoreCounts(by_bin.weights, by_bin.counts, by_bin.weights_squared, sums.score_sum, sums.score_squared)
    place = {group: i for i, group in enumerate(by_bin.groups)}
    where = {group: i for i, group in enumerate(sums.groups)}

    def pick(array: Floats, at: dict[tuple[str, ...], int]) -> Floats:
        padded = np.concatenate([array, np.zeros((1, *array.shape[1:]))])
        return padded[[at.get(group, len(array)) for group in found.counts.groups]]

    return ScoreCounts(
        pick(by_bin.weights, place),
        pick(by_bin.counts, place),
        pick(by_bin.weights_squared, place),
        pick(sums.score_sum, where),
        pick(sums.score_squared, where),
    )


def score_rows(
    tabulation: Tabulation, found: View, row: Measure, spec: AuditSpec, analysis: str
) -> tuple[list[Estimate], list[Gap]]:
    """Estimates of one measure on the score, and its differences to the reference."""
    if row.kind == "quotient":
        figures = quotient_figures(found.counts, row, spec, analysis)
        return list(estimates_of(analysis, found.names, found.counts, row.key, figures, spec.confidence)), []
    if row.key == "mean_outcome":
        counts: ScoreCounts | None = _numeric_outcomes(tabulation, found)
    else:
        counts = score_counts(tabulation, found, spec, outcomes=row.kind != "mean")
    blocked = _blocked(tabulation, row, spec, counts)
    if counts is None or blocked:
        figures = _nothing(len(found.counts), blocked or "no_score")
        return list(estimates_of(analysis, found.names, found.counts, row.key, figures, spec.confidence)), []
    if row.kind == "calibration_by_bin":
        figures = by_bin_figures(tabulation, found, spec)
        return list(estimates_of(analysis, found.names, found.counts, row.key, figures, spec.confidence)), []
    compute = {"mean": _mean, "auc": _auc, "calibration": _calibration}[row.kind]
    figures = compute(counts, spec)
    estimates = list(estimates_of(analysis, found.names, found.counts, row.key, figures, spec.confidence))
    index = found.reference.index
    if index is None and found.reference.rule != "rest":
        return estimates, []
    other = counts.plus_rest() if found.reference.rule == "rest" else counts.take(index or 0)
    theirs = compute(other, spec)
    span, method = _difference(row, counts, other, figures, theirs, spec)
    return estimates, list(span_gaps(analysis, found, row.key, span, figures.n, index, spec, method,
                                     reasons=figures.reason))  # fmt: skip


def _numeric_outcomes(tabulation: Tabulation, found: View) -> ScoreCounts | None:
    """Outcomes that are numbers, in the shape of scores (one bin)."""
    cells = tabulation.table(found.names)
    if cells is None or cells.outcome_sum is None:
        return None
    rolled = rollup(cells, found.names)
    assert rolled.outcome_sum is not None
    assert rolled.outcome_squared is not None
    assert rolled.outcome_weight is not None
    place = {group: i for i, group in enumerate(rolled.groups)}
    order = [place[group] for group in found.counts.groups]
    with np.errstate(invalid="ignore", divide="ignore"):
        known = np.nan_to_num(rolled.outcome_weight / rolled.weights)
    weights = rolled.outcome_weight[order][:, None, :]
    return ScoreCounts(weights, (rolled.counts * known)[order][:, None, :],
                       (rolled.weights_squared * known)[order][:, None, :],
                       rolled.outcome_sum[order], rolled.outcome_squared[order])  # fmt: skip


def _blocked(tabulation: Tabulation, row: Measure, spec: AuditSpec, counts: ScoreCounts | None) -> str | None:
    """Why a measure cannot be computed for any group."""
    if counts is None:
        return "no_outcome" if row.key == "mean_outcome" else "no_score"
    if row.key == "mean_outcome" and spec.observed != "everywhere":
        return "outcome_unseen"
    if row.kind != "mean" and spec.observed == "when_selected":
        return "outcome_unseen"
    low, high = tabulation.facts.get("score_minimum"), tabulation.facts.get("score_maximum")
    if row.kind.startswith("calibration") and (low is None or high is None or low < 0 or high > 1):
        return "score_not_probability"
    return None


def _nothing(groups: int, reason: str) -> Figures:
    blank = np.full(groups, np.nan)
    reasons = np.full(groups, reason, dtype=object)
    none = np.zeros(groups, dtype=bool)
    return Figures(blank, blank, blank, blank, blank, blank, reasons, "none", none, blank, blank)


def _figures(
    value: Floats, lower: Floats, upper: Floats, numerator: Floats, denominator: Floats, n: Floats, reason: str,
    method: str, rows: tuple[Floats, ...],
) -> Figures:  # fmt: skip
    blank = np.full(len(value), np.nan)
    reasons = np.full(len(value), None, dtype=object)
    reasons[np.isnan(value)] = reason
    return Figures(value, lower, upper, numerator, denominator, n, reasons, method,
                   np.zeros(len(value), dtype=bool), blank, blank, rows)  # fmt: skip


def _sizes(counts: ScoreCounts) -> tuple[Floats, Floats, Floats]:
    """Weight, rows and effective rows of all who carry a score."""
    weight, rows = counts.weights.sum(axis=(1, 2)), counts.rows.sum(axis=(1, 2))
    squares = counts.squares.sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return weight, rows, weight * (weight / squares)


def _mean(counts: ScoreCounts, spec: AuditSpec) -> Figures:
    weight, rows, size = _sizes(counts)
    total, squared = counts.score_sum.sum(axis=-1), counts.score_squared.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = total / weight
    lower, upper = mean_interval(weight, total, squared, spec.confidence, size)
    return _figures(value, lower, upper, total, weight, rows, "no_score", "student", (rows,))


def _classes(counts: ScoreCounts) -> tuple[Floats, Floats, Floats, Floats]:
    positive = counts.rows[..., _POSITIVE].sum(axis=(1, 2))
    negative = counts.rows[..., _NEGATIVE].sum(axis=(1, 2))
    return positive, negative, positive + negative, np.full(len(positive), np.nan)


def _auc(counts: ScoreCounts, spec: AuditSpec) -> Figures:
    positive, negative, seen, blank = _classes(counts)
    flip = slice(None, None, -1) if lower_is_selected(spec) else slice(None)
    weights, squares = counts.weights[:, flip], counts.squares[:, flip]
    result = auc_estimate(
        weights[..., _POSITIVE].sum(axis=-1), weights[..., _NEGATIVE].sum(axis=-1),
        squares[..., _POSITIVE].sum(axis=-1), squares[..., _NEGATIVE].sum(axis=-1), spec.confidence,
    )  # fmt: skip
    figures = _figures(result.value, result.lower, result.upper, blank, blank, seen, "no_outcome", "delong",
                       (positive, negative))  # fmt: skip
    reason = figures.reason.copy()
    reason[(seen > 0) & (positive == 0)] = "no_positive_outcome"
    reason[(seen > 0) & (negative == 0)] = "no_negative_outcome"
    reason[result.few_cases & (positive > 0) & (negative > 0)] = "few_cases"
    return Figures(**{**figures.__dict__, "reason": reason})


def _calibration(counts: ScoreCounts, spec: AuditSpec) -> Figures:
    positive, negative, seen, blank = _classes(counts)

    def by_outcome(array: Floats) -> Floats:
        return np.stack([array[..., _NEGATIVE].sum(axis=-1), array[..., _POSITIVE].sum(axis=-1)], axis=-1)

    weights = by_outcome(counts.weights.sum(axis=1))
    squares = by_outcome(counts.squares.sum(axis=1)).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        size = weights.sum(axis=-1) * (weights.sum(axis=-1) / squares)
    result = calibration_error(
        weights, by_outcome(counts.score_sum), by_outcome(counts.score_squared), spec.confidence, size
    )
    return _figures(result.value, result.lower, result.upper, blank, blank, seen, "no_outcome", "calibration",
                    (positive, negative))  # fmt: skip


def _difference(
    row: Measure, counts: ScoreCounts, other: ScoreCounts, mine: Figures, theirs: Figures, spec: AuditSpec
) -> tuple[tuple[Floats, Floats, Floats], str]:
    value = mine.value - theirs.value
    if row.kind != "mean":
        ends = square_and_add(mine.value, mine.lower, mine.upper, theirs.value, theirs.lower, theirs.upper)
        return (value, *ends), "square_and_add"
    weight, _, size = _sizes(counts)
    other_weight, _, other_size = _sizes(other)
    ends = mean_difference(
        weight, counts.score_sum.sum(axis=-1), counts.score_squared.sum(axis=-1),
        other_weight, other.score_sum.sum(axis=-1), other.score_squared.sum(axis=-1),
        spec.confidence, size, other_size,
    )  # fmt: skip
    return (value, *ends), "welch"
