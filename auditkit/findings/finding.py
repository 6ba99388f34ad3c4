"""What an audit finds, as frozen records: rows of estimates.csv and gaps.csv, and points of the charts.

The codes below are closed vocabularies: the files, the report and the tests know no others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["JOINER", "REASONS", "VERDICTS", "Estimate", "Family", "Gap", "Point", "ViewResult"]

JOINER = " & "

Status = Literal["computed", "bounds", "suppressed", "not_computed"]
Verdict = Literal["established", "likely", "present", "small", "equivalent", "inconclusive"]
VERDICTS: tuple[Verdict, ...] = ("established", "likely", "present", "small", "equivalent", "inconclusive")

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
    "small_count",
    "complementary",
    "not_corrected",
    "context",
)
"""Why a figure is missing or carries no verdict."""


@dataclass(frozen=True)
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
    value: float | None
    lower: float | None
    upper: float | None
    bound_lower: float | None
    bound_upper: float | None
    confidence: float
    method: str
    numerator: float | None
    denominator: float | None
    n: float | None
    status: Status
    reason: str | None = None
    rows: tuple[float, ...] = ()
    """The row counts that this figure would give away, for disclosure only: written nowhere, then emptied."""

    @property
    def attribute(self) -> str:
        """The attributes as the files show them."""
        return JOINER.join(self.attributes)

    @property
    def group(self) -> str:
        """The groups as the files show them; `all` for everyone together."""
        return JOINER.join(self.groups) if self.attributes else "all"


@dataclass(frozen=True)
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
    value: float | None
    lower: float | None
    upper: float | None
    bound_lower: float | None
    bound_upper: float | None
    confidence: float
    method: str
    p_value: float | None
    p_adjusted: float | None
    test: str | None
    verdict: Verdict | None
    people: float | None
    people_lower: float | None
    people_upper: float | None
    n: float | None
    n_reference: float | None
    smallest_detectable: float | None
    status: Status
    reason: str | None = None
    reference_rule: Literal["group", "rest", "largest", "highest_rate"] = "group"
    crossed: bool = False
    complement_value: float | None = None
    complement_lower: float | None = None
    complement_upper: float | None = None

    @property
    def attribute(self) -> str:
        """The attributes as the files show them."""
        return JOINER.join(self.attributes)

    @property
    def group(self) -> str:
        """The groups as the files show them."""
        return JOINER.join(self.groups)

    @property
    def reference_group(self) -> str:
        """The reference as the files show it."""
        return JOINER.join(self.reference)


@dataclass(frozen=True)
class Point:
    """One point of a chart: a measure of a group at a position along the score, or at a stage.

    `series` is sweep (position = threshold), top_share (position = share selected overall), calibration and
    distribution (position to position_upper = the score bin), or stage (position = its number from 1).
    """

    series: Literal["sweep", "top_share", "calibration", "distribution", "stage"]
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    measure: str
    position: float
    position_upper: float | None
    value: float | None
    lower: float | None
    upper: float | None
    numerator: float | None
    denominator: float | None
    status: Status
    reason: str | None = None


@dataclass(frozen=True)
class ViewResult:
    """One attribute (or crossing) as it was measured: its groups in order, largest reference resolved."""

    attributes: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    reference: tuple[str, ...] | None
    reference_rule: str
    n: tuple[float | None, ...]
    linked: bool = True
    reason: str | None = None


@dataclass(frozen=True)
class Family:
    """A family of tests that were corrected together (Holm)."""

    key: str  # "single" or "crossed"
    size: int
