"""Figures as arrays over the groups of a view: what a measure gives before records are made of it.

What cannot be worked out is NaN with a reason, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from auditkit.protect.released import ComparedGroups

if TYPE_CHECKING:
    from auditkit.measures.gap_tables import GapTables
    from auditkit.measures.unstated_people import RateRange

__all__ = ["Estimates", "Gaps", "Span"]

Floats = NDArray[np.float64]
Reasons = NDArray[np.object_]


@dataclass(frozen=True)
class Estimates:
    """One measure of every group. `numerator` and `denominator` are what the value divides; `n` is rows beneath it.

    `bounds` says which groups have bounds in place of a value; `rows` are the row counts that a figure gives away.
    """

    value: Floats
    lower: Floats
    upper: Floats
    n: Floats
    reason: Reasons
    method: str
    numerator: Floats
    denominator: Floats
    bounds: NDArray[np.bool_]
    bound_lower: Floats
    bound_upper: Floats
    rows: tuple[Floats, ...] = ()
    ranges: RateRange | None = None
    """What people who stated no group may make of each value."""

    @classmethod
    def known(
        cls,
        value: Floats,
        interval: tuple[Floats, Floats] | None,
        n: Floats,
        reason: Reasons,
        method: str,
        parts: tuple[Floats, Floats] | None = None,
        rows: tuple[Floats, ...] = (),
    ) -> Estimates:
        """Figures without bounds; `parts` are numerator and denominator where they are counts or sums to be shown."""
        blank = np.full(len(value), np.nan)
        lower, upper = interval or (blank, blank)
        numerator, denominator = parts or (blank, blank)
        none = np.zeros(len(value), dtype=bool)
        return cls(value, lower, upper, n, reason, method, numerator, denominator, none, blank, blank, rows)

    @classmethod
    def nothing(cls, groups: int, reason: str) -> Estimates:
        """No figure of any group, for one reason."""
        blank = np.full(groups, np.nan)
        return cls.known(blank, None, blank, np.full(groups, reason, dtype=object), "none")


@dataclass(frozen=True)
class Span:
    """A gap over groups: its value (NaN where only bounds are known), interval and bounds."""

    value: Floats
    lower: Floats
    upper: Floats
    bound_lower: Floats
    bound_upper: Floats
    nearest: Floats
    """The value, or the end of its bounds nearest to no gap: what a verdict is taken on."""

    @classmethod
    def known(cls, value: Floats, lower: Floats, upper: Floats) -> Span:
        """A span without bounds."""
        nothing = np.full(len(value), np.nan)
        return cls(value, lower, upper, nothing, nothing, value)

    @classmethod
    def nothing(cls, groups: int) -> Span:
        """No gap of any group."""
        return cls(*[np.full(groups, np.nan)] * 6)


@dataclass(frozen=True)
class Gaps:
    """All gaps of one measure in one view, as arrays over groups.

    A tested gap is a difference, and a ratio of the event with its complement, and carries `hypothesis`; another is
    either a difference or a ratio, and has no test. `index` is the place of the reference group, None for everyone
    else. `methods` are how difference and ratio got their interval ("" where there is none). `people` are the
    denominators on which a difference becomes a number of people. `smaller_n` is the smaller of the two denominators.
    `tables` are what the tests of a gap rest on; `by_stratum` cases and people of group and reference, groups x strata,
    where they are put together again within strata.
    """

    measure: str
    compared: ComparedGroups
    index: int | None
    methods: tuple[str, str]
    stated: NDArray[np.bool_]
    hurts: str
    hypothesis: str
    difference: Span
    event: Span
    complement: Span
    n: Floats
    n_reference: Floats
    reason: Reasons
    bounds: NDArray[np.bool_]
    side: NDArray[np.object_]
    smaller_n: Floats
    people: Floats
    tables: GapTables | None = None
    held: tuple[Floats, Floats, Floats] | None = None
    """Where a fixed number is selected: people more than at one rate for all, with both ends, in place of `people`."""
    by_stratum: tuple[Floats, Floats, Floats, Floats] | None = None
    """Where rows come in clusters these are groups x strata x clusters."""
    by_stratum_ends: tuple[tuple[Floats, Floats, Floats, Floats], ...] = ()
    """Where counts of strata are hidden: the tables at the ends of what they may be, the first that of `by_stratum`."""
