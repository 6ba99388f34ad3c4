"""Subgroups that nobody named: how they were looked for, and a card for each that was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from auditkit.report.group_names import Names
from auditkit.report.number_words import Name, count
from auditkit.report.panels import Panel
from auditkit.report.panels.findings import findings_view
from auditkit.result import AnalysisResult, AuditResult
from auditkit.spec.search_spec import MOST_SUBGROUPS, SEARCH
from auditkit.text import Message, mark, say

__all__ = ["PANEL"]


def _found(result: AuditResult) -> AnalysisResult | None:
    return next((one for one in result.analyses[1:] if one.key == SEARCH), None)


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    found = _found(result)
    asked = result.spec.search
    assert asked is not None
    names = Names(result.spec, language)
    leads = [
        say(
            "Crossings of up to {depth} of {attributes} were looked at, on one half of the people, drawn at random. "
            "What stood out there was counted on the other half, which no search had seen: every figure below is of "
            "that half alone.",
            depth=asked.depth,
            attributes=tuple(Name(str(names.attribute((one,)))) for one in asked.attributes),
        )
    ]
    used = None if found is None else found.rows.used
    if used is not None:
        leads.append(say("The half that was counted: {number} people.", number=count(float(used), language)))
    if found is None:
        leads.append(_NOTHING)
        return {"leads": tuple(leads), "cards": (), "more": (), "limit": ""}
    leads.append(
        say(
            "Whatever is found, the search counts as {most} main comparisons of this audit, and what it claims shares "
            "their level. That a crossing stands out does not say why.",
            most=MOST_SUBGROUPS,
        )
    )
    return {"leads": tuple(leads), **findings_view(replace(result, analyses=(found,)), language)}


_NOTHING: Message = say(
    "No crossing of 30 people and more stood out on the first half beyond what chance alone makes. This is no proof "
    "that there is none."
)

PANEL = Panel(
    "search", "story", 36, "panels/search.html", mark("Subgroups that nobody named"),
    lambda result: bool(result.analyses) and result.spec.search is not None, _view, mark("Subgroups"),
)  # fmt: skip
