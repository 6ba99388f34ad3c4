"""Audits that score their rows: each score on its own row, and nothing lost when it fails."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression

from auditkit.check import check_audit
from auditkit.cli import exit_code
from auditkit.errors import DataError, SpecError
from auditkit.report.terminal_summary import summary
from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.scorers.consent import consent_hash, foreign_parts
from auditkit.spec import AuditSpec, load_audit
from tests.commands import ROOT, auditkit
from tests.test_offline import GUARD

RNG = np.random.default_rng(2)
COUNT = 403
TABLE = pandas.DataFrame(
    {
        "case": np.arange(COUNT),
        "sex": RNG.choice(["F", "M"], COUNT),
        "age": RNG.integers(18, 80, COUNT),
        "income": RNG.normal(2000, 400, COUNT).round(2),
        "alone": RNG.choice(["true", "false"], COUNT),
    }
)
CARD = """\
title: A rule
status: own
inputs:
  age: {kind: number}
  alone: {kind: flag}
  income: {kind: number, missing: {value: 0}}
sum:
  terms:
    - {column: age, bins: [30, 60], points: [2, 0, 1]}
    - {column: alone, times: 1}
    - {column: income, bins: [1500], points: [1, 0]}
decision: {at_least: 3}
"""
FUNCTION = """\
def score(rows):
    return rows["age"] + rows["case"] / 10_000

def fails_later(rows):
    if rows["case"].iloc[0] > 200:
        raise ValueError("half way")
    return rows["age"]

def beside_others(rows):
    return rows["age"] - rows["age"].mean()

def nothing(rows):
    return [float("nan")] * len(rows)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    TABLE.to_csv(tmp_path / "rows.csv", index=False)
    (tmp_path / "score.yaml").write_text(CARD)
    (tmp_path / "rule_of_ours.py").write_text(FUNCTION)
    return tmp_path


@pytest.fixture(autouse=True)
def no_attribution(monkeypatch: pytest.MonkeyPatch) -> None:
    """Why scores differ is another test's business, and takes its time."""
    monkeypatch.setattr("auditkit.explain.attribute.is_asked", lambda spec, scorer: False)


def spec(model: dict[str, Any], **more: Any) -> AuditSpec:
    content = {
        "title": "t",
        "system": {"name": "s", "harm": "punitive", "status": "in_use"},
        "data": "rows.csv",
        "model": model,
        "groups": {"sex": {"column": "sex", "reference": "F"}},
        "publish": {"minimum_count": 0, "because": "invented rows"},
        "measures": ["selection_rate"],
    }
    return AuditSpec.model_validate({**content, **more})


def consented(asked: AuditSpec, folder: Path) -> AuditResult:
    """A run with consent to whatever the audit would run."""
    return run_audit(asked, folder, trust=consent_hash(foreign_parts(asked, folder)))


def selected(result: AuditResult) -> dict[str, tuple[float, float]]:
    """How many of each group are selected, of how many."""
    return {
        row.groups[0]: (row.numerator or 0, row.denominator or 0)
        for row in result.main.estimates
        if row.measure == "selection_rate" and row.attributes == ("sex",)
    }


def expected(chosen: Any) -> dict[str, tuple[float, float]]:
    return {sex: (int(chosen[TABLE["sex"] == sex].sum()), int((TABLE["sex"] == sex).sum())) for sex in ("F", "M")}


def test_a_scorecard_selects_whom_it_would_by_hand(folder: Path) -> None:
    points = np.select([TABLE["age"] < 30, TABLE["age"] < 60], [2, 0], 1)
    points = points + (TABLE["alone"] == "true") + (TABLE["income"] < 1500)
    result = run_audit(spec({"scorecard": "score.yaml"}), folder)
    assert selected(result) == expected(points >= 3)
    assert [source.name for source in result.sources] == ["rows.csv", "score.yaml"]
    assert result.sources[1].sha256 == hashlib.sha256(CARD.encode()).hexdigest()


