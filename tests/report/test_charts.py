"""Charts: places worked by hand, small, told apart without colour; results of one group and of ten thousand."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest

from auditkit.report import render_report, summary
from auditkit.report.chart_rows import axis
from auditkit.report.line_charts import DASHES, MARKERS, Curve, line_chart
from auditkit.result import AuditResult
from tests.report.page import read
from tests.report.samples import RATES, analysis, many_result, point, rows_spec


def test_an_axis_starts_at_zero_and_places_in_proportion() -> None:
    scale = axis([0.12, 0.57], 0.0, 100.0, from_zero=True)
    assert scale.steps == (0.0, 0.2, 0.4, 0.6)
    assert scale.place(0.0) == "0.0"
    assert scale.place(0.15) == "25.0"
    assert scale.place(0.6) == "100.0"


@pytest.mark.parametrize("values", [[], [0.0], [5.0, 5.0], [-3.0], [1e-9], [1e9, 2e9], [-0.2, 0.4]])
def test_an_axis_holds_whatever_it_is_given(values: list[float]) -> None:
    for from_zero in (True, False):
        scale = axis(values, 0.0, 100.0, from_zero)
        assert 2 <= len(scale.steps) <= 9
        assert all(scale.low - 1e-9 <= value <= scale.high + 1e-9 for value in values)


def test_a_chart_is_small(rows_page: str) -> None:
    dots = [c for c in re.findall(r"<svg.*?</svg>", rows_page, flags=re.DOTALL) if "<circle" in c and "legend" not in c]
    assert len(dots[0].encode()) < 4_000


def test_lines_differ_in_dash_and_marker() -> None:
    assert len(set(DASHES)) == len(set(MARKERS)) == 8
    curves = [Curve(f"group {i}", ((1.0, 0.1 * i), (2.0, 0.2))) for i in range(12)]
    chart = line_chart("a", "t", "d", "x", curves, str, str)
    assert chart is not None
    assert len(chart.lines) == 8
    assert len({(line.marker, line.dash) for line in chart.lines}) == 8


def test_no_points_no_chart() -> None:
    assert line_chart("a", "t", "d", "x", [Curve("g", ())], str, str) is None


def test_one_group_renders() -> None:
    page = read(render_report(many_result(1), "en"))
    assert page.problems == []
    assert "group 00000" in page.text


def test_fifty_groups_are_all_shown() -> None:
    text = read(render_report(many_result(50), "en")).text
    assert "group 00049" in text
    assert "There are 50 groups" not in text


def test_ten_thousand_groups_render_in_seconds_and_say_where_the_rest_is() -> None:
    result = many_result(10_000)
    start = time.perf_counter()
    html = render_report(result, "en")
    assert time.perf_counter() - start < 20
    text = read(html).text
    assert "There are 10,000 groups." in text
    assert "all are in estimates.csv and gaps.csv" in text
    assert len(html) < 1_500_000
    assert len(summary(result, "fr").splitlines()) <= 25


def test_a_report_of_crossed_fifty_groups_stays_under_a_megabyte_and_a_half() -> None:
    """Fifty groups, two sexes, crossed, with an analysis beside it: the largest page that shows all its groups."""
    spec = rows_spec()
    counts = {(f"group {i:02d}",): (100 + i, 200 + 3 * i, 150 + i, 900 - i) for i in range(50)}
    crossed = {(group, sex): c for (group,), c in counts.items() for sex in ("Female", "Male")}
    tables = {("race",): (counts, ("group 00",)), ("race", "sex"): (crossed, ("group 00", "Male"))}
    found = analysis("main", spec, tables)
    swept = tuple(
        point("sweep", f"group {i:02d}", measure, at, 0.5)
        for i in range(50) for measure in RATES[:4] for at in range(1, 21)
    )  # fmt: skip
    other = analysis("high_only", spec, {("race",): (counts, ("group 00",))})
    result = AuditResult(spec=spec, analyses=(replace(found, points=swept), other), sources=(), version="0.1.0")
    for language in ("en", "fr"):
        html = render_report(result, language)
        assert "group 49" in html
        assert len(html.encode()) < 1_500_000
