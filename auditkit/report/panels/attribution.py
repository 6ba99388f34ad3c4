"""Annex: every gap split by its variables, and what else was asked of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.attribution_panel import why_panel
from auditkit.report.group_names import Names
from auditkit.report.panels import Panel
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL"]


def _is_wanted(result: AuditResult) -> bool:
    return bool(result.analyses) and result.main.attribution is not None


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    return {"why": why_panel(result.main, Names(result.main.spec, language), result.spec.publish.minimum_count)}


PANEL = Panel(
    "attribution", "annex", 60, "panels/attribution.html", mark("Why scores differ, in figures"), _is_wanted, _view
)
