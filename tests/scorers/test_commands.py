"""`auditkit scorecard`: what it prints, what it writes, how it ends."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from auditkit.cli import exit_code

CARD = """\
title: {en: A rule, fr: Une règle}
status: own
sources: [a law]
worse_situation: raises
inputs:
  rooms: {kind: category, values: [many, few, none], ordered: true}
  alone: {kind: category, values: ["no", "yes"], ordered: true}
sum:
  terms:
    - {column: rooms, values: {many: 0, few: 2, none: 1}}
    - {column: alone, values: {"no": 0, "yes": 3}}
decision: {at_least: 2}
"""


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "score.yaml"
    path.write_text(CARD)
    return path


def test_steps_backward_by_hand(card: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Seven steps (4 of rooms, 3 of alone); few -> none goes back twice, and once (alone: no) from 2 to 1 loses."""
    out = tmp_path / "steps.csv"
    assert exit_code(["scorecard", "check", str(card), "--steps", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[:6] == [
        "A rule",
        "The score reads 2 columns.",
        '"rooms": one of many, few, none.',
        '"alone": one of no, yes.',
        "It counts 2 terms.",
        "Selected: a score of at least 2.",
    ]
    assert "Of 7 steps to a worse situation, 2 get the score of a better one; 1 of these lose" in said
    rows = list(csv.DictReader(out.open()))
    assert [(row["column"], row["worse"], row["before"], row["after"], row["loses"]) for row in rows] == [
        ("rooms", "none", "2.0", "1.0", "True"),
        ("rooms", "none", "5.0", "4.0", "False"),
    ]


def test_examples_in_french_have_its_marks_and_say_that_there_are_more(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["scorecard", "check", "aggir", "--steps", "--language", "fr"]) == 0
    said = capsys.readouterr().out
    assert "Voici les 5 premiers\u202f; --out FICHIER les écrit tous.\n- «\u202ftransfert\u202f» → «" in said
    pair = [f"amsterdam-smart-check/score-{name}" for name in ("original", "reweighed")]
    assert exit_code(["scorecard", "compare", *pair, "--at-most", "50", "--language", "fr"]) == 0
    said = capsys.readouterr().out
    assert "0," in said
    assert "0." not in said


def test_check_in_json_and_french(card: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["scorecard", "check", str(card), "--json", "--steps", "--language", "fr"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["scorecard"], found["columns"], found["missing"]) == ("Une règle", ["rooms", "alone"], [])
    assert (found["steps"], found["backward"], found["losing"]) == (7, 2, 1)


def test_a_template_cannot_score(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["scorecard", "check", "cnaf-controls"]) == 1
    said = capsys.readouterr()
    assert "Missing:\n- " in said.out
    assert "caf.fr" in said.out
    assert said.err.startswith("The scorecard cannot score yet: ")


def test_two_versions(card: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """none gives 3 in place of 1: two of six profiles differ, by 2; only (none, no) changes its decision."""
    other, out = tmp_path / "new.yaml", tmp_path / "differ.csv"
    other.write_text(CARD.replace("none: 1", "none: 3"))
    assert exit_code(["scorecard", "compare", str(card), str(other), "--out", str(out)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == [
        "All 6 profiles were tried.",
        "The scores differ on 2 of them, by at most 2.",
        "The decisions differ on 1 profile.",
    ]
    assert said[4] == "- 1 → 3 (rooms none, alone no)"
    assert out.read_text() == "rooms,alone,first,second\nnone,no,1.0,3.0\nnone,yes,4.0,6.0\n"
    assert exit_code(["scorecard", "compare", str(card), str(other), "--at-most", "3", "--seed", "5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sampled"]


def test_import_writes_a_scorecard_that_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, out = tmp_path / "coefficients.csv", tmp_path / "score.yaml"
    table.write_text('"","Estimate"\n"(Intercept)",-1.5\n"age",0.02\n"areatown",0.4\n')
    asked = ["scorecard", "import", str(table), "--level", "area=rural,town"]
    assert exit_code([*asked, "--title", "A glm", "--out", str(out)]) == 0
    text = out.read_text()
    assert text.startswith("title: A glm\nstatus: own\n")
    assert exit_code([*asked, "--out", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert exit_code([*asked, "--title", "A glm"]) == 0
    assert capsys.readouterr().out == text
    assert exit_code(["scorecard", "check", str(out)]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "agir"], 'There is no scorecard "agir"'),
        (["check", "aggir", "--out", "x.csv"], "--out takes the list of --steps"),
        (["check", "epices", "--steps"], "ordered values on every input"),
        (["compare", "aggir", "aggir", "--at-most", "0"], "--at-most expects a whole number from 1; found 0."),
        (["compare", "aggir", "cnaf-controls"], "has no limits in the scorecard and no range"),
        (["import", "no.csv"], "There is no file no.csv"),
        (["import", "no.csv", "--level", "area"], "--level expects a category and its values"),
        (["import", "no.csv", "--level", "a=b,c", "--level", "a=d,e"], "--level expects"),
        (
            ["import", "no.csv", "--link", "probit"],
            '--link does not know "probit"; expected one of identity, logistic, exp',
        ),
    ],
)
def test_what_is_wrong(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["scorecard", *arguments]) == 2
    assert said in capsys.readouterr().err
