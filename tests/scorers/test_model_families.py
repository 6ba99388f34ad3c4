"""Models of every family, saved as their library saves them, score as that library does: for the class that is asked.

The expected numbers are the library's own, in the process that fitted the model; what cannot be told is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
import skops.io
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    BaggingClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_selection import VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder

from auditkit.errors import AuditkitError, DataError, SpecError
from auditkit.intake.open_table import open_table
from auditkit.intake.scored_rows import score_table
from auditkit.scorers import open_model
from auditkit.scorers.model_audit import with_model
from auditkit.scorers.score_class import Asked, asked_class
from auditkit.spec import AuditSpec

RNG = np.random.default_rng(7)
N = 240
DEPT = RNG.choice([75, 69, 13], N)
AGE = RNG.integers(18, 80, N).astype(float)
TRUE = (RNG.random(N) < 1 / (1 + np.exp(-(-1 + 2 * (DEPT == 69) - 0.02 * (AGE - 40))))).astype(int)
SEX = np.where(RNG.random(N) < 0.5, "F", "M")


def scores_of(
    folder: Path, rows: pandas.DataFrame, model: dict[str, Any], positive: list[Any] | None = None, **more: Any
) -> np.ndarray[Any, Any]:
    """The scores of rows written as CSV, through the door by which a run reads them; in their order."""
    rows.to_csv(folder / "rows.csv", index=False)
    content: dict[str, Any] = {
        "title": "t",
        "system": {"name": "s", "harm": "punitive"},
        "data": "rows.csv",
        "groups": {"sex": {"column": "sex", "reference": "F"}},
        "model": model,
        "selected": {"at_least": 0.5},
        **more,
    }
    if positive is not None:
        content["outcome"] = {"column": "y", "positive": positive}
    spec = AuditSpec.model_validate(content)
    assert spec.model is not None
    assert spec.data is not None
    scorer = open_model(spec.model, folder, asked=asked_class(spec))
    spec = with_model(spec, scorer)
    with open_table(spec.data, folder, missing_values=spec.missing_values, ordered=True) as table:  # type: ignore[arg-type]
        scored = score_table(table, spec, scorer)
        found = scored.frame.select("row_number", "model_score").collect("pandas").to_native()
    ordered = found.assign(row_number=found["row_number"].astype(int)).sort_values("row_number")
    return ordered["model_score"].to_numpy()


def table_of(**columns: Any) -> pandas.DataFrame:
    return pandas.DataFrame({"row_number": np.arange(N), "sex": SEX, **columns})


CODES: dict[str, Callable[[int], Any]] = {
    "numbers": lambda one: one,
    "texts": lambda one: f"dept {one}",
    "text codes": str,
    "leading zeros": lambda one: f"{one:05d}",
    "accents": lambda one: f"Évry {one}",
}

ENCODERS: dict[str, Callable[[], Any]] = {
    "one hot": lambda: OneHotEncoder(handle_unknown="ignore"),
    "one hot, first dropped": lambda: OneHotEncoder(drop="first"),
    "ordinal": lambda: OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
    "target": lambda: TargetEncoder(random_state=1),
    "imputed": lambda: make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")),
    "imputed, filtered": lambda: make_pipeline(
        SimpleImputer(strategy="most_frequent"), OrdinalEncoder(), VarianceThreshold()
    ),
}


def in_columns(encoder: Any) -> ColumnTransformer:
    return ColumnTransformer(
        [("category", encoder, ["dept"]), ("number", make_pipeline(SimpleImputer(), StandardScaler()), ["age"])]
    )


def piped(encoder: Any) -> Pipeline:
    return make_pipeline(in_columns(encoder), LogisticRegression(max_iter=500))


WRAPPERS: dict[str, Callable[[Any], Any]] = {
    "pipeline": piped,
    "voting": lambda e: VotingClassifier([("a", piped(e)), ("b", piped(e))], voting="soft"),
    "calibrated": lambda e: CalibratedClassifierCV(piped(e), cv=2),
    "fixed threshold": lambda e: FixedThresholdClassifier(piped(e), threshold=0.4, response_method="predict_proba"),
    "tuned threshold": lambda e: TunedThresholdClassifierCV(piped(e), cv=2),
    "stacked": lambda e: StackingClassifier([("a", piped(e))], LogisticRegression(), cv=2),
    "union": lambda e: make_pipeline(
        FeatureUnion([("all", in_columns(e)), ("again", in_columns(e))]), RandomForestClassifier(20, random_state=1)
    ),
}


VARIANTS = list(product(CODES, ENCODERS, WRAPPERS))


@pytest.mark.parametrize(("coding", "encoder", "wrapper"), VARIANTS[::4])
def test_an_encoder_wherever_it_sits(coding: str, encoder: str, wrapper: str, tmp_path: Path) -> None:
    """Every fourth of 210 variants, codings x encoders x wrappers, from a CSV file: predict_proba in memory."""
    inputs = pandas.DataFrame({"dept": [CODES[coding](one) for one in DEPT], "age": AGE})
    model = WRAPPERS[wrapper](ENCODERS[encoder]()).fit(inputs, TRUE)
    skops.io.dump(model, tmp_path / "model.skops")
    rows = table_of(y=TRUE, **inputs)
    found = scores_of(tmp_path, rows, {"file": "model.skops", "columns": ["dept", "age"]}, [1])
    assert np.abs(found - model.predict_proba(inputs)[:, 1]).max() < 1e-9


def test_a_bag_whose_members_read_a_part_of_the_columns(tmp_path: Path) -> None:
    inputs = pandas.DataFrame({"age": AGE, "dept": DEPT.astype(str), "other": DEPT.astype(str)})
    inside = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    model = BaggingClassifier(inside, 5, max_features=2, random_state=1).fit(inputs, TRUE)
    skops.io.dump(model, tmp_path / "model.skops")
    rows = table_of(y=TRUE, **inputs)
    rows["age"] = [str(one) for one in AGE]
    model_part = {"file": "model.skops", "columns": ["age", "dept", "other"]}
    found = scores_of(tmp_path, rows, model_part, [1])
    assert np.abs(found - model.predict_proba(inputs.to_numpy())[:, 1]).max() < 1e-9


def test_levels_that_the_model_never_saw(tmp_path: Path) -> None:
    inputs = pandas.DataFrame({"dept": DEPT.astype(str), "age": AGE})
    skops.io.dump(piped(OneHotEncoder(handle_unknown="ignore")).fit(inputs, TRUE), tmp_path / "model.skops")
    part = {"file": "model.skops", "columns": ["dept", "age"]}
    padded = table_of(y=TRUE, dept=[f"{one:03d}" for one in DEPT], age=AGE)
    with pytest.raises(DataError, match=r"240 of 240 rows hold values that model\.skops never saw: \"0"):
        scores_of(tmp_path, padded, part, [1])
    assert len(scores_of(tmp_path, padded, {**part, "unseen": "score"}, [1])) == N
    few = table_of(y=TRUE, dept=["99", *DEPT.astype(str)[1:]], age=AGE)
    assert len(scores_of(tmp_path, few, part, [1])) == N


@pytest.mark.parametrize("kind", ["categorical_features", "from_dtype", "regressor"])
@pytest.mark.parametrize("coding", CODES)
def test_histogram_boosting_with_categories(coding: str, kind: str, tmp_path: Path) -> None:
    inputs = pandas.DataFrame({"age": AGE, "dept": [CODES[coding](one) for one in DEPT]})
    given = inputs.assign(dept=inputs["dept"].astype("category")) if kind != "categorical_features" else inputs
    kinds = {"categorical_features": ["dept"]} if kind == "categorical_features" else {}
    maker = HistGradientBoostingRegressor if kind == "regressor" else HistGradientBoostingClassifier
    model = maker(max_iter=20, **kinds).fit(given, TRUE)
    skops.io.dump(model, tmp_path / "model.skops")
    found = scores_of(tmp_path, table_of(y=TRUE, **inputs), {"file": "model.skops", "columns": ["age", "dept"]}, [1])
    own = model.predict(given) if kind == "regressor" else model.predict_proba(given)[:, 1]
    assert np.abs(found - own).max() < 1e-9


LABELS: list[tuple[Any, Any]] = [
    ("bad", "good"), ("good", "bad"), ("fraud", "legit"), ("legit", "fraud"), ("fraude", "pas de fraude"),
    ("oui", "non"), ("non", "oui"), (0, 1), (1, 0), (-1, 1), (1, -1), (1, 2), (2, 1), (9, 10), (10, 9), ("yes", "no"),
    ("no", "yes"), ("A", "B"), ("positive", "negative"), (True, False), (False, True), ("1", "2"), ("0", "1"),
    ("Y", "N"), ("hit", "miss"),
]  # fmt: skip


def fitted(
    family: str, folder: Path, x: pandas.DataFrame, y: np.ndarray[Any, Any]
) -> tuple[str, np.ndarray[Any, Any], list[Any]]:
    """A model of a family, saved; its own probabilities, and its classes in their order."""
    if family == "scikit-learn":
        model = LogisticRegression().fit(x, y)
        skops.io.dump(model, folder / "m.skops")
        return "m.skops", model.predict_proba(x), model.classes_.tolist()
    if family == "lightgbm":
        import lightgbm

        boosted = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(x, y)
        boosted.booster_.save_model(folder / "m.txt")
        return "m.txt", boosted.predict_proba(x), boosted.classes_.tolist()
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType

    model = RandomForestClassifier(5, random_state=1).fit(x.to_numpy(dtype=np.float32), y)
    kind: Any = {"onnx": False, "onnx zipmap": True, "onnx columns": "columns", "onnx batch": False}[family]
    rows = 7 if family == "onnx batch" else None
    options = {id(model): {"zipmap": kind}}
    made = convert_sklearn(model, initial_types=[("x", FloatTensorType([rows, 2]))], options=options)
    (folder / "m.onnx").write_bytes(made.SerializeToString())
    return "m.onnx", model.predict_proba(x.to_numpy(dtype=np.float32)), model.classes_.tolist()


FAMILIES = ["scikit-learn", "lightgbm", "onnx", "onnx zipmap", "onnx columns", "onnx batch"]


@pytest.mark.parametrize(("family", "labels"), list(product(FAMILIES, LABELS))[::2])
def test_the_class_that_the_outcome_lists(family: str, labels: tuple[Any, Any], tmp_path: Path) -> None:
    """Every second of 150 variants, families x labels: equal to the library's probability of that class, or asked."""
    harmful, other = labels
    y = np.where(TRUE == 1, harmful, other)
    y = y.astype(object) if isinstance(harmful, str) and family != "lightgbm" else y
    x = pandas.DataFrame({"dept": DEPT.astype(float), "age": AGE})
    if family.startswith("onnx") and isinstance(harmful, bool):
        y = TRUE if harmful else 1 - TRUE
    file, own, classes = fitted(family, tmp_path, x, y)
    rows = table_of(y=np.where(TRUE == 1, harmful, other), **x)
    wanted = own[:, [str(one) for one in classes].index(str(y[TRUE == 1][0]))]
    part = {"file": file, "columns": ["dept", "age"]}
    nearly = 1e-6 if family.startswith("onnx") else 1e-9
    try:
        found = scores_of(tmp_path, rows, part, [harmful])
    except AuditkitError as question:
        asked = str(question)
        found = scores_of(tmp_path, rows, {**part, "positive": classes.index(harmful)}, [harmful])
        assert family == "lightgbm"  # the only one whose file forgets the names of its classes
        assert "positive:" in asked
    assert np.abs(found - wanted).max() < nearly


