"""How long a report takes to make, how large it is, and how soon a browser shows its first screen.

A shipped audit of four analyses and crossings (compas), and one attribute of 1, 50 and 10,000 groups. Making: the
median of five, templates compiled. First paint: `first-contentful-paint` of Chromium, the median of five openings
from disk.

    python benchmarks/report.py
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

from auditkit.report import render_report
from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec import find_audit, load_audit

REPEATS = 5
GROUPS = (1, 50, 10_000)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AUDIT = """
title: {groups} groups of nobody
system: {{name: a made-up caseload, harm: punitive}}
data:
  file: counts.csv
  columns: {{true_positive: tp, false_positive: fp, false_negative: fn, true_negative: tn}}
groups: {{group: {{column: group, reference: "group 00000"}}}}
"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def samples() -> dict[str, AuditResult]:
    path = find_audit("compas")
    found = {"compas": run_audit(load_audit(path), path.parent)}
    return found | {f"{groups:,} groups": many_groups(groups) for groups in GROUPS}


def many_groups(groups: int) -> AuditResult:
    """An audit of published counts of one attribute with so many groups; nobody in it exists."""
    rows = [f"group {i:05d},{10 + i % 90},{20 + i % 70},{15 + i % 7},{200 - i % 50}" for i in range(groups)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "counts.csv").write_text("\n".join(["group,tp,fp,fn,tn", *rows]) + "\n", "utf-8")
        (place / "audit.yaml").write_text(AUDIT.format(groups=groups), "utf-8")
        return run_audit(load_audit(place / "audit.yaml"), place)


def browser_path() -> str | None:
    """The browser named by AUDITKIT_BROWSER, else one found, None where there is none."""
    found = (path for name in BROWSERS if (path := shutil.which(name)))
    return os.environ.get("AUDITKIT_BROWSER") or next(found, None)


def seconds_of(result: AuditResult) -> float:
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        render_report(result, "en")
        taken.append(time.perf_counter() - start)
    return median(taken)


def paints(pages: dict[str, Path]) -> dict[str, float]:
    """Milliseconds to the first paint of each page; nothing where there is no browser."""
    if browser_path() is None:
        return {}
    from playwright.sync_api import sync_playwright

    found = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        for name, file in pages.items():
            taken = []
            for _ in range(REPEATS):
                page = browser.new_page()
                page.goto(file.as_uri())
                while not page.evaluate("performance.getEntriesByName('first-contentful-paint').length"):
                    page.wait_for_timeout(20)
                taken.append(page.evaluate(PAINT))
                page.close()
            found[name] = median(taken)
        browser.close()
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pages, made = {}, {}
        for number, (name, result) in enumerate(samples().items()):
            render_report(result, "en")
            made[name] = seconds_of(result)
            pages[name] = Path(folder) / f"{number}.html"
            pages[name].write_text(render_report(result, "en"), "utf-8")
        shown = paints(pages)
        for name, file in pages.items():
            paint = f"{shown[name]:.0f} ms to the first paint" if name in shown else "no browser here"
            print(f"{name:>14}: {made[name]:.2f} s, {file.stat().st_size / 1000:,.0f} kB, {paint}")


if __name__ == "__main__":
    main()
