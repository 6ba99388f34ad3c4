"""Two slips that make an outcome say nothing: both its values listed on one side, and no outcome but of those selected.

In the first every person would have it, and nobody be without; in the second everyone without it was selected.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditkit.counts.count_table import Cells
from auditkit.errors import DataError, cut
from auditkit.spec import AuditSpec, Outcome

__all__ = ["refuse_one_sided", "refuse_unseen"]

_FEW = 10
"""Of fewer rows that were not selected, all may lack an outcome by chance."""
_MOST = 0.5
"""Where a greater share of those not selected lacks an outcome, the rest is no ordinary loss."""


def refuse_one_sided(outcome: Outcome | None, tables: Sequence[Cells], file: str) -> None:
    """Refuse two or more values listed as positive (or as negative) beside which no row holds another.

    `rest` says that other values are possible, and lets it pass. Raises DataError.
    """
    if outcome is None or outcome.rest is not None or (outcome.positive is None) == (outcome.negative is None):
        return
    listed = outcome.positive or outcome.negative or []
    wanted, opposite = (1, 0) if outcome.positive is not None else (0, 1)
    if len(listed) < 2 or _any(tables, opposite) or not _any(tables, wanted):
        return
    names = ", ".join(f'"{cut(value)}"' for value in listed[:5])
    values = {"file": file, "column": f'"{cut(outcome.column)}"', "listed": names}
    if outcome.positive is not None:
        raise DataError(
            "{file}, column {column}: it holds no value but those listed as positive ({listed}), so that nobody would "
            "be without the outcome; list what means the outcome only, or add rest: negative.",
            **values,
        )
    raise DataError(
        "{file}, column {column}: it holds no value but those listed as negative ({listed}), so that nobody would have "
        "the outcome; list what means its absence only, or add rest: positive.",
        **values,
    )


def refuse_unseen(spec: AuditSpec, cells: Cells, file: str) -> None:
    """Refuse an outcome that is seen of those selected, where the audit says that it is known of everyone.

    Where no other row has one, everybody without the outcome would have been selected: a false positive rate of 1 that
    says nothing. Where more than half of the others lack it, at least twice the share of those selected, what is left
    is no sample of them. Raises DataError.
    """
    if spec.outcome is None or spec.observed != "everywhere" or spec.stages is not None:
        return
    left, seen = cells.selected == 0, cells.outcome >= 0
    unselected, selected = float(cells.n[left].sum()), float(cells.n[~left].sum())
    known, known_of_selected = float(cells.n[left & seen].sum()), float(cells.n[~left & seen].sum())
    if unselected < _FEW or not known_of_selected:
        return
    if known:
        missing, missing_of_selected = 1 - known / unselected, 1 - known_of_selected / selected
        if missing <= _MOST or missing < 2 * missing_of_selected:
            return
        raise DataError(
            "{file}, column {column}: {missing} of the {rows} rows that were not selected have no outcome, and {fewer} "
            "of the {selected} that were, while the audit says that it is known of everyone; say observed: "
            "when_selected (or observed: {{arm: ...}} where those with an outcome were drawn at random).",
            file=file,
            column=f'"{cut(spec.outcome.column)}"',
            missing=f"{unselected - known:,.0f}",
            rows=f"{unselected:,.0f}",
            fewer=f"{selected - known_of_selected:,.0f}",
            selected=f"{selected:,.0f}",
        )
    raise DataError(
        "{file}, column {column}: none of the {rows} rows that were not selected has an outcome, and the audit says "
        "that it is known of everyone; say observed: when_selected (or observed: {{arm: ...}} for a random sample).",
        file=file,
        column=f'"{cut(spec.outcome.column)}"',
        rows=f"{unselected:,.0f}",
    )


def _any(tables: Sequence[Cells], outcome: int) -> bool:
    return any(
        bool(np.any((cells.outcome == outcome) & ((cells.n if cells.upper is None else cells.upper) > 0)))
        for cells in tables
    )
