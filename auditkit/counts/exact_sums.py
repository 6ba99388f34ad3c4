"""Which sums a count needs, and how they become the weights, scores and outcomes of its cells.

Squares of scores and outcomes are taken around the middle of their range, where they keep their digits, and moved
back at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.fixed_point import FixedSum, fixed_sum, range_centre
from auditkit.counts.row_survey import Range

__all__ = ["Sums", "needed_sums"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_EXACT = 2.0**53


@dataclass(frozen=True)
class Sums:
    """The sums of a count; `centres` are the middles of score and result (the outcome as a number).

    `rows` is how many rows there are at most, 0 where that is not known.
    """

    sums: tuple[FixedSum, ...]
    weighted: bool
    has_score: bool
    has_result: bool
    centres: Mapping[str, float]
    rows: int = 0

    @property
    def columns(self) -> dict[str, nw.Expr]:
        """The columns of whole numbers to be added up."""
        return {name: column for total in self.sums for name, column in total.columns.items()}

    def typed(self, on_duckdb: bool) -> dict[str, nw.Expr]:
        """The same columns in the type in which an engine adds them up exactly, in whatever order, and fastest.

        Whole numbers are exact as doubles while their sum stays under 2^53, which spares DuckDB a conversion a row.
        It adds 32 bits into 64 or more by itself; other engines add in the width that they are given.
        """
        columns: dict[str, nw.Expr] = {}
        for total in self.sums:
            exact = on_duckdb and 0 < self.rows * total.largest < _EXACT
            for name, column in total.columns.items():
                columns[name] = column if exact else column.cast(nw.Int32 if on_duckdb else nw.Int64)
        return columns

    def back(self, rows: Integers, added: dict[str, Integers], known: Integers) -> dict[str, Floats | None]:
        """The sums of cells. `rows` counts rows; `known` is 1 for cells whose rows have a result."""
        found = {total.name: total.back(added) for total in self.sums}
        n = rows.astype(np.float64)
        weight = found["weight"] if self.weighted else n
        result: dict[str, Floats | None] = {
            "n": n,
            "weight": weight,
            "weight_squared": found["weight_squared"] if self.weighted else n,
        }
        if self.has_score:
            scored = found.get("score_weight", weight)
            result["score_sum"] = found["score"]
            result["score_squared"] = _square(found["score_squared"], found["score"], scored, self.centres["score"])
        if self.has_result:
            heard = np.where(known == 1, weight, 0.0)
            result["outcome_weight"] = heard
            result["outcome_sum"] = found["result"]
            result["outcome_squared"] = _square(found["result_squared"], found["result"], heard, self.centres["result"])
            if self.has_score:
                score, outcome = self.centres["score"], self.centres["result"]
                heard_score = np.where(known == 1, found["score"], 0.0)
                both = found.get("both_weight", heard)
                both_result = found.get("both_result", found["result"])
                result["score_outcome_sum"] = (
                    found["score_result"] + outcome * heard_score + score * both_result - score * outcome * both
                )
        return result


def _square(centred: Floats, total: Floats, weight: Floats, centre: float) -> Floats:
    """The sum of squares around 0 from the one around `centre`."""
    return centred + 2 * centre * total - centre * centre * weight


def needed_sums(ranges: Mapping[str, Range], used: int, with_score: bool = True) -> Sums:
    """The sums over columns named weight, score and result, whose ranges are known; null adds nothing."""
    weighted = "weight" in ranges
    score = ranges.get("score") if with_score else None
    result = ranges.get("result")
    weight = nw.col("weight") if weighted else None
    most = ranges["weight"].largest if weighted else 1.0
    sure = {name: found.rows == used for name, found in ranges.items()}
    sums: list[FixedSum] = []
    centres: dict[str, float] = {}
    if weight is not None:
        sums.append(fixed_sum("weight", weight, most, complete=sure["weight"]))
        sums.append(fixed_sum("weight_squared", weight * weight, most * most, 2, sure["weight"]))
    for name, found in (("score", score), ("result", result)):
        if found is None:
            continue
        centre = centres[name] = range_centre(found.lowest, found.highest)
        number, off = nw.col(name), nw.col(name) - centre
        reach = max(found.highest - centre, centre - found.lowest)
        if weight is None:
            sums.append(fixed_sum(name, number, found.largest, complete=sure[name]))
            sums.append(fixed_sum(f"{name}_squared", off * off, reach * reach, complete=sure[name]))
        else:
            sums.append(fixed_sum(name, weight * number, most * found.largest, limbs=2))
            sums.append(fixed_sum(f"{name}_squared", weight * off * off, most * reach * reach, limbs=2))
    sums += _partly_scored(ranges, weight, most, used, score is not None)
    if score is not None and result is not None:
        sums += _products(score, result, centres, weight, most, score.rows < used)
    return Sums(tuple(sums), weighted, score is not None, result is not None, centres, used)


def _partly_scored(
    ranges: Mapping[str, Range], weight: nw.Expr | None, most: float, used: int, with_score: bool
) -> list[FixedSum]:
    """The weight of the rows that have a score, where some have none."""
    if not with_score or ranges["score"].rows == used:
        return []
    number = nw.lit(1.0) if weight is None else weight
    return [fixed_sum("score_weight", nw.when(~nw.col("score").is_null()).then(number), most)]


def _products(
    score: Range,
    result: Range,
    centres: Mapping[str, float],
    weight: nw.Expr | None,
    most: float,
    partly: bool,
) -> list[FixedSum]:
    """The sum of score times result around their middles, and what is needed to move it back."""
    off_score, off_result = nw.col("score") - centres["score"], nw.col("result") - centres["result"]
    product = off_score * off_result
    reach = (score.highest - score.lowest) * (result.highest - result.lowest)
    heavier = product if weight is None else weight * product
    sums = [fixed_sum("score_result", heavier, most * reach, limbs=2)]
    if partly:
        one = nw.lit(1.0) if weight is None else weight
        scored = ~nw.col("score").is_null() & ~nw.col("result").is_null()
        sums.append(fixed_sum("both_weight", nw.when(scored).then(one), most))
        sums.append(
            fixed_sum("both_result", nw.when(scored).then(one * nw.col("result")), most * result.largest, limbs=2)
        )
    return sums
