"""What joined score steps still allow: a figure of few steps would err by more than its interval says.

Each group joins the steps of the grid for itself (see `auditkit.protect.score_steps`), so a chart may only cut a group
where one of its own steps begins.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from auditkit.measures.estimates import Estimates
from auditkit.protect.released import Steps

__all__ = ["FEWEST_STEPS", "begins_at", "with_enough_steps"]

FEWEST_STEPS = 12
"""An AUC or calibration from fewer joined steps errs by more than a third of its standard error."""


def with_enough_steps(found: Estimates, steps: Steps, every: bool = False) -> Estimates:
    """The figures of groups whose score is known finely enough; the others say `too_few_steps`, or `withheld`.

    Enough are 12 steps, or each value of the score by itself; with `every`, only the whole grid.
    """
    if steps.begins is None:
        return found
    own = steps.begins.sum(axis=1)
    whole = own == steps.begins.shape[1]
    enough = whole if every else (own >= FEWEST_STEPS) | (whole & steps.exact)
    if enough.all():
        return found
    reason = np.array(found.reason, dtype=object)
    reason[~enough] = "too_few_steps"
    reason[own == 0] = "withheld"

    def kept(array: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(enough, array, np.nan)

    return replace(
        found, value=kept(found.value), lower=kept(found.lower), upper=kept(found.upper), n=kept(found.n),
        numerator=kept(found.numerator), denominator=kept(found.denominator), reason=reason,
        rows=tuple(kept(rows) for rows in found.rows),
    )  # fmt: skip


def begins_at(steps: Steps, step: int) -> NDArray[np.bool_]:
    """Which groups may be cut before this step of the grid: where one of their own begins, or at the end."""
    shown: NDArray[np.bool_] = np.ones(len(steps.rows), dtype=bool)
    if steps.begins is None:
        return shown
    shown = np.asarray(steps.begins.any(axis=1), dtype=bool)
    return np.asarray(shown if step >= steps.begins.shape[1] else shown & steps.begins[:, step], dtype=bool)
