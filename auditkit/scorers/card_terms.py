"""The parts of a scorecard: the columns that it reads, the rows to which a term applies, the terms themselves."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal

from pydantic import Field, FiniteFloat, field_validator, model_validator

from auditkit.spec.data_spec import Part
from auditkit.spec.spec_words import Words
from auditkit.text import say

__all__ = ["Condition", "Imputed", "Input", "Term", "Weight", "text_keys"]

Weight = FiniteFloat | None


def text_keys(value: Any) -> Any:
    """The keys of a mapping as texts; true and false in small letters."""
    if not isinstance(value, dict):
        return value
    return {str(k).lower() if isinstance(k, bool) else str(k): v for k, v in value.items()}


class Imputed(Part):
    """What stands in for a missing input, and the name of a flag that is then 1, else 0; terms may read the flag."""

    value: FiniteFloat | str
    flag: str | None = None


class Input(Part):
    """A column that the score reads.

    What is not declared is missing, never guessed: a flag other than 0 or 1, a value that is not among `values`.
    `range` is where numbers are tried by `compare`; it excludes nobody.
    """

    kind: Literal["number", "flag", "category"]
    meaning: Words | None = None
    values: list[str] | None = None
    ordered: bool = False
    range: tuple[FiniteFloat, FiniteFloat] | None = None
    missing: Imputed | None = None

    @field_validator("values", mode="before")
    @classmethod
    def _texts(cls, value: Any) -> Any:
        return [str(v) for v in value] if isinstance(value, list) else value

    @model_validator(mode="after")
    def _fits(self) -> Input:
        if self.kind != "category" and self.values is not None:
            raise ValueError(say("values belong to a category; a number has a range"))
        if self.kind != "number" and self.range is not None:
            raise ValueError(say("a range belongs to a number"))
        if self.ordered and not self.values:
            raise ValueError(say("ordered needs values, from the better situation to the worse"))
        if self.range is not None and self.range[0] >= self.range[1]:
            raise ValueError(say("the range must rise"))
        if self.missing is not None and (self.kind == "category") != isinstance(self.missing.value, str):
            raise ValueError(say("what stands in for a missing value must be of the same kind as the column"))
        return self


class Condition(Part):
    """Rows to which a term applies."""

    column: str
    at_least: FiniteFloat | None = None
    at_most: FiniteFloat | None = None
    above: FiniteFloat | None = None
    below: FiniteFloat | None = None
    is_in: list[str] | None = Field(default=None, alias="in")

    @field_validator("is_in", mode="before")
    @classmethod
    def _texts(cls, value: Any) -> Any:
        return [str(v) for v in value] if isinstance(value, list) else value

    @property
    def limits(self) -> tuple[float, ...]:
        """The numbers at which the condition turns."""
        return tuple(x for x in (self.at_least, self.at_most, self.above, self.below) if x is not None)

    @model_validator(mode="after")
    def _something(self) -> Condition:
        if bool(self.limits) == (self.is_in is not None):
            raise ValueError(say("expected limits (at_least, at_most, above, below) or in"))
        return self


class Term(Part):
    """One addend of a score.

    `points` alone: added where `when` holds. With a column: `times` (points for each unit), `polynomial` (x, x², ...),
    `bins` with `points` (intervals closed on the left) or `values` (points for each value, `otherwise` for the rest).
    `missing`: the points of a row in which the column is missing; without it such a row has no score.
    """

    name: str | None = None
    column: str | None = None
    when: list[Condition] = Field(default_factory=list)
    points: Weight | list[Weight] = None
    times: Weight = None
    polynomial: list[Weight] | None = None
    bins: list[FiniteFloat] | None = None
    values: dict[str, Weight] | None = None
    otherwise: Weight = None
    missing: Weight = None

    @field_validator("when", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    @field_validator("values", mode="before")
    @classmethod
    def _keys(cls, value: Any) -> Any:
        return text_keys(value)

    @property
    def form(self) -> Literal["points", "times", "polynomial", "bins", "values"]:
        """Which of the five kinds of term this is."""
        if self.polynomial is not None:
            return "polynomial"
        if self.bins is not None:
            return "bins"
        if self.values is not None:
            return "values"
        return "points" if self.column is None else "times"

    @property
    def label(self) -> str:
        """The name by which the term is spoken of."""
        return self.name or self.column or " & ".join(c.column for c in self.when)

    @property
    def columns(self) -> frozenset[str]:
        """The inputs and derived quantities that the term reads."""
        return frozenset({c.column for c in self.when} | ({self.column} if self.column else set()))

    @property
    def weights(self) -> list[Weight]:
        """Every weight of the term; None where it is not known."""
        match self.form:
            case "points" | "bins":
                return self.points if isinstance(self.points, list) else [self.points]
            case "times":
                return [self.times]
            case "polynomial":
                return list(self.polynomial or [])
            case "values":
                return list((self.values or {}).values())

    @model_validator(mode="after")
    def _one_form(self) -> Term:
        given = [f for f in ("polynomial", "bins", "values") if getattr(self, f) is not None]
        if len(given) > 1 or (given and self.times is not None):
            raise ValueError(say("expected one of times, polynomial, bins or values"))
        if self.column is None and (given or self.times is not None or not self.when):
            raise ValueError(say("a term needs a column, or points and when"))
        if self.bins is not None:
            if not isinstance(self.points, list) or len(self.points) != len(self.bins) + 1:
                raise ValueError(
                    say(
                        "{bins} limits make {needed} bins: expected as many points",
                        bins=len(self.bins),
                        needed=len(self.bins) + 1,
                    )
                )
            if any(a >= b for a, b in pairwise(self.bins)):
                raise ValueError(say("the limits of bins must rise"))
        elif isinstance(self.points, list) or (self.column is not None and self.points is not None):
            raise ValueError(say("with a column, points go with bins; expected times, polynomial, bins or values"))
        if self.otherwise is not None and self.values is None:
            raise ValueError(say("otherwise goes with values"))
        if not self.weights:
            raise ValueError(say("a term needs at least one weight (null where it is not known)"))
        return self
