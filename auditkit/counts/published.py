"""Published counts as cells: the same hub that rows lead to, with intervals where numbers are hidden or
rounded.

Attributes that come in tables of their own are unlinked: one table of cells each, never crossed. People
stand for rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import NOT_STATED, Cells, Levels, Tabulation
from auditkit.counts.one_sided_outcomes import refuse_one_sided
from auditkit.counts.published_roles import outcome_of, people_of, selected_of, text_of
from auditkit.counts.published_stages import stage_counts
from auditkit.errors import DataError
from auditkit.intake.count_tables import CountRow, CountTable, PublishedCounts
from auditkit.intake.published_filter import failed_condition, keep_because, number_in
from auditkit.intake.settle_counts import settle_counts
from auditkit.intake.written_numbers import Interval
from auditkit.result import Exclusion, RowAccount, ScoreBins
from auditkit.spec import AuditSpec
from auditkit.text import Message, say

__all__ = ["published_cells"]

KINDS = {
    "true_positive": (1, 1),
    "false_positive": (1, 0),
    "selected": (1, -1),
    "false_negative": (0, 1),
    "true_negative": (0, 0),
    "not_selected": (0, -1),
}
"""Selected and outcome (-1: unseen) of each kind of count in a wide table."""

FEW_SCORES = 20

Floats = NDArray[np.float64]
Key = tuple[tuple[str, ...], int, int, float | None]


@dataclass(frozen=True)
class _Counted:
    """One table's counts by level, selection, outcome and score, and its part of the account."""

    table: CountTable
    cells: dict[Key, Interval]
    account: RowAccount
    read: float
    used: float
    sizes: dict[tuple[str, ...], Interval]
    stages: tuple[dict[Key, Interval], ...] = ()


def published_cells(spec: AuditSpec, counts: PublishedCounts) -> Tabulation:
    """The counts of one analysis. The account is in people, of the table that holds the most of them.

    Raises DataError where no count is left, or a value cannot be read.
    """
    settled = [settle_counts(spec, table) for table in counts.tables]
    counted = [_count(spec, table) for table, _ in settled]
    main = max(counted, key=lambda one: one.used)
    if main.used == 0 and not main.cells:
        raise DataError(
            "{file}: no count is left after keep; {rows} people were set aside.",
            file=main.table.file,
            rows=int(main.read),
        )
    notes = [
        *counts.notes,
        *(note for _, said in settled for note in said),
        *(note for one in counted for note in one.account.notes),
    ]
    joint = tuple(_cells(spec, one, with_score=False) for one in counted)
    if any("n" in row.counts for row in main.table.rows):
        refuse_one_sided(spec.outcome, joint, main.table.file)
    scores = sorted({key[3] for one in counted for key in one.cells if key[3] is not None})
    approximate = any(not value.known for one in counted for value in one.cells.values())
    if scores and approximate:
        scores = []
        notes.append(say("With hidden or rounded counts nothing is computed score by score."))
    scale = ScoreBins(np.array(scores), np.array(scores), exact=True) if scores else None
    account = RowAccount(
        read=main.account.read,
        used=main.account.used,
        exclusions=main.account.exclusions,
        without_outcome=main.account.without_outcome,
        without_score=main.account.without_score,
        not_stated={name: n for one in counted for name, n in one.account.not_stated.items()},
        approximate=approximate,
        notes=tuple({note.text("en"): note for note in notes}.values()),
    )
    return Tabulation(
        joint=joint,
        account=account,
        score=tuple(_cells(spec, one, with_score=True, scores=scores) for one in counted) if scores else (),
        scale=scale,
        stages=tuple(
            _cells(spec, replace(one, cells=stage, sizes={}), with_score=False)
            for one in counted
            for stage in one.stages
        ),
        facts=_facts(spec, counted, scores),
    )


def _facts(spec: AuditSpec, counted: Sequence[_Counted], scores: Sequence[float]) -> dict[str, object]:
    """The facts that the report needs: the threshold, the range of scores, the thresholds to try."""
    facts: dict[str, object] = {}
    if scores:
        facts |= {"score_minimum": scores[0], "score_maximum": scores[-1]}
        named = spec.sweep.thresholds if spec.sweep is not None else "default"
        facts["sweep_thresholds"] = tuple(_spread(counted, scores) if named == "default" else named)
    choice = spec.selected
    if choice is not None:
        limits = [limit for limit in (choice.at_least, choice.at_most) if isinstance(limit, (int, float))]
        if len(limits) == 1:
            facts["threshold"] = float(limits[0])
    return facts


