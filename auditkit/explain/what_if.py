"""What if one thing were different: the attribute or its stand-in flipped, a variable taken away, a simpler rule used.

Each changes one column and nothing else, so it speaks of the rule, not of what would happen to a person: in life other
things change with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from auditkit.explain.drawn_pairs import Comparison
from auditkit.explain.mixing import Flags
from auditkit.explain.model_inputs import Floats, Inputs
from auditkit.explain.stand_ins import rank_auc
from auditkit.result.attribution import Ablation, Flip, Need

__all__ = ["ablate", "flip", "need"]

Score = Callable[[Inputs], Floats]


def flip(
    inputs: Inputs,
    score: Score,
    scores: Floats,
    selected: Callable[[Floats], Flags],
    one: Comparison,
    variable: str,
) -> Flip:
    """How many decisions move when `variable` alone takes, for people of the group, the reference's usual value?

    The usual value is the most frequent of the reference group where it has at most 16 values, else its median.
    """
    place = inputs.columns.index(variable)
    own = inputs.values[one.rows, place]
    usual = _usual(inputs.values[one.reference_rows, place])
    values = inputs.values[one.rows].copy()
    values[:, place] = usual
    moved = score(inputs.with_values(values))
    known = ~np.isnan(moved)
    before, after = selected(scores[one.rows][known]), selected(moved[known])
    change = moved[known] - scores[one.rows][known]
    return Flip(
        one.attributes, one.groups, variable, inputs.label(variable, _usual(own)), inputs.label(variable, usual),
        int(known.sum()), int(before.sum()), int((after & ~before).sum()), int((before & ~after).sum()),
        float(change.mean()) if len(change) else None,
    )  # fmt: skip


def _usual(values: Floats) -> float:
    known = values[~np.isnan(values)]
    if not len(known):
        return float("nan")
    distinct, counts = np.unique(known, return_counts=True)
    if len(distinct) <= 16:
        return float(distinct[int(np.argmax(counts))])
    return float(np.sort(known)[len(known) // 2])


def ablate(
    inputs: Inputs, score: Score, scores: Floats, outcome: Floats | None, comparisons: Sequence[Comparison],
    weight: Floats | None = None,
) -> tuple[Ablation, ...]:  # fmt: skip
    """What becomes of the gap, and of what the score tells, when a variable is held at one value for everyone?

    The value is the usual one of all rows. The model is not fitted anew: a new one could find the same in the other
    variables. `auc` is that of the outcome, where it is known.
    """
    found = []
    for place, variable in enumerate(inputs.columns):
        values = inputs.values.copy()
        values[:, place] = _usual(values[:, place])
        without = score(inputs.with_values(values))
        if np.isnan(without).any():
            continue
        auc, auc_without = _auc(scores, outcome), _auc(without, outcome)
        found += [
            Ablation(
                one.attributes, one.groups, variable, _gap(scores, one, weight), _gap(without, one, weight), auc,
                auc_without,
            )
            for one in comparisons
        ]  # fmt: skip
    return tuple(found)


def _gap(values: Floats, one: Comparison, weight: Floats | None) -> float:
    means = [
        float(np.average(values[rows], weights=None if weight is None else weight[rows]))
        for rows in (one.rows, one.reference_rows)
    ]
    return means[0] - means[1]


def _auc(scores: Floats, outcome: Floats | None) -> float | None:
    if outcome is None or not (outcome == 1).any() or not (outcome == 0).any():
        return None
    return rank_auc(scores[outcome == 1], scores[outcome == 0])


def need(inputs: Inputs, selected: Flags, outcome: Floats) -> Need:
    """What does the model find that chance and a rule on one variable do not?

    Precision is the share with the outcome among those selected; chance finds the base rate. The rule selects as many
    people by one variable alone, from its high or its low end, or by the values of a category in which the outcome is
    most frequent; it is chosen on one half of the rows and measured on the other, so that it does not flatter itself.
    Ties at the end of the rule are shared.
    """
    known = ~np.isnan(outcome)
    if not known.any() or not selected[known].any() or selected[known].all():
        reason = "no_outcome" if not known.any() else "nobody_selected"
        return Need(None, None, None, None, None, None, None, "not_computed", reason)
    y, chosen, values = outcome[known], selected[known], inputs.values[known]
    share = float(chosen.mean())
    half = np.arange(len(y)) % 2 == 0
    best: tuple[float, int, bool] | None = None
    for place in range(values.shape[1]):
        ranks = _ranks(values[:, place], y, half, inputs.columns[place] in inputs.labels)
        for high in (True, False):
            found = _precision(ranks[half] if high else -ranks[half], y[half], share)
            if best is None or found > best[0]:
                best = (found, place, high)
    assert best is not None
    _, place, high = best
    category = inputs.columns[place] in inputs.labels
    ranks = _ranks(values[:, place], y, half, category)
    measured = _precision(ranks[~half] if high else -ranks[~half], y[~half], share)
    rule = "values" if category else "highest" if high else "lowest"
    return Need(share, float(y[chosen].mean()), float(y.mean()), measured, inputs.columns[place], rule, len(y))


def _ranks(values: Floats, outcome: Floats, half: Flags, category: bool) -> Floats:
    """What a rule on one variable ranks by: the number itself, or the outcome's share by value in one half."""
    if not category:
        known = values[~np.isnan(values)]
        return np.where(np.isnan(values), np.median(known) if len(known) else 0.0, values)
    codes = np.where(np.isnan(values), -1, values).astype(np.int64) + 1
    count = np.bincount(codes[half], minlength=int(codes.max()) + 1)
    total = np.bincount(codes[half], weights=outcome[half], minlength=int(codes.max()) + 1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), 0.0)[codes])


def _precision(ranks: Floats, outcome: Floats, share: float) -> float:
    """The share with the outcome among the `share` of rows that rank highest, ties shared."""
    wanted = share * len(ranks)
    levels, where = np.unique(-ranks, return_inverse=True)
    count = np.bincount(where.ravel(), minlength=len(levels)).astype(np.float64)
    found = np.bincount(where.ravel(), weights=outcome, minlength=len(levels))
    before = np.concatenate(([0.0], np.cumsum(count)[:-1]))
    taken = np.clip((wanted - before) / count, 0.0, 1.0)
    return float((found * taken).sum() / (count * taken).sum())
