"""What is measured on the score itself: its mean, how well it ranks, whether it means what it says."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import auc_estimate, calibration_error, mean_difference, mean_interval, square_and_add
from auditkit.measures.beside import beside, has_reference, untested_gaps
from auditkit.measures.calibration_bins import calibration_by_bin
from auditkit.measures.estimates import Estimates, Gaps, Span
from auditkit.measures.joined_steps import with_enough_steps
from auditkit.measures.measure import Hurts, Measure, Sum, Unit
from auditkit.protect.released import CLASSES, NEGATIVE, POSITIVE, ReleasedAnalysis, ReleasedView, Steps
from auditkit.spec import AuditSpec
from auditkit.spec.selected_end import lower_is_selected

__all__ = ["Auc", "Calibration", "CalibrationByBin", "Mean", "judged_steps"]

Floats = NDArray[np.float64]

_POSITIVE_SUM = ("true_positive", "false_negative")
_NEGATIVE_SUM = ("false_positive", "true_negative")


def judged_steps(view: ReleasedView, spec: AuditSpec) -> Steps | None:
    """The score of those whose outcome counts: of a random arm's rows where there is one."""
    return view.scores if spec.arm is None else view.arm_scores


@dataclass(frozen=True)
class Mean(Measure):
    """The mean of a number: of the score, or of an outcome that is one."""

    of: Literal["score", "outcome"] = "score"

    def needs(self) -> frozenset[Sum]:
        return frozenset({CLASSES})

    def unit(self) -> Unit:
        return "number"

    def hurts(self, spec: AuditSpec) -> Hurts:
        hurts = super().hurts(spec)
        if self.of == "outcome" or not lower_is_selected(spec) or hurts == "context":
            return hurts
        return "lower" if hurts == "higher" else "higher"  # a low score is what selects

    def estimate(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Estimates | None:
        sums = self._sums(view, analysis.spec)
        if isinstance(sums, str):
            return Estimates.nothing(len(view.everyone), sums)
        weight, rows, squares, total, squared = sums
        with np.errstate(invalid="ignore", divide="ignore"):
            value = total / weight
        interval = mean_interval(weight, total, squared, analysis.spec.confidence, _effective(weight, squares))
        found = Estimates.known(value, interval, rows, _where_missing(value, f"no_{self.of}"), "student",
                                (total, weight), (rows,))  # fmt: skip
        return found if self.of == "outcome" or view.scores is None else with_enough_steps(found, view.scores)

    def compare(self, analysis: ReleasedAnalysis, view: ReleasedView) -> tuple[Gaps, ...]:
        """Welch's interval of the difference."""
        sums, spec = self._sums(view, analysis.spec), analysis.spec
        if isinstance(sums, str) or not has_reference(view):
            return ()
        weight, rows, squares, total, squared = sums
        others, _, other_squares, other_total, other_squared = (beside(view, one) for one in sums)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean, value = total / weight, total / weight - other_total / others
        ends = mean_difference(
            weight, total, squared, others, other_total, other_squared, spec.confidence,
            _effective(weight, squares), _effective(others, other_squares),
        )  # fmt: skip
        reason = _where_missing(mean, f"no_{self.of}")
        if self.of == "outcome" and view.outcomes is not None and view.outcomes.units is not None:
            reason = np.where(np.isnan(value), "withheld", reason)
        if self.of == "score" and view.scores is not None and view.scores.begins is not None:
            shown = self.estimate(analysis, view)
            assert shown is not None
            known = ~np.isnan(shown.value) & ~np.isnan(beside(view, shown.value))
            value, ends = (
                np.where(known, value, np.nan),
                (np.where(known, ends[0], np.nan), np.where(known, ends[1], np.nan)),
            )
            reason = np.where(known, reason, "withheld")
        return (untested_gaps(self.key, view, Span.known(value, *ends), rows, reason, self.hurts(spec), "welch"),)

    def _sums(self, view: ReleasedView, spec: AuditSpec) -> tuple[Floats, Floats, Floats, Floats, Floats] | str:
        """Weight, rows, squared weights, sum and sum of squares of each group; why there are none."""
        if self.of == "outcome":
            numbers = view.outcomes
            if numbers is None:
                return "no_outcome"
            if spec.observed != "everywhere":
                return "outcome_unseen"
            of = (numbers.weights, numbers.rows, numbers.squares, numbers.total, numbers.total_squared)
            weight, rows, squares, total, squared = (array.sum(axis=-1) for array in of)
        else:
            steps = view.scores
            if steps is None:
                return "no_score"
            of = (steps.weights, steps.rows, steps.squares, steps.score_sum, steps.score_squared)
            weight, rows, squares, total, squared = (array.sum(axis=(1, 2)) for array in of)
        return weight, rows, squares, total, squared


@dataclass(frozen=True)
class _OfScoreAndOutcome(Measure):
    """What needs a score and the outcome of everybody: an interval of its own, gaps by square-and-add."""

    def needs(self) -> frozenset[Sum]:
        return frozenset({_POSITIVE_SUM, _NEGATIVE_SUM})

    def unit(self) -> Unit:
        return "points"

    def blocked(self, analysis: ReleasedAnalysis, view: ReleasedView) -> str | None:
        """Why it cannot be computed for any group."""
        if judged_steps(view, analysis.spec) is None:
            return "no_score"
        return "outcome_unseen" if analysis.spec.observed == "when_selected" else None

    @abstractmethod
    def of_steps(self, steps: Steps, spec: AuditSpec) -> Estimates:
        """The figure of every group from its score steps."""

    def estimate(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Estimates | None:
        steps = judged_steps(view, analysis.spec)
        blocked = self.blocked(analysis, view)
        if steps is None or blocked is not None:
            return Estimates.nothing(len(view.everyone), blocked or "no_score")
        return self.shown(steps, analysis.spec)

    def shown(self, steps: Steps, spec: AuditSpec) -> Estimates:
        """The figure of every group whose steps are fine enough."""
        return with_enough_steps(self.of_steps(steps, spec), steps)

    def compare(self, analysis: ReleasedAnalysis, view: ReleasedView) -> tuple[Gaps, ...]:
        steps, spec = judged_steps(view, analysis.spec), analysis.spec
        if steps is None or self.blocked(analysis, view) is not None or not has_reference(view):
            return ()
        mine = self.shown(steps, spec)
        if view.compared.rule == "rest":
            theirs = self.of_steps(steps.everyone_else(), spec)
            if steps.begins is not None:  # others cut elsewhere: what is left of them is on no common grid
                theirs = with_enough_steps(theirs, replace(steps, begins=steps.begins & False))
            value, lower, upper = theirs.value, theirs.lower, theirs.upper
        else:
            value, lower, upper = (beside(view, one) for one in (mine.value, mine.lower, mine.upper))
        ends = square_and_add(mine.value, mine.lower, mine.upper, value, lower, upper)
        span = Span.known(mine.value - value, *ends)
        return (untested_gaps(self.key, view, span, mine.n, mine.reason, self.hurts(spec), "square_and_add"),)


@dataclass(frozen=True)
class Auc(_OfScoreAndOutcome):
    """How well the score ranks: the area under the ROC curve, ties counting half, with DeLong's interval."""

    def unit(self) -> Unit:
        return "auc"

    def of_steps(self, steps: Steps, spec: AuditSpec) -> Estimates:
        positive, negative, seen = _classes(steps)
        flip = slice(None, None, -1) if lower_is_selected(spec) else slice(None)
        weights, squares = steps.weights[:, flip], steps.squares[:, flip]
        result = auc_estimate(
            weights[..., POSITIVE].sum(axis=-1), weights[..., NEGATIVE].sum(axis=-1),
            squares[..., POSITIVE].sum(axis=-1), squares[..., NEGATIVE].sum(axis=-1), spec.confidence,
        )  # fmt: skip
        reason = _where_missing(result.value, "no_outcome")
        reason[(seen > 0) & (positive == 0)] = "no_positive_outcome"
        reason[(seen > 0) & (negative == 0)] = "no_negative_outcome"
        reason[result.few_cases & (positive > 0) & (negative > 0)] = "few_cases"
        return Estimates.known(result.value, (result.lower, result.upper), seen, reason, "delong",
                               rows=(positive, negative))  # fmt: skip


@dataclass(frozen=True)
class Calibration(_OfScoreAndOutcome):
    """Whether the score means what it says: mean outcome less mean score, of scores that are chances."""

    def blocked(self, analysis: ReleasedAnalysis, view: ReleasedView) -> str | None:
        return super().blocked(analysis, view) or _not_a_chance(analysis)

    def of_steps(self, steps: Steps, spec: AuditSpec) -> Estimates:
        positive, negative, seen = _classes(steps)

        def by_outcome(array: Floats) -> Floats:
            six = array.sum(axis=1)
            return np.stack([six[..., NEGATIVE].sum(axis=-1), six[..., POSITIVE].sum(axis=-1)], axis=-1)

        weights, squares = by_outcome(steps.weights), by_outcome(steps.squares).sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            size = weights.sum(axis=-1) * (weights.sum(axis=-1) / squares)
        result = calibration_error(
            weights, by_outcome(steps.score_sum), by_outcome(steps.score_squared), spec.confidence, size
        )
        reason = _where_missing(result.value, "no_outcome")
        return Estimates.known(result.value, (result.lower, result.upper), seen, reason, "calibration",
                               rows=(positive, negative))  # fmt: skip


@dataclass(frozen=True)
class CalibrationByBin(_OfScoreAndOutcome):
    """How far outcomes are from scores within common bins of the score, debiased; no interval, and so no gaps."""

    def blocked(self, analysis: ReleasedAnalysis, view: ReleasedView) -> str | None:
        return super().blocked(analysis, view) or _not_a_chance(analysis)

    def of_steps(self, steps: Steps, spec: AuditSpec) -> Estimates:
        return calibration_by_bin(steps, spec.weight is not None)

    def shown(self, steps: Steps, spec: AuditSpec) -> Estimates:
        return with_enough_steps(self.of_steps(steps, spec), steps, every=True)

    def compare(self, analysis: ReleasedAnalysis, view: ReleasedView) -> tuple[Gaps, ...]:
        return ()


def _not_a_chance(analysis: ReleasedAnalysis) -> str | None:
    ends = [analysis.facts.get(end) for end in ("score_minimum", "score_maximum")]
    known = [end for end in ends if isinstance(end, (int, float))]
    return "score_not_probability" if len(known) < 2 or known[0] < 0 or known[1] > 1 else None


def _effective(weight: Floats, squares: Floats) -> Floats:
    """How many rows of equal weight the rows are worth."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(weight * (weight / squares))


def _where_missing(value: Floats, reason: str) -> NDArray[np.object_]:
    reasons = np.full(len(value), None, dtype=object)
    reasons[np.isnan(value)] = reason
    return reasons


def _classes(steps: Steps) -> tuple[Floats, Floats, Floats]:
    """Rows with the outcome, without it, and both."""
    positive = steps.rows[..., POSITIVE].sum(axis=(1, 2))
    negative = steps.rows[..., NEGATIVE].sum(axis=(1, 2))
    return positive, negative, positive + negative
