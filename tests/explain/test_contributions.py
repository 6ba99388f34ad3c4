"""Contributions: they add up to the score, and are shap's own on the same model."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import permutations, product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from auditkit.explain.additive import additive_parts
from auditkit.explain.contributions import contributions, says_its_own
from auditkit.explain.explained_gaps import explained_rows
from auditkit.explain.model_inputs import Inputs, inputs_of
from auditkit.explain.surrogate import UNEXPLAINED, fit_surrogate, with_unexplained
from auditkit.scorers.evaluate_card import evaluate, evaluate_total
from auditkit.scorers.open_model import find_scorecard, load_scorecard
from auditkit.scorers.scorecard import Scorecard
from auditkit.scorers.scored_profiles import choose_profiles
from auditkit.scorers.scorer import CardScorer


@dataclass(frozen=True)
class Fake:
    """The least that a scorer is."""

    native: Any
    columns: tuple[str, ...]
    family: Any
    decision: Any = None
    categories: tuple[str, ...] = ()
    files: tuple[Any, ...] = ()
    notes: tuple[Any, ...] = ()
    asked: list[int] = field(default_factory=list)

    def score(self, frame: Any) -> np.ndarray:
        self.asked.append(len(frame))
        if self.family == "callable":
            return np.asarray(self.native(frame))
        if hasattr(self.native, "predict_proba"):
            return np.asarray(self.native.predict_proba(frame)[:, 1])
        return np.asarray(self.native.predict(frame))

    def decide(self, scores: np.ndarray) -> None:
        return None


def numbers(rows: int = 300, seed: int = 1) -> tuple[Inputs, np.ndarray]:
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(rows, 3))
    y = (x[:, 0] + x[:, 1] * x[:, 2] + draw.normal(size=rows) > 0).astype(int)
    return inputs_of({name: x[:, i] for i, name in enumerate("abc")}), y


@pytest.mark.parametrize("name", ["epices", "f-edi", "amsterdam-smart-check/score-original"])
def test_parts_of_a_scorecard_give_the_sum_of_each_profile(name: str) -> None:
    card = load_scorecard(find_scorecard(name))
    profiles = choose_profiles(card, at_most=200).profiles
    inputs = inputs_of({column: [profile[column] for profile in profiles] for column in card.columns})
    found = additive_parts(CardScorer(card), inputs)
    assert found is not None
    wanted = [evaluate_total(card, profile) for profile in profiles]
    assert found.margin(np.arange(len(profiles))) == pytest.approx(np.array(wanted, dtype=float), abs=1e-9)
    scores = [evaluate(card, profile) for profile in profiles]
    assert found.whole(np.arange(len(profiles))) == pytest.approx(np.array(scores, dtype=float), abs=1e-9)


def card_of(terms: list[dict[str, Any]], **more: Any) -> Scorecard:
    inputs = {"age": {"kind": "number", "missing": {"value": 40, "flag": "age_unknown"}}, "child": {"kind": "flag"},
              "job": {"kind": "category", "values": ["none", "some"]}}  # fmt: skip
    content = {"title": "t", "status": "own", "inputs": inputs, "sum": {"intercept": 1.0, "terms": terms, **more}}
    content["derived"] = {"squared": "age * age"}
    return Scorecard.model_validate(content)


TERMS = [
    {"column": "age", "times": -0.01},
    {"column": "squared", "times": 0.001},
    {"when": {"column": "age_unknown", "at_least": 1}, "points": 0.5},
    {"column": "child", "times": 0.75},
    {"column": "job", "values": {"none": 1.5, "some": 0.0}},
]
ROWS = {"age": [20.0, None, 60.0, 50.0], "child": [1.0, 0.0, 1.0, 0.0], "job": ["none", "some", "some", "none"]}


def test_flags_and_derived_quantities_belong_to_their_input() -> None:
    inputs = inputs_of({**ROWS, "age": [20.0, np.nan, 60.0, 50.0]})
    found = additive_parts(CardScorer(card_of(TERMS)), inputs)
    assert found is not None
    # age 20: -0.2 + 0.4; missing: -0.4 + 1.6 + 0.5; 60: -0.6 + 3.6; 50: -0.5 + 2.5
    assert found.parts[:, 0].tolist() == pytest.approx([0.2, 1.7, 3.0, 2.0])
    assert found.parts[:, 1].tolist() == [0.75, 0.0, 0.75, 0.0]
    assert found.parts[:, 2].tolist() == [1.5, 0.0, 0.0, 1.5]


def test_a_term_on_two_inputs_is_no_sum_of_one_variable_parts() -> None:
    both = [*TERMS, {"when": [{"column": "child", "at_least": 1}, {"column": "job", "in": ["none"]}], "points": 1.0}]
    inputs = inputs_of({**ROWS, "age": [20.0, np.nan, 60.0, 50.0]})
    assert additive_parts(CardScorer(card_of(both)), inputs) is None


def test_contributions_of_a_logistic_scorecard_are_on_its_log_odds() -> None:
    card = card_of(TERMS, link="logistic")
    inputs = inputs_of({**ROWS, "age": [20.0, np.nan, 60.0, 50.0]})
    found = contributions(CardScorer(card), inputs, inputs)
    assert (found.explainer.name, found.explainer.scale, found.explainer.exact) == ("closed_form", "log_odds", True)
    odds = [1 + 0.2 + 0.75 + 1.5, 1 + 1.7, 1 + 3.0 + 0.75, 1 + 2.0 + 1.5]
    assert found.base + found.values.sum(axis=1) == pytest.approx(np.array(odds), abs=1e-9)
    assert found.values.mean(axis=0) == pytest.approx(np.zeros(3), abs=1e-12)


def test_a_linear_model_of_scikit_learn_is_a_sum() -> None:
    import shap
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    inputs, y = numbers()
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(inputs.frame(), y)
    found = contributions(Fake(model, inputs.columns, "scikit-learn"), inputs, inputs)
    margin = model.decision_function(inputs.frame())
    assert found.explainer.name == "closed_form"
    assert found.base + found.values.sum(axis=1) == pytest.approx(margin, abs=1e-9)
    scaled = model[0].transform(inputs.frame())
    own = shap.LinearExplainer(model[1], shap.maskers.Independent(scaled, max_samples=1_000))(scaled)
    assert found.values == pytest.approx(own.values, abs=1e-6)


@pytest.mark.parametrize("perturbation", ["path_dependent", "interventional"])
def test_lightgbm_contributions_are_those_of_shap(perturbation: Any) -> None:
    import lightgbm
    import shap

    inputs, y = numbers()
    booster = lightgbm.train({"objective": "binary", "verbose": -1, "num_threads": 1},
                             lightgbm.Dataset(inputs.values, y), 20)  # fmt: skip
    found = contributions(Fake(booster, inputs.columns, "lightgbm", decision=object()), inputs, inputs, perturbation)
    margin = booster.predict(inputs.values, raw_score=True)
    assert found.base + found.values.sum(axis=1) == pytest.approx(margin, abs=1e-9)
    assert (found.explainer.perturbation, found.explainer.scale) == (perturbation, "log_odds")
    data = inputs.values[:100] if perturbation == "interventional" else None
    way = "interventional" if data is not None else "tree_path_dependent"
    own = shap.TreeExplainer(booster, data=data, feature_perturbation=way)(inputs.values, check_additivity=False)
    assert found.values == pytest.approx(own.values, abs=1e-6)


@pytest.mark.parametrize("perturbation", ["path_dependent", "interventional"])
@pytest.mark.parametrize("objective", ["binary:logistic", "reg:squarederror"])
def test_xgboost_contributions_are_those_of_shap_and_close(perturbation: Any, objective: str) -> None:
    import shap
    import xgboost

    inputs, y = numbers()
    given = xgboost.DMatrix(inputs.values, y * (1.0 if objective == "binary:logistic" else 700.0))
    booster = xgboost.train({"objective": objective, "max_depth": 4, "nthread": 1}, given, 20)
    decision = object() if objective == "binary:logistic" else None
    found = contributions(Fake(booster, inputs.columns, "xgboost", decision=decision), inputs, inputs, perturbation)
    margin = booster.predict(given, output_margin=True).astype(float)
    assert found.base + found.values.sum(axis=1) == pytest.approx(margin, abs=1e-9)
    assert found.explainer.scale == ("log_odds" if decision else "score")
    data = inputs.values[:100] if perturbation == "interventional" else None
    way = "interventional" if data is not None else "tree_path_dependent"
    own = shap.TreeExplainer(booster, data=data, feature_perturbation=way)(inputs.values, check_additivity=False)
    size = max(1.0, float(np.abs(margin).max()))  # single precision
    assert found.values == pytest.approx(own.values, abs=1e-6 * size)


def test_a_black_box_is_asked_about_mixed_rows() -> None:
    inputs, _ = numbers(20)
    box = Fake(lambda frame: (frame["a"] + 2 * frame["b"]).to_numpy(), inputs.columns, "callable")
    found = contributions(box, inputs, inputs)
    assert (found.explainer.name, found.explainer.exact) == ("sampling", False)
    scores = inputs.values[:, 0] + 2 * inputs.values[:, 1]
    assert found.base + found.values.sum(axis=1) == pytest.approx(scores, abs=1e-9)
    wanted = (inputs.values - inputs.values.mean(axis=0)) * np.array([1.0, 2.0, 0.0])
    assert found.values == pytest.approx(wanted, abs=1e-9)  # variables that do not work together: exact
    again = contributions(box, inputs, inputs)
    assert np.array_equal(found.values, again.values)


def test_drawn_orders_are_the_shapley_values_of_every_order() -> None:
    inputs, _ = numbers(20)

    def score(frame: Any) -> Any:
        return (frame["a"] * frame["b"] + np.maximum(frame["b"], frame["c"]) + frame["a"] ** 2).to_numpy()

    wanted = np.zeros_like(inputs.values)
    for row, other in product(range(20), range(20)):
        for order in permutations(range(3)):
            mixed = inputs.values[other].copy()
            before = score(inputs.with_values(mixed[None, :]).frame())[0]
            for variable in order:
                mixed[variable] = inputs.values[row, variable]
                after = score(inputs.with_values(mixed[None, :]).frame())[0]
                wanted[row, variable] += (after - before) / (6 * 20)
                before = after
    found = contributions(Fake(score, inputs.columns, "callable"), inputs, inputs)
    assert np.abs(found.values - wanted).max() < 0.5
    assert np.abs(found.values - wanted).mean() < 0.1 * np.abs(wanted).mean()
    assert found.base + found.values.sum(axis=1) == pytest.approx(score(inputs.frame()), abs=1e-9)


def test_a_pipeline_is_asked_about_many_rows_at_once_and_not_for_too_many_scores() -> None:
    inputs, _ = numbers(5_000)
    box = SimpleNamespace(predict=lambda frame: (frame["a"] * frame["b"]).to_numpy())
    pipeline: Any = Fake(box, inputs.columns, "scikit-learn")
    assert not says_its_own(pipeline, inputs)
    count = explained_rows(pipeline, inputs)
    assert count == 375  # 300,000 scores, of 200 walks of 4 mixed rows each
    contributions(pipeline, inputs.take(np.arange(count)), inputs)
    assert 300_000 <= sum(pipeline.asked) <= 300_100
    assert len(pipeline.asked) <= 8


def test_a_surrogate_says_how_well_it_gives_scores_back() -> None:
    inputs, _ = numbers(2_000)
    scores = inputs.values[:, 0] + inputs.values[:, 1]
    made = fit_surrogate(inputs.narrowed(("a", "b")), scores, 1.0)
    assert made.fidelity.surrogate
    assert made.fidelity.r_squared is not None
    assert 0.95 < made.fidelity.r_squared < 1
    noise = fit_surrogate(inputs.narrowed(("c",)), scores, 1.0)
    assert noise.fidelity.r_squared is not None
    assert noise.fidelity.r_squared < 0.05


def test_what_a_surrogate_misses_goes_to_no_variable() -> None:
    from tests.explain.test_split import splits_of

    found = splits_of(1, 200)[0]
    assert found.gap is not None
    whole = with_unexplained(found, found.gap + 0.25)
    assert whole.parts[-1].variable == UNEXPLAINED
    assert whole.parts[-1].value == pytest.approx(0.25)
    assert whole.parts[:-1] == found.parts
