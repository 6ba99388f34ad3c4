"""What a run loads beside the count: it may fail or be cut short, and the run does not notice."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from auditkit.cli import import_ahead as ahead
from auditkit.cli.import_ahead import loading_ahead


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "loading ahead"]


def test_nothing_is_left_running_after_the_block() -> None:
    with loading_ahead("en"):
        assert len(_threads()) <= 1
    assert _threads() == []


def test_what_fails_is_left_to_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_MODULES", ("auditkit.no_such_room",))
    with loading_ahead("en"):
        pass
    assert _threads() == []


def test_it_ends_with_an_error_in_the_block() -> None:
    with pytest.raises(ValueError, match="the run"), loading_ahead("fr"):
        raise ValueError("the run")
    assert _threads() == []


def test_counting_needs_nothing_of_what_comes_after() -> None:
    late = ["scipy", "auditkit.findings.analysis", "auditkit.withhold", "auditkit.report", "jinja2", "pandas"]
    code = f"import sys, auditkit.run; print([name for name in {late!r} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
