"""The one result that HTML, JSON, CSV and terminal all read: nothing is computed after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from auditkit.counts.count_table import RowAccount, ScoreBins
from auditkit.explain.attribution import Attribution
from auditkit.findings.finding import Estimate, Family, Gap, Point, ViewResult
from auditkit.measures.group_counts import GroupCounts
from auditkit.regression.regression_result import Regression
from auditkit.spec import AuditSpec
from auditkit.text import Message

__all__ = [
    "AnalysisResult",
    "AuditResult",
    "Family",
    "PublishedShares",
    "RightsAnswer",
    "RightsDomain",
    "RightsDuty",
    "RightsFigure",
    "RightsGround",
    "RightsItem",
    "RightsResult",
    "RightsStatement",
    "RightsStep",
    "Source",
    "Texts",
    "ViewResult",
]

Texts = dict[str, str]
"""One text by language: what a person reads of the checklist, already written out."""


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
    regressions: tuple[Regression, ...] = ()
    attribution: Attribution | None = None
    counts: tuple[GroupCounts, ...] = ()
    """The rows of every view, groups x 6: personal data, for disclosure only; written nowhere, then emptied."""


@dataclass(frozen=True)
class RightsFigure:
    """One figure behind an item, with its interval, its n and the limit it was held against.

    `side` is complement where the ratio is that of the opposite (not selected, no error), which was rarer.
    """

    analysis: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    reference: tuple[str, ...]
    measure: str
    kind: str
    value: float | None
    lower: float | None
    upper: float | None
    n: float | None
    threshold: float | None
    verdict: str | None
    meaning: Texts | None = None
    side: Literal["event", "complement"] = "event"


@dataclass(frozen=True)
class RightsStatement:
    """What the figures, or declared facts, say of an item: supports, contradicts, informs or cannot_tell."""

    hook: str
    status: str
    sentence: Texts
    figures: tuple[RightsFigure, ...]


@dataclass(frozen=True)
class RightsAnswer:
    """What somebody, named by role, answered; documents are links, or files with their SHA-256."""

    value: str
    role: str
    when: str
    because: str | None
    documents: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class RightsItem:
    """One question of the checklist, its status and why."""

    key: str
    domain: str
    level: str
    who: str
    question: Texts
    right: Texts
    why: Texts
    satisfied_by: Texts
    basis: tuple[str, ...]
    status: str
    because: Texts
    is_due: bool
    when: Texts
    statement: RightsStatement | None
    answer: RightsAnswer | None


@dataclass(frozen=True)
class RightsDuty:
    """A provision behind items: what it demands, when it applies at `as_of`, how surely it was read."""

    key: str
    citation: Texts
    demands: Texts
    binding: bool
    state: str
    day: str | None
    if_in_use: str | None
    when: Texts
    confidence: str
    to_be_checked: bool
    source: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class RightsDomain:
    """One domain of the checklist."""

    key: str
    title: Texts


@dataclass(frozen=True)
class RightsGround:
    """A legal ground of discrimination, and the attributes of the audit that stand for it (none: not looked at)."""

    key: str
    name: Texts
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class PublishedShares:
    """What two published shares of one group say together; no interval, since no counts were published."""

    group: Texts
    selected: float
    population: float
    selected_of: Texts
    population_of: Texts
    representation_ratio: float | None
    rate_ratio: float | None


@dataclass(frozen=True)
class RightsStep:
    """What to do next, and the command that does it where there is one."""

    text: Texts
    command: str | None = None


@dataclass(frozen=True)
class RightsResult:
    """The checklist of an audit: contradicted or unanswered duties first; nothing is added up."""

    framework: str
    title: Texts
    domains: tuple[RightsDomain, ...]
    items: tuple[RightsItem, ...]
    duties: tuple[RightsDuty, ...]
    grounds: tuple[RightsGround, ...]
    published: tuple[PublishedShares, ...]
    missing: tuple[Texts, ...]
    steps: tuple[RightsStep, ...]
    notes: tuple[Texts, ...] = ()


@dataclass(frozen=True)
class AuditResult:
    """A whole audit. `minimum_count` and the counters say what disclosure withheld."""

    spec: AuditSpec
    analyses: tuple[AnalysisResult, ...]
    sources: tuple[Source, ...]
    suppressed: dict[str, int] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()
    version: str = ""
    rights: RightsResult | None = None

    @property
    def main(self) -> AnalysisResult:
        """The base analysis."""
        return self.analyses[0]
