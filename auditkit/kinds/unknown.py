"""Selection rates of an attribute known by probability alone: bounds, the weighted estimate, the survey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.fetch_cells import fetch
from auditkit.errors import DataError, cut
from auditkit.inference import (
    Bounded,
    proxy_gap_bounds,
    proxy_rate_bounds,
    survey_size,
    weighted_gap,
    weighted_rate,
)
from auditkit.intake.column_reading import Columns, label_of
from auditkit.intake.exclusion_reasons import USED
from auditkit.intake.roles import assign_roles
from auditkit.kinds.kind_rows import View
from auditkit.kinds.made_figures import NOTHING, Subject, made, share_of
from auditkit.result import KindFigure
from auditkit.spec import AuditSpec
from auditkit.spec.kinds.unknown import UnknownAttribute

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["figures_of_rows"]

Floats = NDArray[np.float64]

_KIND, _QUANTILE = "unknown", 1.959963984540054
_CELL, _BINS = 30, 20
"""A cell needs so many people for its rate; where distinct probabilities have fewer, they are put into so many bins."""


@dataclass(frozen=True)
class Chances:
    """Rows alike counted once: chances by group (rows x groups), cases and people of each, and those without any."""

    shares: Floats
    cases: Floats
    people: Floats
    without: float


def figures_of_rows(table: Table, spec: AuditSpec, views: Sequence[View]) -> list[KindFigure]:
    """Of each such attribute: rates and gaps of every group, bounds before the weighted estimate, and the survey."""
    assert spec.unknown is not None
    found: list[KindFigure] = []
    for name, one in spec.unknown.items():
        chances = _chances(table, spec, name, one)
        if chances is None:
            found += [_none((name,), (group,)) for group in one.groups]
        else:
            found += _figures(name, one, chances, spec.confidence)
    return found


def _none(attributes: tuple[str, ...], groups: tuple[str, ...]) -> KindFigure:
    """Where the highest scores are selected, a row alone does not say who is: there is no method yet."""
    return KindFigure(_KIND, "lowest_rate", attributes, groups, None, unit="share", status="not_computed",
                      reason="pair_of_options")  # fmt: skip


def _chances(table: Table, spec: AuditSpec, name: str, one: UnknownAttribute) -> Chances | None:
    roles = assign_roles(table, spec)
    if roles.selection is None or roles.selection.code is None:
        return None
    columns = Columns.of(table, spec.missing_values)
    frame = table.frame.filter(roles.reason == USED)
    code = roles.selection.code
    if one.proxy is not None:
        text = nw.col(one.proxy.column)
        columns.require(one.proxy.column, name)
        counted = frame.select(code=code, proxy=text).group_by("code", "proxy").agg(auditkit_rows=nw.len())
        got = fetch(counted, ["code", "auditkit_rows"], coded=["proxy"], many=True)
        by_value = [one.proxy.table.get(label_of(value)) for value in got.values["proxy"]]
        rows = [[np.nan if shares is None else shares.get(g, 0.0) for g in one.groups] for shares in by_value]
        shares = np.array(rows, dtype=float).reshape(-1, len(one.groups))[got.codes["proxy"]]
        return _merged(shares, got.integers["code"], got.integers["auditkit_rows"], name, table.name)
    assert one.probabilities is not None
    numbers = [columns.number(column, name) for column in one.probabilities.values()]
    read = {f"chance_{i}": number.value for i, number in enumerate(numbers)}
    counted = frame.select(code=code, **read).group_by("code", *read).agg(auditkit_rows=nw.len())
    got = fetch(counted, ["code", "auditkit_rows"], list(read), many=True)
    shares = np.column_stack([got.floats[key] for key in read])
    return _merged(shares, got.integers["code"], got.integers["auditkit_rows"], name, table.name)


def _merged(shares: Floats, code: NDArray[np.int64], rows: NDArray[np.int64], name: str, file: str) -> Chances:
    known = np.isfinite(shares).all(axis=1)
    wrong = known & (((shares < 0) | (shares > 1)).any(axis=1) | (shares.sum(axis=1) > 1 + 1e-6))
    if wrong.any():
        found = ", ".join(f"{value:g}" for value in shares[wrong][0])
        raise DataError(
            "{file}, probabilities of {name}: found {value}; expected numbers from 0 to 1 that add up to no "
            "more than 1.",
            file=file, name=f'"{cut(name)}"', value=cut(found),
        )  # fmt: skip
    distinct, place = np.unique(shares[known], axis=0, return_inverse=True)
    place = place.reshape(-1)
    n = rows[known].astype(float)
    people = np.bincount(place, n, len(distinct)).astype(np.float64)
    cases = np.bincount(place, n * (code[known] == 1), len(distinct)).astype(np.float64)
    return Chances(distinct, cases, people, float(rows[~known].sum()))


def _figures(name: str, one: UnknownAttribute, chances: Chances, confidence: float) -> Iterator[KindFigure]:
    expected = (chances.people[:, None] * chances.shares).sum(axis=0) if len(chances.people) else np.zeros(1)
    whole = float(chances.people.sum())
    everyone: Subject = ((name,), ())
    yield share_of(_KIND, "without_chance", everyone, chances.without, whole + chances.without, confidence)
    if not whole:
        yield from (_none((name,), (group,)) for group in one.groups)
        return
    groups = one.groups
    base = groups.index(one.reference) if one.reference is not None else int(np.argmax(expected))
    bounds: list[Bounded] = []
    for i, group in enumerate(groups):
        of: Subject = ((name,), (group,))
        p, x, n = _cells(chances, i)
        if expected[i] <= 0:
            bounds.append(Bounded(0.0, 1.0, 0.0, 0.0))
            yield made(_KIND, "lowest_rate", of, NOTHING, 0, "none", "share")
            continue
        found = proxy_rate_bounds(p, x, n)
        bounds.append(found)
        rate = weighted_rate(chances.shares[:, i], chances.cases / chances.people, chances.people)
        spread = _binomial(chances, chances.shares[:, i] / expected[i])
        size, one_person = float(expected[i]), 1 / float(expected[i])
        for item, value, error in (("lowest_rate", found.lower, found.lower_error),
                                   ("highest_rate", found.upper, found.upper_error),
                                   ("weighted_rate", rate.value, float(np.hypot(rate.error, spread)))):  # fmt: skip
            yield made(_KIND, item, of, _span(value, error), size, "delta", "share", one_person=one_person)
    for i in range(len(groups)):
        if i != base and expected[i] > 0 and expected[base] > 0:
            yield from _gaps(name, groups, i, base, chances, expected, bounds, confidence)


def _gaps(
    name: str, groups: Sequence[str], i: int, base: int, chances: Chances, expected: Floats, bounds: list[Bounded],
    confidence: float,
) -> Iterator[KindFigure]:  # fmt: skip
    p, x, n = _cells(chances, i)
    q = _cells(chances, i, base)[0]
    found = proxy_gap_bounds(p, q, x, n)
    y = chances.cases / chances.people
    gap = weighted_gap(chances.shares[:, i], chances.shares[:, base], y, chances.people)
    spread = _binomial(chances, chances.shares[:, i] / expected[i] - chances.shares[:, base] / expected[base])
    size, one_person = float(min(expected[i], expected[base])), float(1 / expected[i] + 1 / expected[base])
    of: Subject = ((name,), (groups[i],))
    reference = (groups[base],)
    for item, value, error in (("lowest_gap", found.lower, found.lower_error),
                               ("highest_gap", found.upper, found.upper_error),
                               ("weighted_gap", gap.value, float(np.hypot(gap.error, spread)))):  # fmt: skip
        span = _span(value, error, -1.0)
        yield _against(made(_KIND, item, of, span, size, "delta", "share", one_person=one_person), reference)
    shares = expected / chances.people.sum()
    rates = [min(max(0.5, one.lower), one.upper) for one in (bounds[i], bounds[base])]
    asked = survey_size(rates[0], float(shares[i]), rates[1], float(shares[base]), 0.05, confidence)
    span = (float(asked), np.nan, np.nan)
    yield made(_KIND, "survey_people", of, span, size, "none", "number", one_person=max(1.0, asked * one_person))


def _against(one: KindFigure, reference: tuple[str, ...]) -> KindFigure:
    return replace(one, reference=reference)


def _span(value: float, error: float, least: float = 0.0) -> tuple[float, float, float]:
    return value, max(least, value - _QUANTILE * error), min(1.0, value + _QUANTILE * error)


def _binomial(chances: Chances, influence: Floats) -> float:
    """The part of an error that comes of who in a cell was selected; the estimate has it for rates of cells only."""
    y = chances.cases / chances.people
    return float(np.sqrt((chances.people * influence**2 * y * (1 - y)).sum()))


def _cells(chances: Chances, place: int, other: int | None = None) -> tuple[Floats, Floats, Floats]:
    """The cells of a bound: distinct probabilities, put into bins where they hold too few people for a rate.

    Coarser cells give wider bounds, which hold as well. Returns shares (of `other` where given), cases and people.
    """
    shown = chances.shares[:, place if other is None else other]
    if len(chances.people) <= _BINS or chances.people.sum() >= _CELL * len(chances.people):
        return shown, chances.cases, chances.people
    order = chances.shares[:, place]
    bins = max(1, min(_BINS, int(chances.people.sum() // (4 * _CELL))))
    by = np.argsort(order, kind="stable")
    reached = np.cumsum(chances.people[by])
    number = np.empty(len(order), dtype=np.int64)
    number[by] = np.minimum((reached - 1) * bins // reached[-1], bins - 1).astype(np.int64)
    sums = [np.bincount(number, one, bins) for one in (chances.people * shown, chances.cases, chances.people)]
    share, cases, n = (one.astype(np.float64)[sums[2] > 0] for one in sums)
    return share / n, cases, n
