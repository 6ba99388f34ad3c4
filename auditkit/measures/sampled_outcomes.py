"""A random arm drawn from a population of known size: what it says of all those who were not selected.

The selected rows are everyone who was selected; the arm is a sample of the whole population, selected or not. So the
size of a group and its people with the outcome are estimated from the arm, and what the selection found is taken off.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from auditkit.protect.released import CLASSES, Bounds, GroupCounts, Sampled

if TYPE_CHECKING:
    from auditkit.measures.measure import Measure

__all__ = ["estimated", "of_population", "worth"]

Floats = NDArray[np.float64]


def estimated(selected: Floats, arm: Floats, population: float) -> Floats:
    """How many of each group are selected and not, with and without the outcome, in the whole population?

    `selected` and `arm` end in groups x 3: with the outcome, without it, outcome unseen. Group size: the whole people
    in population * arm rows of the group / arm rows. With the outcome: that size * the arm's share with it; less those
    found among the selected. The result ends in groups x 6 (the order of COUNTS). Where the arm shows no outcome of a
    group, or less than the selection found, those not selected are unseen. Source: Lighthouse Reports and Svenska
    Dagbladet, Sweden's Suspicion Machine, 2024.

    >>> selected = np.array([[40.0, 60, 0], [10, 90, 0]])
    >>> arm = np.array([[30.0, 70, 0], [20, 180, 0]])
    >>> estimated(selected, arm, 3000.0)[0].tolist()
    [40.0, 60.0, 0.0, 260.0, 640.0, 0.0]
    """
    rows = arm.sum(axis=(-1, -2))[..., None]
    known = arm[..., 0] + arm[..., 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        size = np.floor(population * arm.sum(axis=-1) / rows + 1e-9)
        seen = size - selected[..., 2]
        positive = seen * (arm[..., 0] / known)
        missed, spared = positive - selected[..., 0], seen - positive - selected[..., 1]
    lost = ~((known > 0) & (missed >= 0) & (spared >= 0))
    rest = np.where(np.isfinite(size), np.maximum(size - selected.sum(axis=-1), 0.0), 0.0)
    unselected = np.stack(
        [np.where(lost, 0.0, missed), np.where(lost, 0.0, spared), np.where(lost, rest, 0.0)], axis=-1
    )
    return np.concatenate([selected, unselected], axis=-1)


def of_population(counts: GroupCounts, arm: GroupCounts, population: int) -> GroupCounts:
    """The counts of the whole population: `counts` are all rows, `arm` those drawn at random (same groups)."""
    drawn = arm.rows[..., 3:]
    weights = estimated(counts.rows[..., :3], drawn, float(population))
    rows, squares = counts.rows.copy(), counts.rows.copy()
    rows[..., 3:] = drawn
    with np.errstate(invalid="ignore", divide="ignore"):
        squares[..., 3:] = np.where(drawn > 0, weights[..., 3:] ** 2 / drawn, 0.0)
    sampled = Sampled(drawn, float(drawn.sum()), float(population))
    return replace(counts, counts=Bounds.of(rows), weights=weights, squares=squares, weighted=True, sampled=sampled)


def worth(counts: GroupCounts, measure: Measure) -> Floats:
    """How many rows an estimated rate is worth: p(1-p) over its variance by the delta method.

    With d the change of the rate for one more person of a class, and a, b the shares of the arm that are of the group
    with and without the outcome: var = TP (d_TP - d_FN)^2 + FP (d_FP - d_TN)^2 + N^2/m (a d_FN^2 + b d_TN^2 - (a d_FN +
    b d_TN)^2), N the population and m the arm's rows. Empty classes are given half a row: none seen is not none.
    """
    sampled = counts.sampled
    assert sampled is not None
    selected = np.maximum(counts.rows[..., :2], 0.5)
    arm = np.maximum(sampled.arm[..., :2], 0.5)
    with np.errstate(invalid="ignore", divide="ignore"):
        people = counts.weights[..., :5].copy()
        people[..., :2] = np.maximum(people[..., :2], 0.5)
        people[..., 3:] = np.maximum(people[..., 3:], 0.5)
        inside = np.array([name in measure.denominator for name in CLASSES[:5]], dtype=float)
        cases = np.array([name in measure.numerator for name in CLASSES[:5]], dtype=float)
        total = (people * inside).sum(axis=-1)
        p = (people * cases).sum(axis=-1) / total
        d = (cases - p[..., None]) * inside / total[..., None]
        found = selected[..., 0] * (d[..., 0] - d[..., 3]) ** 2 + selected[..., 1] * (d[..., 1] - d[..., 4]) ** 2
        a, b = arm[..., 0] / sampled.rows, arm[..., 1] / sampled.rows
        mean = a * d[..., 3] + b * d[..., 4]
        spread = sampled.population**2 / sampled.rows * (a * d[..., 3] ** 2 + b * d[..., 4] ** 2 - mean**2)
        size: Floats = p * (1 - p) / (found + spread)
    return size
