"""Where the programs are that tests of engines need."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

__all__ = ["JAVA", "POSTGRES", "java", "postgres_programs"]

POSTGRES = "AUDITKIT_POSTGRES"
JAVA = "AUDITKIT_JAVA"


def postgres_programs() -> Path | None:
    """The folder of initdb and pg_ctl: named by the environment, on the path, or where Debian puts them."""
    if named := os.environ.get(POSTGRES):
        return Path(named)
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


def java() -> str | None:
    """The Java that Spark runs on."""
    return os.environ.get(JAVA) or shutil.which("java")
