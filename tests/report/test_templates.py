"""Sets of templates: the three that are shipped, and folders that change a panel, the colours or the logo."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from auditkit.cli import exit_code
from auditkit.errors import InputError
from auditkit.report import render_report
from auditkit.report.number_words import plain
from auditkit.report.pdf import report_pdf
from auditkit.report.plain_page import plain_sections
from auditkit.report.render import template_sets
from auditkit.write.results_json import results_json
from tests.report.page import read
from tests.report.samples import counts_result, rows_result, small_result


def test_three_sets_are_shipped() -> None:
    assert template_sets() == ("brief", "full", "plain")


@pytest.mark.parametrize("chosen", ["brief", "plain"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_set_makes_a_whole_page(chosen: str, language: str) -> None:
    for result in (rows_result(), counts_result()):
        page = read(render_report(result, language, chosen))
        assert page.problems == []
        assert len(page.ids) == len(set(page.ids))
        assert page.headings.count(1) == 1
        assert "script" not in page.tags


def test_plain_words_are_short_sentences_without_terms() -> None:
    for language, terms in (("en", ("interval", "rate", "ratio", "reference", "inconclusive")),
                            ("fr", ("intervalle", "taux", "rapport de", "référence", "concluant"))):  # fmt: skip
        for result in (rows_result(), counts_result()):
            sections = plain_sections(result, language)
            said = [plain(s, language) for section in sections for s in section.sentences]
            for sentence in (part for line in said for part in re.split(r"(?<=[.?]) ", line)):
                assert len(sentence.split()) <= 24, sentence
            assert not [term for term in terms for line in said if term in line.lower()]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_brief_prints_on_one_sheet(language: str) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    for result in (rows_result(), counts_result()):
        html = render_report(result, language, "brief", "paper")
        assert len(PdfReader(BytesIO(report_pdf(html))).pages) <= 2


def test_the_pdf_is_tagged_titled_numbered_and_the_same_twice() -> None:
    from io import BytesIO

    from pypdf import PdfReader

    html = render_report(small_result(), "fr", "brief", "paper")
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
    assert exit_code(["report", folder, "--templates", "brief", "--language", "en", "--quiet"]) == 0
    assert exit_code(["report", folder, "--templates", "brief", "--pdf", "--language", "fr", "--quiet"]) == 0
    assert 'id="answer"' in (tmp_path / "brief.html").read_text("utf-8")
    assert (tmp_path / "brief.fr.pdf").read_bytes().startswith(b"%PDF-")
    assert exit_code(["report", folder, "--annex"]) == 2


def test_the_old_name_of_the_brief_is_read_for_one_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "results.json").write_bytes(results_json(counts_result()))
    assert exit_code(["report", str(tmp_path), "--templates", "summary", "--language", "en"]) == 0
    assert "is called brief now" in capsys.readouterr().out
    assert (tmp_path / "brief.html").is_file()
    folder = str(tmp_path)
    assert exit_code(["report", folder, "--templates", "nowhere"]) == 2


def test_without_weasyprint_one_sentence_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(InputError, match=r"auditkit\[pdf\]") as caught:
        report_pdf("<p>x</p>")
    assert "WeasyPrint" in caught.value.text("fr")
    assert "n’est pas installé" in caught.value.text("fr")


def test_a_folder_may_change_one_panel_and_the_colours(tmp_path: Path) -> None:
    (tmp_path / "panels").mkdir()
    (tmp_path / "panels" / "methods.html").write_text("<p id='ours'>{{ limits | length }}</p>", "utf-8")
    (tmp_path / "colours.css").write_text(":root{--accent:#7a0019}", "utf-8")
    html = render_report(rows_result(), "en", tmp_path)
    assert "<p id='ours'>4</p>" in html
    assert ":root{--accent:#7a0019}" in html
    assert 'id="findings"' in html  # from full


def test_a_logo_is_written_into_the_page(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    html = render_report(counts_result(), "en", tmp_path)
    assert '<img class="logo" src="data:image/svg+xml;base64,PHN2ZyB4' in html


def test_what_is_no_set_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match='no set of templates bref; expected one of "brief"'):
        render_report(counts_result(), "en", "bref")
    with pytest.raises(InputError, match="holds no template of a report"):
        render_report(counts_result(), "en", tmp_path)
