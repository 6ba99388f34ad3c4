"""Cells rolled up, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.counts.clusters import number_clusters
from auditkit.counts.count_table import Cells, Levels
from auditkit.counts.rollup import narrowed, rollup, score_view
from tests.counts.counting import audit, count_text


def cells() -> Cells:
    """Two attributes, two score bins; 36 rows."""
    n = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
    return Cells(
        levels=(Levels("sex", ("F", "M")), Levels("area", ("north", ""))),
        codes={"sex": np.array([0, 0, 0, 0, 1, 1, 1, 1]), "area": np.array([0, 0, 0, 1, 0, 0, 1, 1])},
        selected=np.array([0, 1, 1, 0, 0, 1, 0, 1]),
        outcome=np.array([-1, 1, 0, 0, 1, -1, 0, 1]),
        arm=np.zeros(8, dtype=int),
        score_bin=np.array([-1, 1, 1, 0, 0, 1, 0, 1]),
        n=n,
        weight=2 * n,
        weight_squared=4 * n,
    )


def test_one_attribute() -> None:
    view = rollup(cells(), ["sex"])
    assert view.groups == (("F",), ("M",))
    assert view.counts.tolist() == [[2, 3, 0, 0, 4, 1], [8, 0, 6, 5, 7, 0]]
    assert view.weights.tolist() == (2 * view.counts).tolist()
    assert view.weights_squared.tolist() == (4 * view.counts).tolist()


def test_crossed_attributes_hold_the_groups_that_occur() -> None:
    view = rollup(cells(), ["area", "sex"])
    assert view.groups == (("north", "F"), ("north", "M"), ("", "F"), ("", "M"))
    assert view.counts.sum(axis=1).tolist() == [6, 11, 4, 15]


def test_everyone() -> None:
    view = rollup(cells(), [])
    assert view.groups == ((),)
    assert view.counts.tolist() == [[10, 3, 6, 5, 11, 1]]


def test_by_score_bin() -> None:
    view = score_view(cells(), ["sex"], 2)
    assert view.counts[0].tolist() == [[0, 0, 0, 0, 4, 0], [2, 3, 0, 0, 0, 0]]
    assert view.counts.sum() == 35


def test_narrowed_keeps_the_rows() -> None:
    small = narrowed(cells(), ["area"])
    assert small.names == ("area",)
    assert set(small.score_bin.tolist()) == {-1}
    assert rollup(small, ["area"]).counts.tolist() == rollup(cells(), ["area"]).counts.tolist()


def test_few_clusters_are_numbered_in_order() -> None:
    columns = {"sex": ["F", "F", "M", "M"], "score": [1, 1, 1, 1], "house": ["b", "a", "b", None]}
    found = count_text(audit(score="score", selected={"at_least": 1}, cluster="house"), columns)
    assert found.clusters is not None
    assert found.clusters.count == 2
    by_cluster = sorted(zip(found.clusters.cluster.tolist(), found.clusters.cells.n.tolist(), strict=True))
    assert by_cluster == [(0, 1.0), (1, 1.0), (1, 1.0)]
    assert [(line.reason, line.rows) for line in found.account.exclusions] == [("no_cluster", 1)]


def test_clusters_past_the_limit_fall_into_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    assert number_clusters(np.arange(5001), [str(i) for i in range(5001)])[1] == 5001  # each is its own
    monkeypatch.setattr("auditkit.counts.clusters.BUCKETS", 200)
    # CRC-32 of "123456789" is cbf43926 (the check value of the standard): 3421780262 mod 200 is 62.
    labels = ["123456789", *(str(i) for i in range(5000))]
    numbers, count = number_clusters(np.arange(5001), labels)
    assert count == 200
    assert numbers[0] == 0xCBF43926 % 200 == 62