@pytest.mark.parametrize(("harmful", "other"), [pair for pair in LABELS if not {*pair} <= {0, 1, -1, "0", "1"}])
def test_a_class_that_nobody_lists_is_asked_for(harmful: Any, other: Any, tmp_path: Path) -> None:
    y = np.where(TRUE == 1, harmful, other)
    skops.io.dump(LogisticRegression().fit(np.c_[DEPT, AGE], y), tmp_path / "m.skops")
    rows = table_of(y=y, dept=DEPT, age=AGE)
    part = {"file": "m.skops", "columns": ["dept", "age"]}
    with pytest.raises(SpecError, match="positive:"):
        scores_of(tmp_path, rows, part)
    with pytest.raises(SpecError, match="positive:"):
        scores_of(tmp_path, rows, part, ["something else"])
    scores = scores_of(tmp_path, rows, {**part, "positive": harmful})
    assert np.abs(scores + scores_of(tmp_path, rows, {**part, "positive": other}) - 1).max() < 1e-12


def boosters() -> Iterator[tuple[str, dict[str, Any]]]:
    for objective, booster, early, missing in product(
        ("binary:logistic", "binary:logitraw", "binary:hinge", "reg:squarederror", "multi:softprob"),
        ("gbtree", "dart", "gblinear"),
        (False, True),
        (False, True),
    ):
        if booster != "gbtree" and (early or missing):
            continue
        if objective == "multi:softprob" and booster == "gblinear":
            continue
        yield f"{objective} {booster} {early} {missing}", {
            "objective": objective, "booster": booster, "early": early, "missing": missing,
        }  # fmt: skip


