"""Burden: people selected wrongly for each one selected rightly, that is the odds of the false discovery rate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import odds_ratio_interval, square_and_add
from auditkit.inference.odds_ratios import FEW_EXPECTED, smallest_expected
from auditkit.measures.estimates import Estimates, Span
from auditkit.measures.rate_basis import RateBasis
from auditkit.measures.rate_gaps import RateColumns

__all__ = ["odds_estimates", "odds_gaps"]

Floats = NDArray[np.float64]


def _odds(share: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Floats = share / (1.0 - share)
    return result


def odds_estimates(rate: Estimates) -> Estimates:
    """The odds of a rate, its interval carried over; not computed where none is rightly selected."""
    none_right = (rate.denominator - rate.numerator) == 0
    reason = rate.reason.copy()
    reason[none_right & (reason == None)] = "no_denominator"  # noqa: E711
    missing = np.array([r is not None for r in reason], dtype=bool)

    def turned(values: Floats) -> Floats:
        return np.where(missing, np.nan, _odds(values))

    return replace(
        rate,
        value=turned(rate.value),
        lower=turned(rate.lower),
        upper=turned(rate.upper),
        bound_lower=turned(rate.bound_lower),
        bound_upper=turned(rate.bound_upper),
        denominator=rate.denominator - rate.numerator,
        reason=reason,
    )


def odds_gaps(
    gaps: RateColumns, group: RateBasis, reference: RateBasis, mine: Estimates, other: Estimates, confidence: float
) -> RateColumns:
    """The ratio of two burdens is an odds ratio: score interval, exact conditional where few are expected."""
    cases, n, cases0, n0 = group.cases[-1], group.n[-1], reference.cases[-1], reference.n[-1]
    with np.errstate(invalid="ignore"):
        few = (smallest_expected(cases, n, cases0, n0) < FEW_EXPECTED) & np.array(not group.weighted)
    lower, upper = np.full(len(n), np.nan), np.full(len(n), np.nan)
    for exact, these in ((False, ~few), (True, few)):
        if these.any():
            part = odds_ratio_interval(cases[these], n[these], cases0[these], n0[these], confidence, exact=exact)
            lower[these], upper[these] = part
    known = np.isfinite(mine.value) & np.isfinite(other.value) & ~gaps["bounds"]
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(known, mine.value / other.value, np.nan)
        difference = mine.value - other.value
    ends = square_and_add(mine.value, mine.lower, mine.upper, other.value, other.lower, other.upper)
    reason = gaps["reason"].copy()
    for i in range(len(reason)):
        if mine.reason[i] is not None:
            reason[i] = mine.reason[i]
        elif other.reason[i] is not None:
            reason[i] = "reference_empty"
        elif gaps["bounds"][i]:
            reason[i] = "no_interval"

    def shown(values: Floats) -> Floats:
        return np.where(known, values, np.nan)

    return gaps | {
        "difference": Span.known(shown(difference), shown(ends[0]), shown(ends[1])),
        "event": Span.known(value, shown(lower), shown(upper)),
        "complement": Span.nothing(len(value)),
        "side": np.full(len(value), "event", dtype=object),
        "bounds": np.zeros(len(value), dtype=bool),
        "reason": reason,
    }
