"""Rows read = rows used + rows excluded, by reason; and how scores were binned."""

from __future__ import annotations

from dataclasses import field

from pydantic.dataclasses import dataclass

from auditkit.result.field_types import RECORD, Array, Flag, Number, Sentence, Whole

__all__ = ["Exclusion", "RowAccount", "ScoreBins"]


@dataclass(frozen=True, config=RECORD)
class Exclusion:
    """One line of the row account: how many rows left, and why. `reason` is a code, `because` the sentence."""

    reason: str
    because: Sentence
    rows: Whole


@dataclass(frozen=True, config=RECORD)
class RowAccount:
    """Rows read = rows used + rows excluded, by reason. For counts, people stand for rows.

    `without_outcome` rows are used, but only where no outcome is needed. `not_stated` says for each attribute how
    many rows carry no value. Numbers are NaN-free; `approximate` is true where hidden counts make them bounds.
    None stands for a number that disclosure withheld (never before disclosure).
    """

    read: Number | None
    used: Number | None
    exclusions: tuple[Exclusion, ...] = ()
    without_outcome: Number | None = 0
    without_score: Number | None = 0
    not_stated: dict[str, Number] = field(default_factory=dict)
    approximate: Flag = False
    notes: tuple[Sentence, ...] = ()


@dataclass(frozen=True, config=RECORD)
class ScoreBins:
    """How scores were binned: at their distinct values, or between edges (closed on the left).

    `lower` and `upper` are the smallest and largest score that a bin may hold: equal for distinct values.
    """

    lower: Array
    upper: Array
    exact: Flag

    def __len__(self) -> int:
        return len(self.lower)
