"""Annex: the words used, and the measures in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.group_names import Names
from auditkit.report.panels import Panel
from auditkit.report.report_words import terms
from auditkit.report.sources_panel import glossary
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL"]


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    return {"terms": terms(language), "measures": glossary(result, Names(result.spec, language))}


PANEL = Panel("glossary", "annex", 130, "panels/glossary.html", mark("Glossary"), lambda result: True, _view)
