"""A real browser for tests: pages opened as files, every request, console line and dialog kept, axe run on them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

BROWSER = "AUDITKIT_BROWSER"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LAYOUT_RULES = [
    "bypass", "color-contrast", "css-orientation-lock", "link-in-text-block", "meta-viewport", "region",
    "scrollable-region-focusable", "target-size",
]  # fmt: skip


def browser_path() -> str | None:
    """The browser that tests drive: the one named, else one found, None where there is none."""
    return os.environ.get(BROWSER) or next((found for name in _NAMES if (found := shutil.which(name))), None)


@dataclass
class Watched:
    """A page in the browser, and what it did that no report should do."""

    page: Any
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Any, file: Path, width: int = 1280, **options: Any) -> Iterator[Watched]:
    """A file in a new window of its own."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    watched = Watched(context.new_page())
    page = watched.page
    page.on("request", lambda request: watched.requests.append(request.url))
    page.on("console", lambda line: watched.console.append(line.text))
    page.on("pageerror", lambda error: watched.console.append(str(error)))
    page.on("dialog", lambda dialog: (watched.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(file.resolve().as_uri())
    try:
        yield watched
    finally:
        context.close()


def axe_findings(page: Any, contrast: bool = True, whole: bool = True) -> list[str]:
    """What axe finds wrong on a page as it stands, every fold open: rule, and the first place.

    Contrast takes axe most of its time. Not `whole`: only the rules that width, colours or medium can change.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    layout = [rule for rule in LAYOUT_RULES if contrast or rule != "color-contrast"]
    wanted = {"type": "tag", "values": RULES} if whole else {"type": "rule", "values": layout}
    found = page.evaluate(
        "([wanted, contrast]) => axe.run(document, {runOnly: wanted, resultTypes: ['violations'],"
        " rules: contrast || wanted.type === 'rule' ? {} : {'color-contrast': {enabled: false}}})",
        [wanted, contrast],
    )["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]} {v['nodes'][0]['failureSummary'][:300]}" for v in found]
