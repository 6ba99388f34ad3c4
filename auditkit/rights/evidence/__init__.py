"""From an audit's figures to what they say of each item: one pure function a hook, in one visible table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditkit.errors import SpecError, cut, nearest
from auditkit.result import AuditResult
from auditkit.rights.evidence import attribution_evidence as attributed
from auditkit.rights.evidence import gap_evidence as gaps
from auditkit.rights.evidence import origin_evidence as origin
from auditkit.rights.evidence import rate_evidence as rates
from auditkit.rights.evidence import row_account_evidence as account
from auditkit.rights.evidence.declared_evidence import declared
from auditkit.rights.evidence.evidence import Figure, Look, Statement, StatementStatus
from auditkit.rights.library import Library
from auditkit.rights.library_records import Item

__all__ = ["HOOKS", "Figure", "Look", "Statement", "StatementStatus", "evidence_for"]

HOOKS: Mapping[str, Callable[[Look], Statement]] = {
    "selection_gaps": gaps.selection_gaps,
    "error_gaps": gaps.error_gaps,
    "disability_gaps": gaps.disability_gaps,
    "family_gaps": gaps.family_gaps,
    "age_gaps": gaps.age_gaps,
    "crossed_gaps": gaps.crossed_gaps,
    "poverty": origin.poverty,
    "origin": origin.origin,
    "conditional_gaps": origin.conditional_gaps,
    "stability": origin.stability,
    "lift": rates.lift,
    "burden": rates.burden,
    "overrides": rates.overrides,
    "drift": rates.drift,
    "declared_performance": rates.declared_performance,
    "yield_split": rates.yield_split,
    "judged_by_money": rates.judged_by_money,
    "grounds": account.grounds,
    "label_bias": account.label_bias,
    "missing_values": account.missing_values,
    "small_counts": account.small_counts,
    "profiling": account.profiling,
    "access": account.access,
    "figures_by_group": account.figures_by_group,
    "criteria": account.criteria,
    "limits": account.limits,
    "reproducible": account.reproducible,
    "stand_ins": attributed.stand_ins,
    "flips": attributed.flips,
    "ablations": attributed.ablations,
    "declared": declared,
}


def evidence_for(item: Item, result: AuditResult, library: Library) -> Statement | None:
    """What the figures say of an item; None where only documents can tell.

    Raises SpecError where the item names a hook that is not in the table.
    """
    if item.evidence is None:
        return None
    hook = item.evidence.hook
    if hook not in HOOKS:
        raise SpecError(
            'An item of the checklist names the evidence "{hook}", which does not exist; the nearest: {known}.',
            hook=cut(hook),
            known=nearest(hook, HOOKS),
        )
    return HOOKS[hook](Look.at(result, library, item.evidence.fact))
