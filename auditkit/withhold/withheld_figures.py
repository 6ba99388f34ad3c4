"""Which figures of an analysis stand in which group, what each gives away, and in which order they are kept.

The size of a group comes first, then the primary measures, then the others in the order of the audit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditkit.measures import MEASURES, PRIMARY
from auditkit.measures.scores import Auc, Calibration, Mean
from auditkit.result import AnalysisResult, Estimate
from auditkit.withhold.figure_forms import EVERYBODY, SEEN, SUMS, given_away, subset, total_given_away
from auditkit.withhold.suppression_network import Network

__all__ = ["SIZE", "Offer", "offer"]

SIZE = "n"
"""The name under which the size of a group is kept or withheld."""

_BETWEEN_GROUPS = ("_difference", "_ratio")
_OF_ONE = ("under_predicted", "accurately_predicted", "over_predicted")
_POSITIVE = subset(("true_positive", "false_negative"))

Flags = NDArray[np.bool_]
Sets = NDArray[np.uint64]


@dataclass(frozen=True)
class Offer:
    """Nodes x figures: which exist, what each gives away (a set of sums), which rest on a small count.

    `of_total` holds, for each figure, the sum over everybody that it gives away (0: none); `together` says which are
    shown for all groups of a view or for none: one figure of them all (a difference that fairlearn takes), and the
    errors of a prediction, whose counts no line of the network holds.
    """

    figures: tuple[str, ...]
    exists: Flags
    gives: Sets
    small: Flags
    of_total: tuple[int, ...]
    together: tuple[bool, ...]
    column: dict[str, int]


def offer(analysis: AnalysisResult, net: Network, minimum: int) -> Offer:
    """The figures of an analysis as they could be published."""
    figures = (SIZE, *_in_order(analysis))
    column = {figure: i for i, figure in enumerate(figures)}
    shape = (len(net), len(figures))
    exists, small = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    gives = np.zeros(shape, dtype=np.uint64)
    for view in analysis.views:
        for group, size in zip(view.groups, view.n, strict=True):
            node = net.place.get((view.attributes, group))
            if node is not None and size is not None:
                exists[node, 0], gives[node, 0] = True, np.uint64(1 << EVERYBODY)
                small[node, 0] = size < minimum
    unseen = analysis.spec.observed == "when_selected"
    for estimate in analysis.estimates:
        node = net.place.get((estimate.attributes, estimate.groups))
        if node is None:
            continue
        i = column[estimate.measure]
        gives[node, i], small[node, i] = _one(estimate, net, node, minimum, unseen)
        exists[node, i] = True
    small[small[:, 0]] = True
    _shares_of_one(small, exists, column)
    of_total = tuple(total_given_away(MEASURES.get(figure)) for figure in figures)
    together = tuple(
        MEASURES[figure].data == "prediction" if figure in MEASURES else figure.endswith(_BETWEEN_GROUPS)
        for figure in figures
    )
    return Offer(figures, exists, gives, small & exists, of_total, together, column)


def _in_order(analysis: AnalysisResult) -> list[str]:
    spec = analysis.spec
    asked = list(dict.fromkeys(estimate.measure for estimate in analysis.estimates))
    primary = PRIMARY[spec.system.harm] if spec.primary == "default" else spec.primary
    return sorted(asked, key=lambda key: (key not in primary, asked.index(key)))


def _one(estimate: Estimate, net: Network, node: int, minimum: int, unseen: bool) -> tuple[np.uint64, bool]:
    """What one estimate gives away, and whether a count beneath it is small."""
    row = MEASURES.get(estimate.measure)
    sums = given_away(estimate.measure, unseen and estimate.status == "bounds")
    gives = np.uint64(sum(1 << part for part in sums))
    if row is not None and row.data == "prediction":
        return _of_prediction(estimate, net, node, minimum)
    if isinstance(row, (Mean, Auc, Calibration)):
        if estimate.n is None and not estimate.rows:
            return np.uint64(0), False
        whole = EVERYBODY if isinstance(row, Mean) else SEEN
        present = estimate.n if estimate.n is not None else sum(estimate.rows)
        missing = float(SUMS[whole] @ net.counts[node]) - present
        small = any(count < minimum for count in estimate.rows) or 0.5 < missing < minimum
        return (gives if abs(missing) <= 0.5 else np.uint64(0)), small
    of_group = [part for part in sums if part & ~net.structural]
    small = any(float(SUMS[part] @ net.counts[node]) < minimum for part in of_group)
    if not net.structural and not unseen:
        small |= any(count < minimum for count in estimate.rows)
    return gives, bool(small)


def _of_prediction(estimate: Estimate, net: Network, node: int, minimum: int) -> tuple[np.uint64, bool]:
    """Its counts are in no class: who is predicted too low, and who has both numbers, is told by the figure itself."""
    whole = EVERYBODY if not estimate.measure.endswith("_of_positives") else _POSITIVE
    present = sum(estimate.rows)
    missing = float(SUMS[whole] @ net.counts[node]) - present
    small = any(count < minimum for count in estimate.rows) or 0.5 < missing < minimum
    return (np.uint64(1 << whole) if abs(missing) <= 0.5 else np.uint64(0)), small


def _shares_of_one(small: Flags, exists: Flags, column: dict[str, int]) -> None:
    """Those predicted too low, near and too high add up to all, so that none of the three is withheld alone."""
    places = [column[key] for key in _OF_ONE if key in column]
    if places:
        small[:, places] = small[:, places].any(axis=1, keepdims=True) & exists[:, places]
