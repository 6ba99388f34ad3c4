"""The page in a real browser, served by the command itself: by keyboard alone, without script, on a phone, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.commands import environment
from tests.report.browser import axe_findings, browser_path

pytestmark = pytest.mark.needs_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def served(folder: Path, language: str = "fr") -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The command at work, with a temporary folder and a home of its own."""
    command = [sys.executable, "-m", "auditkit", "open", "--no-browser", "--language", language]
    places = {"TMPDIR": str(folder), "HOME": str(folder)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(**places), cwd=folder) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1], process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def fine(page: Any) -> None:
    """Axe finds nothing (contrast, which takes it long, is the report's own), and nothing scrolls sideways."""
    assert axe_findings(page, contrast=False) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def to(self, said: str) -> None:
        """Tab until what has the focus is called or says so."""
        look = "[document.activeElement.name, (document.activeElement.innerText || '').trim()]"
        for _ in range(70):
            self.page.keyboard.press("Tab")
            name, text = self.page.evaluate(look)
            if said == name or (text and said in text):
                return
        raise AssertionError(said)

    def type(self, *texts: str) -> None:
        """Texts into fields that follow each other."""
        for place, text in enumerate(texts):
            if place:
                self.page.keyboard.press("Tab")
            self.page.keyboard.type(text)

    def enter(self, said: str = "") -> None:
        """Enter, on what is called so, and the next page."""
        if said:
            self.to(said)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def describe(keys: Keyboard) -> None:
    """The seven questions: two answered, the side of the wrong chosen, the others not known."""
    for text in ("Score de contrôle", "Caisse d’exemple"):
        keys.to("text")
        keys.type(text)
        keys.enter()
    for _ in range(3):
        keys.enter("Je ne sais pas")
    keys.to("choice")
    keys.page.keyboard.press("Space")
    keys.enter()
    keys.enter("Je ne sais pas")
    keys.enter("Continuer")


def test_by_keyboard_alone_on_a_phone_then_killed_then_without_script(browser: Any, tmp_path: Path) -> None:
    requests: list[str] = []
    console: list[str] = []
    with served(tmp_path) as (address, process):
        context = browser.new_context(viewport={"width": 360, "height": 800})
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda line: console.append(line.text))
        page.goto(address)
        keys = Keyboard(page)
        fine(page)
        keys.to("what")
        page.keyboard.press("Space")
        keys.enter("Continuer")
        describe(keys)
        keys.to("group")
        keys.type("familles monoparentales", "36", "16", "Un journal")
        page.wait_for_selector("#live:has-text('2,95 fois')")
        fine(page)
        keys.enter("Garder et continuer")
        page.wait_for_url("**/resultat")
        keys.enter("Continuer vers les droits")
        keys.enter("Continuer vers les lettres")
        fine(page)
        keys.enter("Continuer")
        page.wait_for_url("**/enregistrer")
        keys.to("name")
        page.keyboard.press("Control+A")
        keys.type("dossier")
        keys.to("path")
        keys.type(str(tmp_path))
        keys.enter()
        page.wait_for_selector("text=Le dossier est enregistré")
        assert (tmp_path / "dossier" / "report.fr.html").is_file()
        assert {url.split("/")[2] for url in requests if not url.startswith("data:")} == {address.split("/")[2]}
        assert console == []
        attacker = context.new_page()
        attacker.set_content(f'<form method="post" action="{address.split("?")[0]}fermer"><button>x</button></form>')
        with attacker.expect_navigation():
            attacker.click("button")
        assert attacker.inner_text("body").strip() == "403"
        for child in _children(process.pid):
            os.kill(child, signal.SIGKILL)
        context.close()
    assert len(list(tmp_path.glob("auditkit-page-*"))) == 1
    with served(tmp_path) as (address, _):
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(address)
        page.click("text=Reprendre")
        assert "Score de contrôle" in page.inner_text("main")
        context.close()
    assert list(tmp_path.glob("auditkit-page-*")) == []


def _children(process: int) -> list[int]:
    """The process that serves, below the one that watches it; the watching one itself where there is none."""
    import psutil

    found = psutil.Process(process).children()
    return [child.pid for child in found] or [process]
