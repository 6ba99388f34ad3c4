"""The one result that HTML, JSON, CSV and terminal all read: nothing is computed after it."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditkit.cells.table import RowAccount, ScoreBins
from auditkit.findings.records import Estimate, Family, Gap, Point, ViewResult
from auditkit.locale import Message
from auditkit.measures.counts import GroupCounts
from auditkit.spec import AuditSpec

__all__ = ["AnalysisResult", "AuditResult", "Family", "Source", "ViewResult"]


@dataclass(frozen=True)
class Source:
    """A file that went in: its name (never its path), hash and size."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class AnalysisResult:
    """One analysis: main, or a named variation."""

    key: str
    spec: AuditSpec
    rows: RowAccount
    views: tuple[ViewResult, ...]
    estimates: tuple[Estimate, ...]
    gaps: tuple[Gap, ...]
    points: tuple[Point, ...] = ()
    families: tuple[Family, ...] = ()
    scale: ScoreBins | None = None
    facts: dict[str, float | str | None] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()
    counts: tuple[GroupCounts, ...] = ()
    """The rows of every view, groups x 6: personal data, for disclosure only; written nowhere, then emptied."""


@dataclass(frozen=True)
class AuditResult:
    """A whole audit. `minimum_count` and the counters say what disclosure withheld."""

    spec: AuditSpec
    analyses: tuple[AnalysisResult, ...]
    sources: tuple[Source, ...]
    suppressed: dict[str, int] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()
    version: str = ""

    @property
    def main(self) -> AnalysisResult:
        """The base analysis."""
        return self.analyses[0]
