"""How far a predicted number is from the real one, by group: figures that only rows give, released one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auditkit.measures.estimates import Estimates, Gaps
from auditkit.measures.measure import Measure, Sum, Unit
from auditkit.protect.released import CLASSES, FromRows, ReleasedAnalysis, ReleasedView

__all__ = ["PredictionError"]

PREDICTION = "prediction"


@dataclass(frozen=True)
class PredictionError(Measure):
    """A figure of predicted and real numbers. Two groups are not compared: the errors of one say nothing of another."""

    among: Sum = CLASSES

    def needs(self) -> frozenset[Sum]:
        return frozenset({self.among})

    def unit(self) -> Unit:
        return "points"

    def estimate(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Estimates | None:
        found = {
            (one.attributes, one.groups): one
            for one in analysis.from_rows
            if one.kind == PREDICTION and one.item == self.key
        }
        if not found:
            return Estimates.nothing(len(view.everyone), "no_score")
        blank = FromRows(PREDICTION, view.names, (), self.key, np.nan, 0.0)
        rows = [found.get((view.names, group), blank) for group in view.everyone.groups]
        value = _array([one.value if np.isfinite(one.value) else None for one in rows])
        n = _array([one.people for one in rows])
        cases = _array([one.cases for one in rows])
        why = [None if np.isfinite(one.value) else "few_cases" if one.people else "empty_group" for one in rows]
        reason = np.array(why, dtype=object)
        shares = bool(np.isfinite(cases).any())
        return Estimates.known(
            value, (_array([one.lower for one in rows]), _array([one.upper for one in rows])), n, reason,
            next((one.method for one in rows if one.method != "none"), "none"),
            (cases, np.where(np.isfinite(cases), n, np.nan)), (cases, n - cases) if shares else (n,),
        )  # fmt: skip

    def compare(self, analysis: ReleasedAnalysis, view: ReleasedView) -> tuple[Gaps, ...]:
        return ()


def _array(values: list[float | None]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
