"""Every way round release 0.1.0 that was found, as a kind: seven ways of eight variants each, all closed.

A reader adds and subtracts what estimates, charts and the row account of all analyses say; the numbers of the cases
that were found stand in the first variant, the others change them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

VARIANTS = range(8)


def _run(folder: Path, rows: pd.DataFrame, **spec: Any) -> AuditResult:
    rows.sample(frac=1, random_state=1).to_csv(folder / "rows.csv", index=False)
    base: dict[str, Any] = {"title": "t", "system": {"name": "s", "harm": "punitive"}, "data": {"file": "rows.csv"}}
    return run_audit(AuditSpec.model_validate(base | spec), folder)


def _unrolled(table: dict[tuple[Any, ...], tuple[int, int]], *names: str) -> pd.DataFrame:
    """Rows from people and how many of them are selected, by the values of some columns."""
    rows = [(*values, int(i < chosen)) for values, (n, chosen) in table.items() for i in range(n)]
    return pd.DataFrame(rows, columns=[*names, "sel"])


def _selected(result: AuditResult, analysis: str, group: tuple[str, ...]) -> float | None:
    one = next(a for a in result.analyses if a.key == analysis)
    return next(e.numerator for e in one.estimates if e.measure == "selection_rate" and e.groups == group)


def _chosen(column: str = "sel") -> dict[str, Any]:
    return {"column": column, "in": [1]}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_mean_of_few_levels_is_a_count(variant: int, tmp_path: Path) -> None:
    few = 2 + variant % 7
    table = {("A", "F"): (150, 60), ("A", "M"): (120, 50), ("B", "F"): (100 + variant, few), ("B", "M"): (100, 2),
             ("C", "F"): (90, 40), ("C", "M"): (80, 30)}  # fmt: skip
    rows = _unrolled(table, "grp", "sex").assign(flag=lambda frame: frame["sel"])
    groups = {"grp": {"column": "grp", "reference": "A"}, "sex": {"column": "sex"}}
    result = _run(tmp_path, rows, score="flag", selected={"at_least": 1}, groups=groups)
    for one in result.main.estimates:
        if one.groups in {("B", "F"), ("B", "M")}:
            assert one.status != "computed" or one.measure.startswith("share_of_population"), one
        if one.measure == "mean_score" and "B" in one.groups:
            assert one.value is None, one


@pytest.mark.parametrize("variant", VARIANTS)
def test_two_groupings_of_one_column(variant: int, tmp_path: Path) -> None:
    few = 1 + variant
    table = {(20, "F"): (100, 40), (20, "M"): (100, 50), (25, "F"): (few, few), (30, "F"): (100, 30),
             (30, "M"): (120, 45), (50, "F"): (100, 20), (50, "M"): (90, 30)}  # fmt: skip
    groups = {
        "age": {"column": "age", "bins": [25, 45], "labels": ["u25", "25-44", "45+"]},
        "young": {"column": "age", "bins": [26], "labels": ["u26", "26+"]},
        "sex": {"column": "sex"},
    }
    result = _run(tmp_path, _unrolled(table, "age", "sex"), selected=_chosen(), groups=groups, crossed=[["age", "sex"]])
    assert None in (_selected(result, "main", ("u25",)), _selected(result, "main", ("u26",)))


@pytest.mark.parametrize("variant", VARIANTS)
def test_other_bins_in_another_analysis(variant: int, tmp_path: Path) -> None:
    few = 3 + variant
    table = {(20,): (100, 40), (25,): (few, few), (30,): (100, 30), (50,): (100, 20)}
    groups = {"age": {"column": "age", "bins": [25, 45], "labels": ["u25", "25-44", "45+"]}}
    other = {"b": {"groups": {"age": {"column": "age", "bins": [26, 45], "labels": ["u26", "26-44", "45+"]}}}}
    result = _run(tmp_path, _unrolled(table, "age"), selected=_chosen(), groups=groups, analyses=other)
    assert None in (_selected(result, "main", ("u25",)), _selected(result, "b", ("u26",)))


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_filter_that_leaves_a_few_people_over(variant: int, tmp_path: Path) -> None:
    few = 1 + variant
    table = {("A", 1): (100, 40), ("A", 0): (few, few), ("B", 1): (100, 30), ("B", 0): (60, 20)}
    groups = {"grp": {"column": "grp"}}
    other = {"b": {"keep": [{"column": "kept", "in": [1]}]}}
    result = _run(tmp_path, _unrolled(table, "grp", "kept"), selected=_chosen(), groups=groups, analyses=other)
    assert None in (_selected(result, "main", ("A",)), _selected(result, "b", ("A",)))


@pytest.mark.parametrize("variant", VARIANTS)
def test_charts_beside_a_later_analysis(variant: int, tmp_path: Path) -> None:
    few = 3 + variant
    scores = [(g, (7 * i % 100) / 100) for g in "AB" for i in range(200)] + [("A", 0.505)] * few
    rows = pd.DataFrame(scores, columns=["grp", "score"])
    result = _run(
        tmp_path, rows, score="score", selected={"at_least": 0.8}, groups={"grp": {"column": "grp"}},
        sweep={"thresholds": [0.2, 0.5, 0.8]}, analyses={"b": {"selected": {"at_least": 0.51}}},
    )  # fmt: skip
    at_half = [
        p.numerator
        for p in result.main.points
        if p.series == "sweep" and p.position == 0.5 and p.groups == ("A",) and p.measure == "selection_rate"
    ]
    between = sum(1 for g, s in scores if g == "A" and 0.5 <= s < 0.51)
    later = _selected(result, "b", ("A",))
    assert later is None or not at_half or at_half[0] is None or at_half[0] - later >= 11 or between >= 11


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_group_that_was_wholly_selected_does_not_say_so(variant: int, tmp_path: Path) -> None:
    rows = []
    for group, (tp, fp, unseen) in {
        "A": (60, 40, 200),
        "B": (3, 30, 0),
        "C": (0, 60, 0),
        "D": (12 + variant, 60, 0),
    }.items():
        rows += [(group, 1, 1)] * tp + [(group, 1, 0)] * fp + [(group, 0, 0)] * unseen
    result = _run(
        tmp_path, pd.DataFrame(rows, columns=["grp", "sel", "y"]), selected=_chosen(), observed="when_selected",
        outcome={"column": "y", "positive": [1]}, groups={"grp": {"column": "grp"}}, crossed=[],
    )  # fmt: skip
    for one in result.main.estimates:
        if one.groups in {("B",), ("C",), ("D",)}:
            assert one.reason not in ("everybody_selected", "nobody_selected", "no_positive_outcome"), one
            assert one.measure != "selection_rate" or one.value != 1


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_score_of_a_person_stands_in_the_charts(variant: int, tmp_path: Path) -> None:
    random = np.random.default_rng(variant)
    scores = np.round(random.normal(50, 15, 300), 4)
    rows = pd.DataFrame({"grp": random.choice(["A", "B"], 300), "score": scores})
    result = _run(tmp_path, rows, score="score", selected={"at_least": 60}, groups={"grp": {"column": "grp"}})
    told = {number for point in result.main.points for number in (point.position, point.position_upper)}
    told |= {value for value in result.main.facts.values() if isinstance(value, float)}
    exact = {score for score in scores.tolist() if len(f"{score:g}".replace(".", "").strip("0")) >= 3}
    assert not told & exact
