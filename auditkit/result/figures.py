"""What an audit finds, as frozen records: rows of estimates.csv and gaps.csv, and points of the charts.

The codes below are closed vocabularies: the files, the report and the tests know no others.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, computed_field
from pydantic.dataclasses import dataclass

from auditkit.result.field_types import RECORD, Flag, Number, Whole

__all__ = ["JOINER", "REASONS", "VERDICTS", "Estimate", "Family", "Gap", "Point", "Sensitivity", "ViewResult"]

JOINER = " & "

Status = Literal["computed", "bounds", "suppressed", "not_computed"]
Verdict = Literal["established", "present", "small", "equivalent", "inconclusive"]
VERDICTS: tuple[Verdict, ...] = ("established", "present", "small", "equivalent", "inconclusive")

REASONS = (
    "empty_group",
    "nobody_reached",
    "nobody_selected",
    "everybody_selected",
    "no_positive_outcome",
    "no_negative_outcome",
    "no_outcome",
    "outcome_unseen",
    "no_score",
    "score_not_probability",
    "few_cases",
    "reference_zero",
    "both_zero",
    "unlinked",
    "too_many_groups",
    "unbounded",
    "no_denominator",
    "few_clusters",
    "undefined_replicates",
    "reference_empty",
    "reference_from_data",
    "not_stated",
    "no_total",
    "no_strata",
    "no_interval",
    "pair_of_options",
    "implausible",
    "infra_marginal",
    "little_overlap",
    "no_like_cases",
    "small_count",
    "complementary",
    "withheld",
    "too_few_steps",
    "context",
)
"""Why a figure is missing or carries no verdict."""


@dataclass(frozen=True, config=RECORD)
class Estimate:
    """One measure of one group. `attributes` and `groups` are lists for crossed groups, empty for everyone together.

    `numerator` and `denominator` are the counts (or weights) the value comes from; `n` is the number of rows.
    `method` is one of: wilson, wilson_weighted, cluster, bootstrap, delong, student, calibration, fisher_z, union (the
    union of intervals over hidden counts), none (no interval). Each has its words in report/codes.py.
    """

    analysis: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    measure: str
    value: Number | None
    lower: Number | None
    upper: Number | None
    bound_lower: Number | None
    bound_upper: Number | None
    confidence: Number
    method: str
    numerator: Number | None
    denominator: Number | None
    n: Number | None
    status: Status
    reason: str | None = None
    rows: tuple[float, ...] = Field(default=(), exclude=True)
    """The row counts that this figure would give away, for disclosure only: written nowhere, then emptied."""
    unstated_lower: Number | None = None
    """The range of the value if people who stated no group were selected between 1/factor and factor times as often as
    those who did; `allocated_lower` and `allocated_upper` over all that they may be."""
    unstated_upper: Number | None = None
    allocated_lower: Number | None = None
    allocated_upper: Number | None = None
    pooled: Number | None = None
    """The rate if small groups borrowed from all groups what chance explains; of attributes of ten groups or more."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def attribute(self) -> str:
        """The attributes as the files show them."""
        return JOINER.join(self.attributes)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def group(self) -> str:
        """The groups as the files show them; `all` for everyone together."""
        return JOINER.join(self.groups) if self.attributes else "all"


