"""Declared facts: what decisions alone do not show (overrides, delays, dropped claims, rights found, energy).

They stand under `rights.facts` in audit.yaml, each with the role of whoever says so. Each has one rule, in the
table below: what contradicts the item, what only informs, and when nothing can be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, FiniteFloat, model_validator

from auditkit.errors import SpecError, cut, nearest
from auditkit.spec import AuditSpec
from auditkit.spec.data_spec import Part
from auditkit.spec.load_spec import validate
from auditkit.spec.spec_words import Words
from auditkit.text import mark, say

__all__ = ["FACTS", "Fact", "FactRule", "facts_of", "read_facts"]


def _by_language(value: Any) -> Any:
    if not isinstance(value, dict | Words):
        raise ValueError(say("expected a text, or {{en: ..., fr: ...}}"))
    return value


class Fact(Part):
    """One declared figure. `of` names the group, variable or service; `n` is how many it rests on."""

    value: bool | FiniteFloat | str | Annotated[Words, BeforeValidator(_by_language)]
    said_by: Words
    lower: FiniteFloat | None = None
    upper: FiniteFloat | None = None
    n: FiniteFloat | None = Field(default=None, ge=0)
    of: Words | None = None
    unit: Words | None = None
    source: Words | None = None
    when: date | None = None

    @model_validator(mode="after")
    def _ends(self) -> Fact:
        if (self.lower is None) != (self.upper is None):
            raise ValueError(say("expected both lower and upper, or neither"))
        if self.lower is not None and self.upper is not None:
            if isinstance(self.value, bool | str | Words):
                raise ValueError(say("expected a number as value beside lower and upper"))
            if not self.lower <= self.value <= self.upper:
                raise ValueError(say("expected lower, value and upper in rising order"))
        return self

    @property
    def number(self) -> float | None:
        """The value, where it is a number."""
        return None if isinstance(self.value, bool | str | Words) else float(self.value)


Kind = Literal["ratio", "ratio_both_ways", "above", "idle", "any", "flag", "informs"]


@dataclass(frozen=True)
class FactRule:
    """How one declared fact is read.

    `ratio`: contradicts where the interval lies wholly above the limit of the verdict, informs where it excludes 1.
    `ratio_both_ways`: the same, mirrored below 1. `above`: contradicts wholly above `limit`, informs where it
    excludes `neutral`. `idle`: contradicts where the interval lies wholly within `limit` of 0, informs where it
    excludes 0. `any`: a count of cases; one contradicts. `flag`: `false` contradicts. `informs`: never contradicts.
    """

    kind: Kind
    meaning: str
    limit: float = 0.0
    neutral: float = 0.0


FACTS: Mapping[str, FactRule] = {
    "purpose": FactRule("informs", mark("the declared purpose: error, fraud, or unclaimed rights")),
    "fields": FactRule("informs", mark("the number of fields supplied to the system")),
    "unrelated_variables": FactRule(
        "above",
        mark("the weight of traits unrelated to behaviour, over the weight of behaviour, in the score"),
        limit=1.0,
    ),
    "verifiable_inputs": FactRule("flag", mark("whether the score uses verifiable facts about a declaration")),
    "reused_fields": FactRule("informs", mark("the number of fields collected for another purpose")),
    "idle_variables": FactRule(
        "idle", mark("what a variable that is still used adds to the performance of the score (AUC)"), limit=0.001
    ),
    "sensitive_proxy": FactRule(
        "above",
        mark("how well the inputs of the score tell a sensitive trait (AUC; 0.5 is chance)"),
        limit=0.75,
        neutral=0.5,
    ),
    "representation": FactRule(
        "ratio_both_ways", mark("the share of a group in the data, over its share in the population")
    ),
    "missing_raises_score": FactRule(
        "ratio",
        mark("the share with missing data in a group, over that of its reference, where missing raises the score"),
    ),
    "oldest_record_years": FactRule("informs", mark("the age of the oldest record, in years")),
    "income_effect": FactRule("above", mark("how much a low income or a minimum benefit raises the score")),
    "repeat_control": FactRule(
        "ratio", mark("the share controlled again without a finding, over that of the reference group")
    ),
    "flip": FactRule("above", mark("the share of decisions that change when only a protected trait does"), limit=0.01),
    "letters_without_mention": FactRule("any", mark("letters of decision without the explicit mention, in a sample")),
    "days_to_answer": FactRule("informs", mark("the median number of days to answer a request for explanation")),
    "smallest_change": FactRule("informs", mark("what would have changed the result, for a sample case")),
    "leading_variables": FactRule("informs", mark("the variables that weigh most in a sample case")),
    "override_rate": FactRule("informs", mark("the share of scores that staff depart from")),
    "without_a_person": FactRule("informs", mark("the share of decisions with no act of a person")),
    "appeals_upheld": FactRule("informs", mark("the share of appeals upheld")),
    "stopped_before_hearing": FactRule("any", mark("payments stopped before the person was heard")),
    "ends_as_error": FactRule("informs", mark("the share of flagged files that end as error, not fraud")),
    "overrides_reversed": FactRule(
        "above", mark("the share of departures from the score that are reversed"), limit=0.95
    ),
    "same_pattern": FactRule("informs", mark("cases with the same pattern as an appeal that was upheld")),
    "contact_hours": FactRule("informs", mark("hours of human contact after, over hours before")),
    "outcome_by_channel": FactRule("informs", mark("claims granted by other channels, over those granted online")),
    "drop_after_control": FactRule(
        "ratio", mark("claims dropped after a control without a finding, over those of people not controlled")
    ),
    "suspended_before_finding": FactRule("any", mark("payments suspended before anything was found")),
    "sanction_for_silence": FactRule(
        "ratio", mark("sanctions for not answering among disabled people, over those among others")
    ),
    "households_with_children": FactRule("informs", mark("the share of flagged households with children")),
    "rows_without_version": FactRule("any", mark("decisions without the version or date of the system")),
    "energy_kwh": FactRule("informs", mark("electricity used, in kWh")),
    "gap_since_last_audit": FactRule("ratio", mark("a gap now, over the same gap at the last audit")),
    "target": FactRule("informs", mark("what the system is judged on: errors, fraud, euros, or rights")),
    "rights_found": FactRule("informs", mark("flagged files that end with money owed to the person")),
    "debts_found": FactRule("informs", mark("flagged files that end with money owed by the person")),
    "origin_proxy": FactRule(
        "informs",
        mark("how well the inputs of the score tell origin or a poor district (AUC; 0.5 is chance)"),
        limit=0.75,
    ),
    "drift": FactRule("informs", mark("how far the score has moved since it was approved")),
    "drift_bound": FactRule("informs", mark("the bound set for drift")),
    "drift_acted": FactRule("informs", mark("whether an action on drift is recorded")),
    "declared_precision": FactRule("informs", mark("the positive predictive value that the provider declares")),
    "declared_false_positive_rate": FactRule("informs", mark("the false positive rate that the provider declares")),
}


class _Facts(Part):
    facts: dict[str, list[Fact]]


def read_facts(content: Mapping[str, Any], place: Path = Path("audit.yaml")) -> dict[str, tuple[Fact, ...]]:
    """The facts that `rights.facts` declares: one or a list under each name.

    Raises SpecError for an unknown name (with the nearest) and for a fact that is not complete.

    >>> facts = read_facts({"energy_kwh": {"value": 12, "said_by": "data team", "unit": "kWh"}})
    >>> facts["energy_kwh"][0].number
    12.0
    """
    for name in content:
        if name not in FACTS:
            raise SpecError(
                '{file}: rights.facts: there is no fact "{name}"; the nearest: {known}.',
                file=place.name,
                name=cut(name),
                known=nearest(str(name), FACTS),
            )
    lists = {str(name): value if isinstance(value, list) else [value] for name, value in content.items()}
    return {name: tuple(found) for name, found in validate(_Facts, {"facts": lists}, {}, place).facts.items()}


def facts_of(spec: AuditSpec) -> dict[str, tuple[Fact, ...]]:
    """The facts of an audit; none where it declares none."""
    return read_facts(getattr(spec.rights, "facts", None) or {})
