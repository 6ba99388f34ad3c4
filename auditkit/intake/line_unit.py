"""What one line of a table of rows stands for: a person, or a number of people that stands beside it.

A table of counts gives itself away: its labels never repeat together, and a column of whole numbers is left over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.errors import cut
from auditkit.intake.doubts import Answer, Doubt
from auditkit.intake.spelling import twin_key
from auditkit.spec import AuditSpec
from auditkit.text import say

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["ColumnFacts", "counts_left_over", "is_identifier_name", "line_doubts"]

_LARGEST = 1 << 25  # bytes: a table of counts is small
_MOST_ROWS = 200_000
_MOST_COLUMNS = 60
_MOST_LABELS = 400

_COUNT_WORDS = frozenset(
    "n count counts number numbers total people persons cases appeals decisions applications households freq frequency "
    "effectif effectifs nombre nb personnes dossiers foyers allocataires demandes aantal aantallen personen zaken "
    "anzahl zahl haushalte falle numero cantidad personas hogares casos frecuencia quanti persone casi famiglie "
    "frequenza".split()
)


@dataclass(frozen=True)
class ColumnFacts:
    """What a column holds: how many different values, whether all are whole numbers from 0 up, its ends."""

    name: str
    distinct: int
    whole: bool
    low: float
    high: float


def line_doubts(table: Table, spec: AuditSpec) -> list[Doubt]:
    """The question whether the lines are counts; none where audit.yaml says what a line is, or the table is large."""
    if spec.unit is not None or spec.data is None or spec.data.rows or not table.frame.implementation.is_duckdb():
        return []
    sizes = [source.path.stat().st_size for source in table.sources if source.path.is_file()]
    if sum(sizes) > _LARGEST or len(table.columns) > _MOST_COLUMNS:
        return []
    grouped = {group.column for group in spec.groups.values()}
    roles = grouped | {stratum.column for stratum in spec.strata.values()}
    roles |= {one.column for one in (spec.selected, spec.outcome) if one is not None and one.column is not None}
    numbers = {spec.score.column if spec.score else None, spec.weight, spec.cluster}
    rows, facts = _facts(table)
    left = counts_left_over(facts, rows, roles, grouped, {name for name in numbers if name})
    if not left or not _labels_are_unique(table, [one.name for one in facts if one.name not in left], rows):
        return []
    column = f'"{cut(left[0])}"'
    question = say(
        "no two of the {rows} lines have the same labels, and {column} is left over, a column of whole numbers: this "
        "looks like a table of counts, in which each line stands for as many people. If so, write under data in "
        "audit.yaml: count: {column} (or columns, where it holds several counts); if each line is one person: unit: "
        "person (or unit: event).",
        rows=rows, column=column,
    )  # fmt: skip
    answers = (
        Answer("count", say("Each line is a count."), {"data": {"count": left[0]}}),
        Answer("unit", say("Each line is one person."), {"unit": "person"}),
    )
    return [Doubt("counts", left[0], question, ((left[0], rows),), answers)]


def counts_left_over(
    facts: Sequence[ColumnFacts], rows: int, roles: set[str], grouped: set[str], numbers: set[str]
) -> list[str]:
    """The columns that may be counts beside labels that fill a grid; empty where the table looks like people.

    Labels fill a grid where the lines are a good part of all combinations of their values.
    """
    if rows < 4 or any(one.name in numbers for one in facts):
        return []
    candidates = [
        one
        for one in facts
        if one.whole and one.name not in roles and one.high > 1 and not _is_year(one) and not _is_sequence(one, rows)
    ]
    named = [one for one in candidates if _COUNT_WORDS & set(twin_key(one.name).split())]
    left = named or candidates[-1:]
    names = {one.name for one in left}
    labels = [one for one in facts if one.name not in names]
    if not left or not any(one.name in grouped for one in labels):
        return []
    if any(one.distinct > _MOST_LABELS or (one.distinct == rows and len(labels) > 1) for one in labels):
        return []
    room = 1.0
    for one in labels:
        room *= max(1, one.distinct)
    share = rows / room
    return [one.name for one in left] if share >= (0.005 if named else 0.25) else []


def _is_year(one: ColumnFacts) -> bool:
    return one.low >= 1900 and one.high <= 2100


def _is_sequence(one: ColumnFacts, rows: int) -> bool:
    """Whether a column only numbers the lines, or codes few values."""
    return (one.distinct == rows and one.high - one.low + 1 == rows) or (one.high <= 9 and one.distinct <= 10)


def _facts(table: Table) -> tuple[int, list[ColumnFacts]]:
    parts = ["count(*)"]
    for name in table.columns:
        quoted = '"' + name.replace('"', '""') + '"'
        number = f"TRY_CAST({quoted} AS DOUBLE)"
        parts += [
            f"count(DISTINCT {quoted})",
            f"count({quoted}) FILTER ({number} IS NULL OR {number} < 0 OR {number} <> floor({number}))",
            f"coalesce(min({number}), 0)",
            f"coalesce(max({number}), 0)",
        ]
    relation = table.frame.to_native()
    [row] = relation.query("auditkit_rows", f"SELECT {', '.join(parts)} FROM auditkit_rows").fetchall()
    facts = []
    for place, name in enumerate(table.columns):
        distinct, unlike, low, high = row[1 + 4 * place : 5 + 4 * place]
        facts.append(ColumnFacts(name, int(distinct), not unlike and bool(distinct), float(low), float(high)))
    return int(row[0]), facts


def _labels_are_unique(table: Table, labels: Sequence[str], rows: int) -> bool:
    if not labels or rows > _MOST_ROWS:
        return False
    quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in labels)
    query = f"SELECT count(*) FROM (SELECT DISTINCT {quoted} FROM auditkit_rows)"
    [(distinct,)] = table.frame.to_native().query("auditkit_rows", query).fetchall()
    return bool(distinct == rows)


def is_identifier_name(name: str) -> bool:
    """Whether a column's name says that it tells people or things apart.

    >>> is_identifier_name("officer_id"), is_identifier_name("Numéro dossier"), is_identifier_name("paid")
    (True, True, False)
    """
    words = set(re.split(r"[\s_]+", twin_key(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))))
    return bool(words & {"id", "identifier", "identifiant", "matricule", "numero", "number", "nr", "no", "num", "key",
                         "cle", "code", "ref", "reference", "dossier", "case", "kennung", "nummer", "clave", "codice",
                         "bsn", "nir", "uid", "uuid", "ident", "identificador", "identificatore"})  # fmt: skip
