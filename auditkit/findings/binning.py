"""What counting scores in bins can have done to the AUC: nothing but turn pairs of people into ties.

A pair, one person with the outcome and one without, that falls into one bin counts as half; it may be worth 0 or 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from auditkit.measures.joined_steps import FEWEST_STEPS
from auditkit.measures.scores import judged_steps
from auditkit.protect.released import NEGATIVE, POSITIVE, ReleasedView, Steps
from auditkit.spec import AuditSpec

__all__ = ["BINNING_ERROR", "binning_facts", "largest_error"]

BINNING_ERROR = "auc_binning_error"

_FEWEST = 20


def binning_facts(views: Iterable[ReleasedView], spec: AuditSpec) -> dict[str, float]:
    """The largest error of any AUC of everyone or of a group of one attribute, rounded up to two digits.

    Groups with under 20 people (or under the minimum that is published) with or without the outcome are left out.
    Nothing where each score is a bin by itself, or where no AUC can be had.
    """
    if spec.observed == "when_selected":
        return {}
    fewest = max(_FEWEST, spec.publish.minimum_count)
    stepped = [judged_steps(one, spec) for one in views if not one.crossed]
    errors = [largest_error(steps, fewest) for steps in stepped if steps is not None and not steps.exact]
    worst = max((error for error in errors if error is not None), default=0.0)
    return {BINNING_ERROR: _up(worst)} if worst > 0 else {}


def largest_error(steps: Steps, fewest: int) -> float | None:
    """How far the AUC of any group can be from that of its unbinned scores: half the share of tied pairs.

    None where no group has `fewest` people of either kind.

    >>> rows = np.zeros((1, 2, 6))
    >>> rows[0, :, 0], rows[0, :, 1] = [30, 10], [10, 30]
    >>> edges = np.array([0.0, 1.0])
    >>> largest_error(Steps(edges, edges, False, rows, rows, rows, rows, rows), 20)  # 600 tied pairs of 1600, halved
    0.1875
    """
    positive, negative = (steps.weights[..., kind].sum(axis=-1) for kind in (POSITIVE, NEGATIVE))
    enough = np.logical_and.reduce([steps.rows[..., kind].sum(axis=(1, 2)) >= fewest for kind in (POSITIVE, NEGATIVE)])
    if steps.begins is not None:  # of joined steps only those from which an AUC is taken
        enough = enough & (steps.begins.sum(axis=1) >= FEWEST_STEPS)
    if not enough.any():
        return None
    pairs = positive.sum(axis=-1) * negative.sum(axis=-1)
    return float(((positive * negative).sum(axis=-1)[enough] / pairs[enough]).max() / 2)


def _up(value: float) -> float:
    """Rounded up to two digits.

    >>> _up(0.0024311)
    0.0025
    """
    decimals = 1 - math.floor(math.log10(value))
    return round(math.ceil(round(value * 10.0**decimals, 6)) / 10.0**decimals, decimals)