def test_a_model_file_on_text_and_on_parquet(folder: Path) -> None:
    model = LogisticRegression().fit(TABLE[["age", "income"]], TABLE["age"] + RNG.normal(0, 20, COUNT) > 50)
    (folder / "m.skops").write_bytes(skops.io.dumps(model))
    TABLE.to_parquet(folder / "rows.parquet")
    asked = spec({"file": "m.skops", "columns": ["age", "income"], "batch": 100})
    result = run_audit(asked, folder)
    assert selected(result) == expected(model.predict(TABLE[["age", "income"]]))
    parquet = run_audit(asked.model_copy(update={"data": spec({"scorecard": "x"}, data="rows.parquet").data}), folder)
    assert selected(parquet) == selected(result)


def test_each_score_goes_to_its_own_row(folder: Path) -> None:
    """The score of the function tells every row apart; the highest hundred are known by name."""
    model = {"callable": "rule_of_ours:score", "columns": ["age", "case"], "batch": 90}
    result = consented(spec(model, selected={"top": 100}), folder)
    highest = (TABLE["age"] + TABLE["case"] / 10_000).rank(ascending=False) <= 100
    assert selected(result) == expected(highest)


def test_planned_is_simulated(folder: Path) -> None:
    system = {"name": "s", "harm": "punitive", "status": "planned"}
    result = run_audit(spec({"scorecard": ["score.yaml", "other.yaml"]}, system=system, score="points"), folder)
    said = [note.text() for note in result.notes]
    assert said[0].startswith("Simulated: the system is planned and has decided nothing yet.")
    assert "The system does not decide yet: what it would select is simulated.\n" in summary(result, "en")
    assert "No selection is named: the model's own applies, a score of 3 or more." in said
    assert any(note.startswith("Of 2 scorecards the first is run") for note in said)
    assert result.main.facts["simulated"] == "yes"
    assert result.spec.score is not None
    assert result.spec.score.column == "points"
    assert result.notes[0].text("fr").startswith("Simulation")


def test_an_analysis_may_hold_another_decision(folder: Path) -> None:
    asked = spec({"scorecard": "score.yaml"}, analyses={"strict": {"selected": {"at_least": 4}}})
    result = run_audit(asked, folder)
    rates = [
        sum(row.numerator or 0 for row in analysis.estimates if row.measure == "selection_rate" and row.groups)
        for analysis in result.analyses
    ]
    assert rates[0] > rates[1]


@pytest.mark.parametrize(
    ("model", "more", "said"),
    [
        (
            {"callable": "rule_of_ours:score", "columns": ["age", "cases", "rent"]},
            {},
            'rows.csv lacks 2 of the 3 columns that the model reads: "cases", "rent"; the nearest to the first: "case"',
        ),
        ({"scorecard": "score.yaml"}, {"score": "age"}, 'has a column "age" already'),
        ({"callable": "rule_of_ours:nothing", "columns": ["age"]}, {}, r"no usable score for 403 of 403 rows"),
        (
            {"callable": "rule_of_ours:beside_others", "columns": ["age"]},
            {},
            "gives row .* among 403 rows and .* among 20; expected the same, since a score must rest on its row alone",
        ),
        (
            {"callable": "rule_of_ours:fails_later", "columns": ["age", "case"], "batch": 150},
            {},
            "From row 301: rule_of_ours:fails_later broke off while scoring .ValueError: half way",
        ),
    ],
)
def test_what_cannot_be_scored(model: dict[str, Any], more: dict[str, Any], said: str, folder: Path) -> None:
    with pytest.raises(DataError, match=said):
        consented(spec(model, **more), folder)


def test_a_text_where_the_rule_reads_a_number(folder: Path) -> None:
    text = (folder / "rows.csv").read_text().replace("age", "age", 1).replace("\n0,", "\n0,", 1)
    lines = text.splitlines()
    lines[5] = lines[5].replace(f",{TABLE['age'][4]},", ",old,", 1)
    (folder / "rows.csv").write_text("\n".join(lines))
    with pytest.raises(DataError, match=r"rows.csv, column .age.: found .old.; expected a number"):
        run_audit(spec({"scorecard": "score.yaml"}), folder)


