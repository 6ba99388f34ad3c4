"""Audits of frames: the same figures as from a file, the same sentences, in the caller's own library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fairlearn.metrics
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import auditkit
from auditkit.errors import InputError, NotHeld, SpecError
from auditkit.testing import assert_no_established_gap

DRAW = np.random.default_rng(11)
N = 4_000
SEX = DRAW.choice(["F", "M"], N)
FRAUD = (DRAW.random(N) < 0.2).astype(int)
SCORE = np.clip(0.3 * FRAUD + 0.5 * DRAW.random(N) + 0.15 * (SEX == "F"), 0, 1)
FRAME = pd.DataFrame({"sex": SEX, "age": DRAW.integers(18, 80, N), "score": SCORE, "fraud": FRAUD})
CALL: dict[str, Any] = {"groups": ["sex"], "score": "score", "threshold": 0.5, "outcome": "fraud"}


def rate(audit: auditkit.Audit, group: str, measure: str) -> float:
    table = audit.rates
    return float(table[(table.group == group) & (table.measure == measure)].value.iloc[0])


def test_rates_are_those_of_fairlearn() -> None:
    audit = auditkit.audit(FRAME, **CALL)
    theirs = fairlearn.metrics.MetricFrame(
        metrics={"selection_rate": fairlearn.metrics.selection_rate,
                 "false_positive_rate": fairlearn.metrics.false_positive_rate},
        y_true=FRAUD, y_pred=(SCORE >= 0.5).astype(int), sensitive_features=SEX,
    )  # fmt: skip
    for group in ("F", "M"):
        for measure in ("selection_rate", "false_positive_rate"):
            assert rate(audit, group, measure) == pytest.approx(theirs.by_group.loc[group, measure], abs=1e-12)


def test_their_frame_is_handed_back() -> None:
    found = auditkit.audit(FRAME, **CALL).metric_frame({"fpr": fairlearn.metrics.false_positive_rate}, by="sex")
    wanted = fairlearn.metrics.MetricFrame(
        metrics=fairlearn.metrics.false_positive_rate, y_true=FRAUD, y_pred=(SCORE >= 0.5).astype(int),
        sensitive_features=SEX,
    )  # fmt: skip
    assert found.by_group["fpr"].to_dict() == pytest.approx(wanted.by_group.to_dict())


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda table: table, pd.DataFrame),
        (pl.from_pandas, pl.DataFrame),
        (lambda table: pa.Table.from_pandas(table, preserve_index=False), pa.Table),
    ],
)
def test_figures_come_back_in_the_library_of_the_caller(make: Any, kind: type) -> None:
    audit = auditkit.audit(make(FRAME), **CALL)
    assert isinstance(audit.gaps, kind)
    assert isinstance(audit.rates, kind)
    assert auditkit.results_json(audit.result) == auditkit.results_json(auditkit.audit(FRAME, **CALL).result)


def test_the_call_is_an_audit_that_others_run(tmp_path: Path) -> None:
    audit = auditkit.audit(FRAME, **CALL)
    path = audit.to_yaml(tmp_path / "audit.yaml")
    text = path.read_text()
    assert "minimum_count: 11" in text  # what leaves the memory is protected unless it was said otherwise
    FRAME.to_parquet(tmp_path / "rows.parquet")
    spec = auditkit.load_audit(path)
    again = auditkit.run_audit(spec, tmp_path)
    ours = json.loads(auditkit.results_json(auditkit.audit(FRAME, minimum_count=11, **CALL).result))
    theirs = json.loads(auditkit.results_json(again))
    assert theirs["analyses"]["main"]["gaps"] == ours["analyses"]["main"]["gaps"]


def test_a_fitted_model_scores_the_rows() -> None:
    features = FRAME[["age", "score"]]
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(features, np.where(FRAUD == 1, "bad", "good"))
    given = FRAME.assign(fraud=np.where(FRAUD == 1, "bad", "good"))
    audit = auditkit.audit(
        given, model=model, threshold=0.4, groups=["sex"], outcome={"column": "fraud", "positive": ["bad"]}
    )
    by_hand = model.predict_proba(features)[:, list(model.classes_).index("bad")]
    assert rate(audit, "F", "selection_rate") == pytest.approx((by_hand[SEX == "F"] >= 0.4).mean(), abs=1e-12)
    with pytest.raises(InputError, match="exactly one class"):
        auditkit.audit(given, model=model, threshold=0.4, groups=["sex"], outcome="fraud")


def test_groups_of_a_second_frame() -> None:
    rows = FRAME.drop(columns="sex").assign(id=range(N))
    people = pd.DataFrame({"id": range(N), "sex": SEX})
    shuffled = people.sample(frac=1, random_state=2)
    expected = auditkit.audit(FRAME, **CALL).gaps.value
    same_order = auditkit.audit(rows, **{**CALL, "groups": people[["sex"]]})
    np.testing.assert_array_equal(same_order.gaps.value, expected)
    by_key = auditkit.audit(rows, **{**CALL, "groups": shuffled, "key": "id"})
    np.testing.assert_array_equal(by_key.gaps.value, expected)
    with pytest.raises(SpecError, match="never used to match rows"):
        auditkit.audit(rows, **{**CALL, "groups": shuffled[["sex"]]})
    with pytest.raises(SpecError, match="more than once"):
        auditkit.audit(rows, **{**CALL, "groups": pd.concat([people, people.head(1)]), "key": "id"})
    with pytest.raises(SpecError, match="3,999 rows"):
        auditkit.audit(rows, **{**CALL, "groups": people[["sex"]].head(N - 1)})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"groups": ["sexe"]}, 'groups.sexe: there is no column "sexe"; the nearest: "sex"'),
        ({"score": "scroe"}, '"score"'),
        ({"selected": "fraud"}, "Both selected and threshold"),
        ({"score": None}, "without a score"),
        ({"reference": {"gender": "M"}}, "which is not in groups"),
        ({"reference": "X"}, "X"),
        ({"harm": "bad"}, "harm"),
        ({"groups": []}, "groups is empty"),
        ({"outcmoe": "fraud"}, "outcmoe"),
        ({"groups": {"sex": {"colum": "sex"}}}, "colum"),
        ({"outcome": {"column": "fraud", "positive": [2]}}, "fraud"),
    ],
)
def test_a_slip_gets_the_sentence_of_an_audit_yaml(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        auditkit.audit(FRAME, **{**CALL, **change})


@pytest.mark.parametrize("data", ["rows.csv", None, {"sex": ["F"]}, [1, 2], Path("rows.csv")])
def test_what_is_no_frame_is_refused(data: Any) -> None:
    with pytest.raises(InputError, match="expected a frame"):
        auditkit.audit(data, **CALL)


def test_a_gate() -> None:
    with pytest.raises(NotHeld):
        auditkit.audit(FRAME, **CALL).require("no established gap")
    with pytest.raises(AssertionError, match="disadvantage"):
        assert_no_established_gap(FRAME, **CALL)
    even = FRAME.assign(score=0.3 * FRAUD + 0.5 * DRAW.random(N))
    assert_no_established_gap(even, **CALL)
    with pytest.raises(InputError, match="no claim"):
        auditkit.audit(even, **CALL).require("fairness")


def test_it_shows_itself(tmp_path: Path) -> None:
    audit = auditkit.audit(FRAME, title="A <title>", **CALL)
    assert "&lt;iframe" not in audit._repr_html_()
    assert audit._repr_html_().startswith("<iframe")
    assert "id=&quot;brief&quot;" in audit._repr_html_()
    assert "id=&quot;overview&quot;" not in audit._repr_html_()
    assert "Sex" in repr(audit)
    page = audit.report(tmp_path / "report.html").read_text(encoding="utf-8")
    assert "A &lt;title&gt;" in page


def test_the_frame_is_left_as_it_was() -> None:
    before = FRAME.copy()
    auditkit.audit(FRAME, **CALL)
    pd.testing.assert_frame_equal(FRAME, before)


@pytest.mark.parametrize("minimum", [0, 20])
def test_a_minimum_that_is_given_is_kept(minimum: int, tmp_path: Path) -> None:
    audit = auditkit.audit(FRAME, minimum_count=minimum, **CALL)
    assert f"minimum_count: {minimum}" in audit.to_yaml(tmp_path / "audit.yaml").read_text()
