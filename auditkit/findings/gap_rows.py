"""From arrays over groups to records: estimates and gaps of one measure in one view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.score_scale import lower_is_selected
from auditkit.findings.group_views import View
from auditkit.findings.rate_figures import Figures, RateBasis
from auditkit.findings.rate_gaps import RateGaps, Span
from auditkit.findings.verdicts import directions, verdicts
from auditkit.measures.group_counts import GroupCounts
from auditkit.measures.measure_table import Measure, direction_of
from auditkit.result import Estimate, Gap
from auditkit.spec import AuditSpec

__all__ = ["GapDraft", "estimates_of", "number", "span_gaps"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GapDraft:
    """The gaps of one measure in one view, waiting for the family's correction."""

    view: View
    row: Measure
    analysis: str
    figures: Figures
    basis: RateBasis
    gaps: RateGaps
    method: str
    reference_index: int | None
    ratio_only: bool = False

    def hurts(self, spec: AuditSpec) -> str:
        """Which end of the measure hurts."""
        return direction_of(self.row.key, spec.system.harm)

    def tested(self) -> NDArray[np.bool_]:
        """Which groups have a gap at all: not the reference itself; not those without a value of their own."""
        result = self.view.counts.stated.copy()
        if self.reference_index is not None:
            result[self.reference_index] = False
        return np.zeros_like(result) if self.ratio_only else result

    def records(self, spec: AuditSpec, p_adjusted: Floats) -> Iterator[Gap]:
        """The gap records, difference and ratio of each group, with verdict, people and corrected p."""
        gaps, hurts = self.gaps, self.hurts(spec)
        on_event = gaps.side == "event"
        deciding = Span(*(np.where(on_event, e, c) for e, c in zip(
            _fields(gaps.event), _fields(gaps.complement), strict=True)))  # fmt: skip
        words = verdicts(
            np.where(np.isnan(deciding.nearest) & (gaps.reason == "reference_zero"), np.inf, deciding.nearest),
            deciding.lower, deciding.upper, p_adjusted, gaps.smaller_n,
            spec.verdict.ratio, spec.verdict.minimum_n,
        )  # fmt: skip
        low = np.where(np.isnan(gaps.difference.value), gaps.difference.bound_lower, gaps.difference.value)
        high = np.where(np.isnan(gaps.difference.value), gaps.difference.bound_upper, gaps.difference.value)
        ways = directions(low, high, hurts)  # type: ignore[arg-type]
        people = _people(self, hurts)
        stated = self.view.counts.stated
        for i, group in enumerate(self.view.counts.groups):
            if i == self.reference_index:
                continue
            reason, verdict = gaps.reason[i], str(words[i])
            judged = bool(stated[i]) and hurts != "context" and not self.ratio_only
            tested = bool(stated[i]) and not self.ratio_only
            if not stated[i]:
                reason = reason or "not_stated"
            elif self.ratio_only:
                reason = reason or "reference_from_data"
            elif hurts == "context":
                reason = reason or "context"
            shared: dict[str, Any] = {
                "analysis": self.analysis, "attributes": self.view.names, "groups": group,
                "reference": self._reference(), "measure": self.row.key, "side": str(gaps.side[i]),
                "direction": str(ways[i]) if judged else "none", "confidence": spec.confidence,
                "p_value": number(gaps.p_value[i]) if tested else None, "p_adjusted": number(p_adjusted[i]),
                "test": (gaps.test[i] or None) if tested else None, "verdict": verdict if judged else None,
                "people": number(people[0][i]) if judged else None,
                "people_lower": number(people[1][i]) if judged else None,
                "people_upper": number(people[2][i]) if judged else None,
                "n": number(gaps.n[i]), "n_reference": number(gaps.n_reference[i]),
                "smallest_detectable": number(gaps.smallest_detectable[i]) if judged else None,
                "reason": reason, "reference_rule": self.view.reference.rule, "crossed": self.view.crossed,
            }  # fmt: skip
            if not self.ratio_only:
                yield _record("difference", gaps.difference, i, shared, bool(gaps.bounds[i]), self.method)
            if reason != "both_zero":  # the ratio of the other side says nothing of what nobody has
                shared |= {
                    "complement_value": _finite(gaps.complement.value[i]),
                    "complement_lower": _finite(gaps.complement.lower[i]),
                    "complement_upper": _finite(gaps.complement.upper[i]),
                }
            yield _record("ratio", gaps.event, i, shared, bool(gaps.bounds[i]), self.method)

    def _reference(self) -> tuple[str, ...]:
        if self.view.reference.rule == "rest":
            return ("rest",)
        return self.view.counts.groups[self.reference_index] if self.reference_index is not None else ()


def _fields(span: Span) -> tuple[Floats, ...]:
    return (span.value, span.lower, span.upper, span.bound_lower, span.bound_upper, span.nearest)


def _people(draft: GapDraft, hurts: str) -> tuple[Floats, Floats, Floats]:
    """How many more people of the group are on the side that hurts than at the reference's rate."""
    span, size = draft.gaps.difference, draft.figures.denominator
    if draft.row.kind != "rate":
        nothing = np.full(len(size), np.nan)
        return nothing, nothing, nothing
    value, lower, upper = size * span.value, size * span.lower, size * span.upper
    return (-value, -upper, -lower) if hurts == "lower" else (value, lower, upper)


_METHODS = {"difference": "newcombe", "ratio": "miettinen_nurminen"}


