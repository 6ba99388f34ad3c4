"""A summary for the terminal: what was audited, the answer, the rows, what could not be told, the files."""

from __future__ import annotations

from auditkit.report.answer import answer_of
from auditkit.report.answer_lead import PLANNED
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.brief_blocks import Block, Item, blocks_of
from auditkit.report.missing_figures import withheld_figures, withheld_groups
from auditkit.report.number_words import count, named, plain
from auditkit.report.rights_panel import share_sentences
from auditkit.report.sources_panel import FILES
from auditkit.result import AuditResult
from auditkit.text import Message, say, say_plural

__all__ = ["summary"]

_LINES = 25


def summary(result: AuditResult, language: str, audit: str = "audit.yaml") -> str:
    """The audit in at most 25 lines of plain text, in `language`: the answer and the blocks of the brief.

    `audit` is the audit as a command names it.
    """
    facts = AuditFacts(result, language)
    answer = answer_of(facts)
    lines: list[Message | str] = [str(named(result.spec.title.text(language), 100)), ""]
    lines += [PLANNED] if facts.is_test and result.analyses else []
    lines.append(answer.sentence)
    if not result.analyses:
        lines += _documents(result, language, audit)
        return "\n".join(plain(line, language) if line else "" for line in lines) + "\n"
    opening = facts.is_test + (result.spec.system.decision is not None)
    lines += [line for line in answer.lead[opening:] if line.values or line.template]
    lines += [*answer.deed, _rows(result, language), ""]
    blocks = {block.key: block for block in blocks_of(facts)}
    lines += _listed(blocks["found"]) if "found" in blocks else []
    if "sure" in blocks:
        lines += [*blocks["sure"].before, *blocks["sure"].notes[:1]]
    missing = sum(e.status == "not_computed" for a in result.analyses for e in a.estimates)
    if missing:
        lines.append(
            say_plural("{count} figure could not be computed.", "{count} figures could not be computed.", missing)
        )
    lines += [line for line in (withheld_figures(result), withheld_groups(result, facts.names)) if line is not None]
    lines += _checklist(result)
    lines.append("")
    report = "report.html" if language == "en" else f"report.{language}.html"
    lines.append(say("Files: {files}.", files=", ".join((report, *FILES))))
    lines = [*lines[: _LINES - 2], *lines[-2:]] if len(lines) > _LINES else lines  # the files are always named
    return "\n".join(plain(line, language) if line else "" for line in lines) + "\n"


def _listed(block: Block) -> list[Message | str]:
    """The lines of a block, each with its verdict word."""

    def line(item: Item) -> Message:
        if item.mark is None:
            return say("- {text}", text=item.text)
        return say("- {text} [{verdict}]", text=item.text, verdict=item.mark.word)

    return [line(item) for item in block.items]


def _documents(result: AuditResult, language: str, audit: str) -> list[Message | str]:
    """What an audit without data has to say: published figures, the checklist, and what to ask for."""
    lines: list[Message | str] = [say("This audit rests on documents alone: there is no table to count.")]
    if known := len(result.spec.known_figures):
        lines.append(
            say_plural(
                "{count} published figure is shown, with its denominator and its source.",
                "{count} published figures are shown, each with its denominator and its source.",
                known,
            )
        )
    lines += share_sentences(result.rights, language)
    lines += _checklist(result)
    if result.rights is not None and result.rights.missing:
        lines += ["", say("What is missing, to ask for:")]
        lines += [f"- {text.text(language)}" for text in result.rights.missing]
        command = f"auditkit letter {audit} documents"
        lines.append(say("The letter that asks for it: {command}", command=command))
    return lines


def _checklist(result: AuditResult) -> list[Message | str]:
    """How many duties of the checklist are open."""
    if result.rights is None:
        return []
    due = [item for item in result.rights.items if item.is_due]
    return [
        say(
            "Checklist: of {count} duties, {contradicted} contradicted by figures or answers, {unanswered} unanswered.",
            count=len(due),
            contradicted=sum(item.status == "contradicted" for item in due),
            unanswered=sum(item.status == "unanswered" for item in due),
        )
    ]


def _rows(result: AuditResult, language: str) -> Message:
    account = result.main.rows

    def number(value: float | None) -> Message | str:
        return say("withheld") if value is None else count(float(value), language)

    excluded = None if account.read is None or account.used is None else account.read - account.used
    return say(
        "Rows read: {read}; used: {used}; excluded: {excluded}.",
        read=number(account.read),
        used=number(account.used),
        excluded=number(excluded),
    )
