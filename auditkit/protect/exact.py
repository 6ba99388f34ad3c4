"""Everything as it was counted: the released table of an audit that withholds nothing.

With a minimum of 0 this is what is published; with any other it is what stays inside (`--private`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.cell_filter import chosen
from auditkit.counts.compared_groups import (
    ComparedGroups,
    compared_groups,
    in_order,
    ordered_view,
)
from auditkit.counts.count_table import Cells, Clusters, Tabulation
from auditkit.counts.office_cuts import office_stratum
from auditkit.counts.rollup import View, count_place, groups_of, rollup, score_view
from auditkit.protect.released import (
    CLASSES,
    UNIONS,
    Bounds,
    GroupCounts,
    Numbers,
    Released,
    ReleasedAnalysis,
    ReleasedView,
    Spread,
    Steps,
)
from auditkit.protect.row_figures import row_figures
from auditkit.result import KindFigure
from auditkit.result.attribution import Attribution
from auditkit.result.regression import Regression
from auditkit.spec import AuditSpec
from auditkit.spec.audit_spec import Publish
from auditkit.text import Message

__all__ = ["CountedAnalysis", "Counts", "exact", "held", "inside"]

Floats = NDArray[np.float64]
Groups = tuple[tuple[str, ...], ...]

_KINDS = len(CLASSES)
_MOST_NUMBERS = 4_000_000
_PEOPLE = len(CLASSES) + list(UNIONS).index("people")


@dataclass(frozen=True)
class CountedAnalysis:
    """The counts of one analysis, and what was computed from its rows before anything leaves them."""

    key: str
    spec: AuditSpec
    tabulation: Tabulation
    regressions: tuple[Regression, ...] = ()
    attribution: Attribution | None = None
    kind_figures: tuple[KindFigure, ...] = ()


@dataclass(frozen=True)
class Counts:
    """The counts of a whole audit: personal data, which never leave the process."""

    audit: AuditSpec
    analyses: tuple[CountedAnalysis, ...]
    notes: tuple[Message, ...] = ()


_INSIDE = {
    "minimum_count": 0,
    "because": {
        "en": "internal report, not for publication",
        "fr": "rapport interne, à ne pas publier",
    },
}


def inside(counts: Counts) -> Counts:
    """The same counts under an audit that withholds nothing: the internal report."""
    publish = {"publish": Publish.model_validate(_INSIDE)}
    analyses = tuple(replace(one, spec=one.spec.model_copy(update=publish)) for one in counts.analyses)
    return Counts(counts.audit.model_copy(update=publish), analyses, counts.notes)


def exact(counts: Counts) -> Released:
    """The counts with every sum as one number: nothing is withheld."""
    return Released(0, counts.audit, tuple(_analysis(one) for one in counts.analyses), counts.notes)


def _analysis(counted: CountedAnalysis) -> ReleasedAnalysis:
    tabulation, spec = counted.tabulation, counted.spec
    views = tuple(_view(tabulation, compared, spec) for compared in compared_groups(tabulation, spec))
    everyone = _everyone(tabulation, spec)
    grouped = [one for one in (everyone, *views) if one is not None and len(one.everyone)]
    return ReleasedAnalysis(
        key=counted.key,
        spec=spec,
        account=tabulation.account,
        views=views,
        everyone=everyone,
        holds=held(tabulation),
        facts=tabulation.plain_facts,
        edges=tabulation.scale,
        thresholds=tuple(float(one) for one in tabulation.facts.get("sweep_thresholds") or ()),
        from_rows=row_figures(tabulation, counted.key, spec, [(one.names, one.everyone.groups) for one in grouped]),
        regressions=counted.regressions,
        attribution=counted.attribution,
        kind_figures=counted.kind_figures,
    )


def held(tabulation: Tabulation) -> frozenset[str]:
    """The kinds of data that there are: what a measure may need."""
    found: set[str] = {"selection"}
    if any(bool(np.any(cells.outcome >= 0)) for cells in tabulation.joint):
        found.add("outcome")
    if any(cells.outcome_sum is not None for cells in tabulation.joint):
        found.add("numeric outcome")
    if tabulation.score:
        found |= {"score", "score and outcome"} if "outcome" in found else {"score"}
    if "prediction" in tabulation.facts:
        found.add("prediction")
    return frozenset(found)


def _everyone(tabulation: Tabulation, spec: AuditSpec) -> ReleasedView | None:
    """All people together, where one table holds them all."""
    if len(tabulation.joint) != 1 and tabulation.joint[0].names:
        return None
    return _view(tabulation, ComparedGroups((), ((),), "group", 0), spec)


def _view(tabulation: Tabulation, compared: ComparedGroups, spec: AuditSpec) -> ReleasedView:
    names, groups = compared.attributes, compared.groups
    rolled = None if compared.reason is not None else ordered_view(tabulation, names, spec)
    if rolled is None or not groups:
        return ReleasedView(compared, GroupCounts.unweighted(names, (), np.zeros((0, _KINDS))))
    cells = tabulation.table(names)
    assert cells is not None
    single = len(names) == 1
    weights = _spread(tabulation, "weight")
    clusters = None if tabulation.clusters is None else _clusters(tabulation.clusters, names, groups)
    strata = tuple(_strata(tabulation, names[0], spec)) if single else ()
    counted = tabulation.clusters
    return ReleasedView(
        compared=compared,
        everyone=group_counts(rolled, tabulation.weighted, weights),
        arm=None if spec.arm is None else _arm(cells, names, groups, tabulation),
        scores=_steps(tabulation, names, groups, in_arm=False),
        arm_scores=None if spec.arm is None else _steps(tabulation, names, groups, in_arm=True),
        outcomes=_numbers(rolled, _spread(tabulation, "result")),
        stages=tuple(_stages(tabulation, names, groups, spec)) if single else (),
        strata=strata,
        offices=_offices(tabulation, names[0], spec) if single else None,
        clusters=clusters,
        strata_clusters=() if counted is None else tuple(_clusters(counted, one.names, one.groups) for one in strata),
        pairs=None if clusters is None or tabulation.weighted or not names else _pairs(clusters, compared),
    )


def group_counts(rolled: View, weighted: bool = False, spread: Spread | None = None) -> GroupCounts:
    """The counts of groups as they were rolled up; where published counts are hidden, what they may be."""
    counts = Bounds.of(rolled.counts)
    if rolled.lower is not None and rolled.upper is not None and not np.array_equal(rolled.lower, rolled.upper):
        counts = Bounds.of(rolled.lower, rolled.upper)
        if rolled.size_lower is not None and rolled.size_upper is not None:
            counts.lower[:, _PEOPLE] = rolled.size_lower.sum(axis=-1)
            counts.upper[:, _PEOPLE] = rolled.size_upper.sum(axis=-1)
    return GroupCounts(
        rolled.names, rolled.groups, counts, rolled.weights, rolled.weights_squared, weighted, spread=spread
    )


def _arm(cells: Cells, names: tuple[str, ...], groups: Groups, tabulation: Tabulation) -> GroupCounts:
    """The rows drawn at random, for exactly these groups; zeros where a group has none."""
    rolled = _aligned(rollup(chosen(cells, cells.arm == 1), names), groups)
    return group_counts(rolled, tabulation.weighted, _spread(tabulation, "weight"))


def _aligned(rolled: View, groups: Groups) -> View:
    """The counts for exactly these groups, in this order; zeros where one has none."""
    where = _places(rolled.groups, groups)
    changed: dict[str, Any] = {"groups": groups}
    for name, array in vars(rolled).items():
        if isinstance(array, np.ndarray):
            changed[name] = _padded(array)[where]
    return replace(rolled, **changed)


def _places(found: Groups, wanted: Groups) -> list[int]:
    """Where each wanted group stands among those found; one past the last for a group that is not there."""
    place = {group: i for i, group in enumerate(found)}
    return [place.get(group, len(place)) for group in wanted]


def _padded(array: Floats) -> Floats:
    return np.concatenate([array, np.zeros((1, *array.shape[1:]))])


def _steps(tabulation: Tabulation, names: tuple[str, ...], groups: Groups, in_arm: bool) -> Steps | None:
    cells, scale = tabulation.score_table(names), tabulation.scale
    if cells is None or scale is None:
        return None
    keep = cells.score_bin >= 0
    scored = score_view(chosen(cells, keep & (cells.arm == 1) if in_arm else keep), names, len(scale))
    where = _places(scored.groups, groups)
    rows = _padded(scored.counts)[where]
    weighted = not (scored.weights is scored.counts and scored.weights_squared is scored.counts)
    assert scored.score_sum is not None
    assert scored.score_squared is not None
    return Steps(
        lower=scale.lower,
        upper=scale.upper,
        exact=scale.exact,
        rows=rows,
        weights=_padded(scored.weights)[where] if weighted else rows,
        squares=_padded(scored.weights_squared)[where] if weighted else rows,
        score_sum=_padded(scored.score_sum)[where],
        score_squared=_padded(scored.score_squared)[where],
    )


def _spread(tabulation: Tabulation, name: str) -> Spread | None:
    found = tabulation.facts.get("spreads", {}).get(name)
    return None if found is None else Spread(*found)


def _numbers(rolled: View, spread: Spread | None) -> Numbers | None:
    """Outcomes that are numbers, of those who have one."""
    if rolled.outcome_sum is None or rolled.outcome_squared is None or rolled.outcome_weight is None:
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        known = np.nan_to_num(rolled.outcome_weight / rolled.weights)
    return Numbers(
        rows=rolled.counts * known,
        weights=rolled.outcome_weight,
        squares=rolled.weights_squared * known,
        total=rolled.outcome_sum,
        total_squared=rolled.outcome_squared,
        spread=spread,
    )


def _stages(tabulation: Tabulation, names: tuple[str, ...], groups: Groups, spec: AuditSpec) -> list[GroupCounts]:
    """Those of each group who reached each stage of the chain (selected: who passed it)."""
    mine = [cells for cells in tabulation.stages if set(names) <= set(cells.names)]
    rolled = [replace(in_order(rollup(cells, names), spec), size_lower=None, size_upper=None) for cells in mine]
    spread = _spread(tabulation, "weight")
    return [group_counts(_aligned(one, groups), tabulation.weighted, spread) for one in rolled]


def _strata(tabulation: Tabulation, attribute: str, spec: AuditSpec) -> list[GroupCounts]:
    """The groups of an attribute by each stratum that is linked to it."""
    linked = [(attribute, stratum) for stratum in spec.strata if tabulation.table((attribute, stratum)) is not None]
    found = [(names, tabulation.table(names)) for names in linked]
    spread = _spread(tabulation, "weight")
    return [
        group_counts(rollup(cells, names), tabulation.weighted, spread) for names, cells in found if cells is not None
    ]


def _offices(tabulation: Tabulation, attribute: str, spec: AuditSpec) -> GroupCounts | None:
    """The groups of an attribute by office, where each office takes its own highest scores."""
    stratum = office_stratum(spec)
    cells = None if stratum is None else tabulation.table((attribute, stratum))
    return None if cells is None or stratum is None else group_counts(rollup(cells, (attribute, stratum)))


def _pairs(clusters: Floats, compared: ComparedGroups) -> Floats | None:
    """Pairs by who of them was selected: both, only the group's member, only the reference's, neither (groups x 4).

    NaN for a group of which not every cluster holds one member and one of the reference; None where that is all.
    """
    selected, n = clusters[..., :3].sum(axis=-1), clusters.sum(axis=-1)
    result = np.full((len(n), 4), np.nan)
    for i in range(len(n)):
        if compared.rule == "rest":
            other, size = selected.sum(axis=0) - selected[i], n.sum(axis=0) - n[i]
        elif compared.index is None or i == compared.index:
            continue
        else:
            other, size = selected[compared.index], n[compared.index]
        whole = np.isin(selected[i], (0.0, 1.0)).all() and np.isin(other, (0.0, 1.0)).all()
        if whole and n[i].max(initial=0) == 1 and np.array_equal(n[i], size):
            both, pairs = float((selected[i] * other).sum()), float(n[i].sum())
            only, others = float(selected[i].sum()) - both, float(other.sum()) - both
            result[i] = both, only, others, pairs - both - only - others
    return None if np.isnan(result).all() else result


def _clusters(clusters: Clusters, names: tuple[str, ...], groups: Groups) -> Floats:
    """Summed weights, groups x clusters x 6; where they would take much memory, clusters are put together."""
    count = min(clusters.count, max(1_000, _MOST_NUMBERS // (len(groups) * _KINDS)))
    found, group = groups_of(clusters.cells, names)
    place = {name: i for i, name in enumerate(groups)}
    where = np.array([place.get(name, -1) for name in found], dtype=np.int64)[group]
    shape = (len(groups), count, _KINDS)
    known = where >= 0
    flat = np.ravel_multi_index((np.maximum(where, 0), clusters.cluster % count, count_place(clusters.cells)), shape)
    six = np.bincount(flat[known], clusters.cells.weight[known], minlength=int(np.prod(shape)))
    return six.astype(np.float64).reshape(shape)
