"""False matches and non-matches at fixed false match rates, and between two groups, from the pairs themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from auditkit.kinds.kind_rows import KindRows, View, kind_rows
from auditkit.kinds.made_figures import made, share_of
from auditkit.result import KindFigure
from auditkit.spec import AuditSpec
from auditkit.spec.kinds.verification import Verification

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["figures_of_rows"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def figures_of_rows(table: Table, spec: AuditSpec, views: Sequence[View]) -> list[KindFigure]:
    """At each fixed false match rate the threshold and both errors by group; false matches by pair of groups."""
    asked = spec.verification
    assert asked is not None
    texts = [asked.same_person.column, *([] if asked.second_group is None else [asked.second_group])]
    rows = kind_rows(table, spec, "verification", [asked.score], texts)
    yes = [str(value) for value in asked.same_person.is_in]
    same = np.isin(rows.texts[asked.same_person.column], _places(rows, asked.same_person.column, yes))
    stated = rows.texts[asked.same_person.column] >= 0
    alike = rows.numbers[asked.score] * (1.0 if asked.higher_is == "same" else -1.0)
    stated &= np.isfinite(alike)
    found: list[KindFigure] = []
    for rate in asked.false_match_rates:
        found += _at_rate(rows, alike, stated & same, stated & ~same, rate, views, asked, spec.confidence)
    if asked.second_group is not None:
        limit = asked.thresholds[0] * (1.0 if asked.higher_is == "same" else -1.0)
        found += _of_pairs(rows, alike >= limit, stated & ~same, views, asked.second_group, spec.confidence)
    return found


def _places(rows: KindRows, column: str, wanted: Sequence[str]) -> list[int]:
    return [place for place, value in enumerate(rows.values[column]) if value in wanted]


def _at_rate(
    rows: KindRows, alike: Floats, same: Flags, other: Flags, rate: float, views: Sequence[View], asked: Verification,
    confidence: float,
) -> Iterator[KindFigure]:  # fmt: skip
    """The lowest threshold at which no more than `rate` of all pairs of two persons match; then every group at it."""
    level = f"{rate:g}"
    limit = _threshold(alike[other], rows.n[other].astype(np.float64), rate)
    sign = 1.0 if asked.higher_is == "same" else -1.0
    n = float(rows.n[other].sum())
    yield made(
        "verification", "threshold_at_rate", ((), ()), (sign * limit, np.nan, np.nan), n, "none", "number", level
    )
    for names, group, inside in rows.each(views):
        for item, of, hit in (
            ("false_match_at_rate", other, alike >= limit),
            ("false_non_match_at_rate", same, alike < limit),
        ):
            people = inside & of
            cases = float(rows.n[people & hit].sum())
            total = float(rows.n[people].sum()) if np.isfinite(limit) else 0.0
            yield share_of("verification", item, (names, group), cases, total, confidence, level)


def _threshold(alike: Floats, times: Floats, rate: float) -> float:
    """The smallest value of the data at or above which lie no more than `rate` of the pairs; NaN for none."""
    values, place = np.unique(alike, return_inverse=True)
    beyond = np.bincount(place, times, len(values))[::-1].cumsum()[::-1]
    allowed = np.flatnonzero(beyond <= rate * times.sum() + 1e-9)
    return float(values[allowed[0]]) if len(allowed) else float("nan")


def _of_pairs(
    rows: KindRows, matched: Flags, other: Flags, views: Sequence[View], second: str, confidence: float
) -> Iterator[KindFigure]:
    for names, groups, _ in views:
        for group in groups:
            mine = rows.of_group(names, group) & other
            for place, value in enumerate(rows.values[second]):
                both = mine & (rows.texts[second] == place)
                cases, total = float(rows.n[both & matched].sum()), float(rows.n[both].sum())
                yield share_of("verification", "false_match_with", (names, group), cases, total, confidence, value)
