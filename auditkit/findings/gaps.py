"""The gap of every group to its reference, for one rate: difference, ratio of the event, ratio of the complement.

Verdict and adjusted p come later, when the whole family of tests is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.findings.figures import RateBasis
from auditkit.findings.verdicts import decisive_side
from auditkit.inference import gap_bounds, gap_test, newcombe, ratio_interval, smallest_detectable_ratio
from auditkit.inference.bounds import CountBounds

__all__ = ["RateGaps", "Span", "rate_gaps"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Span:
    """A figure over groups: its value (NaN where only bounds are known), interval and bounds."""

    value: Floats
    lower: Floats
    upper: Floats
    bound_lower: Floats
    bound_upper: Floats
    nearest: Floats
    """The value, or the end of its bounds nearest to no gap: what a verdict is taken on."""


@dataclass(frozen=True)
class RateGaps:
    """All gaps of one rate in one view, as arrays over groups."""

    difference: Span
    event: Span
    complement: Span
    p_value: Floats
    test: NDArray[np.object_]
    side: NDArray[np.object_]
    smallest_detectable: Floats
    n: Floats
    n_reference: Floats
    smaller_n: Floats
    bounds: NDArray[np.bool_]
    reason: NDArray[np.object_]


def rate_gaps(group: RateBasis, reference: RateBasis, hurts: str, confidence: float) -> RateGaps:
    """Every group against the reference beside it (arrays of the same length)."""
    bounds = group.bounds | reference.bounds
    if group.hidden is not None and reference.hidden is not None:
        difference, event, complement, p = _hidden(group, reference, confidence)
        cases, n = _middle(group.hidden)
        cases0, n0 = _middle(reference.hidden)
    else:
        difference, event, complement, p = _readings(group, reference, confidence)
        cases, n = np.mean(group.cases, axis=0), np.mean(group.n, axis=0)
        cases0, n0 = np.mean(reference.cases, axis=0), np.mean(reference.n, axis=0)
    test = gap_test(cases, n, cases0, n0, weighted=group.weighted).test.astype(object)
    side = decisive_side(cases, n, cases0, n0, hurts)
    on_event = side == "event"
    detectable = np.where(
        on_event,
        smallest_detectable_ratio(cases0, n0, n, confidence),
        smallest_detectable_ratio(n0 - cases0, n0, n, confidence),
    )
    reason = _gap_reasons(group, reference, np.where(on_event, cases, n - cases), n,
                          np.where(on_event, cases0, n0 - cases0), n0)  # fmt: skip
    return RateGaps(
        difference=difference,
        event=event,
        complement=complement,
        p_value=p,
        test=test,
        side=side,
        smallest_detectable=detectable,
        n=group.rows,
        n_reference=reference.rows,
        smaller_n=np.fmin(np.fmin(n, n0), np.fmin(_known(group.rows, n), _known(reference.rows, n0))),
        bounds=bounds,
        reason=reason,
    )


def _known(rows: Floats, n: Floats) -> Floats:
    return np.where(np.isnan(rows), n, rows)


def _middle(hidden: tuple[Floats, Floats, Floats, Floats]) -> tuple[Floats, Floats]:
    """The middle of what is allowed, to choose a side and a test by; NaN where there is no upper end."""
    low, high, other_low, other_high = (np.where(np.isfinite(end), end, np.nan) for end in hidden)
    cases = (low + high) / 2
    return cases, cases + (other_low + other_high) / 2


def _gap_reasons(
    group: RateBasis, reference: RateBasis, cases: Floats, n: Floats, cases0: Floats, n0: Floats
) -> NDArray[np.object_]:
    reason = np.full(len(cases), None, dtype=object)
    reason[(cases0 == 0) & (n0 > 0)] = "reference_zero"
    reason[(cases0 == 0) & (cases == 0) & (n0 > 0) & (n > 0)] = "both_zero"
    for i in range(len(reason)):
        if group.reason[i] is not None:
            reason[i] = group.reason[i]
        elif reference.reason[i] is not None:
            reason[i] = "unbounded" if reference.reason[i] == "unbounded" else "reference_empty"
    return reason


def _readings(
    group: RateBasis, reference: RateBasis, confidence: float
) -> tuple[Span, Span, Span, Floats]:
    """One reading where all is known; else every pair of readings, and what they span."""
    pairs = [
        (cases, n, cases0, n0)
        for cases, n in zip(group.cases, group.n, strict=True)
        for cases0, n0 in zip(reference.cases, reference.n, strict=True)
    ]
    p = np.array([gap_test(*pair, weighted=group.weighted).p_value for pair in pairs])
    if len(pairs) == 1:
        difference, event, complement = (_single(kind, pairs[0], confidence) for kind in _KINDS)
        return difference, event, complement, p[0]
    spans = [_spanned([_single(kind, pair, confidence) for pair in pairs], kind) for kind in _KINDS]
    straddles = (spans[0].bound_lower <= 0) & (spans[0].bound_upper >= 0)
    with np.errstate(invalid="ignore"):
        largest = np.where(straddles, 1.0, np.fmax.reduce(p))
    return spans[0], spans[1], spans[2], largest


_KINDS = ("difference", "event", "complement")


def _single(kind: str, pair: tuple[Floats, Floats, Floats, Floats], confidence: float) -> Span:
    cases, n, cases0, n0 = pair
    with np.errstate(invalid="ignore", divide="ignore"):
        if kind == "difference":
            value = cases / n - cases0 / n0
            lower, upper = newcombe(cases, n, cases0, n0, confidence)
        else:
            if kind == "complement":
                cases, cases0 = n - cases, n0 - cases0
            value = (cases / n) / (cases0 / n0)
            lower, upper = ratio_interval(cases, n, cases0, n0, confidence)
            empty = (n == 0) | (n0 == 0)
            value = np.where(empty, np.nan, value)
            lower, upper = np.where(empty, np.nan, lower), np.where(empty, np.nan, upper)
    nothing = np.full(len(cases), np.nan)
    return Span(value, lower, upper, nothing, nothing, value)


def _spanned(spans: list[Span], kind: str) -> Span:
    values = np.array([span.value for span in spans])
    low, high = np.fmin.reduce(values), np.fmax.reduce(values)
    same = low == high
    nearest = np.clip(0.0 if kind == "difference" else 1.0, low, high)
    return Span(
        np.where(same, low, np.nan),
        np.fmin.reduce([span.lower for span in spans]),
        np.fmax.reduce([span.upper for span in spans]),
        np.where(same, np.nan, low),
        np.where(same, np.nan, high),
        nearest,
    )


def _hidden(group: RateBasis, reference: RateBasis, confidence: float) -> tuple[Span, Span, Span, Floats]:
    """Published counts, some of them hidden or rounded."""
    assert group.hidden is not None
    assert reference.hidden is not None
    able = ~group.unbounded & ~reference.unbounded
    blank = [np.where(able, a, np.nan) for a in (*group.hidden, *reference.hidden)]
    mine, other = CountBounds.of(*blank[:4]), CountBounds.of(*blank[4:])
    event = gap_bounds(mine, other, confidence)
    complement = gap_bounds(_turned(mine), _turned(other), confidence)
    return (
        _from_bounds(event.difference, group, reference),
        _from_bounds(event.ratio, group, reference),
        _from_bounds(complement.ratio, group, reference),
        event.p_value,
    )


def _turned(counts: CountBounds) -> CountBounds:
    return CountBounds(counts.others_low, counts.others_high, counts.cases_low, counts.cases_high)


def _from_bounds(bounds: Any, group: RateBasis, reference: RateBasis) -> Span:
    exact = ~(group.bounds | reference.bounds)
    return Span(
        np.where(exact, bounds.bound_lower, np.nan),
        bounds.lower,
        bounds.upper,
        np.where(exact, np.nan, bounds.bound_lower),
        np.where(exact, np.nan, bounds.bound_upper),
        bounds.estimate if exact.size == 0 else np.where(exact, bounds.bound_lower, bounds.estimate),
    )
