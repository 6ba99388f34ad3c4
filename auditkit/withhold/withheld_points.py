"""Charts along the score and along stages, thinned until each step holds enough people of every group that is shown.

Points carry counts without their rows, and charts of several analyses would have to be held against each other: under
weights, and for variations of the main analysis, charts along the score are left out rather than called safe; so are
those of outcomes known from a random arm, whose rows are a part of those counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import wilson
from auditkit.result import Point
from auditkit.spec import AuditSpec
from auditkit.spec.selected_end import lower_is_selected
from auditkit.withhold.figure_forms import SEEN, SELECTED, SUMS, subset
from auditkit.withhold.published_cuts import Cut, kept_cuts, merged
from auditkit.withhold.suppression_rules import COMPLEMENTARY, SHOWN
from auditkit.withhold.withheld_figures import SIZE
from auditkit.withhold.withheld_records import Judgement
from auditkit.withhold.withheld_stages import blank_point, disclosed_stages

__all__ = ["disclosed_points"]

Floats = NDArray[np.float64]
Group = tuple[str, ...]

_BY_THRESHOLD = ("sweep", "top_share")
_POSITIVE = subset(("true_positive", "false_negative"))
_NEGATIVE = SEEN & ~_POSITIVE
_TP, _FP = subset(("true_positive",)), subset(("false_positive",))
_KINDS = 4  # everybody, with the outcome, without it, of unseen outcome
_MORE_HIDDEN = 4


def disclosed_points(judged: Judgement, main: bool) -> tuple[Point, ...]:
    """The points of one analysis that may be shown."""
    points = judged.analysis.points
    spec = judged.analysis.spec
    weighted = spec.weight is not None or (spec.arm is None and any(v.weighted for v in judged.analysis.counts))
    result: list[Point] = []
    for attributes in dict.fromkeys(point.attributes for point in points):
        mine = [point for point in points if point.attributes == attributes]
        stages = [point for point in mine if point.series == "stage"]
        if weighted or not main or len(attributes) > 1:
            result += [blank_point(point, COMPLEMENTARY) for point in stages]
            continue
        chart = _Chart.of(judged, attributes, mine)
        if chart is not None:
            result += chart.points(judged.minimum, spec.confidence)
        result += disclosed_stages(
            stages, judged.minimum, partial(_of_stage, judged, attributes), partial(_selected, judged, attributes)
        )
    return tuple(result)


def _of_stage(judged: Judgement, attributes: tuple[str, ...], group: Group) -> int:
    size = judged.reason(attributes, group, SIZE)
    return size if size != SHOWN else judged.reason(attributes, group, "selection_rate")


def _selected(judged: Judgement, attributes: tuple[str, ...], group: Group) -> float | None:
    """How many of a group are selected."""
    node = judged.net.place.get((attributes, group))
    return None if node is None else float(SUMS[SELECTED] @ judged.net.counts[node])


@dataclass(frozen=True)
class _Chart:
    """The charts of one attribute along the score: its cuts, with the people of each group on their chosen side.

    `totals` and the cuts are groups x 4: everybody, those with the outcome, without it, of unseen outcome. `able` says
    which groups could be shown, without regard to outcomes and (second column) with; `selection` is the selection
    itself as a cut, `open_selection` the same flags for who is known to be selected.
    """

    source: Sequence[Point]
    groups: tuple[Group, ...]
    cuts: tuple[Cut, ...]
    totals: Floats
    selection: Floats
    able: NDArray[np.bool_]
    open_selection: NDArray[np.bool_]

    @classmethod
    def of(cls, judged: Judgement, attributes: tuple[str, ...], points: Sequence[Point]) -> _Chart | None:
        source = [point for point in points if point.series != "stage"]
        groups = tuple(dict.fromkeys(point.groups for point in source))
        if not source:
            return None
        cuts, totals = _cuts(source, groups, judged.analysis.spec)
        places = [judged.net.place.get((attributes, group)) for group in groups]
        if any(place is None for place in places):
            return None
        rows = judged.net.counts[[place for place in places if place is not None]]
        reasons = [judged.reason(attributes, group, SIZE) for group in groups]
        known = judged.settled.known[[place for place in places if place is not None]]
        view = next(view for view in judged.analysis.views if view.attributes == attributes)
        size_of = dict(zip(view.groups, view.n, strict=True))
        sizes = np.array([size_of.get(group) or 0.0 for group in groups])
        able = _able(rows, sizes, totals, np.array(reasons) == SHOWN, known, judged.minimum)
        able[:, 1] &= judged.analysis.spec.arm is None
        return cls(
            source, groups, tuple(cuts), totals, _selection(rows, judged.analysis.spec), able,
            np.stack([_has(known, SELECTED), _has(known, _TP) & _has(known, _FP)], axis=-1),
        )  # fmt: skip

    def points(self, minimum: int, confidence: float) -> list[Point]:
        """The points that are left when the best number of groups is hidden beside those that must be."""
        best: tuple[int, list[Cut], NDArray[np.bool_]] = (0, [], self.able & False)
        for more in range(_MORE_HIDDEN + 1):
            shown = self._hide(minimum, more)
            kept = self._kept(shown, minimum)
            worth = sum(int(shown[:, 0].sum() if c.series == "distribution" else shown[:, 1].sum()) for c in kept)
            if worth > best[0]:
                best = (worth, kept, shown)
            if shown.all():
                break
        return self._thinned(best[1], best[2], confidence)

    def _hide(self, minimum: int, more: int) -> NDArray[np.bool_]:
        """Which groups are shown: no group is hidden alone, and the hidden ones hold the minimum together."""
        shown = self.able.copy()
        sizes = self.totals[:, 0]
        for column, kinds in ((0, [0]), (1, [1, 2])):
            shown[:, column] &= shown[:, 0]
            extra = more
            for group in np.argsort(sizes, kind="stable"):
                hidden = ~shown[:, column] & (sizes > 0)
                enough = np.nan_to_num(self.totals[hidden][:, kinds].sum(axis=0)) >= minimum
                if not hidden.any() or (hidden.sum() > 1 and enough.all() and extra <= 0):
                    break
                if shown[group, column]:
                    shown[group, column] = False
                    extra -= int(hidden.sum() > 1 and enough.all())
        return shown

    def _kept(self, shown: NDArray[np.bool_], minimum: int) -> list[Cut]:
        allowed = kept_cuts(
            [replace(cut, chosen=cut.chosen.sum(axis=0)) for cut in self.cuts],
            self.totals.sum(axis=0), [self.selection.sum(axis=0)], minimum, np.arange(_KINDS) == 3,
        )  # fmt: skip
        names = {(cut.series, cut.position) for cut in allowed}
        able = [cut for cut in self.cuts if (cut.series, cut.position) in names]
        if not (self.open_selection | ~shown).all():
            able = [cut for cut in able if not self._is_selection(cut)]
        seen = self._seen
        unseen = np.zeros((len(self.groups), _KINDS))
        unseen[:, 3] = 1.0
        return kept_cuts(
            [replace(cut, chosen=seen(cut.chosen, shown)) for cut in able],
            seen(self.totals, shown), [seen(self.selection, shown)], minimum, seen(unseen, shown) > 0,
        )  # fmt: skip

    def _is_selection(self, cut: Cut) -> bool:
        """Whether a cut chooses exactly those who were selected: it would bring back what was withheld of them."""
        return not (np.abs(cut.chosen - self.selection) > 0.5).any()

    def _seen(self, counts: Floats, shown: NDArray[np.bool_]) -> Floats:
        """What a reader can tell of a cut: each group shown, and the hidden ones together."""
        parts = []
        for kind in range(_KINDS):
            column = shown[:, min(kind, 1)]
            parts.append(counts[column, kind])
            if (~column & (self.totals[:, 0] > 0)).any():
                parts.append(counts[~column, kind].sum(keepdims=True))
        result: Floats = np.concatenate(parts)
        return result

    def _thinned(self, kept: Sequence[Cut], shown: NDArray[np.bool_], confidence: float) -> list[Point]:
        place = {group: i for i, group in enumerate(self.groups)}
        names = {(cut.series, cut.position) for cut in kept}
        result = []
        for point in self.source:
            of_outcome = not (point.measure == "selection_rate" or point.series == "distribution")
            if point.series in _BY_THRESHOLD and shown[place[point.groups], int(of_outcome)]:
                result += [point] if (point.series, point.position) in names else []
        for series in ("distribution", "calibration"):
            keep = {cut.position for cut in kept if cut.series == series}
            by_group: dict[Group, list[Point]] = {}
            for point in self.source:
                if point.series == series:
                    by_group.setdefault(point.groups, []).append(point)
            for group in self.groups:
                bins = by_group.get(group, [])
                if bins and keep and shown[place[group], int(series == "calibration")]:
                    result += _joined(bins, keep, confidence)
        return result


def _cuts(points: Sequence[Point], groups: Sequence[Group], spec: AuditSpec) -> tuple[list[Cut], Floats]:
    """All cuts of the charts of an attribute, thresholds first, and the people on both sides."""
    place = {group: i for i, group in enumerate(groups)}
    totals = np.full((len(groups), _KINDS), np.nan)
    found: dict[tuple[str, float], Floats] = {}
    for point in (p for p in points if p.series in _BY_THRESHOLD):
        chosen = found.setdefault((point.series, point.position), np.full((len(groups), _KINDS), np.nan))
        yes, all_of = point.numerator or 0.0, point.denominator or 0.0
        kind = {"selection_rate": 0, "false_negative_rate": 1, "false_positive_rate": 2}.get(point.measure)
        if kind is not None:
            totals[place[point.groups], kind] = all_of
            chosen[place[point.groups], kind] = all_of - yes if kind == 1 else yes
    for series in ("distribution", "calibration"):
        _bin_cuts(series, [p for p in points if p.series == series], place, totals, found, spec)
    everybody_seen = np.abs(totals[:, 0] - totals[:, 1] - totals[:, 2]) < 0.5
    for counts in (*found.values(), totals):
        counts[:, 0] = np.where(everybody_seen & np.isnan(counts[:, 0]), counts[:, 1] + counts[:, 2], counts[:, 0])
        counts[:, 3] = counts[:, 0] - counts[:, 1] - counts[:, 2]
    return [Cut(series, position, chosen) for (series, position), chosen in found.items()], totals


def _bin_cuts(
    series: str, points: Sequence[Point], place: dict[Group, int], totals: Floats,
    found: dict[tuple[str, float], Floats], spec: AuditSpec,
) -> None:  # fmt: skip
    """The edges between bins: each named by where the bin above it begins."""
    starts = sorted({point.position for point in points})
    counts = np.zeros((len(starts), len(place), _KINDS))
    for point in points:
        yes, all_of = point.numerator or 0.0, point.denominator or 0.0
        counts[starts.index(point.position), place[point.groups]] = (yes, yes, all_of - yes, 0.0)
    kinds = [0] if series == "distribution" else [1, 2]
    if points:
        totals[:, kinds] = counts.sum(axis=0)[:, kinds]
    lower_chosen = lower_is_selected(spec)
    for i, start in enumerate(starts[1:], start=1):
        side = counts[:i] if lower_chosen else counts[i:]
        chosen = np.full((len(place), _KINDS), np.nan)
        chosen[:, kinds] = side.sum(axis=0)[:, kinds]
        found[series, start] = chosen


def _selection(rows: Floats, spec: AuditSpec) -> Floats:
    """The selection itself as a cut; nothing where a column of its own says who is selected."""
    if spec.selected is None or spec.selected.is_in is not None:
        return np.full((len(rows), _KINDS), np.nan)
    return np.stack([rows[:, :3].sum(axis=1), rows[:, 0], rows[:, 1], rows[:, 2]], axis=-1)


def _able(
    rows: Floats, sizes: Floats, totals: Floats, sized: NDArray[np.bool_], known: NDArray[np.uint64], minimum: int
) -> NDArray[np.bool_]:
    """Which groups could be shown: their sizes are public, and the charts leave no few people out."""
    missing = np.nan_to_num(sizes - totals[:, 0])
    everybody = sized & (sizes >= minimum) & ((np.abs(missing) < 0.5) | (missing >= minimum))
    outcomes = everybody.copy()
    for kind, part in ((1, _POSITIVE), (2, _NEGATIVE)):
        of_class = rows @ SUMS[part]
        missing = np.nan_to_num(of_class - totals[:, kind])
        outcomes &= (of_class >= minimum) & ((np.abs(missing) < 0.5) | (missing >= minimum))
        outcomes &= _has(known, part)
    return np.stack([everybody, outcomes], axis=-1)


def _has(known: NDArray[np.uint64], part: int) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = (known >> np.uint64(part) & np.uint64(1)) == 1
    return result


def _joined(bins: Sequence[Point], keep: set[float], confidence: float) -> list[Point]:
    """Neighbouring bins as one wherever the edge between them is not kept."""
    bins = sorted(bins, key=lambda point: point.position)
    result = []
    for first, last in merged([point.position for point in bins[1:]], keep):
        part = bins[first : last + 1]
        yes, all_of = sum(p.numerator or 0.0 for p in part), sum(p.denominator or 0.0 for p in part)
        if part[0].series == "distribution":
            all_of = part[0].denominator or 0.0
        lower, upper = wilson(np.array([yes]), np.array([all_of]), confidence)
        known = all_of > 0
        drawn = known and any(point.lower is not None for point in part)  # not where rows stand or fall together
        joined = replace(
            part[0], position_upper=part[-1].position_upper, value=yes / all_of if known else None,
            lower=float(lower[0]) if drawn else None, upper=float(upper[0]) if drawn else None,
            numerator=yes, denominator=all_of, status="computed" if known else "not_computed",
            reason=None if known else "empty_group",
        )  # fmt: skip
        result.append(part[0] if len(part) == 1 else joined)
    return result
