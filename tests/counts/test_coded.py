"""Many rows counted by one number: the same cells as by their texts, whatever the first rows show."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest

from auditkit.counts import coded_groups as coded_room
from auditkit.counts import count_plan as plan
from auditkit.counts import count_rows as count
from auditkit.counts import group_by as group_count
from auditkit.counts import plain_rows as rows
from auditkit.counts.exact_sums import needed_sums
from auditkit.counts.level_lookup import _by_rows, _by_runs
from auditkit.counts.row_survey import Range
from tests.counts.counting import audit, count_parquet, differences

ROWS = 3_000
SHOWN = 200


@pytest.fixture
def coded(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Every table counts as one of many rows, and few of its rows are looked at; for each count whether rows were
    left over whose values the first rows had not shown."""
    left: list[bool] = []

    def spied(*given: Any) -> Any:
        found, other = original(*given)
        left.append(other is not None)
        return found, other

    original = group_count.coded_count
    monkeypatch.setattr(count, "_FEW_ROWS", 0)
    monkeypatch.setattr(plan, "SAMPLE", SHOWN)
    monkeypatch.setattr(group_count, "coded_count", spied)
    return left


def caseload(**columns: Any) -> dict[str, Any]:
    """Two attributes, a score with many values, an outcome; and whatever a test puts in their place."""
    draw = np.random.default_rng(7)
    plain = {
        "sex": draw.choice(["F", "M"], ROWS),
        "place": draw.choice(["l'île", 'a "b"', "c"], ROWS),
        "score": draw.random(ROWS),
        "hurt": draw.integers(0, 2, ROWS),
    }
    return {name: [v.item() if hasattr(v, "item") else v for v in values] for name, values in (plain | columns).items()}


def same_as_pandas(columns: dict[str, Any], **more: Any) -> None:
    """Nothing differs from the count by texts in pandas, to the last bit."""
    content: dict[str, Any] = {
        "groups": {"sex": {"column": "sex"}, "place": {"column": "place"}},
        "score": "score",
        "selected": {"at_least": 0.7},
        "outcome": {"column": "hurt", "positive": [1], "negative": [0]},
    }
    spec = audit(**content | more)
    assert differences(count_parquet(spec, columns), count_parquet(spec, columns, pandas=True)) == []


def test_all_values_among_the_first_rows(coded: list[bool]) -> None:
    same_as_pandas(caseload())
    assert coded == [False]


def test_values_that_come_late(coded: list[bool]) -> None:
    columns = caseload()
    columns["sex"][-5:] = ["X", None, "X", "F", ""]
    columns["place"][-3:] = [None, "late", "c"]
    columns["hurt"][-2] = None
    same_as_pandas(columns)
    assert coded == [True]


@pytest.mark.parametrize(
    ("listed", "yes", "no"), [("positive", "oui", "non"), ("negative", 2.5, 1.0), ("positive", 1, 7)]
)
def test_the_other_value_of_an_outcome_that_comes_late(
    coded: list[bool], listed: str, yes: Any, no: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "SAMPLE", SHOWN)
    columns = caseload()
    columns["hurt"] = [None if row % 50 == 0 else yes for row in range(ROWS - 20)] + [no] * 20
    same_as_pandas(columns, outcome={"column": "hurt", listed: [yes]})
    assert len(coded) == 2  # counted once more, with the other value as the opposite


def test_an_unknown_value_beside_no_score_is_not_taken_for_a_known_one(coded: list[bool]) -> None:
    columns = caseload()
    columns["sex"][-4:] = ["X", "X", None, "F"]
    columns["score"][-4:] = [None, 0.5, None, float("nan")]
    columns["hurt"][-1] = None
    same_as_pandas(columns, selected={"column": "hurt", "in": [1]})
    assert coded == [True]


@pytest.mark.parametrize("places", [1, 16])
def test_a_place_for_every_number_counts_the_same(
    coded: list[bool], places: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coded_room, "PLACES", places)  # as if the numbers had more bits than usual
    columns = caseload()
    columns["place"][-1] = "late"
    columns["score"][-2] = None
    same_as_pandas(columns)
    assert coded == [True]


