"""Sets of templates: the three that are shipped, and folders that change a panel, the colours or the logo."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest

from auditkit.cli import exit_code
from auditkit.errors import InputError
from auditkit.report import render_report
from auditkit.report.pdf import report_pdf
from auditkit.report.render import template_sets
from auditkit.write.results_json import results_json
from tests.report.page import read
from tests.report.samples import counts_result, rows_result, small_result


def test_three_sets_are_shipped() -> None:
    assert template_sets() == ("full", "summary", "technical")


@pytest.mark.parametrize("chosen", ["summary", "technical"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_set_makes_a_whole_page(chosen: str, language: str) -> None:
    for result in (rows_result(), counts_result()):
        page = read(render_report(result, language, chosen))
        assert page.problems == []
        assert len(page.ids) == len(set(page.ids))
        assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
        assert page.headings.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(page.headings))


def test_the_summary_is_one_page_of_plain_words() -> None:
    page = read(render_report(rows_result(), "en", "summary"))
    assert "Of the 3,696 people in the group “African-American”, 58.8% were selected" in page.text
    assert "What cannot be said" in page.text
    assert "script" not in page.tags
    for word in ("Wilson", "Holm", "Miettinen", "p <", "p ="):
        assert word not in page.text
    assert len(page.text.split()) < 500


def test_the_summary_prints_on_one_sheet() -> None:
    from io import BytesIO

    from pypdf import PdfReader

    for language in ("en", "fr"):
        pdf = PdfReader(BytesIO(report_pdf(render_report(rows_result(), language, "summary"))))
        assert len(pdf.pages) == 1


def test_the_pdf_is_tagged_titled_numbered_and_the_same_twice() -> None:
    from io import BytesIO

    from pypdf import PdfReader

    html = render_report(small_result(), "fr", "summary")
    made = report_pdf(html)
    time.sleep(1.1)  # fonts carry the second in which they were cut down
    assert made == report_pdf(html)
    pdf = PdfReader(BytesIO(made))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "fr"
    assert "COMPAS" in pdf.metadata.title
    assert b"pdfuaid" in made or "pdfuaid" in root["/Metadata"].get_data().decode()
    assert "1 / 1" in pdf.pages[0].extract_text()


def test_the_command_writes_page_and_pdf_of_a_set_beside_the_results(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_bytes(results_json(counts_result()))
    folder = str(tmp_path)
    assert exit_code(["report", folder, "--templates", "summary", "--language", "en", "--quiet"]) == 0
    assert exit_code(["report", folder, "--templates", "summary", "--pdf", "--language", "fr", "--quiet"]) == 0
    assert "In short" in (tmp_path / "summary.html").read_text("utf-8")
    assert (tmp_path / "summary.fr.pdf").read_bytes().startswith(b"%PDF-")
    assert exit_code(["report", folder, "--templates", "nowhere"]) == 2


def test_without_weasyprint_one_sentence_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(InputError, match=r"auditkit\[pdf\]") as caught:
        report_pdf("<p>x</p>")
    assert "WeasyPrint" in caught.value.text("fr")
    assert "n’est pas installé" in caught.value.text("fr")


def test_a_folder_may_change_one_panel_and_the_colours(tmp_path: Path) -> None:
    (tmp_path / "limits.html").write_text("<p id='ours'>{{ page.limits | length }}</p>", "utf-8")
    (tmp_path / "colours.css").write_text(":root{--mark:#7a0019}", "utf-8")
    html = render_report(rows_result(), "en", tmp_path)
    assert "<p id='ours'>4</p>" in html
    assert ":root{--mark:#7a0019}" in html
    assert 'id="findings"' in html  # from full


def test_a_logo_is_written_into_the_page(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    html = render_report(counts_result(), "en", tmp_path)
    assert '<img class="logo" src="data:image/svg+xml;base64,PHN2ZyB4' in html


def test_what_is_no_set_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match='no set of templates sumary; expected one of "summary"'):
        render_report(counts_result(), "en", "sumary")
    with pytest.raises(InputError, match="holds no template of a report"):
        render_report(counts_result(), "en", tmp_path)
