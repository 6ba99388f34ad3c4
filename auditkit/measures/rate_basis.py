"""What a rate of every group rests on, and its value with its interval: from counts to arrays over groups.

A figure is an array over groups. What cannot be worked out is NaN with a reason, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import effective_n, rate_bounds, rate_interval_union, wilson
from auditkit.measures.estimates import Estimates
from auditkit.measures.measure import Measure
from auditkit.measures.rate_parts import parts
from auditkit.measures.sampled_outcomes import worth
from auditkit.measures.unseen_outcomes import ends_together, needs_unseen, with_unchecked, with_unseen
from auditkit.protect.released import CLASSES, NOT_SELECTED, SEEN, SELECTED, GroupCounts

__all__ = ["RateBasis", "rate_basis", "rate_estimates"]

Floats = NDArray[np.float64]
Reasons = NDArray[np.object_]


@dataclass(frozen=True)
class RateBasis:
    """What a rate of every group rests on, in one or more readings of what is not known.

    `cases` and `n` are effective counts: a single pair where all is known, two where outcomes are unseen (none of
    them positive, all of them positive). `hidden` holds (cases low, high, others low, high) where published
    counts are suppressed or rounded.
    """

    cases: tuple[Floats, ...]
    n: tuple[Floats, ...]
    yes: Floats
    total: Floats
    rows: Floats
    rows_yes: Floats
    reason: Reasons
    weighted: bool
    hidden: tuple[Floats, Floats, Floats, Floats] | None = None
    unbounded: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @property
    def bounds(self) -> NDArray[np.bool_]:
        """Which groups have bounds in place of a value."""
        if self.hidden is not None:
            low, high, other_low, other_high = self.hidden
            return np.asarray((low != high) | (other_low != other_high), dtype=bool)
        if len(self.cases) > 1:
            return np.asarray((self.cases[0] != self.cases[1]) | (self.n[0] != self.n[1]), dtype=bool)
        return np.zeros(len(self.total), dtype=bool)


def rate_basis(counts: GroupCounts, measure: Measure, unseen: bool) -> RateBasis:
    """What the rate of each group rests on. `unseen`: outcomes are seen only for the selected."""
    yes, no = parts(counts.weights, measure)
    rows_yes, rows_no = parts(counts.rows, measure)
    readings = [counts]
    if unseen and needs_unseen(measure):
        together = ends_together(measure)
        readings = [with_unseen(counts, one, one if together else not one) for one in (False, True)]
    elif (loose := _unchecked(counts, measure)) is not None:
        readings = [with_unchecked(counts, positive, loose) for positive in (False, True)]
    pairs = _not_empty([_effective(reading, measure) for reading in readings])
    hidden = None
    unbounded = np.zeros(len(counts), dtype=bool)
    if counts.hidden:
        ends = np.array([[read.counts.of_classes(part) for part in _two_parts(measure)] for read in readings])
        (low, other_low), (high, other_high) = ends[:, :, 0].min(axis=0), ends[:, :, 1].max(axis=0)
        hidden = (low, high, other_low, other_high)
        yes = np.where(low == high, low, np.nan)
        no = np.where(other_low == other_high, other_low, np.nan)
        if not counts.weighted:  # a sum may be released where its parts are withheld
            rows_yes, rows_no = yes, no
        unbounded = ~np.isfinite(high) | ~np.isfinite(other_high)
    reason = _reasons(counts, measure, np.array(pairs[-1][1]), unbounded)
    blocked = np.array([r == "outcome_unseen" for r in reason], dtype=bool)
    return RateBasis(
        cases=tuple(np.where(blocked, 0.0, pair[0]) for pair in pairs),
        n=tuple(np.where(blocked, 0.0, pair[1]) for pair in pairs),
        yes=_blank(yes, blocked),
        total=_blank(yes + no, blocked),
        rows=rows_yes + rows_no,
        rows_yes=rows_yes,
        reason=reason,
        weighted=counts.weighted,
        hidden=hidden,
        unbounded=unbounded,
    )


def _unchecked(counts: GroupCounts, measure: Measure) -> NDArray[np.bool_] | None:
    """Groups of which selected people without an outcome have nobody to speak for them; None where there are none.

    With an arm, those selected whose outcome nobody looked up; where the checked stand for them, groups of which these
    hold no positive or no negative.
    """
    if counts.unselected_squares is None or counts.sampled is not None or measure.data != "outcome":
        return None
    loose = counts.weights[..., 2] > 0
    return loose if loose.any() else None


def _two_parts(measure: Measure) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The classes that count for a rate, and those of its denominator that do not."""
    return measure.numerator, tuple(name for name in measure.denominator if name not in measure.numerator)