@pytest.mark.parametrize("ending", ["json", "ubj"])
@pytest.mark.parametrize("name", [name for name, _ in boosters()])
def test_xgboost_as_its_own_loader(name: str, ending: str, tmp_path: Path) -> None:
    """Objectives x boosters x stopped early x missing values x formats: what the fitted object gives, to 1e-6."""
    import xgboost

    setting = dict(boosters())[name]
    x = pandas.DataFrame({"dept": DEPT.astype(float), "age": AGE})
    if setting["missing"]:
        x.loc[::7, "age"] = np.nan
    maker = xgboost.XGBRegressor if setting["objective"].startswith("reg") else xgboost.XGBClassifier
    rounds = {"n_estimators": 60, "early_stopping_rounds": 3} if setting["early"] else {"n_estimators": 6}
    classes = {"num_class": 2} if setting["objective"].startswith("multi") else {}
    model = maker(objective=setting["objective"], booster=setting["booster"], learning_rate=0.5, **rounds, **classes)
    model.fit(x[:120], TRUE[:120], eval_set=[(x[120:], TRUE[120:])], verbose=False)
    model.save_model(tmp_path / f"m.{ending}")
    found = scores_of(tmp_path, table_of(y=TRUE, **x), {"file": f"m.{ending}", "columns": ["dept", "age"]}, [1])
    if setting["objective"] in ("binary:logistic", "multi:softprob"):
        own = model.predict_proba(x)[:, 1]
    else:
        own = model.predict(x, output_margin=setting["objective"] == "binary:logitraw")
    assert np.abs(found - own).max() < 1e-6


