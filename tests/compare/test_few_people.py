"""A comparison shows no change of a few people, and none from which one could be subtracted: tables at random."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.compare import compare
from auditkit.compare.few_people import few_people
from auditkit.result import AuditResult
from tests.report.samples import analysis, rows_spec

Table = dict[tuple[str, ...], tuple[int, int, int, int]]


def _result(table: Table) -> AuditResult:
    spec = rows_spec(analyses={}, stages=None, publish={"minimum_count": 11})
    main = analysis("main", spec, {("sex",): (table, ("A",))})
    return AuditResult(spec=spec, analyses=(main,), sources=(), version="0.2.0")


@pytest.mark.parametrize("seed", range(60))
def test_a_change_of_one_to_ten_people_has_company(seed: int) -> None:
    random = np.random.default_rng([23, seed])
    groups = "ABCDE"[: int(random.integers(2, 6))]
    before: Table = {(g,): tuple(random.integers(40, 300, 4).tolist()) for g in groups}  # type: ignore[misc]
    after: Table = {}
    for group, counts in before.items():
        change = random.integers(0, 60, 4) if random.random() < 0.5 else random.integers(0, 4, 4)
        after[group] = tuple((np.array(counts) + change).tolist())
    one, other = _result(before), _result(after)
    hidden = few_people(one.main, other.main)
    found = compare(one, other)
    shown = {(c.attributes, c.groups, c.measure) for c in found.changes if c.kind == "value" and c.status == "computed"}
    assert not shown & hidden
    for group in before:
        selected = abs(sum(after[group][:2]) - sum(before[group][:2]))
        people = abs(sum(after[group]) - sum(before[group]))
        few = 0 < selected < 11 or 0 < people < 11
        assert not few or (("sex",), group, "selection_rate") in hidden, (group, selected, people)
    for measure in {key[2] for key in hidden}:
        # groups add up to everyone: one withheld alone would follow from the others
        alone = [key for key in hidden if key[2] == measure and key[0] == ("sex",)]
        everyone = ((), (), measure) in hidden
        known = [e for e in other.main.estimates if e.measure == measure and e.attributes == ("sex",)]
        assert len(alone) != 1 or everyone or len(known) == 1, (measure, alone)


def test_a_verdict_that_moved_by_a_few_people_is_not_told() -> None:
    before: Table = {("A",): (100, 100, 100, 700), ("B",): (20, 10, 30, 60)}
    after: Table = {("A",): (100, 100, 100, 700), ("B",): (26, 12, 30, 60)}
    found = compare(_result(before), _result(after))
    assert not [one for one in found.moved if ("B",) in (one.groups, one.reference)]
    assert {c.status for c in found.changes if c.groups == ("B",) and c.measure == "selection_rate"} == {"suppressed"}
