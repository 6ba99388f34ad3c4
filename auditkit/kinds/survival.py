"""Shares served by a time, medians and the ratio of paces, where some still wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, cut
from auditkit.inference import pace_ratio, shares_by
from auditkit.kinds.kind_rows import KindRows, View, kind_rows
from auditkit.kinds.made_figures import made, share_of
from auditkit.result import KindFigure
from auditkit.spec import AuditSpec

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["figures_of_rows"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def figures_of_rows(table: Table, spec: AuditSpec, views: Sequence[View]) -> list[KindFigure]:
    """Of everyone and each group the shares and the median; of each group the pace, times that of the reference.

    Raises DataError for a time below 0.
    """
    asked = spec.survival
    assert asked is not None
    rows = kind_rows(table, spec, "survival", [asked.time], [asked.event.column])
    time, event = rows.numbers[asked.time], rows.texts[asked.event.column]
    if (time < 0).any():
        raise DataError(
            "{file}, column {column}: found {value}; expected the time waited, 0 or more.",
            file=rows.file, column=f'"{cut(asked.time)}"', value=f"{time[time < 0][0]:g}",
        )  # fmt: skip
    yes = [str(value) for value in asked.event.is_in]
    came = np.isin(event, [i for i, value in enumerate(rows.values[asked.event.column]) if value in yes])
    known = np.isfinite(time) & (event >= 0)
    found: list[KindFigure] = []
    for names, group, inside in rows.each(views):
        found += _shares(rows, time, came, inside, known, (names, group), spec)
    for names, groups, reference in views:
        found += _paces(rows, time, came, known, (names, groups, reference), spec)
    return found


def _shares(
    rows: KindRows, time: Floats, came: Flags, inside: Flags, known: Flags,
    of: tuple[tuple[str, ...], tuple[str, ...]], spec: AuditSpec,
) -> Iterator[KindFigure]:  # fmt: skip
    asked, fewest = spec.survival, spec.publish.minimum_count
    assert asked is not None
    chosen = inside & known
    people, n = float(rows.n[chosen].sum()), float(rows.n[inside].sum())
    if people < n:
        yield share_of("survival", "without_time", of, n - people, n, spec.confidence)
    found = shares_by(time[chosen], came[chosen], rows.n[chosen], asked.at, spec.confidence)
    for i, at in enumerate(asked.at):
        span = (found.share[i], found.lower[i], found.upper[i])
        yield made(
            "survival", "served_by", of, span, people, "kaplan_meier", "share", f"{at:g}",
            one_person=1 / found.beyond[i] if found.beyond[i] else np.nan,
            dominated=bool(min(found.events[i], found.beyond[i]) < fewest),
        )  # fmt: skip
    yield made("survival", "median_time", of, found.median, people, "brookmeyer_crowley", "number")


def _paces(
    rows: KindRows, time: Floats, came: Flags, known: Flags, view: View, spec: AuditSpec
) -> Iterator[KindFigure]:
    names, groups, reference = view
    if reference is None:
        return
    other = rows.of_group(names, reference) & known
    for group in (one for one in groups if one != reference):
        mine = rows.of_group(names, group) & known
        both = mine | other
        found = pace_ratio(time[both], came[both], mine[both], rows.n[both], spec.confidence)
        events = [float(rows.n[one & came].sum()) for one in (mine, other)]
        one = made(
            "survival", "pace_ratio", (names, group), (found.value, found.lower, found.upper),
            float(rows.n[mine].sum()), "cox", "ratio", one_person=found.one_person,
            dominated=min(events) < spec.publish.minimum_count, p_value=found.p_value,
        )  # fmt: skip
        yield replace(one, reference=reference)
