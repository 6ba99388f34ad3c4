"""Imported coefficients predict what the program that printed them predicts."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest

from auditkit.errors import AuditkitError
from auditkit.scorers.coefficient_import import import_coefficients, scorecard_text
from auditkit.scorers.evaluate_card import evaluate
from auditkit.scorers.open_model import load_scorecard
from auditkit.scorers.scorecard import Scorecard

LEVELS = {"area": ["rural", "town", "city"]}


@pytest.fixture(scope="module")
def people() -> pandas.DataFrame:
    draw = np.random.default_rng(3)
    frame = pandas.DataFrame(
        {
            "age": draw.integers(18, 80, 400),
            "income": draw.lognormal(7, 0.5, 400),
            "area": draw.choice(LEVELS["area"], 400),
        }
    )
    odds = -1 + 0.03 * frame["age"] - 0.2 * np.log(frame["income"]) + (frame["area"] == "city")
    frame["y"] = (draw.random(400) < 1 / (1 + np.exp(-odds))).astype(int)
    return frame


def saved(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "coefficients.csv"
    path.write_text(content, encoding="utf-8")
    return path


def scores(card: Scorecard, frame: pandas.DataFrame) -> list[float | None]:
    return [evaluate(card, row) for row in frame.to_dict("records")]  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["params", "summary"])
def test_statsmodels_logit(people: pandas.DataFrame, tmp_path: Path, form: str) -> None:
    import statsmodels.formula.api as smf

    formula = "y ~ age + I(age ** 2) + np.log(income) + C(area, Treatment('rural')) + age:income"
    formula = formula.replace("C(area, Treatment('rural'))", "C(area)")
    ordered = people.assign(area=pandas.Categorical(people["area"], LEVELS["area"]))
    model = smf.logit(formula, ordered).fit(disp=0)
    path = tmp_path / "coefficients.csv"
    table = model.params if form == "params" else model.params.rename("coef").to_frame()
    table.to_csv(path)
    card = import_coefficients(path, link="logistic", levels=LEVELS)
    np.testing.assert_allclose(np.array(scores(card, people), float), model.predict(ordered), atol=1e-9)
    # and the file that is written from it scores the same
    written = tmp_path / "score.yaml"
    written.write_text(scorecard_text(card), encoding="utf-8")
    assert scores(load_scorecard(written), people) == scores(card, people)


def test_statsmodels_least_squares_with_a_crossed_category(people: pandas.DataFrame, tmp_path: Path) -> None:
    import statsmodels.formula.api as smf

    ordered = people.assign(area=pandas.Categorical(people["area"], LEVELS["area"]))
    model = smf.ols("income ~ age * area", ordered).fit()
    model.params.to_csv(tmp_path / "c.csv")
    card = import_coefficients(tmp_path / "c.csv", link="identity", levels=LEVELS)
    np.testing.assert_allclose(np.array(scores(card, people), float), model.predict(ordered), rtol=1e-9)


R = """"","Estimate","Std. Error","z value","Pr(>|z|)"
"(Intercept)",-1.25,0.5,-2.5,0.0124
"age",0.03125,0.01,3.1,0.002
"I(age^2)",-0.0005,0.0001,-5,0.001
"log(income)",0.5,0.1,5,0.001
"areatown",0.75,0.2,3.7,0.001
"areacity",-0.5,0.2,-2.5,0.01
"age:areacity",0.01,0.2,-2.5,0.01
"""
BY_HAND = -1.25 + 0.03125 * 40 - 0.0005 * 1600 + 0.5 * math.log(1000)


@pytest.mark.parametrize(("area", "more"), [("rural", 0.0), ("town", 0.75), ("city", -0.5 + 0.01 * 40)])
def test_r_glm(area: str, more: float, tmp_path: Path) -> None:
    card = import_coefficients(saved(tmp_path, R), link="logistic", levels=LEVELS)
    expected = 1 / (1 + math.exp(-(BY_HAND + more)))
    assert evaluate(card, {"age": 40, "income": 1000, "area": area}) == pytest.approx(expected, abs=1e-12)
    assert evaluate(card, {"age": 40, "income": 1000, "area": "island"}) is None


def test_r_tidy_without_categories_reads_columns_of_0_and_1(tmp_path: Path) -> None:
    card = import_coefficients(
        saved(tmp_path, "term,estimate,std.error\n(Intercept),1,0\nsexmale,2,0\n"), link="identity"
    )
    assert card.columns == ("sexmale",)
    assert evaluate(card, {"sexmale": 1}) == 3


SAS = """Variable,ClassVal0,DF,Estimate,StdErr,WaldChiSq,ProbChiSq
Intercept,,1,-2.5,0.4,39,<.0001
age,,1,0.05,0.01,25,<.0001
age*income,,1,0.001,0.01,25,<.0001
area,town,1,0.75,0.2,14,0.0002
area,city,1,-0.25,0.2,1.5,0.2
"""


@pytest.mark.parametrize(
    ("coding", "area", "points"),
    [("reference", "rural", 0.0), ("reference", "town", 0.75), ("effect", "rural", -0.5), ("effect", "city", -0.25)],
)
def test_sas_logistic(coding: Any, area: str, points: float, tmp_path: Path) -> None:
    card = import_coefficients(saved(tmp_path, SAS), link="logistic", levels=LEVELS, coding=coding)
    total = -2.5 + 0.05 * 30 + 0.001 * 30 * 20 + points
    found = evaluate(card, {"age": 30, "income": 20, "area": area})
    assert found == pytest.approx(1 / (1 + math.exp(-total)), abs=1e-12)


@pytest.mark.parametrize(
    ("content", "levels", "sentence"),
    [
        ("", None, "expected one of terms"),
        ("a,b\n1,2\n", None, "row 1: found the columns a, b"),
        ("term,estimate\n", None, "no coefficient below the header"),
        ("term,estimate\nage,NA\n", None, 'row 2: the coefficient of "age" is "NA"'),
        ("term,estimate\nage,inf\n", None, 'is "inf"'),
        ("term,estimate\nage,1\nage,2\n", None, 'row 3: "age" stands in row 2 already'),
        ("term,estimate\nage\n", None, 'is ""'),
        ("term,estimate\nns(age)1,2\n", None, "Write splines and poly"),
        ("term,estimate\n__import__('os').system('x'),2\n", None, "cannot be read"),
        ("term,estimate\nC(area)[T.town],2\n", None, 'a level of the category "area"; name its levels'),
        ("term,estimate\narea[T.village],2\n", LEVELS, '"village" must be among the levels'),
        ("term,estimate\narea[T.town],2\n", LEVELS, 'no coefficient for "city"'),
        ("term,estimate\nage,2\n", LEVELS, 'is one of the category "area"'),
    ],
)
def test_what_cannot_be_read_for_certain(content: str, levels: Any, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(AuditkitError, match=sentence.replace("(", r"\(").replace(")", r"\)")):
        import_coefficients(saved(tmp_path, content), link="logistic", levels=levels)


def test_effects_are_not_crossed(tmp_path: Path) -> None:
    with pytest.raises(AuditkitError, match="fit the model with PARAM=REF"):
        import_coefficients(saved(tmp_path, R), link="logistic", levels=LEVELS, coding="effect")
