"""Annex, to hand on: sentences that may be quoted with their source line, and how to cite the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.answer import answer_of
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.brief_blocks import blocks_of
from auditkit.report.panels import Panel
from auditkit.report.sources_panel import citation
from auditkit.result import AuditResult
from auditkit.text import mark

__all__ = ["PANEL"]


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    facts = AuditFacts(result, language)
    blocks = {block.key: block for block in blocks_of(facts)}
    people = () if "people" not in blocks else tuple(item.text for item in blocks["people"].items)
    return {"sentences": (answer_of(facts).sentence, *people), "citation": citation(result, language)}


PANEL = Panel("quotes", "annex", 110, "panels/quotes.html", mark("To quote and to cite"), lambda result: True, _view)
