"""`search:` end to end: halves told apart, claims in the family, protection, release, report, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import auditkit
from auditkit.errors import DataError, SpecError
from auditkit.report import render_report
from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec import AuditSpec
from auditkit.spec.load_spec import load_audit, validate
from auditkit.write.results_json import results_json
from benchmarks.subgroup_search import rows
from tests.report.page import read

PLANTED = "a: 1, b: 2, c: 3"
NAMES = ["a", "b", "c", "d"]


def frame(seed: int, rate: float) -> pd.DataFrame:
    """50,000 rows; 300 of one crossing of three are selected at `rate`, the others at 15 %."""
    codes, hit = rows(seed, rate)
    return pd.DataFrame(codes, columns=NAMES).assign(s=hit.astype(int))


def audit(table: pd.DataFrame, minimum: int = 0, **more: Any) -> AuditResult:
    given = {"groups": ["a", "b"], "selected": "s", "search": {"attributes": NAMES}, "minimum_count": minimum} | more
    return auditkit.audit(table, **given).result


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return frame(1, 0.45)


@pytest.fixture(scope="module")
def planted(table: pd.DataFrame) -> AuditResult:
    return audit(table, minimum=11)


@pytest.fixture(scope="module")
def fair() -> AuditResult:
    return audit(frame(10_001, 0.15), crossed=[])


def test_the_planted_subgroup_is_established_on_the_half_that_was_not_searched(planted: AuditResult) -> None:
    found = planted.analyses[-1]
    gap = next(gap for gap in found.gaps if gap.groups == (PLANTED,) and gap.verdict)
    assert (gap.verdict, gap.direction, gap.family) == ("established", "worse", "search")
    assert gap.tests_in_family == len(found.views)
    assert found.rows.used == 25_000
    assert [(line.reason, line.rows) for line in found.rows.exclusions] == [("search", 25_000)]
    assert gap.n is not None
    assert gap.n_reference is not None
    assert gap.n + gap.n_reference == 25_000
    assert 100 < gap.n < 200


def test_a_search_counts_for_five_main_comparisons(fair: AuditResult, planted: AuditResult) -> None:
    """a and b have five values each: four comparisons each of selection_rate, and five of the search."""
    for result in (fair, planted):
        assert {family.key: family.size for family in result.main.families}["main"] == 4 + 4 + 5
    gap = next(gap for gap in planted.analyses[-1].gaps if gap.verdict and gap.kind == "ratio")
    assert gap.p_no_gap is not None
    level = 0.04 / 13 * 5 / len(planted.analyses[-1].views)  # the share of the search, among those that it claims
    assert gap.p_no_gap_adjusted == pytest.approx(gap.p_no_gap * 0.05 / level)


def test_counts_of_the_half_are_those_of_the_rows(table: pd.DataFrame, planted: AuditResult) -> None:
    inside = table[(table.a == 1) & (table.b == 2) & (table.c == 3)]
    rate = next(e for e in planted.analyses[-1].estimates if e.groups == (PLANTED,) and e.measure == "selection_rate")
    assert rate.denominator is not None
    assert rate.numerator is not None
    assert rate.denominator < len(inside)
    assert rate.numerator < inside.s.sum()


def test_a_small_part_of_the_search_is_withheld() -> None:
    """12 of 100 people are selected, at 2 % of the others: the half that is counted holds fewer than 11 of them."""
    few = pd.DataFrame({"a": [0] * 4000 + [1] * 100, "s": ([1] * 80 + [0] * 3920) + ([1] * 12 + [0] * 88)})
    few["b"] = np.arange(len(few)) % 2
    more: dict[str, Any] = {"groups": ["b"], "search": {"attributes": ["a", "b"]}, "bootstrap": {"seed": 2}}
    exact, hidden = audit(few, **more), audit(few, minimum=11, **more)
    for result, shown in ((exact, True), (hidden, False)):
        found = [e for one in result.analyses[1:] for e in one.estimates if e.groups == ("a: 1",)]
        assert found
        assert all((e.numerator is not None) == shown for e in found if e.measure == "selection_rate")


def test_what_is_released_gives_the_same_result(planted: AuditResult, tmp_path: Path) -> None:
    from auditkit.protect.released_files import released_files

    assert planted.released is not None
    for name, content in released_files(planted.released).items():
        (tmp_path / name).write_bytes(content)
    again = run_audit(load_audit(tmp_path / "released.yaml"), tmp_path)
    assert results_json(again) == results_json(planted)


def test_the_report_tells_the_halves_and_the_subgroup(planted: AuditResult, fair: AuditResult) -> None:
    english, french = read(render_report(planted, "en")).text, read(render_report(planted, "fr")).text
    assert "Subgroups that nobody named" in english
    assert "on the other half, which no search had seen" in english
    assert PLANTED in english
    assert "Sous-groupes que personne n’avait nommés" in french
    assert "a\u00a0: 1, b\u00a0: 2, c\u00a0: 3" in french
    assert len(fair.analyses) == 1
    assert "No crossing of 30 people and more stood out" in read(render_report(fair, "en")).text


def test_people_who_did_not_state_may_be_of_the_subgroup(table: pd.DataFrame) -> None:
    blank = table.astype({"c": "float"})
    blank.loc[blank.index % 10 == 0, "c"] = np.nan
    found = audit(blank).analyses[-1]
    not_stated = found.rows.not_stated["subgroup 1"]
    assert not_stated is not None
    assert 0 < not_stated < 0.1 * 25_000  # those of a: 1 and b: 2 without a value


def test_an_attribute_of_one_value_is_no_subgroup(table: pd.DataFrame) -> None:
    one = audit(table.assign(k="x"), search={"attributes": [*NAMES, "k"]}).analyses[-1]
    assert one.views[0].groups == ((PLANTED,), ("everyone else",))
    assert not any("k: x" in group for view in one.views for groups in view.groups for group in groups)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"search": {"attributes": ["a", "nowhere"]}}, "nowhere"),
        ({"search": {"attributes": ["a", "row"]}}, "50,000|50000"),
        ({"search": {"attributes": ["a"]}, "analyses": {"search": {"measures": ["selection_rate"]}}}, "another name"),
        ({"search": {"attributes": ["a", "a"]}}, "listed twice"),
        ({"search": {"attributes": ["a"], "depth": 9}}, "depth"),
        ({"weight": "d"}, "search goes without weight"),
        ({"cluster": "d"}, "search goes without cluster"),
    ],
)
def test_what_cannot_be_searched_is_a_sentence(table: pd.DataFrame, more: dict[str, Any], words: str) -> None:
    with pytest.raises((DataError, SpecError), match=words):
        audit(table.assign(row=np.arange(len(table))), **more)


def test_counts_cannot_be_searched() -> None:
    content = {
        "title": "t", "system": {"name": "s", "harm": "punitive"}, "groups": {"g": {"column": "g"}},
        "data": {"file": "c.csv", "count": "n"}, "search": {"attributes": ["g"]},
    }  # fmt: skip
    with pytest.raises(SpecError, match="one table of rows"):
        validate(AuditSpec, content, {}, Path("audit.yaml"))