def _record(kind: str, span: Span, i: int, shared: dict[str, Any], bounds: bool, method: str) -> Gap:
    lower, upper = _finite(span.lower[i]), _finite(span.upper[i])
    value = _finite(span.value[i])
    status = "bounds" if bounds and lower is not None else ("computed" if lower is not None else "not_computed")
    if shared["reason"] == "both_zero" and shared["side"] == "event" and kind == "ratio":
        status, value, lower, upper = "not_computed", None, None, None
    suffix = "_union" if status == "bounds" else ""
    name = "none" if status == "not_computed" else (method or _METHODS[kind]) + suffix
    return Gap(
        kind=kind,  # type: ignore[arg-type]
        value=value, lower=lower, upper=upper, status=status,  # type: ignore[arg-type]
        bound_lower=_finite(span.bound_lower[i]) if status == "bounds" else None,
        bound_upper=_finite(span.bound_upper[i]) if status == "bounds" else None,
        method=name, **shared,
    )  # fmt: skip


def number(value: float) -> float | None:
    """A number for a record: None where it is not one."""
    return None if isnan(value) else float(value)


def _finite(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def estimates_of(
    analysis: str, names: tuple[str, ...], groups: GroupCounts, measure: str, figures: Figures, confidence: float
) -> Iterator[Estimate]:
    """One estimate a group."""
    for i, group in enumerate(groups.groups):
        reason = figures.reason[i]
        bounds = bool(figures.bounds[i]) and reason is None
        has_value = not np.isnan(figures.value[i])
        status = "bounds" if bounds else ("computed" if has_value else "not_computed")
        if reason is not None and not has_value:
            status = "not_computed"
        method = "union" if bounds else (figures.method if np.isfinite(figures.lower[i]) else "none")
        yield Estimate(
            analysis=analysis, attributes=names, groups=group, measure=measure,
            value=number(figures.value[i]), lower=_finite(figures.lower[i]), upper=_finite(figures.upper[i]),
            bound_lower=_finite(figures.bound_lower[i]) if bounds else None,
            bound_upper=_finite(figures.bound_upper[i]) if bounds else None,
            confidence=confidence, method=method,
            numerator=_finite(figures.numerator[i]), denominator=_finite(figures.denominator[i]),
            n=_finite(figures.n[i]), status=status, reason=reason,  # type: ignore[arg-type]
            rows=tuple(float(rows[i]) for rows in figures.rows),
        )  # fmt: skip


def span_gaps(
    analysis: str,
    view: View,
    measure: str,
    span: tuple[Floats, Floats, Floats],
    n: Floats,
    reference_index: int | None,
    spec: AuditSpec,
    method: str,
    kind: str = "difference",
    reasons: NDArray[np.object_] | None = None,
    bounds: tuple[Floats, Floats] | None = None,
) -> Iterator[Gap]:
    """Gap records with a value and an interval but no test and no verdict (scores, shares).

    `bounds` are what hidden counts allow where there is no value.
    """
    value, lower, upper = span
    hurts = _hurts(measure, spec)
    bound_lower, bound_upper = (value, value) if bounds is None else bounds
    equal = float(kind == "ratio")
    ways = directions(bound_lower - equal, bound_upper - equal, hurts)
    rest = view.reference.rule == "rest"
    reference = ("rest",) if rest else (view.counts.groups[reference_index] if reference_index is not None else ())
    for i, group in enumerate(view.counts.groups):
        if i == reference_index:
            continue
        known = np.isfinite(value[i])
        bounded = bool(not known and np.isfinite(bound_lower[i]))
        suffix = "_union" if bounded else ""
        yield Gap(
            analysis=analysis, attributes=view.names, groups=group, reference=reference,
            measure=measure, kind=kind, side=None, direction=str(ways[i]),  # type: ignore[arg-type]
            value=_finite(value[i]), lower=_finite(lower[i]), upper=_finite(upper[i]),
            bound_lower=_finite(bound_lower[i]) if bounded else None,
            bound_upper=_finite(bound_upper[i]) if bounded else None, confidence=spec.confidence,
            method=method + suffix if np.isfinite(lower[i]) else "none", p_value=None, p_adjusted=None, test=None,
            verdict=None, people=None, people_lower=None, people_upper=None, n=number(n[i]),
            n_reference=number(n[reference_index]) if reference_index is not None else None,
            smallest_detectable=None, status="computed" if known else "bounds" if bounded else "not_computed",
            reason=None if known or bounded else _why(i, reference_index, rest, reasons),
            reference_rule=view.reference.rule, crossed=view.crossed,  # type: ignore[arg-type]
        )  # fmt: skip


def _why(i: int, reference: int | None, rest: bool, reasons: NDArray[np.object_] | None) -> str:
    """Why a gap without a test has no value: the group's own reason first, then its reference's."""
    if reasons is not None and reasons[i] is not None:
        return str(reasons[i])
    if reference is None:
        return "no_interval" if rest else "reference_empty"
    return "reference_empty" if reasons is not None and reasons[reference] is not None else "no_interval"


def _hurts(key: str, spec: AuditSpec) -> Any:
    """Which end hurts; of a mean score, the end that is selected."""
    base = key.split(":")[0]
    hurts = direction_of(base, spec.system.harm)
    if base == "mean_score" and lower_is_selected(spec):
        return {"higher": "lower", "lower": "higher"}[hurts]  # a low score is what selects
    return hurts
