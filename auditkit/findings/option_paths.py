"""Every gap and estimate that two options leave without a method keeps its value and loses what would claim more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditkit.findings.gap_words import NOTHING_SAID
from auditkit.measures import MEASURES
from auditkit.measures.design_options import Option, has_path
from auditkit.measures.rates import STAGE_MEASURE, Rate
from auditkit.measures.strata import STRATA_MEASURES
from auditkit.measures.unseen_outcomes import needs_unseen
from auditkit.protect.released import ReleasedView
from auditkit.result import Estimate, Gap
from auditkit.spec import AuditSpec

__all__ = ["estimate_with_path", "gap_with_path", "is_clustered", "options_of"]

_BY_CLUSTER = ("cluster", "paired", "none")
_WRONG_VALUE = frozenset(("strata", "stages"))
"""Under an arm of a known population, what is counted in rows is no figure of that population."""


def is_clustered(view: ReleasedView, spec: AuditSpec) -> bool:
    """Whether rows come in clusters, be they known here or not among what was released."""
    return view.clusters is not None or spec.cluster is not None


def options_of(measure: str, kind: str, view: ReleasedView, spec: AuditSpec) -> frozenset[Option]:
    """The options that bear on one figure of a view."""
    return frozenset((*_of_measure(measure, kind, spec), *_of_view(view, spec)))


def _of_view(view: ReleasedView, spec: AuditSpec) -> Iterator[Option]:
    if is_clustered(view, spec):
        yield "cluster"
        if spec.pair is not None:
            yield "pair"
        if view.clusters is None:
            yield "hidden"
    if view.everyone.hidden:
        yield "hidden"
    if spec.weight is not None:
        yield "weight"
    if view.compared.rule == "rest":
        yield "rest"
    if view.crossed:
        yield "crossed"
    if spec.arm is not None and spec.arm.population is not None:
        yield "population"


def _of_measure(measure: str, kind: str, spec: AuditSpec) -> Iterator[Option]:
    key = measure.partition(":")[0]
    row = MEASURES.get(measure, MEASURES.get(key))
    if kind == "largest_difference":
        yield "largest"
    if key in STRATA_MEASURES:
        yield "strata"
    elif key == STAGE_MEASURE:
        yield "stages"
    elif kind != "largest_difference" and (row is None or not isinstance(row, Rate)):
        yield "prediction" if row is not None and row.data == "prediction" else "formula"
    if row is not None and needs_unseen(row):
        if spec.arm is not None:
            yield "arm" if spec.checked is None else "checked"
        if spec.observed == "when_selected":
            yield "when_selected"


def gap_with_path(gap: Gap, view: ReleasedView, spec: AuditSpec) -> Gap:
    """The gap as it is where its options have a way; else its value (or bounds) with the reason."""
    options = options_of(gap.measure, gap.kind, view, spec)
    if gap.method == "paired":  # the pairs themselves are counted, whatever else is withheld
        return gap
    if has_path(options) and ("cluster" not in options or gap.method in _BY_CLUSTER):
        return gap
    if "population" in options and options & _WRONG_VALUE:
        gap = replace(gap, value=None, bound_lower=None, bound_upper=None, status="not_computed", direction="none")
        gap = replace(gap, complement_value=None, reason="pair_of_options")
    known = gap.value is not None or gap.bound_lower is not None
    return replace(
        gap,
        **NOTHING_SAID,
        lower=None, upper=None, lead_lower=None, lead_upper=None, complement_lower=None, complement_upper=None,
        people=None, people_lower=None, people_upper=None, within=None, method="none",
        reason="pair_of_options" if known else gap.reason or "pair_of_options",
    )  # fmt: skip


def estimate_with_path(estimate: Estimate, clustered: bool) -> Estimate:
    """The estimate as it is; without interval where that would take rows of clusters for independent."""
    if not clustered or estimate.method in _BY_CLUSTER or (estimate.lower is None and estimate.upper is None):
        return estimate
    return replace(estimate, lower=None, upper=None, method="none", reason=estimate.reason or "pair_of_options")