@dataclass(frozen=True, config=RECORD)
class Gap:
    """One measure of a group against its reference: a difference or a ratio.

    `reference` is the reference group's values; or ("rest",) etc. where `reference_rule` is rest or whole.
    `side` is event or complement: what the verdict was taken on. `direction` is worse, better or none for the
    group. A group of `largest` gaps (kind largest_difference) carries the pair in `groups` and `reference`.
    """

    analysis: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    reference: tuple[str, ...]
    measure: str
    kind: Literal["difference", "ratio", "largest_difference"]
    side: Literal["event", "complement"] | None
    direction: Literal["worse", "better", "none"]
    value: Number | None
    lower: Number | None
    upper: Number | None
    bound_lower: Number | None
    bound_upper: Number | None
    confidence: Number
    method: str
    test: str | None
    verdict: Verdict | None
    people: Number | None
    people_lower: Number | None
    people_upper: Number | None
    n: Number | None
    n_reference: Number | None
    status: Status
    reason: str | None = None
    reference_rule: Literal["group", "rest", "largest", "highest_rate"] = "group"
    crossed: Flag = False
    complement_value: Number | None = None
    complement_lower: Number | None = None
    complement_upper: Number | None = None
    p_no_gap: Number | None = None
    p_no_gap_adjusted: Number | None = None
    p_beyond: Number | None = None
    p_beyond_adjusted: Number | None = None
    p_inside: Number | None = None
    p_inside_adjusted: Number | None = None
    lead_lower: Number | None = None
    lead_upper: Number | None = None
    family: str | None = None
    tests_in_family: Whole | None = None
    harm: Literal["selected", "missed"] | None = None
    within: Literal["disappears", "shrinks", "remains", "grows", "reversed", "differs", "cannot_tell"] | None = None
    smallest_established: Number | None = None
    smallest_told: Number | None = None
    unstated_lower: Number | None = None
    """Of a ratio: its range over what people who stated no group may be, as in `Estimate`."""
    unstated_upper: Number | None = None
    allocated_lower: Number | None = None
    allocated_upper: Number | None = None
    tipping_factor: Number | None = None
    """The largest factor at which the word with the unstated left out would stand (64: whoever they are); of main
    comparisons with a word."""
    only_group: Number | None = None
    """Of a ratio over matched pairs: pairs in which only the group's member was a case; `only_reference` the others;
    their ratio with its exact interval."""
    only_reference: Number | None = None
    conditional_ratio: Number | None = None
    conditional_lower: Number | None = None
    conditional_upper: Number | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def attribute(self) -> str:
        """The attributes as the files show them."""
        return JOINER.join(self.attributes)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def group(self) -> str:
        """The groups as the files show them."""
        return JOINER.join(self.groups)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def reference_group(self) -> str:
        """The reference as the files show it."""
        return JOINER.join(self.reference)


@dataclass(frozen=True, config=RECORD)
class Sensitivity:
    """What could make a gap by itself. `kind` says what `value` and `other` are.

    e_value: the E-value of the ratio and of the end of its interval nearer 1. base_rates: the false positive rate of
    the group with precision and true positive rate of the reference, and the other way round. recorded and
    recorded_reference: the share of the outcomes of the group (of the reference) of which the recording, all those of
    the other being recorded, makes the gap.
    """

    kind: Literal["e_value", "base_rates", "recorded", "recorded_reference"]
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    reference: tuple[str, ...]
    measure: str
    value: Number
    other: Number | None = None


@dataclass(frozen=True, config=RECORD)
class Point:
    """One point of a chart: a measure of a group at a position along the score, or at a stage.

    `series` is sweep (position = threshold), top_share (position = share selected overall), calibration and
    distribution (position to position_upper = the score bin), or stage (position = its number from 1).
    """

    series: Literal["sweep", "top_share", "calibration", "distribution", "stage"]
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    measure: str
    position: Number
    position_upper: Number | None
    value: Number | None
    lower: Number | None
    upper: Number | None
    numerator: Number | None
    denominator: Number | None
    status: Status
    reason: str | None = None


@dataclass(frozen=True, config=RECORD)
class ViewResult:
    """One attribute (or crossing) as it was measured: its groups in order, largest reference resolved."""

    attributes: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    reference: tuple[str, ...] | None
    reference_rule: str
    n: tuple[Number | None, ...]
    linked: Flag = True
    reason: str | None = None


@dataclass(frozen=True, config=RECORD)
class Family:
    """The comparisons of one kind in the one family of the audit, all analyses together."""

    key: str  # "main" or "other"
    size: Whole
