"""Exposure along rankings, and how far the order of lists is from their make-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, cut
from auditkit.inference import attention, divergence_along, ratio_in_one_list, ratio_over_lists
from auditkit.inference.rankings import LEAST_LISTS
from auditkit.kinds.kind_rows import KindRows, View, kind_rows
from auditkit.kinds.made_figures import made, mean_of
from auditkit.result import KindFigure
from auditkit.spec import AuditSpec

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["figures_of_rows"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_SHUFFLES, _MOST_PLACES, _FEWEST = 200, 2_000_000, 20


def figures_of_rows(table: Table, spec: AuditSpec, views: Sequence[View]) -> list[KindFigure]:
    """Exposure of everyone and of each group, the ratio to the reference, and NDKL beside what chance gives.

    Raises DataError for a place that is no whole number from 1 up.
    """
    asked = spec.ranking
    assert asked is not None
    rows = kind_rows(table, spec, "ranking", [asked.position], [] if asked.per is None else [asked.per])
    place = rows.numbers[asked.position]
    wrong = ~(np.isfinite(place) & (place >= 1) & (place == np.floor(place)))
    if wrong.any():
        raise DataError(
            "{file}, column {column}: found {value}; expected the place in the list, a whole number from 1 up.",
            file=rows.file,
            column=f'"{cut(asked.position)}"',
            value=f"{place[wrong][0]:g}",
        )
    of_list = np.zeros(len(place), dtype=np.int64) if asked.per is None else rows.texts[asked.per]
    falls = attention(place, asked.weight, asked.stop)
    lists = 1 if asked.per is None else len(rows.values[asked.per])
    found: list[KindFigure] = []
    for names, group, inside in rows.each(views):
        found.append(_exposure(rows, falls, of_list, lists, names, group, inside, spec.confidence))
    for names, groups, reference in views:
        found += _ratios(rows, falls, of_list, lists, (names, groups, reference), spec.confidence)
        found += _divergence(rows, place, of_list, lists, (names, groups, reference), spec)
    return found


def _exposure(
    rows: KindRows, falls: Floats, of_list: Integers, lists: int, names: tuple[str, ...], group: tuple[str, ...],
    inside: NDArray[np.bool_], confidence: float,
) -> KindFigure:  # fmt: skip
    """Mean attention: Student's interval within one list, that of the ratio over lists where there are several."""
    times = rows.n[inside].astype(np.float64)
    alone = mean_of("ranking", "mean_exposure", (names, group), falls[inside], times, confidence, "number")
    if lists < 2 or alone.value is None:
        return alone
    total, people = _by_list(falls, rows, of_list, lists, inside)
    value, lower, upper, _ = ratio_over_lists(total, people, people, people, confidence)
    dominated = alone.dominated
    return made("ranking", "mean_exposure", (names, group), (value, lower, upper), float(people.sum()), "lists",
                "number", one_person=alone.one_person, dominated=dominated)  # fmt: skip


def _by_list(
    falls: Floats, rows: KindRows, of_list: Integers, lists: int, inside: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    chosen = inside & (of_list >= 0)
    times = rows.n[chosen].astype(np.float64)
    people = np.bincount(of_list[chosen], times, lists).astype(np.float64)
    return np.bincount(of_list[chosen], times * falls[chosen], lists).astype(np.float64), people


def _ratios(
    rows: KindRows, falls: Floats, of_list: Integers, lists: int, view: View, confidence: float
) -> Iterator[KindFigure]:
    names, groups, reference = view
    if reference is None:
        return
    other = rows.of_group(names, reference)
    for group in groups:
        if group == reference:
            continue
        mine = rows.of_group(names, group)
        if lists > 1:
            method = "lists"
            value, lower, upper, p = ratio_over_lists(
                *_by_list(falls, rows, of_list, lists, mine), *_by_list(falls, rows, of_list, lists, other), confidence
            )
        else:
            method = "one_list"
            every = np.repeat(falls, rows.n)
            value, lower, upper, p = ratio_in_one_list(
                np.repeat(falls[mine], rows.n[mine]), np.repeat(falls[other], rows.n[other]), every, confidence
            )
        n = float(rows.n[mine].sum())
        found = made("ranking", "exposure_ratio", (names, group), (value, lower, upper), n, method, "ratio", p_value=p)
        yield _against(found, reference)


def _against(one: KindFigure, reference: tuple[str, ...]) -> KindFigure:
    from dataclasses import replace

    return replace(one, reference=reference)


def _divergence(
    rows: KindRows, place: Floats, of_list: Integers, lists: int, view: View, spec: AuditSpec
) -> Iterator[KindFigure]:
    """NDKL of each list, their mean; beside it the mean over the same lists in random order."""
    names, groups, _ = view
    code = np.full(len(place), -1, dtype=np.int64)
    for at, group in enumerate(groups):
        code[rows.of_group(names, group)] = at
    orders = []
    for one in range(lists):
        mine = np.flatnonzero((of_list == one) & (code >= 0))
        order = mine[np.argsort(place[mine], kind="stable")]
        orders.append(np.repeat(code[order], rows.n[order]))
    orders = [order for order in orders if len(order) > 1]
    values = np.array([divergence_along(order, len(groups)) for order in orders])
    ones = np.ones(len(values))
    n = float(sum(len(order) for order in orders))
    mean = mean_of("ranking", "divergence", (names, ()), values, ones, spec.confidence, "number")
    span = (mean.value, mean.lower, mean.upper) if len(values) >= LEAST_LISTS else (mean.value, None, None)
    shown = tuple(np.nan if one is None else one for one in span)
    yield made("ranking", "divergence", (names, ()), (shown[0], shown[1], shown[2]), n, "student", "number")
    yield _by_chance(orders, (names, groups), n, spec)


def _by_chance(orders: list[Integers], view: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], n: float,
               spec: AuditSpec) -> KindFigure:  # fmt: skip
    """What the same lists give in random order: the middle of shuffles, and between which ends 95 of 100 lie."""
    names, groups = view
    shuffles = int(min(_SHUFFLES, _MOST_PLACES // max(n, 1)))
    drawn = np.array([])
    if shuffles >= _FEWEST and orders:
        generator = np.random.default_rng([spec.bootstrap.seed, len(orders)])
        drawn = np.array([
            np.mean([divergence_along(generator.permutation(order), len(groups)) for order in orders])
            for _ in range(shuffles)
        ])  # fmt: skip
    half = (1 - spec.confidence) / 2
    span = (np.mean(drawn), *np.quantile(drawn, [half, 1 - half])) if len(drawn) else (np.nan, np.nan, np.nan)
    return made("ranking", "divergence_by_chance", (names, ()), span, n, "shuffled", "number")
