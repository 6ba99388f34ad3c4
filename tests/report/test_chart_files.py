"""Charts as files: well formed, with title and source, holding their figures, the same twice."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from auditkit.errors import InputError
from auditkit.report.chart_files import chart_png, chart_svgs, rates_svg
from tests.report.samples import rows_result

CHARTS = chart_svgs(rows_result(), "en")


def text(svg: str) -> str:
    return " ".join("".join(part.itertext()) for part in ElementTree.fromstring(svg))


def test_every_chart_stands_by_itself_with_its_title_and_its_source() -> None:
    assert {"picture", "groups", "finding-1"} <= set(CHARTS)
    for svg in CHARTS.values():
        assert "var(--" not in svg  # colours are literal: no page lends it any
        assert "Audit report of 21 November 2026" in text(svg)
        assert ElementTree.fromstring(svg).find("{http://www.w3.org/2000/svg}title") is not None
    assert chart_svgs(rows_result(), "en") == CHARTS


def test_a_chart_holds_the_figures_of_its_groups() -> None:
    assert "58.8%" in text(CHARTS["groups"])  # 2,174 of 3,696
    one = text(rates_svg(rows_result(), "en", "false_positive_rate", "race"))
    assert "African-American" in one
    assert "58.8%" not in one
    with pytest.raises(InputError, match="selection_rate"):
        rates_svg(rows_result(), "en", "selection_rat", None)


def test_a_chart_as_png_is_twice_its_size() -> None:
    png = chart_png(CHARTS["picture"])
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 2 * 640
