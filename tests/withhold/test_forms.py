"""What figures give away inside one group, worked by hand."""

import numpy as np

from auditkit.withhold.figure_forms import EVERYBODY, given_away, known, small_sums, structural, subset

TP, FP, SU, FN, TN, NU = (1 << i for i in range(6))
SEEN_ONLY = 1 << SU | 1 << NU


def told(*sums: int) -> int:
    return known(SEEN_ONLY | sum(1 << part for part in sums))


def test_size_selection_and_false_positive_rate_tell_all_four_classes():
    # n - selected - TN = FN, and selected - FP = TP
    found = told(EVERYBODY, TP | FP | SU, FP, TN)
    assert all(found >> part & 1 for part in (TP, FP, FN, TN))


def test_size_selection_and_precision_leave_those_not_selected_unsplit():
    found = told(EVERYBODY, TP | FP | SU, TP, FP)
    assert found >> (FN | TN) & 1
    assert not found >> FN & 1
    assert not found >> TN & 1


def test_base_rate_and_precision_give_the_true_positive_rate():
    found = told(TP | FN, FP | TN, TP, FP)
    assert found >> FN & 1


def test_bounds_give_away_both_readings():
    assert set(given_away("true_positive_rate", bounds=True)) == {TP, FN, FN | NU}
    assert set(given_away("false_positive_rate", bounds=True)) == {FP, TN, TN | NU}


def test_classes_nobody_can_be_in():
    assert structural(np.array([1.0, 2, 0, 3, 4, 0])) == SU | NU
    assert structural(np.array([1.0, 2, 0, 0, 0, 9])) == SU | FN | TN  # outcomes seen when selected
    assert structural(np.array([0.0, 0, 5, 0, 0, 9])) == TP | FP | FN | TN
    assert structural(np.array([1.0, 0, 1, 0, 3, 2])) == 0  # nobody wrongly selected: that is about people


def test_nobody_is_small_but_not_where_only_a_record_is_missing():
    six = np.array([[20.0, 0, 0, 30, 40, 12]])
    small = int(small_sums(six, 11, 0)[0])
    assert small >> subset(["false_positive"]) & 1
    assert not small >> SU & 1
    without_outcomes = int(small_sums(np.array([[0.0, 0, 0, 0, 0, 12]]), 11, TP | FP | FN | TN)[0])
    assert without_outcomes >> SU & 1  # nobody at all was selected
