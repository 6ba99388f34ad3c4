"""Counts worked by hand."""

from __future__ import annotations

import pytest

from auditkit.counts.count_table import NOT_STATED
from auditkit.errors import DataError
from tests.counts.counting import audit, count_parquet, count_text, rows_of

COLUMNS = {
    "sex": ["F", "F", "M", "M", None, "F", "M", "M"],
    "score": [5, 4, 5, 6, 9, None, 1, 5],
    "hurt": [1, 0, 1, None, 0, 1, 0, 1],
    "year": [2020, 2020, 2020, 2020, 2020, 2020, 2019, 2019],
}


def test_counts_and_row_account() -> None:
    spec = audit(
        score="score",
        selected={"at_least": 5},
        outcome={"column": "hurt", "positive": [1]},
        keep=[{"column": "year", "at_least": 2020, "because": {"en": "old", "fr": "vieux"}}],
    )
    found = count_text(spec, COLUMNS)
    assert rows_of(found.joint[0]) == {
        ("F", 0, 0): 1,
        ("F", 1, 1): 1,
        ("M", 1, -1): 1,
        ("M", 1, 1): 1,
        (NOT_STATED, 1, 0): 1,
    }
    account = found.account
    assert (account.read, account.used) == (8, 5)
    assert [(line.reason, line.rows) for line in account.exclusions] == [("keep_1", 2), ("no_score", 1)]
    assert account.exclusions[0].because.text("fr") == "vieux"
    assert account.read == account.used + sum(line.rows for line in account.exclusions)
    assert account.without_outcome == 1
    assert account.not_stated == {"sex": 1}


def test_levels_are_sorted_and_not_stated_comes_last() -> None:
    found = count_text(audit(score="score", selected={"at_least": 5}), COLUMNS)
    assert found.joint[0].level("sex").values == ("F", "M", NOT_STATED)


def test_missing_may_be_given_a_value() -> None:
    spec = audit(groups={"sex": {"column": "sex", "missing": "M"}}, score="score", selected={"at_least": 5})
    found = count_text(spec, COLUMNS)
    assert rows_of(found.joint[0]) == {("F", 0, -1): 1, ("F", 1, -1): 1, ("M", 0, -1): 1, ("M", 1, -1): 4}
    assert found.account.not_stated == {"sex": 0}
    assert any('count as "M"' in note.text("en") for note in found.account.notes)


def test_a_decision_in_a_column_keeps_rows_without_score() -> None:
    columns = {"sex": ["F", "F", "M"], "score": [0.5, None, 0.25], "out": ["yes", "no", None]}
    spec = audit(score="score", selected={"column": "out", "in": ["yes"]})
    found = count_text(spec, columns)
    assert rows_of(found.joint[0]) == {("F", 0, -1): 1, ("F", 1, -1): 1}
    assert [(line.reason, line.rows) for line in found.account.exclusions] == [("no_selection", 1)]
    assert found.account.without_score == 1
    table = found.score_table(("sex",))
    assert table is not None
    assert sorted(table.score_bin.tolist()) == [-1, 0]


def test_limits_by_a_column() -> None:
    columns = {"sex": ["F", "F", "M", "M"], "income": [80, 90, 80, 80], "area": ["town", "town", "land", "sea"]}
    spec = audit(
        score={"column": "income", "lower_is": "selected"},
        selected={"at_most": {"by": "area", "values": {"town": 85, "land": 40}}},
    )
    found = count_text(spec, columns)
    assert rows_of(found.joint[0]) == {("F", 0, -1): 1, ("F", 1, -1): 1, ("M", 0, -1): 1}
    assert [(line.reason, line.rows) for line in found.account.exclusions] == [("no_limit", 1)]


def test_bins_are_closed_on_the_left() -> None:
    columns = {"age": [24, 25, 44.5, 45, None], "score": [1, 1, 1, 1, 1]}
    spec = audit(groups={"age": {"column": "age", "bins": [25, 45]}}, score="score", selected={"at_least": 1})
    found = count_text(spec, columns)
    assert rows_of(found.joint[0]) == {
        ("under 25", 1, -1): 1,
        ("25 to under 45", 1, -1): 2,
        ("45 and over", 1, -1): 1,
        ("", 1, -1): 1,
    }
    assert found.joint[0].level("age").values == ("under 25", "25 to under 45", "45 and over", "")


def test_weights_are_summed_exactly() -> None:
    columns = {"sex": ["F", "F", "F"], "score": [0.1, 0.2, 0.3], "w": [0.1, 0.2, None]}
    found = count_text(audit(score="score", selected={"at_least": 0.1}, weight="w"), columns)
    cells = found.joint[0]
    assert found.weighted
    assert cells.n.tolist() == [2]
    assert cells.weight.tolist() == pytest.approx([0.3], abs=1e-15)
    assert cells.weight_squared[0] == pytest.approx(0.05, abs=1e-12)
    assert cells.score_sum is not None
    assert cells.score_sum[0] == pytest.approx(0.1 * 0.1 + 0.2 * 0.2, abs=1e-9)
    assert [(line.reason, line.rows) for line in found.account.exclusions] == [("no_weight", 1)]


def test_outcomes_of_the_unselected_are_unseen() -> None:
    columns = {"sex": ["F", "F", "F"], "score": [9, 1, 1], "hurt": [1, 1, None]}
    spec = audit(
        score="score",
        selected={"at_least": 5},
        outcome={"column": "hurt", "positive": [1]},
        observed="when_selected",
    )
    found = count_text(spec, columns)
    assert rows_of(found.joint[0]) == {("F", 0, -1): 2, ("F", 1, 1): 1}
    assert any("1 row that was not selected" in note.text("en") for note in found.account.notes)


