"""The one result that HTML, JSON, CSV and terminal all read: nothing is computed after it."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from auditkit.result.attribution import Attribution
from auditkit.result.field_types import RECORD, Number, Sentence, Whole
from auditkit.result.figures import Estimate, Family, Gap, Point, Sensitivity, ViewResult
from auditkit.result.kind_figure import KindFigure
from auditkit.result.regression import Regression
from auditkit.result.rights_items import RightsResult
from auditkit.result.rows_read import RowAccount, ScoreBins
from auditkit.spec import AuditSpec

__all__ = ["AnalysisResult", "AuditResult", "Source"]


@dataclass(frozen=True, config=RECORD)
class Source:
    """A file that went in: its name (never its path), hash and size; those of rows are emptied where counts are
    protected, since the hash of a file tells whether a guess at its rows is right."""

    name: str
    sha256: str
    bytes: Whole
    of: Annotated[Literal["rows", "model"], Field(exclude=True)] = "rows"


@dataclass(frozen=True, config=RECORD)
class AnalysisResult:
    """One analysis: main, or a named variation."""

    key: Annotated[str, Field(exclude=True)]
    spec: Annotated[AuditSpec, Field(exclude=True)]
    rows: RowAccount
    views: tuple[ViewResult, ...]
    estimates: tuple[Estimate, ...]
    gaps: tuple[Gap, ...]
    points: tuple[Point, ...] = ()
    families: tuple[Family, ...] = ()
    scale: ScoreBins | None = None
    facts: dict[str, Number | str | None] = field(default_factory=dict)
    notes: tuple[Sentence, ...] = ()
    regressions: tuple[Regression, ...] = ()
    attribution: Attribution | None = None
    kind_figures: tuple[KindFigure, ...] = ()
    sensitivity: tuple[Sensitivity, ...] = ()
    counts: tuple[Any, ...] = Field(default=(), exclude=True)
    """The counts of every view (GroupCounts): personal data, for disclosure only; written nowhere, then emptied."""


@dataclass(frozen=True, config=RECORD)
class AuditResult:
    """A whole audit. `minimum_count` and the counters say what disclosure withheld."""

    spec: AuditSpec
    analyses: tuple[AnalysisResult, ...]
    sources: tuple[Source, ...]
    suppressed: dict[str, int] = field(default_factory=dict)
    notes: tuple[Sentence, ...] = ()
    version: str = ""
    rights: RightsResult | None = None
    released: Any = Field(default=None, exclude=True)
    """The released table (`auditkit.protect`) that all of it was computed from, where anything was withheld."""
    internal: bool = False
    """Whether this is the exact result that stays inside; `suppressed` then counts sums that are not published."""
    private: Any = Field(default=None, exclude=True)
    """The exact result beside the published one (`auditkit.run.Private`), where it was asked for."""

    @property
    def main(self) -> AnalysisResult:
        """The base analysis."""
        return self.analyses[0]
