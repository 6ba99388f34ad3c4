"""audit.yaml as a typed record: what is audited, on which data, and what each column means."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, FiniteFloat, field_validator, model_validator

from auditkit.spec.attribution_spec import AttributionPart
from auditkit.spec.auditor import Auditor
from auditkit.spec.data_spec import DataField, Limit, Part, RowCondition, Scalar, Spellings
from auditkit.spec.kinds.kind_keys import KindKeys, see_kinds
from auditkit.spec.known_figure import KnownFigure
from auditkit.spec.measure_spec import MeasureFormula, gather_formulas
from auditkit.spec.model_spec import ModelPart
from auditkit.spec.published_table import PublishedTable
from auditkit.spec.regression_spec import RegressionSpec
from auditkit.spec.search_spec import Search
from auditkit.spec.seen_outcomes import see_outcomes, with_pair
from auditkit.spec.spec_words import Words
from auditkit.spec.spoken_texts import Sayings, Spoken, gather_sayings
from auditkit.text import LANGUAGES, say

__all__ = ["Arm", "AuditSpec", "Group", "KnownFigure", "Outcome", "Score", "Selection", "Stage", "System"]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, (str, int, float, bool)) else value


def _as_column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _text_keys(value: Any) -> Any:
    return {str(k): v for k, v in value.items()} if isinstance(value, dict) else value


Texts = Annotated[list[str], BeforeValidator(_as_list)]
Scalars = Annotated[list[Scalar], BeforeValidator(_as_list)]


class System(Part):
    """The system that judges people: who runs it, on whom, and whom it hurts."""

    name: Words
    harm: Literal["punitive", "assistive", "both"]
    caseload: Literal["all", "sample"] = "sample"
    operator: Words | None = None
    country: str | None = None
    decision: Words | None = None
    status: Literal["planned", "in_use", "retired", "unknown"] = "unknown"
    period: str | None = None
    affected: Words | None = None
    sources: Texts = []

    @field_validator("period", mode="before")
    @classmethod
    def _period(cls, value: Any) -> Any:
        return None if value is None else str(value)


class Score(Part):
    """The column that holds the score, and which end of it is selected."""

    column: str
    lower_is: Literal["selected"] | None = None


class Selection(Part):
    """How a row is selected: by its score, by a share or number of top scores, or by a column."""

    at_least: Limit | None = None
    at_most: Limit | None = None
    column: str | None = None
    is_in: Scalars | None = Field(default=None, alias="in")
    top_share: float | None = Field(default=None, gt=0, lt=1)
    top: int | None = Field(default=None, ge=1)
    ties: Literal["in", "out", "shared"] = "in"

    @model_validator(mode="after")
    def _one_way(self) -> Selection:
        ways = [
            self.at_least is not None or self.at_most is not None,
            self.top_share is not None,
            self.top is not None,
            self.is_in is not None,
        ]
        if sum(ways) != 1:
            raise ValueError(say("expected one of: at_least or at_most, top_share, top, or column with in"))
        if self.is_in is not None and self.column is None:
            raise ValueError(say("expected column beside in"))
        return self


class Outcome(Part):
    """What really happened: which values of a column are positive."""

    column: str
    positive: Scalars | None = None
    negative: Scalars | None = None
    rest: Literal["positive", "negative", "missing"] | None = None
    at_least: Limit | None = None
    at_most: Limit | None = None
    numeric: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Outcome:
        lists = self.positive is not None or self.negative is not None
        limits = self.at_least is not None or self.at_most is not None
        if lists + limits + self.numeric != 1:
            raise ValueError(say("expected positive and/or negative, or at_least or at_most, or numeric: true"))
        both = [value for value in self.positive or [] if value in (self.negative or [])]
        if both:
            raise ValueError(say("{value} is listed as positive and as negative; list it once", value=f'"{both[0]}"'))
        return self


class Arm(Part):
    """Rows drawn at random, whose outcome is known whatever the score said.

    `population`: of how many people they were drawn, where the other rows are all that were selected among these.
    """

    column: str
    is_in: Scalars = Field(alias="in")
    population: int | None = Field(default=None, ge=1)


class Checked(Part):
    """Which selected rows were checked: the others of the list have no outcome, and these stand for them."""

    column: str
    is_in: Scalars = Field(alias="in")


class ArmChoice(Part):
    """`observed: {arm: ...}`; with `checked`, of a list that was checked in part."""

    arm: Arm
    checked: Checked | None = None

    @model_validator(mode="before")
    @classmethod
    def _beside(cls, content: Any) -> Any:
        if isinstance(content, dict) and "checked" in content and "arm" not in content:
            raise ValueError(
                say(
                    "observed: checked needs arm beside it, rows drawn at random of those not selected; without any "
                    "say observed: when_selected"
                )
            )
        return content

    @model_validator(mode="after")
    def _one_list(self) -> ArmChoice:
        if self.checked is not None and self.arm.population is not None:
            raise ValueError(say("observed: checked goes without population; say which rows were not selected"))
        return self


class RuleReference(Part):
    """A reference group chosen by a rule."""

    rule: Literal["rest", "largest", "highest_rate"] = Field(alias="is")


class Group(Part):
    """A protected attribute: its column, its reference group, the legal ground it stands for."""

    column: str
    reference: str | RuleReference = RuleReference.model_validate({"is": "largest"})
    ground: str | None = None
    name: Words | None = None
    values: Annotated[dict[str, Words], BeforeValidator(_text_keys)] = {}
    says: Annotated[dict[str, Spoken], BeforeValidator(_text_keys)] = {}
    bins: list[FiniteFloat] | None = None
    labels: list[Words] | None = None
    missing: str | None = None
    data: DataField | None = None

    @field_validator("reference", "missing", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, (int, float)) else value

    @model_validator(mode="after")
    def _bins(self) -> Group:
        if self.bins is not None:
            if not self.bins or any(b >= a for b, a in zip(self.bins, self.bins[1:], strict=False)):
                raise ValueError(say("expected bins in rising order"))
            if self.labels is not None and len(self.labels) != len(self.bins) + 1:
                labels, bins = len(self.bins) + 1, len(self.bins)
                raise ValueError(say("expected {labels} labels for {bins} bins", labels=labels, bins=bins))
        elif self.labels is not None:
            raise ValueError(say("labels go with bins"))
        return self

    def bin_labels(self) -> list[str]:
        """The group of each bin, in English (what the cells and the files carry)."""
        assert self.bins is not None
        if self.labels is not None:
            return [label.text("en") for label in self.labels]
        edges = [f"{edge:g}" for edge in self.bins]
        middle = [f"{low} to under {high}" for low, high in pairwise(edges)]
        return [f"under {edges[0]}", *middle, f"{edges[-1]} and over"]

    def group_name(self, value: str, language: str) -> str:
        """The name of a group as the reader's language has it."""
        if self.labels is not None:
            for label in self.labels:
                if label.text("en") == value:
                    return label.text(language)
        return self.values[value].text(language) if value in self.values else value


