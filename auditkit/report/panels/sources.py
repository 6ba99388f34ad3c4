"""Annex: the files that went in, the versions, and how anyone can check the figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.panels import Panel
from auditkit.report.sources_panel import FILES, source_lines
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL"]


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    return {"sources": source_lines(result, language), "files": FILES}


PANEL = Panel(
    "sources", "annex", 120, "panels/sources.html", mark("Sources, and how to check"), lambda result: True, _view
)
