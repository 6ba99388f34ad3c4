"""What would have changed the result of one case: limits worked by hand, and tables as offices save them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditkit.errors import DataError
from auditkit.rights.letters.case_file import changes_of, explain_case, read_case
from auditkit.scorers.scorecard import Scorecard


def card(terms: list[dict[str, Any]], decision: dict[str, float], **inputs: dict[str, Any]) -> Scorecard:
    content = {"title": "t", "status": "own", "inputs": inputs, "sum": {"intercept": 0, "terms": terms}}
    return Scorecard.model_validate(content | {"decision": decision})


# Age: under 25 gives 3 points, 25 to 59 one, 60 and over none; selected from 3 on. At 31 only being under 25 selects.
AGE = card([{"column": "age", "bins": [25, 60], "points": [3, 1, 0]}], {"at_least": 3}, age={"kind": "number"})
# Selected from 10 on, at half a point per hour: 20 hours select.
HOURS = card([{"column": "hours", "times": 0.5}], {"at_least": 10}, hours={"kind": "number", "range": [0, 100]})
# 3 hours at a third of a point, selected from 0.5 on: the result turns at 1.5 hours.
THIRD = card([{"column": "hours", "times": 1 / 3}], {"at_least": 0.5}, hours={"kind": "number", "range": [0, 8]})


def said(scorecard: Scorecard, language: str = "en", **values: str) -> str:
    case = read_case(scorecard, [f"{name}={value}" for name, value in values.items()])
    return "\n".join(str(line) for line in explain_case(scorecard, case, language).fields["case_change"] or ())


def test_a_number_stops_at_the_limit_where_the_result_turns() -> None:
    assert "With “age”, just under 25 instead of 31, the result would have been: selected." in said(AGE, age="31")
    assert "With “age”, 25 instead of 22, the result would have been: not selected." in said(AGE, age="22")
    assert "un peu moins de 25 au lieu de 31" in said(AGE, "fr", age="31")
    assert "With “hours”, 20 instead of 3, the result would have been: selected." in said(HOURS, hours="3")
    assert "With “hours”, just under 20 instead of 64" in said(HOURS, hours="64")
    assert "With “hours”, 1.5 instead of 1" in said(THIRD, hours="1")
    assert "With “hours”, just under 20 instead of 20" in said(HOURS, hours="20")
    assert "With “age”, just under 25 instead of 25" not in said(AGE, age="24.99")
    assert "With “age”, 25 instead of 24.99" in said(AGE, age="24.99")


@pytest.mark.parametrize(("now", "scorecard", "limit"), [(31.0, AGE, 25.0), (3.0, HOURS, 20.0), (64.0, HOURS, 20.0)])
def test_what_is_said_to_change_the_result_does(now: float, scorecard: Scorecard, limit: float) -> None:
    (name,) = scorecard.inputs
    ((change,),) = (tuple(one.values()) for one in changes_of(scorecard, {name: now}))
    assert isinstance(change, float)
    assert change == pytest.approx(limit, abs=1e-5)
    before = explain_case(scorecard, {name: now}, "en").result
    assert explain_case(scorecard, {name: change}, "en").result != before


def test_a_bare_score_is_changed_by_a_value_worth_telling() -> None:
    bare = Scorecard.model_validate({
        "title": "t", "status": "own", "inputs": {"rooms": {"kind": "number", "range": [0, 8]}},
        "sum": {"intercept": 0, "terms": [{"column": "rooms", "times": 0.3}]},
    })  # fmt: skip
    assert changes_of(bare, {"rooms": 1.0}) == ({"rooms": 0.0},)  # of 0, 2, 4, 6 and 8 the nearest
    assert "With “rooms”, 0 instead of 1, the result would have been: score 0." in said(bare, rooms="1")
    steps = Scorecard.model_validate({
        "title": "t", "status": "own", "inputs": {"age": {"kind": "number", "range": [18, 80]}},
        "sum": {"intercept": 0, "terms": [{"column": "age", "bins": [23], "points": [2, 0]}]},
    })  # fmt: skip
    assert "With “age”, just under 23 instead of 64, the result would have been: score 2." in said(steps, age="64")


def test_a_flag_changes_from_no_to_yes_and_never_half() -> None:
    flag = card([{"column": "alone", "times": 2}], {"at_least": 1}, alone={"kind": "flag"})
    assert changes_of(flag, {"alone": 0.0}) == ({"alone": 1.0},)
    assert "With “alone”, yes instead of no" in said(flag, alone="0")


TWO = card(
    [{"column": "income", "times": 1}, {"column": "situation_isolée", "times": 1}],
    {"at_least": 3},
    income={"kind": "number", "range": [0, 9]},
    situation_isolée={"kind": "flag"},
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_as_a_french_office_saves_it(encoding: str, separator: str, tmp_path: Path) -> None:
    path = tmp_path / "dossiers.csv"
    lines = [["nom", "income", "situation_isolée"], ["Première, ligne", "1,5", "0"], ["Deuxième", "2,25", "1"]]
    path.write_bytes("\r\n".join(separator.join(line) for line in lines).encode(encoding))
    assert read_case(TWO, [str(path)], 2) == {"income": 2.25, "situation_isolée": 1.0}


@pytest.mark.parametrize("value", ["nan", "inf", "1,5", "many"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(DataError, match="expected a number"):
        read_case(TWO, [f"income={value}", "situation_isolée=0"])
