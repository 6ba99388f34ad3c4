"""Any formula of the six counts: F1, balanced accuracy, likelihood ratios, and what an audit writes for itself.

No closed form is trusted for these: the interval comes from drawing the counts of each group again. Two groups are
compared by square-and-add of their intervals, on the logarithm where the measure is a ratio.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import bootstrap, square_and_add
from auditkit.measures.beside import has_reference, untested_gaps
from auditkit.measures.estimates import Estimates, Gaps, Span
from auditkit.measures.measure import Measure, Sum, Unit
from auditkit.measures.unseen_outcomes import needs_unseen
from auditkit.measures.view_counts import counts_behind
from auditkit.protect.released import (
    CLASSES,
    SEEN,
    UNIONS,
    GroupCounts,
    ReleasedAnalysis,
    ReleasedView,
    everyone_else,
)
from auditkit.spec import AuditSpec
from auditkit.spec.formula import Formula, evaluate_arrays, names_in, parse
from auditkit.spec.measure_spec import MeasureFormula

__all__ = ["Composite", "of_formula"]

Floats = NDArray[np.float64]

_OF_SELECTION = {"people", "selected", "not_selected"}


@dataclass(frozen=True)
class Composite(Measure):
    """A formula over the names of the six classes; `is_ratio` where it may be any size and 1 means no difference."""

    of_counts: str = ""
    is_ratio: bool = False

    @cached_property
    def parsed(self) -> Formula:
        """The formula, read."""
        return parse(self.of_counts)

    def needs(self) -> frozenset[Sum]:
        return frozenset(_classes(name) for name in names_in(self.parsed))

    @property
    def numerator(self) -> Sum:
        """Every class that the formula needs."""
        needed = {name for part in self.needs() for name in part}
        return tuple(name for name in CLASSES if name in needed)

    def unit(self) -> Unit:
        return "ratio" if self.is_ratio else "auc"

    def of(self, six: Floats) -> Floats:
        """The formula of arrays that end in the six counts; NaN where it has no value.

        >>> f1 = Composite("f1", "F1", "", "", "outcome", "lower", "lower", "f1", "",
        ...                of_counts="2 * true_positive / (2 * true_positive + false_positive + false_negative)")
        >>> f1.of(np.array([[30.0, 10, 0, 20, 40, 0], [0, 0, 0, 0, 9, 0]])).tolist()
        [0.6666666666666666, nan]
        """
        values: Mapping[str, Floats] = {
            name: six[..., [CLASSES.index(one) for one in _classes(name)]].sum(axis=-1)
            for name in names_in(self.parsed)
        }
        result = np.broadcast_to(evaluate_arrays(self.parsed, values), six.shape[:-1])
        return np.where(np.isfinite(result), result, np.nan)

    def estimate(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Estimates | None:
        counts = counts_behind(self, view, analysis.spec)
        return self._drawn(counts, analysis.spec, analysis.key)

    def compare(self, analysis: ReleasedAnalysis, view: ReleasedView) -> tuple[Gaps, ...]:
        """A difference, or a ratio where the measure is one: square-and-add of the two intervals."""
        if not has_reference(view):
            return ()
        spec, counts = analysis.spec, counts_behind(self, view, analysis.spec)
        mine = self._drawn(counts, spec, analysis.key)
        if view.compared.rule == "rest":
            theirs = self._drawn(everyone_else(counts), spec, analysis.key + "|rest")
        else:
            theirs = mine
        index = view.compared.index
        at = np.arange(len(counts)) if index is None else np.full(len(counts), index)
        other = (theirs.value[at], theirs.lower[at], theirs.upper[at])
        span = _ratio(mine, other) if self.is_ratio else _difference(mine, other)
        method = "square_and_add"
        gaps = untested_gaps(self.key, view, span, mine.n, mine.reason, self.hurts(spec), method, self.is_ratio)
        return (gaps,)

    def _drawn(self, counts: GroupCounts, spec: AuditSpec, analysis: str) -> Estimates:
        """The formula of each group with a percentile interval over replicates of its own counts."""
        unseen = spec.observed == "when_selected" and needs_unseen(self)
        value = self.of(counts.weights)
        if unseen:
            value = np.full(len(counts), np.nan)
        lower, upper = np.full(len(counts), np.nan), np.full(len(counts), np.nan)
        reason = np.full(len(counts), None, dtype=object)
        for i in np.flatnonzero(~np.isnan(value)):
            key = "|".join((analysis, *counts.names, *counts.groups[i], self.key))
            drawn = bootstrap(
                np.eye(len(CLASSES)), self.of, counts.weights[i], counts.squares[i],
                spec.bootstrap.replicates, spec.bootstrap.seed, key, spec.confidence,
            )  # fmt: skip
            lower[i], upper[i] = drawn.lower, drawn.upper
            if not bool(drawn.computed):
                reason[i] = "undefined_replicates"
        missing = np.isnan(value)
        reason[missing] = "outcome_unseen" if unseen else "no_denominator"
        reason[missing & np.isnan(counts.weights[:, _places(self.numerator)]).any(axis=-1)] = "no_interval"
        seen = counts.rows[:, SEEN]
        return Estimates.known(value, (lower, upper), seen.sum(axis=-1), reason, "bootstrap", rows=tuple(seen.T))


def of_formula(key: str, given: MeasureFormula) -> Composite:
    """The measure that an audit.yaml writes as a formula; it hurts at the same end whatever selection does."""
    named = set(names_in(parse(given.formula)))
    return Composite(
        key=key,
        name=str(given.label or key),
        question=str(given.question or ""),
        formula=given.formula,
        data="selection" if named <= _OF_SELECTION else "outcome",
        punitive=given.hurts,
        assistive=given.hurts,
        hypothesis=key,
        source=str(given.source or ""),
        of_counts=given.formula,
        is_ratio=given.compare == "ratio",
    )


def _classes(name: str) -> Sum:
    """The classes that a name of a formula adds."""
    return tuple(CLASSES[place] for place in UNIONS[name]) if name in UNIONS else (name,)


def _places(classes: Sum) -> list[int]:
    return [CLASSES.index(name) for name in classes]


def _difference(mine: Estimates, other: tuple[Floats, Floats, Floats]) -> Span:
    ends = square_and_add(mine.value, mine.lower, mine.upper, *other)
    return Span.known(mine.value - other[0], *ends)


def _ratio(mine: Estimates, other: tuple[Floats, Floats, Floats]) -> Span:
    with np.errstate(invalid="ignore", divide="ignore"):
        value = mine.value / other[0]
        lower, upper = square_and_add(*(np.log(one) for one in (mine.value, mine.lower, mine.upper, *other)))
        known = np.isfinite(value)
        return Span.known(
            np.where(known, value, np.nan),
            np.where(known, np.exp(lower), np.nan),
            np.where(known, np.exp(upper), np.nan),
        )