def _spread(counted: Sequence[_Counted], scores: Sequence[float]) -> list[float]:
    """All scores where they are few, else those nearest to selecting 5 %, 10 %, ... 95 % of the people."""
    if len(scores) <= FEW_SCORES:
        return list(scores)
    people = np.array(
        [sum(n.printed for one in counted for key, n in one.cells.items() if key[3] == s) for s in scores]
    )
    above = people[::-1].cumsum()[::-1] / people.sum()
    return sorted({scores[int(np.abs(above - share).argmin())] for share in np.arange(5, 100, 5) / 100})


def _count(spec: AuditSpec, table: CountTable) -> _Counted:
    """Every row of one table to the cell it belongs to, or to the reason for which it is not used."""
    names = (*table.attributes, *spec.strata)
    cells: dict[Key, Interval] = {}
    sizes: dict[tuple[str, ...], Interval] = {}
    read = 0.0
    dropped = [0.0] * len(spec.keep)
    others: dict[str, float] = {}
    not_stated = dict.fromkeys(table.attributes, 0.0)
    outcomes = outcome_of(spec, table)
    summed = False
    chain: dict[tuple[str, ...], list[CountRow]] = {}
    for row in table.rows:
        people = people_of(row)
        read += people
        failed = failed_condition(spec.keep, row, table)
        if failed is not None:
            dropped[failed] += people
            continue
        levels = tuple(_level(spec, table, name, row) for name in names)
        chain.setdefault(levels, []).append(row)
        if row.total is not None:
            sizes[levels] = sizes[levels] + row.total if levels in sizes else row.total
        for kind, count in row.counts.items():
            selected, outcome, score, reason = _place(spec, table, row, kind, outcomes)
            if reason is not None:
                others[reason] = others.get(reason, 0.0) + count.printed
                continue
            for name, level in zip(table.attributes, levels, strict=False):
                not_stated[name] += count.printed if level == NOT_STATED else 0.0
            key = (levels, selected, outcome, score)
            summed |= key in cells
            cells[key] = cells[key] + count if key in cells else count
    used = sum(value.printed for value in cells.values())
    exclusions = tuple(
        Exclusion(f"keep_{i}", keep_because(condition), int(people))
        for i, (condition, people) in enumerate(zip(spec.keep, dropped, strict=True), 1)
    ) + tuple(Exclusion(reason, _because(spec, reason), int(people)) for reason, people in others.items())
    if table.people is not None and not others and not any(dropped):
        read = used = table.people  # a printed total, where the sum is one of lower ends
    notes = [say("{file}: several rows of one group were added up.", file=table.file)] if summed else []
    unseen = sum(value.printed for key, value in cells.items() if key[2] == -1)
    has_outcome = any(key[2] != -1 for key in cells) or spec.outcome is not None
    account = RowAccount(
        read,
        used,
        exclusions,
        without_outcome=unseen if has_outcome else 0,
        not_stated={name: n for name, n in not_stated.items() if n},
        notes=tuple(notes),
    )
    return _Counted(table, cells, account, read, used, sizes if _every_total(table) else {},
                    stage_counts(spec, table, chain))  # fmt: skip


def _every_total(table: CountTable) -> bool:
    """Whether every row says how many people it is about, beside those selected."""
    return all(row.total is not None and set(row.counts) == {"selected", "not_selected"} for row in table.rows)


def _because(spec: AuditSpec, reason: str) -> Message:
    if reason == "no_score" and spec.score is not None:
        return say("no score ({column})", column=spec.score.column)
    column = spec.selected.column if spec.selected is not None and spec.selected.column else ""
    return say("no decision ({column})", column=column)


def _place(
    spec: AuditSpec, table: CountTable, row: CountRow, kind: str, outcomes: dict[str, int]
) -> tuple[int, int, float | None, str | None]:
    """Selected, outcome and score of a count, or the reason why it is not used."""
    if kind != "n":
        selected, outcome = KINDS[kind]
        if spec.observed == "when_selected" and selected == 0:
            outcome = -1
        return selected, outcome, None, None
    score: float | None = None
    if spec.score is not None and (text := row.others.get(spec.score.column, "")) not in spec.missing_values:
        score = number_in(text, row, spec.score.column, table)
    chosen, reason = selected_of(spec, table, row, score)
    if reason is not None:
        return 0, -1, score, reason
    found = outcomes.get(row.others[spec.outcome.column], -1) if spec.outcome is not None else -1
    if spec.observed == "when_selected" and chosen == 0:
        found = -1
    return chosen, found, score, None


