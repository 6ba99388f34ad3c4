"""The expression gives the numbers of the row-wise evaluation, on every engine, missing values and all."""

from __future__ import annotations

import math
import random
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import numpy as np
import pandas
import polars
import pytest

from auditkit.errors import DataError, SpecError
from auditkit.scorers.engine_expression import expression
from auditkit.scorers.evaluate_card import evaluate
from auditkit.scorers.open_model import find_scorecard, load_scorecard, shipped_scorecards
from auditkit.scorers.scorecard import Scorecard
from auditkit.scorers.scored_profiles import settings
from auditkit.scorers.scorer import CardScorer

SCORING = [
    name for name in shipped_scorecards() if not name.startswith(("cnaf", "kenya")) or name.endswith("kchs-urban")
]


@pytest.fixture(params=["duckdb", "pandas", "polars"])
def engine(request: pytest.FixtureRequest) -> str:
    """What holds the rows that are scored: a frame of any of these may be given in Python."""
    return str(request.param)


def drawn_rows(card: Scorecard, count: int) -> list[dict[str, Any]]:
    """Rows at, between and beyond every limit of a scorecard, with holes and values that it does not know."""
    draw = random.Random(20)
    values = settings(card)
    rows = []
    for number in range(count):
        row: dict[str, Any] = {name: draw.choice(found) for name, found in values.items()}
        for name in draw.sample(list(row), k=number % 3):
            known = isinstance(row[name], str)
            row[name] = draw.choice([None, "unheard of"] if known else [None, math.nan, 2.0, -1.0])
        rows.append(row)
    return rows


def scored(card: Scorecard, rows: list[dict[str, Any]], engine: str) -> list[float]:
    """The scores in the order of the rows."""
    scorer = CardScorer(card)
    texts = {name for name, part in card.inputs.items() if part.kind == "category"}
    types = {name: polars.String if name in texts else polars.Float64 for name in card.columns}
    frame = polars.DataFrame(rows, schema=types).with_row_index("row")
    if engine == "polars":
        return list(scorer.score(frame))
    if engine == "pandas":
        return list(scorer.score(frame.to_pandas()))
    with duckdb.connect() as connection:
        relation = connection.from_arrow(frame.to_arrow())
        found = scorer.add_score(relation, "s").order("row").project("s").fetchall()
        return [math.nan if s is None else s for (s,) in found]


@pytest.mark.parametrize("name", SCORING)
def test_the_same_numbers(name: str, engine: str) -> None:
    card = load_scorecard(find_scorecard(name))
    rows = drawn_rows(card, 150)
    expected = [math.nan if (s := evaluate(card, row)) is None else s for row in rows]
    assert 0 < sum(math.isnan(s) for s in expected) < 150 or name.startswith("amsterdam")
    np.testing.assert_allclose(scored(card, rows, engine), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "name", ["aggir/score", "amsterdam-smart-check/score-original", "uk-reoffending/score-dynamic"]
)
def test_one_expression_gives_them_too(name: str) -> None:
    card = load_scorecard(find_scorecard(name))
    rows = drawn_rows(card, 60)
    expected = [math.nan if (s := evaluate(card, row)) is None else s for row in rows]
    frame = nw.from_native(polars.DataFrame(rows, infer_schema_length=None, strict=False))
    found = frame.select(score=expression(card))["score"].to_numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_the_other_columns_stay_as_they_are(engine: str) -> None:
    card = load_scorecard(find_scorecard("f-edi"))
    content = {"name": ["a"], **{name: [1.0] for name in card.columns}}
    frame = pandas.DataFrame(content) if engine == "pandas" else polars.DataFrame(content)
    assert list(CardScorer(card).add_score(frame, "index").columns) == ["name", *card.columns, "index"]


def small(score: dict[str, Any], **more: Any) -> Scorecard:
    content = {"title": "small", "status": "own", "inputs": {"x": {"kind": "number"}, "y": {"kind": "number"}}}
    return Scorecard.model_validate({**content, "sum": score, **more})


@pytest.mark.parametrize(
    "formula", ["log(x / y)", "sqrt(x) + exp(y)", "min(x, y) - max(x, 2)", "abs(x - y) ** 3", "-x"]
)
def test_formulas_without_a_value(formula: str, engine: str) -> None:
    """Logarithms of nothing, divisions by zero, roots of less than nothing: no score, and no error of an engine."""
    card = small({"terms": [{"column": "z", "times": 1}]}, derived={"z": formula})
    rows = [{"x": x, "y": y} for x in (-1.0, 0.0, 2.0, 5.0, None) for y in (-3.0, 0.0, 1.0, 800.0, None)]
    expected = [math.nan if (s := evaluate(card, row)) is None else s for row in rows]
    np.testing.assert_allclose(scored(card, rows, engine), expected, rtol=1e-12)


@pytest.mark.parametrize(("link", "scores"), [("logistic", [0.0, 1.0]), ("exp", [0.0, math.nan])])
def test_scores_at_the_ends_of_the_numbers(link: str, scores: list[float], engine: str) -> None:
    card = small({"link": link, "terms": [{"column": "x", "times": 1}]})
    found = scored(card, [{"x": -1e5, "y": 0.0}, {"x": 1e5, "y": 0.0}], engine)
    np.testing.assert_allclose(found, scores, atol=1e-300)


def test_a_bin_is_closed_on_the_left(engine: str) -> None:
    card = small({"terms": [{"column": "x", "bins": [0.1, 0.3], "points": [1, 2, 4], "missing": 8}]})
    rows = [{"x": x, "y": 0.0} for x in (0.09999999999999999, 0.1, 0.3, 0.29999999999999998, None, math.inf)]
    assert scored(card, rows, engine) == [1, 2, 4, 4, 8, 4]


def test_flags_may_be_true_or_false() -> None:
    card = load_scorecard(find_scorecard("epices"))
    frame = pandas.DataFrame({name: [True, False] for name in card.columns})
    frame["q01_meets_social_worker"] = [1, 0]
    assert CardScorer(card).score(frame).tolist() == pytest.approx([24.86, 75.14])


def test_decisions() -> None:
    scorer = CardScorer(load_scorecard(find_scorecard("aggir")))
    decided = scorer.decide(np.array([1.0, 4.0, 5.0, math.nan]))
    assert decided is not None
    assert decided.tolist() == [True, True, False, False]
    assert CardScorer(load_scorecard(find_scorecard("f-edi"))).decide(np.zeros(1)) is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"no_car": ["yes"]}, r'The column "no_car" is of type String; expected numbers\.'),
        ({"no_car": None}, r'reads the column "no_car", which is not there; the nearest: "no_cars"'),
    ],
)
def test_columns_of_another_kind(change: dict[str, Any], sentence: str) -> None:
    card = load_scorecard(find_scorecard("f-edi"))
    content: dict[str, Any] = {**{name: [0.0] for name in card.columns}, **change}
    if content["no_car"] is None:
        content["no_cars"] = content.pop("no_car") or [0.0]
    with pytest.raises(DataError, match=sentence):
        CardScorer(card).score(polars.DataFrame(content))


def test_a_number_is_no_category() -> None:
    card = load_scorecard(find_scorecard("aggir"))
    with pytest.raises(DataError, match="since it is a category"):
        CardScorer(card).score(polars.DataFrame({name: [1.5] for name in card.columns}))


def test_the_template_never_scores() -> None:
    card = load_scorecard(find_scorecard("cnaf-controls"))
    with pytest.raises(SpecError, match="weights are empty"):
        CardScorer(card).score(polars.DataFrame({name: [0.0] for name in card.columns}))
