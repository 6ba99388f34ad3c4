"""What another rule would do to whom, from released counts: people, right and wrong selections, today beside it.

Each rule that cannot be learnt from counts stands in the rows' own figures (auditkit.kinds.policies).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from auditkit.kinds.policy_figures import policy_figures
from auditkit.protect.released import Released, ReleasedAnalysis, ReleasedView, Steps
from auditkit.result import KindFigure
from auditkit.spec.policy_spec import Policy
from auditkit.spec.selected_end import lower_is_selected

__all__ = ["figures_of_counts"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_TODAY = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])


def figures_of_counts(released: Released) -> Iterator[KindFigure]:
    """Of today and of each rule that counts can tell: figures of everyone and of each group of single attributes."""
    main = released.analyses[0]
    views = [view for view in (main.everyone, *main.views) if view is not None and len(view.names) < 2]
    views = [view for view in views if len(view.everyone)]
    if main.spec.weight is not None or main.spec.cluster is not None:
        yield from (_none(view, "0", "pair_of_options") for view in views)
        return
    for view in views:
        yield from _of_rule(view, "0", _classes(view), _TODAY[None, None], released)
    for number, policy in enumerate(released.audit.policies or [], 1):
        if not policy.is_fitted:
            yield from _of_policy(main, views, str(number), policy, released)


def _of_policy(
    main: ReleasedAnalysis, views: Sequence[ReleasedView], level: str, policy: Policy, released: Released
) -> Iterator[KindFigure]:
    """One rule in every view, then one common threshold that selects as many, where the rule is none itself."""
    everyone = next((view for view in views if not view.names), views[0])
    if policy.draw is not None:
        share = 0.0 if policy.draw == "nobody" else _selected(everyone) / max(1.0, _people(everyone))
        for view in views:
            rows = _classes(view)
            yield from _of_rule(view, level, rows, np.full(rows.shape, share), released)
        if policy.draw == "random":
            yield from _common(main, views, level, _selected(everyone), released)
        return
    if everyone.scores is None:
        yield from (_none(view, level, _no_steps(released)) for view in views)
        return
    if policy.threshold is None:
        wanted = float(policy.top or 0) or np.ceil((policy.top_share or 0.0) * everyone.scores.rows.sum())
        yield from _common(main, views, level, wanted, released, same="")
    elif isinstance(policy.threshold, dict):
        yield from _by_group(main, views, level, policy, released)
    else:
        for view in views:
            assert view.scores is not None or not view.names
            yield from _at(view, level, policy.threshold, released)


def _at(view: ReleasedView, level: str, threshold: float, released: Released) -> Iterator[KindFigure]:
    if view.scores is None:
        yield _none(view, level, _no_steps(released))
        return
    chosen = _beyond(view.scores, threshold, lower_is_selected(released.audit))
    part = np.broadcast_to(chosen[None, :, None], view.scores.rows.shape).astype(float)
    yield from _of_rule(view, level, view.scores.rows, part, released, _cut_in(view.scores, chosen))


def _by_group(
    main: ReleasedAnalysis, views: Sequence[ReleasedView], level: str, policy: Policy, released: Released
) -> Iterator[KindFigure]:
    """Thresholds by group, told for the groups of that attribute and for all of them together."""
    view = next(view for view in views if view.names == (policy.by,))
    scores = view.scores
    assert isinstance(policy.threshold, dict)
    if scores is None:
        yield _none(view, level, _no_steps(released))
        return
    low = lower_is_selected(released.audit)
    part, known = np.zeros(scores.rows.shape), np.zeros(len(view.everyone), dtype=bool)
    for place, group in enumerate(view.everyone.groups):
        threshold = policy.threshold.get(group[0])
        if threshold is None:  # as today
            part[place] = _TODAY
            known[place] = scores.begins is None or bool(_by_today(scores, released)[1][place])
        else:
            chosen = _beyond(scores, threshold, low)
            part[place] = chosen[:, None]
            known[place] = _cut_in(scores, chosen)[place]
    yield from _of_rule(view, level, scores.rows, part, released, known)
    rows, moves = (scores.rows, known) if scores.begins is None else _by_today(scores, released)
    wanted = float((rows * part).sum())
    if known.all() and moves.all():
        yield from policy_figures(level, (), (), rows.reshape(-1, 6), part.reshape(-1, 6), released.audit)
        yield from _common(main, views, level, wanted, released)


def _common(
    main: ReleasedAnalysis, views: Sequence[ReleasedView], level: str, wanted: float, released: Released,
    same: str = " common",
) -> Iterator[KindFigure]:  # fmt: skip
    """One threshold for all that selects so many: the last places are drawn among those on the same step."""
    everyone = next((view for view in views if not view.names), None)
    if everyone is None or everyone.scores is None:
        return
    steps = everyone.scores.rows.sum(axis=(0, 2))
    low = lower_is_selected(released.audit)
    order = steps if low else steps[::-1]
    before = np.concatenate(([0.0], np.cumsum(order)[:-1]))
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.clip(np.nan_to_num((wanted - before) / order), 0.0, 1.0)
    part = part if low else part[::-1]
    for view in views:
        if view.scores is None:
            continue
        whole = np.broadcast_to(part[None, :, None], view.scores.rows.shape)
        known = _cut_in(view.scores, part > 0) & _cut_in(view.scores, part >= 1)
        yield from _of_rule(view, level + same, view.scores.rows, whole, released, known)


def _of_rule(
    view: ReleasedView, level: str, rows: Floats, part: Floats, released: Released, known: Flags | None = None
) -> Iterator[KindFigure]:
    """`rows` are groups x steps x 6, `part` the share of each that the rule selects."""
    part = np.broadcast_to(part, rows.shape)
    moves = np.ones(len(rows), dtype=bool)
    if view.scores is not None and view.scores.begins is not None and rows is view.scores.rows:
        rows, moves = _by_today(view.scores, released)
    for place, group in enumerate(view.everyone.groups):
        if np.isnan(rows[place]).any() or (known is not None and not known[place]):
            yield KindFigure(
                "policies", "selected", view.names, group, None, level=level, status="suppressed", reason="withheld"
            )
            continue
        without = _unscored(view.everyone.rows[place], rows[place], bool(moves[place]))
        every = np.concatenate((rows[place], without[None, :]))
        shares = np.concatenate((part[place], np.zeros((1, 6))))
        figures = policy_figures(level, view.names, group, every, shares, released.audit)
        yield from (one for one in figures if moves[place] or one.item not in ("newly", "no_longer"))


def _unscored(everyone: Floats, scored: Floats, moves: bool) -> Floats:
    """Those of a group who have no score: no rule by the score selects them."""
    left = np.nan_to_num(everyone) - scored.sum(axis=0)
    if not moves:  # who is selected today is not known step by step
        left = np.concatenate((np.zeros(3), left[:3] + left[3:]))
    return np.asarray(left.clip(0.0), dtype=np.float64)


def _by_today(scores: Steps, released: Released) -> tuple[Floats, Flags]:
    """Released steps are by outcome alone: who of them is selected today follows where that is a cut of the score.

    Returns rows, and of which groups the cut is known; of the others nobody stands as selected today.
    """
    heard = scores.rows[..., :3] + scores.rows[..., 3:]
    threshold = released.analyses[0].facts.get("threshold")
    selected = released.audit.selected
    by_score = selected is not None and selected.column is None
    if not by_score or not isinstance(threshold, (int, float)):
        return np.concatenate((np.zeros_like(heard), heard), axis=-1), np.zeros(len(heard), dtype=bool)
    chosen = _beyond(scores, float(threshold), lower_is_selected(released.audit))
    known = _cut_in(scores, chosen)
    today = chosen[None, :, None] & known[:, None, None]
    return np.concatenate((heard * today, heard * ~today), axis=-1), known


def _none(view: ReleasedView, level: str, reason: str) -> KindFigure:
    return KindFigure("policies", "selected", view.names, (), None, level=level, status="not_computed", reason=reason)


def _no_steps(released: Released) -> str:
    """Why there are no steps of a score: nobody has one, or none may be shown."""
    return "withheld" if released.minimum > 0 and released.audit.score is not None else "no_score"


def _classes(view: ReleasedView) -> Floats:
    return view.everyone.rows[:, None, :]


def _selected(view: ReleasedView) -> float:
    return float(view.everyone.rows[:, :3].sum())


def _people(view: ReleasedView) -> float:
    return float(view.everyone.rows.sum())


def _beyond(scores: Steps, threshold: float, low: bool) -> Flags:
    return np.asarray(scores.lower <= threshold if low else scores.lower >= threshold, dtype=bool)


def _cut_in(scores: Steps, chosen: Flags) -> Flags:
    """Which groups may be cut where the selection changes along the steps."""
    known = np.ones(len(scores.rows), dtype=bool)
    if scores.begins is None:
        return known
    for place in np.flatnonzero(chosen[1:] != chosen[:-1]) + 1:
        known &= scores.begins[:, place]
    return known & scores.begins.any(axis=1)
