"""`policies: [...]` and `cost: {...}`: other rules whose people, rights and costs are told beside those of today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, FiniteFloat, model_validator

from auditkit.errors import SpecError
from auditkit.spec.data_spec import Part
from auditkit.spec.spec_words import Words
from auditkit.text import say

if TYPE_CHECKING:
    from auditkit.spec.audit_spec import AuditSpec

__all__ = ["Cost", "Policy", "with_policies"]

Constraint = Literal[
    "demographic_parity",
    "equalized_odds",
    "true_positive_rate_parity",
    "false_positive_rate_parity",
    "error_rate_parity",
]


def _text_keys(value: Any) -> Any:
    return {str(k): v for k, v in value.items()} if isinstance(value, dict) else value


class Policy(Part):
    """One rule: a threshold, a number of places, thresholds by group, a mitigation, a model refitted, a draw.

    `at_least` (or `at_most` where low scores are selected) is one number, or one for each group of the attribute `by`.
    `fairlearn`, `rule` (a tree over so many of the `columns`) and `without` are fitted on one half of the rows and told
    on the other.
    """

    name: Words | None = None
    at_least: Annotated[FiniteFloat | dict[str, FiniteFloat] | None, BeforeValidator(_text_keys)] = None
    at_most: Annotated[FiniteFloat | dict[str, FiniteFloat] | None, BeforeValidator(_text_keys)] = None
    top: int | None = Field(default=None, ge=1)
    top_share: float | None = Field(default=None, gt=0, lt=1)
    draw: Literal["random", "nobody"] | None = None
    fairlearn: Literal["threshold_optimizer", "exponentiated_gradient", "grid_search"] | None = None
    rule: int | None = Field(default=None, ge=1, le=5)
    without: list[str] | None = Field(default=None, min_length=1)
    by: str | None = None
    constraint: Constraint | None = None
    columns: list[str] = []

    @model_validator(mode="before")
    @classmethod
    def _word(cls, content: Any) -> Any:
        return {"draw": content} if content in ("random", "nobody") else content

    @model_validator(mode="after")
    def _one_way(self) -> Policy:
        ways = ("at_least", "at_most", "top", "top_share", "draw", "fairlearn", "rule", "without")
        if sum(getattr(self, way) is not None for way in ways) != 1:
            raise ValueError(say("expected one of {ways}", ways=", ".join(ways)))
        grouped = isinstance(self.threshold, dict) or self.fairlearn is not None
        if grouped != (self.by is not None):
            raise ValueError(say("by goes with thresholds by group and with fairlearn, and these need it"))
        refitted = self.rule is not None or self.without is not None
        refitted = refitted or self.fairlearn in ("exponentiated_gradient", "grid_search")
        if refitted and not self.columns:
            raise ValueError(say("a model that is refitted needs columns: the variables that it may use"))
        if self.constraint is not None and self.fairlearn is None:
            raise ValueError(say("constraint goes with fairlearn"))
        if self.fairlearn == "threshold_optimizer" and self.constraint == "error_rate_parity":
            raise ValueError(say("threshold_optimizer knows no error_rate_parity"))
        missing = [one for one in self.without or [] if one not in self.columns]
        if missing:
            raise ValueError(say("without names {column}, which is not among columns", column=f'"{missing[0]}"'))
        if set(self.columns) == set(self.without or ["", *self.columns]):
            raise ValueError(say("without leaves no column"))
        return self

    @property
    def threshold(self) -> float | dict[str, float] | None:
        """The threshold, whichever end is selected."""
        return self.at_least if self.at_least is not None else self.at_most

    @property
    def is_fitted(self) -> bool:
        """Whether it is learnt from one half of the rows."""
        return self.fairlearn is not None or self.rule is not None or self.without is not None


class Cost(Part):
    """What deciding costs and brings, as declared: in `unit`, each selected and each rightly selected person.

    `watts` is the declared power of the machine that scores, `seconds` how long it takes for the whole caseload.
    """

    each: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    found: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    unit: Words
    watts: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    seconds: float | None = Field(default=None, gt=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _energy(self) -> Cost:
        if (self.watts is None) != (self.seconds is None):
            raise ValueError(say("watts and seconds go together: energy is one times the other"))
        return self


def with_policies(spec: AuditSpec) -> AuditSpec:
    """The audit with the policies that are compared where it declares none: capacities, draws, fairlearn's thresholds.

    Raises SpecError for an audit without data.
    """
    if spec.data is None:
        raise SpecError("policies: there are no data; expected data with groups and who is selected.")
    if spec.policies is not None:
        return spec
    scored = spec.score is not None or spec.model is not None
    found: list[Any] = [{"top_share": share} for share in (0.02, 0.05, 0.1, 0.2, 0.4)] if scored else []
    found += ["random", "nobody"]
    heard = spec.outcome is not None and not spec.outcome.numeric and not spec.from_counts
    if scored and heard and spec.weight is None and spec.cluster is None:
        found += [
            {"fairlearn": "threshold_optimizer", "by": name, "constraint": constraint}
            for name in list(spec.groups)[:2]
            for constraint in ("demographic_parity", "equalized_odds")
        ]
    return spec.model_copy(update={"policies": [Policy.model_validate(one) for one in found]})
