"""A chain of decisions from a table of counts: of those who passed one step, how many passed the next.

Each step is published as a number of people. Those who stop at a step are those who reached it less those who passed,
so that rounded or hidden numbers make both sides intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditkit.errors import DataError, cut
from auditkit.intake.count_tables import CountRow, CountTable
from auditkit.intake.written_numbers import Interval
from auditkit.spec import AuditSpec
from auditkit.spec.spec_words import OwnWords

__all__ = ["stage_counts"]

Steps = tuple[dict[tuple[tuple[str, ...], int, int, float | None], Interval], ...]


def stage_counts(spec: AuditSpec, table: CountTable, chain: Mapping[tuple[str, ...], Sequence[CountRow]]) -> Steps:
    """For each stage the counts of those who passed it and those who stopped there, by group.

    `chain` are the rows of each group. The first stage is reached by everyone, each other by those who passed the one
    before. Raises DataError where more people pass a stage than can have reached it.
    """
    steps: Steps = tuple({} for _ in spec.stages or [])
    for levels, rows in chain.items():
        reached = sum((_people(row) for row in rows), Interval.exact(0))
        for number, stage in enumerate(spec.stages or []):
            passed = sum((row.stages[number] for row in rows), Interval.exact(0))
            if passed.lower > reached.upper:
                raise DataError(
                    "{file}, {place}: {passed} people pass the stage {stage}, and only {reached} can have reached it; "
                    "expected each stage to count people who passed the stage before.",
                    file=table.file,
                    place=rows[0].place,
                    passed=cut(f"{passed.printed:g}"),
                    stage=OwnWords("", words=stage.name),
                    reached=cut(f"{reached.printed:g}"),
                )
            stopped = Interval(
                max(0.0, reached.lower - passed.upper),
                max(0.0, reached.upper - passed.lower),
                max(0.0, reached.printed - passed.printed),
            )
            steps[number][levels, 1, -1, None] = passed
            steps[number][levels, 0, -1, None] = stopped
            reached = passed
    return steps


def _people(row: CountRow) -> Interval:
    """Everyone of a row: the total that the table gives, else the sum of its counts."""
    return row.total if row.total is not None else sum(row.counts.values(), Interval.exact(0))
