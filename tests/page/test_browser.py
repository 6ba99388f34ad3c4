"""The page in a real browser, served by the command itself: five beginnings by keyboard alone in French on a phone.

One browser and one server for all of it; whoever comes second has a server of their own, which is killed.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from auditkit.page.audit_text import content_of
from tests.commands import environment
from tests.report.browser import axe_findings, browser_path

pytestmark = pytest.mark.needs_browser

HOSTILE = '"><img src=x onerror=alert(1)>'


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


@dataclass
class Seat:
    """Somebody who has no mouse: a window, and what it did that no page should do."""

    page: Any
    folder: Path
    address: str
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)

    def fine(self) -> None:
        """Axe finds nothing on a screen not seen yet, and nothing scrolls sideways.

        Contrast, which takes axe long, is the report's own style, and looked at in benchmarks/page_screens.py.
        """
        screen = re.sub(r"^\w+://[^/]+|/EQU.*", "", self.page.url) + str(self.page.locator("h1").count())
        if screen not in self.looked_at:
            self.looked_at.add(screen)
            assert axe_findings(self.page, contrast=False) == [], screen
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen

    def to(self, said: str) -> None:
        """Tab until what has the focus is called or says so."""
        look = "[document.activeElement.name, (document.activeElement.innerText || '').trim()]"
        for _ in range(90):
            self.page.keyboard.press("Tab")
            name, text = self.page.evaluate(look)
            if said == name or (text and said in text):
                return
        raise AssertionError(said)

    def choose(self, name: str, value: str = "") -> None:
        """One of several answers, by the arrows; the one that has the focus without `value`."""
        self.to(name)
        self.page.keyboard.press("Space")
        for _ in range(9):
            if value in ("", self.page.evaluate("document.activeElement.value")):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(value)

    def type(self, *texts: str) -> None:
        """Texts into fields that follow each other."""
        for place, text in enumerate(texts):
            if place:
                self.page.keyboard.press("Tab")
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(text)

    def hand_in(self, name: str, file: Path) -> None:
        """A file, by the button that a keyboard reaches."""
        self.to(name)
        with self.page.expect_file_chooser() as chosen:
            self.page.keyboard.press("Enter")
        chosen.value.set_files(str(file))

    def enter(self, said: str = "") -> None:
        """Enter, on what is called so, and the next page, once nothing is being worked on."""
        if said:
            self.to(said)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/attente" not in url)
        self.page.wait_for_load_state()

    @property
    def at(self) -> str:
        return str(self.page.url).split("?")[0].rpartition("/")[2].partition("#")[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def seat(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    """A phone at the page of one server."""
    folder = tmp_path_factory.mktemp("served")
    with served(folder) as (address, _):
        context = browser.new_context(viewport={"width": 360, "height": 800})
        page = context.new_page()
        page.set_default_timeout(180_000)
        one = Seat(page, folder, address.split("?")[0].rstrip("/"))
        page.on("request", lambda request: one.requests.append(request.url))
        page.on("console", lambda line: one.console.append(line.text))
        page.on("filechooser", lambda chosen: None)  # pages may ask for files at any time
        page.on("dialog", lambda dialog: (one.console.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        yield one
        context.close()


def begin_with(seat: Seat, what: str, place: Path) -> None:
    """The first screen, with one of its five answers."""
    seat.page.goto(f"{seat.address}/debut")
    seat.fine()
    seat.choose("what", what)
    if what == "table":
        (place / f"{HOSTILE.replace('/', '')}.csv").write_text(
            f"Sexe;Allocataires;Contrôlés\nFemmes;4000;400\nHommes;5000;s\n{HOSTILE};9000;180\nTotal;18000;700\n"
        )
        seat.hand_in("file_table", next(place.glob("*.csv")))
    elif what == "rows":
        lines = [f"{'FH'[i % 2]},{'oui' if i % (4 + i % 2) == 0 else 'non'}" for i in range(400)]
        (place / "lignes.csv").write_text("\n".join(["sexe,controle", *lines]))
        seat.hand_in("file_rows", place / "lignes.csv")
    elif what == "example":
        seat.to("example")
        seat.page.keyboard.press("ArrowDown")
    else:
        seat.to(f"notes_{what}")
        seat.type("Un article du 3 mai")
    seat.enter("Continuer")


def through_the_table(seat: Seat, what: str) -> None:
    """Columns as they were recognised, the first answer to every doubt."""
    assert seat.at == "tableau"
    seat.fine()
    if what == "rows":
        seat.to("value1")
        seat.type()
        seat.page.keyboard.type("oui")
    seat.enter("C’est juste, continuer")
    while seat.page.locator("input[name=doubt]").count():
        seat.fine()
        seat.choose("choice")
        seat.enter("Répondre")
    seat.fine()
    if seat.at == "doutes":
        seat.enter("Continuer")


def describe(seat: Seat) -> None:
    """The seven questions: two answered, the side of the wrong chosen, the others not known."""
    seat.fine()
    for text in ("Score de contrôle", "Caisse d’exemple"):
        seat.to("text")
        seat.type(text)
        seat.enter()
    for _ in range(3):
        seat.enter("Je ne sais pas")
    seat.fine()
    seat.choose("choice")
    seat.enter()
    seat.enter("Je ne sais pas")
    seat.fine()


@pytest.mark.parametrize("what", ["documents", "table", "rows", "decision", "example"])
def test_every_beginning_leads_to_a_saved_folder_by_keyboard_alone(seat: Seat, what: str, tmp_path: Path) -> None:
    begin_with(seat, what, tmp_path)
    if what in ("table", "rows"):
        through_the_table(seat, what)
    if what != "example":
        describe(seat)
    seat.enter("Continuer")
    seat.fine()
    if what == "documents":
        seat.to("group")
        seat.type("familles monoparentales", "36", "16", "Un journal")
        seat.page.wait_for_selector("#live:has-text('2,95 fois')")
        seat.fine()
        seat.enter("Garder et continuer")
    else:
        seat.enter("Je n’ai pas de nombres")
    assert seat.at == "resultat"
    seat.fine()
    seat.enter("Continuer vers les droits")
    seat.fine()
    seat.enter("Continuer vers les lettres")
    if what == "documents":
        seat.choose("aim")
        seat.enter("Choisir ce but")
    seat.fine()
    seat.enter("Continuer")
    assert seat.at == "enregistrer"
    seat.fine()
    seat.to("name")
    seat.type("dossier")
    seat.to("path")
    seat.type(str(tmp_path))
    seat.enter()
    assert "Le dossier est enregistré" in seat.page.inner_text("main")
    saved = {path.name for path in (tmp_path / "dossier").iterdir()}
    assert {"audit.yaml", "results.json", "report.fr.html"} <= saved
    content = content_of(tmp_path / "dossier" / "audit.yaml")
    assert (content["data"] == "none") == (what in ("documents", "decision"))
    assert {url.split("/")[2] for url in seat.requests if not url.startswith("data:")} == {seat.address.split("/")[2]}
    assert seat.console == []


def test_without_script_every_screen_works(browser: Any, seat: Seat, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=seat.page.context.storage_state())
    page = context.new_page()
    page.set_default_timeout(180_000)

    def press(said: str) -> None:
        page.click(f"main .btn:has-text('{said}')")
        while "/attente" in page.url:
            page.click("text=Voir si c’est fini")

    page.goto(f"{seat.address}/debut")
    page.check("#what-documents")
    press("Continuer")
    for _ in range(7):
        press("Je ne sais pas")
    press("Continuer")
    page.fill("#selected", "36")
    page.fill("#population", "16")
    press("Recalculer")
    assert "2,95" in page.inner_text("#live")
    press("Je n’ai pas de nombres")
    assert page.inner_text("#sentence") is not None
    for address in ("droits", "droits/EQU-01", "lettres", "enregistrer"):
        page.goto(f"{seat.address}/{address}")
        assert page.locator("h1").count() == 1
    page.fill("#path", str(tmp_path))
    page.fill("#name", "sans-script")
    press("Enregistrer le dossier")
    assert (tmp_path / "sans-script" / "report.fr.html").is_file()
    context.close()


def test_two_people_at_once_then_one_is_killed_and_offered_again(browser: Any, seat: Seat) -> None:
    with served(seat.folder, "en") as (address, process):
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(180_000)
        page.goto(address)
        page.check("#what-documents")
        page.click("text=Continue")
        page.fill("#text", "Alice’s secret score")
        page.click("text=Continue")
        other = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
        name = f"auditkit-{seat.address.rpartition(':')[2]}"
        for cookies in (other, {name: next(iter(other.values()))}):
            assert httpx.get(f"{seat.address}/debut", cookies=cookies, timeout=60).status_code == 403
        seat.page.goto(f"{seat.address}/debut")
        assert "Alice" not in seat.page.content()
        assert seat.page.locator("form[action='/reprendre']").count() == 0
        for child in _children(process.pid):
            os.kill(child, signal.SIGKILL)
        process.wait(20)
        context.close()
    seat.page.goto(f"{seat.address}/debut")
    with seat.page.expect_navigation():
        seat.page.click("text=Reprendre")
    assert "Alice" in seat.page.inner_text("main")
    assert len(list(seat.folder.glob("auditkit-page-*"))) == 1


def test_no_other_page_may_act_here(browser: Any, seat: Seat) -> None:
    page = seat.page.context.new_page()
    page.set_content(
        f'<form method="post" action="{seat.address}/fermer"><button>x</button></form>'
        f'<iframe src="{seat.address}/debut"></iframe>'
    )
    assert all("auditkit" not in frame.content() for frame in page.frames[1:])
    with page.expect_navigation():
        page.click("button")
    assert page.inner_text("body").strip() == "403"
    page.close()
    cookies = {cookie["name"]: cookie["value"] for cookie in seat.page.context.cookies()}
    host, origin = seat.address.partition("//")[2], {"origin": seat.address}
    with httpx.Client(base_url=seat.address, cookies=cookies, timeout=60) as client:
        ticket = re.findall(r'name="ticket" value="([^"]+)"', client.get("/debut").text)[0]
        rebound = f"rebound.example:{host.partition(':')[2]}"
        assert client.get("/debut", headers={"host": rebound}).status_code == 421
        sent = {"ticket": ticket, "language": "fr", "vers": "/debut"}
        assert client.post("/langue", data=sent, headers={"origin": f"http://{rebound}"}).status_code == 403
        assert client.post("/langue", data=sent).status_code == 403
        assert client.post("/langue", data={"language": "fr"}, headers=origin).status_code == 409
        assert client.post("/langue", data=sent, headers=origin).status_code == 303
        assert client.post("/langue", data=sent, headers=origin).status_code == 409
    assert httpx.get(f"{seat.address}/debut", timeout=60).status_code == 403


def _children(process: int) -> list[int]:
    """The process that serves, below the one that watches it; the watching one itself where there is none."""
    import psutil

    found = psutil.Process(process).children()
    return [child.pid for child in found] or [process]
