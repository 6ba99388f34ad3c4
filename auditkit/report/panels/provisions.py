"""Annex: the provisions behind the duties with their dates, the grounds looked at, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.group_names import Names
from auditkit.report.panels import Panel
from auditkit.report.rights_panel import rights_panel
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL"]


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    return {"panel": rights_panel(result, Names(result.spec, language), ())}


PANEL = Panel(
    "provisions", "annex", 80, "panels/provisions.html", mark("Provisions, grounds, and what is missing"),
    lambda result: result.rights is not None, _view,
)  # fmt: skip
