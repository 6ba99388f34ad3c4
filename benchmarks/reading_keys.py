"""Whether the answers of docs/reading-test.md stand where it says: in the brief, the story or the annex of the reports.

No reader is asked: this tells whether the words are there to be read, not whether they are understood.

    python benchmarks/reading_keys.py
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from auditkit.report import render_report
from auditkit.run import run_audit
from auditkit.spec import find_audit, load_audit

QUESTIONS = Path(__file__).parents[1] / "docs" / "reading-test.md"
SEEN = {
    "brief": "(document.querySelector('header')?.innerText ?? '') + ' ' + document.querySelector('#brief').innerText",
    "story": "document.body.innerText",
    "annex": "document.querySelectorAll('details').forEach(e => e.open = true), document.body.innerText",
}


def rows() -> list[list[list[str]]]:
    """The questions of each test: audit, question, key, depth, words."""
    tests: list[list[list[str]]] = []
    for line in QUESTIONS.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "audit":
            tests.append([])
        elif tests and len(cells) == 5 and cells[3] in SEEN:
            tests[-1].append(cells)
    return tests


def texts(browser: Any, name: str, folder: Path) -> dict[str, str]:
    """The visible text of each depth of an audit's English report, spaces made one."""
    path = find_audit(name)
    file = folder / "report.html"
    file.write_text(render_report(run_audit(load_audit(path), path.parent), "en"), "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(file.as_uri())
    found = {depth: re.sub(r"\s+", " ", page.evaluate(script)) for depth, script in SEEN.items()}
    page.close()
    return found


def main() -> None:
    """Print what is missing, and how many answers each test finds."""
    from playwright.sync_api import sync_playwright

    browser_path = os.environ.get("AUDITKIT_BROWSER") or shutil.which("chromium")
    tests = rows()
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        pages = {
            name: texts(browser, name, Path(folder)) for name in sorted({row[0] for test in tests for row in test})
        }
        browser.close()
    for number, test in enumerate(tests, 1):
        lost = [row for row in test if row[4] not in pages[row[0]][row[3]]]
        early = sum(row[3] != "annex" for row in test if row not in lost)
        for row in lost:
            print(f"! {row[0]}, {row[3]}: {row[1]} ({row[4]})")
        print(f"test {number}: {len(test) - len(lost)} of {len(test)} answers found, {early} in brief or story")


if __name__ == "__main__":
    main()
