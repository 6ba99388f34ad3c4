"""What docs/scorecards.md shows is true: the example loads, the names exist, the statements of its code run."""

from __future__ import annotations

import re
from pathlib import Path

import pandas
import pytest

from auditkit.scorers.check_scorecard import check_scorecard
from auditkit.scorers.coefficient_import import import_coefficients
from auditkit.scorers.evaluate_card import evaluate
from auditkit.scorers.open_model import load_scorecard, shipped_scorecards

PAGE = (Path(__file__).parents[2] / "docs" / "scorecards.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_the_example_scores(tmp_path: Path) -> None:
    """-2 - 0.2 ln(1201) + 0.03 x 20 - 0.0002 x 400 + 0.4 + 0 + 0.7 + 0.1 = -1.6982; its logistic is 0.1547."""
    path = tmp_path / "score.yaml"
    path.write_text(blocks("yaml")[0], encoding="utf-8")
    card = load_scorecard(path)
    assert check_scorecard(card).warnings == ()
    assert evaluate(card, {"age": 20, "area": "town", "alone": 1, "income": None}) == pytest.approx(0.1547, abs=5e-5)


def test_the_table_names_what_ships() -> None:
    named = set()
    for cell in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE):
        first, *others = re.findall(r"`([^`]+)`", cell)
        folder = first.split("/")[0]
        named |= {first, *(f"{folder}/score{other}" for other in others)}
    assert named == set(shipped_scorecards())


def test_the_code_runs() -> None:
    frame = pandas.DataFrame({column: [0, 1] for column in load_scorecard_columns()})
    names: dict[str, object] = {"frame": frame}
    exec(blocks("python")[0], names)
    assert "score" in names["table"]  # type: ignore[operator]


def load_scorecard_columns() -> tuple[str, ...]:
    from auditkit.scorers.open_model import find_scorecard

    return load_scorecard(find_scorecard("epices")).columns


def test_the_call_for_r(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("coefficients.csv").write_text('"","Estimate"\n"(Intercept)",1\n"areatown",2\n"areacity",3\n')
    names: dict[str, object] = {"import_coefficients": import_coefficients, "Path": Path}
    exec(blocks("python")[1], names)
    assert evaluate(names["card"], {"area": "city"}) is not None  # type: ignore[arg-type]
