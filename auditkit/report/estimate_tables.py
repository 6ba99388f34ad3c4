"""Tables of estimates: one group a row, one measure a column, value over interval and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from auditkit.measures import MEASURES
from auditkit.report.code_words import reason_sentence, withheld
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import MISSING, Name, count
from auditkit.report.pair_panel import EstimateKey
from auditkit.report.value_texts import interval_text, is_withheld, value_text
from auditkit.result import Estimate, ViewResult
from auditkit.text import say

__all__ = [
    "EstimateRow",
    "Matrix",
    "MatrixCell",
    "MatrixColumn",
    "MatrixRow",
    "estimate_anchor",
    "estimate_matrix",
    "estimate_row",
    "shared_note",
]


@dataclass(frozen=True)
class EstimateRow:
    """One measure of one group, as written."""

    anchor: str
    group: Name
    is_reference: bool
    value: str
    interval: str
    counts: str
    n: str
    note: str
    status: str


@dataclass(frozen=True)
class MatrixCell:
    """One figure of a compact table."""

    anchor: str
    value: str
    detail: str
    note: str = ""


@dataclass(frozen=True)
class MatrixColumn:
    """One measure of a compact table; `note` is what holds for all of its groups."""

    name: str
    note: str = ""


@dataclass(frozen=True)
class MatrixRow:
    """One group of a compact table."""

    group: Name
    is_reference: bool
    n: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True)
class Matrix:
    """A compact table: groups down, measures across."""

    columns: tuple[MatrixColumn, ...]
    rows: tuple[MatrixRow, ...]


def estimate_anchor(estimate: Estimate) -> str:
    """Where an estimate stands on the page."""
    return anchor(estimate.analysis, *estimate.attributes, *estimate.groups, estimate.measure)


def estimate_row(estimate: Estimate, reference: bool, names: Names, minimum_count: int) -> EstimateRow:
    """One measure of one group as a row."""
    language = names.language
    group = names.group(estimate.attributes, estimate.groups)
    place = estimate_anchor(estimate)
    if is_withheld(estimate):
        mark_text = withheld(estimate.reason, minimum_count).text(language)
        return EstimateRow(place, group, reference, mark_text, "", "", "", "", "suppressed")
    return EstimateRow(
        anchor=place,
        group=group,
        is_reference=reference,
        value=value_text(estimate, language) or MISSING,
        interval=interval_text(estimate, language) or MISSING,
        counts=_counts(estimate, language),
        n=count(estimate.n, language),
        note=reason_sentence(estimate.reason, language) if estimate.reason != "context" else "",
        status=estimate.status,
    )


def shared_note(notes: Sequence[str]) -> str:
    """The note that all figures share, so that it is said once; "" where they differ.

    >>> shared_note(["a", "a"]), shared_note(["a", ""]), shared_note([])
    ('a', '', '')
    """
    return notes[0] if len(set(notes)) == 1 else ""


def _counts(estimate: Estimate, language: str) -> str:
    row = MEASURES.get(estimate.measure)
    if row is not None and row.unit() == "number":  # a sum of scores is not a count of people
        return say("n = {number}", number=count(estimate.n, language)).text(language)
    if estimate.numerator is None and estimate.denominator is None:
        return MISSING
    return f"{count(estimate.numerator, language)} / {count(estimate.denominator, language)}"


def estimate_matrix(
    view: ViewResult,
    shown: Sequence[tuple[str, ...]],
    measures: Sequence[str],
    index: dict[EstimateKey, Estimate],
    names: Names,
    minimum_count: int,
) -> Matrix:
    """Groups down and measures across, value over interval."""
    if any((view.attributes, (), key) in index for key in measures):
        shown = (*shown, ())
    present = [key for key in measures if any((view.attributes, group, key) in index for group in shown)]
    sizes = dict(zip(view.groups, view.n, strict=False))
    rows = []
    for group in shown:
        cells = []
        for key in present:
            estimate = index.get((view.attributes, group, key))
            if estimate is None:
                cells.append(MatrixCell("", MISSING, ""))
                continue
            row = estimate_row(estimate, False, names, minimum_count)
            counts = "" if row.counts in ("", MISSING) else row.counts
            detail = " · ".join(part for part in (row.interval, counts) if part and part != MISSING)
            cells.append(MatrixCell(row.anchor, row.value, detail, row.note))
        rows.append(
            MatrixRow(
                names.group(view.attributes, group),
                group == view.reference,
                count(sizes.get(group), names.language),
                tuple(cells),
            )
        )
    notes = [shared_note([row.cells[i].note for row in rows]) for i in range(len(present))]
    columns = tuple(MatrixColumn(names.measure(key), note) for key, note in zip(present, notes, strict=True))
    return Matrix(columns, tuple(replace(row, cells=_without(row.cells, notes)) for row in rows))


def _without(cells: Sequence[MatrixCell], notes: Sequence[str]) -> tuple[MatrixCell, ...]:
    """The cells without the notes that stand at the head of their columns."""
    return tuple(replace(cell, note="") if note else cell for cell, note in zip(cells, notes, strict=True))
