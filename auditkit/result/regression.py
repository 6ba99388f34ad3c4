"""What a regression says, as frozen records: one line a term, and the whole model's figures."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from auditkit.result.field_types import RECORD, Number, Sentence

__all__ = ["INTERCEPT", "REASONS", "Regression", "Term"]

INTERCEPT = "intercept"

REASONS = (
    "no_rows",
    "few_rows",
    "one_outcome",
    "separation",
    "singular",
    "not_converged",
    "few_clusters",
    "hidden_counts",
    "outcome_unseen",
    "unlinked",
    "too_many_patterns",
    "small_count",
)
"""Why there are no figures."""


@dataclass(frozen=True, config=RECORD)
class Term:
    """One coefficient. `level` and `reference` are empty for a number and for the intercept.

    `statistic` is the coefficient over its standard error. `relative_risk` is odds ratio / (1 - c + c * odds ratio), c
    the chance of the person whom all references and zeros describe: how many times as likely that person would be
    with this term one up. `n` counts the rows of the level (all rows for a number), `events` those of them that
    have the outcome (logit).
    """

    term: str
    level: str
    reference: str
    coefficient: Number
    standard_error: Number
    statistic: Number
    p_value: Number
    lower: Number
    upper: Number
    odds_ratio: Number | None = None
    odds_ratio_lower: Number | None = None
    odds_ratio_upper: Number | None = None
    relative_risk: Number | None = None
    n: Number | None = None
    events: Number | None = None


@dataclass(frozen=True, config=RECORD)
class Regression:
    """A regression of one analysis. Without figures `terms` is empty and `reason` and `note` say why.

    `outcome` is selected, outcome, score or the name of a column. `left_out` counts rows of the analysis without a
    value of the outcome or of a term. `standard_errors` is model, robust (HC1), weighted (the sandwich over sampling
    weights) or cluster; `freedom` is empty where the normal distribution is used, else the degrees of Student's t.
    """

    name: str
    kind: Literal["logit", "linear"]
    outcome: str
    status: Literal["computed", "suppressed", "not_computed"]
    reason: str | None = None
    note: Sentence | None = None
    terms: tuple[Term, ...] = ()
    n: Number | None = None
    events: Number | None = None
    left_out: Number | None = None
    log_likelihood: Number | None = None
    null_log_likelihood: Number | None = None
    deviance: Number | None = None
    null_deviance: Number | None = None
    aic: Number | None = None
    r_squared: Number | None = None
    standard_errors: Literal["model", "robust", "weighted", "cluster"] = "model"
    freedom: Number | None = None
    confidence: Number = 0.95
    smallest: Number = Field(default=0.0, exclude=True)
    """The fewest people whom the figures could be turned back into (`fewest`): for disclosure only, then emptied."""
