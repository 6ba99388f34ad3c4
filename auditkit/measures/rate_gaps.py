"""The gap of every group to its reference, for one rate: difference, ratio of the event, ratio of the complement.

Tests and verdict come later, at the level that the comparison has in the family of the audit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import gap_bounds, newcombe, ratio_interval
from auditkit.inference.count_bounds import CountBounds
from auditkit.measures.decisive_side import decisive_side
from auditkit.measures.estimates import Span
from auditkit.measures.gap_tables import GapTables, gap_tables
from auditkit.measures.rate_basis import RateBasis

__all__ = ["RateColumns", "rate_gaps", "rate_gaps_together"]

Floats = NDArray[np.float64]
RateColumns = dict[str, Any]
"""The arrays of `Gaps` that a comparison of rates fills, by their names."""


def rate_gaps_together(
    pairs: Sequence[tuple[RateBasis, RateBasis]], hurts: Sequence[str], confidence: float
) -> list[RateColumns]:
    """The gaps of many rates at once, each pair a group basis and the reference beside it.

    Pairs of one kind (readings, hidden, weighted) go through the formulas as one long array.
    """
    result: list[RateColumns | None] = [None] * len(pairs)
    kinds: dict[tuple[int, int, bool, bool], list[int]] = {}
    for i, (group, reference) in enumerate(pairs):
        hidden = group.hidden is not None and reference.hidden is not None
        kinds.setdefault((len(group.cases), len(reference.cases), hidden, group.weighted), []).append(i)
    for members in kinds.values():
        sizes = [len(pairs[i][0].total) for i in members]
        ties = np.concatenate([np.full(size, hurts[i], dtype=object) for i, size in zip(members, sizes, strict=True)])
        joined = rate_gaps(_joined([pairs[i][0] for i in members]), _joined([pairs[i][1] for i in members]), ties,
                           confidence)  # fmt: skip
        ends = np.cumsum(sizes)
        for i, end, size in zip(members, ends, sizes, strict=True):
            result[i] = _slice(joined, slice(int(end) - size, int(end)))
    return [gaps for gaps in result if gaps is not None]


def _joined(bases: Sequence[RateBasis]) -> RateBasis:
    first = bases[0]
    join = np.concatenate
    return RateBasis(
        cases=tuple(join([b.cases[k] for b in bases]) for k in range(len(first.cases))),
        n=tuple(join([b.n[k] for b in bases]) for k in range(len(first.n))),
        yes=join([b.yes for b in bases]),
        total=join([b.total for b in bases]),
        rows=join([b.rows for b in bases]),
        rows_yes=join([b.rows_yes for b in bases]),
        reason=join([b.reason for b in bases]),
        weighted=first.weighted,
        hidden=_join_hidden(bases),
        unbounded=join([b.unbounded for b in bases]),
    )


def _join_hidden(bases: Sequence[RateBasis]) -> tuple[Floats, Floats, Floats, Floats] | None:
    hidden = [b.hidden for b in bases if b.hidden is not None]
    if len(hidden) < len(bases):
        return None
    low, high, other_low, other_high = (np.concatenate(part) for part in zip(*hidden, strict=True))
    return low, high, other_low, other_high


def _slice(gaps: RateColumns, part: slice) -> RateColumns:
    def cut(value: Any) -> Any:
        if isinstance(value, Span):
            return Span(*(getattr(value, field.name)[part] for field in fields(Span)))
        if isinstance(value, GapTables):
            return value.of(part)
        return value[part]

    return {name: cut(value) for name, value in gaps.items()}


def rate_gaps(group: RateBasis, reference: RateBasis, hurts: NDArray[np.object_], confidence: float) -> RateColumns:
    """Every group against the reference beside it (arrays of the same length); `hurts` is higher, lower, context."""
    bounds = group.bounds | reference.bounds
    if group.hidden is not None and reference.hidden is not None:
        difference, event, complement = _hidden(group, reference, confidence)
        cases, n = _middle(group.hidden)
        cases0, n0 = _middle(reference.hidden)
    else:
        difference, event, complement = _readings(group, reference, confidence)
        cases, n = np.mean(group.cases, axis=0), np.mean(group.n, axis=0)
        cases0, n0 = np.mean(reference.cases, axis=0), np.mean(reference.n, axis=0)
    side = decisive_side(cases, n, cases0, n0, hurts)
    on_event = side == "event"
    reason = _gap_reasons(group, reference, np.where(on_event, cases, n - cases), n,
                          np.where(on_event, cases0, n0 - cases0), n0)  # fmt: skip
    return {
        "difference": difference,
        "event": event,
        "complement": complement,
        "side": side,
        "n": group.rows,
        "n_reference": reference.rows,
        "smaller_n": np.fmin(np.fmin(*_fewest(group, n)), np.fmin(*_fewest(reference, n0))),
        "bounds": bounds,
        "reason": reason,
        "tables": gap_tables(group, reference),
    }


def _fewest(basis: RateBasis, n: Floats) -> tuple[Floats, Floats]:
    """The smallest denominator that is possible, in effective rows and in rows."""
    if basis.hidden is not None:
        n = basis.hidden[0] + basis.hidden[2]
    return n, np.where(np.isnan(basis.rows), n, basis.rows)


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


def _readings(group: RateBasis, reference: RateBasis, confidence: float) -> tuple[Span, Span, Span]:
    """One reading where all is known; else every pair of readings, and what they span."""
    pairs = [
        (cases, n, cases0, n0)
        for cases, n in zip(group.cases, group.n, strict=True)
        for cases0, n0 in zip(reference.cases, reference.n, strict=True)
    ]
    each = [(_difference(*pair, confidence), *_ratios(*pair, confidence)) for pair in pairs]
    if len(pairs) == 1:
        return each[0]
    spans = [_spanned([spans[k] for spans in each], nothing) for k, nothing in enumerate((0.0, 1.0, 1.0))]
    return spans[0], spans[1], spans[2]


def _difference(cases: Floats, n: Floats, cases0: Floats, n0: Floats, confidence: float) -> Span:
    with np.errstate(invalid="ignore", divide="ignore"):
        value = cases / n - cases0 / n0
    lower, upper = newcombe(cases, n, cases0, n0, confidence)
    return Span.known(value, lower, upper)


def _ratios(cases: Floats, n: Floats, cases0: Floats, n0: Floats, confidence: float) -> tuple[Span, Span]:
    """Ratio of the event and ratio of its complement, both in one go."""
    x, size = np.concatenate([cases, n - cases]), np.concatenate([n, n])
    x0, size0 = np.concatenate([cases0, n0 - cases0]), np.concatenate([n0, n0])
    lower, upper = ratio_interval(x, size, x0, size0, confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (x / size) / (x0 / size0)
    empty = (size == 0) | (size0 == 0)
    value, lower, upper = (np.where(empty, np.nan, a) for a in (value, lower, upper))
    half = len(cases)
    event, complement = (Span.known(value[p], lower[p], upper[p]) for p in (slice(half), slice(half, None)))
    return event, complement


def _spanned(spans: list[Span], nothing: float) -> Span:
    """What several readings span; the value stays where they agree."""
    values = np.array([span.value for span in spans])
    low, high = np.fmin.reduce(values), np.fmax.reduce(values)
    same = low == high
    nearest = np.clip(nothing, low, high)
    return Span(
        np.where(same, low, np.nan),
        np.fmin.reduce([span.lower for span in spans]),
        np.fmax.reduce([span.upper for span in spans]),
        np.where(same, np.nan, low),
        np.where(same, np.nan, high),
        nearest,
    )


def _hidden(group: RateBasis, reference: RateBasis, confidence: float) -> tuple[Span, Span, Span]:
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
