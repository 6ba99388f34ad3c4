"""Annex, to hand on: sentences that may be quoted with their source line, and how to cite the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.answer import answer_of
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.brief_blocks import blocks_of
from auditkit.report.number_words import named
from auditkit.report.panels import Panel
from auditkit.report.sources_panel import citation
from auditkit.result import AuditResult
from auditkit.text import format_date, mark, say

__all__ = ["PANEL"]


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    facts = AuditFacts(result, language)
    blocks = {block.key: block for block in blocks_of(facts)}
    people = () if "people" not in blocks else tuple(item.text for item in blocks["people"].items)
    auditor = result.spec.auditor
    stated = None if auditor is None else auditor.independence
    independence = None if stated is None else named(stated.text(language), 2_000)
    return {
        "sentences": (answer_of(facts).sentence, *people), "citation": citation(result, language),
        "independence": independence,
        "data_date": None if result.spec.data_as_of is None else say(
            "The data are those of {day}.", day=format_date(result.spec.data_as_of, language)
        ),
    }  # fmt: skip


PANEL = Panel("quotes", "annex", 110, "panels/quotes.html", mark("To quote and to cite"), lambda result: True, _view)
