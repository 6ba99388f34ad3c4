"""Scorecards that are wrong are refused with a sentence that names the line; formulas run nothing."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.errors import AuditkitError, DataError, InputError, SpecError
from auditkit.scorers.check_scorecard import check_scorecard
from auditkit.scorers.compare_scorecards import backward_steps, compare_scorecards
from auditkit.scorers.evaluate_card import evaluate
from auditkit.scorers.open_model import find_scorecard, load_scorecard
from auditkit.scorers.scorecard import Scorecard
from auditkit.scorers.scored_profiles import choose_profiles, settings
from auditkit.spec.formula import evaluate as evaluate_formula
from auditkit.spec.formula import parse as parse_formula

HEAD = """title: a score
status: own
inputs:
  age: {kind: number, range: [18, 80]}
  area: {kind: category, values: [town, country]}
  alone: {kind: flag}
"""


def load(tmp_path: Path, rest: str, head: str = HEAD) -> Scorecard:
    path = tmp_path / "score.yaml"
    path.write_text(head + rest, encoding="utf-8")
    return load_scorecard(path)


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ("", "expected either sum or cascade"),
        (
            "sum: {terms: [{column: agee, times: 1}]}",
            'the column "agee" is not among inputs or derived; the nearest: "age"',
        ),
        ("sum: {terms: [{column: area, times: 1}]}", '"area" is a category'),
        ("sum: {terms: [{column: age, values: {a: 1}}]}", '"age" is a number'),
        ("sum: {terms: [{column: area, values: {twon: 1, country: 2}}]}", 'no value "twon"; the nearest: "town"'),
        ("sum: {terms: [{column: area, values: {town: 1}}]}", 'gives no points for "country", and has no otherwise'),
        ("sum: {terms: [{column: age, bins: [1, 2], points: [1, 2]}]}", "2 limits make 3 bins"),
        ("sum: {terms: [{column: age, bins: [2, 2], points: [1, 2, 3]}]}", "the limits of bins must rise"),
        ("sum: {terms: [{column: age, bins: [.nan], points: [1, 2]}]}", "expected a finite number"),
        ("sum: {terms: [{column: age, times: .inf}]}", "expected a finite number"),
        ("sum: {terms: [{column: age, times: yes}]}", "expected a number"),
        (
            "sum: {terms: [{column: age, times: 1, polynomial: [1]}]}",
            "expected one of times, polynomial, bins or values",
        ),
        ("sum: {terms: [{column: age, points: 1}]}", "with a column, points go with bins"),
        ("sum: {terms: [{column: age, polynomial: []}]}", "at least one weight"),
        ("sum: {terms: [{points: 1}]}", "a term needs a column, or points and when"),
        ("sum: {terms: [{points: 1, when: {column: age}}]}", "expected limits .* or in"),
        ("sum: {terms: [{points: 1, when: {column: area, at_least: 1}}]}", '"area" is a category'),
        ("sum: {terms: [{column: age, time: 1}]}", 'the key "time" is not known here; the nearest known: "times"'),
        ("sum: {terms: []}", "expected another number of entries"),
        (
            "derived: {b: area + 1}\nsum: {terms: [{column: b, times: 1}]}",
            '"area" is a category; a formula needs numbers',
        ),
        ("derived: {b: c, c: age}\nsum: {terms: [{column: b, times: 1}]}", 'the column "c" is not among'),
        ("derived: {age: alone}\nsum: {terms: [{column: age, times: 1}]}", 'the derived name "age" is taken'),
        ("derived: {b: age.real}\nsum: {terms: [{column: b, times: 1}]}", "is not allowed in a formula"),
        (
            "sum: {terms: [{column: age, times: 1}]}\ndecision: {at_least: 1, at_most: 2}",
            "expected either at_least or at_most",
        ),
        ("sum: {terms: [{column: age, times: 1}]}\nbands: {limits: [1], names: [a]}", "1 limits make 2 bands"),
        (
            "cascade: {otherwise: 0, stages: [{name: A, terms: [{column: age, times: 1}], "
            "thresholds: [{at_least: 1, gives: 1}, {at_least: 2, gives: 2}]}]}",
            "thresholds go from the highest to the lowest",
        ),
        (
            "cascade: {otherwise: 0, ranks: {1: 5}, stages: [{name: A, terms: [{column: age, times: 1}], "
            "thresholds: [{at_least: 1, gives: 1}]}]}",
            "ranks lacks 0",
        ),
    ],
)
def test_what_is_wrong_is_said(rest: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=sentence) as caught:
        load(tmp_path, rest)
    assert caught.value.text("fr") != str(caught.value)


def test_the_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"score\.yaml, line 10: .*must rise"):
        load(
            tmp_path,
            "sum:\n  terms:\n    - {column: age, times: 1}\n    - {column: age, bins: [2, 1], points: [1, 2, 3]}\n",
        )


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "age.__class__", "lambda: 1", "[1]", "age if 1 else 2", "'a' * 9", "log(1, 2)", "2 ** 99",
     "age ** age", "True", "eval(age)", "age[0]", "", "((", "\x00", "1 @ 2", "(age ** 9) ** 9",
     "log(x=1)", "(" * 500 + ")" * 500],
)  # fmt: skip
def test_a_formula_runs_nothing(text: str) -> None:
    with pytest.raises(ValueError):
        parse_formula(text)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_formulas_are_arithmetic(a: float, b: float) -> None:
    found = evaluate_formula(
        parse_formula("max(a, b) - min(a, b) + a * 2 - -b ** 2"), lambda name, _of: {"a": a, "b": b}[name]
    )
    assert found == pytest.approx(abs(a - b) + 2 * a + b * b)


@given(st.floats(0.001, 1e6))
def test_logarithms(a: float) -> None:
    assert evaluate_formula(parse_formula("log(a / 2) + log(2)"), lambda name, _of: {"a": a}[name]) == pytest.approx(
        math.log(a), abs=1e-9
    )


def simple(tmp_path: Path, points: str = "[1, 2, 4]") -> Scorecard:
    return load(
        tmp_path, "sum: {terms: [{column: age, bins: [30, 50], points: " + points + "}, {column: alone, times: 8}]}"
    )


@pytest.mark.parametrize(
    ("row", "score"),
    [
        ({"age": 29.99, "area": "town", "alone": 0}, 1),
        ({"age": 30, "area": None, "alone": True}, 10),
        ({"age": 50, "area": "moon", "alone": 1}, 12),
        ({"age": None, "area": "town", "alone": 1}, None),
        ({"age": 30, "area": "town", "alone": 2}, None),
    ],
)
def test_rows(row: dict[str, Any], score: float | None, tmp_path: Path) -> None:
    assert evaluate(simple(tmp_path), row) == score


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"age": "40", "area": "town", "alone": 1}, 'column "age" holds "40"; expected a number'),
        ({"age": 40, "area": 1.0, "alone": 1}, 'column "area" holds 1.0; expected a text'),
        ({"Age": 40, "area": "town", "alone": 1}, 'column "age", which is not there; the nearest: "Age"'),
    ],
)
def test_rows_of_another_kind(row: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=sentence):
        evaluate(simple(tmp_path), row)


def test_yaml_keys_that_are_numbers_or_truths(tmp_path: Path) -> None:
    head = "title: t\nstatus: own\ninputs: {level: {kind: category, values: [1, 2, true]}}\n"
    with pytest.raises(SpecError, match='gives no points for "True"'):
        load(tmp_path, "sum: {terms: [{column: level, values: {1: 5, 2: 6}}]}", head)
    card = load(tmp_path, "sum: {terms: [{column: level, values: {1: 5, 2: 6}, otherwise: 9}]}", head)
    assert [evaluate(card, {"level": level}) for level in (1, "2", None)] == [5, 6, None]


def test_profiles_stand_on_both_sides_of_every_limit(tmp_path: Path) -> None:
    values = settings(simple(tmp_path))
    assert values["alone"] == (0.0, 1.0)
    assert values["area"] == ("town", "country")
    assert {30.0, 40.0, 50.0} <= set(values["age"])
    assert min(values["age"]) == 18
    assert max(values["age"]) == 80


def test_sampled_profiles_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    card = simple(tmp_path)
    one, two = (choose_profiles(card, at_most=5, seed=4) for _ in range(2))
    assert one == two
    assert one.sampled
    assert one.possible == len(choose_profiles(card).profiles)


def test_two_versions(tmp_path: Path) -> None:
    """Only ages from 50 on differ: three of the seven ages tried (50, 64.5, 80), each with 2 areas and 2 answers."""
    first, second = simple(tmp_path), simple(tmp_path, "[1, 2, 5]")
    ages = settings(first, second)["age"]
    found = compare_scorecards(first, second, examples=2)
    assert found.differing == 4 * sum(age >= 50 for age in ages)
    assert found.largest == 1
    assert found.decisions_differing is None
    assert len(found.examples) == 2
    assert all(e.second == (e.first or 0) + 1 for e in found.examples)


def test_a_number_without_limits_has_no_profiles() -> None:
    content = {"title": "t", "status": "own", "inputs": {"x": {"kind": "number"}}}
    card = Scorecard.model_validate({**content, "sum": {"terms": [{"column": "x", "times": 1}]}})
    with pytest.raises(InputError, match="no limits in the scorecard and no range"):
        choose_profiles(card)
    with pytest.raises(InputError, match="ordered values on every input"):
        backward_steps(card)


def test_check_says_what_is_understood_and_what_is_not_read(tmp_path: Path) -> None:
    found = check_scorecard(simple(tmp_path))
    assert found.scores
    assert [m.text() for m in found.understood] == [
        "The score reads 3 columns.",
        '"age": a number.',
        '"area": one of town, country.',
        '"alone": 1 or 0.',
        "It counts 2 terms.",
    ]
    assert '"area" is declared and no term reads it.' in [m.text() for m in found.warnings]


def test_empty_weights_are_counted_term_by_term(tmp_path: Path) -> None:
    card = simple(tmp_path, "[1, null, null]")
    assert [m.text("en") for m in check_scorecard(card).missing] == ['The term "age" lacks 2 weights.']
    with pytest.raises(SpecError, match="2 of its weights are empty"):
        evaluate(card, {"age": 20, "area": "town", "alone": 0})


def test_no_such_scorecard() -> None:
    with pytest.raises(AuditkitError, match=r'There is no scorecard "agir": .*"aggir/score"'):
        find_scorecard("agir")
