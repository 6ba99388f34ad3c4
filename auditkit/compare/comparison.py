"""What a comparison of two results finds, as frozen records: changes of figures, verdicts that moved, groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditkit.result import AuditResult

__all__ = ["Assumption", "Change", "Comparison", "Moved", "Roster", "Status"]

Assumption = Literal["independent", "same_people"]
Status = Literal["computed", "suppressed", "not_computed"]


@dataclass(frozen=True)
class Change:
    """One figure in both results: what it was, what it is, by how much it changed, between which limits.

    `kind` is `value` (a measure of a group) or `gap` (its difference to the reference). `test` is `score`, `fisher`,
    `mcnemar_largest`, `from_interval` or empty; `p_adjusted` is corrected (Holm) over all tests of the comparison.
    """

    kind: Literal["value", "gap"]
    analysis: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    measure: str
    before: float | None
    after: float | None
    change: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    p_adjusted: float | None
    test: str
    status: Status
    primary: bool


@dataclass(frozen=True)
class Moved:
    """A gap whose verdict, or the side it falls on, is not the same in both results."""

    analysis: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    reference: tuple[str, ...]
    measure: str
    verdict_before: str | None
    verdict_after: str | None
    direction_before: str
    direction_after: str


@dataclass(frozen=True)
class Roster:
    """The groups of an attribute that only one of the results holds."""

    attributes: tuple[str, ...]
    gained: tuple[tuple[str, ...], ...]
    lost: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Comparison:
    """Two results, and what changed between them; `assumed` says whether the assumption was guessed from the data."""

    before: AuditResult
    after: AuditResult
    assumption: Assumption
    assumed: bool
    confidence: float
    changes: tuple[Change, ...]
    moved: tuple[Moved, ...]
    rosters: tuple[Roster, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    family: int
