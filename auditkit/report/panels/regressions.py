"""Annex: the regressions, term by term."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.group_names import Names
from auditkit.report.panels import Panel
from auditkit.report.regression_panel import regression_tables
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL"]


def _is_wanted(result: AuditResult) -> bool:
    return any(analysis.regressions for analysis in result.analyses)


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    tables = (t for a in result.analyses for t in regression_tables(a, Names(a.spec, language)))
    return {"tables": tuple(tables)}


PANEL = Panel("regressions", "annex", 70, "panels/regressions.html", mark("Regressions"), _is_wanted, _view)
