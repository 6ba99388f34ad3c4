"""Attributes known by probability: figures of rows against the same by hand, protection, refusals, the report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from auditkit.errors import DataError, SpecError
from auditkit.report import render_report
from auditkit.spec import AuditSpec
from auditkit.write.results_json import results_json
from tests.kinds.rows_of_kinds import audit, by_place, run, table
from tests.report.page import read

ORIGIN = {"probabilities": {"A": "pa", "B": "pb"}, "reference": "B"}
SELECTED = {"column": "s", "in": ["yes"]}
GROUPS = {"g": {"column": "g", "reference": "a"}, "origin": ORIGIN}
CASE_D = table(
    "g,s,pa,pb",
    [("a,yes,0.7,0.3", 120), ("a,no,0.7,0.3", 280), ("b,yes,0.2,0.8", 60), ("b,no,0.2,0.8", 540)],
)


def test_case_d_from_rows(tmp_path: Path) -> None:
    found = by_place(run(tmp_path, CASE_D, selected=SELECTED, groups=GROUPS))
    ends = [found[item, "", group].value for group in "AB" for item in ("lowest_rate", "highest_rate")]
    assert ends == pytest.approx([0, 0.45, 0, 0.30], abs=1e-12)
    assert [found[item, "", "A"].value for item in ("lowest_gap", "highest_gap")] == pytest.approx([-0.30, 0.45])
    assert found["weighted_rate", "", "A"].value == pytest.approx((120 * 0.7 + 60 * 0.2) / 400)
    assert found["weighted_gap", "", "A"].reference == ("B",)
    assert found["without_chance", "", ""].value == 0


def test_a_proxy_with_a_table_gives_the_same(tmp_path: Path) -> None:
    origin = {"proxy": {"column": "g", "table": {"a": {"A": 0.7, "B": 0.3}, "b": {"A": 0.2, "B": 0.8}}}}
    groups = {"g": {"column": "g", "reference": "a"}, "origin": {**origin, "reference": "B"}}
    one = by_place(run(tmp_path, CASE_D, selected=SELECTED, groups=groups))
    other = by_place(run(tmp_path, CASE_D, selected=SELECTED, groups=GROUPS))
    assert {key: figure.value for key, figure in one.items()} == {key: figure.value for key, figure in other.items()}


def test_bounds_of_many_distinct_probabilities_hold_the_truth_and_are_no_point(tmp_path: Path) -> None:
    """2,000 people of a probability of their own: true rates .4 and .1, which the weighted figure misses."""
    rng = np.random.default_rng(3)
    chance = rng.uniform(0.05, 0.95, 2000).round(6)
    member = rng.random(2000) < chance
    chosen = rng.random(2000) < np.where(member, 0.4, 0.1)
    lines = [f"a,{'yes' if s else 'no'},{p:.6f},{1 - p:.6f}\n" for s, p in zip(chosen, chance, strict=True)]
    found = by_place(run(tmp_path, "g,s,pa,pb\n" + "".join(lines), selected=SELECTED, groups=GROUPS))
    low, high = found["lowest_gap", "", "A"].value, found["highest_gap", "", "A"].value
    truth = chosen[member].mean() - chosen[~member].mean()
    assert low < truth < high
    assert high - low > 0.1
    assert abs(found["weighted_gap", "", "A"].value - truth) > 0.05
    assert found["survey_people", "", "A"].value > 500


def test_the_estimate_never_stands_without_the_bounds(tmp_path: Path) -> None:
    """Protected: all figures of an attribute of enough people are rounded; of too few, none stands, bounds or not."""
    few = table("g,s,pa,pb", [("a,yes,0.01,0.99", 60), ("a,no,0.02,0.98", 240), ("b,no,0.01,0.99", 100)])
    for rows, shown in ((CASE_D, True), (few, False)):
        result = run(tmp_path, rows, selected=SELECTED, groups=GROUPS, minimum=11)
        found = by_place(result)
        items = ("lowest_rate", "highest_rate", "weighted_rate", "lowest_gap", "highest_gap", "weighted_gap")
        assert {found[item, "", "A"].value is not None for item in items} == {shown}
        assert found["without_chance", "", ""].value is None
    assert b'"withheld"' in results_json(result)


def test_the_report_shows_bounds_first_in_both_languages(tmp_path: Path) -> None:
    result = run(tmp_path, CASE_D, selected=SELECTED, groups=GROUPS)
    text = read(render_report(result, "en")).text
    assert text.index("highest selection rate") < text.index("weighted selection rate")
    assert "taux de sélection pondéré" in read(render_report(result, "fr")).text


@pytest.mark.parametrize(
    ("rows", "origin", "words"),
    [
        (CASE_D.replace("0.7,0.3", "0.7,0.4"), ORIGIN, "add up to no more than 1"),
        (CASE_D.replace("0.7,0.3", "1.7,0.3"), ORIGIN, "numbers from 0 to 1"),
        (CASE_D, {"probabilities": {"A": "pa", "B": "nowhere"}}, "nowhere"),
    ],
)
def test_wrong_probabilities_are_refused(tmp_path: Path, rows: str, origin: object, words: str) -> None:
    with pytest.raises((DataError, SpecError), match=words):
        run(tmp_path, rows, selected=SELECTED, groups={**GROUPS, "origin": origin})


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ({"probabilities": {"A": "pa"}}, "two groups or more"),
        ({"probabilities": {"A": "pa", "B": "pb"}, "reference": "C"}, "no probabilities"),
        ({"proxy": {"column": "g", "table": {"a": {"A": 0.9, "B": 0.3}}}}, "add up to more than 1"),
        ({**ORIGIN, "proxy": {"column": "g", "table": {"a": {"A": 0.9, "B": 0.1}}}}, "one of probabilities and proxy"),
    ],
)
def test_what_cannot_be_meant_is_refused(origin: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        audit(selected=SELECTED, groups={**GROUPS, "origin": origin})


def test_an_audit_written_out_is_read_back() -> None:
    one = audit(selected=SELECTED, groups=GROUPS)
    assert AuditSpec.model_validate(one.model_dump(mode="json", by_alias=True)) == one
