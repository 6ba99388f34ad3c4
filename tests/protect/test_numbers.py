"""Sums of numbers and weights that are released: rounded by what one person changes, the same when they are read."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from auditkit.protect.number_rules import rounding_unit
from auditkit.protect.released_files import released_files
from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec import AuditSpec
from auditkit.spec.load_spec import load_audit
from auditkit.write.results_json import results_json


def _published(folder: Path, columns: Mapping[str, Any], **more: Any) -> tuple[AuditResult, list[dict[str, str]]]:
    """A run, its numbers.csv; and the gate: the same bytes from what is published."""
    pd.DataFrame(columns).to_csv(folder / "rows.csv", index=False)
    spec = {
        "title": "t", "system": {"name": "s", "harm": "punitive"}, "data": {"file": "rows.csv"},
        "selected": {"column": "sel", "in": [1]}, "groups": {"grp": {"column": "grp"}}, **more,
    }  # fmt: skip
    result = run_audit(AuditSpec.model_validate(spec), folder)
    out = folder / "public"
    out.mkdir()
    for name, content in released_files(result.released).items():
        (out / name).write_bytes(content)
    again = run_audit(load_audit(out / "released.yaml"), out)
    assert results_json(again) == results_json(result)
    assert released_files(again.released) == released_files(result.released)
    return result, list(csv.DictReader((out / "numbers.csv").open()))


def _rows(seed: int, n: int = 1200) -> tuple[np.random.Generator, dict[str, Any]]:
    random = np.random.default_rng(seed)
    return random, {"grp": random.choice(list("AB"), n), "sel": (random.random(n) < 0.4).astype(int)}


@pytest.mark.parametrize("seed", range(4))
def test_means_of_amounts_come_from_sums_rounded_by_one_person(seed: int, tmp_path: Path) -> None:
    random, columns = _rows(seed)
    columns["amt"] = random.gamma(2, 100 + 50 * seed, 1200)
    result, numbers = _published(tmp_path, columns, outcome={"column": "amt", "numeric": True})
    spread = columns["amt"].max() - columns["amt"].min()
    shown = {line["groups"]: line for line in numbers if line["kind"] == "sum"}
    for group in "AB":
        mine = columns["amt"][columns["grp"] == group]
        unit = float(shown[group]["unit"])
        assert unit >= spread  # what one person in the place of another changes
        assert abs(float(shown[group]["value"]) - mine.sum()) <= unit / 2
        mean = next(e for e in result.main.estimates if e.measure == "mean_outcome" and e.groups == (group,))
        assert mean.value is not None
        assert abs(mean.value - mine.mean()) <= unit / 2 / len(mine) + 1e-9


@pytest.mark.parametrize("levels", range(2, 8))
def test_a_mean_of_few_values_leaves_eleven_people_open(levels: int, tmp_path: Path) -> None:
    random, columns = _rows(levels, 4000)
    columns["grp"], columns["sel"] = columns["grp"][:4000], columns["sel"][:4000]
    columns["amt"] = random.integers(0, levels, 4000)
    _, numbers = _published(tmp_path, columns, outcome={"column": "amt", "numeric": True})
    for line in numbers:
        if line["value"]:
            step = (levels - 1) if line["kind"] == "sum" else (levels - 1) ** 2
            assert float(line["unit"]) >= 11 * step


@pytest.mark.parametrize(
    "amounts",
    [[*range(100, 200), 98_765.43], [1.0] * 300 + [1e6], [0.0] * 50 + [900.0] * 2],
    ids=["outlier", "million", "two"],
)
def test_a_sum_that_one_person_makes_is_withheld(amounts: list[float], tmp_path: Path) -> None:
    n = len(amounts)
    random = np.random.default_rng(1)
    columns = {
        "grp": ["B"] * n + ["A"] * 400,
        "sel": [1, 0] * ((n + 400) // 2) + [1] * (n % 2),
        "amt": [*amounts, *random.gamma(2, 100, 400)],
    }
    result, numbers = _published(tmp_path, columns, outcome={"column": "amt", "numeric": True})
    assert not [line for line in numbers if line["groups"] == "B" and line["value"]]
    (mean,) = [e for e in result.main.estimates if e.measure == "mean_outcome" and e.groups == ("B",)]
    assert (mean.value, mean.status, mean.reason) == (None, "suppressed", "withheld")


def test_weights_of_few_values_are_rounded_by_eleven_people(tmp_path: Path) -> None:
    random, columns = _rows(3, 4000)
    columns["w"] = random.choice([1, 2], 4000)
    result, numbers = _published(tmp_path, columns, weight="w")
    frame = pd.DataFrame(columns)
    shown = [line for line in numbers if line["kind"] == "weight_sum" and line["value"] not in ("", "0")]
    assert shown
    for line in shown:
        rows = frame if not line["groups"] else frame[frame["grp"] == line["groups"]]
        rows = rows[rows["sel"] == int(line["item"] == "selected_unseen")]
        assert float(line["value"]) % 20 == 0  # 11 people of one step of 1, rounded up to 1, 2 or 5
        assert abs(float(line["value"]) - rows["w"].sum()) <= 10
    rates = {e.groups: e for e in result.main.estimates if e.measure == "selection_rate"}
    assert rates["A",].value is not None


def test_the_unit_is_one_two_or_five() -> None:
    # The third digit of 52,345 is 100; a change of 12 is less. Of 70, the third digit is 0.1; a change of 3.3 is more.
    assert rounding_unit(52345.0, 12.0) == 100
    assert rounding_unit(70.0, 3.3) == 5
    assert rounding_unit(0.0, 0.0) == 1