class Stratum(Part):
    """A factor that someone may claim is legitimate."""

    column: str
    name: Words | None = None
    values: Annotated[dict[str, Words], BeforeValidator(_text_keys)] = {}
    bins: list[FiniteFloat] | None = None


class Stage(Part):
    """One step of a chain of decisions, among those who passed the step before.

    Of rows, `selected` says who passes; of a table of counts, `count` names the columns that say how many passed.
    """

    name: Words
    selected: Selection | None = None
    count: Texts | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Stage:
        if (self.selected is None) == (not self.count):
            raise ValueError(say("expected either selected (rows) or count (a table of counts)"))
        return self


class Sweep(Part):
    """Which thresholds to try; `default` takes up to twenty along the score."""

    thresholds: Literal["default"] | list[FiniteFloat] = "default"


class Bootstrap(Part):
    """How many replicates, from which seed."""

    replicates: int = Field(default=2000, ge=100, le=100_000)
    seed: int = Field(default=1, ge=0)


class Verdict(Part):
    """Where a gap begins to count: limits of the report, not of any law."""

    ratio: float = Field(default=1.25, gt=1, allow_inf_nan=False)
    points: float = Field(default=5.0, gt=0, le=100, allow_inf_nan=False)
    minimum_n: int = Field(default=30, ge=1)


