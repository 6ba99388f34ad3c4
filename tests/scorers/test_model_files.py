"""Model files give the scores that their own libraries give, and say in one sentence what is wrong with them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import LinearSVC

from auditkit.errors import AuditkitError, DataError, SpecError
from auditkit.scorers import Scorer, open_model
from auditkit.spec.model_spec import ModelPart

RNG = np.random.default_rng(4)
X = RNG.normal(size=(200, 2)).astype(np.float32).astype(float)
Y = (X[:, 0] + RNG.normal(size=200) > 0).astype(int)
ROWS = pandas.DataFrame(X, columns=["age", "income"])


def opened(path: Path, columns: list[str] | None = None) -> Scorer:
    part = {"file": path.name, "columns": ["age", "income"] if columns is None else columns}
    return open_model(ModelPart.model_validate(part), path.parent)


def put(path: Path, model: Any) -> Path:
    path.write_bytes(skops.io.dumps(model))
    return path


def logistic(intercept: float, weights: list[float], classes: list[Any]) -> LogisticRegression:
    """A logistic regression with coefficients of one's own."""
    model = LogisticRegression().fit([[0.0] * len(weights), [1.0] * len(weights)], [0, 1])
    model.coef_, model.intercept_, model.classes_ = np.array([weights]), np.array([intercept]), np.array(classes)
    return model


def test_a_logistic_regression_by_hand(tmp_path: Path) -> None:
    """1 / (1 + exp(-(-1 + 2 x 0.5 + 3 x 1))) = 1 / (1 + exp(-3)) = 0.95257."""
    scorer = opened(put(tmp_path / "m.skops", logistic(-1.0, [2.0, 3.0], [0, 1])))
    scores = scorer.score(pandas.DataFrame({"income": [1.0, 0.0], "age": [0.5, 0.5]}))
    assert scores.tolist() == pytest.approx([1 / (1 + math.exp(-3)), 0.5], abs=1e-12)
    assert scorer.decide(scores) is not None
    assert scorer.decide(scores).tolist() == [True, False]  # type: ignore[union-attr]  # 0.5 is not above one half
    assert scorer.files[0].size == (tmp_path / "m.skops").stat().st_size
    assert scorer.notes[0].text() == 'The score is the probability of class "1".'


def test_class_one_may_stand_first(tmp_path: Path) -> None:
    """Classes 1 (yes) and 2 (no): the score is of class 1, which is one minus the second probability."""
    put(tmp_path / "m.skops", logistic(0.0, [1.0, 0.0], [1, 2]))
    scorer = open_model(ModelPart(file="m.skops", columns=["age", "income"], positive=1), tmp_path)
    assert scorer.score(pandas.DataFrame({"age": [3.0], "income": [0.0]}))[0] == pytest.approx(1 / (1 + math.exp(3)))
    assert scorer.decide(np.array([0.5]))[0]  # type: ignore[index]  # predict takes the first class at a tie


def test_a_regressor_and_a_decision_function(tmp_path: Path) -> None:
    line = LinearRegression().fit([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], [1.0, 3.0, 0.0])
    scorer = opened(put(tmp_path / "m.skops", line))
    assert scorer.score(pandas.DataFrame({"age": [2.0], "income": [1.0]}))[0] == pytest.approx(4.0)
    assert scorer.decision is None
    machine = LinearSVC().fit(X, Y)
    scorer = opened(put(tmp_path / "svc.skops", machine))
    scores = scorer.score(ROWS)
    assert scores == pytest.approx(machine.decision_function(X))
    assert (scorer.decide(scores) == machine.predict(X)).all()


def test_a_threshold_of_its_own(tmp_path: Path) -> None:
    model = FixedThresholdClassifier(LogisticRegression(), threshold=0.3, response_method="predict_proba").fit(X, Y)
    scorer = opened(put(tmp_path / "m.skops", model))
    scores = scorer.score(ROWS)
    assert (scorer.decide(scores) == model.predict(X)).all()
    assert (scores >= 0.3).sum() > (scores >= 0.5).sum()


def test_codes_that_an_encoder_learnt_as_texts(tmp_path: Path) -> None:
    table = pandas.DataFrame({"code": ["1", "2", "3", "1", "2", "3"], "age": [1.0, 2, 3, 4, 5, 6]})
    encode = ColumnTransformer([("code", OneHotEncoder(handle_unknown="ignore"), ["code"])], remainder="passthrough")
    model = make_pipeline(encode, LogisticRegression()).fit(table, [0, 0, 1, 0, 1, 1])
    scorer = opened(put(tmp_path / "m.skops", model), ["code", "age"])
    assert scorer.categories == ("code",)
    assert scorer.score(table) == pytest.approx(model.predict_proba(table)[:, 1])


def test_texts_for_an_encoder_that_learnt_numbers_are_refused(tmp_path: Path) -> None:
    table = pandas.DataFrame({"code": [1, 2, 3, 1, 2, 3], "age": [1.0, 2, 3, 4, 5, 6]})
    encode = ColumnTransformer([("code", OneHotEncoder(handle_unknown="ignore"), ["code"])], remainder="passthrough")
    model = make_pipeline(encode, LogisticRegression()).fit(table, [0, 0, 1, 0, 1, 1])
    file = put(tmp_path / "m.skops", model)
    assert opened(file, ["code", "age"]).score(table) == pytest.approx(model.predict_proba(table)[:, 1])
    with pytest.raises(SpecError, match=r'categories names "code", which m\.skops learnt as numbers'):
        open_model(ModelPart(file=file.name, columns=["code", "age"], categories=["code"]), tmp_path)


