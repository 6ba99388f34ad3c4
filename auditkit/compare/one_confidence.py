"""Two results at one confidence: the intervals of one are brought to that of the other, by the formula they came from.

An interval tells its own formula: a Wilson interval gives back the rows it rests on, one that is even on the logit (or
Fisher's z, or plain) scale its standard error, a difference by square-and-add the two rates it was made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import atanh, exp, isclose, log, tanh
from statistics import NormalDist

from scipy.special import stdtrit

from auditkit.inference import square_and_add, wilson
from auditkit.result import AnalysisResult, Estimate, Gap

__all__ = ["at_confidence"]

Figure = tuple[float, float, float]
Key = tuple[tuple[str, ...], tuple[str, ...], str]
_NEAR = 1e-7


def at_confidence(analysis: AnalysisResult, confidence: float) -> AnalysisResult:
    """The same estimates and differences with intervals at another confidence; nothing else changes."""
    if analysis.spec.confidence == confidence:
        return analysis
    old = {(one.attributes, one.groups, one.measure): one for one in analysis.estimates}
    new = {key: _estimate(one, confidence) for key, one in old.items()}
    gaps = tuple(_gap(gap, old, new, confidence) for gap in analysis.gaps)
    return replace(analysis, estimates=tuple(new.values()), gaps=gaps)


def _quantile(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def _estimate(one: Estimate, confidence: float) -> Estimate:
    if one.value is None or one.lower is None or one.upper is None or one.confidence == confidence:
        return one
    figure = (one.value, one.lower, one.upper)
    lower, upper = _rescaled(figure, one.confidence, confidence, one.n if one.method == "student" else None)
    return replace(one, lower=lower, upper=upper, confidence=confidence)


def _rescaled(figure: Figure, before: float, after: float, rows: float | None = None) -> tuple[float, float]:
    """The interval at another confidence, on the scale on which it is even."""
    value, low, high = figure
    z, wanted = _quantile(before), _quantile(after)
    if (size := _wilson_rows(figure, z, before)) is not None:
        lower, upper = wilson(value * size, size, after)
        return float(lower), float(upper)
    for there, back in _SCALES:
        ends = [_tried(there, one) for one in figure]
        if None in ends:
            continue
        middle, down, up = (float(end) for end in ends if end is not None)
        if isclose(middle - down, up - middle, rel_tol=1e-6, abs_tol=_NEAR):
            half = (up - middle) * wanted / z
            if rows is not None and rows > 1:
                half *= float(stdtrit(rows - 1, (1 + after) / 2) / stdtrit(rows - 1, (1 + before) / 2)) * z / wanted
            return back(middle - half), back(middle + half)
    return value - (value - low) * wanted / z, value + (high - value) * wanted / z


def _wilson_rows(figure: Figure, z: float, confidence: float) -> float | None:
    """How many rows give this interval by Wilson's formula; None where none do."""
    value, low, high = figure
    end = high if high < 1 and high > value else low
    if not 0 <= value <= 1 or end in (value, 0.0, 1.0):
        return None
    size = z * z * end * (1 - end) / (value - end) ** 2
    lower, upper = wilson(value * size, size, confidence)
    found = isclose(float(lower), low, abs_tol=_NEAR) and isclose(float(upper), high, abs_tol=_NEAR)
    return size if found else None


def _logit(value: float) -> float:
    return log(value / (1 - value))


_SCALES: tuple[tuple[Callable[[float], float], Callable[[float], float]], ...] = (
    (lambda value: value, lambda value: value),
    (_logit, lambda value: 1 / (1 + exp(-value))),
    (atanh, tanh),
)


def _tried(scale: Callable[[float], float], value: float) -> float | None:
    try:
        return scale(value)
    except (ValueError, ZeroDivisionError):
        return None


def _gap(gap: Gap, old: Mapping[Key, Estimate], new: Mapping[Key, Estimate], confidence: float) -> Gap:
    if gap.kind != "difference" or gap.value is None or gap.lower is None or gap.upper is None:
        return gap
    if gap.confidence == confidence:
        return gap
    was = [_side(gap, old, side, gap.confidence) for side in (gap.groups, gap.reference)]
    found = [_side(gap, new, side, confidence) for side in (gap.groups, gap.reference)]
    if None not in was and None not in found:
        lower, upper = square_and_add(*was[0], *was[1])  # type: ignore[misc]
        if isclose(float(lower), gap.lower, abs_tol=_NEAR) and isclose(float(upper), gap.upper, abs_tol=_NEAR):
            lower, upper = square_and_add(*found[0], *found[1])  # type: ignore[misc]
            return replace(gap, lower=float(lower), upper=float(upper), confidence=confidence)
    low, high = _rescaled((gap.value, gap.lower, gap.upper), gap.confidence, confidence)
    return replace(gap, lower=low, upper=high, confidence=confidence)


def _side(gap: Gap, index: Mapping[Key, Estimate], groups: tuple[str, ...], confidence: float) -> Figure | None:
    """One of the two rates of a difference; of everyone else, from the counts of the other groups."""
    if gap.reference_rule == "rest" and groups == gap.reference:
        others = [e for key, e in index.items() if key[0] == gap.attributes and key[2] == gap.measure]
        others = [e for e in others if e.groups != gap.groups]
        if not others or any(e.numerator is None or e.denominator is None for e in others):
            return None
        cases, n = (sum(getattr(e, name) for e in others) for name in ("numerator", "denominator"))
        if not n:
            return None
        lower, upper = wilson(cases, n, confidence)
        return cases / n, float(lower), float(upper)
    one = index.get((gap.attributes, groups, gap.measure))
    if one is None or one.value is None or one.lower is None or one.upper is None:
        return None
    return one.value, one.lower, one.upper
