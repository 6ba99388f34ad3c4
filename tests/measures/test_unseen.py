"""Outcomes seen only for some: bounds without a random arm, estimates with one."""

import numpy as np
import pytest

from auditkit.measures import MEASURES
from auditkit.measures.rate_parts import rate
from auditkit.measures.unseen_outcomes import needs_unseen, with_arm, with_unseen
from auditkit.protect.released import GroupCounts


def _counts(rows):
    rows = np.array(rows, dtype=float)
    return GroupCounts.unweighted(("g",), (("a",),), rows)


def test_which_measures_need_the_unseen():
    seen = {"selection_rate", "positive_predictive_value", "false_discovery_rate", "burden"}
    for key in ("positive_predictive_value", "false_discovery_rate", "selection_rate"):
        assert not needs_unseen(MEASURES[key])
    for key in ("base_rate", "true_positive_rate", "false_positive_rate", "accuracy", "false_omission_rate"):
        assert key not in seen
        assert needs_unseen(MEASURES[key])


def test_unseen_outcomes_all_one_way_by_hand():
    counts = _counts([[30, 70, 0, 0, 0, 900]])
    none, every = with_unseen(counts, False), with_unseen(counts, True)
    assert rate(none.rows, MEASURES["false_positive_rate"])[0] == pytest.approx(70 / 970)
    assert rate(every.rows, MEASURES["false_positive_rate"])[0] == 1.0
    assert rate(none.rows, MEASURES["true_positive_rate"])[0] == 1.0
    assert rate(every.rows, MEASURES["true_positive_rate"])[0] == pytest.approx(30 / 930)


def test_the_arm_speaks_for_all_unselected_by_hand():
    # 100 selected (30 rightly); 900 not selected, of whom an arm of 90 was controlled: 9 had the outcome.
    everyone = _counts([[30, 70, 0, 9, 81, 810]])
    arm = _counts([[3, 7, 0, 9, 81, 0]])
    whole = with_arm(everyone, arm)
    assert whole.weights[0].tolist() == [30, 70, 0, 90, 810, 0]  # 900 * 9/90 = 90
    assert whole.rows[0].tolist() == [30, 70, 0, 9, 81, 0]
    assert whole.squares[0].tolist() == [30, 70, 0, 900, 8100, 0]  # 9 * 10 * 10
    assert rate(whole.weights, MEASURES["true_positive_rate"])[0] == pytest.approx(30 / 120)


def test_without_an_arm_row_the_unselected_stay_unseen():
    whole = with_arm(_counts([[30, 70, 0, 0, 0, 900]]), _counts([[3, 7, 0, 0, 0, 0]]))
    assert whole.weights[0].tolist() == [30, 70, 0, 0, 0, 900]
