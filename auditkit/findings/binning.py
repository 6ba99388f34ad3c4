"""What counting scores in bins can have done to the AUC: nothing but turn pairs of people into ties.

A pair, one person with the outcome and one without, that falls into one bin counts as half; it may be worth 0 or 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from auditkit.counts.count_table import Tabulation
from auditkit.findings.group_views import View
from auditkit.findings.score_measures import ScoreCounts, score_counts
from auditkit.spec import AuditSpec

__all__ = ["BINNING_ERROR", "binning_facts", "largest_error"]

BINNING_ERROR = "auc_binning_error"

_FEWEST = 20
_POSITIVE, _NEGATIVE = [0, 3], [1, 4]


def binning_facts(tabulation: Tabulation, views: Iterable[View | None], spec: AuditSpec) -> dict[str, float]:
    """The largest error of any AUC of everyone or of a group of one attribute, rounded up to two digits.

    Groups with under 20 people (or under the minimum that is published) with or without the outcome are left out.
    Nothing where each score is a bin by itself, or where no AUC can be had.
    """
    if tabulation.scale is None or tabulation.scale.exact or spec.observed == "when_selected":
        return {}
    fewest = max(_FEWEST, spec.publish.minimum_count)
    single = [one for one in views if one is not None and not one.crossed]
    counted = [score_counts(tabulation, one, spec, outcomes=True) for one in single]
    errors = [largest_error(counts, fewest) for counts in counted if counts is not None]
    worst = max((error for error in errors if error is not None), default=0.0)
    return {BINNING_ERROR: _up(worst)} if worst > 0 else {}


def largest_error(counts: ScoreCounts, fewest: int) -> float | None:
    """How far the AUC of any group can be from that of its unbinned scores: half the share of tied pairs.

    None where no group has `fewest` people of either kind.

    >>> rows = np.zeros((1, 2, 6))
    >>> rows[0, :, 0], rows[0, :, 1] = [30, 10], [10, 30]
    >>> counts = ScoreCounts(rows, rows, rows, rows[:, 0], rows[:, 0])
    >>> largest_error(counts, 20)  # (30 * 10 + 10 * 30) / (40 * 40) / 2
    0.1875
    """
    positive, negative = (counts.weights[..., kind].sum(axis=-1) for kind in (_POSITIVE, _NEGATIVE))
    enough = np.logical_and.reduce(
        [counts.rows[..., kind].sum(axis=(1, 2)) >= fewest for kind in (_POSITIVE, _NEGATIVE)]
    )
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