def test_counts_cannot_be_scored(folder: Path) -> None:
    data = {"file": "rows.csv", "columns": {"selected": "age", "total": "case"}}
    with pytest.raises(SpecError, match="scores rows, and data holds counts"):
        run_audit(spec({"scorecard": "score.yaml"}, data=data), folder)


AUDIT = """\
title: t
system: {name: s, harm: punitive}
data: rows.csv
model: {MODEL}
selected: {at_least: 0.5}
measures: [selection_rate]
groups: {sex: {column: sex}}
"""


def audit(folder: Path, model: str) -> str:
    (folder / "audit.yaml").write_text(AUDIT.replace("{MODEL}", model))
    return str(folder / "audit.yaml")


def test_a_failure_leaves_what_was_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "report"
    assert exit_code(["run", audit(folder, "{scorecard: score.yaml}"), "--out", str(out), "--quiet"]) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    model = "{callable: 'rule_of_ours:fails_later', columns: [age, case], batch: 150}"
    path = Path(audit(folder, model))
    trust = consent_hash(foreign_parts(load_audit(path), folder))
    capsys.readouterr()
    assert exit_code(["run", str(path), "--out", str(out), "--quiet", "--trust", trust]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_the_flag_for_one_pickle(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    joblib.dump(LogisticRegression().fit(TABLE[["age"]], TABLE["age"] > 50), folder / "m.joblib")
    digest = hashlib.sha256((folder / "m.joblib").read_bytes()).hexdigest()
    path = audit(folder, "{file: m.joblib, columns: [age]}")
    assert exit_code(["run", path, "--out", str(folder / "r"), "--quiet"]) == 2
    assert f"--allow-unsafe-pickle {digest}" in capsys.readouterr().err
    arguments = ["run", path, "--out", str(folder / "r"), "--quiet", "--allow-unsafe-pickle", digest]
    assert exit_code(arguments) == 0
    manifest = json.loads((folder / "r" / "manifest.json").read_text())
    assert {"name": "m.joblib", "sha256": digest}.items() <= manifest["data"][1].items()
    assert "loaded from a pickle" in (folder / "r" / "report.html").read_text()
    again = ["verify", str(folder / "r"), "--audit", path]
    assert exit_code(again) == 2
    assert exit_code([*again, "--allow-unsafe-pickle", digest]) == 0


def test_check_says_which_model_and_runs_no_program(folder: Path) -> None:
    model = {"command": ["touch", "canary"], "columns": ["age", "alone"], "categories": ["alone"]}
    found = check_audit(spec(model, selected={"at_least": 1}), folder / "audit.yaml")
    said = [message.text() for message in found.understood]
    assert "The scores were computed from the rows by the model: touch (command)." in said
    assert 'The model reads the columns "age", "alone" (text).' in said
    assert "Rows (or people counted): 403 read, 403 used." in said
    assert not (folder / "canary").exists()
    with pytest.raises(DataError, match="lacks 1 of the 1 columns"):
        check_audit(spec({"command": ["touch"], "columns": ["rent"]}), folder / "audit.yaml")


def test_a_run_with_a_model_opens_no_socket(folder: Path) -> None:
    (folder / "guard").mkdir()
    (folder / "guard" / "sitecustomize.py").write_text(GUARD)
    path = f"{folder / 'guard'}:{ROOT}"
    named = Path(audit(folder, "{callable: 'rule_of_ours:score', columns: [age, case]}"))
    named.write_text(named.read_text().replace("at_least: 0.5", "at_least: 50"))
    trust = consent_hash(foreign_parts(load_audit(named), folder))
    done = auditkit(folder, "run", "audit.yaml", "--out", "r", "--quiet", "--trust", trust, PYTHONPATH=path)
    assert done.returncode == 0, done.stderr
