"""What a reader is asked to read: height, words and sheets of shipped audits whose counts are in the repository."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from auditkit.report import render_report
from auditkit.report.pdf import report_pdf
from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec import find_audit, load_audit
from tests.report.browser import browser_path, opened

HIGHEST, WORDS, BRIEF = 12_000, 3_000, 350
DOCUMENTS = 6_000
AUDITS = ("amsterdam-smart-check", "la-vi-spdat", "france-travail-cre")
_WORDS = "e => e.innerText.split(/\\s+/).filter(word => /[\\p{L}\\p{N}]/u.test(word)).length"


@cache
def result(name: str) -> AuditResult:
    """A shipped audit, run."""
    path = find_audit(name)
    return run_audit(load_audit(path), path.parent)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.needs_browser
@pytest.mark.parametrize("name", AUDITS)
def test_height_and_words_with_folds_closed(name: str, browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    html = render_report(result(name), "en")
    assert len(html.encode()) < 700_000
    file.write_text(html, "utf-8")
    with opened(browser, file, 1280) as watched:
        height = watched.page.evaluate("document.documentElement.scrollHeight")
        assert height <= (DOCUMENTS if not result(name).analyses else HIGHEST)
        assert watched.page.eval_on_selector("body", _WORDS) <= WORDS
        assert watched.page.eval_on_selector("#brief", _WORDS) <= BRIEF
        assert watched.page.eval_on_selector("#brief", "e => e.getBoundingClientRect().bottom") <= 1_800  # two screens


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_brief_is_one_sheet_and_the_story_at_most_fourteen_pages(language: str) -> None:
    from pypdf import PdfReader

    def pages(depths: tuple[str, ...]) -> int:
        html = render_report(result("amsterdam-smart-check"), language, None, "paper", depths)
        return len(PdfReader(BytesIO(report_pdf(html))).pages)

    assert pages(("brief",)) <= 2
    assert pages(("brief", "story")) <= 14
