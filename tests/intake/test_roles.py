"""What is refused when columns take their roles, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from auditkit.errors import DataError, SpecError
from tests.counts.counting import audit, count_parquet, count_text

GOOD = {"sex": ["F", "M", "F"], "score": [0.5, 0.25, 1], "hurt": [0, 1, 0], "weight": [1, 2, 3]}


def refused(columns: dict[str, Any], typed: bool = False, **content: Any) -> str:
    """The sentence with which an audit of these columns is refused."""
    count = count_parquet if typed else count_text
    with pytest.raises((DataError, SpecError)) as error:
        count(audit(**({"score": "score", "selected": {"at_least": 0.5}} | content)), columns)
    for language in ("en", "fr"):
        assert error.value.text(language)
    return str(error.value)


def test_a_column_that_is_not_there() -> None:
    message = refused(GOOD, groups={"sex": {"column": "Sexe"}})
    assert message == 'table.csv has no column "Sexe", named under groups: sex; the nearest: "sex".'


def test_a_text_where_a_number_is_needed() -> None:
    message = refused(GOOD | {"score": ["0.5", "n/d", "n/d"]})
    assert message == (
        'table.csv, row 2 under the column names, column "score": found "n/d"; expected a number, since the column is '
        "named under score (2 such rows). If it stands for a missing value, list it under missing_values."
    )


@pytest.mark.parametrize("value", ["nan", "inf", "1,5", "0x10", "1e999", "1_000", "--1", "1 2", "٣"])
def test_texts_that_only_look_like_numbers(value: str) -> None:
    assert f'found "{value}"' in refused(GOOD | {"score": ["0.5", value, "1"]})


def test_a_listed_missing_value_is_no_number_and_no_error() -> None:
    spec = audit(score="score", selected={"at_least": 0.5}, missing_values=["n/d"])
    found = count_text(spec, GOOD | {"score": ["0.5", "n/d", "1"]})
    assert (found.account.used, found.account.exclusions[0].reason) == (2, "no_score")


def test_a_bad_value_in_a_row_that_is_dropped_is_no_error() -> None:
    spec = audit(score="score", selected={"at_least": 0.5}, keep=[{"column": "sex", "in": ["F"]}])
    found = count_text(spec, GOOD | {"score": ["0.5", "n/d", "1"]})
    assert found.account.used == 2


def test_infinity_in_a_typed_column() -> None:
    message = refused(GOOD | {"score": [0.5, float("inf"), 1.0]}, typed=True)
    assert "row 2 under the column names" in message
    assert "inf" in message


def test_decimal_commas() -> None:
    spec = audit(data={"file": "table.csv", "decimal": ","}, score="score", selected={"at_least": 1000.5})
    columns = {"sex": ["F", "M", "F"], "score": ["0,5", "1\u202f000,5", ",25"]}
    found = count_text(spec, columns)
    assert found.joint[0].n[found.joint[0].selected == 1].tolist() == [1]
    assert found.facts["score_minimum"] == 0.25


def test_a_third_outcome() -> None:
    message = refused(GOOD | {"hurt": ["1", "0", "2"]}, outcome={"column": "hurt", "positive": [1]})
    assert message == (
        'table.csv, column "hurt": beside "1" it holds "0" (1 row), "2" (1 row); expected two values. List the others '
        "under positive or negative, or say what they are with rest: positive, negative or missing."
    )


def test_rest_says_what_the_others_are() -> None:
    spec = audit(
        score="score",
        selected={"at_least": 0},
        outcome={"column": "hurt", "positive": [1], "rest": "missing"},
    )
    found = count_text(spec, GOOD | {"hurt": ["1", "0", "2"]})
    assert found.account.without_outcome == 2


def test_a_negative_weight() -> None:
    message = refused(GOOD | {"weight": [1, 2, -3]}, weight="weight")
    assert message == (
        'table.csv, row 3 under the column names, column "weight": found the weight -3; expected 0 or more.'
    )


def test_a_selection_by_score_without_a_score() -> None:
    assert "names none" in refused(GOOD, score=None)


def test_a_word_listed_for_a_column_of_numbers() -> None:
    message = refused(GOOD, typed=True, selected={"column": "hurt", "in": ["yes"]})
    assert message == ('table.parquet, column "hurt": "yes" is listed under selected, but the column holds numbers.')


def test_dates_are_no_numbers() -> None:
    from datetime import date

    columns = GOOD | {"score": [date(2020, 1, 1)] * 3}
    assert "expected numbers" in refused(columns, typed=True)
