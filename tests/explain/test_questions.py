"""Stand-ins, flips, ablation, need: worked by hand, and the nasty cases."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.errors import InputError
from auditkit.explain.drawn_pairs import Comparison
from auditkit.explain.model_inputs import Inputs, inputs_of
from auditkit.explain.stand_ins import rank_auc, stand_in, telling_inputs
from auditkit.explain.variable_bins import MISSING_BIN, bin_inputs
from auditkit.explain.what_if import ablate, flip, need


def test_a_stand_in_is_found_and_noise_is_not() -> None:
    draw = np.random.default_rng(1)
    member = np.arange(600) < 300
    inputs = inputs_of({"street": member + 0.7 * draw.normal(size=600), "noise": draw.normal(size=600)})
    found = stand_in(inputs, ("g",), ("1",), np.flatnonzero(member), np.flatnonzero(~member))
    assert found.auc is not None
    assert found.permuted_auc is not None
    assert 0.78 < found.auc < 0.88  # two normals one apart, sd 0.7: Phi(1 / (0.7 sqrt 2)) = 0.844
    assert 0.4 < found.permuted_auc < 0.6
    assert found.inputs[0].variable == "street"
    without = stand_in(inputs, ("g",), ("1",), np.flatnonzero(member), np.flatnonzero(~member), ("street",))
    assert without.auc is not None
    assert without.auc < 0.6


def test_few_people_or_no_inputs_give_no_stand_in() -> None:
    inputs = inputs_of({"a": np.arange(100.0)})
    assert stand_in(inputs, ("g",), ("1",), np.arange(49), np.arange(49, 100)).reason == "few_cases"
    assert stand_in(inputs, ("g",), ("1",), np.arange(50), np.arange(50, 100), ("a",)).reason == "no_inputs"


def test_the_auc_of_one_input() -> None:
    assert rank_auc(np.array([1.0, 2.0]), np.array([0.0, 2.0])) == 0.625  # pairs: 1 > 0, 1 < 2, 2 > 0, 2 = 2
    inputs = inputs_of({"job": ["a", "a", "b", "c"], "low": [0.0, 1.0, 2.0, 3.0]})
    found = telling_inputs(inputs, np.array([0, 1]), np.array([2, 3]))
    assert [(one.variable, one.auc) for one in found] == [("job", 1.0), ("low", 1.0)]


def line(inputs: Inputs) -> np.ndarray:
    return inputs.values[:, 0] + 10 * inputs.values[:, 1]


def test_a_flip_counts_the_decisions_that_move() -> None:
    inputs = inputs_of({"x": [1.0, 6.0, 3.0, 1.0, 2.0], "own": [1.0, 1.0, 1.0, 0.0, 0.0]})
    one = Comparison(("g",), ("1",), ("0",), np.array([0, 1, 2]), np.array([3, 4]))
    found = flip(inputs, line, line(inputs), lambda scores: scores >= 5, one, "own")
    # scores 11, 16, 13 become 1, 6, 3: two are no longer selected
    assert (found.rows, found.selected_before, found.gained, found.lost) == (3, 3, 0, 2)
    assert found.mean_change == -10.0
    assert (found.before, found.after) == ("1", "0")


def test_a_flip_to_a_number_takes_the_median_of_the_reference() -> None:
    inputs = inputs_of({"x": [*np.arange(20.0), 50.0], "own": [0.0] * 20 + [1.0]})
    one = Comparison(("g",), ("1",), ("0",), np.array([20]), np.arange(20))
    found = flip(inputs, line, line(inputs), lambda scores: scores >= 5, one, "x")
    assert (found.after, found.mean_change) == ("10", -40.0)


def test_ablation_holds_a_variable_for_everyone() -> None:
    inputs = inputs_of({"x": [1.0, 2.0, 1.0, 1.0], "own": [1.0, 1.0, 0.0, 0.0]})
    one = Comparison(("g",), ("1",), ("0",), np.array([0, 1]), np.array([2, 3]))
    outcome = np.array([0.0, 1.0, 1.0, 0.0])
    found = {a.variable: a for a in ablate(inputs, line, line(inputs), outcome, [one])}
    assert (found["x"].gap, found["x"].gap_without) == (10.5, 10.0)
    assert (found["own"].gap, found["own"].gap_without) == (10.5, 0.5)
    # scores 11, 12, 1, 1: of the pairs (12, 11), (12, 1), (1, 11), (1, 1) 2.5 in order; without own 2, 1, 1, 1: 3 of 4
    assert (found["x"].auc, found["own"].auc_without) == (0.625, 0.75)


def test_a_model_no_better_than_one_rule_is_not_needed() -> None:
    x = np.tile([0.0, 1.0], 100)
    inputs = inputs_of({"x": x, "noise": np.arange(200.0) % 7})
    found = need(inputs, x == 1, np.tile([0.0, 0.0, 1.0, 1.0], 50) * 0 + x)
    assert (found.precision, found.base_rate, found.share_selected) == (1.0, 0.5, 0.5)
    assert found.rule_variable == "noise" or found.rule_precision == 1.0


def test_need_by_hand_with_shared_ties() -> None:
    x = np.repeat([1.0, 0.0], 20)
    outcome = np.concatenate((np.tile([1.0, 1.0, 0.0, 1.0], 5), np.zeros(20)))
    found = need(inputs_of({"x": x}), np.arange(40) < 10, outcome)
    # a quarter is selected; x = 1 holds half, so half of it by lot: 15 of 20, in the half that is measured 10 of 10
    assert found.rule == "highest"
    assert found.rule_precision == 1.0
    assert found.base_rate == 15 / 40
    assert need(inputs_of({"x": x}), np.zeros(40, bool), outcome).reason == "nobody_selected"
    assert need(inputs_of({"x": x}), np.arange(40) < 10, np.full(40, np.nan)).reason == "no_outcome"


def test_bins_keep_few_values_and_missing_apart() -> None:
    draw = np.random.default_rng(1)
    values = draw.normal(size=2_000)
    inputs = inputs_of({"many": values, "few": np.where(values > 0, np.nan, 3.0),
                        "words": [f"w{int(abs(v) * 10)}" for v in values]})  # fmt: skip
    bins = bin_inputs(inputs)
    counts = np.bincount(bins.codes[:, 0].astype(int))
    assert counts.min() >= 120
    assert counts.max() <= 130
    assert set(bins.codes[:, 1].tolist()) == {0, MISSING_BIN}
    assert bins.codes[:, 2].max() == 15
    assert not bins.single[2, 15]
    assert bins.shares(np.arange(2_000), None).sum(axis=1) == pytest.approx(np.ones(3))


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(InputError, match="expected columns of one length"):
        inputs_of({"a": [1.0], "b": [1.0, 2.0]})
