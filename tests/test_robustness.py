"""A hundred cases of benchmarks/robustness.py, through whole commands: a sentence each, and never a fault of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands import ROOT, ROWS, auditkit, environment, small_audit


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], dict[str, Any]]:
    """What came of 25 cases of each kind; their commands begin in copies of one process."""
    out = tmp_path_factory.mktemp("robustness") / "cases.jsonl"
    command = [sys.executable, "benchmarks/robustness.py", "--count", "25", "--forked", "--out", str(out)]
    subprocess.run(command, cwd=ROOT, env=environment(), check=False, stdout=subprocess.DEVNULL)
    return {(one["kind"], one["number"]): one for one in map(json.loads, out.read_text().splitlines())}


@pytest.mark.parametrize("kind", ["audit", "table", "result", "binary"])
def test_mutated_cases(kind: str, found: dict[tuple[str, int], dict[str, Any]]) -> None:
    for number in range(25):
        one = found[kind, number]
        assert one["held"], json.dumps(one)


ALIASES = "x:\n a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f" a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ROWS + ALIASES, "its aliases stand for more than"),
        (ROWS + "rights: {facts: {x: " + "[" * 3000 + "]" * 3000 + "}}\n", "levels stand in each other"),
        ("&a\n" + ROWS + "analyses: *a\n", "stands for a part that holds it"),
        (ROWS.replace("A small audit", '"\\ud800"'), "half of a character"),
        (ROWS.replace("rows.csv", "pipe.csv"), "is not a plain file"),
        ("# " + "x" * 1_000_001, "holds more than"),
    ],
    ids=["aliases", "deep", "itself", "half", "pipe", "large"],
)
def test_a_file_made_to_hang(text: str, said: str, tmp_path: Path) -> None:
    import os

    small_audit(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "audit.yaml").write_text(text)
    done = auditkit(tmp_path, "check", "audit.yaml")
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_sheet_that_asks_for_all_memory(tmp_path: Path) -> None:
    """A1 and the last cell that there is: the reader aborts the process, and a sentence remains."""
    import openpyxl

    small_audit(tmp_path)
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = 1, 2
    book.save(tmp_path / "far.xlsx")
    (tmp_path / "audit.yaml").write_text(ROWS.replace("rows.csv", "far.xlsx"))
    done = auditkit(tmp_path, "check", "audit.yaml")
    assert done.returncode == 2
    assert "far.xlsx" in done.stderr
    assert done.stderr.count("\n") == 1


def test_three_hundred_bins(tmp_path: Path) -> None:
    small_audit(tmp_path)
    bins = ", ".join(map(str, range(300)))
    text = ROWS.replace(
        "{column: sex, reference: F, ground: sex, name: {en: sex, fr: sexe}}", f"{{column: score, bins: [{bins}]}}"
    )
    (tmp_path / "audit.yaml").write_text(text)
    assert auditkit(tmp_path, "check", "audit.yaml").returncode == 0
