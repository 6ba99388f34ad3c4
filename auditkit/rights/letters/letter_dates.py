"""The dates of letters, written into audit.yaml at once and whole: what stood there, comments too, is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from auditkit.rights.answers import open_round_trip, replace_file

__all__ = ["write_dates"]


def write_dates(path: Path, given: Iterable[tuple[str, str, date]]) -> None:
    """Add each (kind, event, day) under `letters`. Raises TargetError where writing is refused."""
    yaml, content = open_round_trip(path)
    for kind, event, day in given:
        content.setdefault("letters", {}).setdefault(kind, {})[event] = day
    replace_file(path, yaml, content)
