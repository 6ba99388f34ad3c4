"""`run` reaches nothing outside the machine: any socket that it opened would end it."""

from __future__ import annotations

from pathlib import Path

from tests.commands import auditkit, small_audit

GUARD = """\
import sys

def guard(event, arguments):
    if event.startswith("socket."):
        raise RuntimeError(f"{event} {arguments}")

sys.addaudithook(guard)
"""


def test_a_run_opens_no_socket(tmp_path: Path) -> None:
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    small_audit(tmp_path)
    path = f"{tmp_path / 'guard'}:{Path(__file__).parent.parent}"
    done = auditkit(tmp_path, "run", "audit.yaml", "--out", "report", PYTHONPATH=path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "report" / "report.html").is_file()


def test_the_guard_guards(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(GUARD)
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", "import socket; socket.socket()"],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "RuntimeError: socket" in done.stderr
