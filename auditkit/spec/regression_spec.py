"""What audit.yaml says of a regression: what is explained, by which terms, against which references.

A regression speaks of the rows of the analysis that it stands under, and of no others.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, FiniteFloat, field_validator, model_validator

from auditkit.spec.data_spec import Part, Scalar
from auditkit.spec.spec_words import Words
from auditkit.text import say

__all__ = ["RegressionOutcome", "RegressionSpec", "RegressionTerm"]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, (str, int, float, bool)) else value


class RegressionOutcome(Part):
    """A column to explain: some of its values (logit), or the number that it holds (linear)."""

    column: str
    positive: Annotated[list[Scalar] | None, BeforeValidator(_as_list)] = None


class RegressionTerm(Part):
    """A column that explains: a number; or categories, which `reference` or `bins` make of it."""

    column: str
    reference: str | None = None
    bins: list[FiniteFloat] | None = Field(default=None, min_length=1)
    name: Words | None = None

    @field_validator("reference", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, (int, float)) else value

    @field_validator("bins")
    @classmethod
    def _rising(cls, value: list[float] | None) -> list[float] | None:
        if value is not None and any(b >= a for b, a in pairwise(value)):
            raise ValueError(say("expected bins in rising order"))
        return value

    @property
    def is_number(self) -> bool:
        """Whether the column enters as the number that it is."""
        return self.reference is None and self.bins is None


class RegressionSpec(Part):
    """One regression. A term that is a name is an attribute of `groups` or a factor of `strata`, as categories.

    `references` names the reference level of terms, where it is not the reference of the group; else the largest.
    `robust: true` asks for standard errors that hold where the spread differs from one row to the next (HC1).
    """

    kind: Literal["logit", "linear"]
    outcome: Literal["selected", "outcome", "score"] | RegressionOutcome
    terms: list[str | RegressionTerm] = Field(min_length=1)
    references: dict[str, str] = {}
    robust: bool = False
    name: Words | None = None

    @field_validator("references", mode="before")
    @classmethod
    def _texts(cls, value: Any) -> Any:
        return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else value

    @field_validator("terms", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _fits(self) -> RegressionSpec:
        keys = self.keys()
        if twice := [key for key in keys if keys.count(key) > 1]:
            raise ValueError(say('the term "{term}" stands twice', term=twice[0]))
        if unknown := sorted(set(self.references) - set(keys)):
            raise ValueError(say('references names "{term}", which is not among the terms', term=unknown[0]))
        if self.kind == "logit" and self.outcome == "score":
            raise ValueError(say("a score is a number: expected kind linear"))
        if isinstance(self.outcome, RegressionOutcome) and (self.kind == "logit") and self.outcome.positive is None:
            raise ValueError(say("expected positive beside column, since kind is logit"))
        return self

    def keys(self) -> list[str]:
        """What the tables call each term: the attribute, the stratum or the column."""
        return [term if isinstance(term, str) else term.column for term in self.terms]

    def check(self, name: str, known: Collection[str], given: Collection[str]) -> None:
        """ValueError where a term is no attribute or stratum, or the outcome is none of those `given`."""
        for term in self.terms:
            if isinstance(term, str) and term not in known:
                raise ValueError(
                    say(
                        'the regression {name} names the term "{term}", which is neither in groups nor in strata; '
                        "write {{column: {term}}} for a column that is a number",
                        name=name,
                        term=term,
                    )
                )
        if isinstance(self.outcome, str) and self.outcome not in given:
            raise ValueError(
                say(
                    "the regression {name} explains {outcome}, but the audit names none",
                    name=name,
                    outcome=self.outcome,
                )
            )