def test_a_model_that_takes_no_missing_values_says_where_they_are(tmp_path: Path) -> None:
    scorer = opened(put(tmp_path / "m.skops", LogisticRegression().fit(X, Y)))
    rows = pandas.DataFrame({"age": [1.0, 2.0, 3.0], "income": [1.0, np.nan, np.nan]})
    with pytest.raises(DataError, match=r'Values are missing in "income" \(2; 2\)'):
        scorer.score(rows)


@pytest.mark.parametrize("ending", ["json", "ubj"])
def test_xgboost(ending: str, tmp_path: Path) -> None:
    import xgboost

    rows = X.copy()
    rows[0, 1] = np.nan
    data = xgboost.DMatrix(rows, Y, feature_names=["age", "income"])
    booster = xgboost.train({"objective": "binary:logistic", "max_depth": 2}, data, 3)
    path = tmp_path / f"m.{ending}"
    booster.save_model(path)
    scorer = opened(path)
    scores = scorer.score(pandas.DataFrame(rows, columns=["age", "income"]))
    assert scores == pytest.approx(booster.predict(data), abs=1e-7)
    assert scorer.family == "xgboost"
    with pytest.raises(SpecError, match='names "income" at place 1'):
        opened(path, ["income", "age"])
    with pytest.raises(SpecError, match="reads 2 inputs, and columns names 3"):
        opened(path, ["age", "income", "more"])
    with pytest.raises(DataError, match=r'takes numbers, and the column "age" holds texts such as "old"'):
        scorer.score(pandas.DataFrame({"age": ["old"], "income": [1.0]}))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match="cannot be loaded by XGBoost"):
        opened(path)


def test_lightgbm(tmp_path: Path) -> None:
    import lightgbm

    data = lightgbm.Dataset(X, Y, feature_name=["age", "income"])
    booster = lightgbm.train({"objective": "binary", "verbose": -1, "num_leaves": 4}, data, 3)
    path = tmp_path / "m.txt"
    booster.save_model(path)
    scorer = opened(path)
    assert scorer.score(ROWS) == pytest.approx(booster.predict(X), abs=1e-12)
    assert scorer.native.params["objective"] == "binary"
    good = path.read_text()
    for old, new, said in (
        ("left_child=", "left_child=0 ", "in it is damaged"),
        ("split_feature=", "split_feature=9", "in it is damaged"),
        ("max_feature_idx=1", "max_feature_idx=x", "cannot be loaded as a model of LightGBM"),
        ("num_tree_per_iteration=1", "num_tree_per_iteration=3", "tells 3 classes apart|cannot be loaded"),
    ):
        assert old in good
        path.write_text(good.replace(old, new, 1))
        with pytest.raises(DataError, match=said):
            opened(path)


def test_onnx(tmp_path: Path) -> None:
    from skl2onnx import to_onnx

    model = LogisticRegression().fit(X, Y)
    path = tmp_path / "m.onnx"
    path.write_bytes(to_onnx(model, X[:1].astype(np.float32), options={"zipmap": True}).SerializeToString())
    scorer = opened(path)
    assert scorer.score(ROWS) == pytest.approx(model.predict_proba(X)[:, 1], abs=1e-6)
    assert scorer.family == "onnx"
    with pytest.raises(SpecError, match="reads 2 inputs, and columns names 1"):
        opened(path, ["age"])
    path.write_bytes(path.read_bytes() + b"\x0a\x08location\x12\x0b/etc/passwd")
    with pytest.raises(DataError, match="lie in other files"):
        opened(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("m.skops", b"", "is empty"),
        ("m.skops", b"PK\x03\x04 not an archive", "is not what skops begins with"),
        ("m.json", b"tree\nversion=v4\n", "is not what xgboost begins with"),
        ("m.txt", b'{"learner": {}}', "is not what lightgbm begins with"),
        ("m.onnx", b"hello", "is not what onnx begins with"),
        ("m.bin", b"\x00\x01", "is not what skops, xgboost, lightgbm, onnx begins with"),
        ("m.pkl", b"tree\nversion=v4\n", "is a pickle"),
    ],
)
def test_a_name_and_a_content_that_do_not_fit(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=said):
        opened(tmp_path / name)


def test_files_that_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "m.skops").mkdir()
    with pytest.raises(DataError, match="is not a plain file"):
        opened(tmp_path / "m.skops")
    with pytest.raises(DataError, match=r'no model file "n.skops"; the nearest names in its folder: "m.skops"'):
        opened(tmp_path / "n.skops")
    with pytest.raises(AuditkitError):
        opened(tmp_path / "a\x00b")


def test_three_classes_and_no_model_at_all(tmp_path: Path) -> None:
    three = LogisticRegression().fit([[0.0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]], [0, 1, 2, 0, 1, 2])
    with pytest.raises(DataError, match=r"tells 3 classes apart \(0, 1, 2\)"):
        opened(put(tmp_path / "m.skops", three))
    with pytest.raises(DataError, match="OneHotEncoder, which is neither"):
        opened(put(tmp_path / "e.skops", OneHotEncoder().fit([["a", "b"]])))
    with pytest.raises(SpecError, match=r'where m.skops was made with "age"'):
        opened(put(tmp_path / "m.skops", LogisticRegression().fit(ROWS, Y)), ["income", "age"])


def test_a_missing_value_that_the_model_cannot_take(tmp_path: Path) -> None:
    scorer = opened(put(tmp_path / "m.skops", logistic(0.0, [1.0, 1.0], [0, 1])))
    with pytest.raises(DataError, match=r"m.skops broke off while scoring .ValueError: Input X contains NaN"):
        scorer.score(pandas.DataFrame({"age": [1.0, np.nan], "income": [1.0, 1.0]}))
