"""The figures that others published, where they are all there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.panels import Panel
from auditkit.report.sources_panel import known_figures
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL"]

_SHOWN = 8


def _is_wanted(result: AuditResult) -> bool:
    return not result.analyses and bool(result.spec.known_figures)


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    lines = known_figures(result, language)
    return {"lines": lines[:_SHOWN], "more": max(0, len(lines) - _SHOWN)}


PANEL = Panel(
    "known",
    "story",
    15,
    "panels/known.html",
    mark("What others published"),
    _is_wanted,
    _view,
    mark("Published figures"),
)
