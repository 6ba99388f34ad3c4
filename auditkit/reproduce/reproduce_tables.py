"""Published tables held against themselves: an odds ratio against its coefficient, a class of p against n, mean and sd.

That figures agree with each other says that nothing slipped in copying or computing them; it does not say that they
follow from the data. So these figures have the basis `internal`, and are reported as consistency, never as a
reproduction.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from auditkit.errors import DataError, cut, nearest
from auditkit.reproduce.figure_formula import evaluate
from auditkit.reproduce.figure_lookup import Found
from auditkit.reproduce.published_figures import Figure
from auditkit.reproduce.published_status import Reproduced, judged, same, scaled
from auditkit.spec.published_table import CountOf, PublishedTable
from auditkit.text import say

__all__ = ["Table", "compare_table", "read_table"]

JOINER = " & "

Row = Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A published table: its rows by key, and the sums over rows that belong together, by key of one of them."""

    name: str
    spec: PublishedTable
    rows: Mapping[str, Row]
    sums: Mapping[str, Mapping[str, float]]


def read_table(name: str, spec: PublishedTable, folder: Path) -> Table:
    """The table that an audit names, as text. DataError for a file or column that is not there, or a doubled key."""
    path = folder / spec.file
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = list(reader.fieldnames or [])
            rows = [{key: value or "" for key, value in row.items() if key} for row in reader]
    except OSError:
        raise DataError(
            "There is no file {file}, which tables: {table} names.", file=cut(spec.file, 80), table=name
        ) from None
    for column in [*spec.key, *(spec.sums.by if spec.sums else [])]:
        if column not in header:
            raise DataError(
                "{file} has no column {column}, named under {role}; the nearest: {known}.",
                file=path.name, column=f'"{cut(column)}"', role=f"tables: {name}", known=nearest(column, header) or "-",
            )  # fmt: skip
    keyed: dict[str, Row] = {}
    for row in rows:
        key = JOINER.join(row[column] for column in spec.key)
        if key in keyed:
            raise DataError('{file}: the key "{value}" stands twice.', file=path.name, value=cut(key, 80))
        keyed[key] = row
    return Table(name, spec, keyed, _sums(spec, keyed, name))


def _sums(spec: PublishedTable, rows: Mapping[str, Row], name: str) -> dict[str, dict[str, float]]:
    """Each sum over the rows alike in `by`, given to each of them."""
    if spec.sums is None:
        return {}
    totals: dict[tuple[str, ...], dict[str, float]] = {}
    for row in rows.values():
        place = totals.setdefault(tuple(row[c] for c in spec.sums.by), dict.fromkeys(spec.sums.of, 0.0))
        for key, formula in spec.sums.of.items():
            part = evaluate(formula, f"tables: {name}", lambda column, _of, row=row: _number(row, column))  # type: ignore[misc]
            place[key] += float("nan") if part is None else part
    return {key: totals[tuple(row[c] for c in spec.sums.by)] for key, row in rows.items()}


def _number(row: Row | None, column: str) -> float | None:
    try:
        return None if row is None else float(row[column])
    except (KeyError, ValueError):
        return None


def compare_table(figure: Figure, table: Table) -> Reproduced:
    """A published figure beside what the others of its table make it.

    The published value must be the one in the table too, where the table holds it: else the two copies disagree.
    """
    formula = table.spec.figures.get(figure.measure)
    if formula is None:
        return judged(figure, Found(None, reason="no such figure"), "not_recomputable")
    where = say("tables: {table}, figure {figure}", table=table.name, figure=figure.measure)
    if isinstance(formula, CountOf):
        ours: float | None = _counted(formula, table)
    else:
        ours = evaluate(formula, where, lambda name, of: _find(figure, table, name, of))
    if ours is None:
        return judged(figure, Found(None, reason="no such figure"), "not_recomputable")
    mine = table.rows.get(figure.group)
    printed = _number(mine, figure.measure)
    if printed is not None and not same(printed, figure):
        return judged(figure, Found(ours), "different", "published.csv and the table hold two values")
    return judged(figure, Found(ours), "same" if same(scaled(ours, figure), figure) else "different")


def _find(figure: Figure, table: Table, name: str, of: str | None) -> float | None:
    key = {None: figure.group, "group": figure.group, "reference": figure.reference}.get(of, of or "")
    if key not in table.rows:
        return None
    if key in table.sums and name in table.sums[key]:
        return table.sums[key][name]
    return _number(table.rows[key], name)


def _counted(formula: CountOf, table: Table) -> float:
    found = {
        row.get(formula.count, "")
        for row in table.rows.values()
        if all(row.get(column) in [str(value) for value in values] for column, values in formula.where.items())
    }
    return float(len(found - {""}))
