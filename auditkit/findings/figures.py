"""One measure of every group of a view, with its interval: the step between counts and records.

A figure is an array over groups. What cannot be worked out is NaN with a reason, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from auditkit.cells.table import COUNTS
from auditkit.inference import effective_n, rate_bounds, rate_interval_union, wilson
from auditkit.measures.counts import GroupCounts, parts
from auditkit.measures.table import Measure
from auditkit.measures.unseen import needs_unseen, with_unseen

__all__ = ["Figures", "RateBasis", "rate_basis", "rate_figures"]

Floats = NDArray[np.float64]
Reasons = NDArray[np.object_]


@dataclass(frozen=True)
class Figures:
    """Arrays over groups. `numerator` and `denominator` are what the value divides; `n` is rows beneath it."""

    value: Floats
    lower: Floats
    upper: Floats
    numerator: Floats
    denominator: Floats
    n: Floats
    reason: Reasons
    method: str
    bounds: NDArray[np.bool_]
    bound_lower: Floats
    bound_upper: Floats
    rows: tuple[Floats, ...] = ()
    """The row counts that each figure would give away."""


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


def rate_basis(counts: GroupCounts, row: Measure, unseen: bool) -> RateBasis:
    """What the rate of each group rests on. `unseen`: outcomes are seen only for the selected."""
    yes, no = parts(counts.weights, row)
    rows_yes, rows_no = parts(counts.rows, row)
    readings = [counts]
    if unseen and needs_unseen(row):
        readings = [with_unseen(counts, positive) for positive in (False, True)]
    pairs = [_effective(reading, row) for reading in readings]
    hidden = None
    unbounded = np.zeros(len(counts), dtype=bool)
    if counts.lower is not None and counts.upper is not None:
        low, other_low = parts(counts.lower, row)
        high, other_high = parts(counts.upper, row)
        hidden = (low, high, other_low, other_high)
        unbounded = ~np.isfinite(high) | ~np.isfinite(other_high)
    return RateBasis(
        cases=tuple(pair[0] for pair in pairs),
        n=tuple(pair[1] for pair in pairs),
        yes=yes,
        total=yes + no,
        rows=rows_yes + rows_no,
        rows_yes=rows_yes,
        reason=_reasons(counts, row, np.array(pairs[-1][1]), unbounded),
        weighted=counts.weighted,
        hidden=hidden,
        unbounded=unbounded,
    )


def _effective(counts: GroupCounts, row: Measure) -> tuple[Floats, Floats]:
    """Effective cases and rows of a rate: the counts themselves where rows carry no weights."""
    yes, no = parts(counts.weights, row)
    total = yes + no
    if not counts.weighted:
        return yes, total
    if counts.unselected_squares is not None and row.needs == "outcome":
        size = _with_arm(counts, row)
    else:
        size = effective_n(yes, no, *parts(counts.squares, row), *parts(counts.rows, row))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = yes / total
    return np.where(total > 0, share * size, 0.0), np.where(total > 0, size, 0.0)


def _with_arm(counts: GroupCounts, row: Measure) -> Floats:
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
        q = np.where((q == 0) | (q == 1), (q * m + 0.5) / (m + 1), q)
        known[..., 3], known[..., 4] = unselected * (1 - q), unselected * q
        for place in (0, 1):
            empty = known[..., place] == 0
            known[..., place] = np.where(empty, 0.5, known[..., place])
            squares[..., place] = np.where(empty, 0.5, squares[..., place])
        inside = np.array([name in row.denominator for name in COUNTS[:5]], dtype=float)
        cases = np.array([name in row.numerator for name in COUNTS[:5]], dtype=float)
        total = (known * inside).sum(axis=-1)
        p = (known * cases).sum(axis=-1) / total
        d = (cases - p[..., None]) * inside / total[..., None]
        variance = (
            (squares[..., :3] * d[..., :3] ** 2).sum(axis=-1)
            + np.nan_to_num(unselected**2 * q * (1 - q) / m) * (d[..., 4] - d[..., 3]) ** 2
            + counts.unselected_squares * np.nan_to_num(q * d[..., 4] + (1 - q) * d[..., 3]) ** 2
        )
        size: Floats = p * (1 - p) / variance
    return size


def _reasons(counts: GroupCounts, row: Measure, total: Floats, unbounded: NDArray[np.bool_]) -> Reasons:
    """Why a rate of a group cannot be computed; None where it can."""
    reason: Reasons = np.full(len(counts), None, dtype=object)
    everyone = counts.rows.sum(axis=-1)
    selected = counts.rows[..., :3].sum(axis=-1)
    seen = counts.rows[..., [0, 1, 3, 4]].sum(axis=-1)
    empty = total == 0
    reason[empty] = "no_outcome"
    denominator = set(row.denominator)
    if denominator == {"true_positive", "false_positive"}:
        reason[empty & (selected == 0)] = "nobody_selected"
    elif denominator == {"false_negative", "true_negative"}:
        reason[empty & (selected == everyone)] = "everybody_selected"
    elif denominator == {"true_positive", "false_negative"}:
        reason[empty & (seen > 0)] = "no_positive_outcome"
    elif denominator == {"false_positive", "true_negative"}:
        reason[empty & (seen > 0)] = "no_negative_outcome"
    reason[empty & (everyone == 0)] = "empty_group"
    if counts.lower is not None:
        reason[np.isnan(total)] = None
    reason[unbounded] = "unbounded"
    return reason


def _blank(array: Floats, where: NDArray[np.bool_]) -> Floats:
    return np.where(where, np.nan, array)


def rate_figures(basis: RateBasis, confidence: float) -> Figures:
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
    return Figures(
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
