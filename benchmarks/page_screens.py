"""Every screen of the page as a picture, in two languages and at two widths, with what axe finds, contrast too.

python benchmarks/page_screens.py FOLDER
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.page.person import TABLE
from tests.page.test_browser import served
from tests.report.browser import axe_findings, browser_path

WIDTHS = (1280, 360)


class Camera:
    """Pictures of a window at each width, numbered."""

    def __init__(self, page: Any, folder: Path, language: str) -> None:
        self.page, self.folder, self.language, self.found = page, folder, language, 0

    def take(self, name: str) -> None:
        """The screen as it stands."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.screenshot(path=self.folder / f"{name}-{self.language}-{width}.png", full_page=True)
            wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
            wrong = [*axe_findings(self.page), *(["scrolls sideways"] if wide else [])]
            self.found += len(wrong)
            print(name, self.language, width, wrong or "nothing found", flush=True)
            self.page.evaluate("document.querySelectorAll('details').forEach(e => e.open = false)")
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})

    def go(self, selector: str = "main form button.btn[type=submit]:not([name])") -> None:
        """A button pressed, and the next page, once nothing is being worked on."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.page.wait_for_url(lambda url: "/attente" not in url)
        self.page.wait_for_load_state()


def photographed(page: Any, address: str, folder: Path, language: str) -> int:
    """The whole way of one person; how much axe found."""
    camera, base = Camera(page, folder, language), address.split("?")[0].rstrip("/")
    page.goto(address)
    page.check("#what-table")
    camera.take("1-begin")
    page.set_input_files("#file_table", {"name": "contrôles.csv", "mimeType": "text/csv", "buffer": TABLE.encode()})
    camera.go()
    camera.take("2-table")
    camera.go()
    while page.locator("input[name=doubt]").count():
        key = page.input_value("input[name=doubt]").partition(":")[0]
        camera.take(f"3-doubt-{key}")
        if key == "hidden":
            camera.go("button[value=unknown]")
        else:
            page.locator("input[name=choice]").first.check()
            camera.go()
    for text in ("Score de contrôle", "Caisse d’exemple"):
        page.fill("#text", text)
        if page.locator("#country").count():
            page.select_option("#country", "FR")
        camera.go()
    camera.go("button[value=unknown]")
    page.fill("#text", "foyers allocataires")
    camera.go()
    camera.take("4-verb")
    page.locator("input[name=choice]").first.check()
    camera.go()
    camera.take("4-harm")
    page.locator("input[name=choice]").first.check()
    camera.go()
    page.fill("#text", "2023")
    camera.go()
    camera.take("4-system")
    page.goto(f"{base}/presse")
    for field, text in {
        "group": "familles monoparentales",
        "selected": "36",
        "population": "16",
        "source": "Un journal",
    }.items():
        page.fill(f"#{field}", text)
    camera.go("button[value=calculate]")
    camera.take("5-press")
    page.goto(f"{base}/resultat")
    page.wait_for_url("**/resultat")
    camera.take("6-result")
    for address, name in (("groupes", "6-groups"), ("droits", "7-rights"), ("droits/EQU-01", "7-right")):
        page.goto(f"{base}/{address}")
        camera.take(name)
    page.goto(f"{base}/lettres")
    page.check("#aim-documents")
    camera.go()
    camera.take("8-letters")
    page.goto(f"{base}/enregistrer")
    page.wait_for_url("**/enregistrer")
    page.fill("#path", str(folder))
    page.fill("#name", f"saved-{language}")
    camera.take("9-save")
    camera.go()
    camera.take("9-saved")
    return camera.found


def main() -> int:
    """Both languages; 1 where axe found anything."""
    from playwright.sync_api import sync_playwright

    folder = Path(sys.argv[1]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    found = 0
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        for language in ("fr", "en"):
            with tempfile.TemporaryDirectory() as home, served(Path(home), language) as (address, _):
                page = browser.new_page()
                page.set_default_timeout(180_000)
                found += photographed(page, address, folder, language)
        browser.close()
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
