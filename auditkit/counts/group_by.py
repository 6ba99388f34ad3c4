"""One group-by: rows counted by keys, selection, outcome and arm, with their sums, brought home as cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.clusters import number_clusters
from auditkit.counts.coded_groups import PLAIN, Coding, coded_count
from auditkit.counts.count_table import Cells, Levels
from auditkit.counts.exact_sums import Sums
from auditkit.counts.fetch_cells import Fetched, fetch, joined
from auditkit.counts.level_lookup import is_duckdb
from auditkit.counts.merge_cells import Parts, assemble, level_codes, merge
from auditkit.counts.plain_rows import key_column
from auditkit.counts.selection import SHARED
from auditkit.intake.exclusion_reasons import MISSING
from auditkit.intake.roles import OTHER, Key

__all__ = ["Counted", "Rule", "count_groups"]

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Rule:
    """What becomes of the codes that rows carry once they are counted.

    `share` is the part of rows on the cut that is selected; `unseen_for` whose outcome does not count:
    nobody ("none"), those not selected ("not_selected"), those neither selected nor in the arm ("not_in_arm").
    `result` says that outcomes are numbers; `values` are the distinct scores where scores are bins by themselves.
    """

    missing: tuple[str, ...]
    share: Fraction
    unseen_for: str
    result: bool
    values: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Counted:
    """Cells, the cluster of each (and how many clusters there are), and what was met on the way."""

    cells: Cells
    cluster: Integers | None
    clusters: int
    other_outcomes: int
    ignored_outcomes: int


def count_groups(
    rows: nw.LazyFrame[Any],
    keys: Sequence[tuple[int, Key]],
    sums: Sums,
    rule: Rule,
    score_key: str | None = None,
    cluster_key: str | None = None,
    coding: Coding | None = None,
) -> Counted:
    """Count `rows` by `keys` (position and key), selected, outcome and arm; and by score bin or cluster.

    `score_key` is "score" (each value a bin, looked up in `rule.values`) or "auditkit_bin". With a `coding` of the
    keys the same count takes less time.
    """
    names = [key_column(position) for position, _ in keys]
    by_value = score_key == "score"
    columns = {f"sum_{name}": column for name, column in sums.typed(is_duckdb(rows)).items()}
    score_bin = None if by_value else score_key
    if coding is None or by_value or cluster_key:
        found = _grouped(rows, [*names, cluster_key] if cluster_key else names, columns, score_bin, by_value)
    else:
        found, other = coded_count(coding, columns)
        if other is not None:
            found = joined(found, _grouped(rows.filter(other), names, columns, score_bin, False))
    codes: dict[str, Integers] = {}
    levels = []
    for (_, key), name in zip(keys, names, strict=True):
        level, codes[key.name] = level_codes(key, found.codes[name], found.values[name], rule.missing)
        levels.append(level)
    plain = {name: found.integers[name] for name in (*PLAIN, "score_bin")}
    if by_value:
        plain["score_bin"] = _place(found.floats["score"], rule)
    cluster, clusters = None, 0
    if cluster_key:
        cluster, clusters = number_clusters(found.codes[cluster_key], found.values[cluster_key])
    whole = {name: found.integers[name] for name in ("auditkit_rows", *columns)}
    codes, plain, cluster, whole = _merged(codes, plain, cluster, whole)
    return _counted(tuple(levels), codes, plain, cluster, whole, sums, rule, by_value, clusters)


def _counted(
    levels: tuple[Levels, ...],
    codes: dict[str, Integers],
    plain: dict[str, Integers],
    cluster: Integers | None,
    whole: dict[str, Integers],
    sums: Sums,
    rule: Rule,
    by_value: bool,
    clusters: int,
) -> Counted:
    """Whole numbers become the cells' numbers, shared ties are divided, outcomes that do not count are hidden."""
    added = {name: whole[f"sum_{name}"] for name in sums.columns}
    totals = sums.back(whole["auditkit_rows"], added, plain["outcome"])
    if by_value and rule.values is not None:
        totals |= _valued(totals, plain["score_bin"], rule.values)
    other = 0 if rule.result else int(whole["auditkit_rows"][plain["outcome"] == OTHER].sum())
    parts = _shared(Parts(levels, codes, plain, totals, cluster), rule.share)
    parts, ignored = _seen(parts, rule)
    cells, cluster = assemble(parts)
    return Counted(cells, cluster, clusters, other, ignored)


