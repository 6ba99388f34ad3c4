"""Annex: figures along the score and along stages, and the threshold explorer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.group_names import Names
from auditkit.report.panels import Panel
from auditkit.report.sweep_panel import point_sections
from auditkit.report.threshold_explorer import explorer_of
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL", "has_explorer"]


def _is_wanted(result: AuditResult) -> bool:
    return bool(result.analyses) and bool(result.main.points)


def _sections(result: AuditResult, language: str) -> Any:
    return point_sections(result.main, Names(result.main.spec, language), result.spec.publish.minimum_count)


def _explorer(result: AuditResult, language: str) -> Any:
    threshold = result.main.facts.get("threshold")
    place = float(threshold) if isinstance(threshold, (int, float)) else None
    return explorer_of(_sections(result, language), language, place)


def has_explorer(result: AuditResult, language: str) -> bool:
    """Whether the page carries the explorer, and so its script."""
    return _is_wanted(result) and _explorer(result, language) is not None


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    return {
        "sections": _sections(result, language),
        "explorer": _explorer(result, language),
        "has_more": any(analysis.points for analysis in result.analyses[1:]),
    }


PANEL = Panel("scores", "annex", 50, "panels/scores.html", mark("Along the score and its stages"), _is_wanted, _view)