@pytest.mark.parametrize("ending", ["json", "ubj"])
@pytest.mark.parametrize("coding", CODES)
@pytest.mark.parametrize("onehot", [1, 4])
def test_xgboost_with_categories_of_its_own(coding: str, onehot: int, ending: str, tmp_path: Path) -> None:
    import xgboost

    x = pandas.DataFrame({"age": AGE, "dept": [CODES[coding](one) for one in DEPT]})
    given = x.assign(dept=x["dept"].astype("category"))
    model = xgboost.XGBClassifier(n_estimators=5, enable_categorical=True, max_cat_to_onehot=onehot).fit(given, TRUE)
    model.save_model(tmp_path / f"m.{ending}")
    part = {"file": f"m.{ending}", "columns": ["age", "dept"]}
    rows = table_of(y=TRUE, **x)
    if coding == "accents":  # XGBoost itself saves such names cut in the wrong places
        with pytest.raises(DataError, match="does not hold whole which values have which code"):
            scores_of(tmp_path, rows, part, [1])
        return
    assert np.abs(scores_of(tmp_path, rows, part, [1]) - model.predict_proba(given)[:, 1]).max() < 1e-6
    assert np.abs(scores_of(tmp_path, rows, part, [0]) - model.predict_proba(given)[:, 0]).max() < 1e-6
    empty = given.copy()
    empty.loc[3, "dept"] = None
    rows = rows.assign(dept=[None if i == 3 else one for i, one in enumerate(rows["dept"].astype(object))])
    assert np.abs(scores_of(tmp_path, rows, part, [1]) - model.predict_proba(empty)[:, 1]).max() < 1e-6
    strange = rows.assign(dept=["elsewhere" if coding != "numbers" else 1, *rows["dept"][1:]])
    with pytest.raises(DataError, match=r"1 of 240 rows hold values that m\..* never saw and refuses"):
        scores_of(tmp_path, strange, part, [1])


