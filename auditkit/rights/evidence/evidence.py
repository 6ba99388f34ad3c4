"""What the figures say of one item: a statement, and the figures it rests on.

`supports` is kept for facts about the audit itself; a number contradicts, informs, or cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from auditkit.result import AnalysisResult, AuditResult, Estimate, Gap
from auditkit.rights.declared_facts import Fact, facts_of
from auditkit.rights.library import Library, load_library
from auditkit.text import Message

__all__ = ["Figure", "Look", "Statement", "StatementStatus", "of_estimate", "of_fact", "of_gap", "of_opposite"]

StatementStatus = Literal["supports", "contradicts", "informs", "cannot_tell"]


@dataclass(frozen=True)
class Figure:
    """One figure with its interval. `record` is the row it comes from, whose place in the report is known there.

    `threshold` is the limit it was held against; for gaps, `value` is the ratio of the side the verdict was taken on.
    `meaning` says what a figure is that is no measure of the audit.
    """

    analysis: str
    attribute: str
    group: str
    reference: str
    measure: str
    kind: str
    value: float | None
    lower: float | None
    upper: float | None
    n: float | None
    threshold: float | None = None
    verdict: str | None = None
    record: Gap | Estimate | Fact | None = field(default=None, compare=False, repr=False)
    meaning: Message | None = None


@dataclass(frozen=True)
class Statement:
    """What one hook says: a status, a sentence, and the figures that stand behind it."""

    hook: str
    status: StatementStatus
    sentence: Message
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Look:
    """What a hook may look at: the result, the declared facts, and the checklist's data."""

    result: AuditResult
    facts: dict[str, tuple[Fact, ...]]
    library: Library
    fact: str | None = None

    @classmethod
    def at(cls, result: AuditResult, library: Library | None = None, fact: str | None = None) -> Look:
        """The look at a result, with the facts that its audit declares."""
        return cls(result, facts_of(result.spec), library or load_library(), fact)

    @property
    def main(self) -> AnalysisResult | None:
        """The analysis that leads; None in an audit of documents only. Named variations never contradict alone."""
        return self.result.analyses[0] if self.result.analyses else None

    def overall(self, measure: str) -> Estimate | None:
        """A measure of everyone together, where it was computed with an interval."""
        rows = () if self.main is None else self.main.estimates
        return next(
            (
                row
                for row in rows
                if not row.attributes and row.measure == measure and row.status in ("computed", "bounds")
                and row.lower is not None and row.upper is not None
            ),
            None,
        )  # fmt: skip

    def declared(self, name: str) -> Fact | None:
        """The first declared fact of that name."""
        found = self.facts.get(name, ())
        return found[0] if found else None


def of_opposite(gap: Gap) -> bool:
    """Whether the figure of a gap is the ratio of the opposite, on which its verdict was taken."""
    return gap.side == "complement" and gap.kind == "ratio"


def of_gap(gap: Gap, threshold: float) -> Figure:
    """A gap as a figure: the ratio, lower and upper end of the side that its verdict was taken on."""
    other = of_opposite(gap)
    return Figure(
        analysis=gap.analysis,
        attribute=gap.attribute,
        group=gap.group,
        reference=gap.reference_group,
        measure=gap.measure,
        kind=gap.kind,
        value=gap.complement_value if other else gap.value,
        lower=gap.complement_lower if other else gap.lower,
        upper=gap.complement_upper if other else gap.upper,
        n=gap.n,
        threshold=threshold,
        verdict=gap.verdict,
        record=gap,
    )


def of_estimate(row: Estimate, threshold: float | None = None) -> Figure:
    """An estimate as a figure."""
    return Figure(
        row.analysis, row.attribute, row.group, "", row.measure, "estimate", row.value, row.lower, row.upper, row.n,
        threshold, record=row,
    )  # fmt: skip


def of_fact(name: str, fact: Fact, threshold: float | None = None) -> Figure:
    """A declared fact as a figure; what is no number has no value."""
    return Figure(
        "declared", "", "" if fact.of is None else str(fact.of), "", name, "declared", fact.number, fact.lower,
        fact.upper, fact.n, threshold, record=fact,
    )  # fmt: skip
