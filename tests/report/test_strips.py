"""Strips: one scale a report, the accent only where the interval leaves 1 out, words beside marks, palettes alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditkit.report import render_report
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.panels import panels
from auditkit.report.panels.findings import PANEL as FINDINGS
from auditkit.report.panels.overview import PANEL as OVERVIEW
from auditkit.report.strips import log_scale, rate_scale
from auditkit.result import AuditResult
from auditkit.spec.file_lines import shipped
from tests.report.samples import counts_result, many_result, rows_result

RESULTS = (rows_result(), counts_result())


def cells(result: AuditResult) -> list[object]:
    """Every cell of every strip of the story."""
    found: list[object] = []
    overview = OVERVIEW.view(result, "en")
    tables = [overview["table"], *(card.table for card in FINDINGS.view(result, "en")["cards"])]
    for table in tables:
        if table is not None:
            found += [cell for row in table.rows for cell in row.cells]
    return found


@pytest.mark.parametrize("result", RESULTS, ids=["rows", "counts"])
def test_the_accent_stands_only_where_the_interval_leaves_equality_out(result: AuditResult) -> None:
    facts = AuditFacts(result, "en")
    for one in facts.told.values():
        if one.is_accented:
            assert one.is_worse
            assert one.lower is not None
            assert one.lower > 1
    assert any(cell.mark.accent for cell in cells(RESULTS[0]))  # type: ignore[attr-defined]


def test_rates_share_one_scale_and_places_are_percent_of_it() -> None:
    result = rows_result()
    table = OVERVIEW.view(result, "en")["table"]
    assert all(column.scale == table.columns[0].scale for column in table.columns)
    scale = rate_scale(result.main.estimates, "en")
    assert scale.high == 1.0
    assert scale.place(0.588) == 58.8
    assert rate_scale([e for e in counts_result().main.estimates if (e.value or 1) < 0.05], "fr").high <= 1.0


def test_ratios_are_logarithmic_and_one_stands_in_the_middle() -> None:
    scale = log_scale("en")
    assert [scale.place(value) for value in (0.25, 0.5, 1, 2, 4, 9)] == [0.0, 25.0, 50.0, 75.0, 100.0, 100.0]
    assert log_scale("fr", wide=True).ticks[0][1] == "0,125"


def test_no_verdict_mark_stands_without_its_word() -> None:
    for result in RESULTS:
        for cell in cells(result):
            if cell.mark.code not in ("none", "plain"):  # type: ignore[attr-defined]
                assert cell.mark.word  # type: ignore[attr-defined]


def marks(html: str) -> list[tuple[str, str]]:
    """The shapes of the strips, in order: radius and dash tell the verdict."""
    body = html[html.index("<body>") :]
    plots = re.findall(r'<svg class="s".*?</svg>(?:<span|</td>)', body, flags=re.DOTALL)
    shapes = []
    for plot in plots:
        shapes += [
            (r, "dashed" if "2.2" in rest else "") for r, rest in re.findall(r'<circle r="([\d.]+)"([^>]*)', plot)
        ]
        shapes += [("diamond", "")] * plot.count("M0-7 7 0 0 7-7 0Z")
    return shapes


@pytest.mark.parametrize("result", RESULTS, ids=["rows", "counts"])
def test_screen_and_paper_show_the_same_marks(result: AuditResult) -> None:
    screen = render_report(result, "en", depths=("brief", "story"))
    paper = render_report(result, "en", None, "paper", ("brief", "story"))
    assert marks(screen) == marks(paper)
    assert len(marks(screen)) > 4
    body = paper[paper.index("<body>") :]
    assert "var(--" not in "".join(re.findall(r"<svg.*?</svg>", body, flags=re.DOTALL))


def test_many_groups_stand_in_three_columns_and_the_rest_is_counted() -> None:
    view = OVERVIEW.view(many_result(45), "en")
    (dense,) = view["dense"]
    assert len(dense.tables) == 3
    assert sum(len(table.rows) for table in dense.tables) == 45
    (more,) = OVERVIEW.view(many_result(200), "en")["dense"]
    assert sum(len(table.rows) for table in more.tables) in (30, 31)
    assert more.more is not None


def test_each_panel_has_one_template_and_each_template_its_panel() -> None:
    folder: Path = shipped("report_templates") / "full"
    found = {f"panels/{path.name}" for path in (folder / "panels").glob("*.html")}
    named = [panel.template for panel in panels()]
    assert found == set(named)
    shared = {name for name in named if named.count(name) > 1}
    assert shared <= {"panels/rates.html"}  # crossed groups are told by the same tables
    assert len({panel.key for panel in panels()}) == len(panels())
