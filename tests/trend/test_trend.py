"""Results over time: the evidence worked by hand, splits that sum, groups that come and go, nothing of a few people."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from auditkit.cli import exit_code
from auditkit.errors import InputError
from auditkit.result import AuditResult
from auditkit.trend import Trend, prepare_trend, render_trend, trend, trend_csv, trend_json
from auditkit.trend.period_counts import Counts, Group, few_people
from auditkit.write.results_json import results_json
from tests.report.browser import axe_findings, browser_path, opened
from tests.report.page import read
from tests.report.samples import analysis, rows_spec

# true positive, false positive, false negative, true negative
FAIR = {("Female",): (100, 100, 100, 700), ("Male",): (200, 200, 200, 1400)}  # 20 % of each
APART = {("Female",): (150, 150, 50, 650), ("Male",): (200, 200, 200, 1400)}  # 30 % of women


def result(table: dict[tuple[str, ...], Any], month: int = 1, minimum: int = 0, **more: Any) -> AuditResult:
    """A result of one attribute in one month."""
    publish = {"minimum_count": minimum} | ({"because": {"en": "an example"}} if minimum < 11 else {})
    spec = rows_spec(analyses={}, stages=None, publish=publish, as_of=date(2026, month, 1), **more)
    main = analysis("main", spec, {("sex",): (table, ("Male",))})
    return AuditResult(spec=spec, analyses=(main,), sources=(), version="0.2.0")


def moved(table: dict[tuple[str, ...], Any], by: int) -> dict[tuple[str, ...], Any]:
    """The same rates, so many more people of each group and class."""
    return {group: tuple(count + by for count in counts) for group, counts in table.items()}


@pytest.fixture(scope="module")
def series() -> Trend:
    """Two fair months, then four in which women are selected more often."""
    tables = [FAIR, moved(FAIR, 20), APART, moved(APART, 20), moved(APART, 40), moved(APART, 60)]
    return trend([result(table, month + 1) for month, table in enumerate(tables)], [f"m{i}" for i in range(1, 7)], True)


def test_a_gap_that_begins_in_the_third_month_is_seen_and_dated(series: Trend) -> None:
    one = next(w for w in series.watched if w.measure == "selection_rate")
    assert (one.groups, one.reference, one.direction, one.verdict) == (("Female",), ("Male",), "worse", "established")
    assert one.since == 2
    assert one.seen in (2, 3)
    assert (one.moved, one.moved_direction) == (2, "worse")


def test_the_change_is_split_into_who_is_there_and_how_they_are_treated() -> None:
    """By hand: shares 1/3, 2/3 then 1/2, 1/2; rates .2, .2 then .3, .2; the rate of all .2 then .25.

    Treatment is .1 * (1/3 + 1/2) / 2 = .0416667; composition (1/2 - 1/3) * (.25 - .2) = .0083333; together .05.
    """
    later = {("Female",): (300, 300, 100, 1300), ("Male",): (200, 200, 200, 1400)}
    found = trend([result(FAIR), result(later, 2)], ["a", "b"], True)
    split = next(s for s in found.splits if s.by == "sex")
    assert split.change == pytest.approx(0.05)
    assert split.treatment == pytest.approx(0.0416667, abs=1e-7)
    assert split.composition == pytest.approx(0.0083333, abs=1e-7)


def test_more_outcomes_are_told_apart_from_harsher_treatment() -> None:
    """Women: half of those with the outcome, an eighth of those without; first 20 %, then 40 % of them have it."""
    later = {("Female",): (200, 75, 200, 525), ("Male",): (200, 200, 200, 1400)}
    found = trend([result(FAIR), result(later, 2)], ["a", "b"], True)
    split = next(s for s in found.splits if s.by == "outcome" and s.groups == ("Female",))
    assert split.change == pytest.approx(0.275 - 0.2)
    assert split.composition == pytest.approx((0.4 - 0.2) * (0.5 - 0.125))
    assert split.treatment == pytest.approx(0.0, abs=1e-12)


def test_groups_that_come_and_go_are_named_and_count_as_who_is_there() -> None:
    before = {**FAIR, ("X",): (10, 10, 10, 70)}
    after = {**moved(FAIR, 20), ("Y",): (10, 10, 10, 70)}
    found = trend([result(before), result(after, 2)], ["a", "b"], True)
    assert [(a.period, a.came, a.gone) for a in found.arrivals] == [(1, (("Y",),), (("X",),))]
    statuses = {(p.groups, p.period): p.status for p in found.points if p.measure == "selection_rate"}
    assert statuses[(("X",), 1)] == statuses[(("Y",), 0)] == "absent"
    split = next(s for s in found.splits if s.by == "sex")
    assert split.change == pytest.approx(split.composition + split.treatment)  # type: ignore[operator]


def test_a_change_of_a_few_people_is_nowhere() -> None:
    """Three women more are selected: no file says it, nor can it be had from everyone less the men."""
    after = {("Female",): (103, 100, 100, 700), ("Male",): (240, 240, 240, 1440)}
    results = [result(FAIR, minimum=11), result(after, 2, minimum=11)]
    found = trend(results, ["a", "b"])
    assert {p.groups for p in found.points if p.status == "withheld"} >= {("Female",), ("Male",)}
    assert found.withheld > 0
    text = read(render_trend(found, "en")).text + trend_csv(found).decode() + trend_json(found).decode()
    assert "203" not in text
    assert "withheld" in text
    shown = trend(results, ["a", "b"], independent=True)
    assert shown.withheld == 0
    assert "203" in trend_csv(shown).decode()


@pytest.mark.parametrize("seed", range(60))
def test_no_sum_that_is_shown_is_a_few_people_apart(seed: int) -> None:
    """Random series of up to six groups: whoever adds and subtracts shown rates finds no change of 1 to 10 people."""
    random = Random(seed)
    names = [(("g",), (str(i),)) for i in range(random.randint(2, 6))]
    periods: list[dict[Group, Counts]] = []
    counts = {name: (random.randint(30, 300), random.randint(400, 900)) for name in names}
    for _ in range(random.randint(2, 5)):
        everyone = (float(sum(x for x, _ in counts.values())), float(sum(n for _, n in counts.values())))
        shown = {name: {"selection_rate": (float(x), float(n))} for name, (x, n) in counts.items()}
        periods.append({((), ()): {"selection_rate": everyone}} | shown)
        for name in names:
            jump = random.choice([0, 2, 7, 15, 40, -9, -30])
            counts[name] = (max(0, counts[name][0] + jump), counts[name][1] + random.choice([0, 3, 50]))
    hidden = few_people(periods, 11)
    for now in range(1, len(periods)):
        for before in range(now):
            known = {g for g in periods[now] if (now, g) not in hidden and (before, g) not in hidden}
            if not known:
                continue
            change = {g: np.subtract(periods[now][g]["selection_rate"], periods[before][g]["selection_rate"])
                      for g in periods[now]}  # fmt: skip
            rest = [g for g in names if g not in known]
            sums = [change[g] for g in known] + ([sum(change[g] for g in rest)] if rest and ((), ()) in known else [])
            for x, n in sums:
                for value in (x, n - x, n):
                    assert value == 0 or abs(value) >= 11


def test_a_result_given_twice_or_alone_is_refused() -> None:
    one = result(FAIR)
    with pytest.raises(InputError, match="two results or more, and there is 1"):
        trend([one], ["a"])
    with pytest.raises(InputError, match="a and c hold the same figures"):
        trend([one, result(APART, 2), one], ["a", "b", "c"])
    other = replace(one, analyses=(analysis("main", one.spec, {("race",): (APART, ("Male",))}),))
    with pytest.raises(InputError, match="no attribute in common: sex in the first, race in the last"):
        trend([one, other], ["a", "b"])


def test_the_page_says_what_the_trend_holds_in_both_languages(series: Trend) -> None:
    for language, words in (("en", "Female fares worse than Male"), ("fr", "Femmes")):
        text = read(render_trend(series, language)).text
        assert words in text
        assert "m3" in text
    page = prepare_trend(series, "en")
    assert [table.key for table in page.tables] == ["watched", "splits", "rates"]
    assert render_trend(series, "en") == render_trend(series, "en")


def test_the_files_hold_every_rate_of_every_period(series: Trend) -> None:
    rows = list(csv.DictReader(io.StringIO(trend_csv(series).decode())))
    women = [r for r in rows if (r["group"], r["measure"]) == ("Female", "selection_rate")]
    assert [r["period"] for r in women] == list("123456")
    assert [float(women[0][k]) for k in ("cases", "people", "value")] == [200, 1000, 0.2]
    assert float(women[2]["lower"]) < 0.3 < float(women[2]["upper"])
    assert json.loads(trend_json(series))["watched"][0]["since"] == 3


def test_the_command_writes_a_folder_and_the_gate_holds_or_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folders = []
    for month, table in enumerate((FAIR, APART, moved(APART, 20), moved(APART, 40)), start=1):
        Path(f"m{month}").mkdir()
        Path(f"m{month}/results.json").write_bytes(results_json(result(table, month)))
        folders.append(f"m{month}")
    assert exit_code(["trend", *folders, "--out", "out", "--fail-on", "established"]) == 1
    assert "Female fares worse than Male" in capsys.readouterr().out
    assert {path.name for path in Path("out").iterdir()} == {"trend.html", "trend.csv", "trend.json", "manifest.json"}
    assert exit_code(["trend", "m1", "m1/results.json", "--out", "other"]) == 2


@pytest.mark.needs_browser
def test_axe_finds_nothing_on_the_trend(series: Trend, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    file = tmp_path / "trend.html"
    file.write_text(render_trend(series, "fr"), "utf-8")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        with opened(browser, file, 360) as watched:
            assert axe_findings(watched.page) == []
            assert watched.console == []
            assert len(watched.requests) == 1
        browser.close()
