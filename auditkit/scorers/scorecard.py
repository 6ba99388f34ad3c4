"""A scorecard as a file: the way public scores are published, so that they can be run.

Additive points, logistic and linear formulas, cascades of point sums with ordered thresholds, tables of an explainable
boosting machine: all are sums of terms, a link, and what is done with the result. A weight that is not known is null.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, cast

from pydantic import Field, FiniteFloat, field_validator, model_validator

from auditkit.errors import cut, nearest
from auditkit.scorers.card_terms import Input, Term, Weight, text_keys
from auditkit.spec.data_spec import Part
from auditkit.spec.formula import FUNCTIONS, Formula, names_in, parse
from auditkit.spec.spec_words import Words
from auditkit.text import say

__all__ = ["Bands", "Cascade", "Cut", "Scorecard", "Stage", "Sum", "Threshold"]


class Sum(Part):
    """A sum of terms and what is made of it: as it is, exp(sum), or 1 / (1 + exp(-sum)), times a scale."""

    intercept: Weight = 0.0
    link: Literal["identity", "logistic", "exp"] = "identity"
    scale: FiniteFloat = 1.0
    terms: list[Term] = Field(min_length=1)


class Threshold(Part):
    """What a stage gives from a sum on."""

    at_least: FiniteFloat
    gives: FiniteFloat


class Stage(Part):
    """One sum of a cascade; the highest threshold that it reaches decides, else the next stage is tried."""

    name: str
    terms: list[Term] = Field(min_length=1)
    thresholds: list[Threshold] = Field(min_length=1)

    @model_validator(mode="after")
    def _falling(self) -> Stage:
        limits = [t.at_least for t in self.thresholds]
        if any(a <= b for a, b in pairwise(limits)):
            raise ValueError(say("thresholds go from the highest to the lowest"))
        return self


class Cascade(Part):
    """Sums tried in order. `ranks` says what each given number means in the end (rank 9 is group 3)."""

    stages: list[Stage] = Field(min_length=1)
    otherwise: FiniteFloat
    ranks: dict[str, FiniteFloat] | None = None

    @field_validator("ranks", mode="before")
    @classmethod
    def _keys(cls, value: Any) -> Any:
        return text_keys(value)

    def result(self, given: float) -> float:
        """The score that a given number stands for."""
        return given if self.ranks is None else self.ranks[f"{given:g}"]

    @model_validator(mode="after")
    def _ranked(self) -> Cascade:
        given = [t.gives for s in self.stages for t in s.thresholds] + [self.otherwise]
        for number in given if self.ranks is not None else []:
            if f"{number:g}" not in (self.ranks or {}):
                raise ValueError(say("ranks lacks {rank}", rank=f"{number:g}"))
        return self


class Cut(Part):
    """Who is selected by the score."""

    at_least: FiniteFloat | None = None
    at_most: FiniteFloat | None = None
    name: Words | None = None

    @model_validator(mode="after")
    def _one(self) -> Cut:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError(say("expected either at_least or at_most"))
        return self

    def holds(self, score: float) -> bool:
        """Whether a score is selected."""
        return score >= self.at_least if self.at_least is not None else score <= cast(float, self.at_most)


class Bands(Part):
    """Names for intervals of the score, closed on the left."""

    limits: list[FiniteFloat] = Field(min_length=1)
    names: list[str]

    @model_validator(mode="after")
    def _match(self) -> Bands:
        if len(self.names) != len(self.limits) + 1:
            raise ValueError(
                say(
                    "{bins} limits make {needed} bands: expected as many names",
                    bins=len(self.limits),
                    needed=len(self.limits) + 1,
                )
            )
        if any(a >= b for a, b in pairwise(self.limits)):
            raise ValueError(say("the limits of bands must rise"))
        return self


class Scorecard(Part):
    """A score: what it reads, how it counts, what is decided on it, and where it was published."""

    title: Words
    status: Literal["official", "published", "reconstruction", "template", "own"]
    harm: Literal["punitive", "assistive", "mixed"] | None = None
    sources: list[str] = Field(default_factory=list)
    note: Words | None = None
    obtain: Words | None = None
    inputs: dict[str, Input] = Field(min_length=1)
    derived: dict[str, str] = Field(default_factory=dict)
    sum: Sum | None = None
    cascade: Cascade | None = None
    worse_situation: Literal["raises", "lowers"] | None = None
    decision: Cut | None = None
    other_decisions: dict[str, Cut] = Field(default_factory=dict)
    bands: Bands | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the score needs, in the order of the file."""
        return tuple(self.inputs)

    @cached_property
    def terms(self) -> list[Term]:
        """Every term, stage after stage."""
        if self.sum is not None:
            return self.sum.terms
        return [term for stage in (self.cascade.stages if self.cascade else []) for term in stage.terms]

    @cached_property
    def empty_weights(self) -> int:
        """How many weights are not known."""
        empty = sum(weight is None for term in self.terms for weight in term.weights)
        return empty + (self.sum is not None and self.sum.intercept is None)

    @cached_property
    def formulas(self) -> dict[str, Formula]:
        """The derived quantities, in order."""
        return {name: parse(text) for name, text in self.derived.items()}

    @model_validator(mode="after")
    def _consistent(self) -> Scorecard:
        if (self.sum is None) == (self.cascade is None):
            raise ValueError(say("expected either sum or cascade"))
        known = {name: part.kind for name, part in self.inputs.items()}
        for part in self.inputs.values():
            if part.missing and part.missing.flag:
                if part.missing.flag in known or part.missing.flag in FUNCTIONS:
                    raise ValueError(say('the flag "{name}" is taken', name=cut(part.missing.flag)))
                known[part.missing.flag] = "flag"
        for name, formula in self.formulas.items():
            if name in known or name in FUNCTIONS:
                raise ValueError(say('the derived name "{name}" is taken', name=cut(name)))
            for column in sorted(names_in(formula)):
                _known(column, known)
                if known[column] == "category":
                    raise ValueError(say('"{column}" is a category; a formula needs numbers', column=cut(column)))
            known[name] = "number"
        for term in self.terms:
            for column in sorted(term.columns):
                _known(column, known)
            _kinds(term, known, self.inputs)
        return self


def _known(column: str, known: dict[str, Any]) -> None:
    if column not in known:
        raise ValueError(
            say(
                'the column "{column}" is not among inputs or derived; the nearest: {known}',
                column=cut(column),
                known=nearest(column, known),
            )
        )


def _kinds(term: Term, known: dict[str, Any], inputs: dict[str, Input]) -> None:
    """Categories take values, numbers take numbers; every named value is a declared one."""
    named = [(c.column, c.is_in) for c in term.when]
    if term.column is not None:
        named.append((term.column, list(term.values) if term.values is not None else None))
    for column, values in named:
        if (known[column] == "category") != (values is not None):
            raise ValueError(
                say('"{column}" is a category; expected values (or in)', column=cut(column))
                if known[column] == "category"
                else say('"{column}" is a number; values and in are for categories', column=cut(column))
            )
        declared = inputs[column].values if column in inputs else None
        for value in values or []:
            if declared is not None and value not in declared:
                raise ValueError(
                    say(
                        '"{column}" has no value "{value}"; the nearest: {known}',
                        column=cut(column),
                        value=cut(value),
                        known=nearest(value, declared),
                    )
                )
    if term.values is not None and term.otherwise is None:
        for value in (inputs[term.column].values if term.column in inputs else None) or []:
            if value not in term.values:
                raise ValueError(
                    say(
                        'the term "{term}" gives no points for "{value}", and has no otherwise',
                        term=cut(term.label),
                        value=cut(value),
                    )
                )
