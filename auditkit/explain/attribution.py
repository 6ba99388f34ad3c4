"""What attribution finds, as frozen records: which variables carry a gap, and how that was worked out.

A part that is explained is not a part that is justified, and profiles that nobody has can arise when one variable
changes alone: `EXPLAINED` and `IMPOSSIBLE` travel with every result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditkit.text import Message, say

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


@dataclass(frozen=True)
class Explainer:
    """Which way the figures were worked out, on which scale, against which background, from how many rows.

    `name`: closed_form, drawn_pairs, tree_shap, sampling or regression. `scale`: score (as the agency uses it),
    log_odds or selection. `surrogate` is true where a model fitted to the scores stood for the real one.
    """

    name: Literal["closed_form", "drawn_pairs", "tree_shap", "sampling", "regression"]
    exact: bool
    perturbation: Literal["interventional", "path_dependent", "none"]
    scale: Literal["score", "log_odds", "selection"]
    background: Literal["reference_group", "all_rows", "none"]
    rows: int
    surrogate: bool = False


@dataclass(frozen=True)
class Part:
    """What one variable carries of a gap.

    `lower` and `upper` hold what the same process would do to other people like these; `computing_error` is the
    half-width of what comes of working with drawn rows only (0 where all rows count). `nonzero` counts drawn pairs in
    which the variable moved the score. `topped_up`: pairs were added for a rare variable; `few`: fewer than 20.
    """

    variable: str
    value: float | None
    lower: float | None
    upper: float | None
    computing_error: float | None
    nonzero: int | None = None
    topped_up: bool = False
    few: bool = False


@dataclass(frozen=True)
class GapSplit:
    """The gap of one group against its reference as parts by variable, which sum to it.

    `target` is the half-width that was aimed at, `reached` whether every part came under it. `thin` names variables in
    which fewer people than may be published differ from the rest; disclosure needs it and empties it.
    """

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    reference: tuple[str, ...]
    figure: Figure
    gap: float | None
    parts: tuple[Part, ...]
    explainer: Explainer
    confidence: float
    n: float | None
    n_reference: float | None
    target: float | None = None
    reached: bool = True
    unscored: int = 0
    thin: tuple[str, ...] = ()
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True)
class TwoFold:
    """Kitagawa, Oaxaca and Blinder: composition by variable at the reference's coefficients, treatment as one total."""

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    reference: tuple[str, ...]
    figure: Figure
    gap: float | None
    composition: tuple[Part, ...]
    composition_total: Part
    treatment: Part
    left_out: tuple[str, ...]
    confidence: float
    n: float | None
    n_reference: float | None
    thin: tuple[str, ...] = ()
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True)
class Contribution:
    """How far one variable moves the score of a person on average, up or down (mean absolute contribution).

    `half_width` is what comes of explaining some of the rows only, at the confidence of the audit; 0 for all rows.
    """

    variable: str
    mean_absolute: float
    half_width: float = 0.0


@dataclass(frozen=True)
class Fidelity:
    """How well the model that was explained gives the scores of the audit.

    `r_squared`, `decisions_matched` (share) and `largest_difference`; for a surrogate out of sample, by folds.
    """

    surrogate: bool
    kind: str
    r_squared: float | None
    auc: float | None
    decisions_matched: float | None
    largest_difference: float | None
    rows: int


@dataclass(frozen=True)
class StandInInput:
    """What one input alone says of an attribute: its AUC."""

    variable: str
    auc: float


@dataclass(frozen=True)
class StandIn:
    """How well the inputs tell who belongs to a group: AUC out of sample, beside what permuted labels reach."""

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    auc: float | None
    auc_lower: float | None
    auc_upper: float | None
    permuted_auc: float | None
    permuted_highest: float | None
    inputs: tuple[StandInInput, ...]
    rows: int
    folds: int
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True)
class Flip:
    """One column changed alone from `before` to `after`: how many decisions move, and the score on average."""

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    variable: str
    before: str
    after: str
    rows: int | None
    selected_before: int | None
    gained: int | None
    lost: int | None
    mean_change: float | None
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True)
class Ablation:
    """A variable held at its reference value for everyone: what the score still tells, and how the gap changes."""

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    variable: str
    gap: float | None
    gap_without: float | None
    auc: float | None
    auc_without: float | None
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True)
class Need:
    """What the model adds: outcomes found among the selected, against chance and the best rule on one variable."""

    share_selected: float | None
    precision: float | None
    base_rate: float | None
    rule_precision: float | None
    rule_variable: str | None
    rule: str | None
    rows: int | None
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True)
class Steps:
    """Steps in which a worse situation gets the score of a better one, over every profile of a scorecard."""

    profiles: int
    steps: int
    backward: int
    losing: int


@dataclass(frozen=True)
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
    notes: tuple[Message, ...] = ()
