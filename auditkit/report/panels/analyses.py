"""Annex: the other analyses, and all of them side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from auditkit.report.attribute_panel import attribute_sections
from auditkit.report.group_names import Names, anchor
from auditkit.report.panels import Panel
from auditkit.report.side_by_side import before_tables
from auditkit.result import AuditResult
from auditkit.spec.search_spec import SEARCH
from auditkit.text import mark

__all__ = ["PANEL"]


def _is_wanted(result: AuditResult) -> bool:
    return any(one.key != SEARCH for one in result.analyses[1:])


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    minimum = result.spec.publish.minimum_count
    if result.spec.search is not None:  # which has a panel of its own
        result = replace(result, analyses=tuple(one for one in result.analyses if one.key != SEARCH))
    variations = []
    for analysis in result.analyses[1:]:
        names = Names(analysis.spec, language)
        sections = attribute_sections(analysis, names, minimum)
        variations.append((anchor("analysis", analysis.key), names.analysis(analysis.key, analysis.spec), sections))
    return {"tables": before_tables(result, language), "variations": tuple(variations)}


PANEL = Panel("analyses", "annex", 40, "panels/analyses.html", mark("The other analyses"), _is_wanted, _view)
