"""What a reader is asked to read: height, words, weight and sheets of every shipped audit's report, in both languages.

Height and words are those of the page 1,280 px wide with its folds closed; the brief's are apart; pages are those of
`--pdf`: the brief, then brief and story. Figures over a bar of issue "the report, read" are marked with `!`.

    python benchmarks/report_length.py [AUDIT ...] [--no-paper]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from auditkit.report import render_report
from auditkit.report.pdf import report_pdf
from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec import find_audit, load_audit
from auditkit.spec.file_lines import shipped_names

BARS = {"px": 12_000, "words": 3_000, "brief words": 350, "brief px": 1_800, "kB": 700, "brief pages": 2, "pages": 14}
DOCUMENTS_PX = 6_000
WORDS = "e => e.innerText.split(/\\s+/).filter(word => /[\\p{L}\\p{N}]/u.test(word)).length"


def on_screen(browser: Any, html: str, folder: Path) -> dict[str, int]:
    """Height, words and weight of a page as a reader meets it."""
    file = folder / "report.html"
    file.write_text(html, "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(file.as_uri())
    found = {
        "px": page.evaluate("document.documentElement.scrollHeight"),
        "words": page.eval_on_selector("body", WORDS),
        "brief words": page.eval_on_selector("#brief", WORDS),
        "brief px": round(page.eval_on_selector("#brief", "e => e.getBoundingClientRect().bottom")),
        "kB": round(len(html.encode()) / 1000),
    }
    page.close()
    return found


def on_paper(result: AuditResult, language: str) -> dict[str, int]:
    """Pages of the brief, and of brief and story."""
    from pypdf import PdfReader

    def pages(*depths: str) -> int:
        return len(PdfReader(BytesIO(report_pdf(render_report(result, language, None, "paper", depths)))).pages)

    return {"brief pages": pages("brief"), "pages": pages("brief", "story")}


def line_of(name: str, language: str, figures: dict[str, int], documents: bool) -> str:
    """One line of the table, with `!` at each figure over its bar."""
    bars = BARS | ({"px": DOCUMENTS_PX} if documents else {})
    cells = [f"{f'{value:,}' + ('!' if value > bars[key] else ''):>12}" for key, value in figures.items()]
    return f"{name:>24} {language} " + "".join(cells)


def main() -> None:
    """Print the table."""
    from playwright.sync_api import sync_playwright

    browser_path = os.environ.get("AUDITKIT_BROWSER") or shutil.which("chromium")
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")] or shipped_names("audits")
    print(" " * 28 + "".join(f"{key:>12}" for key in BARS))
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name in wanted:
            path = find_audit(name)
            result = run_audit(load_audit(path), path.parent)
            for language in ("en", "fr"):
                figures = on_screen(browser, render_report(result, language), Path(folder))
                figures |= {} if "--no-paper" in sys.argv else on_paper(result, language)
                print(line_of(name, language, figures, not result.analyses), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
