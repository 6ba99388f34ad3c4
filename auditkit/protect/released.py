"""What leaves the counts: the one object from which every figure is computed, and nothing else is.

Rooms to the right (measures, findings, ...) receive a `Released` and import neither intake nor counts. Two ways lead
here: `exact` (everything as it was counted) and `protect` (sums that may not be published become intervals).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.compared_groups import ComparedGroups
from auditkit.counts.count_table import COUNTS, NOT_STATED
from auditkit.result import KindFigure, RowAccount, ScoreBins
from auditkit.result.attribution import Attribution
from auditkit.result.regression import Regression
from auditkit.spec import AuditSpec
from auditkit.text import Message

__all__ = [
    "CLASSES",
    "CORRECT",
    "MEMBERS",
    "NEGATIVE",
    "NOT_SELECTED",
    "NOT_STATED",
    "POSITIVE",
    "SEEN",
    "SELECTED",
    "SUMS",
    "UNIONS",
    "UNSEEN",
    "Bounds",
    "ComparedGroups",
    "FromRows",
    "GroupCounts",
    "Numbers",
    "Released",
    "ReleasedAnalysis",
    "ReleasedView",
    "Sampled",
    "Spread",
    "Steps",
    "everyone_else",
    "take",
]

Floats = NDArray[np.float64]

CLASSES = COUNTS
"""The six classes of the confusion matrix with unseen outcomes: the last axis of every array of six."""

SELECTED, NOT_SELECTED = [0, 1, 2], [3, 4, 5]
POSITIVE, NEGATIVE, UNSEEN = [0, 3], [1, 4], [2, 5]
SEEN, CORRECT = [0, 1, 3, 4], [0, 4]
"""Where the classes of a union stand on the last axis of six."""

UNIONS = {
    "people": [0, 1, 2, 3, 4, 5],
    "selected": SELECTED,
    "not_selected": NOT_SELECTED,
    "positive": POSITIVE,
    "negative": NEGATIVE,
    "correct": CORRECT,
}
SUMS = (*CLASSES, *UNIONS)
"""The sums that are released of each group, in this order: the six classes, then their unions."""

MEMBERS: NDArray[np.int64] = np.array(
    [[int(place in members) for place in range(6)] for members in ([i] for i in range(6))]
    + [[int(place in members) for place in range(6)] for members in UNIONS.values()]
)
"""Which classes each sum adds: sums x 6, so that `six @ MEMBERS.T` are the sums."""


@dataclass(frozen=True)
class Bounds:
    """What is known of the sums of each group: both arrays groups x SUMS; exact where equal, upper may be infinite.

    Where every sum of a view is known, both are one array. Part of a view (`take`) keeps two where the view has two,
    since figures are compared in one way throughout a view. Numbers are floats because ties shared at a cut leave
    decimals; counts are whole numbers otherwise.
    """

    lower: Floats
    upper: Floats

    @classmethod
    def of(cls, lower: Floats, upper: Floats | None = None) -> Bounds:
        """The bounds of all sums from those of the six classes: groups x 6 (`upper` only where some are hidden).

        >>> Bounds.of(np.array([[3.0, 1, 0, 2, 4, 0]])).lower[0, 6:].tolist()
        [10.0, 4.0, 6.0, 5.0, 5.0, 7.0]
        """
        low = lower @ MEMBERS.T.astype(np.float64)
        if upper is None or np.array_equal(lower, upper):
            return cls(low, low)
        finite = np.where(np.isfinite(upper), upper, 0.0) @ MEMBERS.T.astype(np.float64)
        unbounded = (~np.isfinite(upper)).astype(np.float64) @ MEMBERS.T.astype(np.float64) > 0
        return cls(low, np.where(unbounded, np.inf, finite))

    @cached_property
    def exact(self) -> NDArray[np.bool_]:
        """Which sums are known as one number."""
        return np.asarray(self.lower == self.upper, dtype=bool)

    def changed(self, change: Callable[[Floats], Floats], upper: Callable[[Floats], Floats] | None = None) -> Bounds:
        """The same bounds with both arrays changed along their groups."""
        low = change(self.lower)
        return Bounds(low, low if self.upper is self.lower else (upper or change)(self.upper))

    def of_classes(self, classes: Iterable[str]) -> tuple[Floats, Floats]:
        """The fewest and most people of each group in some classes; by the union of them where it is released."""
        places = [CLASSES.index(name) for name in classes]
        low, high = self.lower[..., places].sum(axis=-1), self.upper[..., places].sum(axis=-1)
        for at, members in enumerate(UNIONS.values(), start=len(CLASSES)):
            if sorted(places) == members:
                low, high = np.maximum(low, self.lower[..., at]), np.minimum(high, self.upper[..., at])
        return low, high


@dataclass(frozen=True)
class Spread:
    """Between which values a number lies, whether they are few, and whether everybody has it: for protection only."""

    lowest: float
    highest: float
    few: bool
    complete: bool

    @property
    def largest(self) -> float:
        """The largest size."""
        return max(abs(self.lowest), abs(self.highest))

    def change(self, minimum: int, of: Callable[[float], float]) -> float:
        """The most by which one person in the place of another changes the sum; `minimum` people where values are few.

        >>> Spread(0.0, 1.0, True, True).change(11, lambda one: one)
        11.0
        """
        inside = [0.0] if self.lowest < 0 < self.highest else []
        ends = [of(one) for one in (self.lowest, self.highest, *inside)]
        return (max(ends) - min(ends)) * (minimum if self.few else 1)


@dataclass(frozen=True)
class Sampled:
    """The arm behind estimates: its rows by group (with, without, of unseen outcome), all of them, and of how many."""

    arm: Floats
    rows: float
    population: float


@dataclass(frozen=True)
class GroupCounts:
    """What is known of each group: its `counts`, and the summed `weights` and squared weights, groups x 6.

    Without weights both are the counts again (NaN where a count is hidden).
    `unselected_squares` stands only where a random arm speaks for the unselected: the sum of squared weights of all
    unselected, of whom the arm's rows (`counts`, `squares`) are a sample. `sampled` stands where the counts are
    estimates for a population of known size, from an arm drawn of it. `spread` is that of the weights.
    """

    names: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    counts: Bounds
    weights: Floats
    squares: Floats
    weighted: bool = False
    unselected_squares: Floats | None = None
    selected_squares: Floats | None = None
    """The same of the selected, where those who were checked stand for all of them."""
    sampled: Sampled | None = None
    spread: Spread | None = None

    @classmethod
    def unweighted(cls, names: tuple[str, ...], groups: tuple[tuple[str, ...], ...], rows: Floats) -> GroupCounts:
        """Counts of rows that all weigh the same, groups x 6."""
        return cls(names, groups, Bounds.of(rows), rows, rows)

    def __len__(self) -> int:
        return len(self.groups)

    @cached_property
    def rows(self) -> Floats:
        """The six counts, NaN where one is hidden."""
        six = np.s_[..., : len(CLASSES)]
        return np.where(self.counts.exact[six], self.counts.lower[six], np.nan)

    @property
    def classes(self) -> tuple[Floats, Floats]:
        """The fewest and most people in each of the six classes."""
        six = np.s_[..., : len(CLASSES)]
        return self.counts.lower[six], self.counts.upper[six]

    @property
    def hidden(self) -> bool:
        """Whether any sum of the view is not known as one number."""
        return self.counts.upper is not self.counts.lower

    @property
    def people(self) -> Floats:
        """How many people each group holds, NaN where that is hidden."""
        low, high = self.counts.of_classes(CLASSES)
        return np.where(low == high, low, np.nan)

    @property
    def stated(self) -> NDArray[np.bool_]:
        """Which groups people gave themselves (not "not stated")."""
        return np.array([NOT_STATED not in group for group in self.groups], dtype=bool)


def take(counts: GroupCounts, index: int) -> GroupCounts:
    """One group of the counts, repeated for every group: the reference beside each.

    Shapes: every array keeps groups x 6.
    """
    pick = np.full(len(counts), index)
    return _changed(counts, lambda array: array[pick])


def everyone_else(counts: GroupCounts) -> GroupCounts:
    """For each group, all the others together (not stated among them): disjoint from the group."""
    return _changed(counts, lambda array: array.sum(axis=0, keepdims=True) - array, _rest_of_infinite)


def _rest_of_infinite(array: Floats) -> Floats:
    finite = np.where(np.isfinite(array), array, 0.0)
    infinite = ~np.isfinite(array)
    rest = finite.sum(axis=0, keepdims=True) - finite
    return np.where(infinite.sum(axis=0, keepdims=True) - infinite > 0, np.inf, rest)


def _changed(
    counts: GroupCounts, change: Callable[[Floats], Floats], upper: Callable[[Floats], Floats] | None = None
) -> GroupCounts:
    squares = counts.unselected_squares
    return replace(
        counts,
        counts=counts.counts.changed(change, upper),
        weights=change(counts.weights),
        squares=change(counts.squares),
        unselected_squares=None if squares is None else change(squares),
        selected_squares=None if counts.selected_squares is None else change(counts.selected_squares),
        sampled=None if counts.sampled is None else replace(counts.sampled, arm=change(counts.sampled.arm)),
    )


@dataclass(frozen=True)
class Steps:
    """The score of each group in steps: every array is groups x steps x 6, on one grid that all groups share.

    `lower` and `upper` are the least and greatest score of each step of the grid; `exact` says that each is one value.
    A group whose steps were joined has its counts in the first of them; `begins` (groups x steps) says where its own
    steps begin. Where nothing was joined, everywhere.
    """

    lower: Floats
    upper: Floats
    exact: bool
    rows: Floats
    weights: Floats
    squares: Floats
    score_sum: Floats
    score_squared: Floats
    begins: NDArray[np.bool_] | None = None

    def everyone_else(self) -> Steps:
        """All other groups together beside each group."""
        return self._changed(lambda array: array.sum(axis=0, keepdims=True) - array)

    def take(self, index: int) -> Steps:
        """One group beside each."""
        return self._changed(lambda array: np.repeat(array[index : index + 1], len(array), axis=0))

    def _changed(self, change: Callable[[Floats], Floats]) -> Steps:
        return replace(
            self,
            rows=change(self.rows),
            weights=change(self.weights),
            squares=change(self.squares),
            score_sum=change(self.score_sum),
            score_squared=change(self.score_squared),
        )


@dataclass(frozen=True)
class Numbers:
    """Outcomes that are numbers: rows, weights, sums and sums of squares of those who have one, groups x 6.

    `spread` is what protection needs of the values; `units` (groups x 2) what sums and squares were rounded to.
    """

    rows: Floats
    weights: Floats
    squares: Floats
    total: Floats
    total_squared: Floats
    spread: Spread | None = None
    units: Floats | None = None


@dataclass(frozen=True)
class FromRows:
    """One figure that only rows can give (interfaces 2, numbers.csv): released, rounded or dropped by itself.

    `kind` is design_effect, prediction, correlation, ...; `item` is what it is of (a measure, a variable). `people`
    are those it rests on, `cases` those among them whom a share counts. `value` is NaN where there is none.
    """

    kind: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    item: str
    value: float
    people: float
    lower: float | None = None
    upper: float | None = None
    method: str = "none"
    cases: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class ReleasedView:
    """One attribute, or attributes crossed: its groups in the order of the audit and all that is known of them.

    `everyone` counts all rows, `arm` those drawn at random; `stages` those who reached each stage of the chain;
    `strata` the groups by one stratum (named after the attribute). `clusters` are summed weights, groups x clusters x
    6. A view that is not linked in the data, or whose crossing is too large, has no groups and says why.
    """

    compared: ComparedGroups
    everyone: GroupCounts
    arm: GroupCounts | None = None
    scores: Steps | None = None
    arm_scores: Steps | None = None
    outcomes: Numbers | None = None
    stages: tuple[GroupCounts, ...] = ()
    strata: tuple[GroupCounts, ...] = ()
    offices: GroupCounts | None = None
    """The groups by office, where each takes its own highest scores and nothing is withheld."""
    clusters: Floats | None = None
    strata_clusters: tuple[Floats, ...] = ()
    """Of each of `strata`, the summed weights, groups x clusters x 6."""
    pairs: Floats | None = None
    """Matched pairs by who of them was selected: both, only the group's, only the reference's, neither: groups x 4."""

    @property
    def names(self) -> tuple[str, ...]:
        """The attributes; none for everyone together."""
        return self.compared.attributes

    @property
    def crossed(self) -> bool:
        """Whether attributes are crossed."""
        return len(self.names) > 1


@dataclass(frozen=True)
class ReleasedAnalysis:
    """One analysis: every view that the audit asks for, everyone together where one table holds all, the row account.

    `holds` are the kinds of data there are: selection, outcome, numeric outcome, score, prediction. `facts` carries
    what intake found and the report says (threshold, score_minimum, ...); `edges` the grid of the score steps and
    `thresholds` those to try along it. Regressions and attribution were computed from rows before this point.
    """

    key: str
    spec: AuditSpec
    account: RowAccount
    views: tuple[ReleasedView, ...]
    everyone: ReleasedView | None
    holds: frozenset[str]
    facts: dict[str, float | str | None] = field(default_factory=dict)
    edges: ScoreBins | None = None
    thresholds: tuple[float, ...] = ()
    from_rows: tuple[FromRows, ...] = ()
    regressions: tuple[Regression, ...] = ()
    attribution: Attribution | None = None
    kind_figures: tuple[KindFigure, ...] = ()


@dataclass(frozen=True)
class Released:
    """The released table of a whole audit. `minimum` is the smallest count that may be published, 0 for all."""

    minimum: int
    audit: AuditSpec
    analyses: tuple[ReleasedAnalysis, ...]
    notes: tuple[Message, ...] = ()