def _grouped(
    rows: nw.LazyFrame[Any], coded: Sequence[str], columns: dict[str, nw.Expr], score_bin: str | None, by_value: bool
) -> Fetched:
    """The group-by itself, by keys as they are; the small whole numbers as one, which is faster than four."""
    floats = ["score"] if by_value else []
    code = (nw.col("selected") + 1) * 8 + (nw.col("outcome") + 1) * 2 + nw.col("arm")
    code = code if score_bin is None else code + (nw.col(score_bin) + 1) * 32
    table = rows.select(*coded, *floats, auditkit_code=code, **columns)
    counted = table.group_by(*coded, *floats, "auditkit_code").agg(
        auditkit_rows=nw.len(), **{name: nw.col(name).sum() for name in columns}
    )
    many = bool(score_bin or by_value or "cluster" in coded)
    found = fetch(counted, ["auditkit_code", "auditkit_rows", *columns], floats, coded, many)
    packed = found.integers.pop("auditkit_code")
    plain = (packed // 8 % 4 - 1, packed // 2 % 4 - 1, packed % 2)
    found.integers.update(zip(PLAIN, plain, strict=True), score_bin=packed // 32 - 1)
    return found


def _place(score: NDArray[np.float64], rule: Rule) -> Integers:
    """The bin of each score where every value is a bin."""
    assert rule.values is not None
    found: Integers = np.where(np.isnan(score), MISSING, np.searchsorted(rule.values, score)).astype(np.int64)
    return found


def _merged(
    codes: dict[str, Integers],
    plain: dict[str, Integers],
    cluster: Integers | None,
    whole: dict[str, Integers],
) -> tuple[dict[str, Integers], dict[str, Integers], Integers | None, dict[str, Integers]]:
    """Whole numbers of equal cells added up before they become doubles, so that their order cannot matter."""
    columns = [*codes.values(), *plain.values()] + ([] if cluster is None else [cluster])
    order, starts = merge(columns)
    first = order[starts]
    return (
        {name: values[first] for name, values in codes.items()},
        {name: values[first] for name, values in plain.items()},
        None if cluster is None else cluster[first],
        {name: np.add.reduceat(values[order], starts) for name, values in whole.items()},
    )


def _valued(
    totals: dict[str, NDArray[np.float64] | None], bins: Integers, values: NDArray[np.float64]
) -> dict[str, NDArray[np.float64] | None]:
    """Score sums of cells in which all rows have the same score."""
    score = np.where(bins == MISSING, 0.0, values[np.maximum(bins, 0)])
    weight, outcome = totals["weight"], totals.get("outcome_sum")
    assert weight is not None
    found: dict[str, NDArray[np.float64] | None] = {
        "score_sum": score * weight,
        "score_squared": score * score * weight,
    }
    if outcome is not None:
        found["score_outcome_sum"] = score * outcome
    return found


def _shared(parts: Parts, share: Fraction) -> Parts:
    """Rows on the cut, divided: a part of each is selected, the rest is not."""
    selected = parts.plain["selected"]
    tied = np.flatnonzero(selected == SHARED)
    if not len(tied):
        return parts
    part = float(share)
    factor = np.concatenate((np.where(selected == SHARED, part, 1.0), np.full(len(tied), 1 - part)))

    def twice(values: Integers) -> Integers:
        return np.concatenate((values, values[tied]))

    plain = {name: twice(values) for name, values in parts.plain.items()}
    plain["selected"] = np.concatenate((np.where(selected == SHARED, 1, selected), np.zeros(len(tied), np.int64)))
    sums = {
        name: None if values is None else np.concatenate((values, values[tied])) * factor
        for name, values in parts.sums.items()
    }
    cluster = None if parts.cluster is None else twice(parts.cluster)
    return Parts(parts.levels, {name: twice(v) for name, v in parts.codes.items()}, plain, sums, cluster)


def _seen(parts: Parts, rule: Rule) -> tuple[Parts, int]:
    """Outcomes that do not count made unseen; how many rows had one."""
    outcome = parts.plain["outcome"]
    hidden = np.zeros(len(outcome), dtype=bool)
    if rule.unseen_for != "none":
        hidden = parts.plain["selected"] == 0
        if rule.unseen_for == "not_in_arm":
            hidden &= parts.plain["arm"] == 0
    n = parts.sums["n"]
    assert n is not None
    had = hidden & ((outcome == 1) if rule.result else (outcome != MISSING))
    ignored = round(float(n[had].sum()))
    kept = np.where(hidden | rule.result, MISSING, outcome)
    sums = dict(parts.sums)
    for name in ("outcome_weight", "outcome_sum", "outcome_squared", "score_outcome_sum"):
        values = sums.get(name)
        if values is not None:
            sums[name] = np.where(hidden, 0.0, values)
    return replace(parts, plain={**parts.plain, "outcome": kept}, sums=sums), ignored
