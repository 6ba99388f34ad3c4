"""Audits made by hand from counts, and an attacker who adds and subtracts all that is printed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np

from auditkit.counts.count_table import COUNTS, NOT_STATED
from auditkit.measures import DEFAULT_MEASURES, MEASURES
from auditkit.measures.rates import Rate, RatioOfCounts
from auditkit.measures.shares import Distribution
from auditkit.protect.released import GroupCounts
from auditkit.result import AnalysisResult, AuditResult, Estimate, Family, Gap, Point, RowAccount, ViewResult
from auditkit.spec import AuditSpec

RATES = tuple(key for key in DEFAULT_MEASURES if isinstance(MEASURES[key], (Rate, RatioOfCounts, Distribution)))
Group = tuple[str, ...]


def spec_of(minimum: int = 11, harm: str = "punitive", **more: object) -> AuditSpec:
    publish = {"minimum_count": minimum} | ({"because": "public"} if minimum == 0 else {})
    base = {
        "title": "t", "system": {"name": "s", "harm": harm}, "data": {"file": "x.csv"},
        "groups": {"a": {"column": "a"}, "b": {"column": "b"}},
        "score": "score", "selected": {"at_least": 5}, "publish": publish,
    }  # fmt: skip
    return AuditSpec.model_validate(base | more)


def counts_of(names: Group, table: dict[Group, Sequence[float]]) -> GroupCounts:
    rows = np.array([list(map(float, six)) for six in table.values()])
    return GroupCounts.unweighted(names, tuple(table), rows)


def views_of(joint: dict[Group, Sequence[float]], names: Group = ("a", "b")) -> list[GroupCounts]:
    """Both single attributes, and the crossing without people not stated, of a joint table."""
    views = []
    for kept in [*((k,) for k in range(len(names))), *combinations(range(len(names)), 2)]:
        table: dict[Group, np.ndarray] = {}
        for values, six in joint.items():
            group = tuple(values[k] for k in kept)
            if len(kept) > 1 and NOT_STATED in group:
                continue
            if sum(six):
                table[group] = table.get(group, np.zeros(6)) + np.array(six, dtype=float)
        if table:
            views.append(counts_of(tuple(names[k] for k in kept), dict(sorted(table.items()))))  # type: ignore[arg-type]
    return views


def estimates_of(counts: GroupCounts, measures: Sequence[str], analysis: str = "main") -> list[Estimate]:
    result = []
    for key in measures:
        row = MEASURES[key]
        top, whole = set(row.numerator), set(row.denominator)
        if isinstance(row, RatioOfCounts):
            whole |= top
        for group, six in zip(counts.groups, counts.rows, strict=True):
            by_name = dict(zip(COUNTS, six, strict=True))
            yes = sum(by_name[c] for c in top)
            of = sum(by_name[c] for c in whole)
            rows: tuple[float, ...] = (yes, of - yes)
            n = of
            if isinstance(row, Distribution):
                of = n = float(sum(sum(r[COUNTS.index(c)] for c in whole) for r in counts.rows))
                rows = (yes,)
            value = yes / of if of else None
            result.append(
                Estimate(
                    analysis,
                    counts.names,
                    group,
                    key,
                    value,
                    value,
                    value,
                    None,
                    None,
                    0.95,
                    "wilson",
                    yes,
                    of,
                    n,
                    "computed" if of else "not_computed",
                    None if of else "no_outcome",
                    rows,
                )
            )
    return result


def gap_of(view: Group, group: Group, reference: Group, measure: str, **more: object) -> Gap:
    numbers = dict.fromkeys(
        ["value", "lower", "upper", "p_value", "p_adjusted", "people", "people_lower", "people_upper", "n",
         "n_reference", "smallest_detectable", "complement_value", "complement_lower", "complement_upper"], 0.01,
    )  # fmt: skip
    base = {
        "analysis": "main", "attributes": view, "groups": group, "reference": reference, "measure": measure,
        "kind": "ratio", "side": "event", "direction": "worse", "bound_lower": None, "bound_upper": None,
        "confidence": 0.95, "method": "x", "test": "score", "verdict": "established", "status": "computed",
        "crossed": len(view) > 1,
    }  # fmt: skip
    return Gap(**(base | numbers | more))  # type: ignore[arg-type]


def analysis_of(
    views: Sequence[GroupCounts], spec: AuditSpec, measures: Sequence[str] = RATES, key: str = "main",
    gaps: Sequence[Gap] = (), points: Sequence[Point] = (), account: RowAccount | None = None,
    families: Sequence[Family] = (), extra: Sequence[Estimate] = (), **more: object,
) -> AnalysisResult:  # fmt: skip
    shown = [ViewResult(v.names, v.groups, v.groups[0], "group", tuple(float(r.sum()) for r in v.rows)) for v in views]
    single = [v for v in views if len(v.names) == 1]
    total = single[0].rows.sum(axis=0)
    not_stated = {
        v.names[0]: float(v.rows[v.groups.index((NOT_STATED,))].sum()) for v in single if (NOT_STATED,) in v.groups
    }
    account = account or RowAccount(
        float(total.sum()), float(total.sum()), without_outcome=float(total[2] + total[5]), not_stated=not_stated
    )
    return AnalysisResult(
        key=key, spec=spec, rows=account, views=tuple(shown),
        estimates=tuple(e for v in views for e in estimates_of(v, measures, key)) + tuple(extra),
        gaps=tuple(gaps), points=tuple(points), families=tuple(families), counts=tuple(views), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def audit_of(*analyses: AnalysisResult) -> AuditResult:
    return AuditResult(analyses[0].spec, tuple(analyses), ())


# The attacker. Nothing here uses auditkit.withhold: exact elimination modulo a prime, over the joint table.

_PRIME = (1 << 61) - 1


class Span:
    """The rows told so far, in echelon form modulo a prime."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, int]] = {}

    def _reduce(self, row: dict[int, int]) -> dict[int, int]:
        row = {k: v % _PRIME for k, v in row.items() if v % _PRIME}
        done: dict[int, int] = {}
        while row:
            lead = min(row)
            if lead not in self.rows:
                done[lead] = row.pop(lead)
                continue
            factor = row[lead]
            for k, v in self.rows[lead].items():
                value = (row.get(k, 0) - factor * v) % _PRIME
                if value:
                    row[k] = value
                else:
                    row.pop(k, None)
        return done

    def add(self, row: dict[int, int]) -> None:
        left = self._reduce(row)
        if left:
            lead = min(left)
            inverse = pow(left[lead], _PRIME - 2, _PRIME)
            self.rows[lead] = {k: v * inverse % _PRIME for k, v in left.items()}

    def holds(self, row: dict[int, int]) -> bool:
        return not self._reduce(row)


