"""The row account: every row read is used, or excluded for one reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from auditkit.counts.count_table import NOT_STATED, Cells
from auditkit.counts.row_survey import Survey
from auditkit.intake.exclusion_reasons import MISSING
from auditkit.intake.roles import Roles
from auditkit.result import RowAccount
from auditkit.spec import AuditSpec
from auditkit.text import Message, say, say_plural

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["NO_SELECTION", "row_account"]

NO_SELECTION = say("The audit says nothing of who is selected; no rate of selection is computed.")


def row_account(
    table: Table,
    spec: AuditSpec,
    roles: Roles,
    survey: Survey,
    joint: Sequence[Cells],
    ignored_outcomes: int,
    notes: Sequence[Message],
) -> RowAccount:
    """The account of one analysis, with what was decided on the way."""
    said = [*table.notes, *notes]
    not_stated: dict[str, float] = {}
    for key in roles.keys:
        cells = next(cells for cells in joint if key.name in cells.names)
        if key.attribute:
            not_stated[key.name] = _rows_of(cells, key.name, NOT_STATED)
        if key.missing is not None:
            said.append(
                say(
                    '{attribute}: rows without a value count as "{value}", as the audit says.',
                    attribute=key.name,
                    value=key.missing,
                )
            )
    if ignored_outcomes:
        said.append(
            say_plural(
                "{count} row that was not selected carries an outcome; it is not used, since the audit says for "
                "whom outcomes are seen.",
                "{count} rows that were not selected carry an outcome; it is not used, since the audit says for "
                "whom outcomes are seen.",
                ignored_outcomes,
            )
        )
    scored = survey.ranges.get("score")
    if scored is not None and scored.lowest == scored.highest:
        said.append(say("Every row has the same score, {score}.", score=f"{scored.lowest:g}"))
    if roles.selection is None:
        said.append(NO_SELECTION)
    else:
        said += _one_sided(joint[0])
    return RowAccount(
        read=survey.read,
        used=survey.used,
        exclusions=survey.exclusions,
        without_outcome=_without_outcome(spec, joint[0], survey),
        without_score=0 if roles.score is None else survey.used - (scored.rows if scored else 0),
        not_stated=not_stated,
        notes=tuple(said),
    )


def _one_sided(cells: Cells) -> list[Message]:
    """That nobody or everybody is selected; not between what scores, since each end of them is one person's."""
    selected = float(cells.n[cells.selected == 1].sum())
    if 0 < selected < float(cells.n.sum()):
        return []
    return [say("Everybody is selected.") if selected else say("Nobody is selected.")]


def _rows_of(cells: Cells, name: str, value: str) -> float:
    values = cells.level(name).values
    if value not in values:
        return 0
    return float(round(cells.n[cells.codes[name] == values.index(value)].sum()))


def _without_outcome(spec: AuditSpec, cells: Cells, survey: Survey) -> float:
    if spec.outcome is None:
        return 0
    if spec.outcome.numeric:
        heard = survey.ranges["result"].rows if "result" in survey.ranges else 0
        return survey.used - heard
    return float(round(np.where(cells.outcome == MISSING, cells.n, 0.0).sum()))
