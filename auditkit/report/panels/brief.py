"""The brief: the answer, one picture, six blocks; two screens, or one sheet of paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.answer import answer_of
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.brief_blocks import Mark, blocks_of
from auditkit.report.code_words import VERDICT_WORDS
from auditkit.report.masthead import masthead
from auditkit.report.panels import Panel
from auditkit.report.panels.overview import has_overview
from auditkit.result import AuditResult
from auditkit.text import translate

__all__ = ["PANEL"]


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    facts = AuditFacts(result, language)
    answer = answer_of(facts)
    mark = None
    if answer.verdict in VERDICT_WORDS and answer.leading is not None:
        way = answer.direction if answer.direction in ("worse", "better") else ""
        words = {"worse": translate("worse off", language), "better": translate("better off", language)}
        mark = Mark(
            answer.verdict, translate(VERDICT_WORDS[answer.verdict], language), way, words.get(way, ""), way == "worse"
        )
    return {
        "answer": answer,
        "mark": mark,
        "blocks": blocks_of(facts),
        "masthead": masthead(result, language),
        "has_groups": has_overview(result),
        "has_law": result.rights is not None,
    }


PANEL = Panel("brief", "brief", 10, "panels/brief.html", "", lambda result: True, _view)