def test_rows_in_the_order_of_an_attribute(coded: list[bool]) -> None:
    columns = caseload()
    columns["place"] = sorted(columns["place"])
    same_as_pandas(columns)
    assert coded == [True]


def test_missing_values_from_the_start(coded: list[bool]) -> None:
    columns = caseload()
    columns["sex"][:3] = [None, None, ""]
    columns["score"][:2] = [None, float("nan")]
    columns["hurt"][0] = None
    same_as_pandas(columns, selected={"column": "hurt", "in": [1]}, missing_values=["", "c"])
    assert coded == [False]


def test_whole_numbers_truths_and_bins(coded: list[bool]) -> None:
    draw = np.random.default_rng(1)
    columns = caseload(sex=draw.integers(-3, 4, ROWS), place=draw.random(ROWS) < 0.5, age=draw.integers(0, 99, ROWS))
    groups = {name: {"column": name} for name in ("sex", "place")} | {"age": {"column": "age", "bins": [25, 45]}}
    same_as_pandas(columns, groups=groups)
    assert coded == [False]


def test_what_is_counted_by_its_texts_as_ever(coded: list[bool]) -> None:
    draw = np.random.default_rng(2)
    days = [datetime.date(2020, 1, 1 + int(day)) for day in draw.integers(0, 5, ROWS)]
    same_as_pandas(caseload(place=days))
    same_as_pandas(caseload(place=[f"place {i}" for i in draw.integers(0, 60, ROWS)]))
    assert coded == []


def test_shared_ties_weights_and_an_outcome_that_is_a_number(coded: list[bool]) -> None:
    draw = np.random.default_rng(3)
    score, weight, cost = np.round(draw.random(ROWS), 3), draw.random(ROWS) * 3, draw.normal(0, 1e5, ROWS)
    columns = caseload(score=score, weight=weight, cost=cost)
    columns["cost"][5] = None
    same_as_pandas(
        columns, selected={"top_share": 0.1, "ties": "shared"}, weight="weight",
        outcome={"column": "cost", "numeric": True},
    )  # fmt: skip


def test_no_score_at_all(coded: list[bool]) -> None:
    columns = caseload()
    same_as_pandas(columns, score=None, selected={"column": "hurt", "in": [1]}, outcome=None)
    assert coded == [False]


def test_runs_give_the_same_rows_as_rows() -> None:
    import duckdb

    keys = np.arange(-1, 400, dtype=np.int32)
    columns = {
        "auditkit_key": keys,
        "auditkit_bin": (keys // 100).astype(np.int32),
        "auditkit_cut_0": np.where(keys // 100 == 2, 0.1 + 0.2, np.inf),
    }
    runs = _by_runs(columns)
    assert runs is not None
    by_runs, by_rows = (sorted(duckdb.sql(query).fetchall()) for query in (runs, _by_rows(columns)))
    assert by_runs == by_rows
    assert by_runs == list(zip(*(values.tolist() for values in columns.values()), strict=True))


@pytest.mark.parametrize("keys", [[0, 1, 3], [2, 1, 0], []])
def test_keys_that_are_not_in_a_row_are_given_as_rows(keys: list[int]) -> None:
    values = np.array(keys, dtype=np.int32)
    assert _by_runs({"auditkit_key": values, "auditkit_bin": 0 * values}) is None


def test_runs_that_would_be_as_long_as_the_rows_are_given_as_rows() -> None:
    keys = np.arange(100, dtype=np.int32)
    assert _by_runs({"auditkit_key": keys, "auditkit_bin": keys}) is None


def test_doubles_are_added_only_where_their_sum_is_exact() -> None:
    import duckdb
    import narwhals.stable.v2 as nw

    rows: Any = nw.from_native(duckdb.sql("SELECT 1500000000.0::DOUBLE AS score")).lazy()
    kinds = {}
    for used in (4_000_000, 4_000_000_000, 0):
        sums = needed_sums({"score": Range(0.0, 2.0**30, used)}, used)
        schema = rows.select(**sums.typed(on_duckdb=True)).collect_schema()
        kinds[used] = schema["score"]
    # 2^30 a row has no decimals: 4 million rows stay under 2^53, 4 thousand million do not, and 0 says nothing
    assert kinds == {4_000_000: nw.Float64, 4_000_000_000: nw.Int32, 0: nw.Int32}
