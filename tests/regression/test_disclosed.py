"""A regression must not give away what the tables of groups withhold."""

from __future__ import annotations

from dataclasses import replace
from math import exp
from pathlib import Path

from auditkit.regression import Regression
from auditkit.result.read_results import parse_results
from auditkit.withhold.withheld_regressions import disclosed_regressions
from auditkit.write.results_json import results_json
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
    assert (found.status, found.reason, found.terms, found.n) == ("suppressed", "withheld", (), None)
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
    assert (found.status, found.reason, found.note) == ("suppressed", "withheld", None)


def test_a_few_rows_left_out_withhold_the_regression(tmp_path: Path) -> None:
    # The likelihood of the mean alone, n * H(events / n), and the degrees of freedom would tell how many they are.
    lines = table({("a", 1): 30, ("a", 0): 30, ("b", 1): 30, ("b", 0): 40}).splitlines()
    rows = "\n".join([lines[0] + ",x", *(f"{line},{i % 7}" for i, line in enumerate(lines[1:])), "b,0,0,"]) + "\n"
    for kind in ("logit", "linear"):
        asked = f"{{kind: {kind}, outcome: selected, terms: [g, {{column: x}}]}}"
        found = regression(tmp_path, rows, asked, minimum=11)
        assert (found.status, found.n, found.left_out, found.freedom) == ("suppressed", None, None, None)


def crossed(cells: dict[tuple[str, str], tuple[int, int]]) -> str:
    """Rows of g, x, s: {(g, x): (selected, not selected)}; the outcome alternates."""
    lines = [
        f"{g},{x},{s},{i % 2}"
        for (g, x), sides in cells.items() for s, n in zip((1, 0), sides, strict=True) for i in range(n)
    ]  # fmt: skip
    return "g,x,s,y\n" + "\n".join(lines) + "\n"


def test_margins_and_coefficients_tell_how_many_share_two_levels(tmp_path: Path) -> None:
    # The score equation of level a, n * p(a, x) + (104 - n) * p(a, y) = 41, holds for n = 4 alone of 0 to 84.
    few = {("a", "x"): (1, 3), ("a", "y"): (40, 60), ("b", "x"): (30, 50), ("b", "y"): (80, 90)}
    asked = "{kind: logit, outcome: selected, terms: [g, {column: x, reference: y}]}"
    open_one = regression(tmp_path, crossed(few), asked)
    base, of_a, of_x = (one.coefficient for one in open_one.terms)
    chance = [1 / (1 + exp(-(base + of_a + more))) for more in (of_x, 0.0)]
    fits = [n for n in range(85) if abs(n * chance[0] + (104 - n) * chance[1] - 41) < 1e-6]
    assert fits == [4]
    assert regression(tmp_path, crossed(few), asked, minimum=11).status == "suppressed"
    enough = few | {("a", "x"): (11, 13)}
    assert regression(tmp_path, crossed(enough), asked, minimum=11).status == "computed"


def test_a_mean_of_nought_and_one_is_a_count_too(tmp_path: Path) -> None:
    # Three of 50 people of level x are selected: the intercept of a linear model is 0.06.
    few = {("a", "x"): (3, 47), ("b", "y"): (80, 90), ("a", "y"): (50, 50)}
    asked = "{kind: linear, outcome: selected, terms: [{column: x, reference: x}]}"
    (intercept, _) = regression(tmp_path, crossed(few), asked).terms
    assert abs(intercept.coefficient - 0.06) < 1e-12
    assert regression(tmp_path, crossed(few), asked, minimum=11).status == "suppressed"


def test_two_regressions_that_differ_by_a_few_people() -> None:
    one = Regression("one", "linear", "score", "computed", n=200, smallest=40)
    rest = [replace(one, name=name, n=n) for name, n in (("few", 195.0), ("enough", 189.0), ("same", 200.0))]
    shown = disclosed_regressions((one, *rest), (), 11)
    assert [r.status for r in shown] == ["computed", "suppressed", "computed", "computed"]
    (later,) = disclosed_regressions((rest[0],), (), 11, earlier=shown)
    assert later.status == "suppressed"


def test_results_carry_the_regression_and_never_the_smallest_count(tmp_path: Path) -> None:
    from auditkit.run import run_audit
    from auditkit.spec import load_audit

    counts = {("a", 1): 30, ("a", 0): 10, ("b", 1): 20, ("b", 0): 40}
    first = regression(tmp_path, table(counts), SATURATED)
    content = results_json(run_audit(load_audit(tmp_path / "audit.yaml"), tmp_path))
    assert b'"smallest"' not in content
    (read,) = parse_results(content, "results.json").main.regressions
    assert [one.level for one in read.terms] == ["", "a"]
    assert abs(read.terms[1].coefficient - first.terms[1].coefficient) < 1e-11
