"""Score measures beside scikit-learn and plain pandas: AUC with ties and weights, mean score, calibration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.peers.auditing import Figures, audit

GROUPS = ("a", "b", "c", "all positive", "all negative", "one each")


def people(decimals: int, seed: int = 11, count: int = 240) -> dict[str, Sequence[Any]]:
    """Scores in [0, 1] with many ties (one decimal) or few (six), outcomes likelier where they are high."""
    random = Random(seed)
    rows: list[tuple[str, float, int, float]] = []
    for group in GROUPS:
        for i in range(2 if group == "one each" else count // 6 if group.startswith("all") else count):
            score = round(random.betavariate(2, 3), decimals)
            outcome = int(random.random() < 0.2 + 0.5 * score)
            fixed = {"all positive": 1, "all negative": 0, "one each": i}
            rows.append((group, score, fixed.get(group, outcome), random.randint(1, 32) / 8))
    random.shuffle(rows)
    return dict(zip(("g", "score", "outcome", "w"), zip(*rows, strict=True), strict=True))


def audited(folder: Path, columns: dict[str, Sequence[Any]], **more: Any) -> Figures:
    return audit(
        folder, columns, {"g": "a"}, {"at_least": 0.5}, score=more.pop("score", "score"),
        outcome={"column": "outcome", "positive": [1], "negative": [0]},
        measures=["auc", "mean_score", "calibration_error"], **more,
    ).of()  # fmt: skip


def auc(columns: dict[str, Sequence[Any]], group: str, weighted: bool) -> float:
    from sklearn.metrics import roc_auc_score

    keep = [i for i, g in enumerate(columns["g"]) if group in ("all", g)]
    outcome, score, weight = ([columns[name][i] for i in keep] for name in ("outcome", "score", "w"))
    return float(roc_auc_score(outcome, score, sample_weight=weight if weighted else None))


@pytest.mark.parametrize("decimals", [1, 2, 6])
@pytest.mark.parametrize("weighted", [False, True])
def test_auc_is_scikit_learns_with_ties_and_weights(decimals: int, weighted: bool, tmp_path: Path) -> None:
    columns = people(decimals)
    answers = audited(tmp_path, columns, **({"weight": "w"} if weighted else {}))
    for group in ("a", "b", "c", "one each", "all"):
        assert answers.value("auc", group) == pytest.approx(auc(columns, group, weighted), abs=1e-9)
    for group, reason in (("all positive", "no_negative_outcome"), ("all negative", "no_positive_outcome")):
        assert answers.value("auc", group) is None
        assert answers.estimate("auc", group).reason == reason
    gap = answers.difference("auc", "b")
    assert gap == pytest.approx(auc(columns, "b", weighted) - auc(columns, "a", weighted), abs=1e-9)


def test_auc_turns_where_low_scores_are_selected(tmp_path: Path) -> None:
    columns = people(2)
    answers = audited(tmp_path, columns, score={"column": "score", "lower_is": "selected"})
    for group in ("a", "b", "c", "all"):
        assert answers.value("auc", group) == pytest.approx(1 - auc(columns, group, False), abs=1e-9)


def test_auc_from_binned_scores_is_near_scikit_learns(tmp_path: Path) -> None:
    """More than 1,000 distinct scores are binned: the error stays under a tenth of the standard error."""
    columns = people(6, seed=3, count=1500)
    answers = audited(tmp_path, columns)
    for group in ("a", "b", "c", "all"):
        estimate = answers.estimate("auc", group)
        assert estimate.value is not None
        assert estimate.upper is not None
        assert estimate.lower is not None
        standard_error = (estimate.upper - estimate.lower) / 3.92
        assert abs(estimate.value - auc(columns, group, False)) < standard_error / 10


@pytest.mark.parametrize("weighted", [False, True])
def test_mean_score_and_calibration_are_plain_means(weighted: bool, tmp_path: Path) -> None:
    import pandas as pd

    columns = people(3)
    answers = audited(tmp_path, columns, **({"weight": "w"} if weighted else {}))
    rows = pd.DataFrame(columns)
    rows["w"] = rows["w"] if weighted else 1.0
    for group in (*GROUPS, "all"):
        some = rows if group == "all" else rows[rows["g"] == group]
        mean = float((some["score"] * some["w"]).sum() / some["w"].sum())
        rate = float((some["outcome"] * some["w"]).sum() / some["w"].sum())
        assert answers.value("mean_score", group) == pytest.approx(mean, abs=1e-9)
        assert answers.value("calibration_error", group) == pytest.approx(rate - mean, abs=1e-9)


def test_calibration_points_are_the_rates_of_their_score_bins(tmp_path: Path) -> None:
    import pandas as pd

    columns = people(2)
    rows = pd.DataFrame(columns)
    points = [p for p in audited(tmp_path, columns).analysis.points if p.series == "calibration"]
    assert len({p.position for p in points}) == 10
    for point in points:
        assert point.position_upper is not None
        inside = rows[(rows["g"] == point.groups[0]) & rows["score"].between(point.position, point.position_upper)]
        assert point.denominator == len(inside)
        if len(inside):
            assert point.value == pytest.approx(float(inside["outcome"].mean()), abs=1e-12)
        else:
            assert point.value is None
