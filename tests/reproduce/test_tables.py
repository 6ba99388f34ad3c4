"""Published tables held against themselves, and the figures of a regression named in published.csv."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from auditkit.errors import DataError, SpecError
from auditkit.reproduce import COLUMNS, Reproduced, reproduce

HEADER = ",".join(COLUMNS) + "\n"
AUDIT = """
title: small
system: {name: small, harm: punitive}
data: none
tables:
  t:
    file: t.csv
    key: term
    figures:
      odds_ratio: exp(b)
      gap: b[group] - b[reference]
      over: b / b[base]
      all: {count: kind, where: {kind: [x, y]}}
"""
TABLE = "term,b,odds_ratio,kind\nbase,-1,0.3679,x\na,0.5,1.6487,y\nb,0.25,1.2840,y\nc,,1,z\n"


def _figures(folder: Path, *lines: str, audit: str = AUDIT, table: str = TABLE) -> list[Reproduced]:
    (folder / "audit.yaml").write_text(audit)
    (folder / "t.csv").write_text(table)
    (folder / "published.csv").write_text(HEADER + "".join(line + "\n" for line in lines))
    return list(reproduce(folder / "audit.yaml").figures)


def test_a_figure_that_follows_from_the_others(tmp_path: Path) -> None:
    found = _figures(
        tmp_path,
        "or,t,,a,,odds_ratio,ratio,1.6487,4,internal,,,,",
        "gap,t,,a,b,gap,difference,0.25,2,internal,,,,",
        "over,t,,a,,over,ratio,-0.5,1,internal,,,,",
        "all,t,,,,all,count,2,0,internal,,,,",
    )
    assert [figure.status for figure in found] == ["same"] * 4
    assert found[0].ours == pytest.approx(math.sqrt(math.e))


def test_a_figure_that_does_not_follow_is_different(tmp_path: Path) -> None:
    (found,) = _figures(tmp_path, "x,t,,b,a,gap,difference,0.25,2,internal,,,,")
    assert (found.status, found.held, found.ours) == ("different", False, -0.25)


def test_two_copies_of_a_figure_that_disagree_are_seen(tmp_path: Path) -> None:
    table = TABLE.replace("1.6487", "1.7487")
    (found,) = _figures(tmp_path, "x,t,,a,,odds_ratio,ratio,1.6487,4,internal,,,,", table=table)
    assert (found.status, found.reason) == ("different", "published.csv and the table hold two values")


@pytest.mark.parametrize("line", [
    "x,t,,c,,odds_ratio,ratio,1,0,internal,,,,",  # no coefficient is printed
    "x,t,,d,,odds_ratio,ratio,1,0,internal,,,,",  # no such row
    "x,t,,a,,hazard,ratio,1,0,internal,,,,",  # no such figure
    "x,u,,a,,odds_ratio,ratio,1,0,internal,,,,",  # no such table
])  # fmt: skip
def test_what_is_not_there_never_passes(tmp_path: Path, line: str) -> None:
    (found,) = _figures(tmp_path, line)
    assert (found.status, found.held) == ("not_recomputable", False)


def test_sums_over_the_rows_that_belong_together(tmp_path: Path) -> None:
    # two groups of 10 with means 1 and 2 and spreads 1 and 3: pooled sqrt(5), t = -1, p with 18 degrees
    audit = AUDIT.replace("key: term", "key: term\n    sums: {by: e, of: {free: n - 1, squares: (n - 1) * sd ** 2}}")
    formula = "t_test_p(m[group] - m[reference], sqrt(squares / free), n[group], n[reference], free)"
    audit = audit.replace("odds_ratio: exp(b)", f"p: {formula}")
    table = "term,e,n,m,sd\na,1,10,1,1\nb,1,10,2,3\nc,2,10,9,50\n"
    (found,) = _figures(tmp_path, "x,t,,a,b,p,test,0.3306,4,internal,,,,", audit=audit, table=table)
    assert found.status == "same"


@pytest.mark.parametrize(
    ("audit", "table", "said"),
    [
        (AUDIT.replace("key: term", "key: terms"), TABLE, 'no column "terms"'),
        (AUDIT.replace("t.csv", "u.csv"), TABLE, "no file u.csv"),
        (AUDIT, TABLE + "a,1,1,1\n", "stands twice"),
        (AUDIT.replace("exp(b)", "__import__(b)"), TABLE, "cannot be read"),
    ],
)
def test_a_table_that_is_wrong_is_said(tmp_path: Path, audit: str, table: str, said: str) -> None:
    with pytest.raises(DataError, match=said) as error:
        _figures(tmp_path, "x,t,,a,,odds_ratio,ratio,1.6487,4,internal,,,,", audit=audit, table=table)
    assert error.value.text("fr") != str(error.value)


def test_tables_are_checked_with_the_audit(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match='"figure" is not known'):
        _figures(tmp_path, audit=AUDIT.replace("figures:", "figure:"))


REGRESSED = """
title: small
system: {name: small, harm: punitive}
data: {file: t.csv, columns: {selected: in, not_selected: out}}
groups: {g: {column: g, reference: b}}
publish: {minimum_count: 0, because: test}
regressions: {r: {kind: logit, outcome: selected, terms: [g]}}
"""
COUNTS = "g,in,out\na,30,10\nb,20,40\n"


def test_the_figures_of_a_regression(tmp_path: Path) -> None:
    slip = '"slip: relative_risk(round(coefficient[group], 1), round(coefficient[intercept], 1))"'
    found = _figures(
        tmp_path,
        "b,main,g,a,,regression:r:coefficient,coefficient,1.79176,5,counts,,,,",
        "b2,main,,a,,regression:r:g:coefficient,coefficient,1.79176,5,counts,,,,",
        "se,main,g,a,,regression:r:standard_error,coefficient,0.4564,4,counts,,,,",
        "or,main,g,a,,regression:r:odds_ratio,ratio,6.00,2,counts,,,,",
        "c,main,intercept,,,regression:r:coefficient,coefficient,-0.6931,4,counts,,,,",
        "n,main,,,,regression:r:n,count,100,0,counts,,,,",
        # 1.8 and -0.7: 6.04965 / (1 - 0.331812 + 0.331812 * 6.04965) = 2.26110
        f"rr,main,g,a,,regression:r:relative_risk,ratio,2.2611,4,counts,,{slip},,",
        audit=REGRESSED,
        table=COUNTS,
    )
    assert [figure.status for figure in found] == ["same"] * 6 + ["same_with_stated_slip"]
    assert found[3].lower == pytest.approx(math.exp(math.log(6) - 1.959964 * 0.4564355), rel=1e-6)
    assert found[6].ours == pytest.approx(2.25)


@pytest.mark.parametrize("measure", ["regression:r:hazard", "regression:q:n", "regression:r", "regression:r:terms"])
def test_a_figure_that_no_regression_has_never_passes(tmp_path: Path, measure: str) -> None:
    line = f"x,main,,,,{measure},test,1,0,counts,,,,"
    (found,) = _figures(tmp_path, line, audit=REGRESSED, table=COUNTS)
    assert (found.status, found.held) == ("not_recomputable", False)
