"""How well the inputs tell who belongs to a group: a model may use an attribute without ever being given it.

AUC out of sample over folds, beside what the same trees reach when the labels are permuted: with few people even
chance looks like knowledge, so the baseline is measured, not assumed to be 0.5.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from auditkit.explain.model_inputs import Floats, Inputs, Integers
from auditkit.explain.surrogate import one_thread
from auditkit.result.attribution import StandIn, StandInInput

__all__ = ["rank_auc", "stand_in", "telling_inputs"]

_FOLDS = 5
_PERMUTATIONS = 3
_ROWS = 10_000
_FEWEST = 50


def rank_auc(positive: Floats, negative: Floats) -> float:
    """The share of pairs in which the positive has the higher number, ties half (Mann-Whitney).

    >>> rank_auc(np.array([2.0, 3.0]), np.array([1.0, 2.0]))
    0.875
    """
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left") + np.searchsorted(ordered, positive, side="right")
    return float(below.mean() / 2 / len(negative))


def stand_in(
    inputs: Inputs,
    attributes: tuple[str, ...],
    groups: tuple[str, ...],
    member: Integers,
    others: Integers,
    left_out: tuple[str, ...] = (),
    seed: int = 1,
    confidence: float = 0.95,
) -> StandIn:
    """How well do the inputs tell the rows `member` from `others`? `left_out` are inputs that are the attribute itself.

    The interval is Hanley and McNeil's. Under 50 rows on either side nothing is computed. At most 10,000 rows, drawn
    with the seed, are used.
    """
    names = tuple(name for name in inputs.columns if name not in left_out)
    few = min(len(member), len(others)) < _FEWEST
    if few or not names:
        reason = "few_cases" if few else "no_inputs"
        return StandIn(attributes, groups, None, None, None, None, None, (), 0, 0, "not_computed", reason)
    draw = np.random.default_rng(seed)
    half = _ROWS // 2
    member = member if len(member) <= half else np.sort(draw.choice(member, half, replace=False))
    others = others if len(others) <= half else np.sort(draw.choice(others, half, replace=False))
    kept = inputs.narrowed(names)
    x = kept.values[np.concatenate((member, others))]
    y = np.repeat([1, 0], [len(member), len(others)])
    with one_thread():
        auc = _out_of_sample(kept, x, y, seed)
        permuted = [_out_of_sample(kept, x, draw.permutation(y), seed + i) for i in range(_PERMUTATIONS)]
    lower, upper = _interval(auc, len(member), len(others), confidence)
    return StandIn(
        attributes, groups, auc, lower, upper, float(np.mean(permuted)), float(np.max(permuted)),
        _by_input(kept, x, y), len(y), _FOLDS,
    )  # fmt: skip


def telling_inputs(inputs: Inputs, member: Integers, others: Integers) -> tuple[StandInInput, ...]:
    """What each input alone says of who is a member, the strongest first, at most ten."""
    y = np.repeat([1, 0], [len(member), len(others)])
    return _by_input(inputs, inputs.values[np.concatenate((member, others))], y)


def _out_of_sample(inputs: Inputs, x: Floats, y: Any, seed: int) -> float:
    """The AUC over folds: each row is ranked by trees that have not seen it, within its fold."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold

    categories = [name in inputs.labels and len(inputs.labels[name]) <= 255 for name in inputs.columns]
    total = 0.0
    for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(x, y):
        trees = HistGradientBoostingClassifier(
            max_iter=40, max_leaf_nodes=15, random_state=seed,
            categorical_features=categories if any(categories) else None,
        )  # fmt: skip
        found = trees.fit(x[train], y[train]).predict_proba(x[test])[:, 1]
        total += rank_auc(found[y[test] == 1], found[y[test] == 0])
    return total / _FOLDS


def _by_input(inputs: Inputs, x: Floats, y: Any) -> tuple[StandInInput, ...]:
    """What each input alone says, the strongest first: the AUC of its bins' shares, never under 0.5.

    A number is ranked as it is; a category by the share of members among its values.
    """
    found = []
    for place, name in enumerate(inputs.columns):
        values = x[:, place]
        codes, where = np.unique(values, return_inverse=True)
        if name in inputs.labels or np.isnan(values).any():
            shares = np.bincount(where.ravel(), weights=y) / np.bincount(where.ravel())
            values = shares[where.ravel()]
        auc = rank_auc(values[y == 1], values[y == 0]) if len(codes) > 1 else 0.5
        found.append(StandInInput(name, max(auc, 1.0 - auc)))
    return tuple(sorted(found, key=lambda one: (-one.auc, one.variable))[:10])


def _interval(auc: float, members: int, others: int, confidence: float) -> tuple[float, float]:
    from scipy.special import ndtri

    one, two = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = (auc * (1 - auc) + (members - 1) * (one - auc**2) + (others - 1) * (two - auc**2)) / (members * others)
    reach = float(ndtri((1 + confidence) / 2)) * max(variance, 0.0) ** 0.5
    return max(0.0, auc - reach), min(1.0, auc + reach)
