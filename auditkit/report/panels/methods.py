"""Annex: methods, verdict words, limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.group_names import Names
from auditkit.report.methods_panel import limits, methods_of, verdict_legend
from auditkit.report.missing_figures import not_computed, withheld_groups
from auditkit.report.panels import Panel
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL"]


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    names = Names(result.main.spec if result.analyses else result.spec, language)
    return {
        "methods": methods_of(result, names) if result.analyses else None,
        "legend": verdict_legend(result, names) if result.analyses else (),
        "limits": limits(result),
        "missing": not_computed(result.main, names) if result.analyses else (),
        "withheld": withheld_groups(result, names) if result.analyses else None,
    }


PANEL = Panel("methods", "annex", 100, "panels/methods.html", mark("Methods and limits"), lambda result: True, _view)
