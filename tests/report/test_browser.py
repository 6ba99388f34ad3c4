"""The report in a real browser: axe finds nothing, nothing is asked of anyone, hostile names run nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditkit.report import render_report
from tests.report.browser import axe_findings, browser_path, opened
from tests.report.conftest import PAGES
from tests.report.page import read
from tests.report.samples import small_result
from tests.report.test_hostile import hostile

pytestmark = pytest.mark.needs_browser

ATTACKS = [
    "<script>window.taken = 1; alert(1)</script>",
    "</title></style><script>window.taken = 1; alert(1)</script><style>*{display:none}</style>",
    "<img src=https://example.org/x onerror=window.taken=1><svg onload=window.taken=1>",
    '" onmouseover="window.taken=1" style="position:fixed;inset:0;background:url(https://example.org/y)',
    "'><iframe src='javascript:alert(1)'></iframe>\u202e\u2066",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module", params=["rows", "counts"])
def sample(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def written(folder: Path, html: str) -> Path:
    file = folder / "report.html"
    file.write_text(html, "utf-8")
    return file


# Width, colours, medium, and whether contrast, which takes axe long, is measured in that state. Dark changes colours
# alone and colours are the same in both languages: it is measured once, and once looked at without measuring.
STATES = [
    ("en", 1280, "light", "screen", True), ("en", 768, "light", "screen", False), ("en", 360, "light", "screen", False),
    ("en", 360, "dark", "screen", True), ("en", 1280, "light", "print", True),
    ("fr", 1280, "light", "screen", False), ("fr", 768, "light", "screen", False),
    ("fr", 360, "light", "screen", False), ("fr", 768, "dark", "screen", False), ("fr", 1280, "light", "print", False),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
def test_axe_finds_nothing_at_three_widths_light_dark_and_on_paper(language: str, browser: Any, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, render_report(small_result(), language))) as watched:
        for _, width, scheme, medium, contrast in [state for state in STATES if state[0] == language]:
            watched.page.set_viewport_size({"width": width, "height": 900})
            watched.page.emulate_media(color_scheme=scheme, media=medium)
            whole = (width, scheme, medium) in ((1280, "light", "screen"), (1280, "light", "print"))
            assert axe_findings(watched.page, contrast, whole) == [], (width, scheme, medium)


def test_axe_finds_nothing_on_published_counts(browser: Any, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, PAGES[("counts", "fr")]), 768, color_scheme="dark") as watched:
        assert axe_findings(watched.page, contrast=False) == []


def test_nothing_is_requested_and_the_console_is_silent(sample: str, browser: Any, tmp_path: Path) -> None:
    file = written(tmp_path, PAGES[(sample, "en")])
    with opened(browser, file) as watched:
        watched.page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        assert watched.requests == [file.as_uri()]
        assert watched.console == []


@pytest.mark.parametrize("width", [320, 640])
def test_text_reflows_at_four_hundred_and_two_hundred_per_cent(
    width: int, sample: str, browser: Any, tmp_path: Path
) -> None:
    """1,280 pixels at 400 % are 320 wide, at 200 % 640: no scrolling in two directions (WCAG 1.4.10)."""
    with opened(browser, written(tmp_path, PAGES[(sample, "fr")]), width) as watched:
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_meets_the_skip_link_first_and_sees_where_it_is(browser: Any, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, PAGES[("rows", "en")])) as watched:
        page = watched.page
        page.keyboard.press("Tab")
        focused = "document.activeElement"
        assert page.evaluate(f"{focused}.getAttribute('href')") == "#content"
        assert page.evaluate(f"{focused}.getBoundingClientRect().left") >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(f"document.getElementById('content').contains({focused})")
        assert page.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid"
        assert page.evaluate(f"parseFloat(getComputedStyle({focused}).outlineWidth)") >= 2


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_hostile_names_run_nothing(text: str, browser: Any, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, render_report(hostile(text), "en"))) as watched:
        page = watched.page
        page.mouse.move(300, 300)
        assert page.evaluate("window.taken") is None
        assert watched.dialogs == []
        assert len(watched.requests) == 1
        assert watched.console == []
        assert page.evaluate("document.querySelectorAll('script, iframe, img').length") == 0
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).display") == "block"


def test_the_explorer_shows_what_the_sweep_says(browser: Any, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, PAGES[("rows", "en")])) as watched:
        page = watched.page
        assert not page.locator("#explorer").is_visible()  # in the annex, folded
        page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        assert page.locator("#explorer").is_visible()
        assert page.locator("#explorer-said").text_content() == "threshold 5"  # the threshold of the audit
        assert "68.0%" in page.locator("#explorer-body tr").first.text_content()  # 1.08 - 0.1 * 5 + 0.1
        page.locator("#explorer-at").focus()
        page.keyboard.press("ArrowRight")
        assert page.locator("#explorer-said").text_content() == "threshold 6"
        assert page.locator("#explorer-at").get_attribute("aria-valuetext") == "threshold 6"
        first = page.locator("#explorer-body tr").first.text_content()
        assert "African-American" in first
        assert "58.0%" in first
        assert "58.0 of 100" in first
        assert watched.console == []


def test_without_script_the_explorer_is_hidden_and_the_sweep_stands(browser: Any, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, PAGES[("rows", "en")]), java_script_enabled=False) as watched:
        assert not watched.page.locator("#explorer").is_visible()
        assert "58.0%" in watched.page.locator("table.points").first.text_content()


def test_a_link_opens_the_fold_it_leads_into(browser: Any, tmp_path: Path) -> None:
    html = PAGES[("rows", "en")]
    inside = next(place for place in read(html).ids if place.startswith("main-race-sex-"))
    with opened(browser, written(tmp_path, html)) as watched:
        assert not watched.page.locator(f"#{inside}").is_visible()
        watched.page.evaluate(f"location.hash = '#{inside}'")
        watched.page.wait_for_timeout(100)
        assert watched.page.locator(f"#{inside}").is_visible()
