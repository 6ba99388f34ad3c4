"""Tests that need rows we may not ship, or a browser, are left out, and counted, where there is none of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.report.browser import BROWSER, browser_path

MIRROR = "AUDITKIT_DATASETS_MIRROR"
LEFT_OUT: list[int] = []
WITHOUT_BROWSER: list[int] = []


def pytest_configure(config: pytest.Config) -> None:
    """A mirror that is named must be there."""
    named = os.environ.get(MIRROR)
    if named and not Path(named).is_dir():
        raise pytest.UsageError(f"{MIRROR} names a folder that is not there: {named}")
    named = os.environ.get(BROWSER)
    if named and not Path(named).is_file():
        raise pytest.UsageError(f"{BROWSER} names a browser that is not there: {named}")


def _leave_out_browser(config: pytest.Config, items: list[pytest.Item]) -> None:
    if browser_path() is not None:
        return
    chosen = [item for item in items if item.get_closest_marker("needs_browser")]
    if chosen:
        items[:] = [item for item in items if item not in chosen]
        config.hook.pytest_deselected(items=chosen)
    WITHOUT_BROWSER.append(len(chosen))
    if hasattr(config, "workeroutput"):
        config.workeroutput["without_browser"] = len(chosen)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _leave_out_browser(config, items)
    if os.environ.get(MIRROR):
        return
    chosen = [item for item in items if item.get_closest_marker("needs_rows")]
    if chosen:
        items[:] = [item for item in items if item not in chosen]
        config.hook.pytest_deselected(items=chosen)
    LEFT_OUT.append(len(chosen))
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = len(chosen)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    LEFT_OUT.append(node.workeroutput.get("left_out", 0))
    WITHOUT_BROWSER.append(node.workeroutput.get("without_browser", 0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if LEFT_OUT and max(LEFT_OUT):
        terminalreporter.line(
            f"{max(LEFT_OUT)} tests that need rows of published audits were left out: {MIRROR} names no folder of them."
        )


    if WITHOUT_BROWSER and max(WITHOUT_BROWSER):
        terminalreporter.line(
            f"{max(WITHOUT_BROWSER)} tests that need a browser were left out: no Chromium here, and {BROWSER} names none."
        )


@pytest.fixture(params=["duckdb", "pandas", "polars"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn: every test that counts runs on all of them."""
    return str(request.param)