def test_xgboost_a_plain_booster_scores_with_all_its_trees(tmp_path: Path) -> None:
    import xgboost

    x = pandas.DataFrame({"dept": DEPT.astype(float), "age": AGE})
    data = xgboost.DMatrix(x, TRUE)
    setting = {"objective": "binary:logistic", "eta": 0.9}
    against = [(xgboost.DMatrix(x, 1 - TRUE), "v")]
    model = xgboost.train(setting, data, 60, evals=against, early_stopping_rounds=4, verbose_eval=False)
    model.save_model(tmp_path / "m.json")
    part = {"file": "m.json", "columns": ["dept", "age"]}
    assert np.abs(scores_of(tmp_path, table_of(y=TRUE, **x), part, [1]) - model.predict(data)).max() < 1e-6


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("coding", CODES)
@pytest.mark.parametrize("boosting", ["gbdt", "rf", "dart"])
def test_lightgbm_with_categories_of_pandas(coding: str, ordered: bool, boosting: str, tmp_path: Path) -> None:
    import lightgbm

    x = pandas.DataFrame({"dept": [CODES[coding](one) for one in DEPT], "age": AGE, "kind": SEX})
    given = x.assign(dept=pandas.Categorical(x["dept"], ordered=ordered), kind=pandas.Categorical(x["kind"]))
    more = {"subsample": 0.5, "subsample_freq": 1} if boosting == "rf" else {}
    model = lightgbm.LGBMClassifier(
        boosting_type=boosting,
        n_estimators=5,
        verbose=-1,
        min_data_per_group=1,
        cat_smooth=0,
        min_child_samples=5,
        **more,
    ).fit(given, TRUE)
    model.booster_.save_model(tmp_path / "m.txt")
    part: dict[str, Any] = {"file": "m.txt", "columns": ["dept", "age", "kind"]}
    rows = table_of(y=TRUE, **x)
    if ordered:  # the file does not say that such a column was a category
        with pytest.raises(SpecError, match="name those columns under model: categories"):
            scores_of(tmp_path, rows, part, [1])
        part["categories"] = ["dept", "kind"]
    assert np.abs(scores_of(tmp_path, rows, part, [1]) - model.predict_proba(given)[:, 1]).max() < 1e-9
    assert np.abs(scores_of(tmp_path, rows, part, [0]) - model.predict_proba(given)[:, 0]).max() < 1e-9


def test_a_booster_with_fewer_trees_than_it_declares(tmp_path: Path) -> None:
    import lightgbm

    x = pandas.DataFrame({"dept": DEPT.astype(float), "age": AGE})
    lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(x, TRUE).booster_.save_model(tmp_path / "m.txt")
    whole = (tmp_path / "m.txt").read_text()
    sizes = next(line for line in whole.splitlines() if line.startswith("tree_sizes="))
    part = {"file": "m.txt", "columns": ["dept", "age"]}
    for planted in ("tree_sizes=99999999999999999999", "tree_sizes=1 2", sizes.rsplit(" ", 1)[0], sizes + " 5"):
        (tmp_path / "m.txt").write_text(whole.replace(sizes, planted))
        with pytest.raises(DataError, match=r"m\.txt"):
            scores_of(tmp_path, table_of(y=TRUE, **x), part, [1])


def test_asked_of_nothing() -> None:
    assert Asked().empty
