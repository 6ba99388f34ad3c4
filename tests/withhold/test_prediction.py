"""How many are predicted too low or too high is a count like any other."""

from __future__ import annotations

from pathlib import Path

from auditkit.result import AnalysisResult
from auditkit.run import run_audit
from auditkit.spec import load_audit

AUDIT = """
title: t
system: {name: s, harm: punitive}
data: rows.csv
selected: {column: s, in: [1]}
outcome: {column: y, positive: [1]}
prediction: {actual: real, predicted: said}
measures: [under_predicted, accurately_predicted, over_predicted, mean_absolute_percentage_error]
groups:
  g: {column: g}
publish: {minimum_count: 11}
"""


def audited(folder: Path, groups: dict[str, tuple[int, int, int]], without: int = 0) -> AnalysisResult:
    """Groups with so many predicted at half, as it is and at double; `without` rows of group a have no prediction."""
    rows = ["g,real,said,s,y"]
    for group, people in groups.items():
        for factor, n in zip((0.5, 1.0, 2.0), people, strict=True):
            rows += [f"{group},{100 + i},{(100 + i) * factor},{i % 2},{i // 2 % 2}" for i in range(n)]
    rows += [f"a,100,,{i % 2},{i // 2 % 2}" for i in range(without)]
    (folder / "rows.csv").write_text("\n".join(rows) + "\n")
    (folder / "audit.yaml").write_text(AUDIT)
    return run_audit(load_audit(folder / "audit.yaml"), folder).main


def statuses(result: AnalysisResult, measure: str) -> set[str]:
    return {e.status for e in result.estimates if e.measure == measure and e.attributes}


LARGE = {"a": (40, 60, 50), "b": (40, 60, 30), "c": (20, 50, 20)}


def test_three_people_predicted_too_high_are_in_no_figure(tmp_path: Path) -> None:
    result = audited(tmp_path, LARGE | {"a": (30, 60, 3)})
    # too low, near and too high add up to all, and the groups add up to everyone
    for measure in ("under_predicted", "accurately_predicted", "over_predicted"):
        assert statuses(result, measure) == {"suppressed"}
    assert statuses(result, "mean_absolute_percentage_error") == {"computed"}


def test_a_few_rows_without_a_prediction(tmp_path: Path) -> None:
    assert statuses(audited(tmp_path, LARGE), "over_predicted") == {"computed"}
    result = audited(tmp_path, LARGE, without=4)
    assert statuses(result, "mean_absolute_percentage_error") == {"suppressed"}
