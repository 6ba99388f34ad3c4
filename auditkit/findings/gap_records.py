"""From arrays over groups to records: the estimates and gaps of one measure in one view."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.findings.families import Declared
from auditkit.findings.gap_words import NOTHING_SAID, Said
from auditkit.findings.verdicts import directions
from auditkit.findings.within_words import within_of
from auditkit.inference import paired_gap
from auditkit.measures import MEASURES
from auditkit.measures.estimates import Estimates, Gaps, Span
from auditkit.measures.unstated_people import Allocated, RateRange
from auditkit.protect.released import GroupCounts
from auditkit.result import Estimate, Gap
from auditkit.spec import AuditSpec

__all__ = ["estimate_records", "gap_records", "number"]

Floats = NDArray[np.float64]


def _ratio_only(gaps: Gaps) -> bool:
    """Whether the reference was taken from the data: then there is a ratio, and no test."""
    return gaps.compared.rule == "highest_rate"


def gap_records(analysis: str, gaps: Gaps, spec: AuditSpec, declared: Declared, said: Said | None) -> Iterator[Gap]:
    """The records of every group but the reference, in the order of the groups; `said` where the gap is tested."""
    if said is not None:
        yield from _tested(analysis, gaps, spec, said)
    else:
        yield from _untested(analysis, gaps, spec, declared)


def _tested(analysis: str, gaps: Gaps, spec: AuditSpec, said: Said) -> Iterator[Gap]:
    """Difference and ratio of each group, with verdict, people and the p that they rest on."""
    people = _people(gaps)
    row = MEASURES.get(gaps.measure.partition(":")[0])
    harm = None if row is None else row.harm(spec)
    ways = _ways(gaps.difference, 0.0, gaps.hurts)
    for i, group in enumerate(gaps.compared.groups):
        if i == gaps.index:
            continue
        is_tested = bool(gaps.stated[i]) and not _ratio_only(gaps)
        judged = is_tested and gaps.hurts != "context"
        shared: dict[str, Any] = _of_group(analysis, gaps, i, group, spec) | {
            "side": str(gaps.side[i]),
            "direction": str(ways[i]) if judged else "none",
            **(said.of(i, judged) if is_tested else NOTHING_SAID),
            "harm": harm if judged else None,
            "people": number(people[0][i]) if judged else None,
            "people_lower": number(people[1][i]) if judged else None,
            "people_upper": number(people[2][i]) if judged else None,
            "reason": gaps.reason[i] or _why_no_word(gaps, i),
        }
        if not _ratio_only(gaps):
            yield _figure("difference", gaps.difference, i, shared | said.lead(i, 0), gaps)
        if shared["reason"] != "both_zero":  # the ratio of the other side says nothing of what nobody has
            shared |= {
                "complement_value": _finite(gaps.complement.value[i]),
                "complement_lower": _finite(gaps.complement.lower[i]),
                "complement_upper": _finite(gaps.complement.upper[i]),
            }
        if gaps.tables is not None and gaps.tables.unstated is not None and not _is_odds(gaps):
            shared |= _ranges(gaps.tables.unstated, i)
        shared |= _discordant(gaps, i, spec)
        yield _figure("ratio", gaps.event, i, shared | said.lead(i, 1), gaps)


def _untested(analysis: str, gaps: Gaps, spec: AuditSpec, declared: Declared) -> Iterator[Gap]:
    """A difference, or a ratio, of each group: a value and an interval, no test and no verdict."""
    kind = "difference" if gaps.methods[0] else "ratio"
    span = gaps.difference if kind == "difference" else gaps.event
    alike = within_of(analysis, gaps, spec, declared) if gaps.by_stratum is not None else None
    ways = _ways(span, float(kind == "ratio"), gaps.hurts)
    for i, group in enumerate(gaps.compared.groups):
        if i == gaps.index:
            continue
        known, bounded = bool(np.isfinite(span.value[i])), bool(gaps.bounds[i])
        suffix = "_union" if bounded else ""
        yield Gap(
            **_of_group(analysis, gaps, i, group, spec),
            kind=kind,  # type: ignore[arg-type]
            side=None if alike is None else str(alike.side[i]),  # type: ignore[arg-type]
            direction=str(ways[i]),  # type: ignore[arg-type]
            value=_finite(span.value[i]),
            lower=_finite(span.lower[i]),
            upper=_finite(span.upper[i]),
            bound_lower=_finite(span.bound_lower[i]) if bounded else None,
            bound_upper=_finite(span.bound_upper[i]) if bounded else None,
            method=(gaps.methods[0] or gaps.methods[1]) + suffix if np.isfinite(span.lower[i]) else "none",
            people=None,
            people_lower=None,
            people_upper=None,
            **(NOTHING_SAID if alike is None or not gaps.stated[i] else alike.of(i)),
            status="computed" if known else "bounds" if bounded else "not_computed",
            reason=None if known or bounded else _why_no_value(gaps, i),
        )


def _discordant(gaps: Gaps, i: int, spec: AuditSpec) -> dict[str, float | None]:
    """The pairs that tell group and reference apart, and their ratio with its exact interval."""
    if gaps.tables is None or gaps.tables.pairs is None:
        return {}
    both, own, other, neither = gaps.tables.pairs[i]
    found = paired_gap(both, own, other, neither, spec.confidence)
    return {
        "only_group": _finite(own),
        "only_reference": _finite(other),
        "conditional_ratio": _finite(float(found.conditional_ratio)),
        "conditional_lower": _finite(float(found.ratio_lower)),
        "conditional_upper": _finite(float(found.ratio_upper)),
    }


def _is_odds(gaps: Gaps) -> bool:
    """Whether the ratio is of odds, which are no part of a whole."""
    return gaps.methods[1] == "odds_ratio"


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


def _ways(span: Span, equal: float, hurts: str) -> NDArray[np.object_]:
    low = np.where(np.isnan(span.value), span.bound_lower, span.value)
    high = np.where(np.isnan(span.value), span.bound_upper, span.value)
    return directions(low - equal, high - equal, hurts)  # type: ignore[arg-type]


def _people(gaps: Gaps) -> tuple[Floats, Floats, Floats]:
    """How many more people of the group are on the side that hurts than at the reference's rate."""
    if gaps.held is not None:
        value, lower, upper = gaps.held
        return (-value, -upper, -lower) if gaps.hurts == "lower" else (value, lower, upper)
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


def _ranges(ranges: RateRange | Allocated | None, i: int) -> dict[str, float | None]:
    """What the unstated may make of a figure; nothing where everybody stated the attribute."""
    if ranges is None:
        return {}
    return {
        "unstated_lower": _finite(ranges.lower[i]),
        "unstated_upper": _finite(ranges.upper[i]),
        "allocated_lower": _finite(ranges.widest_lower[i]),
        "allocated_upper": _finite(ranges.widest_upper[i]),
    }


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
            **_ranges(figures.ranges, i),
        )
