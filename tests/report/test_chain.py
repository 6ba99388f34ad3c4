"""The chain of decisions: what is left after each step, worked by hand, and nothing across a step that is withheld."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditkit.report.group_names import Names
from auditkit.report.stage_panel import chain_of, remaining
from auditkit.result import Point
from tests.report.samples import rows_spec

STEPS = ("picked", "visited", "refused")
NAMES = Names(rows_spec(), "en")


def step(number: int, value: float | None, group: str = "a", ends: tuple[float, float] | None = None) -> Point:
    low, high = ends or (None, None)
    return Point("stage", ("race",), (group,), "selection_rate", number, None, value, low, high, None, None, "computed")


def test_rates_of_passing_are_multiplied_step_by_step():
    chain = remaining([step(2, 0.5), step(1, 0.4), step(3, 0.1)])  # the order of the rows does not matter
    assert [after.value for after in chain] == pytest.approx([0.4, 0.2, 0.02])


def test_rates_without_a_single_value_leave_a_range():
    chain = remaining([step(1, None, ends=(0.2, 0.4)), step(2, 0.5), step(3, None, ends=(0.1, 0.5))])
    assert [after.value for after in chain] == [None] * 3
    assert [(after.lower, after.upper) for after in chain] == [
        (0.2, 0.4),
        (pytest.approx(0.1), pytest.approx(0.2)),
        (pytest.approx(0.01), pytest.approx(0.1)),
    ]


def test_nothing_is_worked_out_across_a_withheld_step():
    hidden = replace(step(2, None), status="suppressed", reason="small_count")
    chain = remaining([step(1, 0.4), hidden, step(3, 0.5)])
    assert chain[0].value == 0.4
    assert [(after.withheld, after.value, after.upper) for after in chain[1:]] == [(True, None, None)] * 2


def test_a_step_that_nobody_reached_leaves_the_rest_unknown():
    chain = remaining([step(1, 0.0), replace(step(2, None), status="not_computed", reason="nobody_reached")])
    assert (chain[0].value, chain[1].value, chain[1].upper) == (0.0, None, None)


def test_the_table_says_what_is_left():
    points = [step(1, 0.4), step(2, 0.5), step(3, 0.1), step(1, 0.8, "b"), step(2, 0.5, "b"), step(3, 0.5, "b")]
    chain = chain_of(points, [("a",), ("b",)], STEPS, NAMES, 0)
    assert chain.rows == (("picked", ("40.0", "80.0")), ("visited", ("20.0", "40.0")), ("refused", ("2.0", "20.0")))


def test_a_rare_first_step_is_told_of_more_people():
    chain = chain_of([step(1, 0.004), step(2, 0.25)], [("a",)], STEPS[:2], NAMES, 0)
    assert chain.caption == "People left of 1,000"
    assert [row[1] for row in chain.rows] == [("4.0",), ("1.0",)]


def test_one_step_is_no_chain():
    assert chain_of([step(1, 0.5)], [("a",)], STEPS[:1], NAMES, 0) is None
