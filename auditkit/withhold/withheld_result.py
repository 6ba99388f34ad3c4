"""Figures on withheld counts: bounds where bounds say something, else `withheld` and no number.

Everything here is a function of what was released, so it tells no more than that. Bounds are printed where they are at
most 20 points wide, and those of a gap also where they leave one verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from auditkit.protect.released import NOT_STATED, Released, ReleasedAnalysis
from auditkit.result import AnalysisResult, AuditResult, Estimate, Gap, Point, Source
from auditkit.withhold.withheld_attribution import disclosed_attribution
from auditkit.withhold.withheld_regressions import disclosed_regressions, emptied_regressions

__all__ = ["WIDEST", "WITHHELD", "withheld"]

WIDEST = 0.2
"""Bounds that are wider say nothing."""

WITHHELD = "withheld"

_PUBLIC = ("too_few_steps",)
"""Reasons that are functions of what is released and stay."""

_NO_RANGES: dict[str, Any] = dict.fromkeys(
    ("unstated_lower", "unstated_upper", "allocated_lower", "allocated_upper", "pooled")
)

Group = tuple[tuple[str, ...], tuple[str, ...]]


def withheld(result: AuditResult, released: Released) -> AuditResult:
    """The result without figures that would say nothing, and without what only this step needs."""
    if released.minimum <= 0:
        return replace(result, analyses=tuple(map(_emptied, result.analyses)))
    analyses: list[AnalysisResult] = []
    for analysis, counts in zip(result.analyses, released.analyses, strict=True):
        analyses.append(_withheld(analysis, counts, released.minimum, analyses))
    reasons = Counter(one.reason for analysis in analyses for one in _figures(analysis) if one.status == "suppressed")
    return replace(
        result,
        analyses=tuple(analyses),
        suppressed={WITHHELD: reasons[WITHHELD]},
        sources=tuple(one if one.of == "model" else Source(one.name, "", 0) for one in result.sources),
    )


def _figures(analysis: AnalysisResult) -> Iterable[Estimate | Gap | Point]:
    return (*analysis.estimates, *analysis.gaps, *analysis.points)


def _emptied(analysis: AnalysisResult) -> AnalysisResult:
    return replace(
        analysis,
        estimates=tuple(replace(estimate, rows=()) for estimate in analysis.estimates),
        counts=(),
        regressions=emptied_regressions(analysis.regressions),
        attribution=disclosed_attribution(analysis.attribution, (), 0),
    )


def _withheld(
    analysis: AnalysisResult, released: ReleasedAnalysis, minimum: int, before: list[AnalysisResult]
) -> AnalysisResult:
    hidden = _hidden_groups(released)
    estimates = tuple(_estimate(one, hidden, _lost(released)) for one in analysis.estimates)
    kept = {_pair(one) for one in analysis.gaps if one.kind == "difference" and _says_something(one)}
    shown = tuple(regression for other in before for regression in other.regressions)
    gaps = tuple(_gap(one, hidden, kept) for one in analysis.gaps)
    told = {(one.attributes, one.groups, one.measure) for one in gaps if one.status != "suppressed"}
    return replace(
        analysis,
        estimates=tuple(replace(one, rows=()) for one in estimates),
        gaps=gaps,
        sensitivity=tuple(s for s in analysis.sensitivity if (s.attributes, s.groups, s.measure) in told),
        points=tuple(_point(one, hidden) for one in analysis.points),
        counts=(),
        scale=None,
        regressions=disclosed_regressions(analysis.regressions, estimates, minimum, shown),
        attribution=disclosed_attribution(analysis.attribution, estimates, minimum),
    )


def _hidden_groups(released: ReleasedAnalysis) -> set[Group]:
    """Groups of which any count is not known as one number, those of stages, arms and strata among them."""
    found: set[Group] = set()
    views = [view for view in (released.everyone, *released.views) if view is not None]
    for view in views:
        parts = [view.everyone, *view.stages, *([] if view.arm is None else [view.arm])]
        for counts in (*parts, *view.strata):
            exact = np.atleast_1d(counts.counts.exact.all(axis=-1))
            if counts.weighted:
                exact = exact & ~np.isnan(counts.weights).any(axis=-1)
            found |= {
                (view.names, group[: len(view.names)])
                for group, known in zip(counts.groups, exact.tolist(), strict=True) if not known
            }  # fmt: skip
    return found


def _lost(released: ReleasedAnalysis) -> set[str]:
    """Reasons that would be false: the data hold a score, or outcomes that are numbers, and they are not released."""
    held = released.holds
    return {reason for kind, reason in (("score", "no_score"), ("numeric outcome", "no_outcome")) if kind in held}


def _is_hidden(attributes: tuple[str, ...], groups: tuple[str, ...], hidden: set[Group]) -> bool:
    return (attributes, groups) in hidden


def _pair(gap: Gap) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return gap.measure, gap.attributes, gap.groups, gap.reference


def _estimate(one: Estimate, hidden: set[Group], lost: set[str]) -> Estimate:
    if one.reason == WITHHELD or one.reason in lost:
        return replace(
            one,
            value=None,
            numerator=None,
            denominator=None,
            n=None,
            status="suppressed",
            reason=WITHHELD,
            rows=(),
            **_NO_RANGES,
        )
    if not _is_hidden(one.attributes, one.groups, hidden) or one.status == "computed" or one.reason in _PUBLIC:
        return one
    if one.status == "bounds" and _narrow(one.bound_lower, one.bound_upper):
        return one
    return replace(
        one, value=None, lower=None, upper=None, bound_lower=None, bound_upper=None, numerator=None, denominator=None,
        n=None, method="none", status="suppressed", reason=WITHHELD, rows=(), **_NO_RANGES,
    )  # fmt: skip


def _narrow(lower: float | None, upper: float | None) -> bool:
    return lower is not None and upper is not None and upper - lower <= WIDEST


def _says_something(one: Gap) -> bool:
    if one.status != "bounds":
        return one.status == "computed"
    return _narrow(one.bound_lower, one.bound_upper) or one.verdict not in (None, "inconclusive")


def _gap(one: Gap, hidden: set[Group], kept: set[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]]) -> Gap:
    """A gap of which the group, the reference or, beside everyone else, any group is hidden."""
    touched = (
        _is_hidden(one.attributes, one.groups, hidden)
        or _is_hidden(one.attributes, one.reference, hidden)
        or (one.reference_rule in ("rest", "highest_rate") and any(a == one.attributes for a, _ in hidden))
        or (one.kind == "largest_difference" and any(a == one.attributes for a, _ in hidden))
    )  # fmt: skip
    touched |= one.reason == WITHHELD
    if (
        not touched
        or one.status == "computed"
        or one.reason in _PUBLIC
        or (one.status == "bounds" and _pair(one) in kept)
    ):
        return one
    if one.status == "not_computed" and one.reason == "not_stated" and NOT_STATED in one.groups:
        return one
    cleared: dict[str, Any] = {
        name: None
        for name in vars(one)
        if name.startswith(
            (
                "value",
                "lower",
                "upper",
                "bound_",
                "p_",
                "people",
                "n",
                "smallest",
                "lead_",
                "complement",
                "unstated_",
                "allocated_",
                "tipping",
                "only_",
                "conditional_",
            )
        )
        and name not in ("n",)
    }
    return replace(one, **cleared, n=None, method="none", test=None, verdict=None, status="suppressed", reason=WITHHELD)


def _point(one: Point, hidden: set[Group]) -> Point:
    if one.status == "suppressed":
        return replace(one, value=None, lower=None, upper=None, numerator=None, denominator=None, reason=WITHHELD)
    if one.series != "stage" or not _is_hidden(one.attributes, one.groups, hidden) or one.status == "computed":
        return one
    if one.status == "bounds" and _narrow(one.lower, one.upper):
        return one
    return replace(
        one, value=None, lower=None, upper=None, numerator=None, denominator=None, status="suppressed", reason=WITHHELD
    )
