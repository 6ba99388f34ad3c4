"""The cut of the highest scores, worked by hand."""

from __future__ import annotations

import pytest

from auditkit.counts.selection import rows_wanted
from auditkit.spec import Selection
from tests.counts.counting import audit, count_text, rows_of

TEN = {"sex": ["F"] * 5 + ["M"] * 5, "score": [9, 8, 7, 7, 1, 9, 7, 6, 5, 4]}


@pytest.mark.parametrize(
    ("share", "rows", "wanted"),
    [(0.1, 30, 3), (0.1, 31, 4), (0.3, 10, 3), (0.07, 100, 7), (0.29, 100, 29), (0.001, 10, 1)],
)
def test_the_number_wanted_is_exact(share: float, rows: int, wanted: int) -> None:
    assert rows_wanted(Selection(top_share=share), rows) == wanted


@pytest.mark.parametrize(
    ("ties", "women", "men", "selected", "threshold"),
    [("in", 4, 2, 6, 7.0), ("out", 2, 1, 3, 8.0), ("shared", 2 + 2 / 3, 1 + 1 / 3, 4, 7.0)],
)
def test_ties_at_the_cut(ties: str, women: float, men: float, selected: int, threshold: float) -> None:
    # The four highest of 9, 9, 8, 7, 7, 7: one place is left for three who have 7.
    found = count_text(audit(score="score", selected={"top": 4, "ties": ties}), TEN)
    counts = rows_of(found.joint[0])
    assert counts[("F", 1, -1)] == pytest.approx(women)
    assert counts[("M", 1, -1)] == pytest.approx(men)
    assert sum(counts.values()) == pytest.approx(10)
    facts = found.facts
    assert (facts["top_wanted"], facts["top_selected"], facts["threshold"]) == (4, selected, threshold)


@pytest.mark.parametrize("ties", ["in", "out", "shared"])
def test_ties_that_all_find_a_place(ties: str) -> None:
    found = count_text(audit(score="score", selected={"top_share": 0.6, "ties": ties}), TEN)
    assert rows_of(found.joint[0])[("F", 1, -1)] == 4
    assert found.facts["top_selected"] == 6


def test_the_lowest_may_be_selected() -> None:
    spec = audit(score={"column": "score", "lower_is": "selected"}, selected={"top_share": 0.2})
    found = count_text(spec, TEN)
    assert rows_of(found.joint[0]) == {("F", 0, -1): 4, ("F", 1, -1): 1, ("M", 0, -1): 4, ("M", 1, -1): 1}
    assert found.facts["threshold"] == 4.0


def test_more_wanted_than_there_are() -> None:
    found = count_text(audit(score="score", selected={"top": 1000}), TEN)
    assert found.facts["top_selected"] == 10


def test_a_cut_in_a_continuous_score() -> None:
    rows = 5000
    columns = {"sex": ["F"] * rows, "score": [((i * 7919) % 5003) / 5003 for i in range(rows)]}
    found = count_text(audit(score="score", selected={"top_share": 0.1}), columns)
    expected = sorted(columns["score"], reverse=True)[499]
    assert found.facts["threshold"] == expected
    assert found.facts["top_selected"] == 500
    assert found.scale is not None
    assert expected in found.scale.lower


def test_a_cut_in_another_column_than_the_score() -> None:
    columns = TEN | {"rank": [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]}
    spec = audit(score="score", selected={"column": "rank", "top": 3})
    assert rows_of(count_text(spec, columns).joint[0]) == {
        ("F", 0, -1): 2,
        ("F", 1, -1): 3,
        ("M", 0, -1): 5,
    }


def test_stages_count_those_who_reached_them() -> None:
    columns = {
        "sex": ["F", "F", "F", "M", "M", "M"],
        "score": [3, 2, 1, 3, 3, 1],
        "visit": ["yes", "no", "yes", "yes", None, "yes"],
    }
    spec = audit(
        score="score",
        selected={"at_least": 2},
        stages=[
            {"name": "flagged", "selected": {"at_least": 2}},
            {"name": "visited", "selected": {"column": "visit", "in": ["yes"]}},
        ],
    )
    found = count_text(spec, columns)
    assert [rows_of(cells) for cells in found.stages] == [
        {("F", 0, -1): 1, ("F", 1, -1): 2, ("M", 0, -1): 1, ("M", 1, -1): 2},
        {("F", 0, -1): 1, ("F", 1, -1): 1, ("M", 1, -1): 1},
    ]
    assert any("visited: 1 row" in note.text("en") for note in found.account.notes)
