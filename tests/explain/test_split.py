"""The gap, split: parts against Shapley values enumerated by hand over every pair and every order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import factorial

import numpy as np
import pytest

from auditkit.explain.drawn_pairs import Comparison, draw_rows, stream
from auditkit.explain.mixing import AdditiveMixer, ModelMixer, linked
from auditkit.explain.model_inputs import Inputs, inputs_of
from auditkit.explain.split_gap import SplitSettings, gap_split, split_in_closed_form
from auditkit.explain.telescope import pair_moves
from auditkit.explain.variable_bins import bin_inputs
from auditkit.result.attribution import GapSplit

Values = np.ndarray


def enumerated(values: Values, one: Comparison, figure: Callable[[Values], Values]) -> Values:
    """Shapley values of v(S), the mean over all pairs of the figure of the mixed row: straight from the definition."""
    p = values.shape[1]
    worth: dict[tuple[int, ...], float] = {}
    for size in range(p + 1):
        for members in combinations(range(p), size):
            mixed = np.repeat(values[one.reference_rows][None], len(one.rows), axis=0)
            for k in members:
                mixed[:, :, k] = values[one.rows][:, None, k]
            worth[members] = float(figure(mixed.reshape(-1, p)).mean())
    parts = np.zeros(p)
    for k in range(p):
        for size in range(p):
            for members in combinations([j for j in range(p) if j != k], size):
                share = factorial(size) * factorial(p - size - 1) / factorial(p)
                parts[k] += share * (worth[tuple(sorted((*members, k)))] - worth[members])
    return parts


def world(seed: int = 3, rows: int = 60) -> tuple[Inputs, Comparison]:
    draw = np.random.default_rng(seed)
    group = np.arange(rows) % 3 == 0
    x = draw.normal(size=(rows, 4)) + group[:, None] * np.array([0.8, -0.5, 0.0, 0.3])
    x[:, 2] = draw.integers(0, 3, rows)
    inputs = inputs_of({name: x[:, i] for i, name in enumerate("abcd")})
    return inputs, Comparison(("g",), ("1",), ("0",), np.flatnonzero(group), np.flatnonzero(~group))


def bent(x: Values) -> Values:
    """A score with interactions, in which d plays no part."""
    return 1 / (1 + np.exp(-(x[:, 0] + x[:, 1] * x[:, 2] + 0.5 * np.abs(x[:, 0]))))


def splits_of(seed: int, pilot: int, half_width: float | None = None) -> tuple[GapSplit, ...]:
    inputs, one = world()
    scores = bent(inputs.values)
    settings = SplitSettings(threshold=0.6, pilot=pilot, seed=seed, half_width=half_width, most=40_000)
    mixer = ModelMixer(inputs, lambda asked: bent(asked.values))
    return gap_split(mixer, [one], scores, bin_inputs(inputs), settings)


def test_parts_are_the_shapley_values_of_all_pairs() -> None:
    inputs, one = world()
    figures = (bent, lambda x: (bent(x) >= 0.6).astype(float))
    for found, figure in zip(splits_of(1, 20_000), figures, strict=True):
        wanted = enumerated(inputs.values, one, figure)
        for part, value in zip(found.parts, wanted, strict=True):
            assert part.value is not None
            assert part.computing_error is not None
            # four standard errors, which one honest run in 4,000 variables exceeds
            assert abs(part.value - value) <= 2.05 * part.computing_error + 1e-12, part.variable


def test_parts_sum_to_the_gap_known_from_all_rows() -> None:
    inputs, one = world()
    scores = bent(inputs.values)
    gaps = [
        scores[one.rows].mean() - scores[one.reference_rows].mean(),
        (scores[one.rows] >= 0.6).mean() - (scores[one.reference_rows] >= 0.6).mean(),
    ]
    for found, gap in zip(splits_of(2, 200), gaps, strict=True):
        assert found.gap == pytest.approx(gap, abs=1e-12)
        assert sum(part.value or 0.0 for part in found.parts) == pytest.approx(gap, abs=1e-9)


def test_an_unused_variable_gets_nothing() -> None:
    for found in splits_of(3, 500):
        unused = found.parts[3]
        assert unused.variable == "d"
        assert unused.value == 0.0
        assert unused.computing_error == 0.0
        assert not unused.few


def test_the_second_draw_reaches_the_half_width_asked_for() -> None:
    inputs, _ = world()
    low, high = np.quantile(bent(inputs.values), [0.05, 0.95])
    found = splits_of(4, 300, half_width=0.02)
    assert found[0].explainer.rows > 300
    assert found[0].target == pytest.approx(0.02 * (high - low))
    assert max(part.computing_error or 0.0 for part in found[0].parts) <= 0.02 * (high - low) * 1.05


def test_the_same_seed_gives_the_same_numbers_and_another_gives_others() -> None:
    assert splits_of(5, 200) == splits_of(5, 200)
    assert splits_of(5, 200)[0].parts[0].value != splits_of(6, 200)[0].parts[0].value


def test_two_variables_that_differ_are_exact_in_every_pair() -> None:
    # with two variables an order and its reverse are all there are: x1*x2 from (2, 3) against (0, 0) is 3 each
    inputs = inputs_of({"a": [2.0, 0.0], "b": [3.0, 0.0], "same": [7.0, 7.0]})
    mixer = ModelMixer(inputs, lambda asked: asked.values[:, 0] * asked.values[:, 1] + asked.values[:, 2])
    found = pair_moves(mixer, np.array([0]), np.array([1]), stream(1, "x"))
    assert found.moves[0].tolist() == [[3.0, 3.0, 0.0]]
    assert found.whole[0].tolist() == [6.0]


def test_symmetric_variables_get_equal_shares() -> None:
    draw = np.random.default_rng(1)
    x = draw.normal(size=400)
    group = np.arange(400) < 100
    x = x + group
    inputs = inputs_of({"a": x, "b": x})
    mixer = ModelMixer(inputs, lambda asked: np.tanh(asked.values[:, 0] * asked.values[:, 1]))
    one = Comparison(("g",), ("1",), ("0",), np.flatnonzero(group), np.flatnonzero(~group))
    found = gap_split(mixer, [one], np.tanh(x * x), bin_inputs(inputs), SplitSettings(pilot=300, most=300))[0]
    assert found.parts[0].value == pytest.approx(found.parts[1].value, abs=1e-12)


def test_mixed_rows_without_a_score_are_left_out_and_counted() -> None:
    inputs = inputs_of({"a": [1.0, 2.0, 3.0, 4.0], "b": [1.0, 1.0, 2.0, 2.0]})

    def score(asked: Inputs) -> Values:
        a, b = asked.values.T
        return np.where((a > 2) & (b < 2), np.nan, a + b)

    one = Comparison(("g",), ("1",), ("0",), np.array([2, 3]), np.array([0, 1]))
    found = gap_split(ModelMixer(inputs, score), [one], np.array([2.0, 3.0, 5.0, 6.0]), bin_inputs(inputs),
                      SplitSettings(pilot=100, most=100))  # fmt: skip
    assert found[0].unscored == 100
    assert found[0].gap == 3.0
    assert (found[0].status, found[0].reason, found[0].parts) == ("not_computed", "no_score", ())


def test_a_rare_variable_is_topped_up() -> None:
    draw = np.random.default_rng(2)
    rows = 20_000
    group = np.arange(rows) < 8_000
    rare = (draw.random(rows) < np.where(group, 0.004, 0.001)).astype(float)
    x = draw.normal(size=rows)
    inputs = inputs_of({"x": x, "rare": rare})

    def score(asked: Inputs) -> Values:
        return 1 / (1 + np.exp(-(asked.values[:, 0] + 3 * asked.values[:, 1])))

    one = Comparison(("g",), ("1",), ("0",), np.flatnonzero(group), np.flatnonzero(~group))
    found = gap_split(ModelMixer(inputs, score), [one], score(inputs), bin_inputs(inputs), SplitSettings(most=1_000))
    part = found[0].parts[1]
    assert part.topped_up
    # alone with x, and x spread alike: the part is nearly the difference of shares times the mean effect
    effect = (score(inputs.with_values(np.column_stack((x, np.ones(rows)))))
              - score(inputs.with_values(np.column_stack((x, np.zeros(rows)))))).mean()  # fmt: skip
    wanted = effect * (rare[group].mean() - rare[~group].mean())
    assert part.value == pytest.approx(wanted, abs=2 * (part.computing_error or 0.0) + 1e-5)
    assert sum(one.value or 0.0 for one in found[0].parts) == pytest.approx(found[0].gap, abs=1e-9)


def test_weights_count() -> None:
    inputs = inputs_of({"a": [0.0, 1.0, 0.0, 2.0]})
    weight = np.array([1.0, 3.0, 1.0, 1.0])
    one = Comparison(("g",), ("1",), ("0",), np.array([0, 1]), np.array([2, 3]))
    mixer = AdditiveMixer(("a",), inputs.values, 0.0)
    closed = split_in_closed_form(mixer, [one], weight=weight)[0]
    assert closed.gap == pytest.approx(0.75 - 1.0)
    drawn = draw_rows(np.array([0, 1]), inputs.values[:, 0], weight, 10_000, stream(1, "w"))
    assert (drawn == 1).mean() == pytest.approx(0.75, abs=0.01)


def test_a_sum_under_a_curve_has_a_closed_form_on_its_own_scale() -> None:
    inputs, one = world()
    parts = inputs.values * np.array([0.5, -1.0, 0.25, 0.0])
    mixer = AdditiveMixer(inputs.columns, parts, 0.1, "logistic")
    found = split_in_closed_form(mixer, [one])[0]
    means = parts[one.rows].mean(axis=0) - parts[one.reference_rows].mean(axis=0)
    assert found.figure == "mean_log_odds"
    assert found.explainer.scale == "log_odds"
    assert [part.value for part in found.parts] == pytest.approx(means.tolist(), abs=1e-12)
    # Welch's interval of the first part, by hand
    spread = sum(np.var(parts[rows, 0], ddof=1) / len(rows) for rows in (one.rows, one.reference_rows)) ** 0.5
    assert found.parts[0].upper == pytest.approx(means[0] + 1.959963984540054 * spread, abs=1e-9)
    scores = linked("logistic", 0.1 + parts.sum(axis=1))
    drawn = gap_split(mixer, [one], scores, bin_inputs(inputs), SplitSettings(pilot=5_000, most=5_000))[0]
    wanted = enumerated(inputs.values, one, lambda x: linked("logistic", 0.1 + x @ np.array([0.5, -1.0, 0.25, 0.0])))
    for part, value in zip(drawn.parts, wanted, strict=True):
        assert abs((part.value or 0.0) - value) <= 2 * (part.computing_error or 0.0) + 1e-12


def test_intervals_of_drawing_hold() -> None:
    """Pointwise coverage over 200 repeats, each variable within three binomial errors of 95 %."""
    inputs, one = world()
    wanted = enumerated(inputs.values, one, bent)
    scores, bins = bent(inputs.values), bin_inputs(inputs)
    mixer = ModelMixer(inputs, lambda asked: bent(asked.values))
    held = np.zeros((200, 3))
    for repeat in range(200):
        found = gap_split(mixer, [one], scores, bins, SplitSettings(pilot=300, most=300, seed=repeat))[0]
        for k in range(3):
            part = found.parts[k]
            held[repeat, k] = abs((part.value or 0.0) - wanted[k]) <= (part.computing_error or 0.0)
    shares = held.mean(axis=0)
    assert shares.min() >= 0.90
    assert held.mean() >= 0.92
    assert held.mean() <= 0.98
