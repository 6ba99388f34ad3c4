"""A gap in precision against the group that is selected less is no finding: one limit and unequal risks make it.

Where everybody meets one limit, those of a group of lower risk who are selected stand nearer to it, so that being
selected is oftener wrong for them, though nobody is treated unequally (Simoiu, Corbett-Davies and Goel 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditkit.measures import MEASURES
from auditkit.result import Gap

__all__ = ["without_infra_marginal"]

_PRECISION = MEASURES["positive_predictive_value"].hypothesis
_FOUND = ("established", "present", "small")
_UNLIKELY = 0.05
Who = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def without_infra_marginal(gaps: Sequence[Gap]) -> list[Gap]:
    """The gaps with no verdict where precision is worse for the group of the two that is selected less."""
    less = {
        (gap.attributes, gap.groups, gap.reference): gap.value < 0
        for gap in gaps
        if gap.measure == "selection_rate" and gap.kind == "difference" and gap.value
        and gap.p_no_gap is not None and gap.p_no_gap <= _UNLIKELY
    }  # fmt: skip
    found = {_key(gap) for gap in gaps if gap.verdict in _FOUND and _is_infra_marginal(gap, less)}
    return [
        replace(gap, verdict=None, people=None, people_lower=None, people_upper=None, reason="infra_marginal")
        if _key(gap) in found and gap.kind != "largest_difference"
        else gap
        for gap in gaps
    ]


def _key(gap: Gap) -> tuple[object, ...]:
    return gap.attributes, gap.groups, gap.reference, gap.measure


def _is_infra_marginal(gap: Gap, less: dict[Who, bool]) -> bool:
    measure = MEASURES.get(gap.measure)
    if measure is None or measure.hypothesis != _PRECISION:
        return False
    selected_less = less.get((gap.attributes, gap.groups, gap.reference))
    worse = {"worse": True, "better": False}.get(gap.direction)
    return worse is not None and selected_less == worse
