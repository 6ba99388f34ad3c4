"""From arrays over groups to records: the estimates and gaps of one measure in one view."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.findings.verdicts import directions, verdicts
from auditkit.measures.estimates import Estimates, Gaps, Span
from auditkit.protect.released import GroupCounts
from auditkit.result import Estimate, Gap
from auditkit.spec import AuditSpec

__all__ = ["estimate_records", "gap_records", "number", "tested"]

Floats = NDArray[np.float64]


def tested(gaps: Gaps) -> NDArray[np.bool_]:
    """Which groups are held against their reference by a test: those stated, but for the reference itself."""
    result = gaps.stated.copy()
    if gaps.index is not None:
        result[gaps.index] = False
    return result if gaps.hypothesis and not _ratio_only(gaps) else np.zeros_like(result)


def _ratio_only(gaps: Gaps) -> bool:
    """Whether the reference was taken from the data: then there is a ratio, and no test."""
    return gaps.compared.rule == "highest_rate"


def gap_records(analysis: str, gaps: Gaps, spec: AuditSpec, p_adjusted: Floats) -> Iterator[Gap]:
    """The records of every group but the reference, in the order of the groups."""
    if gaps.hypothesis:
        yield from _tested(analysis, gaps, spec, p_adjusted)
    else:
        yield from _untested(analysis, gaps, spec)


def _tested(analysis: str, gaps: Gaps, spec: AuditSpec, p_adjusted: Floats) -> Iterator[Gap]:
    """Difference and ratio of each group, with verdict, people and corrected p."""
    words, people = _words(gaps, p_adjusted, spec), _people(gaps)
    ways = _ways(gaps.difference, 0.0, gaps.hurts)
    for i, group in enumerate(gaps.compared.groups):
        if i == gaps.index:
            continue
        is_tested = bool(gaps.stated[i]) and not _ratio_only(gaps)
        judged = is_tested and gaps.hurts != "context"
        shared: dict[str, Any] = _of_group(analysis, gaps, i, group, spec) | {
            "side": str(gaps.side[i]),
            "direction": str(ways[i]) if judged else "none",
            "p_value": number(gaps.p_value[i]) if is_tested else None,
            "p_adjusted": number(p_adjusted[i]),
            "test": (gaps.test[i] or None) if is_tested else None,
            "verdict": str(words[i]) if judged else None,
            "people": number(people[0][i]) if judged else None,
            "people_lower": number(people[1][i]) if judged else None,
            "people_upper": number(people[2][i]) if judged else None,
            "smallest_detectable": number(gaps.smallest_detectable[i]) if judged else None,
            "reason": gaps.reason[i] or _why_no_word(gaps, i),
        }
        if not _ratio_only(gaps):
            yield _figure("difference", gaps.difference, i, shared, gaps)
        if shared["reason"] != "both_zero":  # the ratio of the other side says nothing of what nobody has
            shared |= {
                "complement_value": _finite(gaps.complement.value[i]),
                "complement_lower": _finite(gaps.complement.lower[i]),
                "complement_upper": _finite(gaps.complement.upper[i]),
            }
        yield _figure("ratio", gaps.event, i, shared, gaps)


def _untested(analysis: str, gaps: Gaps, spec: AuditSpec) -> Iterator[Gap]:
    """A difference, or a ratio, of each group: a value and an interval, no test and no verdict."""
    kind = "difference" if gaps.methods[0] else "ratio"
    span = gaps.difference if kind == "difference" else gaps.event
    ways = _ways(span, float(kind == "ratio"), gaps.hurts)
    for i, group in enumerate(gaps.compared.groups):
        if i == gaps.index:
            continue
        known, bounded = bool(np.isfinite(span.value[i])), bool(gaps.bounds[i])
        suffix = "_union" if bounded else ""
        yield Gap(
            **_of_group(analysis, gaps, i, group, spec),
            kind=kind,  # type: ignore[arg-type]
            side=None,
            direction=str(ways[i]),  # type: ignore[arg-type]
            value=_finite(span.value[i]),
            lower=_finite(span.lower[i]),
            upper=_finite(span.upper[i]),
            bound_lower=_finite(span.bound_lower[i]) if bounded else None,
            bound_upper=_finite(span.bound_upper[i]) if bounded else None,
            method=(gaps.methods[0] or gaps.methods[1]) + suffix if np.isfinite(span.lower[i]) else "none",
            p_value=None,
            p_adjusted=None,
            test=None,
            verdict=None,
            people=None,
            people_lower=None,
            people_upper=None,
            smallest_detectable=None,
            status="computed" if known else "bounds" if bounded else "not_computed",
            reason=None if known or bounded else _why_no_value(gaps, i),
        )


def _of_group(analysis: str, gaps: Gaps, i: int, group: tuple[str, ...], spec: AuditSpec) -> dict[str, Any]:
    """Who is compared with whom."""
    compared = gaps.compared
    reference = () if gaps.index is None else compared.groups[gaps.index]
    return {
        "analysis": analysis,
        "attributes": compared.attributes,
        "groups": group,
        "reference": ("rest",) if compared.rule == "rest" else reference,
        "measure": gaps.measure,
        "confidence": spec.confidence,
        "n": number(gaps.n[i]),
        "n_reference": number(gaps.n_reference[i]),
        "reference_rule": compared.rule,
        "crossed": len(compared.attributes) > 1,
    }


def _words(gaps: Gaps, p_adjusted: Floats, spec: AuditSpec) -> NDArray[np.object_]:
    on_event = gaps.side == "event"
    nearest, lower, upper = (
        np.where(on_event, getattr(gaps.event, end), getattr(gaps.complement, end))
        for end in ("nearest", "lower", "upper")
    )
    nearest = np.where(np.isnan(nearest) & (gaps.reason == "reference_zero"), np.inf, nearest)
    return verdicts(nearest, lower, upper, p_adjusted, gaps.smaller_n, spec.verdict.ratio, spec.verdict.minimum_n)


def _ways(span: Span, equal: float, hurts: str) -> NDArray[np.object_]:
    low = np.where(np.isnan(span.value), span.bound_lower, span.value)
    high = np.where(np.isnan(span.value), span.bound_upper, span.value)
    return directions(low - equal, high - equal, hurts)  # type: ignore[arg-type]


def _people(gaps: Gaps) -> tuple[Floats, Floats, Floats]:
    """How many more people of the group are on the side that hurts than at the reference's rate."""
    span = gaps.difference
    value, lower, upper = (gaps.people * end for end in (span.value, span.lower, span.upper))
    return (-value, -upper, -lower) if gaps.hurts == "lower" else (value, lower, upper)


