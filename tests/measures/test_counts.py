"""Rates from the six counts, worked by hand, and the identities that other tools break."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.measures import MEASURES
from auditkit.measures.rate_parts import parts, rate
from auditkit.protect.released import Bounds, GroupCounts, everyone_else, take

RATES = [row for row in MEASURES.values() if row.is_part_of_whole]
# TP 30, FP 10, selected unseen 5, FN 20, TN 40, not selected unseen 15: 120 people
SIX = np.array([[30.0, 10, 5, 20, 40, 15]])
BY_HAND = {
    "selection_rate": 45 / 120,
    "base_rate": 50 / 100,
    "true_positive_rate": 30 / 50,
    "false_positive_rate": 10 / 50,
    "true_negative_rate": 40 / 50,
    "false_negative_rate": 20 / 50,
    "positive_predictive_value": 30 / 40,
    "negative_predictive_value": 40 / 60,
    "false_discovery_rate": 10 / 40,
    "false_omission_rate": 20 / 60,
    "accuracy": 70 / 100,
    "error_rate": 30 / 100,
    "false_positive_share": 10 / 100,
    "true_positive_share": 30 / 100,
    "true_negative_share": 40 / 100,
    "false_negative_share": 20 / 100,
}


def test_every_rate_has_a_value_worked_by_hand():
    assert set(BY_HAND) == {row.key for row in RATES}


@pytest.mark.parametrize("key", BY_HAND)
def test_rates_by_hand(key):
    assert rate(SIX, MEASURES[key])[0] == pytest.approx(BY_HAND[key], abs=1e-15)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("true_positive_rate", "false_negative_rate"),
        ("true_negative_rate", "false_positive_rate"),
        ("positive_predictive_value", "false_discovery_rate"),
        ("negative_predictive_value", "false_omission_rate"),
        ("accuracy", "error_rate"),
    ],
)
@given(counts=st.lists(st.integers(0, 1000), min_size=6, max_size=6))
def test_a_rate_and_its_complement_sum_to_one_in_every_group(one, other, counts):
    six = np.array([counts], dtype=float)
    both = rate(six, MEASURES[one]) + rate(six, MEASURES[other])
    assert np.isnan(both[0]) or both[0] == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("row", RATES, ids=lambda row: row.key)
def test_a_rate_of_nobody_is_nothing_and_not_zero(row):
    assert np.isnan(rate(np.zeros((1, 6)), row)[0])


@pytest.mark.parametrize("row", RATES, ids=lambda row: row.key)
def test_the_numerator_is_part_of_the_denominator(row):
    assert set(row.numerator) < set(row.denominator)


def test_replicates_are_one_more_axis():
    stacked = np.stack([SIX, 2 * SIX])
    assert parts(stacked, MEASURES["selection_rate"])[0].tolist() == [[45.0], [90.0]]


def _counts(rows, upper=None):
    rows = np.array(rows, dtype=float)
    groups = tuple((str(i),) for i in range(len(rows)))
    return GroupCounts(("g",), groups, Bounds.of(rows, upper), rows, rows)


def test_everyone_else_is_disjoint_from_the_group():
    counts = _counts([[1, 2, 0, 3, 4, 0], [10, 20, 0, 30, 40, 0], [100, 0, 0, 0, 0, 0]])
    rest = everyone_else(counts)
    assert rest.rows[0].tolist() == [110, 20, 0, 30, 40, 0]
    assert rest.rows[2].tolist() == [11, 22, 0, 33, 44, 0]


def test_an_unbounded_count_leaves_only_its_own_group_bounded():
    upper = np.array([[np.inf, 2, 0, 3, 4, 0], [10, 20, 0, 30, 40, 0]])
    rest = everyone_else(_counts([[1, 2, 0, 3, 4, 0], [10, 20, 0, 30, 40, 0]], upper))
    assert rest.classes[1][0].tolist() == [10, 20, 0, 30, 40, 0]
    assert np.isinf(rest.classes[1][1][0])


def test_take_puts_one_group_beside_each():
    counts = take(_counts([[1, 2, 0, 3, 4, 0], [10, 20, 0, 30, 40, 0]]), 1)
    assert counts.rows[:, 0].tolist() == [10, 10]


def test_a_measure_says_whom_it_hurts_as_the_contract_does():
    table = {
        "selection_rate": ("higher", "lower"),
        "share_of_selected": ("higher", "lower"),
        "mean_score": ("higher", "lower"),
        "false_positive_rate": ("higher", "context"),
        "false_discovery_rate": ("higher", "context"),
        "burden": ("higher", "context"),
        "true_negative_rate": ("lower", "context"),
        "positive_predictive_value": ("lower", "context"),
        "false_negative_rate": ("context", "higher"),
        "false_omission_rate": ("context", "higher"),
        "true_positive_rate": ("context", "lower"),
        "negative_predictive_value": ("context", "lower"),
        "accuracy": ("lower", "lower"),
        "auc": ("lower", "lower"),
        "calibration_error": ("lower", "higher"),
        "base_rate": ("context", "context"),
        "share_of_population": ("context", "context"),
    }
    for key, ends in table.items():
        assert (MEASURES[key].punitive, MEASURES[key].assistive) == ends