class Unstated(Part):
    """Who did not state an attribute was selected at most so many times as often as who did, or as rarely."""

    factor: float = Field(default=2.0, ge=1, allow_inf_nan=False)


class Publish(Part):
    """The smallest count that may leave the house, and what was published before.

    `earlier` is the folder of an earlier publication. Where it judged the same people (`same_people`), no change of a
    few of them may be read off the two; of other people nothing follows.
    """

    minimum_count: int = Field(default=11, ge=0)
    because: Words | None = None
    earlier: str | None = None
    same_people: bool | None = None

    @model_validator(mode="after")
    def _reason(self) -> Publish:
        if self.minimum_count == 0 and self.because is None:
            raise ValueError(say("minimum_count: 0 needs a because"))
        if self.earlier is not None and self.same_people is None:
            raise ValueError(
                say("earlier needs same_people: true where some people are in both publications, else false")
            )
        return self


class Rights(Part):
    """Which checklist, where its answers are, facts that no decision data hold, and what letters need to say."""

    framework: str = "general"
    answers: str | None = None
    facts: dict[str, Any] = {}
    letters: dict[str, Words] = {}


class LetterDates(Part):
    """What happened to a letter: where a path stands, and from when its time limits run."""

    sent: date | None = None
    received: date | None = None
    refused: date | None = None
    registered: date | None = None
    to: Words | None = None


