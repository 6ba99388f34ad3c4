"""The wheel is enough: built, installed in a fresh environment, it runs a shipped audit in an empty folder."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.commands import ROOT, environment


def test_an_audit_runs_from_the_installed_wheel(tmp_path: Path) -> None:
    built = tmp_path / "built"
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "fresh")], check=True)
    python = tmp_path / "fresh" / "bin" / "python"
    inside = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", inside, str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    # what auditkit asks for comes from the environment of the tests, after what is installed here
    Path(inside, "others.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    empty = tmp_path / "empty"
    empty.mkdir()
    clean = {key: value for key, value in environment().items() if key != "PYTHONPATH"}
    found = subprocess.run(
        [python, "-c", "import auditkit; print(auditkit.__file__)"],
        cwd=empty,
        env=clean,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert found.startswith(inside)
    for arguments in (["run", "amsterdam-smart-check", "--language", "fr"], ["datasets", "list"]):
        done = subprocess.run(
            [python, "-m", "auditkit", *arguments], cwd=empty, env=clean, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    report = empty / "reports" / "amsterdam-smart-check" / "report.fr.html"
    assert "Amsterdam" in report.read_text(encoding="utf-8")
    assert {path.name for path in empty.iterdir()} == {"reports"}
