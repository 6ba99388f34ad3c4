"""Annex of the internal report alone: what the published report withholds, and why, for the data protection officer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.report.number_words import count
from auditkit.report.panels import Panel
from auditkit.result import AuditResult
from auditkit.text import Message, mark, say

__all__ = ["PANEL"]


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    small = result.suppressed.get("small_count", 0)
    protecting = result.suppressed.get("complementary", 0)
    lines: tuple[Message, ...] = (
        say(
            "This report holds every count as it is. The published one, made by the same run, withholds {number} sums.",
            number=count(float(small + protecting), language),
        ),
        say(
            "{number} are withheld because they count fewer people than the minimum, zero among them (primary "
            "suppression): each could be told to be about few people, one of whom the reader may know.",
            number=count(float(small), language),
        ),
        say(
            "{number} are withheld because a small one could be worked out from them by adding and subtracting "
            "(secondary suppression); they are large enough by themselves.",
            number=count(float(protecting), language),
        ),
        say(
            "The published files never say which is which, since that alone would narrow most small counts to a few "
            "values. private.json, beside this report, lists every withheld sum with its value and its reason."
        ),
        say(
            "Of each small count the published files leave as many values open as the minimum, at least: two tables "
            "that fit everything published and differ in it by that much were found for each before anything was "
            "written, and a run that does not find them stops."
        ),
        say(
            "This report, private.json and the salt in it stay inside: the salt lets whoever has the rows show that "
            "they are the ones, and would let others try out what the rows could be."
        ),
        say(
            "What this does not protect against: two exact publications about the same people, between which a few of "
            "them changed, where the earlier one is not named under publish; and a reader who runs the same choice on "
            "every possible table. Only noise protects fully against these."
        ),
    )
    return {"lines": lines}


PANEL = Panel(
    "internal",
    "annex",
    5,
    "panels/internal.html",
    mark("For the data protection officer: what is withheld, and why"),
    lambda result: result.internal,
    _view,
)
