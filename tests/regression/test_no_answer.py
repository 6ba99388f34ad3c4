"""Designs that have no answer, and audits that ask for what is not there: a reason or one clear sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditkit.errors import DataError, InputError, SpecError
from tests.regression.auditing import regression, table

SATURATED = "{kind: logit, outcome: selected, terms: [g]}"
COUNTS = {("a", 1): 30, ("a", 0): 10, ("b", 1): 20, ("b", 0): 40}
BOTH = "g,in,out\na,30,10\nb,20,40\n"


def _reason(folder: Path, rows: str, asked: str = SATURATED, **given: str) -> tuple[str | None, str]:
    found = regression(folder, rows, asked, **given)  # type: ignore[arg-type]
    assert found.status == "not_computed"
    assert found.terms == ()
    assert found.note is not None
    return found.reason, found.note.text("en")


def test_a_group_of_which_all_are_selected_separates(tmp_path: Path) -> None:
    reason, note = _reason(tmp_path, table({("a", 1): 25, ("b", 1): 20, ("b", 0): 40}))
    assert reason == "separation"
    assert "g a" in note


def test_a_number_beyond_which_all_are_selected_separates(tmp_path: Path) -> None:
    rows = "g,s,y,x\n" + "".join(f"{'ab'[x % 2]},{int(x > 10)},0,{x}\n" for x in range(20))
    reason, note = _reason(tmp_path, rows, "{kind: logit, outcome: selected, terms: [{column: x}]}")
    assert (reason, "x" in note) == ("separation", True)


def test_all_but_certain_is_not_separated(tmp_path: Path) -> None:
    # one person of group a among a million who were not selected: the odds are long, and finite
    counts = "g,in,out\na,1,1999999\nb,20,40\n"
    data = "{file: rows.csv, columns: {selected: in, not_selected: out}}"
    found = regression(tmp_path, counts, SATURATED, roles="", data=data)
    assert found.status == "computed"
    assert found.terms[1].odds_ratio == pytest.approx((1 / 1999999) / (20 / 40), rel=1e-6)


def test_a_term_that_follows_from_others(tmp_path: Path) -> None:
    rows = "g,s,y,x,t\n" + "".join(f"{'ab'[i % 2]},{i % 3 % 2},0,{i},{2 * i + 1}\n" for i in range(40))
    reason, note = _reason(tmp_path, rows, "{kind: logit, outcome: selected, terms: [{column: x}, {column: t}]}")
    assert reason == "singular"
    assert note.startswith("t follows")


def test_a_constant_follows_from_the_intercept(tmp_path: Path) -> None:
    rows = "g,s,y,x\n" + "".join(f"{'ab'[i % 2]},{i % 3 % 2},0,5\n" for i in range(40))
    assert _reason(tmp_path, rows, "{kind: logit, outcome: selected, terms: [{column: x}]}")[0] == "singular"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (table({("a", 1): 3, ("b", 0): 1, ("b", 1): 1}).replace("b,0,0\n", ""), "one_outcome"),
        (table({("a", 1): 1, ("b", 0): 1}), "few_rows"),
    ],
)
def test_too_little_to_tell(tmp_path: Path, rows: str, reason: str) -> None:
    assert _reason(tmp_path, rows)[0] == reason


def test_few_clusters(tmp_path: Path) -> None:
    rows = "g,s,c\n" + "".join(f"{'ab'[i % 2]},{i % 3 % 2},{i % 5}\n" for i in range(60))
    roles = "selected: {column: s, in: [1]}\ncluster: c"
    assert _reason(tmp_path, rows, roles=roles)[0] == "few_clusters"


def test_hidden_and_unlinked_counts(tmp_path: Path) -> None:
    data = '{file: rows.csv, columns: {selected: in, not_selected: out}, suppressed: [{text: "<5", means: [0, 4]}]}'
    assert _reason(tmp_path, BOTH.replace("10", "<5"), roles="", data=data)[0] == "hidden_counts"
    data = "{file: rows.csv, columns: {selected: in, not_selected: out}}"
    asked = "{kind: logit, outcome: selected, terms: [g, {column: in}]}"
    assert _reason(tmp_path, BOTH, asked, roles="", data=data)[0] == "unlinked"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("{kind: logit, outcome: selected, terms: [h]}", "neither in groups nor in strata"),
        ("{kind: logit, outcome: selected, terms: [g, g]}", "stands twice"),
        ("{kind: logit, outcome: selected, terms: [g], references: {h: a}}", "not among the terms"),
        ("{kind: logit, outcome: score, terms: [g]}", "expected kind linear"),
        ("{kind: logit, outcome: {column: s}, terms: [g]}", "expected positive"),
        ("{kind: linear, outcome: score, terms: [g]}", "the audit names none"),
        ("{kind: probit, outcome: selected, terms: [g]}", "logit"),
        ("{kind: logit, outcome: selected, terms: [g], robusts: true}", '"robust"'),
        ("{kind: logit, outcome: selected, terms: [g], references: {g: c}}", 'no row with g "c"'),
    ],
)
def test_what_is_wrong_in_the_audit_is_said(tmp_path: Path, asked: str, said: str) -> None:
    with pytest.raises(SpecError) as error:
        regression(tmp_path, table(COUNTS), asked)
    assert said in str(error.value)
    assert error.value.text("fr") != str(error.value)


def test_a_column_of_words_is_no_number(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r'"g": found "a"; expected a number'):
        regression(tmp_path, table(COUNTS), "{kind: logit, outcome: selected, terms: [{column: g}]}")


def test_a_column_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no column"):
        regression(tmp_path, table(COUNTS), "{kind: logit, outcome: selected, terms: [{column: gg}]}")


def test_ties_that_are_shared_have_no_rows(tmp_path: Path) -> None:
    rows = "g,score\na,3\na,2\nb,2\nb,1\n"
    with pytest.raises(InputError, match="ties share"):
        regression(tmp_path, rows, SATURATED, roles="score: score\nselected: {top: 2, ties: shared}")
