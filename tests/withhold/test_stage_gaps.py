"""A gap at a stage leaves with the points of its groups there: nobody gets a rate back from it."""

from __future__ import annotations

import pytest

from auditkit.result import AnalysisResult, AuditResult, RowAccount
from auditkit.withhold import disclose
from tests.findings.measured import find
from tests.findings.test_rules import audit, cells, table

STAGES = [{"name": "risk", "selected": {"column": "r", "in": [1]}},
          {"name": "visit", "selected": {"column": "v", "in": [1]}}]  # fmt: skip


def disclosed(first, second, reference="b"):
    spec = audit(reference, stages=STAGES, publish={"minimum_count": 11})
    all_selected = {group: (passed, 200 - passed) for group, (passed, _) in second.items()}
    found = find(table(all_selected, stages=(cells(first), cells(second))), spec, "main")
    people = 200.0 * len(first)
    analysis = AnalysisResult("main", spec, RowAccount(people, people), found.views, found.estimates, found.gaps,
                              found.points, found.families, counts=found.counts)  # fmt: skip
    return disclose(AuditResult(spec, (analysis,), ())).analyses[0]


def stage_gaps(result, number):
    return {g.groups[0]: g.status for g in result.gaps if g.measure == f"passing_rate:{number}" and g.kind == "ratio"}


LARGE = {"a": (120, 80), "b": (100, 100), "c": (110, 90), "d": (90, 110)}


def test_gaps_of_large_groups_stay():
    result = disclosed(LARGE, {"a": (60, 60), "b": (40, 60), "c": (50, 60), "d": (45, 45)})
    assert stage_gaps(result, 1) == stage_gaps(result, 2) == dict.fromkeys("acd", "computed")


@pytest.mark.parametrize(("small", "gone"), [("a", {"a"}), ("b", {"a", "c", "d"})])
def test_a_small_count_at_a_stage_takes_the_gaps_that_rest_on_it(small, gone):
    second = {"a": (60, 60), "b": (40, 60), "c": (50, 60), "d": (45, 45)}
    second[small] = (sum(second[small]) - 3, 3)  # all but three passed
    result = disclosed(LARGE, second)
    # all but three who passed the first stage are selected in the end: the first tells of the three as well
    assert gone <= {group for group, status in stage_gaps(result, 1).items() if status == "suppressed"}
    statuses = stage_gaps(result, 2)
    assert gone <= {group for group, status in statuses.items() if status == "suppressed"}
    blank = [g for g in result.gaps if g.measure == "passing_rate:2" and g.status == "suppressed"]
    assert all((g.value, g.p_value, g.n, g.people, g.verdict) == (None,) * 5 for g in blank)
    shown = {p.groups[0] for p in result.points if p.position == 2 and p.status != "suppressed"}
    assert {group for group, status in statuses.items() if status == "computed"} <= shown
    assert "b" in shown or "computed" not in statuses.values()


def test_a_gap_to_the_rest_needs_every_group():
    second = {"a": (117, 3), "b": (40, 60), "c": (50, 60), "d": (45, 45)}
    result = disclosed(LARGE, second, {"is": "rest"})
    assert set(stage_gaps(result, 2).values()) == {"suppressed"}
