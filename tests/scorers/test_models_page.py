"""What docs/models.md says to type works, from fitting a model to its report, in an empty folder."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from auditkit.cli import exit_code
from auditkit.scorers.model_sniffing import PICKLE_ENDINGS
from auditkit.spec.model_spec import KINDS, ModelPart

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_the_page_from_beginning_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("auditkit.explain.attribute.is_asked", lambda spec, scorer: False)
    draw = np.random.default_rng(1)
    rows = ["sex,age,income,area,fraud"]
    rows += [
        f"{sex},{draw.integers(18, 80)},{draw.integers(800, 4000)},0{draw.integers(1, 4)},{int(draw.random() < 0.3)}"
        for sex in "FM" * 200
    ]
    Path("cases.csv").write_text("\n".join(rows) + "\n")
    typed = []
    for kind, name, content in BLOCK.findall(PAGE):
        if name:
            Path(name).write_text(content, encoding="utf-8")
        if kind == "python" and name:
            exec(content, {})
        for line in content.splitlines() if kind == "sh" else ():
            assert exit_code(shlex.split(line)[1:]) == 0, line
            typed.append(line.split()[1])
    assert typed == ["check", "run", "scorecard", "scorecard", "model", "model"]
    manifest = json.loads(Path("report/manifest.json").read_text())
    assert [source["name"] for source in manifest["data"]] == ["cases.csv", "model.skops"]


def test_every_setting_is_described() -> None:
    for key in (*KINDS, *ModelPart.model_fields):
        assert f"{key}:" in PAGE or f"`{key}`" in PAGE, key
    assert ".pkl" in PICKLE_ENDINGS
