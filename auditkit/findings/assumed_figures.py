"""Figures that rest on a named assumption: gaps at equal risk, and bounds of what nobody saw.

`risk: STRATUM` asks whether groups of the same risk meet the same decision; `unseen: {gamma:, by:}` how far the rates
lie apart if those not selected are at most so much riskier than those selected like them. Neither carries a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import LEAST_OVERLAP, BoundedRate, RiskAdjusted, e_value, risk_adjusted, selective_rates
from auditkit.protect.released import NOT_STATED, SELECTED, GroupCounts, ReleasedAnalysis, ReleasedView
from auditkit.result import KindFigure

__all__ = ["assumed_figures"]

Floats = NDArray[np.float64]

_RATES = ("base_rate", "true_positive_rate", "false_positive_rate")


def assumed_figures(analysis: ReleasedAnalysis) -> tuple[KindFigure, ...]:
    """Every figure of the main analysis that rests on an assumption which the audit names."""
    found: list[KindFigure] = []
    for view in analysis.views:
        if view.crossed or not len(view.everyone):
            continue
        if analysis.spec.risk is not None:
            found += _at_equal_risk(analysis, view, analysis.spec.risk)
        if analysis.spec.unseen is not None:
            found += _of_unseen(analysis, view, analysis.spec.unseen.gamma, analysis.spec.unseen.by)
    return tuple(found)


def _at_equal_risk(analysis: ReleasedAnalysis, view: ReleasedView, stratum: str) -> Iterator[KindFigure]:
    """Of each group: its rate and the reference's at the risk of both together, the gap of the two, its E-value."""
    counts, index, rest = _part(view, stratum), view.compared.index, view.compared.rule == "rest"
    if counts is None or (index is None and not rest):
        return
    six, missing = _six(analysis, view, counts)
    selected, people = six[..., SELECTED].sum(axis=-1), six.sum(axis=-1)
    for row, group in enumerate(view.everyone.groups):
        if row == index or not view.everyone.stated[row]:
            continue
        reference = ("rest",) if index is None else view.everyone.groups[index]
        others, size = (part.sum(axis=0) - part[row] if index is None else part[index] for part in (selected, people))
        found = risk_adjusted(selected[row], people[row], others, size, analysis.spec.confidence)
        overlap = float(found.overlap)
        if missing is None and not overlap >= LEAST_OVERLAP:
            missing = "little_overlap" if overlap > 0 else "no_like_cases"
        yield _gap(view, group, reference, found, missing)
        if missing is not None:
            continue
        for item, value in (("rate_at_equal_risk", found.rate), ("reference_at_equal_risk", found.reference_rate)):
            yield KindFigure("risk", item, view.names, group, float(value), unit="share")
        if found.rate > 0 and found.reference_rate > 0:
            ratio = float(found.ratio)
            yield KindFigure("risk", "risk_adjusted_ratio", view.names, group, ratio, unit="ratio", reference=reference)
            yield KindFigure("risk", "risk_adjusted_e_value", view.names, group, float(e_value(ratio)), unit="ratio")
        yield KindFigure("risk", "share_of_equal_risk", view.names, group, overlap, unit="share")


def _gap(
    view: ReleasedView, group: tuple[str, ...], reference: tuple[str, ...], found: RiskAdjusted, missing: str | None
) -> KindFigure:
    """The gap at equal risk, or why there is none."""
    if missing is not None:
        status: Literal["suppressed", "not_computed"] = "suppressed" if missing == "withheld" else "not_computed"
        return KindFigure("risk", "risk_adjusted_difference", view.names, group, None, unit="share",
                          reference=reference, status=status, reason=missing)  # fmt: skip
    value, lower, upper = (float(one) for one in (found.difference, found.lower, found.upper))
    return KindFigure("risk", "risk_adjusted_difference", view.names, group, value, lower, upper, "standardised",
                      unit="share", reference=reference)  # fmt: skip


def _of_unseen(
    analysis: ReleasedAnalysis, view: ReleasedView, gammas: list[float], stratum: str | None
) -> Iterator[KindFigure]:
    """Lowest and highest rate of every group under each assumption, the widest first; at the same score by default."""
    counts = view.everyone if stratum is None else _part(view, stratum)
    if counts is None:
        return
    six, missing = _six(analysis, view, counts)
    if stratum is None and view.scores is not None and view.scores.rows.sum() == six.sum():
        six = view.scores.rows
    tp, fp, out = six[..., 0], six[..., 1], six[..., [3, 4, 5]].sum(axis=-1)
    missing = "outcome_unseen" if missing is None and six[..., 2].any() else missing
    for gamma in (np.inf, *sorted(gammas)):
        rates = selective_rates(tp, tp + fp, out, gamma, analysis.spec.confidence)
        for row, group in enumerate(view.everyone.groups):
            for name in _RATES:
                yield from _ends(view, group, name, _level(gamma), rates[name], row, missing)


def _ends(
    view: ReleasedView, group: tuple[str, ...], name: str, level: str, rate: BoundedRate, row: int, missing: str | None
) -> Iterator[KindFigure]:
    missing = missing or ("no_positive_outcome" if np.isnan(rate.bound_lower[row]) else None)
    for end, bound, limit in (("lowest", rate.bound_lower, rate.lower), ("highest", rate.bound_upper, rate.upper)):
        item = f"{end}_{name}"
        if missing is not None:
            yield KindFigure("unseen", item, view.names, group, None, level=level, unit="share", reason=missing,
                             status="suppressed" if missing == "withheld" else "not_computed")  # fmt: skip
            continue
        lower, upper = (float(limit[row]), None) if end == "lowest" else (None, float(limit[row]))
        yield KindFigure("unseen", item, view.names, group, float(bound[row]), lower, upper, "imbens_manski",
                         unit="share", level=level)  # fmt: skip


def _level(gamma: float) -> str:
    """How an assumption is named in the results."""
    return "worst_case" if np.isinf(gamma) else "no_riskier" if gamma == 1 else f"gamma {gamma:g}"


def _part(view: ReleasedView, stratum: str) -> GroupCounts | None:
    """The groups of a view by one stratum; None where it is in another table."""
    return next((one for one in view.strata if one.names[1:] == (stratum,)), None)


def _six(analysis: ReleasedAnalysis, view: ReleasedView, counts: GroupCounts) -> tuple[Floats, str | None]:
    """The six classes, groups x strata x 6, and why they are no basis for figures."""
    if analysis.spec.weight is not None or analysis.spec.cluster is not None:
        missing: str | None = "pair_of_options"
    else:
        missing = "withheld" if counts.hidden else None
    if counts is view.everyone:
        return np.nan_to_num(counts.rows)[:, None, :], missing
    strata = sorted({group[1] for group in counts.groups if group[1] != NOT_STATED})
    place = {group: at for at, group in enumerate(counts.groups)}
    six = np.zeros((len(view.everyone), len(strata), 6))
    for i, (value,) in enumerate(view.everyone.groups):
        for j, stratum in enumerate(strata):
            if (at := place.get((value, stratum))) is not None:
                six[i, j] = np.nan_to_num(counts.rows[at])
    return six, missing
