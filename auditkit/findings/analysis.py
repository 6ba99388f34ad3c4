"""All findings of one analysis, in the order of the report: estimates, gaps, verdicts, points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from auditkit.findings.binning import binning_facts
from auditkit.findings.chosen_measures import chosen_measures
from auditkit.findings.correlation_estimates import correlations
from auditkit.findings.families import Declared
from auditkit.findings.gap_records import estimate_records, gap_records
from auditkit.findings.gap_words import said_together
from auditkit.findings.implausible import implausible, without_words
from auditkit.findings.infra_marginal import without_infra_marginal
from auditkit.findings.largest_gaps import largest_gaps
from auditkit.findings.option_paths import estimate_with_path, gap_with_path, is_clustered
from auditkit.findings.sensitivity import sensitivity_of, with_pooled
from auditkit.findings.sweep_points import points_of
from auditkit.findings.within_words import with_words_within
from auditkit.measures import MEASURES, Measure
from auditkit.measures.estimates import Gaps
from auditkit.measures.rates import STAGE_MEASURE, compare_together
from auditkit.measures.strata import STRATA_MEASURES, STRATUM
from auditkit.measures.view_counts import everyone_of, judged_of
from auditkit.protect.released import GroupCounts, ReleasedAnalysis, ReleasedView
from auditkit.result import Estimate, Family, Gap, Point, Sensitivity, ViewResult
from auditkit.spec import AuditSpec
from auditkit.spec.measure_spec import FAIRLEARN

__all__ = ["Found", "find"]

_APART = frozenset((STAGE_MEASURE, *STRATA_MEASURES))
"""Measures that stand among the gaps of stages and within strata."""


@dataclass(frozen=True)
class Found:
    """What one analysis found."""

    views: tuple[ViewResult, ...]
    estimates: tuple[Estimate, ...]
    gaps: tuple[Gap, ...]
    points: tuple[Point, ...]
    families: tuple[Family, ...]
    counts: tuple[GroupCounts, ...]
    facts: dict[str, float | str]
    sensitivity: tuple[Sensitivity, ...] = ()


def find(analysis: ReleasedAnalysis, declared: Declared) -> Found:
    """Measure every view, compare every group with its reference, put a word to each gap at its level."""
    spec = analysis.spec
    measures = chosen_measures(spec, analysis.holds)
    together = [] if analysis.everyone is None or not len(analysis.everyone.everyone) else [analysis.everyone]
    views = [view for view in analysis.views if len(view.everyone)]
    estimates = [e for view in together for e in _estimates(analysis, view, measures)]
    estimates += correlations(analysis)
    for view in views:
        estimates += _estimates(analysis, view, measures)
        estimates += _of_fairlearn(analysis, view)
    gaps = _gaps(analysis, views, measures, declared)
    points = tuple(points_of(analysis))
    clustered = any(is_clustered(view, spec) for view in (*together, *views))
    estimates = with_pooled([estimate_with_path(estimate, clustered) for estimate in estimates])
    if clustered:  # an interval that takes rows for independent would be too narrow
        points = tuple(replace(point, lower=None, upper=None) for point in points)
    facts: dict[str, float | str] = {}
    if any(one.key == "auc" for one in measures):
        facts |= binning_facts([*together, *views], spec)
    if (doubted := implausible(estimates, spec)) is not None:
        gaps = [without_words(gap) for gap in gaps]
        facts["implausible"] = doubted
    return Found(
        views=tuple(_view_result(view, spec) for view in analysis.views),
        estimates=tuple(estimates),
        gaps=tuple(gaps),
        points=points,
        families=(Family("main", declared.main), Family("other", declared.others)),
        counts=_counts(analysis, [*together, *views]),
        facts=facts,
        sensitivity=sensitivity_of(estimates, gaps, spec),
    )


def _estimates(analysis: ReleasedAnalysis, view: ReleasedView, measures: Sequence[Measure]) -> list[Estimate]:
    """Every measure of every group of a view; of everyone together, those that can be taken of all."""
    found: list[Estimate] = []
    for measure in measures:
        if view.names or measure.of_everyone:
            values = measure.estimate(analysis, view)
            if values is not None:
                found += estimate_records(analysis.key, view.everyone, measure.key, values, analysis.spec.confidence)
    return found


def _gaps(
    analysis: ReleasedAnalysis, views: Sequence[ReleasedView], measures: Sequence[Measure], declared: Declared
) -> list[Gap]:
    """Every gap of every view: of each measure, of each stage, within each stratum, and the widest of all groups."""
    spec = analysis.spec
    ordinary = [measure for measure in measures if measure.key not in _APART]
    wanted = [(measure, view) for view in views for measure in (*ordinary, *_apart(view, spec))]
    compared = compare_together(analysis, wanted)
    by_view: dict[tuple[str, ...], list[Gaps]] = {view.names: [] for view in views}
    for (_, view), found in zip(wanted, compared, strict=True):
        by_view[view.names] += found
    tested = [one for found in by_view.values() for one in found if one.hypothesis]
    said = dict(zip(map(id, tested), said_together(analysis.key, tested, spec, declared), strict=True))
    gaps: list[Gap] = []
    for view in views:
        for one in sorted(by_view[view.names], key=lambda one: _stratum(one, spec)):
            records = gap_records(analysis.key, one, spec, declared, said.get(id(one)))
            gaps += [gap_with_path(gap, view, spec) for gap in records]
        if not view.crossed:
            widest = largest_gaps(view, measures, spec, analysis.key)
            gaps += [gap_with_path(gap, view, spec) for gap in widest]
    return without_infra_marginal(with_words_within(gaps))


def _stratum(gaps: Gaps, spec: AuditSpec) -> int:
    """Gaps within strata stand last, stratum by stratum."""
    key, _, stratum = gaps.measure.partition(":")
    return list(spec.strata).index(stratum) if key in STRATA_MEASURES else -1


def _apart(view: ReleasedView, spec: AuditSpec) -> list[Measure]:
    """The measures of stages and strata, of single attributes only: all where the audit names none of them."""
    if view.crossed:
        return []
    asked = [key for key in STRATA_MEASURES if spec.measures != "default" and key in spec.measures]
    return [MEASURES[key] for key in (STAGE_MEASURE, *(asked or STRATA_MEASURES))]


def _of_fairlearn(analysis: ReleasedAnalysis, view: ReleasedView) -> list[Estimate]:
    spec = analysis.spec
    keys = [k for k in spec.measures if k.startswith(FAIRLEARN)] if spec.measures != "default" else []
    if not keys:
        return []
    from auditkit.findings.fairlearn_metrics import fairlearn_estimates

    counts = judged_of(view, spec)
    return [e for key in keys for e in fairlearn_estimates(counts, key, spec.confidence, analysis.key)]


def _counts(analysis: ReleasedAnalysis, views: Iterable[ReleasedView]) -> tuple[GroupCounts, ...]:
    """The counts behind the figures, those by stratum last: for withholding only."""
    views = list(views)
    strata = [
        GroupCounts.unweighted((one.names[0], STRATUM + one.names[1]), one.groups, np.nan_to_num(one.rows))
        for view in views
        for one in view.strata
    ]
    return (*(judged_of(view, analysis.spec) for view in views), *strata)


def _view_result(view: ReleasedView, spec: AuditSpec) -> ViewResult:
    compared = view.compared
    if compared.reason is not None:
        return ViewResult(view.names, (), None, "group", (), linked=False, reason=compared.reason)
    sizes = everyone_of(view, spec).rows.sum(axis=-1)
    return ViewResult(
        attributes=view.names,
        groups=compared.groups,
        reference=compared.reference,
        reference_rule=compared.rule,
        n=tuple(None if np.isnan(size) else float(size) for size in sizes),
        reason=None if compared.index is not None or compared.rule in ("rest", "highest_rate") else "reference_empty",
    )
