"""What a measure is: an object of one of a few families, which estimates, compares, and says its unit and sentence.

A family is a class in this room that gives every abstract method; a measure is one object of it in the table. What a
family lacks is said by mypy, not by a run.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

from auditkit.measures.estimates import Estimates, Gaps
from auditkit.protect.released import ReleasedAnalysis, ReleasedView
from auditkit.spec import AuditSpec
from auditkit.text import mark

__all__ = ["ANY_SENTENCE", "Data", "Hurts", "Measure", "Sum", "Unit"]

Hurts = Literal["higher", "lower", "context"]
Harm = Literal["selected", "missed"]
Data = Literal["selection", "outcome", "numeric outcome", "score", "score and outcome", "prediction"]
Unit = Literal["share", "ratio", "number", "auc", "points", "other"]
"""How a value is written: a percentage, a ratio, a number of its own scale, an area, percentage points, anything."""

Sum = tuple[str, ...]
"""A sum of classes of the confusion matrix, by their names."""

ANY_SENTENCE = mark(
    "The {measure} of the group {group} is {value} ({interval}); "
    "that of the reference group {reference}, {reference_value} ({reference_interval})."
)


@dataclass(frozen=True)
class Measure(ABC):
    """One measure. `data` is what there must be; `hypothesis` names what a test of it tests, since a rate and its
    complement test one thing; `said` is its sentence where the family's own does not say enough.
    """

    key: str
    name: str
    question: str
    formula: str
    data: Data
    punitive: Hurts
    assistive: Hurts
    hypothesis: str
    source: str
    said: str = ""

    @abstractmethod
    def needs(self) -> frozenset[Sum]:
        """The released sums of a group that an estimate rests on, and gives away."""

    @abstractmethod
    def estimate(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Estimates | None:
        """The value of every group of a view, with its interval; None where the measure has no value of its own."""

    @abstractmethod
    def compare(self, analysis: ReleasedAnalysis, view: ReleasedView) -> tuple[Gaps, ...]:
        """The gap of every group to its reference; nothing where the reference has nobody."""

    @abstractmethod
    def unit(self) -> Unit:
        """How its values are written."""

    def sentence(self) -> str:
        """What happened to a group and to its reference, with blanks: group, people, value, interval, reference, ..."""
        return self.said or ANY_SENTENCE

    def hurts(self, spec: AuditSpec) -> Hurts:
        """Which end of the measure hurts, in an audit where being selected hurts (punitive) or helps (assistive)."""
        return self.hurts_where(spec.system.harm)

    def hurts_where(self, harm: str) -> Hurts:
        """Which end hurts; where both harms are at stake, that of the harm the measure speaks of, if it is one."""
        if harm != "both":
            return self.punitive if harm == "punitive" else self.assistive
        if "context" in (self.punitive, self.assistive):
            return self.assistive if self.punitive == "context" else self.punitive
        return self.punitive if self.punitive == self.assistive else "context"

    def harm(self, spec: AuditSpec) -> Harm | None:
        """Which harm a gap of the measure is of: being selected, or being missed; None where it hurts nobody."""
        if self.hurts(spec) == "context":
            return None
        if spec.system.harm != "both":
            return "selected" if spec.system.harm == "punitive" else "missed"
        return (
            None
            if "context" not in (self.punitive, self.assistive)
            else ("missed" if self.punitive == "context" else "selected")
        )

    @property
    def of_everyone(self) -> bool:
        """Whether it can be taken of all people together."""
        return True

    @property
    def numerator(self) -> Sum:
        """The classes that a part of a whole counts; nothing for any other measure."""
        return ()

    @property
    def denominator(self) -> Sum:
        """The classes that a part of a whole divides by; nothing for any other measure."""
        return ()

    @property
    def is_part_of_whole(self) -> bool:
        """Whether it is a part of the classes of its group, so that its complement and its tests follow."""
        return False
