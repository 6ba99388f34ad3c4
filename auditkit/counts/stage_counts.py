"""A chain of decisions: at each stage, those who reached it, and who of them passed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import narwhals.stable.v2 as nw

from auditkit.counts.count_table import Cells
from auditkit.counts.exact_sums import needed_sums
from auditkit.counts.fetch_cells import fetch
from auditkit.counts.group_by import Rule, count_groups
from auditkit.counts.row_survey import Range
from auditkit.counts.score_distribution import score_distribution
from auditkit.counts.selection import Cut, find_cut
from auditkit.intake.exclusion_reasons import MISSING
from auditkit.intake.roles import Roles
from auditkit.spec import AuditSpec, Selection, Stage
from auditkit.spec.spec_words import OwnWords
from auditkit.text import Message, say_plural

__all__ = ["count_stages"]


def count_stages(
    rows: nw.LazyFrame[Any], roles: Roles, spec: AuditSpec, rule: Rule
) -> tuple[tuple[Cells, ...], tuple[Message, ...]]:
    """The cells of those who reached each stage (selected: passed it), and what must be said of the stages.

    Rows that reach a stage and have no decision there are in no cell of it, nor of those after it. A stage that
    nobody reaches ends the chain.
    """
    stages: list[Cells] = []
    notes: list[Message] = []
    reached = rows
    for number, stage in enumerate(spec.stages or []):
        column = nw.col(f"stage_{number}")
        code, share = column, Fraction(1)
        assert stage.selected is not None  # stage_columns refuses the others
        if stage.selected.top is not None or stage.selected.top_share is not None:
            stage_cut = _cut(reached, number, stage, stage.selected, spec)
            if stage_cut is None:
                break
            code, share = stage_cut.code(f"stage_{number}"), stage_cut.share
        coded = reached.with_columns(selected=code)
        counted = _counted(coded, roles, replace(rule, share=share, unseen_for="none", values=None))
        missing = counted.selected == MISSING
        if missing.any():
            notes.append(_missing_note(stage, round(float(counted.n[missing].sum()))))
        if missing.all():
            break
        stages.append(_without(counted, missing))
        reached = coded.filter(nw.col("selected") == 1)
    return tuple(stages), tuple(notes)


def _cut(rows: nw.LazyFrame[Any], number: int, stage: Stage, choice: Selection, spec: AuditSpec) -> Cut | None:
    column = f"stage_{number}"
    ends = rows.select(low=nw.col(column).min(), high=nw.col(column).max(), rows=nw.col(column).count())
    found = fetch(ends, ["rows"], ["low", "high"])
    count = int(found.integers["rows"][0])
    if not count:
        return None
    low, high = (float(found.floats[end][0]) + 0.0 for end in ("low", "high"))
    spread = score_distribution(rows, column, low, high, count)
    on_score = spec.score is not None and choice.column in (None, spec.score.column)
    lower = on_score and spec.score is not None and spec.score.lower_is == "selected"
    return find_cut(rows, column, spread, choice, from_top=not lower)


def _counted(rows: nw.LazyFrame[Any], roles: Roles, rule: Rule) -> Cells:
    ranges: dict[str, Range] = {}
    if roles.weight is not None:
        found = fetch(rows.select(high=nw.col("weight").max()), floats=["high"])
        high = float(found.floats["high"][0])
        ranges["weight"] = Range(0.0, 0.0 if high != high else high, 0)
    sums = needed_sums(ranges, 0, with_score=False)
    return count_groups(rows, list(enumerate(roles.keys)), sums, rule).cells


def _without(cells: Cells, leave: Any) -> Cells:
    """The cells but for those to leave out, which have no sums of scores or outcomes."""
    keep = ~leave
    return replace(
        cells,
        codes={name: codes[keep] for name, codes in cells.codes.items()},
        **{
            name: getattr(cells, name)[keep]
            for name in ("selected", "outcome", "arm", "score_bin", "n", "weight", "weight_squared")
        },
    )


def _missing_note(stage: Stage, rows: int) -> Message:
    return say_plural(
        "Stage {stage}: {count} row that reached it has no decision and is left out from there on.",
        "Stage {stage}: {count} rows that reached it have no decision and are left out from there on.",
        rows,
        stage=OwnWords("", words=stage.name),
    )
