"""Annex: the figures of crossed groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.attribute_panel import attribute_sections
from auditkit.report.group_names import Names
from auditkit.report.panels import Panel
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL"]


def _is_wanted(result: AuditResult) -> bool:
    return bool(result.analyses) and any(len(view.attributes) > 1 for view in result.main.views)


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    sections = attribute_sections(result.main, Names(result.main.spec, language), result.spec.publish.minimum_count)
    return {"sections": tuple(s for s in sections if len(s.attributes) > 1)}


PANEL = Panel("crossings", "annex", 30, "panels/rates.html", mark("Crossed groups, in figures"), _is_wanted, _view)
