"""The count table, the hub of the house: how many people of each group were selected, and what came of it.

Everything after this room works on counts. A cell is personal data until disclosure has run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.result import RowAccount, ScoreBins

__all__ = ["COUNTS", "NOT_STATED", "Cells", "Clusters", "Levels", "Tabulation"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NOT_STATED = ""
"""The level of an attribute under which rows without a value are counted; always the last level."""

COUNTS = (
    "true_positive",
    "false_positive",
    "selected_unseen",
    "false_negative",
    "true_negative",
    "not_selected_unseen",
)
"""The last axis of every array of counts: selected or not, by outcome positive, negative or unseen."""


@dataclass(frozen=True)
class Levels:
    """The values that one attribute or stratum takes in the cells, sorted (bins in their order), NOT_STATED last."""

    name: str
    values: tuple[str, ...]

    @property
    def stated(self) -> tuple[str, ...]:
        """The values that people gave."""
        return tuple(value for value in self.values if value != NOT_STATED)


@dataclass(frozen=True)
class Cells:
    """One joint count. Every array has one entry a cell; cells are sorted by levels, then by the rest.

    `codes[name]` is the level of each attribute and stratum; `selected` is 0 or 1; `outcome` is 1, 0 or -1
    (unseen); `arm` is 1 for rows drawn at random (all 0 without an arm); `score_bin` is -1 where rows
    carry no score or the cells are not split by score. `n` counts rows; `weight` is their summed weight (equal to
    n without weights), `weight_squared` the sum of squares. Scores are summed weighted, and so are outcomes that
    are numbers (`outcome_sum`), over the rows that have one, whose weight is `outcome_weight`.
    Where ties share the last places of a cut, n may have decimals.
    From published counts with hidden or rounded numbers, `lower` and `upper` hold what n may be
    (`upper` may be infinite) and `n` is NaN where they differ. `size_lower` and `size_upper` are then what a cell adds
    to the size of its group: where the total of a group was published, more is known than the sum of its cells says.
    """

    levels: tuple[Levels, ...]
    codes: dict[str, Integers]
    selected: Integers
    outcome: Integers
    arm: Integers
    score_bin: Integers
    n: Floats
    weight: Floats
    weight_squared: Floats
    score_sum: Floats | None = None
    score_squared: Floats | None = None
    outcome_weight: Floats | None = None
    outcome_sum: Floats | None = None
    outcome_squared: Floats | None = None
    score_outcome_sum: Floats | None = None
    lower: Floats | None = None
    upper: Floats | None = None
    size_lower: Floats | None = None
    size_upper: Floats | None = None

    def __len__(self) -> int:
        return len(self.n)

    @property
    def names(self) -> tuple[str, ...]:
        """The attributes and strata that these cells are split by."""
        return tuple(level.name for level in self.levels)

    def level(self, name: str) -> Levels:
        """The levels of one attribute or stratum."""
        return next(level for level in self.levels if level.name == name)


@dataclass(frozen=True)
class Clusters:
    """The same count by cluster: `cluster` numbers the 0..count-1 clusters (or buckets of them)."""

    cells: Cells
    cluster: Integers
    count: int


@dataclass(frozen=True)
class Tabulation:
    """All the counts of one analysis.

    `joint` holds tables of linked attributes (one for rows; one for each unlinked attribute of published counts).
    `score` holds tables split by score bin, each for the attributes it names: the joint table itself where that is
    small enough, else one for each view. `scale` says how scores were binned. `facts` carries what
    intake found and the report must say: `threshold` (the cut really used), `top_wanted`, `top_selected`,
    `score_minimum`, `score_maximum`.
    `stages` holds, for each stage of a chain, the cells of those who reached it (selected = passed it).
    """

    joint: tuple[Cells, ...]
    account: RowAccount
    score: tuple[Cells, ...] = ()
    scale: ScoreBins | None = None
    clusters: Clusters | None = None
    stages: tuple[Cells, ...] = ()
    weighted: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def plain_facts(self) -> dict[str, float | str | None]:
        """The facts that the report says as they are: thresholds, cuts, the ends of the score."""
        facts = sorted(self.facts.items())
        return {key: value for key, value in facts if value is None or isinstance(value, (int, float, str))}

    def table(self, names: tuple[str, ...]) -> Cells | None:
        """The joint table that holds all these attributes; None where they are not linked."""
        return next((cells for cells in self.joint if set(names) <= set(cells.names)), None)

    def score_table(self, names: tuple[str, ...]) -> Cells | None:
        """The smallest table with score bins that holds all these attributes."""
        found = [cells for cells in self.score if set(names) <= set(cells.names)]
        return min(found, key=len) if found else None
