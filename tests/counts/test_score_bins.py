"""Score bins: exact edges, nearly equal counts, and an AUC that binning does not move."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import rankdata

from auditkit.counts.count_table import Tabulation
from auditkit.counts.rollup import score_view
from tests.counts.counting import audit, count_parquet

ROWS = 30_000


def scores(kind: str, seed: int = 3) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Scores of one shape, and outcomes that go with them."""
    draw = np.random.default_rng(seed)
    outcome = draw.random(ROWS) < 0.3
    score = draw.normal(outcome * 1.0, 1.0)
    if kind == "log-normal":
        score = np.exp(2.5 * score)
    elif kind == "tied":
        score = np.where(draw.random(ROWS) < 0.6, np.round(score), score)
    elif kind == "outlier":
        score[0] = 1e12
    return score, outcome


def auc_by_sorting(score: np.ndarray[Any, Any], outcome: np.ndarray[Any, Any]) -> tuple[float, float]:
    """The area under the curve by ranks, and Hanley and McNeil's standard error."""
    yes, no = int(outcome.sum()), int((~outcome).sum())
    auc = (rankdata(score)[outcome].sum() - yes * (yes + 1) / 2) / (yes * no)
    first, second = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (yes - 1) * (first - auc**2) + (no - 1) * (second - auc**2)
    return float(auc), float(np.sqrt(variance / (yes * no)))


def auc_by_bins(found: Tabulation) -> float:
    """The area under the curve of the binned counts."""
    table = found.score_table(("sex",))
    assert table is not None
    assert found.scale is not None
    counts = score_view(table, (), len(found.scale)).counts[0]
    yes, no = counts[:, [0, 3]].sum(axis=1), counts[:, [1, 4]].sum(axis=1)
    below = np.concatenate(([0], np.cumsum(no)[:-1]))
    return float((yes * (below + no / 2)).sum() / (yes.sum() * no.sum()))


def tabulate(score: Any, outcome: Any, **more: Any) -> Tabulation:
    spec = audit(
        **{"score": "score", "selected": {"at_least": 0.7}, "outcome": {"column": "hurt", "positive": [1]}} | more
    )
    return count_parquet(spec, {"sex": ["F"] * len(score), "score": score, "hurt": outcome.astype(int)})


@pytest.mark.parametrize("kind", ["normal", "log-normal", "tied", "outlier"])
def test_binning_does_not_move_the_auc(kind: str) -> None:
    score, outcome = scores(kind)
    exact, error = auc_by_sorting(score, outcome)
    found = tabulate(score, outcome)
    assert abs(auc_by_bins(found) - exact) < error / 10
    assert found.scale is not None
    assert (50 if kind == "tied" else 150) < len(found.scale) <= 210
    sorted_out = tabulate(score, outcome, score_bins="exact")
    assert auc_by_bins(sorted_out) == pytest.approx(exact, abs=1e-12)


@pytest.mark.parametrize("kind", ["normal", "log-normal", "tied"])
def test_every_row_lies_in_its_bin(kind: str) -> None:
    score, outcome = scores(kind)
    found = tabulate(score, outcome, sweep={"thresholds": [0.25, 1.5, 1e9]})
    scale = found.scale
    assert scale is not None
    assert {0.25, 0.7, 1.5} <= set(scale.lower.tolist())
    assert scale.lower[0] == score.min()
    assert scale.upper[-1] == score.max()
    assert np.all(scale.upper[:-1] < scale.lower[1:])
    place = np.searchsorted(scale.lower, score, side="right") - 1
    expected = np.bincount(place, minlength=len(scale))
    table = found.score_table(("sex",))
    assert table is not None
    assert score_view(table, (), len(scale)).counts.sum(axis=(0, 2)).tolist() == expected.tolist()
    selected = table.n[(table.selected == 1)].sum()
    assert selected == (score >= 0.7).sum() == expected[scale.lower >= 0.7].sum()


def test_bins_hold_nearly_equal_counts() -> None:
    score, outcome = scores("log-normal")
    found = tabulate(score, outcome)
    table = found.score_table(("sex",))
    assert table is not None
    assert found.scale is not None
    counts = score_view(table, (), len(found.scale)).counts.sum(axis=(0, 2))
    assert counts.max() < 2 * ROWS / 200


def test_few_values_are_bins_by_themselves() -> None:
    score = np.array([0.0, -0.0, 3.0, 1.0, 1.0])
    found = tabulate(score, np.array([True, False, True, False, True]))
    assert found.scale is not None
    assert found.scale.exact
    assert found.scale.lower.tolist() == [0.0, 1.0, 3.0]
    assert found.facts["sweep_thresholds"] == [0.0, 1.0, 3.0]


def test_thresholds_to_try_select_from_5_to_95_percent() -> None:
    score, outcome = scores("normal")
    thresholds = tabulate(score, outcome).facts["sweep_thresholds"]
    assert 0.7 in thresholds  # the one that is used
    shares = sorted((score >= threshold).mean() for threshold in thresholds if threshold != 0.7)
    assert shares == pytest.approx(np.arange(5, 100, 5) / 100, abs=0.003)


def test_a_cut_by_rank_is_one_persons_score_and_stays_out_of_the_sweep() -> None:
    score, outcome = scores("normal")
    found = tabulate(score, outcome, selected={"top_share": 0.037})
    assert found.facts["threshold"] not in found.facts["sweep_thresholds"]


def test_a_threshold_from_above_is_exact() -> None:
    score, outcome = scores("normal")
    limit = float(np.sort(score)[1234])
    found = tabulate(score, outcome, selected={"at_most": limit})
    assert found.scale is not None
    assert limit in found.scale.upper
    assert found.joint[0].n[found.joint[0].selected == 1].sum() == 1235


def test_a_constant_score() -> None:
    found = tabulate(np.full(10, 0.25), np.arange(10) % 2 == 0, selected={"at_least": 0.25})
    assert found.scale is not None
    assert len(found.scale) == 1
    assert any("same score, 0.25" in note.text("en") for note in found.account.notes)


def test_sums_of_scores() -> None:
    score, outcome = scores("normal")
    cells = tabulate(score, outcome).joint[0]
    assert cells.score_sum is not None
    assert cells.score_squared is not None
    assert cells.score_sum.sum() == pytest.approx(score.sum(), abs=ROWS * 5e-7)
    assert cells.score_squared.sum() == pytest.approx((score**2).sum(), rel=1e-6)
