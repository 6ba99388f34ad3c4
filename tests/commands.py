"""The command line run as a program of its own, in a folder, with a quiet environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def environment(**changes: str) -> dict[str, str]:
    """The environment of a command: English, the checkout on the path, nothing else of ours. Compiled modules are kept,
    as on users' machines: a command takes a quarter longer where each compiles all anew."""
    ours = ("LC_", "LANG", "COV_", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return {**kept, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **changes}


def auditkit(folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """One command, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "auditkit", *arguments],
        cwd=folder,
        env=environment(**changes),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


ROWS = """\
title: A small audit
as_of: 2026-11-21
system: {name: Score, harm: punitive, operator: An agency}
data: rows.csv
score: score
selected: {at_least: 0.6}
outcome: {column: fraud, positive: [1]}
groups:
  sex: {column: sex, reference: F, ground: sex, name: {en: sex, fr: sexe}}
"""


def small_audit(folder: Path) -> Path:
    """An audit of 400 rows in `folder`: M is selected about twice as often as F."""
    lines = ["sex,score,fraud"]
    for i in range(400):
        sex = "FM"[i % 2]
        score = (i * 37 % 100) / 100 + (0.2 if sex == "M" else 0.0)
        lines.append(f"{sex},{score:.2f},{int(i % 7 == 0)}")
    (folder / "rows.csv").write_text("\n".join(lines) + "\n")
    (folder / "audit.yaml").write_text(ROWS)
    return folder / "audit.yaml"
