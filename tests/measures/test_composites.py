"""Measures by formula of the six counts: by hand, against their rates, with interval and gap, in an audit.yaml."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.errors import SpecError
from auditkit.measures import MEASURES
from auditkit.measures.composites import of_formula
from auditkit.measures.rate_parts import rate
from auditkit.report.group_names import Names
from auditkit.spec.measure_spec import MeasureFormula
from tests.findings.measured import find, released
from tests.findings.test_find import COMPAS, spec, tabulation, the

F1 = "2 * true_positive / (2 * true_positive + false_positive + false_negative)"
F2 = "5 * true_positive / (5 * true_positive + 4 * false_negative + false_positive)"
BALANCED = "(true_positive / positive + true_negative / negative) / 2"
# COMPAS, a: TP 1369, FP 805, FN 532, TN 990; b: TP 505, FP 349, FN 461, TN 1139
BY_HAND = {
    F1: (2 * 1369 / (2 * 1369 + 805 + 532), 2 * 505 / (2 * 505 + 349 + 461)),
    F2: (5 * 1369 / (5 * 1369 + 4 * 532 + 805), 5 * 505 / (5 * 505 + 4 * 461 + 349)),
    BALANCED: ((1369 / 1901 + 990 / 1795) / 2, (505 / 966 + 1139 / 1488) / 2),
}


def audit(formula: str, **more: object):
    return spec(measures=[{"name": "mine", "formula": formula, **more}], bootstrap={"replicates": 500})


@pytest.mark.parametrize("formula", BY_HAND)
def test_a_formula_has_value_interval_and_gap(formula):
    found = find(tabulation(COMPAS), audit(formula))
    one, other = (next(e for e in found.estimates if e.groups == (group,)) for group in "ab")
    assert (one.value, other.value) == pytest.approx(BY_HAND[formula], abs=1e-12)
    assert one.method == "bootstrap"
    assert one.lower < one.value < one.upper
    gap = the(found.gaps, "mine", kind="difference")
    assert gap.value == pytest.approx(BY_HAND[formula][0] - BY_HAND[formula][1], abs=1e-12)
    # square-and-add: each limit by Pythagoras from the limits of the two
    assert gap.lower == pytest.approx(gap.value - math.hypot(one.value - one.lower, other.upper - other.value))
    assert gap.upper == pytest.approx(gap.value + math.hypot(one.upper - one.value, other.value - other.lower))


def test_the_interval_of_a_share_by_formula_is_that_of_the_share():
    # the share 2174 of 3696 selected: Wald 0.58820 -+ 1.96 * sqrt(0.5882 * 0.4118 / 3696) = 0.01587, 500 drawings
    found = find(tabulation(COMPAS), audit("selected / people"))
    (one,) = [e for e in found.estimates if e.groups == ("a",)]
    assert (one.value, one.lower, one.upper) == pytest.approx((2174 / 3696, 0.57234, 0.60407), abs=4e-3)


def test_likelihood_ratios_are_compared_as_ratios():
    found = find(tabulation(COMPAS), spec(measures=["positive_likelihood_ratio", "negative_likelihood_ratio"]))
    positive = (1369 / 1901) / (805 / 1795), (505 / 966) / (349 / 1488)
    negative = (532 / 1901) / (990 / 1795), (461 / 966) / (1139 / 1488)
    for key, (mine, theirs) in (("positive_likelihood_ratio", positive), ("negative_likelihood_ratio", negative)):
        (value,) = [e.value for e in found.estimates if e.measure == key and e.groups == ("a",)]
        assert value == pytest.approx(mine)
        gap = the(found.gaps, key)
        assert gap.value == pytest.approx(mine / theirs)
        assert gap.lower < gap.value < gap.upper
        assert (gap.p_no_gap, gap.verdict, gap.direction) == (None, None, "none")
    # log ratio of the positive ones by the delta method: variance (1/x - 1/n) of each of the four rates
    rates = ((1369, 1901), (805, 1795), (505, 966), (349, 1488))
    half = 1.959964 * math.sqrt(sum(1 / x - 1 / n for x, n in rates))
    gap = the(found.gaps, "positive_likelihood_ratio")
    ratio = positive[0] / positive[1]
    assert (gap.lower, gap.upper) == pytest.approx((ratio * math.exp(-half), ratio * math.exp(half)), rel=0.02)


def test_nothing_over_nothing_is_not_computed():
    tables = {"a": [0, 0, 0, 0, 50, 0], "b": [20, 20, 0, 30, 40, 0]}
    found = find(tabulation(tables), audit(F1))
    (one,) = [e for e in found.estimates if e.groups == ("a",)]
    assert (one.status, one.value, one.reason) == ("not_computed", None, "no_denominator")
    gap = the(found.gaps, "mine", kind="difference")
    assert (gap.status, gap.value, gap.reason) == ("not_computed", None, "no_denominator")


def test_outcomes_that_nobody_saw_give_no_figure_but_those_of_the_selected_do():
    tables = {"a": [30, 10, 0, 0, 0, 60], "b": [20, 20, 0, 0, 0, 70]}
    unseen = find(tabulation(tables), spec(measures=[{"name": "f1", "formula": F1}], observed="when_selected"))
    assert {e.reason for e in unseen.estimates} == {"outcome_unseen"}
    seen = [{"name": "per_hit", "formula": "(true_positive + false_positive) / true_positive", "compare": "ratio"}]
    found = find(tabulation(tables), spec(measures=seen, observed="when_selected"))
    assert [e.value for e in found.estimates if e.groups] == pytest.approx([40 / 30, 40 / 20])
    assert the(found.gaps, "per_hit").value == pytest.approx((40 / 30) / 2)


def test_hidden_counts_give_a_figure_only_where_the_formula_needs_none_of_them():
    tables = {"a": [20, 0, 0, 30, 40, 0], "b": [20, 20, 0, 30, 40, 0]}
    upper = {"a": [20, 9, 0, 30, 40, 0]}
    asked = [{"name": "recall", "formula": "true_positive / positive"}, {"name": "f1", "formula": F1}]
    found = find(tabulation(tables, upper=upper), spec(measures=asked))
    by = {e.measure: e for e in found.estimates if e.groups == ("a",)}
    assert by["recall"].value == pytest.approx(0.4)
    assert (by["f1"].status, by["f1"].reason) == ("not_computed", "no_interval")


def test_everyone_else_is_a_reference_of_a_formula():
    tables = {"a": [30, 10, 0, 20, 40, 0], "b": [20, 20, 0, 30, 30, 0], "c": [10, 10, 0, 40, 40, 0]}
    asked = spec(reference={"is": "rest"}, measures=[{"name": "f1", "formula": F1}])
    gap = the(find(tabulation(tables), asked).gaps, "f1", kind="difference")
    # the rest of a: TP 30, FP 30, FN 70
    assert gap.value == pytest.approx(60 / 90 - 60 / 160)
    assert gap.reference == ("rest",)


def test_a_formula_says_its_name_in_both_languages():
    asked = audit(F1, label={"en": "F1 score", "fr": "score F1"}, hurts="lower")
    assert [Names(asked, language).measure("mine") for language in ("en", "fr")] == ["F1 score", "score F1"]
    gap = the(find(tabulation(COMPAS), asked).gaps, "mine", kind="difference")
    assert gap.direction == ("worse" if gap.value < 0 else "better")


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        ([{"name": "f1", "formula": "true_positives / people"}], "true_positives"),
        ([{"name": "f1", "formula": "__import__('os')"}], "not allowed in a formula"),
        ([{"name": "f1", "formula": "1 + 2"}], "names no count"),
        ([{"name": "F 1", "formula": F1}], "small letters"),
        ([{"formula": F1}], "needs a name"),
        ([{"name": "f1", "formula": F1}, {"name": "f1", "formula": F2}], "two formulas"),
        ([{"name": "f1", "formula": F1, "weight": 2}], "weight"),
    ],
)
def test_what_is_no_measure_is_refused_with_its_place(measures, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        spec(measures=measures)


def test_a_formula_cannot_take_the_name_of_a_measure():
    with pytest.raises(SpecError, match="a measure already"):
        find(tabulation(COMPAS), spec(measures=[{"name": "accuracy", "formula": F1}]))


@given(st.lists(st.integers(0, 500), min_size=4, max_size=4))
def test_formulas_equal_the_rates_of_the_table(counts):
    six = np.array([[counts[0], counts[1], 0, counts[2], counts[3], 0]], dtype=float)
    for key, formula in (
        ("selection_rate", "selected / people"),
        ("true_positive_rate", "true_positive / positive"),
        ("false_positive_rate", "false_positive / negative"),
        ("accuracy", "correct / (positive + negative)"),
    ):
        mine = of_formula("mine", MeasureFormula(formula=formula)).of(six)
        assert np.allclose(mine, rate(six, MEASURES[key]), equal_nan=True, rtol=1e-12)


def test_only_the_counts_that_a_formula_names_are_needed():
    composite = of_formula("mine", MeasureFormula(formula="true_positive / positive"))
    assert composite.needs() == {("true_positive",), ("true_positive", "false_negative")}
    assert released(tabulation(COMPAS), spec()).holds >= {"selection", "outcome"}
