"""Identifiers that stand on several lines: people with many lines each (clusters), or matched pairs of lines.

Looked for in the structure first: a column that no role names, whose values repeat, and within each of whose values the
groups never change (one officer, many complaints) or change exactly once (one offer, two applications).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit.errors import cut
from auditkit.intake.database import quoted
from auditkit.intake.doubts import Answer, Doubt
from auditkit.intake.line_unit import is_identifier_name
from auditkit.spec import AuditSpec
from auditkit.text import Message, say

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["Repeats", "find_repeats", "has_pairs", "repeat_doubts"]

_FEWEST = 10
_FEWEST_UNNAMED = 30
"""A column whose name does not say that it tells people apart needs so many values, and groups that never change."""
_LINES_EACH = 1.2
_NEARLY_ALL = 0.95
_MOST_COLUMNS = 100


@dataclass(frozen=True)
class Repeats:
    """A column whose values stand on several lines: how many values, lines, most lines of one, whether in pairs."""

    column: str
    distinct: int
    lines: int
    most: int
    paired: bool

    @property
    def in_words(self) -> Message:
        """What was found, and the keys to type."""
        column = f'"{cut(self.column)}"'
        if self.paired and has_pairs():
            return say(
                "The {distinct} values of {column} stand on two lines each, one in each of two groups: these look like "
                "matched pairs. If so, write in audit.yaml: {key}; if each line counts by itself: unit: event.",
                column=column, distinct=self.distinct, key=f"pair: {column}",
            )  # fmt: skip
        return say(
            "The {distinct} values of {column} stand on {lines} lines, up to {most} each: these look like several "
            "lines of one person or thing, and lines are no people then. If so, write in audit.yaml: cluster: "
            "{column}; if each line counts by itself: unit: event.",
            column=column, distinct=self.distinct, lines=self.lines, most=self.most,
        )  # fmt: skip


def has_pairs() -> bool:
    """Whether audit.yaml knows matched pairs of lines."""
    return "pair" in AuditSpec.model_fields


def repeat_doubts(table: Table, spec: AuditSpec) -> list[Doubt]:
    """The question whether several lines are one person's; none where audit.yaml says what a line is."""
    if spec.unit is not None or spec.cluster is not None or spec.pair is not None:
        return []
    columns = [group.column for group in spec.groups.values() if group.data is None and group.bins is None]
    taken = {group.column for group in spec.groups.values()} | {spec.score.column if spec.score else ""}
    taken |= {spec.weight or ""}
    taken |= {one.column for one in (spec.selected, spec.outcome) if one is not None and one.column is not None}
    taken |= {stratum.column for stratum in spec.strata.values()} | {one.column for one in spec.keep}
    return [_doubt(one) for one in find_repeats(table, columns, taken)[:1]]


def find_repeats(table: Table, groups: Sequence[str], taken: set[str]) -> list[Repeats]:
    """The columns outside `taken` that seem to tell people or things with several lines apart, likeliest first."""
    names = [name for name in table.columns if name not in taken][:_MOST_COLUMNS]
    groups = [name for name in groups if name in table.columns][:4]
    if not names or not table.frame.implementation.is_duckdb():
        return []
    relation: Any = table.frame.to_native()
    parts = ", ".join(f"approx_count_distinct({quoted(name)}), count({quoted(name)})" for name in names)
    [row] = relation.query("auditkit_rows", f"SELECT {parts} FROM auditkit_rows").fetchall()
    found = []
    for place, name in enumerate(names):
        distinct, lines = int(row[2 * place]), int(row[2 * place + 1])
        fewest = _FEWEST if is_identifier_name(name) else _FEWEST_UNNAMED
        if 0.8 * fewest <= distinct and distinct * _LINES_EACH * 0.9 <= lines and distinct < lines:
            one = _looked_at(relation, name, groups)
            if one is not None and one.distinct >= fewest:
                found.append(one)
    return sorted(found, key=lambda one: (not is_identifier_name(one.column), not one.paired, -one.distinct))


def _looked_at(relation: Any, name: str, groups: Sequence[str]) -> Repeats | None:
    kinds = [f"count(DISTINCT {quoted(group)}) AS g{i}" for i, group in enumerate(groups)]
    same = " AND ".join(f"g{i} <= 1" for i in range(len(groups))) or "TRUE"
    both = " OR ".join(f"g{i} = 2" for i in range(len(groups))) or "FALSE"
    query = (
        "SELECT count(*), sum(lines), max(lines), "
        f"count(*) FILTER (WHERE lines = 2 AND ({both})), count(*) FILTER (WHERE lines > 1 AND ({same})), "
        "count(*) FILTER (WHERE lines > 1) FROM "
        f"(SELECT {', '.join(['count(*) AS lines', *kinds])} FROM auditkit_rows WHERE {quoted(name)} IS NOT NULL "
        f"GROUP BY {quoted(name)})"
    )
    [(distinct, lines, most, twos, steady, several)] = relation.query("auditkit_rows", query).fetchall()
    if not distinct or lines < _LINES_EACH * distinct:
        return None
    paired = bool(groups) and twos >= _NEARLY_ALL * distinct
    constant = bool(groups) and steady >= _NEARLY_ALL * several
    if not is_identifier_name(name) and not paired and not constant:
        return None
    return Repeats(name, int(distinct), int(lines), int(most), paired)


def _doubt(found: Repeats) -> Doubt:
    event = Answer("unit", say("Each line counts by itself."), {"unit": "event"})
    if found.paired and has_pairs():
        named = Answer("pair", say("Its lines are matched pairs."), {"pair": found.column})
    else:
        named = Answer("cluster", say("Its lines stand or fall together."), {"cluster": found.column})
    return Doubt("repeats", found.column, found.in_words, (), (named, event), stops=False)
