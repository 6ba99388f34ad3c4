"""The counts of a view on which its measures rest: as they are, or as a random arm lets them be estimated."""

from __future__ import annotations

from auditkit.measures.measure import Measure
from auditkit.measures.sampled_outcomes import of_population
from auditkit.measures.unseen_outcomes import with_arm, with_checked
from auditkit.protect.released import GroupCounts, ReleasedView
from auditkit.spec import AuditSpec

__all__ = ["counts_behind", "everyone_of", "judged_of"]


def everyone_of(view: ReleasedView, spec: AuditSpec) -> GroupCounts:
    """All rows of each group; of the whole population where the arm was drawn from one of known size."""
    if view.arm is None or spec.arm is None or spec.arm.population is None:
        return view.everyone
    return of_population(view.everyone, view.arm, spec.arm.population)


def judged_of(view: ReleasedView, spec: AuditSpec) -> GroupCounts:
    """What rates of outcomes rest on: reweighted where a random arm speaks for those not selected."""
    if view.arm is None or spec.arm is None:
        return view.everyone
    if spec.arm.population is not None:
        return everyone_of(view, spec)
    found = with_arm(view.everyone, view.arm)
    return found if spec.checked is None else with_checked(found)


def counts_behind(measure: Measure, view: ReleasedView, spec: AuditSpec) -> GroupCounts:
    """The counts that a measure of the six classes rests on."""
    return everyone_of(view, spec) if measure.data == "selection" else judged_of(view, spec)
