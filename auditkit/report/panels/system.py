"""Annex: what was audited, and the figures that others published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.panels import Panel
from auditkit.report.rights_panel import share_sentences
from auditkit.report.sources_panel import known_figures
from auditkit.report.system_panel import system_card
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL"]


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    return {
        "card": system_card(result.spec, language),
        "notes": result.notes,
        "known": known_figures(result, language),
        "shares": share_sentences(result.rights, language),
    }


PANEL = Panel("system", "annex", 10, "panels/system.html", mark("What was audited"), lambda result: True, _view)
