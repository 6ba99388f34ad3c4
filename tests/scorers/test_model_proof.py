"""A sidecar of reference scores proves a model file; any other file, class, order or mark is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression

from auditkit import pack_model
from auditkit.cli import exit_code
from auditkit.errors import DataError, SpecError
from auditkit.scorers import open_model
from auditkit.spec.model_spec import ModelPart

RNG = np.random.default_rng(3)
X = pandas.DataFrame({"dept": RNG.choice([75, 69, 13], 200), "age": RNG.integers(18, 80, 200).astype(float)})
Y = (RNG.random(200) < 0.3 + 0.4 * (X["dept"] == 69)).astype(int)


def opened(folder: Path, file: str, missing: list[str] | None = None, **more: Any) -> list[str]:
    part = ModelPart.model_validate({"file": file, "columns": ["dept", "age"], **more})
    return [note.text() for note in open_model(part, folder, missing_values=missing).notes]


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    model = LogisticRegression().fit(X.to_numpy(), Y)
    skops.io.dump(model, tmp_path / "m.skops")
    assert pack_model(model, X, tmp_path / "m.skops").name == "m.check.json"
    return tmp_path


def test_proved_and_not(packed: Path) -> None:
    assert "The scores of m.skops are proved on the 20 reference rows of m.check.json." in opened(packed, "m.skops")
    content = json.loads((packed / "m.check.json").read_bytes())
    rows = {tuple(row) for row in X.itertuples(index=False, name=None)}
    assert sum(tuple(row) in rows for row in content["rows"]) < 8  # drawn column by column
    assert X["age"].min() < min(row[1] for row in content["rows"])
    (packed / "m.check.json").unlink()
    assert any(note.startswith("The scores of m.skops are not proved") for note in opened(packed, "m.skops"))


@pytest.mark.parametrize("row", range(20))
@pytest.mark.parametrize("change", [1e-6, -1e-6, 0.01])
def test_a_planted_change_is_refused(row: int, change: float, packed: Path) -> None:
    """Sixty planted changes, the smallest a millionth."""
    content = json.loads((packed / "m.check.json").read_bytes())
    content["scores"][row] += change
    (packed / "m.check.json").write_text(json.dumps(content))
    with pytest.raises(DataError, match=rf"does not score as m\.check\.json says: its row {row + 1} "):
        opened(packed, "m.skops")


def test_another_order_another_class_a_mark(tmp_path: Path) -> None:
    import xgboost

    given = X.assign(age=X["age"].where(X.index % 9 != 0, -999.0))
    model = xgboost.XGBClassifier(n_estimators=5, missing=-999).fit(given.to_numpy(), Y)
    model.save_model(tmp_path / "m.json")
    pack_model(model, given, tmp_path / "m.json")
    with pytest.raises(SpecError, match=r'says that "-999" stood for a missing value'):
        opened(tmp_path, "m.json", [""])
    assert any("are proved" in note for note in opened(tmp_path, "m.json", ["", "-999"]))
    with pytest.raises(DataError, match="does not score as"):
        opened(tmp_path, "m.json", ["-999"], positive=0)
    with pytest.raises(SpecError, match='names "age" at place 1'):
        opened(tmp_path, "m.json", ["-999"], columns=["age", "dept"])
    content = json.loads((tmp_path / "m.check.json").read_bytes())
    content["scores"][7] += 1e-6
    (tmp_path / "m.check.json").write_text(json.dumps(content))
    with pytest.raises(DataError, match="its row 8 "):
        opened(tmp_path, "m.json", ["-999"])


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": 1}', '{"schema": "auditkit/model-check/1", "inputs": []}']
)
def test_a_proof_that_is_none(text: str, packed: Path) -> None:
    (packed / "m.check.json").write_text(text)
    with pytest.raises(DataError, match="is no proof of a model"):
        opened(packed, "m.skops")


def test_the_commands(packed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    X.assign(y=Y).to_csv(packed / "sample.csv", index=False)
    (packed / "m.check.json").unlink()
    model = str(packed / "m.skops")
    assert exit_code(["model", "check", model]) == 1
    asked = ["model", "pack", model, "--rows", str(packed / "sample.csv"), "--columns", "dept,age"]
    assert exit_code(asked) == 0
    assert exit_code(["model", "check", model]) == 0
    assert "are proved on the 20 reference rows" in capsys.readouterr().out
    assert exit_code(["model", "pack", model, "--rows", str(packed / "sample.csv"), "--columns", "dept,nothing"]) == 2
