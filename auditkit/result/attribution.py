"""What attribution finds, as frozen records: which variables carry a gap, and how that was worked out.

A part that is explained is not a part that is justified, and profiles that nobody has can arise when one variable
changes alone: `EXPLAINED` and `IMPOSSIBLE` travel with every result.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from auditkit.result.field_types import RECORD, Flag, Number, Sentence, Whole
from auditkit.text import say

__all__ = [
    "EXPLAINED",
    "IMPOSSIBLE",
    "TOGETHER",
    "Ablation",
    "Attribution",
    "Contribution",
    "Explainer",
    "Fidelity",
    "Flip",
    "GapSplit",
    "Need",
    "Part",
    "StandIn",
    "StandInInput",
    "Steps",
    "TwoFold",
]  # fmt: skip

EXPLAINED = say(
    "A part says which variable carries the gap, not that the gap is justified: whether a variable may count is a "
    "question of law and of purpose."
)
IMPOSSIBLE = say(
    "To see what one variable does, values of one person are put beside values of another: profiles that nobody has "
    "can arise."
)

TOGETHER = "auditkit: together"
"""The variable of a part that joins those in which few people differ."""

Status = Literal["computed", "suppressed", "not_computed"]
Figure = Literal["mean_score", "selection_rate", "mean_log_odds"]


@dataclass(frozen=True, config=RECORD)
class Explainer:
    """Which way the figures were worked out, on which scale, against which background, from how many rows.

    `name`: closed_form, drawn_pairs, tree_shap, sampling or regression. `scale`: score (as the agency uses it),
    log_odds or selection. `surrogate` is true where a model fitted to the scores stood for the real one.
    """

    name: Literal["closed_form", "drawn_pairs", "tree_shap", "sampling", "regression"]
    exact: Flag
    perturbation: Literal["interventional", "path_dependent", "none"]
    scale: Literal["score", "log_odds", "selection"]
    background: Literal["reference_group", "all_rows", "none"]
    rows: Whole
    surrogate: Flag = False


@dataclass(frozen=True, config=RECORD)
class Part:
    """What one variable carries of a gap.

    `lower` and `upper` hold what the same process would do to other people like these; `computing_error` is the
    half-width of what comes of working with drawn rows only (0 where all rows count). `nonzero` counts drawn pairs in
    which the variable moved the score. `topped_up`: pairs were added for a rare variable; `few`: fewer than 20.
    """

    variable: str
    value: Number | None
    lower: Number | None
    upper: Number | None
    computing_error: Number | None
    nonzero: Whole | None = None
    topped_up: Flag = False
    few: Flag = False


@dataclass(frozen=True, config=RECORD)
class GapSplit:
    """The gap of one group against its reference as parts by variable, which sum to it.

    `target` is the half-width that was aimed at, `reached` whether every part came under it. `thin` names variables in
    which fewer people than may be published differ from the rest; disclosure needs it and empties it.
    """

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    reference: tuple[str, ...]
    figure: Figure
    gap: Number | None
    parts: tuple[Part, ...]
    explainer: Explainer
    confidence: Number
    n: Number | None
    n_reference: Number | None
    target: Number | None = None
    reached: Flag = True
    unscored: Whole = 0
    thin: tuple[str, ...] = Field(default=(), exclude=True)
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True, config=RECORD)
class TwoFold:
    """Kitagawa, Oaxaca and Blinder: composition by variable at the reference's coefficients, treatment as one total."""

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    reference: tuple[str, ...]
    figure: Figure
    gap: Number | None
    composition: tuple[Part, ...]
    composition_total: Part
    treatment: Part
    left_out: tuple[str, ...]
    confidence: Number
    n: Number | None
    n_reference: Number | None
    thin: tuple[str, ...] = Field(default=(), exclude=True)
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True, config=RECORD)
class Contribution:
    """How far one variable moves the score of a person on average, up or down (mean absolute contribution).

    `half_width` is what comes of explaining some of the rows only, at the confidence of the audit; 0 for all rows.
    """

    variable: str
    mean_absolute: Number
    half_width: Number = 0.0


@dataclass(frozen=True, config=RECORD)
class Fidelity:
    """How well the model that was explained gives the scores of the audit.

    `r_squared`, `decisions_matched` (share) and `largest_difference`; for a surrogate out of sample, by folds.
    """

    surrogate: Flag
    kind: str
    r_squared: Number | None
    auc: Number | None
    decisions_matched: Number | None
    largest_difference: Number | None
    rows: Whole


@dataclass(frozen=True, config=RECORD)
class StandInInput:
    """What one input alone says of an attribute: its AUC."""

    variable: str
    auc: Number


@dataclass(frozen=True, config=RECORD)
class StandIn:
    """How well the inputs tell who belongs to a group: AUC out of sample, beside what permuted labels reach."""

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    auc: Number | None
    auc_lower: Number | None
    auc_upper: Number | None
    permuted_auc: Number | None
    permuted_highest: Number | None
    inputs: tuple[StandInInput, ...]
    rows: Whole
    folds: Whole
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True, config=RECORD)
class Flip:
    """One column changed alone from `before` to `after`: how many decisions move, and the score on average."""

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    variable: str
    before: str
    after: str
    rows: Whole | None
    selected_before: Whole | None
    gained: Whole | None
    lost: Whole | None
    mean_change: Number | None
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True, config=RECORD)
class Ablation:
    """A variable held at its reference value for everyone: what the score still tells, and how the gap changes."""

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    variable: str
    gap: Number | None
    gap_without: Number | None
    auc: Number | None
    auc_without: Number | None
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True, config=RECORD)
class Need:
    """What the model adds: outcomes found among the selected, against chance and the best rule on one variable."""

    share_selected: Number | None
    precision: Number | None
    base_rate: Number | None
    rule_precision: Number | None
    rule_variable: str | None
    rule: str | None
    rows: Whole | None
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True, config=RECORD)
class Steps:
    """Steps in which a worse situation gets the score of a better one, over every profile of a scorecard."""

    profiles: Whole
    steps: Whole
    backward: Whole
    losing: Whole


@dataclass(frozen=True, config=RECORD)
class Attribution:
    """All that one analysis finds out about why scores differ."""

    columns: tuple[str, ...]
    explainer: Explainer
    fidelity: Fidelity | None
    contributions: tuple[Contribution, ...]
    splits: tuple[GapSplit, ...]
    two_fold: tuple[TwoFold, ...]
    stand_ins: tuple[StandIn, ...] = ()
    flips: tuple[Flip, ...] = ()
    ablations: tuple[Ablation, ...] = ()
    need: Need | None = None
    steps: Steps | None = None
    notes: tuple[Sentence, ...] = ()
