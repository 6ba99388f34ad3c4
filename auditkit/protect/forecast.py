"""Before a run: how much is likely to be withheld, and what protection may cost in linear programmes.

Nothing is solved here. What is withheld is at least what is small; what protects it is, on random audits of 300 to
600,000 rows and on COMPAS, up to about one and a half times as much again (docs/release.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditkit.counts.count_table import Tabulation
from auditkit.counts.joint_counts import score_edges
from auditkit.protect.choose import budget_for
from auditkit.protect.exact import CountedAnalysis, Counts, exact
from auditkit.spec import AuditSpec
from auditkit.text import Message, say

__all__ = ["Forecast", "expected", "forecast"]

_MOST_PROTECTING = 1.5


@dataclass(frozen=True)
class Forecast:
    """The sums that a report asks for, how many of them are under the minimum, the atoms, the most programmes."""

    sums: int
    small: int
    atoms: int
    programmes: int

    @property
    def likely(self) -> tuple[int, int]:
        """Per cent of the sums that are likely to be withheld, from and to, in steps of five.

        >>> Forecast(528, 121, 144, 6000).likely
        (20, 60)
        """
        share = 100 * self.small / max(1, self.sums)
        most = min(100.0, share * (1 + _MOST_PROTECTING))
        return int(share // 5 * 5), int(min(100, -(-most // 5) * 5))


def forecast(spec: AuditSpec, counted: Sequence[tuple[str, AuditSpec, Tabulation]], minimum: int) -> Forecast:
    """What the counts of an audit let expect."""
    analyses = tuple(CountedAnalysis(key, own, tabulation) for key, own, tabulation in counted)
    sums = small = 0
    for one in exact(Counts(spec, analyses)).analyses:
        for view in [view for view in (one.everyone, *one.views) if view is not None and len(view.everyone)]:
            parts = [view.everyone, *view.stages, *view.strata, *([] if view.arm is None else [view.arm])]
            for counts in parts:
                low = counts.counts.lower[:, counts.counts.lower.sum(axis=0) > 0]
                sums, small = sums + low.size, small + int((low < minimum).sum())
    atoms = sum(_atoms(tabulation, own, key == "main") for key, own, tabulation in counted)
    return Forecast(sums, small, atoms, budget_for(atoms))


def _atoms(tabulation: Tabulation, spec: AuditSpec, scored: bool) -> int:
    """The combinations of attributes that occur, times the classes that the audit has, times the score steps."""
    edges = score_edges(tabulation, spec) if scored and spec.weight is None else None
    steps = 1 if edges is None else len(edges) + 1
    found = 0
    for cells in tabulation.joint:
        codes = [cells.codes[name] for name in cells.names] or [np.zeros(len(cells), dtype=np.int64)]
        people = len(np.unique(np.column_stack(codes), axis=0))
        found += people * len(set(zip(cells.selected.tolist(), cells.outcome.tolist(), strict=True)))
    return found * steps


def expected(spec: AuditSpec, counted: Sequence[tuple[str, AuditSpec, Tabulation]]) -> tuple[Message, ...]:
    """The forecast in words; nothing where nothing is withheld."""
    minimum = spec.publish.minimum_count
    if minimum <= 0:
        return ()
    found = forecast(spec, counted, minimum)
    low, high = found.likely
    likely = say("Likely to be withheld: nothing, no count is under {minimum}.", minimum=str(minimum))
    if found.small:
        likely = say(
            "Likely to be withheld: from {low} % to {high} % of the {number} counts that the report asks for, those "
            "under {minimum} and as many as it takes to protect them. Fewer crossings, or wider groups, withhold less.",
            low=str(low), high=str(high), number=str(found.sums), minimum=str(minimum),
        )  # fmt: skip
    cost = say(
        "Protection: about {atoms} kinds of people, at most {programmes} linear programmes; what these do not reach is "
        "withheld.",
        atoms=str(found.atoms),
        programmes=str(found.programmes),
    )
    return likely, cost
