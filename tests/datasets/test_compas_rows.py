"""The shipped COMPAS rows: what was published comes out of them, and nobody is named."""

from __future__ import annotations

import csv
import doctest
import os
import statistics
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "datasets" / "compas"
NAMED = ("name", "first", "last", "dob", "date", "case", "jail", "id", "custody", "start", "end")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (FOLDER / "two-years.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kept(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    near = [row for row in rows if row["days_b_screening_arrest"]]
    near = [row for row in near if -30 <= float(row["days_b_screening_arrest"]) <= 30]
    return [row for row in near if row["is_recid"] != "-1" and row["c_charge_degree"] != "O"]


def test_published_sizes_and_error_rates(rows: list[dict[str, str]]) -> None:
    assert (len(rows), len(kept(rows))) == (7214, 6172)
    cells = {}
    for race in ("African-American", "Caucasian"):
        for selected in (True, False):
            for outcome in ("1", "0"):
                cells[race, selected, outcome] = sum(
                    row["race"] == race
                    and (int(row["decile_score"]) >= 5) == selected
                    and row["two_year_recid"] == outcome
                    for row in rows
                )
    # The 2x2 tables printed in the publication: TP, FP, FN, TN.
    assert list(cells.values()) == [1369, 805, 532, 990, 505, 349, 461, 1139]


def test_the_level_is_the_score(rows: list[dict[str, str]]) -> None:
    for row in rows:
        score = int(row["decile_score"])
        assert row["score_text"] == ("Low" if score < 5 else "Medium" if score < 8 else "High")


def test_published_correlation_of_score_and_length_of_stay(rows: list[dict[str, str]]) -> None:
    some = kept(rows)
    days = [float(row["length_of_stay"]) for row in some]
    scores = [float(row["decile_score"]) for row in some]
    assert round(statistics.correlation(days, scores), 7) == 0.2073297


def test_nobody_is_named_and_the_order_says_nothing(rows: list[dict[str, str]], make_two_years: ModuleType) -> None:
    for column in rows[0]:
        assert not set(NAMED) & set(column.split("_")), column
    values = [tuple(row.values()) for row in rows]
    assert values == sorted(values, key=lambda row: [make_two_years._order(value) for value in row])
    assert not any("-" in value[1:] and value[:2] in ("19", "20") for row in values for value in row)


def test_the_script_refuses_another_file(make_two_years: ModuleType) -> None:
    with pytest.raises(ValueError, match="expected c451db85"):
        make_two_years.minimised(b"id,name\n1,x\n")
    assert doctest.testmod(make_two_years).failed == 0


def test_a_stay_is_counted_in_nights(make_two_years: ModuleType) -> None:
    assert make_two_years.length_of_stay("2013-12-31 23:59:00", "2014-01-01 00:01:00") == "1"
    assert make_two_years.length_of_stay("2013-05-01 08:00:00", "2013-05-01 20:00:00") == "0"
    assert make_two_years.length_of_stay("", "2013-05-01 20:00:00") == ""


@pytest.mark.needs_rows
def test_the_shipped_file_is_what_the_script_makes(make_two_years: ModuleType) -> None:
    original = Path(os.environ["AUDITKIT_DATASETS_MIRROR"]) / "compas" / make_two_years.ORIGINAL
    made = make_two_years.as_csv(make_two_years.minimised(original.read_bytes()))
    assert made == (FOLDER / "two-years.csv").read_bytes()
