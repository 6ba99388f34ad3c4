"""The series of many results: rates, the evidence of a gap over time, why a rate changed, who came and went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from auditkit.errors import InputError, cut
from auditkit.inference import gap_evidence, gap_test, lasting_interval, rate_change
from auditkit.measures import direction_of, primary_of
from auditkit.protect.released import NOT_STATED
from auditkit.result import AnalysisResult, AuditResult, ViewResult
from auditkit.trend.period_counts import Counts, Group, few_people, shown_counts
from auditkit.trend.series import Arrival, Point, Split, Trend, Verdict, Watched

__all__ = ["BEYOND", "trend"]

BEYOND = 1.25
"""The odds ratio beyond which a gap over time is called established."""

Floats = NDArray[np.float64]
Periods = Sequence[Mapping[Group, Counts]]
Way = Literal["worse", "better", "none"]


def trend(results: Sequence[AuditResult], labels: Sequence[str], independent: bool = False) -> Trend:
    """What the results of one system say over time: main analysis, single attributes, the measures that lead.

    `labels` name the periods, in the order of time. Unless `independent` says that every period holds other people,
    figures a few people apart from those of an earlier period are withheld. Raises InputError where there are fewer
    than two results, where one stands there twice, or where they have no attribute in common.
    """
    _refuse(results, labels)
    mains = [result.main for result in results]
    minimum = max(result.spec.publish.minimum_count for result in results)
    counted = [shown_counts(main) for main in mains]
    hidden = set() if independent else few_people(counted, minimum)
    shown = [
        {group: counts for group, counts in one.items() if (period, group) not in hidden}
        for period, one in enumerate(counted)
    ]
    confidence = results[-1].spec.confidence
    measures = primary_of(results[-1].spec)
    views = _views(mains)
    return Trend(
        results=tuple(results),
        labels=tuple(labels),
        independent=independent,
        confidence=confidence,
        minimum=minimum,
        points=tuple(_points(mains, shown, hidden, measures, confidence)),
        watched=tuple(_watched(views, mains, shown, measures, results[-1].spec.system.harm, 1 - confidence)),
        splits=tuple(_splits(views, mains, shown, hidden)),
        arrivals=tuple(_arrivals(mains)),
        withheld=len(hidden),
    )


def _refuse(results: Sequence[AuditResult], labels: Sequence[str]) -> None:
    if len(results) < 2:
        raise InputError(
            "A trend needs two results or more, and there is {count}; name them in the order of time.",
            count=len(results),
        )
    for place, result in enumerate(results):
        if not result.analyses:
            raise InputError("{name} holds no figures; a trend is made of audits with data.", name=cut(labels[place]))
        for other in range(place):
            if results[other].main.estimates == result.main.estimates:
                raise InputError(
                    "{first} and {second} hold the same figures: one result would count twice; name each once.",
                    first=cut(labels[other]),
                    second=cut(labels[place]),
                )
    held = [{view.attributes for view in result.main.views if len(view.attributes) == 1} for result in results]
    if not set.intersection(*held):
        listed = (", ".join(sorted(name for names in one for name in names)) or "–" for one in (held[0], held[-1]))
        first, last = listed
        raise InputError(
            "The results have no attribute in common: {first} in the first, {last} in the last; name results of one "
            "audit.",
            first=first,
            last=last,
        )


def _views(mains: Sequence[AnalysisResult]) -> list[ViewResult]:
    """The single attributes, each with its reference in the first result that holds it."""
    found: dict[tuple[str, ...], ViewResult] = {}
    for main in mains:
        for view in main.views:
            if len(view.attributes) == 1:
                found.setdefault(view.attributes, view)
    return list(found.values())


def _groups(attributes: tuple[str, ...], mains: Sequence[AnalysisResult]) -> list[tuple[str, ...]]:
    """Every group that an attribute has in any period, in the order in which they come up."""
    views = (view for main in mains for view in main.views if view.attributes == attributes)
    return list(dict.fromkeys(group for view in views for group in view.groups))


def _points(
    mains: Sequence[AnalysisResult], shown: Periods, hidden: set[tuple[int, Group]], measures: Sequence[str],
    confidence: float,
) -> list[Point]:  # fmt: skip
    every: list[Group] = [((), ())]
    every += [(view.attributes, group) for view in _views(mains) for group in _groups(view.attributes, mains)]
    return [
        point
        for group in every
        for measure in measures
        for point in _point_series(group, measure, mains, shown, hidden, confidence)
    ]


def _point_series(
    group: Group, measure: str, mains: Sequence[AnalysisResult], shown: Periods, hidden: set[tuple[int, Group]],
    confidence: float,
) -> list[Point]:  # fmt: skip
    x, n = _series(shown, group, measure)
    low, high = lasting_interval(x, n, confidence)
    found = []
    for period in range(len(shown)):
        if np.isfinite(x[period]):
            value = (float(x[period]), float(n[period]), float(x[period] / n[period]), float(low[period]))
            found.append(Point(*group, measure, period, *value, float(high[period]), "computed"))
            continue
        there = [e for e in mains[period].estimates if (e.attributes, e.groups, e.measure) == (*group, measure)]
        status: Literal["withheld", "absent", "not_computed"] = "not_computed" if there else "absent"
        if (period, group) in hidden or any(e.status == "suppressed" or e.reason == "withheld" for e in there):
            status = "withheld"
        found.append(Point(*group, measure, period, None, None, None, None, None, status))
    return found


def _series(shown: Periods, group: Group, measure: str) -> tuple[Floats, Floats]:
    """Cases and people by period, NaN where they are not shown."""
    nothing = (np.nan, np.nan)
    pairs = np.array([one.get(group, {}).get(measure, nothing) for one in shown], dtype=float)
    return pairs[:, 0], pairs[:, 1]


def _watched(
    views: Sequence[ViewResult], mains: Sequence[AnalysisResult], shown: Periods, measures: Sequence[str], harm: str,
    alpha: float,
) -> list[Watched]:  # fmt: skip
    pairs = [
        (view, group, measure)
        for view in views
        for group in _groups(view.attributes, mains)
        if group != view.reference and NOT_STATED not in group
        for measure in measures
        if direction_of(measure, harm) != "context"
    ]
    return [_one_watched(view, group, measure, mains, shown, harm, alpha, len(pairs)) for view, group, measure in pairs]


def _one_watched(
    view: ViewResult, group: tuple[str, ...], measure: str, mains: Sequence[AnalysisResult], shown: Periods, harm: str,
    alpha: float, family: int,
) -> Watched:  # fmt: skip
    x, n = _series(shown, (view.attributes, group), measure)
    groups = _groups(view.attributes, mains)
    reference = view.reference if view.reference in groups else ("rest",)
    others = [view.reference] if view.reference in groups else [g for g in groups if g != group and NOT_STATED not in g]
    both = np.array([_series(shown, (view.attributes, other), measure) for other in others if other is not None])
    y, m = np.nansum(both, axis=0) if len(both) > 1 else both[0] if len(both) else (x * np.nan, n * np.nan)
    told = np.isfinite(x) & np.isfinite(y) & (n > 0) & (m > 0)
    if not told.any():
        return Watched(
            view.attributes, group, reference, measure, p=None, p_beyond=None, seen=None, since=None, direction="none",
            verdict=None, alone=0, moved=None, moved_direction="none", periods=0,
        )  # fmt: skip
    found = gap_evidence(x, n, y, m)
    p = np.minimum(1.0, found.p * family)
    seen = int(np.argmax(p <= alpha)) if (p <= alpha).any() else None
    since = int(found.since[-1])
    start = max(since, 0)
    sums = [float(np.nansum(np.where(told, one, 0)[start:])) for one in (x, n, y, m)]
    above = sums[0] * sums[3] - sums[2] * sums[1]
    beyond = None
    if seen is not None:
        far = gap_evidence(x, n, y, m, BEYOND if above > 0 else 1 / BEYOND)
        beyond = min(1.0, float(far.p[-1]) * family)
    verdict: Verdict = "inconclusive" if seen is None else "present"
    if beyond is not None and beyond <= alpha:
        verdict = "established"
    test = gap_test(x[told], n[told], y[told], m[told])
    moved, gain = _moved(x, n, y, m, told, alpha / family)
    hurts = direction_of(measure, harm)
    return Watched(
        view.attributes, group, reference, measure, float(p[-1]), beyond, seen, start if seen is not None else None,
        _way(above, hurts), verdict, int((test.p_value <= 0.05).sum()), moved, _way(gain, hurts), int(told.sum()),
    )  # fmt: skip


def _way(above: float, hurts: str) -> Way:
    return "none" if above == 0 or hurts == "context" else "worse" if (above > 0) == (hurts == "higher") else "better"


def _moved(
    x: Floats, n: Floats, y: Floats, m: Floats, told: NDArray[np.bool_], alpha: float
) -> tuple[int | None, float]:
    """The first period whose log odds ratio differs from that of the first one, and by how much.

    Woolf's variance with a half added to each cell; the t-th comparison at the level alpha / (t (t + 1)).
    """
    places = np.flatnonzero(told)
    cells = np.array([x, n - x, y, m - y])[:, places] + 0.5
    ratio = np.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    variance = (1 / cells).sum(axis=0)
    order = np.arange(1, len(places))
    change = ratio[1:] - ratio[0]
    p = 2 * ndtr(-np.abs(change) / np.sqrt(variance[1:] + variance[0])) * order * (order + 1)
    hits = np.flatnonzero(p <= alpha)
    return (int(places[hits[0] + 1]), float(change[hits[0]])) if len(hits) else (None, 0.0)


def _splits(
    views: Sequence[ViewResult], mains: Sequence[AnalysisResult], shown: Periods, hidden: set[tuple[int, Group]]
) -> list[Split]:
    """The change of the selection rate from each period to the next, and from the first to the last."""
    last = len(mains) - 1
    steps = list(pairwise(range(len(mains)))) + ([(0, last)] if last > 1 else [])
    found = []
    for first, then in steps:
        for view in views:
            groups = [(view.attributes, group) for group in _groups(view.attributes, mains)]
            lost = any((period, group) in hidden for period in (first, then) for group in groups)
            found.append(_by_group(view.attributes[0], groups, first, then, mains, shown, lost))
        every: list[Group] = [((), ())]
        every += [(view.attributes, group) for view in views for group in _groups(view.attributes, mains)]
        found += [split for group in every if (split := _by_outcome(group, first, then, shown, hidden)) is not None]
    return found


def _by_group(
    by: str, groups: Sequence[Group], first: int, last: int, mains: Sequence[AnalysisResult], shown: Periods, lost: bool
) -> Split:
    parts = []
    for period in (first, last):
        there = {(e.attributes, e.groups) for e in mains[period].estimates if e.measure == "selection_rate"}
        counts = [shown[period].get(group, {}).get("selection_rate") for group in groups]
        missing = [group for group, one in zip(groups, counts, strict=True) if one is None and group in there]
        if lost or missing or not any(counts):
            status: Literal["withheld", "not_computed"] = "withheld" if lost or missing else "not_computed"
            return Split(by, (by,), (), "selection_rate", first, last, None, None, None, status)
        parts += list(np.array([one or (0.0, 0.0) for one in counts]).T)
    found = rate_change(*parts)
    return Split(by, (by,), (), "selection_rate", first, last, found.change, found.composition, found.treatment,
                 "computed")  # fmt: skip


def _by_outcome(group: Group, first: int, last: int, shown: Periods, hidden: set[tuple[int, Group]]) -> Split | None:
    """None where outcomes are not known of everyone in the group."""
    if any((period, group) in hidden for period in (first, last)):
        return Split("outcome", *group, "selection_rate", first, last, None, None, None, "withheld")
    parts = []
    for period in (first, last):
        counts = shown[period].get(group, {})
        rates = [counts.get(measure) for measure in ("true_positive_rate", "false_positive_rate", "selection_rate")]
        if any(one is None for one in rates):
            return None
        (tp, positive), (fp, negative), (_, people) = (one or (0.0, 0.0) for one in rates)
        if positive + negative != people:
            return None
        parts += [[tp, fp], [positive, negative]]
    found = rate_change(*parts)
    return Split("outcome", *group, "selection_rate", first, last, found.change, found.composition, found.treatment,
                 "computed")  # fmt: skip


def _arrivals(mains: Sequence[AnalysisResult]) -> list[Arrival]:
    found = []
    for period, (before, now) in enumerate(pairwise(mains), start=1):
        earlier = {view.attributes: view.groups for view in before.views}
        for view in now.views:
            if len(view.attributes) == 1 and view.attributes in earlier:
                known = earlier[view.attributes]
                came = tuple(group for group in view.groups if group not in known)
                gone = tuple(group for group in known if group not in view.groups)
                if came or gone:
                    found.append(Arrival(view.attributes, period, came, gone))
    return found
