"""What people who did not state the attribute may do to a gap: the tables that they allow, and the range of figures.

The ranges stand beside every figure of an attribute with such people; its intervals and claims answer to all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import Limits, allocations, newcombe, ratio_interval, tipping_factor
from auditkit.measures.rate_basis import RateBasis, rate_basis
from auditkit.protect.released import NOT_STATED, Bounds, GroupCounts

if TYPE_CHECKING:
    from auditkit.measures.measure import Measure

__all__ = ["WHOEVER", "Allocated", "RateRange", "allocated", "rate_ranges", "unstated_readings", "with_unstated"]

WHOEVER = 64.0
"""The tipping factor of a word that no allocation takes away."""

Floats = NDArray[np.float64]
_NAN = float("nan")
_ROUNDING = 1e-6
Reading = tuple[float, float]
Counts = tuple[float, float, float, float, float, float]
"""Cases and people of group, of reference and of the unstated."""
Tables = tuple[Floats, Floats, Floats, Floats]


@dataclass(frozen=True)
class Allocated:
    """Tables over what the unstated may be, tables x groups, and the ratio's range; NaN for groups not compared.

    `lower` and `upper` are the range within the factor, `widest_lower` and `widest_upper` over all allocations.
    `counts` are the six numbers of each group (cases, people of group, of reference, of the unstated) where each is
    known; None where several readings are possible.
    """

    cases: Floats
    n: Floats
    reference_cases: Floats
    reference_n: Floats
    lower: Floats
    upper: Floats
    widest_lower: Floats
    widest_upper: Floats
    counts: tuple[Counts | None, ...]

    def of(self, part: slice) -> Allocated:
        """Some of the groups."""
        return Allocated(
            self.cases[:, part], self.n[:, part], self.reference_cases[:, part], self.reference_n[:, part],
            self.lower[part], self.upper[part], self.widest_lower[part], self.widest_upper[part], self.counts[part],
        )  # fmt: skip

    @classmethod
    def joined(cls, parts: Sequence[Allocated]) -> Allocated:
        """The groups of several, one after the other, of as many tables each."""
        return cls(
            np.concatenate([part.cases for part in parts], axis=1),
            np.concatenate([part.n for part in parts], axis=1),
            np.concatenate([part.reference_cases for part in parts], axis=1),
            np.concatenate([part.reference_n for part in parts], axis=1),
            np.concatenate([part.lower for part in parts]),
            np.concatenate([part.upper for part in parts]),
            np.concatenate([part.widest_lower for part in parts]),
            np.concatenate([part.widest_upper for part in parts]),
            tuple(counts for part in parts for counts in part.counts),
        )

    def difference(self, confidence: float) -> tuple[Floats, Floats]:
        """The union of the intervals of the difference over the tables."""
        lower, upper = newcombe(self.cases, self.n, self.reference_cases, self.reference_n, confidence)
        return np.fmin.reduce(lower), np.fmax.reduce(upper)

    def ratio(self, confidence: float, complement: bool = False) -> tuple[Floats, Floats]:
        """The union of the intervals of the ratio (or of its complement's) over the tables."""
        cases, reference = self.cases, self.reference_cases
        if complement:
            cases, reference = self.n - cases, self.reference_n - reference
        shape = cases.shape
        ends = ratio_interval(cases.ravel(), self.n.ravel(), reference.ravel(), self.reference_n.ravel(), confidence)
        lower, upper = (end.reshape(shape) for end in ends)
        return np.fmin.reduce(lower), np.fmax.reduce(upper)

    def tipping(self, group: int, level: float, limits: Limits) -> float:
        """Up to which factor the word with the unstated left out would stand; NaN where that cannot be said, WHOEVER
        where it stands whoever they are."""
        counts = self.counts[group]
        if counts is None:
            return _NAN
        found = tipping_factor(*counts, level, limits, grid=9)
        return min(found, WHOEVER)


def unstated_readings(rate: Measure, counts: GroupCounts, total: GroupCounts | None, unseen: bool) -> list[Reading]:
    """The cases and people (in weights) who stated no group of a view, in each reading; nothing where all stated it.

    Of a single attribute they are a group of the view; of a crossing, everyone (`total`) less the groups, where those
    are known to the digit.
    """
    stated = counts.stated
    if not stated.all():
        basis = rate_basis(counts, rate, unseen)
        at = int(np.flatnonzero(~stated)[0])
        scale = _worth(basis, at)
        found = [(cases / scale, n / scale) for cases, n in _readings(basis, at)]
    elif len(counts.names) > 1 and total is not None and not counts.hidden and not total.hidden:
        left = _less(total, counts)
        basis = rate_basis(left, rate, unseen)
        scale = _worth(basis, 0)
        found = [(cases / scale, n / scale) for cases, n in _readings(basis, 0)]
    else:
        return []
    return found if any(n > _ROUNDING for _, n in found) else []


def _less(total: GroupCounts, counts: GroupCounts) -> GroupCounts:
    """Everyone less the groups of a view."""

    def change(whole: Floats, part: Floats) -> Floats:
        left = whole[:1] - part.sum(axis=0, keepdims=True)
        return np.where(np.abs(left) < _ROUNDING, 0.0, np.maximum(left, 0.0))

    rows = change(total.rows, counts.rows)
    squares = None
    if total.unselected_squares is not None and counts.unselected_squares is not None:
        squares = change(total.unselected_squares, counts.unselected_squares)
    return GroupCounts(
        counts.names, ((NOT_STATED,) * len(counts.names),), Bounds.of(rows), change(total.weights, counts.weights),
        change(total.squares, counts.squares), counts.weighted, squares,
    )  # fmt: skip


def with_unstated(columns: dict[str, Any], tables: Allocated, confidence: float) -> dict[str, Any]:
    """The gaps with intervals that hold whoever the unstated are, within the factor."""

    def wider(span: Any, ends: tuple[Floats, Floats]) -> Any:
        known = ~np.isnan(span.lower)
        lower, upper = np.fmin(span.lower, ends[0]), np.fmax(span.upper, ends[1])
        return replace(span, lower=np.where(known, lower, np.nan), upper=np.where(known, upper, np.nan))

    return columns | {
        "difference": wider(columns["difference"], tables.difference(confidence)),
        "event": wider(columns["event"], tables.ratio(confidence)),
        "complement": wider(columns["complement"], tables.ratio(confidence, complement=True)),
        "tables": replace(columns["tables"], unstated=tables),
    }


def _readings(basis: RateBasis, at: int) -> list[Reading]:
    """The cases and people that a group may have: one where all is known, the corners where it is not."""
    if basis.hidden is not None:
        low, high, other_low, other_high = (float(end[at]) for end in basis.hidden)
        found = {(cases, cases + others) for cases, others in product((low, high), (other_low, other_high))}
        return sorted(found)
    return sorted({(float(cases[at]), float(n[at])) for cases, n in zip(basis.cases, basis.n, strict=True)})


def _worth(basis: RateBasis, at: int) -> float:
    """How many effective rows a unit of weight of a group is worth; 1 without weights."""
    total = float(basis.total[at])
    return float(basis.n[0][at]) / total if basis.weighted and total > 0 and len(basis.n) == 1 else 1.0


def allocated(
    group: RateBasis, reference: RateBasis, unstated: Sequence[Reading], compared: NDArray[np.bool_], in_rest: bool,
    factor: float,
) -> Allocated | None:  # fmt: skip
    """The tables of every compared group; None where everybody stated the attribute.

    `unstated` are the cases and people without a stated group, in each reading of what is not known. `in_rest` says
    that the reference beside each group holds them already.
    """
    if not any(n > 0 for _, n in unstated):
        return None
    made: list[Tables] = []
    ranges: list[tuple[float, float, float, float]] = []
    counts: list[Counts | None] = []
    for i in range(len(group.total)):
        tables = list(_tables_of(group, reference, i, unstated, in_rest)) if compared[i] else []
        if not tables or not np.isfinite(np.array(tables)).all():
            nothing = np.full(1, np.nan)
            made.append((nothing, nothing, nothing, nothing))
            ranges.append((_NAN, _NAN, _NAN, _NAN))
            counts.append(None)
            continue
        scales = _worth(group, i), _worth(reference, i)
        made.append(_joined(_few(table, factor, scales) for table in tables))
        ranges.append(_range(tables, factor) + _range(tables, float("inf")))
        counts.append(tables[0] if len(tables) == 1 and scales == (1.0, 1.0) else None)
    most = max(len(one[0]) for one in made)
    padded = [tuple(np.concatenate((part, np.full(most - len(part), part[-1]))) for part in one) for one in made]
    x, n, x0, n0 = (np.array([one[k] for one in padded]).T for k in range(4))
    low, high, lowest, highest = (np.array(column) for column in zip(*ranges, strict=True))
    return Allocated(x, n, x0, n0, low, high, lowest, highest, tuple(counts))


def _tables_of(
    group: RateBasis, reference: RateBasis, at: int, unstated: Sequence[Reading], in_rest: bool
) -> Iterable[Counts]:
    """Group, reference and unstated, in weights, in every reading."""
    own, theirs = _worth(group, at), _worth(reference, at)
    for mine, other, (u, n) in product(_readings(group, at), _readings(reference, at), unstated):
        x, size = (value / own for value in mine)
        x0, size0 = (value / theirs for value in other)
        if in_rest:
            x0, size0 = max(x0 - u, 0.0), max(size0 - n, 0.0)
        if size > 0 and size0 > 0:
            yield x, size, x0, size0, u, n


def _few(table: Counts, factor: float, scales: tuple[float, float]) -> Tables:
    """Of all allocations within the factor, those at the ends and those that say least for each claim."""
    chosen = []
    for worse in (True, False):
        x, n, x0, n0 = allocations(*table, factor, worse)
        with np.errstate(invalid="ignore", divide="ignore"):
            p, p0 = x / n, x0 / n0
            pooled = (x + x0) / (n + n0)
            z = (p - p0) / np.sqrt(np.maximum(pooled * (1 - pooled), 1e-12) * (1 / n + 1 / n0))
            ratio = np.nan_to_num(p / p0, nan=1.0, posinf=1e12)
        sign = 1.0 if worse else -1.0
        places = {0, len(x) - 1, int(np.argmin(sign * z)), int(np.argmin(sign * ratio))}
        pick = sorted(places) + [len(x) - 1] * (4 - len(places))
        chosen.append((x[pick] * scales[0], n[pick] * scales[0], x0[pick] * scales[1], n0[pick] * scales[1]))
    return _joined(chosen)


def _joined(parts: Iterable[Tables]) -> Tables:
    x, n, x0, n0 = (np.concatenate(part) for part in zip(*parts, strict=True))
    return x, n, x0, n0


def _range(tables: Sequence[Counts], factor: float) -> tuple[float, float]:
    """The smallest and largest ratio over all readings and allocations."""
    ends = []
    for table in tables:
        for worse in (True, False):
            x, n, x0, n0 = allocations(*table, factor, worse)
            with np.errstate(invalid="ignore", divide="ignore"):
                ratio = (x / n) / (x0 / n0)
            ends += [np.nanmin(ratio), np.nanmax(ratio)] if not np.isnan(ratio).all() else []
    return (float(min(ends)), float(max(ends))) if ends else (_NAN, _NAN)


@dataclass(frozen=True)
class RateRange:
    """Between which ends each group's rate lies, whoever the unstated are: within the factor, and over all."""

    lower: Floats
    upper: Floats
    widest_lower: Floats
    widest_upper: Floats


def rate_ranges(basis: RateBasis, unstated: Sequence[Reading], stated: NDArray[np.bool_], factor: float) -> RateRange:
    """The ranges of every stated group's rate (the unstated join it, at the factor's ends, as many as can)."""
    columns: list[list[float]] = [[], [], [], []]
    for i in range(len(basis.total)):
        ends: list[tuple[float, float, float, float]] = []
        for (cases, n), (u, size) in product(_readings(basis, i) if stated[i] else [], unstated):
            scale = _worth(basis, i)
            if n > 0 and np.isfinite((cases, n, u, size)).all():
                table = (cases / scale, n / scale, 0.0, 1.0, u, size)
                ends.append((*_rate_ends(table, factor), *_rate_ends(table, float("inf"))))
        for k, column in enumerate(columns):
            values = [end[k] for end in ends]
            column.append(_NAN if not values else min(values) if k % 2 == 0 else max(values))
    return RateRange(*(np.array(column) for column in columns))


def _rate_ends(table: Counts, factor: float) -> tuple[float, float]:
    ends = []
    for worse in (True, False):
        x, n, _, _ = allocations(*table, factor, worse)
        ends.append(float((x / n).min() if worse else (x / n).max()))
    return ends[0], ends[1]
