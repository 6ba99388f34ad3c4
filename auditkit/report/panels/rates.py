"""Annex: every measure of every group, and every gap, attribute by attribute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.attribute_panel import attribute_sections
from auditkit.report.group_names import Names
from auditkit.report.panels import Panel
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL"]


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    sections = attribute_sections(result.main, Names(result.main.spec, language), result.spec.publish.minimum_count)
    crossed = {view.attributes for view in result.main.views if len(view.attributes) > 1}
    return {"sections": tuple(s for s in sections if s.attributes not in crossed)}


PANEL = Panel(
    "rates", "annex", 20, "panels/rates.html", mark("Every rate and every gap, by group"),
    lambda result: bool(result.analyses), _view,
)  # fmt: skip
