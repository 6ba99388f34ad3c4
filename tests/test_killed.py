"""A killed run leaves the target as it was, or whole; what it leaves beside, the next run clears."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands import auditkit, environment, small_audit

MOMENTS = 5  # of each of four kinds: twenty


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def whole(folder: Path) -> bool:
    """Whether a folder is as its manifest says."""
    outputs = json.loads((folder / "manifest.json").read_bytes())["outputs"]
    return names(folder) == {*outputs, "manifest.json"} and all(
        hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"] for name, entry in outputs.items()
    )


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "ended"])
@pytest.mark.parametrize("existing", [False, True], ids=["new", "replaced"])
def test_a_killed_run_leaves_nothing(number: signal.Signals, existing: bool, tmp_path: Path) -> None:
    here, temporary = tmp_path / "here", tmp_path / "temporary"
    here.mkdir()
    temporary.mkdir()
    small_audit(here)
    began = time.monotonic()
    done = auditkit(here, "run", "audit.yaml", "--out", "reports/one", "--quiet", TMPDIR=str(temporary))
    duration = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    if not existing:
        done = subprocess.run(["rm", "-r", str(here / "reports")], check=True)  # type: ignore[assignment]
    chance = random.Random(f"{number} {existing}")
    for _ in range(MOMENTS):
        command = [sys.executable, "-m", "auditkit", "run", "audit.yaml", "--out", "reports/one", "--quiet"]
        running = subprocess.Popen(command, cwd=here, env=environment(TMPDIR=str(temporary)), stderr=subprocess.PIPE)
        # the last tenth of a run, in which files are written, is hit as often as the rest together
        share = chance.uniform(0.85, 1.0) if chance.random() < 0.5 else chance.random()
        try:
            running.wait(timeout=share * duration)
        except subprocess.TimeoutExpired:
            running.send_signal(number)
        _, error = running.communicate()
        assert running.returncode in (0, -signal.SIGKILL, 143, -signal.SIGTERM), error
        left = {name for name in names(here) if not name.startswith(".reports.auditkit-")}
        assert left <= {"audit.yaml", "rows.csv", "reports"}
        assert names(temporary) == set()
        if existing or (here / "reports").exists():
            assert {name for name in names(here / "reports") if not name.startswith(".one.auditkit-")} == {"one"}
            assert whole(here / "reports" / "one")