def _why_no_word(gaps: Gaps, i: int) -> str | None:
    """Why a tested gap carries no verdict."""
    if not gaps.stated[i]:
        return "not_stated"
    if _ratio_only(gaps):
        return "reference_from_data"
    return "context" if gaps.hurts == "context" else None


def _why_no_value(gaps: Gaps, i: int) -> str:
    """Why a gap without a test has no value: the group's own reason first, then its reference's."""
    if gaps.reason[i] is not None:
        return str(gaps.reason[i])
    if gaps.index is None:
        return "no_interval" if gaps.compared.rule == "rest" else "reference_empty"
    return "reference_empty" if gaps.reason[gaps.index] is not None else "no_interval"


def _figure(kind: str, span: Span, i: int, shared: dict[str, Any], gaps: Gaps) -> Gap:
    lower, upper = _finite(span.lower[i]), _finite(span.upper[i])
    value = _finite(span.value[i])
    status = "bounds" if gaps.bounds[i] and lower is not None else ("computed" if lower is not None else "not_computed")
    if shared["reason"] == "both_zero" and shared["side"] == "event" and kind == "ratio":
        status, value, lower, upper = "not_computed", None, None, None
    suffix = "_union" if status == "bounds" else ""
    return Gap(
        kind=kind,  # type: ignore[arg-type]
        value=value,
        lower=lower,
        upper=upper,
        status=status,  # type: ignore[arg-type]
        bound_lower=_finite(span.bound_lower[i]) if status == "bounds" else None,
        bound_upper=_finite(span.bound_upper[i]) if status == "bounds" else None,
        method="none" if status == "not_computed" else gaps.methods[kind == "ratio"] + suffix,
        **shared,
    )


def number(value: float) -> float | None:
    """A number for a record: None where it is not one."""
    return None if isnan(value) else float(value)


def _finite(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def estimate_records(
    analysis: str, groups: GroupCounts, measure: str, figures: Estimates, confidence: float
) -> Iterator[Estimate]:
    """One estimate a group."""
    for i, group in enumerate(groups.groups):
        reason = figures.reason[i]
        bounds = bool(figures.bounds[i]) and reason is None
        has_value = not np.isnan(figures.value[i])
        status = "bounds" if bounds else ("computed" if has_value else "not_computed")
        if reason is not None and not has_value:
            status = "not_computed"
        yield Estimate(
            analysis=analysis,
            attributes=groups.names,
            groups=group,
            measure=measure,
            value=number(figures.value[i]),
            lower=_finite(figures.lower[i]),
            upper=_finite(figures.upper[i]),
            bound_lower=_finite(figures.bound_lower[i]) if bounds else None,
            bound_upper=_finite(figures.bound_upper[i]) if bounds else None,
            confidence=confidence,
            method="union" if bounds else (figures.method if np.isfinite(figures.lower[i]) else "none"),
            numerator=_finite(figures.numerator[i]),
            denominator=_finite(figures.denominator[i]),
            n=_finite(figures.n[i]),
            status=status,  # type: ignore[arg-type]
            reason=reason,
            rows=tuple(float(rows[i]) for rows in figures.rows),
        )
