"""The brief: the answer, one picture, six blocks; two screens, or one sheet of paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from auditkit.report.answer import Answer, answer_of
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.brief_blocks import Block, Mark, blocks_of
from auditkit.report.code_words import VERDICT_WORDS
from auditkit.report.masthead import masthead
from auditkit.report.number_words import plain
from auditkit.report.panels import Panel
from auditkit.report.panels.overview import has_overview
from auditkit.result import AuditResult
from auditkit.text import Message, mark, say, translate

__all__ = ["PANEL"]

_WORDS = 350
"""The most words of a brief."""
_LINKS = (mark("what the law asks"), mark("what to do next"), mark("All groups"), mark("worse off"))
_LEAST = (("found", 2), ("cannot", 3), ("people", 2), ("law", 2), ("found", 1), ("people", 1), ("cannot", 2))
_MORE = say("{count} more in the story.")


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    facts = AuditFacts(result, language)
    answer = answer_of(facts)
    verdict = None
    if answer.verdict in VERDICT_WORDS and answer.leading is not None:
        way = answer.direction if answer.direction in ("worse", "better") else ""
        words = {"worse": translate("worse off", language), "better": translate("better off", language)}
        verdict = Mark(
            answer.verdict, translate(VERDICT_WORDS[answer.verdict], language), way, words.get(way, ""), way == "worse"
        )
    return {
        "answer": answer,
        "mark": verdict,
        "blocks": _within_a_sheet(answer, blocks_of(facts), language),
        "masthead": masthead(result, language),
        "has_groups": has_overview(result),
        "has_law": result.rights is not None,
    }


def _within_a_sheet(answer: Answer, blocks: tuple[Block, ...], language: str) -> tuple[Block, ...]:
    """The blocks without the last lines of the longer lists, where the brief would pass the words it may have."""
    shown = {block.key: block for block in blocks}
    for key, least in _LEAST:
        while key in shown and len(shown[key].items) > least and _words(answer, shown.values(), language) > _WORDS:
            block = shown[key]
            gone = len(next(b for b in blocks if b.key == key).items) - len(block.items) + 1
            kept = [note for note in block.notes if note.template != _MORE.template]
            notes = (*kept, Message(_MORE.template, {"count": gone}))
            shown[key] = replace(block, items=block.items[:-1], notes=notes)
    return tuple(shown.values())


def _words(answer: Answer, blocks: Iterable[Block], language: str) -> int:
    """How many words the brief has on the page."""
    verdict = translate(VERDICT_WORDS[answer.verdict], language) if answer.verdict in VERDICT_WORDS else ""
    texts: list[object] = [
        verdict,
        *(translate(words, language) for words in _LINKS),
        answer.sentence,
        *answer.lead,
        *answer.deed,
        answer.duties or "",
    ]
    if answer.picture is not None:
        texts += [answer.picture.title, answer.picture.note]
        for waffle in answer.picture.waffles:
            texts += [waffle.number, waffle.label, waffle.fits]
    if answer.aside is not None:
        texts += [answer.aside.title, *answer.aside.lines]
    for block in blocks:
        texts += [block.title, *block.before, *block.notes]
        for item in block.items:
            texts += [item.text, item.label if item.link else ""]
    words = " ".join(plain(text, language) for text in texts).split()
    return sum(any(c.isalnum() for c in word) for word in words)


PANEL = Panel("brief", "brief", 10, "panels/brief.html", "", lambda result: True, _view)
