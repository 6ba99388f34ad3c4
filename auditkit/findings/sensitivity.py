"""What could make a gap by itself: something that was not measured, unequal base rates, outcomes recorded unequally.

Beside each gap that is found on a primary measure; a reader holds it against what is known of the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite

import numpy as np

from auditkit.inference import e_value, forced_false_positive_rate, pooled_rates, tipping_record
from auditkit.measures import primary_of
from auditkit.result import Estimate, Gap, Sensitivity
from auditkit.spec import AuditSpec

__all__ = ["FEWEST_POOLED", "sensitivity_of", "with_pooled"]

FEWEST_POOLED = 10
"""Groups of an attribute from which rates that borrow from each other stand beside the raw ones."""
_FOUND = ("established", "present", "small")
_POOLED = ("selection_rate", "false_positive_rate", "false_negative_rate", "base_rate", "false_discovery_rate")
_RECORDED = ("false_positive_rate", "false_negative_rate")
_FORCES = ("base_rate", "positive_predictive_value", "true_positive_rate")
_SIX = ("true_positive_rate", "false_positive_rate")
Four = tuple[float, float, float, float]
Index = Mapping[tuple[tuple[str, ...], tuple[str, ...], str], Estimate]


def sensitivity_of(estimates: Sequence[Estimate], gaps: Sequence[Gap], spec: AuditSpec) -> tuple[Sensitivity, ...]:
    """The records of every gap found on a primary measure of a single attribute, in the order of the gaps."""
    index = {(one.attributes, one.groups, one.measure): one for one in estimates}
    found: list[Sensitivity] = []
    for gap in gaps:
        if gap.kind != "ratio" or gap.crossed or gap.verdict not in _FOUND or gap.measure not in primary_of(spec):
            continue
        found += [*_unmeasured(gap), *_forced(gap, index, spec), *_recorded(gap, index, spec)]
    return tuple(found)


def _record(gap: Gap, kind: str, value: float, other: float | None) -> Sensitivity:
    return Sensitivity(kind, gap.attributes, gap.groups, gap.reference, gap.measure, value, other)  # type: ignore[arg-type]


def _unmeasured(gap: Gap) -> Iterator[Sensitivity]:
    """The E-value of the ratio on its deciding side, and of the end of its interval nearer 1 (1 where it holds 1)."""
    event = gap.side != "complement"
    value = gap.value if event else gap.complement_value
    low, high = (gap.lower, gap.upper) if event else (gap.complement_lower, gap.complement_upper)
    if value is None or not value > 0:
        return
    near = low if value > 1 else high
    away = near is not None and (near > 1) == (value > 1) and near > 0
    other = float(e_value(near)) if away and near is not None else 1.0
    yield _record(gap, "e_value", float(e_value(value)), other)


def _forced(gap: Gap, index: Index, spec: AuditSpec) -> Iterator[Sensitivity]:
    """The false positive rate that each one's base rate makes with the other's precision and true positive rate."""
    if gap.measure != "false_positive_rate" or spec.observed != "everywhere":
        return
    rates = [
        [
            _value(index, gap.attributes, one, key)
            for key in ("base_rate", "positive_predictive_value", "true_positive_rate")
        ]
        for one in (gap.groups, gap.reference)
    ]
    if any(rate is None for side in rates for rate in side):
        return
    (own, *mine), (other, *theirs) = rates
    values = [float(forced_false_positive_rate(base, *rest)) for base, rest in ((own, theirs), (other, mine))]  # type: ignore[arg-type]
    if all(isfinite(value) for value in values):
        yield _record(gap, "base_rates", *values)


def _value(index: Index, attributes: tuple[str, ...], groups: tuple[str, ...], measure: str) -> float | None:
    found = index.get((attributes, groups, measure))
    return None if found is None or found.status != "computed" else found.value


def _recorded(gap: Gap, index: Index, spec: AuditSpec) -> Iterator[Sensitivity]:
    """How small a share of one group's outcomes would have to be recorded, the other's all being so."""
    if gap.measure not in _RECORDED or spec.observed != "everywhere" or gap.value is None:
        return
    group, reference = (_counts(index, gap.attributes, one) for one in (gap.groups, gap.reference))
    rates = [_value(index, gap.attributes, one, gap.measure) for one in (gap.groups, gap.reference)]
    for counts, other, kind in ((group, rates[1], "recorded"), (reference, rates[0], "recorded_reference")):
        if counts is None or other is None:
            continue
        share = float(tipping_record(counts, other, gap.measure))
        if 0 < share < 1:
            yield _record(gap, kind, share, None)


def _counts(
    index: Index, attributes: tuple[str, ...], groups: tuple[str, ...]
) -> tuple[float, float, float, float] | None:
    """True positives, false positives, false negatives, true negatives of a group."""
    true, false = (index.get((attributes, groups, measure)) for measure in _SIX)
    if true is None or false is None or None in (true.numerator, true.denominator, false.numerator, false.denominator):
        return None
    tp, positives, fp, negatives = true.numerator, true.denominator, false.numerator, false.denominator
    return tp, fp, positives - tp, negatives - fp  # type: ignore[operator, return-value]


def with_pooled(estimates: Sequence[Estimate]) -> list[Estimate]:
    """The estimates, with pooled rates beside those of attributes of ten groups or more; no verdict comes of them."""
    by_view: dict[tuple[tuple[str, ...], str], list[int]] = {}
    for place, one in enumerate(estimates):
        known = one.status == "computed" and one.numerator is not None and one.denominator
        if len(one.attributes) == 1 and one.measure in _POOLED and known and one.groups != ("",):
            by_view.setdefault((one.attributes, one.measure), []).append(place)
    result = list(estimates)
    for places in by_view.values():
        if len(places) < FEWEST_POOLED:
            continue
        cases = np.array([estimates[place].numerator for place in places], dtype=np.float64)
        people = np.array([estimates[place].denominator for place in places], dtype=np.float64)
        for place, value in zip(places, pooled_rates(cases, people).tolist(), strict=True):
            result[place] = replace(result[place], pooled=value if isfinite(value) else None)
    return result
