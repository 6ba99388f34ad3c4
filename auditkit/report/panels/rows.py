"""Annex: every row accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.group_names import Names
from auditkit.report.panels import Panel
from auditkit.report.row_account_panel import rows_table
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL"]


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    return {"tables": tuple(rows_table(a, Names(a.spec, language)) for a in result.analyses)}


PANEL = Panel(
    "rows",
    "annex",
    90,
    "panels/rows.html",
    mark("Every row accounted for"),
    lambda result: bool(result.analyses),
    _view,
)
