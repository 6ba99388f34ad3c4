"""Coefficients that can be worked out with a pencil, and what must not matter."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.regression.auditing import regression, table, term

# 30 of 40 selected in group a, 20 of 60 in group b.
COUNTS = {("a", 1): 30, ("a", 0): 10, ("b", 1): 20, ("b", 0): 40}
SATURATED = "{kind: logit, outcome: selected, terms: [g]}"


def test_a_saturated_logit_is_the_odds_ratio_of_the_table(tmp_path: Path) -> None:
    found = regression(tmp_path, table(COUNTS), SATURATED)
    a, intercept = term(found, "g", "a"), term(found, "intercept")
    # odds 30/10 against 20/40: an odds ratio of 6
    assert a.coefficient == pytest.approx(math.log(6), abs=1e-9)
    assert a.odds_ratio == pytest.approx(6, abs=1e-8)
    assert a.standard_error == pytest.approx(math.sqrt(1 / 30 + 1 / 10 + 1 / 20 + 1 / 40), abs=1e-9)
    assert intercept.coefficient == pytest.approx(math.log(20 / 40), abs=1e-9)
    assert intercept.standard_error == pytest.approx(math.sqrt(1 / 20 + 1 / 40), abs=1e-9)
    # of the saturated model the relative risk is the ratio of the two shares: 0.75 / (1/3)
    assert a.relative_risk == pytest.approx(2.25, abs=1e-9)
    assert (found.n, found.events, a.n, a.events, a.reference) == (100, 50, 40, 30, "b")
    # the likelihood of two binomials, and of one
    expected = 30 * math.log(0.75) + 10 * math.log(0.25) + 20 * math.log(1 / 3) + 40 * math.log(2 / 3)
    assert found.log_likelihood == pytest.approx(expected, abs=1e-9)
    assert found.null_deviance == pytest.approx(200 * math.log(2), abs=1e-9)
    assert found.aic == pytest.approx(-2 * expected + 4, abs=1e-9)


def test_wald_by_hand(tmp_path: Path) -> None:
    found = term(regression(tmp_path, table(COUNTS), SATURATED), "g", "a")
    error = math.sqrt(1 / 30 + 1 / 10 + 1 / 20 + 1 / 40)  # 0.4565
    assert found.statistic == pytest.approx(math.log(6) / error)
    assert found.p_value == pytest.approx(math.erfc(math.log(6) / error / math.sqrt(2)), rel=1e-9)
    assert found.lower == pytest.approx(math.log(6) - 1.959963984540054 * error)
    assert found.odds_ratio_upper == pytest.approx(math.exp(math.log(6) + 1.959963984540054 * error))


def test_rows_and_counts_agree(tmp_path: Path) -> None:
    from_rows = regression(tmp_path, table(COUNTS), SATURATED)
    counts = "g,in,out\na,30,10\nb,20,40\n"
    data = "{file: rows.csv, columns: {selected: in, not_selected: out}}"
    from_counts = regression(tmp_path, counts, SATURATED, roles="", data=data)
    assert from_counts.terms == from_rows.terms
    assert from_counts.log_likelihood == from_rows.log_likelihood


def test_two_means_are_the_linear_regression_on_a_group(tmp_path: Path) -> None:
    rows = "g,v\n" + "".join(f"a,{v}\n" for v in (1, 2, 3, 6)) + "".join(f"b,{v}\n" for v in (1, 3, 5))
    asked = "{kind: linear, outcome: {column: v}, terms: [g]}"
    found = regression(tmp_path, rows, asked, roles="selected: {column: v, at_least: 3}")
    a = term(found, "g", "a")
    # both means are 3; the squares around them are 14 and 8, with five degrees of freedom
    assert a.coefficient == pytest.approx(0, abs=1e-12)
    assert a.standard_error == pytest.approx(math.sqrt(22 / 5 * (1 / 4 + 1 / 3)))
    assert a.p_value == pytest.approx(1)
    assert (found.freedom, found.r_squared) == (5, pytest.approx(0, abs=1e-12))
    assert a.upper == pytest.approx(2.570581835636314 * a.standard_error)  # Student's t, 5 degrees


def test_a_number_a_bin_and_a_category(tmp_path: Path) -> None:
    # y = 2 + 3 x + 10 (z = q), exactly, but for +1 and -1 in pairs
    lines = [
        f"{g},{x},{z},{2 + 3 * x + 10 * (z == 'q') + e}"
        for g in "ab" for x in (0, 1, 2) for z in "pq" for e in (1, -1)
    ]  # fmt: skip
    terms = "[{column: x}, {column: z, reference: p}, {column: w, bins: [1]}]"
    asked = f"{{kind: linear, outcome: {{column: v}}, terms: {terms}}}"
    rows = "g,x,z,v,w\n" + "".join(f"{line},{3 * (i % 8 < 4)}\n" for i, line in enumerate(lines))
    found = regression(tmp_path, rows, asked, roles="selected: {column: v, at_least: 3}")
    assert term(found, "x").coefficient == pytest.approx(3)
    assert term(found, "z", "q").coefficient == pytest.approx(10, abs=1e-9)
    assert [(one.level, one.reference) for one in found.terms if one.term == "w"] == [("1 and over", "under 1")]


def test_rows_without_a_value_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = table(COUNTS) + ",1,0\n,0,0\n"
    found = regression(tmp_path, rows, SATURATED)
    assert (found.n, found.left_out) == (100, 2)
    assert term(found, "g", "a").odds_ratio == pytest.approx(6)


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    lines = table(COUNTS).splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])]) + "\n"
    first = regression(tmp_path, table(COUNTS), SATURATED)
    assert regression(tmp_path, turned, SATURATED) == first


def test_millions_of_people_and_the_number_of_a_year(tmp_path: Path) -> None:
    counts = "g,in,out\na,1500000,500000\nb,1000000,2000000\n"
    data = "{file: rows.csv, columns: {selected: in, not_selected: out}}"
    found = regression(tmp_path, counts, SATURATED, roles="", data=data)
    assert term(found, "g", "a").odds_ratio == pytest.approx(6, rel=1e-10)
    # the same people in two years: from 2019 to 2020 the odds are multiplied by 3 in both groups
    rows = "g,s,y,year\n" + "".join(
        f"{g},{s},0,{year}\n" * n
        for g in "ab"
        for year, s, n in ((2019, 1, 10), (2019, 0, 10), (2020, 1, 30), (2020, 0, 10))
    )
    found = regression(tmp_path, rows, "{kind: logit, outcome: selected, terms: [g, {column: year}]}")
    assert term(found, "year").coefficient == pytest.approx(math.log(3), abs=1e-7)
    assert term(found, "g", "a").coefficient == pytest.approx(0, abs=1e-7)


def test_those_selected_by_a_cut_are_known_row_by_row(tmp_path: Path) -> None:
    scores = {"a": (9, 8, 3, 1), "b": (7, 4, 2, 2)}
    rows = "g,score\n" + "".join(f"{g},{v}\n" for g, values in scores.items() for v in values)
    found = regression(tmp_path, rows, SATURATED, roles="score: score\nselected: {top: 3}")
    # 9, 8 and 7 are selected: 2 of 4 and 1 of 4
    assert term(found, "g", "a").odds_ratio == pytest.approx(3, abs=1e-7)


def test_an_outcome_seen_only_of_the_selected_is_not_explained(tmp_path: Path) -> None:
    rows = "g,s,y\n" + "a,1,1\n" * 6 + "a,1,0\n" * 2 + "b,1,1\n" * 3 + "b,1,0\n" * 3 + "a,0,1\n" * 50 + "b,0,0\n" * 50
    roles = "selected: {column: s, in: [1]}\noutcome: {column: y, positive: [1]}\nobserved: when_selected"
    found = regression(tmp_path, rows, "{kind: logit, outcome: outcome, terms: [g]}", roles=roles)
    assert (found.status, found.reason, found.terms) == ("not_computed", "outcome_unseen", ())
    by_column = regression(
        tmp_path, rows, "{kind: logit, outcome: {column: y, positive: [1]}, terms: [g]}", roles=roles
    )
    assert (by_column.status, by_column.reason) == ("not_computed", "outcome_unseen")


def test_the_reference_may_be_another_or_the_largest(tmp_path: Path) -> None:
    named = regression(tmp_path, table(COUNTS), "{kind: logit, outcome: selected, terms: [g], references: {g: a}}")
    assert term(named, "g", "b").odds_ratio == pytest.approx(1 / 6, abs=1e-9)
    asked = "{kind: logit, outcome: {column: s, positive: [1]}, terms: [{column: g, reference: a}]}"
    assert term(regression(tmp_path, table(COUNTS), asked), "g", "b").odds_ratio == pytest.approx(1 / 6, abs=1e-9)
