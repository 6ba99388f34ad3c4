"""The notebooks of the docs: every cell runs, in its order, and no output, path or number of a run is committed."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "docs" / "notebooks").glob("*.ipynb"))


def run(cell: str, names: dict[str, Any]) -> Any:
    """A cell as Jupyter runs it: the value of its last expression."""
    tree = ast.parse(cell)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    shown = [run("".join(cell["source"]), names) for cell in cells]
    pages = [value._repr_html_() for value in shown if hasattr(value, "_repr_html_")]
    assert any("<iframe" in page and "srcdoc" in page for page in pages)  # the brief
    assert any("<table" in page and "<td" in page for page in pages)  # figures as a frame, none of them empty
    assert all(len(value) for value in shown if hasattr(value, "columns"))
    assert (tmp_path / "report.html").stat().st_size > 50_000


def test_there_is_one_for_students_and_one_for_agencies() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["agency", "student"]
