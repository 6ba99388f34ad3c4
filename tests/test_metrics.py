"""Rates as functions: equal to those of fairlearn and scikit-learn where both have them."""

from __future__ import annotations

import math

import fairlearn.metrics
import numpy as np
import pandas as pd
import pytest
import sklearn.dummy
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st

from auditkit import metrics
from auditkit.errors import InputError

SAME = ("selection_rate", "true_positive_rate", "false_positive_rate", "true_negative_rate", "false_negative_rate")
ROWS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from("ab"), st.floats(0.1, 5)), min_size=1, max_size=60
)


@given(ROWS)
def test_rates_are_those_of_fairlearn(rows: list[tuple[int, int, str, float]]) -> None:
    truth, decided, _, weight = (list(column) for column in zip(*rows, strict=True))
    for name in SAME:
        ours = getattr(metrics, name)(truth, decided, sample_weight=weight)
        if math.isnan(ours):  # nobody in the denominator: fairlearn says 0 there
            wanted = {"true_positive_rate": 1, "false_negative_rate": 1}.get(name, 0)
            assert wanted not in truth
            continue
        theirs = getattr(fairlearn.metrics, name)(truth, decided, sample_weight=weight, **_labels(name))
        assert ours == pytest.approx(theirs, abs=1e-12)


def _labels(name: str) -> dict[str, int]:
    return {"pos_label": 1}


@given(ROWS)
def test_predictive_values_are_those_of_scikit_learn(rows: list[tuple[int, int, str, float]]) -> None:
    truth, decided, _, weight = (list(column) for column in zip(*rows, strict=True))
    ours = metrics.positive_predictive_value(truth, decided, sample_weight=weight)
    if not math.isnan(ours):
        theirs = sklearn.metrics.precision_score(truth, decided, sample_weight=weight, zero_division=0)
        assert ours == pytest.approx(theirs, abs=1e-12)
    accuracy = sklearn.metrics.accuracy_score(truth, decided, sample_weight=weight)
    assert metrics.accuracy(truth, decided, sample_weight=weight) == pytest.approx(accuracy, abs=1e-12)


# 200 people, a and b by turns: every group and class is there
RANDOM = np.random.default_rng(3)
TRUTH, DECIDED = RANDOM.integers(0, 2, 200), RANDOM.integers(0, 2, 200)
GROUP = np.array(["a", "b", "c", "d"] * 50)


@pytest.mark.parametrize("method", ["between_groups", "to_overall"])
@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("kind", ["difference", "ratio"])
def test_gaps_between_groups_are_those_of_fairlearn(name: str, kind: str, method: str) -> None:
    ours = getattr(metrics, f"{name}_{kind}")(TRUTH, DECIDED, sensitive_features=GROUP, method=method)
    theirs = getattr(fairlearn.metrics, f"{name}_{kind}")(TRUTH, DECIDED, sensitive_features=GROUP, method=method)
    assert ours == pytest.approx(theirs, abs=1e-12)


def test_by_group_in_a_metric_frame_and_as_a_scorer() -> None:
    frame = fairlearn.metrics.MetricFrame(
        metrics={"fdr": metrics.false_discovery_rate}, y_true=TRUTH, y_pred=DECIDED, sensitive_features=GROUP
    )
    ours = metrics.false_discovery_rate(TRUTH, DECIDED, sensitive_features=GROUP)
    pd.testing.assert_series_equal(frame.by_group["fdr"], ours, check_names=False)

    always = sklearn.dummy.DummyClassifier(strategy="constant", constant=1).fit(TRUTH[:, None], TRUTH)
    scorer = sklearn.metrics.make_scorer(metrics.false_positive_rate, greater_is_better=False)
    assert scorer(always, TRUTH[:, None], TRUTH) == -1.0


def test_two_columns_of_groups() -> None:
    found = metrics.selection_rate(
        [1, 1, 1, 1], [1, 0, 1, 1], sensitive_features=pd.DataFrame({"sex": list("FFMM"), "old": [0, 1, 0, 0]})
    )
    assert found.to_dict() == {("F", 0): 1.0, ("F", 1): 0.0, ("M", 0): 1.0}


def test_other_labels() -> None:
    assert metrics.selection_rate([-1, 1], [1, 1]) == 1.0
    assert metrics.selection_rate([False, True], [False, True]) == 0.5
    assert metrics.selection_rate(["no", "yes"], ["yes", "yes"], pos_label="yes") == 1.0


@pytest.mark.parametrize(
    ("truth", "decided", "more", "said"),
    [
        ([0, 1], [0], {}, "2, 1, 2"),
        ([0, 2], [0, 1], {}, "expected 0 and 1"),
        (["no", "yes"], ["no", "yes"], {}, "pos_label"),
        ([0.0, float("nan")], [0, 1], {}, "missing"),
        ([0, None], [0, 1], {}, "missing"),
        ([0, 1], [0, 1], {"sample_weight": [1, -1]}, "negative"),
        (["no", "yes", "maybe"], ["no", "no", "no"], {"pos_label": "yes"}, "beside pos_label"),
        ([0, 1], [0, 1], {"sensitive_features": ["a"]}, "1 rows"),
    ],
)
def test_what_is_refused(truth: list[object], decided: list[object], more: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        metrics.selection_rate(truth, decided, **more)


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="fairness"):
        _ = metrics.fairness
    assert {"burden", "selection_rate_ratio"} & set(dir(metrics)) == {"selection_rate_ratio"}
