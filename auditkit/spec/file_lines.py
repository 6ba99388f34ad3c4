"""Where what ships with auditkit is found: in the wheel, or beside the package in a checkout."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

__all__ = ["shipped", "shipped_names"]

Kind = Literal["audits", "datasets", "report_templates"]


def shipped(kind: Kind) -> Path:
    """The folder of shipped audits, datasets or report templates."""
    package = Path(str(files("auditkit")))
    inside = package / "shipped" / kind
    return inside if inside.is_dir() else package.parent / kind


def shipped_names(kind: Kind) -> list[str]:
    """The names of what ships, sorted."""
    marker = {"audits": "audit.yaml", "datasets": "dataset.yaml", "report_templates": "report.html"}[kind]
    folder = shipped(kind)
    return sorted(p.parent.name for p in folder.glob(f"*/{marker}")) if folder.is_dir() else []
