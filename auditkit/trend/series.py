"""What a series of results holds, as frozen records: rates, evidence, splits of a change, who came and went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditkit.result import AuditResult

__all__ = ["Arrival", "Point", "Split", "Trend", "Verdict", "Watched"]

Verdict = Literal["established", "present", "inconclusive"]


@dataclass(frozen=True)
class Point:
    """A rate of a group in one period (from 0); its limits hold together with those of all other periods.

    `status` is computed, withheld, absent (the period has no such group) or not_computed (no whole counts).
    """

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    measure: str
    period: int
    cases: float | None
    people: float | None
    value: float | None
    lower: float | None
    upper: float | None
    status: Literal["computed", "withheld", "absent", "not_computed"]


@dataclass(frozen=True)
class Watched:
    """A group against its reference, watched over all periods.

    `p` is the p that holds at every look, times the number of comparisons; `seen` the period at which it first came
    under 1 - confidence, `since` the one at which the gap most likely began. `p_beyond` is the same for an odds ratio
    beyond 1.25. `alone` counts the periods whose own test, repeated at each look, is under 0.05. `moved` is the first
    period whose gap differs from that of the first period, for better or worse (`moved_direction`).
    """

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    reference: tuple[str, ...]
    measure: str
    p: float | None
    p_beyond: float | None
    seen: int | None
    since: int | None
    direction: Literal["worse", "better", "none"]
    verdict: Verdict | None
    alone: int
    moved: int | None
    moved_direction: Literal["worse", "better", "none"]
    periods: int


@dataclass(frozen=True)
class Split:
    """A change of a rate between two periods in two parts that sum to it (Kitagawa), or why there is none.

    `by` is an attribute (who is there, against the rates of its groups), or `outcome` for one group: the share of those
    with the outcome, against how those with it and without it are treated.
    """

    by: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    measure: str
    first: int
    last: int
    change: float | None
    composition: float | None
    treatment: float | None
    status: Literal["computed", "withheld", "not_computed"]


@dataclass(frozen=True)
class Arrival:
    """The groups of an attribute that are in a period and were not in the one before, or the other way round."""

    attributes: tuple[str, ...]
    period: int
    came: tuple[tuple[str, ...], ...]
    gone: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Trend:
    """A series; `independent`: the periods hold other people, so that no change gives a few people away."""

    results: tuple[AuditResult, ...]
    labels: tuple[str, ...]
    independent: bool
    confidence: float
    minimum: int
    points: tuple[Point, ...]
    watched: tuple[Watched, ...]
    splits: tuple[Split, ...]
    arrivals: tuple[Arrival, ...]
    withheld: int