class AuditSpec(KindKeys):
    """One audit. `analyses` are named variations; the base is `main`."""

    title: Words
    system: System
    data: DataField | None
    language: str | None = None
    as_of: date | None = None
    data_as_of: date | None = None
    auditor: Auditor | None = None
    name: Words | None = None
    keep: list[RowCondition] = []
    score: Annotated[Score | None, BeforeValidator(_as_column)] = None
    selected: Selection | None = None
    outcome: Outcome | None = None
    observed: Literal["everywhere", "when_selected"] | ArmChoice = "everywhere"
    weight: str | None = None
    cluster: str | None = None
    pair: str | None = None
    unit: Literal["person", "event", "pair"] | None = None
    same: Spellings = []
    apart: Spellings = []
    confirm: Annotated[list[str], BeforeValidator(_as_list)] = []
    missing_values: Annotated[list[str], BeforeValidator(lambda v: [str(x) for x in _as_list(v)])] = [""]
    groups: dict[str, Group] = {}
    crossed: list[list[str]] | None = None
    strata: dict[str, Annotated[Stratum, BeforeValidator(_as_column)]] = {}
    measures: Literal["default"] | list[str] = "default"
    formulas: dict[str, MeasureFormula] = {}
    primary: Literal["default"] | list[str] = "default"
    sweep: Sweep | None = None
    score_bins: Literal["default", "exact"] = "default"
    stages: list[Stage] | None = None
    model: ModelPart | None = None
    attribution: AttributionPart | None = None
    search: Search | None = None
    rights: Rights = Rights()
    confidence: float = Field(default=0.95, ge=0.5, lt=1)
    bootstrap: Bootstrap = Bootstrap()
    verdict: Verdict = Verdict()
    unstated: Unstated = Unstated()
    publish: Publish = Publish()
    known_figures: list[KnownFigure] = []
    letters: dict[str, LetterDates] = {}
    published: list[Words] = []
    regressions: dict[str, RegressionSpec] = {}
    tables: dict[str, PublishedTable] = {}
    says: Sayings = Sayings()
    analyses: dict[str, dict[str, Any]] = {}

    @model_validator(mode="before")
    @classmethod
    def _says(cls, content: Any) -> Any:
        return with_pair(see_outcomes(gather_formulas(gather_sayings(see_kinds(content)))))

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str | None) -> str | None:
        if value is not None and value not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise ValueError(say('there is no language "{found}"; expected one of {known}', found=value, known=known))
        return value

    @field_validator("data", mode="before")
    @classmethod
    def _none(cls, value: Any) -> Any:
        return None if value == "none" else value

    @model_validator(mode="after")
    def _enough(self) -> AuditSpec:
        if self.data is not None:
            if not self.groups:
                raise ValueError(say("groups is missing: name at least one attribute"))
            scored = self.score is not None or self.model is not None
            if self.selected is None and not scored and not self.from_counts:
                raise ValueError(say("selected or score is missing"))
        if self.arm is not None and self.arm.population is not None and (self.score is not None or self.weight):
            raise ValueError(say("observed: arm: population goes without score and without weight"))
        if self.checked is not None and self.outcome is not None and self.outcome.numeric:
            raise ValueError(say("observed: checked goes with an outcome that is had or not, not with a number"))
        known = set(self.groups)
        for names in self.crossed or []:
            for name in names:
                if name not in known:
                    raise ValueError(say('crossed names "{name}", which is not in groups', name=name))
        if self.search is not None:
            self._searchable()
        self._policies_by_groups()
        given = {key for key in ("selected", "outcome", "score") if getattr(self, key) is not None}
        if self.data is not None and self.data.is_counts:
            given |= {"selected", "outcome"}
        for name, regression in self.regressions.items():
            regression.check(name, known | set(self.strata), given)
        return self

    def _searchable(self) -> None:
        """A search halves rows that stand for one person each."""
        own = any(group.data is not None for group in self.groups.values())
        if self.data is None or self.from_counts or own:
            raise ValueError(say("search needs one table of rows; this audit has none"))
        beside = next((key for key in ("weight", "cluster", "pair") if getattr(self, key)), None)
        if beside is not None:
            raise ValueError(
                say("search goes without {key}: it halves rows that stand for one person each", key=beside)
            )
        if self.selected is not None and self.selected.ties == "shared":
            raise ValueError(say("search goes without ties: shared, which selects people in part"))

    def _policies_by_groups(self) -> None:
        for policy in self.policies or []:
            if policy.by is not None and policy.by not in self.groups:
                raise ValueError(say('policies names "{name}", which is not in groups', name=policy.by))
            by_score = policy.threshold is not None or policy.top is not None or policy.top_share is not None
            if (by_score or policy.fairlearn == "threshold_optimizer") and self.score is None and self.model is None:
                raise ValueError(say("a policy by the score needs score, or a model"))
            if policy.is_fitted and self.outcome is None:
                raise ValueError(say("a policy that is fitted needs outcome: what it is fitted to"))
            low = self.score is not None and self.score.lower_is is not None
            if (policy.at_least is not None and low) or (policy.at_most is not None and not low):
                raise ValueError(say("a policy selects the end of the score that the audit selects"))

    @property
    def from_counts(self) -> bool:
        """Whether any of the data are published counts and not rows."""
        return any(data is not None and data.is_counts for data in (self.data, *(g.data for g in self.groups.values())))

    @property
    def arm(self) -> Arm | None:
        """The random arm, where there is one."""
        return self.observed.arm if isinstance(self.observed, ArmChoice) else None

    @property
    def checked(self) -> Checked | None:
        """Which of those selected were checked, where that is said."""
        return self.observed.checked if isinstance(self.observed, ArmChoice) else None

    def crossings(self) -> list[tuple[str, ...]]:
        """The crossed attributes: those named, else every pair."""
        if self.crossed is not None:
            return [tuple(names) for names in self.crossed]
        names = list(self.groups)
        return [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]

    def group_attribute_name(self, attribute: str, language: str) -> str:
        """An attribute's name in the reader's language."""
        name = self.groups[attribute].name
        return name.text(language) if name else attribute
