"""A gap in precision against the group that is selected less is no finding: one limit and unequal risks make it.

Where everybody meets one limit, those of a group of lower risk who are selected stand nearer to it, so that being
selected is oftener wrong for them, though nobody is treated unequally (Simoiu, Corbett-Davies and Goel 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditkit.findings.gap_words import NOTHING_SAID
from auditkit.measures import MEASURES
from auditkit.result import Gap

__all__ = ["without_infra_marginal"]

_PRECISION = MEASURES["positive_predictive_value"].hypothesis
_P = ("p_no_gap", "p_beyond", "p_inside", "test")
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
    return [_without_word(gap) if _is_infra_marginal(gap, less) else gap for gap in gaps]


def _is_infra_marginal(gap: Gap, less: dict[Who, bool]) -> bool:
    measure = MEASURES.get(gap.measure)
    if measure is None or measure.hypothesis != _PRECISION or gap.direction not in ("worse", "better"):
        return False
    selected_less = less.get((gap.attributes, gap.groups, gap.reference))
    return selected_less is not None and selected_less == (gap.direction == "worse")


def _without_word(gap: Gap) -> Gap:
    kept = {name: getattr(gap, name) for name in _P}
    return replace(
        gap, **NOTHING_SAID | kept, people=None, people_lower=None, people_upper=None, reason="infra_marginal"
    )