def attack(
    before: AnalysisResult, after: AnalysisResult, joint: dict[Group, Sequence[float]], names: Group, minimum: int
) -> list[tuple[Group, Group, tuple[str, ...]]]:
    """The small sums of classes of any group that follow from what is printed by adding and subtracting."""
    cells = {(values, c): i for i, (values, c) in enumerate(product([v for v in joint if sum(joint[v])], range(6)))}

    def form(view: Group, group: Group | None, classes: Sequence[str] | set[str]) -> dict[int, int]:
        where = [names.index(name) for name in view]
        found = {}
        for (values, c), i in cells.items():
            mine = tuple(values[k] for k in where)
            listed = len(view) == 1 or NOT_STATED not in mine
            if (mine == group or (group is None and listed)) and COUNTS[c] in classes:
                found[i] = 1
        return found

    told = Span()
    total = np.array(list(joint.values()), dtype=float).sum(axis=0)
    for (_, c), i in cells.items():
        if total[c] == 0 and c in (2, 5):
            told.add({i: 1})
    for view in after.views:
        for group, size in zip(view.groups, view.n, strict=True):
            if size is not None:
                told.add(form(view.attributes, group, COUNTS))
    if after.rows.used is not None:
        told.add(form(("a",), None, COUNTS))
    if after.rows.without_outcome is not None:
        told.add(form(("a",), None, ("selected_unseen", "not_selected_unseen")))
    for name in after.rows.not_stated:
        told.add(form((name,), (NOT_STATED,), COUNTS))
    for estimate in after.estimates:
        if estimate.status == "suppressed":
            continue
        row = MEASURES[estimate.measure]
        told.add(form(estimate.attributes, estimate.groups, row.numerator))
        told.add(form(estimate.attributes, None if isinstance(row, Distribution) else estimate.groups, row.denominator))
    found = []
    for counts in before.counts:
        for group, six in zip(counts.groups, counts.rows, strict=True):
            for size in range(1, 7):
                for places in combinations(range(6), size):
                    count = sum(six[c] for c in places)
                    telling = any(c in (0, 1, 3, 4) for c in places if total[c])
                    if count >= minimum or (count == 0 and not telling) or not any(total[c] for c in places):
                        continue
                    classes = tuple(COUNTS[c] for c in places)
                    if told.holds(form(counts.names, group, classes)):
                        found.append((counts.names, group, classes))
    return found
