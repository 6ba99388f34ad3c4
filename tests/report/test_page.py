"""The page as a thing: the same bytes, well formed, asking nothing of anyone, every figure findable."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from auditkit.errors import InputError
from auditkit.measures import PRIMARY
from auditkit.report import render_report
from auditkit.report.estimate_tables import estimate_anchor
from auditkit.report.gap_comparisons import gap_anchor
from auditkit.report.group_names import anchor
from auditkit.report.sources_panel import FILES
from auditkit.result import AuditResult
from tests.report.page import read
from tests.report.samples import counts_result, rows_result, rows_spec


def test_same_result_same_bytes_in_another_process() -> None:
    program = (
        "import sys, hashlib, types\n"
        "tests = sys.modules['tests'] = types.ModuleType('tests')\n"  # whatever else calls itself so
        "tests.__path__ = [sys.argv[1] + '/tests']\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from tests.report.samples import rows_result\n"
        "from auditkit.report import render_report\n"
        "print(hashlib.sha256(render_report(rows_result(), 'fr').encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program, str(Path(__file__).parents[2])],
            capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(seen) == 1


def test_every_tag_is_closed_in_its_turn(html: str) -> None:
    page = read(html)
    assert page.problems == []
    assert page.open == []


def test_nothing_is_asked_of_another_place(html: str) -> None:
    page = read(html)
    assert {"iframe", "object", "embed", "link", "img", "base", "form"}.isdisjoint(page.tags)
    assert {link for link in page.links if not link.startswith("#")} == set(FILES)  # the files that lie beside it
    names = {name for name, _ in page.attributes}
    assert not {name for name in names if name.startswith("on")}
    assert "src" not in names
    assert "@import" not in html
    assert set(re.findall(r"url\(([^)]{0,22})", html)) == {"data:font/woff2;base64"}
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    scripts = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    if scripts:  # the one script of the page, by the hash that a browser computes of it
        digest = b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
        policy += f"; script-src 'sha256-{digest}'"
    assert page.tags.count("script") == len(scripts) <= 1
    assert ("content", policy) in page.attributes


def test_ids_are_unique_and_links_and_labels_lead_somewhere(html: str) -> None:
    page = read(html)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert set(page.labels) <= set(page.ids)


def test_one_first_heading_and_no_level_is_skipped(html: str) -> None:
    levels = read(html).headings
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_language_landmarks_and_skip_link(html: str) -> None:
    page = read(html)
    assert re.search(r'<html lang="(en|fr)">', html)
    assert {"header", "main", "footer"} <= set(page.tags)
    assert page.links[0] == "#content"


def test_tables_have_captions_and_headers_a_scope(html: str) -> None:
    page = read(html)
    assert page.tags.count("table") == page.tags.count("caption")
    assert all("scope=" in head for head in re.findall(r"<th\b[^>]*>", html))


def test_a_chart_says_what_it_shows_or_stands_beside_its_words(html: str) -> None:
    charts = re.findall(r"<svg [^>]*>", html)
    assert charts
    for chart in charts:
        assert (
            'aria-hidden="true"' in chart or re.search(r'role="img" aria-label="[^"]+"', chart) or "overflow" in chart
        )


def test_every_figure_of_the_result_has_its_place(result: AuditResult) -> None:
    """All of single attributes; of crossings and variations the primary measures, the rest being in the CSV files."""
    ids = set(read(render_report(result, "en")).ids)
    primary = PRIMARY[result.spec.system.harm]
    for analysis in result.analyses:
        for estimate in analysis.estimates:
            if estimate.measure in primary or (analysis.key == "main" and len(estimate.attributes) == 1):
                assert estimate_anchor(estimate) in ids
        for gap in analysis.gaps:
            if analysis.key == "main" and not gap.crossed and gap.measure in primary:
                assert gap_anchor(gap) in ids


def test_every_file_and_every_measure_is_explained(rows_page: str) -> None:
    text = read(rows_page).text
    for name in ("results.json", "estimates.csv", "gaps.csv", "manifest.json", "ab" * 32, "auditkit verify"):
        assert name in text
    assert "Of those without the outcome, what share was selected all the same?" in text
    assert "selected without the outcome / all without the outcome" in text
    assert "equalised odds" in text


def test_the_row_account_is_exact(rows_page: str) -> None:
    text = read(rows_page).text
    for line in ("rows read 7,214", "excluded: no case found for this person 11", "excluded: no score 3",
                 "rows used 7,200", "of these, recorded race not stated 62"):  # fmt: skip
        assert line in text


def test_counts_are_people_and_hidden_ones_make_them_approximate(counts_page: str) -> None:
    text = read(counts_page).text
    assert "people read, from published counts about 1,915" in text
    assert "2 totals agree." in text


def test_anchors_differ_where_names_come_out_alike() -> None:
    assert anchor("main", "a b", "c") != anchor("main", "a", "b c")
    assert anchor("main", "é", "x") != anchor("main", "e", "x")
    assert anchor("main", "日本", "x").startswith("main-x-x-")


def test_a_manifest_adds_versions_and_no_durations() -> None:
    manifest = {"python": "3.11.7", "engine": "duckdb", "packages": {"duckdb": "1.2.0"}, "durations": {"run": 98.7654}}
    text = read(render_report(counts_result(), "en", manifest=manifest)).text
    assert "duckdb 1.2.0" in text
    assert "python 3.11.7" in text
    assert "98.7654" not in text


def test_other_templates_may_be_given(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("<p>{{ page.masthead.title }} {{ _('Annex') }}</p>", "utf-8")
    page = render_report(counts_result(), "fr", templates=tmp_path)
    assert page == "<p><bdi>Aide au loyer (comptages synthétiques)</bdi> Annexe</p>"


def test_a_template_that_names_what_is_not_there_fails(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("{{ page.verdicts }}", "utf-8")
    with pytest.raises(InputError, match="cannot be followed"):
        render_report(counts_result(), "en", templates=tmp_path)


def test_documents_alone_make_a_report() -> None:
    result = counts_result()
    bare = AuditResult(spec=result.spec, analyses=(), sources=(), version="0.1.0")
    page = read(render_report(bare, "en"))
    assert page.problems == []
    assert "No counts by group are public." in page.text
    assert "36.0% Share refused in 2022 out of applications · 2022 · annual report" in page.text


def test_empty_sections_leave_no_heading() -> None:
    result = rows_result()
    bare = replace(result, analyses=(replace(result.main, views=(), estimates=(), gaps=(), points=()),))
    page = read(render_report(bare, "en"))
    assert page.problems == []
    assert {"overview", "findings", "crossed", "tradeoff", "holds", "scores"}.isdisjoint(page.ids)


def test_paragraphs_are_numbered_once_and_can_be_linked_to() -> None:
    html = render_report(rows_result(), "en")
    numbers = [int(number) for number in re.findall(r' id="p(\d+)" data-p="\1"', html)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 10
    assert " data-p>" not in html


def test_the_auditor_and_the_day_of_the_data_stand_on_the_page() -> None:
    given = {"data_as_of": "2026-10-01", "auditor": {"name": "an office", "independence": "We hold no mandate."}}
    result = rows_result()
    spec = result.spec.model_copy(update={k: getattr(rows_spec(**given), k) for k in given})
    text = read(render_report(replace(result, spec=spec), "en")).text
    assert "data of 1 October 2026" in text
    assert "by an office" in text
    assert "The auditor states: We hold no mandate." in text