def _not_empty(pairs: list[tuple[Floats, Floats]]) -> list[tuple[Floats, Floats]]:
    """A reading without anybody in the denominator, read with one: "all" and "none" pass over the few between them.

    Where nobody selected had the outcome, the true positive rate of a group is 0 for every number of unseen positives
    but none: 0 of 1000 at one end, 0 of 1 at the other, not 0 of 1000 at both.
    """
    if len(pairs) == 1:
        return pairs
    (cases, n), (other_cases, other_n) = pairs
    return [_with_one(cases, n, other_cases, other_n), _with_one(other_cases, other_n, cases, n)]


def _with_one(cases: Floats, n: Floats, other_cases: Floats, other_n: Floats) -> tuple[Floats, Floats]:
    """`cases` of `n`; where n is 0 and could be more, the rate of the other reading over one row."""
    empty = (n == 0) & (other_n > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        one = np.minimum(other_n, 1.0)
        return np.where(empty, other_cases / other_n * one, cases), np.where(empty, one, n)


def _effective(counts: GroupCounts, measure: Measure) -> tuple[Floats, Floats]:
    """Effective cases and rows of a rate: the counts themselves where rows carry no weights."""
    yes, no = parts(counts.weights, measure)
    total = yes + no
    if not counts.weighted:
        return yes, total
    if counts.sampled is not None and measure.data == "outcome":
        size = worth(counts, measure)
    elif counts.unselected_squares is not None and measure.data == "outcome":
        size = _with_arm(counts, measure)
    else:
        size = effective_n(yes, no, *parts(counts.squares, measure), *parts(counts.rows, measure))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = yes / total
    return np.where(total > 0, share * size, 0.0), np.where(total > 0, size, 0.0)


def _with_arm(counts: GroupCounts, measure: Measure) -> Floats:
    """Effective rows of a rate where a random arm speaks for the unselected.

    The number of unselected is known; only how it splits by outcome is estimated, from the arm. With d the change
    of the rate for one more person of a class, q the arm's share without the outcome and m the arm's rows,
    var = sum over selected classes of W2 d^2 + N^2 q(1-q)/m (d_TN - d_FN)^2 + N2 (q d_TN + (1-q) d_FN)^2, and the
    rate is worth p(1-p)/var rows. Empty classes are given half a row, so that none seen is not none there.
    """
    assert counts.unselected_squares is not None
    known = counts.weights[..., :5].copy()
    squares = counts.squares[..., :5].copy()
    unselected = known[..., 3:].sum(axis=-1)
    arm_squares = squares[..., 3:].sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        m = unselected**2 / arm_squares
        q = known[..., 4] / unselected
        q = np.where((q == 0) | (q == 1), (q * m + 0.5) / (m + 1), np.where(np.isnan(q), 0.5, q))
        known[..., 3], known[..., 4] = unselected * (1 - q), unselected * q
        for place in (0, 1):
            empty = known[..., place] == 0
            known[..., place] = np.where(empty, 0.5, known[..., place])
            squares[..., place] = np.where(empty, 0.5, squares[..., place])
        inside = np.array([name in measure.denominator for name in CLASSES[:5]], dtype=float)
        cases = np.array([name in measure.numerator for name in CLASSES[:5]], dtype=float)
        total = (known * inside).sum(axis=-1)
        p = (known * cases).sum(axis=-1) / total
        d = (cases - p[..., None]) * inside / total[..., None]
        listed = (squares[..., :3] * d[..., :3] ** 2).sum(axis=-1)
        if counts.selected_squares is not None:
            of_checked = _of_checked(known, squares, counts.selected_squares, d)
            listed = np.where(np.isnan(counts.selected_squares), listed, of_checked)
        variance = (
            listed
            + np.nan_to_num(unselected**2 * q * (1 - q) / m) * (d[..., 4] - d[..., 3]) ** 2
            + counts.unselected_squares * np.nan_to_num(q * d[..., 4] + (1 - q) * d[..., 3]) ** 2
        )
        size: Floats = p * (1 - p) / variance
    return size


def _of_checked(known: Floats, squares: Floats, everyone: Floats, d: Floats) -> Floats:
    """The variance that a list adds of which the checked stand for all: as the arm does for those not on it.

    With a the share with the outcome among the checked, A their squared weights, each of the list's weight, and N2 the
    squared weights of the whole list:
    A_TP ((1-a) (d_TP - d_FP))^2 + A_FP (a (d_TP - d_FP))^2 + N2 (a d_TP + (1-a) d_FP)^2.
    """
    a = known[..., 0] / known[..., :2].sum(axis=-1)
    apart = (d[..., 0] - d[..., 1]) ** 2
    checked = squares[..., 0] * (1 - a) ** 2 + squares[..., 1] * a**2
    found: Floats = checked * apart + everyone * (a * d[..., 0] + (1 - a) * d[..., 1]) ** 2
    return found


def _reasons(counts: GroupCounts, measure: Measure, total: Floats, unbounded: NDArray[np.bool_]) -> Reasons:
    """Why a rate of a group cannot be computed; None where it can."""
    reason: Reasons = np.full(len(counts), None, dtype=object)
    everyone = counts.rows.sum(axis=-1)
    selected = counts.rows[..., SELECTED].sum(axis=-1)
    seen = counts.rows[..., SEEN].sum(axis=-1)
    empty = total == 0
    reason[empty] = "no_outcome"
    denominator = set(measure.denominator)
    if denominator == {"true_positive", "false_positive"}:
        reason[empty & (selected == 0)] = "nobody_selected"
    elif denominator == {"false_negative", "true_negative"}:
        reason[empty & (selected == everyone)] = "everybody_selected"
    elif denominator == {"true_positive", "false_negative"}:
        reason[empty & (seen > 0)] = "no_positive_outcome"
    elif denominator == {"false_positive", "true_negative"}:
        reason[empty & (seen > 0)] = "no_negative_outcome"
    reason[empty & (everyone == 0)] = "empty_group"
    if counts.unselected_squares is not None and needs_unseen(measure):
        # the random arm holds none of those not selected: what is left are the selected, who are no sample of all
        unselected, unseen = counts.rows[..., NOT_SELECTED].sum(axis=-1), counts.rows[..., 5]
        reason[(unselected > 0) & (unseen == unselected)] = "outcome_unseen"
    if counts.sampled is not None and needs_unseen(measure):
        reason[counts.weights[..., 5] > 0] = "outcome_unseen"
    if counts.hidden:
        reason[np.isnan(total)] = None
    reason[unbounded] = "unbounded"
    return reason


def _blank(array: Floats, where: NDArray[np.bool_]) -> Floats:
    return np.where(where, np.nan, array)


def rate_estimates(basis: RateBasis, confidence: float) -> Estimates:
    """The rate of each group with Wilson's interval, or its bounds and the union of intervals over them."""
    with np.errstate(invalid="ignore", divide="ignore"):
        value = basis.yes / basis.total
    nothing = np.full(len(value), np.nan)
    bounds = basis.bounds & ~basis.unbounded
    if basis.hidden is not None:
        bound_lower, bound_upper = rate_bounds(*basis.hidden)
        lower, upper = rate_interval_union(*basis.hidden, confidence)
    elif len(basis.cases) > 1:
        with np.errstate(invalid="ignore", divide="ignore"):
            ends = [cases / n for cases, n in zip(basis.cases, basis.n, strict=True)]
        limits = [wilson(cases, n, confidence) for cases, n in zip(basis.cases, basis.n, strict=True)]
        bound_lower, bound_upper = np.fmin(*ends), np.fmax(*ends)
        lower = np.fmin(limits[0][0], limits[1][0])
        upper = np.fmax(limits[0][1], limits[1][1])
    else:
        bound_lower = bound_upper = nothing
        lower, upper = wilson(basis.cases[0], basis.n[0], confidence)
    missing = np.array([r is not None for r in basis.reason], dtype=bool)
    return Estimates(
        value=_blank(value, bounds | missing),
        lower=_blank(lower, missing),
        upper=_blank(upper, missing),
        numerator=_blank(basis.yes, bounds),
        denominator=_blank(basis.total, bounds & (basis.hidden is not None or len(basis.cases) > 1)),
        n=basis.rows,
        reason=basis.reason,
        method="wilson_weighted" if basis.weighted else "wilson",
        bounds=bounds,
        bound_lower=_blank(bound_lower, ~bounds | missing),
        bound_upper=_blank(bound_upper, ~bounds | missing),
        rows=(basis.rows_yes, basis.rows - basis.rows_yes),
    )
