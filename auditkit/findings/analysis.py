"""All findings of one analysis, in the order of the report: estimates, gaps, corrected verdicts, points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from auditkit.counts.compared_groups import check_references, check_selected
from auditkit.counts.count_table import Clusters, Tabulation
from auditkit.counts.score_correlation import SCORE_CORRELATION
from auditkit.errors import SpecError, cut, nearest
from auditkit.findings.binning import binning_facts
from auditkit.findings.burden_gaps import odds_figures, odds_gaps
from auditkit.findings.clustered_rates import clustered_figures, clustered_gaps, without_interval
from auditkit.findings.correlation_estimates import correlations
from auditkit.findings.families import adjust
from auditkit.findings.gap_rows import GapDraft, estimates_of
from auditkit.findings.group_views import View, view
from auditkit.findings.largest_gaps import largest_gaps
from auditkit.findings.prediction_estimates import prediction_estimates
from auditkit.findings.rate_figures import Figures, RateBasis, rate_basis, rate_figures
from auditkit.findings.rate_gaps import rate_gaps_together
from auditkit.findings.score_measures import score_rows
from auditkit.findings.share_measures import representation_estimates, share_rows
from auditkit.findings.stage_gaps import STAGE_MEASURE, reached, stage_counts
from auditkit.findings.strata_gaps import STRATA_MEASURES, strata_counts, strata_gaps
from auditkit.findings.sweep_points import points_of
from auditkit.measures import DEFAULT_MEASURES, MEASURES, Measure, direction_of
from auditkit.measures.group_counts import GroupCounts, everyone_else, take
from auditkit.result import Estimate, Family, Gap, Point, ViewResult
from auditkit.spec import AuditSpec

__all__ = ["Found", "chosen_measures", "find"]

FAIRLEARN = "fairlearn.metrics."
MOST_CROSSED = 1000
"""Groups of a crossing that is taken by default; one named under `crossed` may have any number."""
_KNOWS_CLUSTERS = ("cluster", "none")


@dataclass(frozen=True)
class Found:
    """What one analysis found."""

    views: tuple[ViewResult, ...]
    estimates: tuple[Estimate, ...]
    gaps: tuple[Gap, ...]
    points: tuple[Point, ...]
    families: tuple[Family, ...]
    counts: tuple[GroupCounts, ...]
    facts: dict[str, float]


def find(tabulation: Tabulation, spec: AuditSpec, analysis: str) -> Found:
    """Measure every view, compare every group with its reference, correct the tests, put a word to each gap."""
    check_references(tabulation, spec)
    if analysis == "main":
        check_selected(tabulation, spec)
    names = [(name,) for name in spec.groups] + spec.crossings()
    skipped = _too_large(tabulation, names, spec)
    seen = {wanted: None if wanted in skipped else view(tabulation, wanted, spec) for wanted in names}
    rows = chosen_measures(spec, tabulation)
    estimates = _everyone(tabulation, rows, spec, analysis) + list(correlations(tabulation, spec, analysis))
    gaps: list[Gap | _Pair] = []
    for found in seen.values():
        if found is None or len(found.counts) == 0:
            continue
        for row in rows:
            more, gap = _measure(tabulation, found, row, spec, analysis)
            estimates += more
            gaps += gap
        estimates += _fairlearn(found, spec, analysis)
        if not found.crossed:
            gaps += _stages(tabulation, found, spec)
            gaps += strata_gaps(tabulation, found, spec, analysis)
            gaps += largest_gaps(found, rows, spec, analysis) if tabulation.clusters is None else ()
    if tabulation.clusters is not None:
        estimates = [e if e.method in _KNOWS_CLUSTERS else without_interval(e) for e in estimates]
        gaps = [g if isinstance(g, _Pair) else without_interval(g) for g in gaps]
    points = points_of(tabulation, [v for v in seen.values() if v is not None], spec)
    if tabulation.clusters is not None:  # an interval that takes rows for independent would be too narrow
        points = (replace(point, lower=None, upper=None) for point in points)
    drafts = _drafts([gap for gap in gaps if isinstance(gap, _Pair)], spec, analysis)
    adjusted, families = adjust(drafts, spec)
    records = (draft.records(spec, p) for draft, p in zip(drafts, adjusted, strict=True))
    concluded: list[Gap] = []
    for item in gaps:
        concluded += next(records) if isinstance(item, _Pair) else [item]
    return Found(
        views=tuple(_view_result(wanted, found, wanted in skipped) for wanted, found in seen.items()),
        estimates=tuple(estimates),
        gaps=tuple(concluded),
        points=tuple(points),
        families=families,
        counts=(
            *(v.counts for v in (_together(tabulation, spec), *seen.values()) if v is not None),
            *(one for v in seen.values() if v is not None for one in strata_counts(tabulation, v, spec)),
        ),
        facts=_facts(tabulation, rows, seen.values(), spec),
    )


def _facts(
    tabulation: Tabulation, rows: list[Measure], seen: Iterable[View | None], spec: AuditSpec
) -> dict[str, float]:
    """What must be said beside the figures."""
    if not any(row.kind == "auc" for row in rows):
        return {}
    return binning_facts(tabulation, (_together(tabulation, spec), *seen), spec)


def _everyone(tabulation: Tabulation, rows: list[Measure], spec: AuditSpec, analysis: str) -> list[Estimate]:
    """All people together, where one table holds them all."""
    if (together := _together(tabulation, spec)) is None:
        return []
    of_everyone = [row for row in rows if row.kind not in ("share", "representation")]
    return [e for row in of_everyone for e in _measure(tabulation, together, row, spec, analysis)[0]]


def _together(tabulation: Tabulation, spec: AuditSpec) -> View | None:
    alone = len(tabulation.joint) == 1 or not tabulation.joint[0].names
    found = view(tabulation, (), spec) if alone else None
    return found if found is not None and len(found.counts) else None


def chosen_measures(spec: AuditSpec, tabulation: Tabulation) -> list[Measure]:
    """The measures asked for; by default all that the data can speak of."""
    if spec.measures != "default":
        return [_row(key, spec) for key in spec.measures if not key.startswith((FAIRLEARN, SCORE_CORRELATION))]
    outcome = any(bool(np.any(cells.outcome >= 0)) for cells in tabulation.joint)
    score = bool(tabulation.score)
    numeric = any(cells.outcome_sum is not None for cells in tabulation.joint)
    have = {"selection": True, "outcome": outcome, "numeric outcome": numeric, "score": score,
            "score and outcome": score and outcome}  # fmt: skip
    predicted = [row for row in MEASURES.values() if row.kind == "prediction" and "prediction" in tabulation.facts]
    return [MEASURES[key] for key in DEFAULT_MEASURES if have[MEASURES[key].needs]] + predicted


def _row(key: str, spec: AuditSpec) -> Measure:
    if key in STRATA_MEASURES and not spec.strata:
        raise SpecError(
            "measures: {key} compares within strata, and the audit names none; add strata: a column of what makes "
            "cases alike.",
            key=f'"{key}"',
        )
    if key == STAGE_MEASURE and not spec.stages:
        raise SpecError("measures: {key} is that of stages, and the audit names none; add stages.", key=f'"{key}"')
    if key not in MEASURES:
        raise SpecError(
            'measures: there is no measure "{key}"; the nearest: {known}. `auditkit measures` lists them all.',
            key=cut(key), known=nearest(key, MEASURES),
        )  # fmt: skip
    return MEASURES[key]


def _measure(
    tabulation: Tabulation, found: View, row: Measure, spec: AuditSpec, analysis: str
) -> tuple[list[Estimate], list[Gap | _Pair]]:
    """One measure of one view."""
    if row.kind in ("strata", "stage"):
        return [], []  # these stand among the gaps within strata and of stages
    if row.kind == "prediction":
        return list(prediction_estimates(tabulation, found.names, found.counts.groups, row, spec, analysis)), []
    if row.kind == "representation":
        return representation_estimates(analysis, found, row, spec), []
    if row.kind == "share":
        share_estimates, share_gaps = share_rows(analysis, found, row, found.reference.index, spec)
        return share_estimates, list(share_gaps)
    if row.kind not in ("rate", "odds"):
        score_estimates, score_gaps = score_rows(tabulation, found, row, spec, analysis)
        return score_estimates, list(score_gaps)
    unseen = spec.observed == "when_selected"
    base = MEASURES["false_discovery_rate"] if row.kind == "odds" else row
    counts = found.everyone if row.needs == "selection" else found.counts
    basis = rate_basis(counts, base, unseen)
    figures = rate_figures(basis, spec.confidence)
    clusters = tabulation.clusters if len(basis.cases) == 1 and spec.arm is None else None
    if clusters is not None:
        figures = clustered_figures(clusters, found, base, figures, spec.confidence)
    shown = odds_figures(figures) if row.kind == "odds" else figures
    estimates = list(estimates_of(analysis, found.names, found.counts, row.key, shown, spec.confidence))
    if row.kind == "odds" and clusters is not None:
        return estimates, []
    return estimates, list(_paired(found, row, base, shown, basis, counts, clusters, unseen))


def _paired(
    found: View, row: Measure, base: Measure, shown: Figures, basis: RateBasis, counts: GroupCounts,
    clusters: Clusters | None, unseen: bool,
) -> Iterator[_Pair]:  # fmt: skip
    """The rates beside those of their reference; nothing where the reference has nobody."""
    rule, index = found.reference.rule, found.reference.index
    if rule == "highest_rate":
        able = np.where(found.counts.stated, np.nan_to_num(shown.value, nan=-1.0), -1.0)
        index = int(np.argmax(able)) if len(able) else None
    if rule == "rest" or index is not None:
        others = everyone_else(counts) if rule == "rest" else take(counts, index or 0)
        yield _Pair(found, row, base, shown, basis, rate_basis(others, base, unseen), index, clusters)


def _stages(tabulation: Tabulation, found: View, spec: AuditSpec) -> Iterator[_Pair]:
    """The groups compared at each stage of a chain, among those who reached it; not where rows come in clusters."""
    if tabulation.clusters is not None:
        return
    base = MEASURES["selection_rate"]
    for row, counts in stage_counts(tabulation, found, spec):
        basis = reached(rate_basis(counts, base, False))
        yield from _paired(found, row, base, rate_figures(basis, spec.confidence), basis, counts, None, False)


@dataclass(frozen=True)
class _Pair:
    """A rate of every group and that of its reference, before they are compared."""

    found: View
    row: Measure
    base: Measure
    figures: Figures
    mine: RateBasis
    theirs: RateBasis
    index: int | None
    clusters: Clusters | None


def _drafts(pairs: list[_Pair], spec: AuditSpec, analysis: str) -> list[GapDraft]:
    """All rates compared with their references, together."""
    hurts = [direction_of(pair.row.key, spec.system.harm) for pair in pairs]
    compared = rate_gaps_together([(pair.mine, pair.theirs) for pair in pairs], hurts, spec.confidence)
    drafts = []
    for pair, gaps in zip(pairs, compared, strict=True):
        method = ""
        if pair.clusters is not None:
            gaps = clustered_gaps(pair.clusters, pair.found, pair.base, gaps, pair.index, spec.confidence)
            method = "cluster"
        if pair.row.kind == "odds":
            theirs = odds_figures(rate_figures(pair.theirs, spec.confidence))
            gaps = odds_gaps(gaps, pair.mine, pair.theirs, pair.figures, theirs, spec.confidence)
            method = "odds_ratio"
        ratio_only = pair.found.reference.rule == "highest_rate"
        drafts.append(GapDraft(pair.found, pair.row, analysis, pair.figures, pair.mine, gaps, method, pair.index,
                               ratio_only))  # fmt: skip
    return drafts


def _fairlearn(found: View, spec: AuditSpec, analysis: str) -> list[Estimate]:
    keys = [k for k in spec.measures if k.startswith(FAIRLEARN)] if spec.measures != "default" else []
    if not keys:
        return []
    from auditkit.findings.fairlearn_metrics import fairlearn_estimates

    return [e for key in keys for e in fairlearn_estimates(found, key, spec, analysis)]


def _too_large(tabulation: Tabulation, names: list[tuple[str, ...]], spec: AuditSpec) -> set[tuple[str, ...]]:
    """Crossings that nobody asked for by name and nobody could read."""
    if spec.crossed is not None:
        return set()
    tables = {wanted: tabulation.table(wanted) for wanted in names if len(wanted) > 1}
    return {
        wanted
        for wanted, cells in tables.items()
        if cells is not None and prod(len(cells.level(name).stated) for name in wanted) > MOST_CROSSED
    }


def _view_result(names: tuple[str, ...], found: View | None, too_large: bool) -> ViewResult:
    if found is None:
        reason = "too_many_groups" if too_large else "unlinked"
        return ViewResult(names, (), None, "group", (), linked=False, reason=reason)
    index = found.reference.index
    sizes = found.everyone.rows.sum(axis=-1)
    return ViewResult(
        attributes=names,
        groups=found.counts.groups,
        reference=found.counts.groups[index] if index is not None else None,
        reference_rule=found.reference.rule,
        n=tuple(None if np.isnan(size) else float(size) for size in sizes),
        reason=None if index is not None or found.reference.rule in ("rest", "highest_rate") else "reference_empty",
    )
