"""Tests that need rows we may not ship are left out, and counted, where no mirror of them is named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

MIRROR = "AUDITKIT_DATASETS_MIRROR"
LEFT_OUT: list[int] = []


def pytest_configure(config: pytest.Config) -> None:
    """A mirror that is named must be there."""
    named = os.environ.get(MIRROR)
    if named and not Path(named).is_dir():
        raise pytest.UsageError(f"{MIRROR} names a folder that is not there: {named}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if LEFT_OUT and max(LEFT_OUT):
        terminalreporter.line(
            f"{max(LEFT_OUT)} tests that need rows of published audits were left out: {MIRROR} names no folder of them."
        )


@pytest.fixture(params=["duckdb", "pandas", "polars"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn: every test that counts runs on all of them."""
    return str(request.param)
