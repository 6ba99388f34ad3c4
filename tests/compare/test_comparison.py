"""Two results compared: changes worked by hand or published, verdicts that moved, groups that came and went."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from itertools import combinations_with_replacement
from math import comb
from pathlib import Path
from typing import Any

import pytest

from auditkit.cli import exit_code
from auditkit.compare import compare, comparison_csv, comparison_json, render_comparison
from auditkit.compare.change_intervals import added_widths, largest_mcnemar, p_of_interval
from auditkit.compare.comparison import Change, Comparison
from auditkit.errors import InputError
from auditkit.result import AuditResult, Source
from auditkit.write.results_json import results_json
from tests.report.browser import axe_findings, browser_path, opened
from tests.report.page import read
from tests.report.samples import RACE, analysis, counts_result, rows_spec

# Newcombe 1998, table II (a): 56 of 70 against 48 of 80; the difference is 0.2, its interval 0.0524 to 0.3339.
BEFORE = {("Female",): (30, 18, 12, 20), ("Male",): (1733, 994, 1021, 2071)}
AFTER = {("Female",): (36, 20, 6, 8), ("Male",): (1733, 994, 1021, 2071)}


def result(table: dict[tuple[str, ...], Any], source: str, **more: Any) -> AuditResult:
    """A result of one attribute whose only source has this hash."""
    spec = rows_spec(analyses={}, stages=None, **more)
    main = analysis("main", spec, {("sex",): (table, ("Male",))})
    return AuditResult(spec=spec, analyses=(main,), sources=(Source("rows.csv", source * 64, 1),), version="0.1.0")


def change(comparison: Comparison, group: str, measure: str, kind: str = "value") -> Change:
    return next(
        c for c in comparison.changes if (c.groups, c.measure, c.kind) == ((group,), measure, kind)
    )  # fmt: skip


def test_independent_samples_give_the_published_interval() -> None:
    found = compare(result(BEFORE, "a"), result(AFTER, "b"))
    assert (found.assumption, found.assumed) == ("independent", True)
    told = change(found, "Female", "selection_rate")
    assert told.change == pytest.approx(0.2)
    assert told.lower == pytest.approx(0.0524, abs=5e-5)
    assert told.upper == pytest.approx(0.3339, abs=5e-5)
    assert told.test == "score"
    # Score test at ratio 1: the pooled rate is 104/150, z^2 = 0.2^2 / (0.6933 * 0.3067 * (1/70 + 1/80)) * 149/150.
    assert told.p_value == pytest.approx(0.0083, abs=3e-4)


def test_the_same_files_mean_the_same_people_and_a_wider_interval() -> None:
    apart = compare(result(BEFORE, "a"), result(AFTER, "b"))
    same = compare(result(BEFORE, "a"), result(AFTER, "a"))
    assert (same.assumption, same.assumed) == ("same_people", True)
    one, other = change(apart, "Female", "selection_rate"), change(same, "Female", "selection_rate")
    assert one.lower is not None
    assert other.lower is not None
    assert other.lower < one.lower
    assert other.test == "from_interval"  # 80 people then and 70 now are not the same: McNemar has no table
    assert change(same, "Male", "selection_rate").test == "mcnemar_largest"


def test_what_is_asked_goes_before_what_the_files_say() -> None:
    found = compare(result(BEFORE, "a"), result(AFTER, "a"), "independent")
    assert (found.assumption, found.assumed) == ("independent", False)
    assert compare(result(BEFORE, ""), result(AFTER, "")).assumption == "independent"  # hashes not given say nothing


def mcnemar(one_way: int, other_way: int) -> float:
    """McNemar's exact p, written out."""
    total = one_way + other_way
    tail = sum(comb(total, k) for k in range(max(one_way, other_way), total + 1)) / 2**total
    return min(1.0, 2 * tail)


@pytest.mark.parametrize(("cases", "before", "n"), [(12, 8, 20), (3, 0, 9), (7, 6, 8), (5, 1, 6)])
def test_no_overlap_gives_a_larger_p_than_the_one_reported(cases: int, before: int, n: int) -> None:
    """Every table of people judged twice that has these margins, tried one by one."""
    possible = [
        mcnemar(cases - both, before - both)
        for both in range(min(cases, before) + 1)
        if cases + before - both <= n and cases + before - 2 * both > 0
    ]
    assert largest_mcnemar(cases, before, n) == pytest.approx(max(possible))


def test_added_widths_hold_for_any_correlation() -> None:
    """The standard deviation of a difference is largest at correlation -1, where it is the sum of both."""
    for one, other in combinations_with_replacement((0.02, 0.05, 0.1), 2):
        lower, upper = added_widths((0.5, 0.5 - one, 0.5 + one), (0.3, 0.3 - other, 0.3 + other))
        for correlation in (-1.0, -0.3, 0.0, 0.8):
            half = (one**2 + other**2 - 2 * correlation * one * other) ** 0.5
            assert lower <= 0.2 - half + 1e-12
            assert upper >= 0.2 + half - 1e-12


def test_an_interval_that_ends_at_zero_has_p_of_five_hundredths() -> None:
    assert p_of_interval(0.1, 0.0, 0.2) == pytest.approx(0.05)
    assert p_of_interval(-0.1, -0.2, 0.0) == pytest.approx(0.05)
    assert p_of_interval(0.0, -0.1, 0.1) == pytest.approx(1.0)


