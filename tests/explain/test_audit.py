"""Attribution in a whole audit: from a table and a scorecard to results.json and the report."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from auditkit import AuditSpec, render_report, results_json, run_audit
from auditkit.errors import DataError, SpecError
from auditkit.explain.surrogate import UNEXPLAINED
from auditkit.result.attribution import Attribution
from auditkit.result.read_results import parse_results

CARD = """
title: An invented score
status: own
harm: punitive
inputs:
  income: {kind: number, range: [0, 100]}
  job: {kind: category, values: [none, some]}
  alone: {kind: flag}
sum:
  intercept: 1.0
  terms:
    - {column: income, times: -0.02}
    - {column: job, values: {none: 0.8, some: 0.0}}
    - {column: alone, times: 0.5}
decision: {at_least: 1.0}
"""


def table(folder: Path, rows: int = 1_200) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(7)
    sex = np.where(draw.random(rows) < 0.5, "woman", "man")
    columns = {
        "sex": sex,
        "income": np.round(draw.uniform(10, 90, rows) - 15 * (sex == "woman"), 1),
        "job": np.where(draw.random(rows) < 0.3, "none", "some"),
        "alone": (draw.random(rows) < np.where(sex == "woman", 0.5, 0.2)).astype(int),
        "undue": (draw.random(rows) < 0.2).astype(int),
    }
    columns["score"] = 1 - 0.02 * columns["income"] + 0.8 * (columns["job"] == "none") + 0.5 * columns["alone"]
    with (folder / "rows.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*(c.tolist() for c in columns.values()), strict=True))
    (folder / "score.yaml").write_text(CARD)
    return columns


def spec(**more: Any) -> AuditSpec:
    plain: dict[str, Any] = {
        "title": "t",
        "system": {"name": "s", "harm": "punitive"},
        "data": "rows.csv",
        "model": {"scorecard": "score.yaml"},
        "score": "own_score",
        "groups": {"sex": {"column": "sex", "reference": "man"}},
        "outcome": {"column": "undue", "positive": [1]},
    }
    return AuditSpec.model_validate({k: v for k, v in (plain | more).items() if v is not None})


def attribution(given: AuditSpec, folder: Path, **how: Any) -> Attribution:
    found = run_audit(given, folder, **how).main.attribution
    assert found is not None
    return found


def test_a_scorecard_is_split_in_closed_form(tmp_path: Path) -> None:
    columns = table(tmp_path)
    found = attribution(spec(), tmp_path)
    split = found.splits[0]
    woman = columns["sex"] == "woman"
    wanted = {
        "income": -0.02 * (columns["income"][woman].mean() - columns["income"][~woman].mean()),
        "job": 0.8 * ((columns["job"][woman] == "none").mean() - (columns["job"][~woman] == "none").mean()),
        "alone": 0.5 * (columns["alone"][woman].mean() - columns["alone"][~woman].mean()),
    }
    assert split.explainer.name == "closed_form"
    assert {part.variable: part.value for part in split.parts} == pytest.approx(wanted, abs=1e-9)
    assert split.gap == pytest.approx(columns["score"][woman].mean() - columns["score"][~woman].mean(), abs=1e-9)
    chosen = found.splits[1]
    selected = columns["score"] >= 1
    assert chosen.figure == "selection_rate"
    assert chosen.gap == pytest.approx(selected[woman].mean() - selected[~woman].mean(), abs=0.003)
    assert sum(part.value or 0.0 for part in chosen.parts) == pytest.approx(chosen.gap, abs=1e-9)


def test_further_questions_are_answered_where_they_are_asked(tmp_path: Path) -> None:
    columns = table(tmp_path, 400)
    found = attribution(spec(attribution={"ask": "all"}), tmp_path)
    assert found.need is not None
    assert found.need.base_rate == pytest.approx(columns["undue"].mean())
    assert {flip.variable for flip in found.flips} <= {"income", "alone"}
    assert len(found.ablations) == 3
    assert found.stand_ins[0].inputs[0].variable in ("income", "alone")


def test_a_score_without_a_model_has_a_surrogate_that_says_so(tmp_path: Path) -> None:
    columns = table(tmp_path)
    given = spec(model=None, score="score", selected={"at_least": 1.0}, attribution={"columns": ["income", "alone"]})
    result = run_audit(given, tmp_path)
    found = result.main.attribution
    assert found is not None
    assert found.fidelity is not None
    assert found.fidelity.surrogate
    assert found.fidelity.r_squared is not None
    # job, which is not among the columns, has 0.8² · 0.21 of the variance of the score
    share = 1 - 0.64 * 0.21 / np.var(columns["score"])
    assert found.fidelity.r_squared == pytest.approx(share, abs=0.08)
    split = found.splits[0]
    woman = columns["sex"] == "woman"
    assert split.explainer.surrogate
    assert split.parts[-1].variable == UNEXPLAINED
    assert split.gap == pytest.approx(columns["score"][woman].mean() - columns["score"][~woman].mean(), abs=1e-9)
    assert sum(part.value or 0.0 for part in split.parts) == pytest.approx(split.gap, abs=1e-9)
    for language, title in (("en", "Why scores differ"), ("fr", "Pourquoi les scores diffèrent")):
        page = render_report(result, language)
        assert title in page
        assert "R²" in page
    read = parse_results(results_json(result), "results.json")
    assert read.main.attribution is not None
    assert read.main.attribution.splits[0].parts[0].value == pytest.approx(split.parts[0].value, rel=1e-11)


def test_without_a_model_and_without_columns_nothing_is_split(tmp_path: Path) -> None:
    table(tmp_path)
    result = run_audit(spec(model=None, score="score", selected={"at_least": 1.0}), tmp_path)
    assert result.main.attribution is None
    assert "Why scores differ" not in render_report(result, "en")


def test_small_groups_have_no_parts(tmp_path: Path) -> None:
    table(tmp_path, 60)
    result = run_audit(spec(publish={"minimum_count": 45}), tmp_path)
    found = result.main.attribution
    assert found is not None
    assert {split.status for split in found.splits} == {"suppressed"}
    assert {fold.status for fold in found.two_fold} == {"suppressed"}
    assert "Parts par variable" not in render_report(result, "fr")


@pytest.mark.parametrize(
    ("more", "error", "sentence"),
    [
        ({"attribution": {"columns": ["income"]}}, SpecError, "the model reads"),
        ({"model": None, "score": "score", "selected": {"at_least": 1.0}, "attribution": {"columns": ["incme"]}},
         DataError, 'no column "incme", named under attribution; the nearest: "income"'),
        ({"model": None, "score": None, "selected": {"column": "undue", "in": [1]}, "outcome": None,
          "attribution": {"columns": ["income"]}}, SpecError, "attribution needs a score"),
    ],
)  # fmt: skip
def test_what_cannot_be_split_is_said(
    more: dict[str, Any], error: type[Exception], sentence: str, tmp_path: Path
) -> None:
    table(tmp_path, 60)
    with pytest.raises(error, match=sentence):
        run_audit(spec(**more), tmp_path)
