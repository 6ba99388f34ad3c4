"""A regression must not give away what the tables of groups withhold."""

from __future__ import annotations

from pathlib import Path

from auditkit.write.results import parse_results, results_json
from tests.regression.auditing import regression, table

SATURATED = "{kind: logit, outcome: selected, terms: [g]}"


def test_shown_where_every_category_holds_enough_of_both(tmp_path: Path) -> None:
    counts = {("a", 1): 30, ("a", 0): 11, ("b", 1): 20, ("b", 0): 40}
    found = regression(tmp_path, table(counts), SATURATED, minimum=11)
    assert found.status == "computed"
    assert [one.n for one in found.terms] == [None, None]
    assert found.smallest == 0  # what only disclosure needs is emptied


def test_withheld_whole_where_one_category_is_small(tmp_path: Path) -> None:
    # from coefficient, standard error and total the ten people could be worked out
    counts = {("a", 1): 30, ("a", 0): 10, ("b", 1): 20, ("b", 0): 40, ("c", 1): 50, ("c", 0): 50}
    found = regression(tmp_path, table(counts), SATURATED, minimum=11)
    assert (found.status, found.reason, found.terms, found.n) == ("suppressed", "small_count", (), None)
    assert found.log_likelihood is None


def test_separation_is_withheld_too_since_it_says_that_a_count_is_nought(tmp_path: Path) -> None:
    counts = {("a", 1): 40, ("b", 1): 20, ("b", 0): 40}
    found = regression(tmp_path, table(counts), SATURATED, minimum=11)
    assert (found.status, found.note) == ("suppressed", None)


def test_a_figure_that_is_withheld_elsewhere_stays_so(tmp_path: Path) -> None:
    # Both categories hold enough; but one person whose group is not stated would follow from them and from the total.
    counts = {("a", 1): 30, ("a", 0): 20, ("b", 1): 20, ("b", 0): 40}
    found = regression(tmp_path, table(counts) + ",1,0\n", SATURATED, minimum=11)
    assert (found.status, found.terms) == ("suppressed", ())


def test_a_refusal_that_tells_of_few_people_is_withheld(tmp_path: Path) -> None:
    found = regression(tmp_path, table({("a", 1): 1, ("b", 0): 1}), SATURATED, minimum=11)
    assert (found.status, found.reason, found.note) == ("suppressed", "small_count", None)


def test_a_few_rows_left_out_are_not_told(tmp_path: Path) -> None:
    lines = table({("a", 1): 30, ("a", 0): 30, ("b", 1): 30, ("b", 0): 40}).splitlines()
    rows = "\n".join([lines[0] + ",x", *(f"{line},{i % 7}" for i, line in enumerate(lines[1:])), "b,0,0,"]) + "\n"
    found = regression(tmp_path, rows, "{kind: logit, outcome: selected, terms: [g, {column: x}]}", minimum=11)
    assert (found.status, found.n, found.left_out) == ("computed", None, None)


def test_results_carry_the_regression_and_never_the_smallest_count(tmp_path: Path) -> None:
    from auditkit.audit import run_audit
    from auditkit.spec import load_audit

    counts = {("a", 1): 30, ("a", 0): 10, ("b", 1): 20, ("b", 0): 40}
    first = regression(tmp_path, table(counts), SATURATED)
    content = results_json(run_audit(load_audit(tmp_path / "audit.yaml"), tmp_path))
    assert b'"smallest"' not in content
    (read,) = parse_results(content, "results.json").main.regressions
    assert [one.level for one in read.terms] == ["", "a"]
    assert abs(read.terms[1].coefficient - first.terms[1].coefficient) < 1e-11
