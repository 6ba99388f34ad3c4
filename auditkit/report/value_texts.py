"""A figure as it is written: its value or bounds, its interval, and what a comparison leaves open."""

from __future__ import annotations

from functools import partial
from math import isfinite

from auditkit.measures import MEASURES
from auditkit.report.number_words import figure, span
from auditkit.result import Estimate, Gap
from auditkit.text import say

__all__ = ["finite", "interval_text", "is_open_either_way", "is_rate", "is_withheld", "value_text"]

_WITHHELD = ("suppressed", "withheld")


def is_withheld(record: object) -> bool:
    """Whether a figure was withheld to protect people."""
    return getattr(record, "status", "") in _WITHHELD


def finite(value: float | None) -> float | None:
    """The value, or None where it is not a number that can be written."""
    return value if value is not None and isfinite(value) else None


def is_rate(measure: str) -> bool:
    """Whether a measure is a part of a whole, for which a smallest detectable gap is worked out."""
    return measure in MEASURES and MEASURES[measure].is_part_of_whole


def value_text(estimate: Estimate, language: str) -> str:
    """The value of an estimate, or the bounds that hidden counts allow; "" where there is neither."""
    write = partial(figure, estimate.measure, language=language)
    value = finite(estimate.value)
    if value is not None:
        return write(value)
    lower, upper = finite(estimate.bound_lower), finite(estimate.bound_upper)
    if lower is None or upper is None:
        return ""
    if write(lower) == write(upper):
        return write(lower)
    return say("between {lower} and {upper}", lower=write(lower), upper=write(upper)).text(language)


def interval_text(estimate: Estimate, language: str) -> str:
    """The interval of an estimate."""
    return span(
        finite(estimate.lower),
        finite(estimate.upper),
        partial(figure, estimate.measure, language=language),
        language,
    )


def is_open_either_way(gap: Gap) -> bool:
    """Whether what is not known, chance aside, leaves room for a ratio below and above 1."""
    low, high = finite(gap.bound_lower), finite(gap.bound_upper)
    if gap.kind != "ratio" or gap.status != "bounds":
        return False
    return (low is None or low <= 1) and (high is None or high >= 1)