def test_nothing_changes_between_a_result_and_itself() -> None:
    one = result(AFTER, "a")
    found = compare(one, one)
    assert found.moved == ()
    assert found.rosters == ()
    computed = [c for c in found.changes if c.status == "computed"]
    assert computed
    assert {c.change for c in computed} == {0.0}
    assert not [c for c in computed if c.p_adjusted is not None and c.p_adjusted < 0.05]


def test_verdicts_that_moved_and_groups_that_came_and_went() -> None:
    before = result({**BEFORE, ("Unknown",): (40, 40, 40, 40)}, "a")
    after = result({**AFTER, ("Other",): (40, 40, 40, 40)}, "b")
    found = compare(before, after)
    moved = {(m.groups, m.measure): (m.verdict_before, m.verdict_after) for m in found.moved}
    # 60 % against 46.9 %: the ratio 1.28 (1.06 to 1.54); then 80 %: 1.71 (1.52 to 1.92), on the rarer complement.
    assert (("Female",), "selection_rate") in moved
    assert moved[(("Female",), "selection_rate")][1] == "established"
    assert [(r.gained, r.lost) for r in found.rosters] == [((("Other",),), (("Unknown",),))]


def test_a_suppressed_figure_is_compared_with_nothing() -> None:
    before, after = result(BEFORE, "a"), result(AFTER, "b")
    hidden = replace(
        before.main,
        estimates=tuple(replace(e, status="suppressed", reason="small_count") for e in before.main.estimates),
        gaps=tuple(replace(g, status="suppressed", reason="small_count") for g in before.main.gaps),
    )
    found = compare(replace(before, analyses=(hidden,)), after)
    assert {c.status for c in found.changes} == {"suppressed"}
    assert all(c.before is c.after is c.change is c.p_value is None for c in found.changes)
    assert found.moved == ()
    text = read(render_comparison(found, "en")).text
    assert "withheld" in text
    assert "60.0%" not in text


def test_two_audits_of_other_things_are_refused() -> None:
    spec = rows_spec(analyses={}, stages=None)
    race = AuditResult(spec=spec, analyses=(analysis("main", spec, {("race",): (RACE, ("Caucasian",))}),), sources=())
    with pytest.raises(InputError, match="no attribute in common: race against sex"):
        compare(race, result(AFTER, "a"))


def test_holm_is_taken_over_the_primary_measures_alone() -> None:
    found = compare(result(BEFORE, "a"), result(AFTER, "b"))
    adjusted = [c for c in found.changes if c.p_adjusted is not None]
    assert len(adjusted) == found.family == 4  # two groups, two measures
    assert all(c.p_adjusted >= c.p_value for c in adjusted if c.p_value is not None and c.p_adjusted is not None)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_is_whole_and_says_what_changed(language: str) -> None:
    found = compare(result(BEFORE, "a"), result(AFTER, "b"))
    html = render_comparison(found, language)
    page = read(html)
    assert page.problems == []
    assert len(page.ids) == len(set(page.ids))
    assert "script" not in page.tags
    assert html == render_comparison(found, language)
    wanted = {"en": ("60.0%", "80.0%", "+20.0\u00a0pts", "+5.2 to +33.4"), "fr": ("60,0\u202f%", "+20,0\u00a0pts")}
    for words in wanted[language]:
        assert words in page.text
    assert "no bias" not in page.text.lower()


def test_names_run_nothing_in_page_or_spreadsheet() -> None:
    first, second = ("=cmd|'/c calc'!A1",), ("<script>alert(1)</script>",)
    nasty = {first: (30, 18, 12, 20), second: (36, 20, 6, 8), ("Male",): (9, 9, 9, 9)}
    one = result(nasty, "a")
    found = compare(one, result({k: (v[0] + 1, *v[1:]) for k, v in nasty.items()}, "b"))
    assert "<script>" not in render_comparison(found, "en")
    rows = list(csv.DictReader(io.StringIO(comparison_csv(found).decode())))
    assert {row["group"] for row in rows} == {"'=cmd|'/c calc'!A1", "<script>alert(1)</script>", "Male"}


def test_json_holds_every_change() -> None:
    found = compare(result(BEFORE, "a"), result(AFTER, "b"))
    content = json.loads(comparison_json(found))
    assert content["assumption"] == "independent"
    assert len(content["changes"]) == len(found.changes)
    assert "NaN" not in comparison_json(found).decode()


def test_the_command_writes_a_folder_and_refuses_both_assumptions(tmp_path: Path, capsys: Any) -> None:
    places = []
    for name, made in (("one", counts_result()), ("two", counts_result())):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.json").write_bytes(results_json(made))
        places.append(str(tmp_path / name))
    out = tmp_path / "out"
    assert exit_code(["compare", *places, "--same-people", "--out", str(out), "--language", "fr"]) == 0
    assert {p.name for p in out.iterdir()} == {
        "comparison.fr.html", "comparison.csv", "comparison.json", "manifest.json",
    }  # fmt: skip
    assert "jugées deux fois" in capsys.readouterr().out
    assert exit_code(["compare", *places, "--same-people", "--independent"]) == 2
    assert exit_code(["compare", places[0], str(tmp_path / "none")]) == 2


@pytest.mark.needs_browser
def test_axe_finds_nothing_on_the_comparison(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    file = tmp_path / "comparison.html"
    file.write_text(render_comparison(compare(result(BEFORE, "a"), result(AFTER, "b")), "fr"), "utf-8")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        with opened(browser, file, 360) as watched:
            assert axe_findings(watched.page) == []
            assert watched.console == []
            assert len(watched.requests) == 1
        browser.close()