def _level(spec: AuditSpec, table: CountTable, name: str, row: CountRow) -> str:
    """The group or stratum of a row, NOT_STATED where it says none."""
    attribute = name in table.attributes
    group = spec.groups[name] if attribute else spec.strata[name]
    found = row.groups[name] if attribute else row.others[group.column]
    if found in spec.missing_values or not found:
        missing = spec.groups[name].missing if attribute else None
        return missing or NOT_STATED
    if group.bins is not None:
        number = number_in(found, row, group.column, table)
        labels = spec.groups[name].bin_labels() if attribute else _stratum_labels(group.bins)
        return labels[sum(number >= edge for edge in group.bins)]
    return text_of(found)


def _stratum_labels(bins: Sequence[float]) -> list[str]:
    edges = [f"{edge:g}" for edge in bins]
    middle = [f"{low} to under {high}" for low, high in pairwise(edges)]
    return [f"under {edges[0]}", *middle, f"{edges[-1]} and over"]


def _levels(spec: AuditSpec, name: str, attribute: bool, present: set[str]) -> Levels:
    """The values of an attribute: bins in their order, else sorted; NOT_STATED last."""
    bins = spec.groups[name].bins if attribute else spec.strata[name].bins
    ordered: list[str] = []
    if bins is not None:
        labels = spec.groups[name].bin_labels() if attribute else _stratum_labels(bins)
        ordered = [label for label in labels if label in present]
    ordered += sorted(present - {NOT_STATED} - set(ordered))
    return Levels(name, (*ordered, *([NOT_STATED] if NOT_STATED in present else [])))


def _cells(spec: AuditSpec, counted: _Counted, with_score: bool, scores: Sequence[float] = ()) -> Cells:
    """The counts of one table as sorted cells; `lower` and `upper` are there where a count is not known."""
    names = (*counted.table.attributes, *spec.strata)
    levels = tuple(
        _levels(spec, name, i < len(counted.table.attributes), {key[0][i] for key in counted.cells})
        for i, name in enumerate(names)
    )
    rank = [{value: code for code, value in enumerate(level.values)} for level in levels]
    bins = {score: i for i, score in enumerate(scores)}
    merged: dict[tuple[int, ...], Interval] = {}
    for (values, selected, outcome, score), count in counted.cells.items():
        place = bins[score] if with_score and score is not None else -1
        key = (*(rank[i][value] for i, value in enumerate(values)), selected, outcome, place)
        merged[key] = merged[key] + count if key in merged else count
    ordered = sorted(merged)
    table = np.array(ordered, dtype=np.int64).reshape(len(ordered), len(names) + 3)
    lower = np.array([merged[key].lower for key in ordered], dtype=np.float64)
    upper = np.array([merged[key].upper for key in ordered], dtype=np.float64)
    known = bool(np.all(lower == upper))
    size_lower, size_upper = _sizes(counted, rank, ordered, lower, upper)
    n = np.where(lower == upper, lower, np.nan)
    bin_of = table[:, -1]
    values_of = np.where(bin_of >= 0, np.array([*scores, 0.0])[bin_of], 0.0) if with_score else None
    return Cells(
        levels=levels,
        codes={name: table[:, i] for i, name in enumerate(names)},
        selected=table[:, -3],
        outcome=table[:, -2],
        arm=np.zeros(len(ordered), dtype=np.int64),
        score_bin=bin_of,
        n=n,
        weight=n.copy(),
        weight_squared=n.copy(),
        score_sum=None if values_of is None else n * values_of,
        score_squared=None if values_of is None else n * values_of**2,
        score_outcome_sum=None if values_of is None else np.where(table[:, -2] == 1, n * values_of, 0.0),
        lower=None if known else lower,
        upper=None if known else upper,
        size_lower=None if known else size_lower,
        size_upper=None if known else size_upper,
    )


def _sizes(
    counted: _Counted, rank: Sequence[dict[str, int]], ordered: Sequence[tuple[int, ...]], lower: Floats, upper: Floats
) -> tuple[Floats, Floats]:
    """What each cell adds to the size of its group: the published total on its first cell, else the cell itself."""
    if not counted.sizes:
        return lower, upper
    totals = {tuple(rank[i][value] for i, value in enumerate(values)): total for values, total in counted.sizes.items()}
    size_lower, size_upper = np.zeros_like(lower), np.zeros_like(upper)
    for i, key in enumerate(ordered):
        total = totals.pop(key[:-3], None)
        if total is not None:
            size_lower[i], size_upper[i] = total.lower, total.upper
    return size_lower, size_upper
