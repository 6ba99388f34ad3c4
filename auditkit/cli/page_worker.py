"""The process in which the page lets files be read and audits be run: `python -m auditkit.cli.page_worker`.

It loads what tasks need, waits for one on stdin, leaves its outcome on stdout, and is watched as a command is.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditkit.cli import main
from auditkit.cli.terminal_reader import READER
from auditkit.text import Message, say

__all__ = ["one_task", "run_audit_task"]


def one_task(arguments: list[str]) -> int:
    """Load what tasks need, take one from stdin, and leave its outcome on stdout."""
    from auditkit.page.tasks import run_task

    if not (line := sys.stdin.readline()):
        return 0
    given: dict[str, Any] = json.loads(line)
    language = READER.language
    done = run_audit_task(given, language) if given["task"] == "run" else run_task(given["task"], given, language)
    _leave({"done": done})
    return 0


def run_audit_task(given: Mapping[str, Any], language: str) -> dict[str, Any]:
    """`auditkit run`, saying what it is at."""
    from auditkit.cli.run_command import audit_files
    from auditkit.run import run_audit
    from auditkit.spec import load_audit
    from auditkit.write.output_folder import write_folder

    path, out = Path(given["folder"]) / "audit.yaml", Path(given["out"])
    spec = load_audit(path)
    began = time.perf_counter()
    _progress(say("Reading and measuring …"), language)
    result = run_audit(spec, path.parent, progress=lambda said: _progress(said, language), trust=given.get("trust"))
    measured = time.perf_counter() - began
    _progress(say("Writing the report …"), language)
    files, _ = audit_files(result, path, "audit.yaml", language, measured)
    write_folder(out, files)
    return {"files": sorted(files)}


def _progress(message: Message, language: str) -> None:
    _leave({"progress": message.text(language)})


def _leave(said: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(work=one_task)