def test_the_random_arm_keeps_its_outcomes() -> None:
    columns = {
        "sex": ["F", "F", "F"],
        "score": [9, 1, 1],
        "hurt": [1, 1, 0],
        "how": ["risk", "random", "risk"],
    }
    spec = audit(
        score="score",
        selected={"at_least": 5},
        outcome={"column": "hurt", "positive": [1]},
        observed={"arm": {"column": "how", "in": ["random"]}},
    )
    cells = count_text(spec, columns).joint[0]
    found = sorted(zip(cells.selected.tolist(), cells.arm.tolist(), cells.outcome.tolist(), strict=True))
    assert found == [(0, 0, -1), (0, 1, 1), (1, 0, 1)]


def test_an_outcome_that_is_a_number() -> None:
    columns = {"sex": ["F", "F", "M", "M"], "score": [1, 2, 2, 3], "cost": [10.5, 20, None, 2]}
    spec = audit(score="score", selected={"at_least": 2}, outcome={"column": "cost", "numeric": True})
    found = count_text(spec, columns)
    cells = found.joint[0]
    assert set(cells.outcome.tolist()) == {-1}
    assert found.account.without_outcome == 1
    assert cells.outcome_weight is not None
    assert cells.outcome_sum is not None
    assert cells.outcome_squared is not None
    assert cells.score_outcome_sum is not None
    assert cells.outcome_weight.tolist() == [1, 1, 1]
    assert cells.outcome_sum.tolist() == pytest.approx([10.5, 20, 2])
    assert cells.outcome_squared.tolist() == pytest.approx([110.25, 400, 4], abs=1e-4)
    assert cells.score_outcome_sum.tolist() == pytest.approx([10.5, 40, 6], abs=1e-4)


def test_types_become_names() -> None:
    columns = {
        "whole": [1, 1, 2],
        "real": [1.0, 0.5, None],
        "truth": [True, False, None],
        "score": [1.0, 2.0, float("nan")],
    }
    groups = {name: {"column": name} for name in ("whole", "real", "truth")}
    found = count_parquet(audit(groups=groups, score="score", selected={"at_least": 2}), columns)
    assert found.account.used == 2
    assert rows_of(found.joint[0]) == {("1", "1", "true", 0, -1): 1, ("1", "0.5", "false", 1, -1): 1}


def test_a_listed_number_matches_text_and_number() -> None:
    spec = audit(selected={"column": "s", "in": [1, True]}, outcome={"column": "y", "positive": ["1"], "negative": [0]})
    text = {"sex": ["F", "M"], "s": ["1", "True"], "y": ["1", "0"]}
    assert rows_of(count_text(spec, text).joint[0]) == {("F", 1, 1): 1, ("M", 1, 0): 1}
    typed = {"sex": ["F", "M"], "s": [1.0, 0.0], "y": [1, 0]}
    assert rows_of(count_parquet(spec, typed).joint[0]) == {("F", 1, 1): 1, ("M", 0, 0): 1}


def test_nothing_left_tells_the_account() -> None:
    spec = audit(score="score", selected={"at_least": 5}, keep=[{"column": "year", "at_least": 2030}])
    with pytest.raises(DataError) as error:
        count_text(spec, COLUMNS)
    assert str(error.value) == (
        "table.csv: of 8 rows none is left to count. Excluded: 8 rows: year is not at least 2030."
    )


def test_ten_thousand_groups_and_two_hundred_columns() -> None:
    rows = 12_000
    columns: dict[str, list[object]] = {f"c{i}": ["x"] * rows for i in range(200)}
    columns["area"] = [f"area {i % 10_000}" for i in range(rows)]
    columns["score"] = [i / rows for i in range(rows)]
    spec = audit(groups={"area": {"column": "area"}, "c1": {"column": "c1"}}, score="score", selected={"at_least": 0.5})
    found = count_text(spec, columns)
    table = found.table(("area", "c1"))
    assert table is not None
    assert len(table.level("area").values) == 10_000
    assert table.n.sum() == rows
    assert found.score_table(("area",)) is not None


def test_the_outcome_value_that_shows_late() -> None:
    rows = 100_010
    columns = {"sex": ["F"] * rows, "score": [1] * rows, "hurt": ["1"] * (rows - 2) + ["0"] * 2}
    spec = audit(score="score", selected={"at_least": 1}, outcome={"column": "hurt", "positive": [1]})
    assert rows_of(count_text(spec, columns).joint[0]) == {("F", 1, 0): 2, ("F", 1, 1): rows - 2}


def test_an_outcome_that_only_those_selected_have_is_refused_where_it_is_said_to_be_known_of_all() -> None:
    columns = {"sex": ["F", "M"] * 20, "picked": [1] * 15 + [0] * 25, "hurt": [1, 0, 1] * 5 + [None] * 25}
    content = {"selected": {"column": "picked", "in": [1]}, "outcome": {"column": "hurt", "positive": [1]}}
    with pytest.raises(DataError, match=r"none of the 25 rows that were not selected has an outcome.*when_selected"):
        count_text(audit(**content), columns)
    assert count_text(audit(**content, observed="when_selected"), columns).account.used == 40
    one = {**columns, "hurt": [*columns["hurt"][:-1], 1]}
    with pytest.raises(DataError, match=r"24 of the 25 rows that were not selected have no outcome, and 0 of the 15"):
        count_text(audit(**content), one)


@pytest.mark.parametrize(("limit", "said"), [(60, "Nobody is selected."), (0, "Everybody is selected.")])
def test_nobody_or_everybody_selected_is_said_without_anybodys_score(limit: int, said: str) -> None:
    account = count_text(audit(score="score", selected={"at_least": limit}), COLUMNS).account
    assert [note.text() for note in account.notes] == [said]  # neither 1 nor 9, each of which is one person's
