"""A summary for the terminal: what was audited, the rows, what leads, what could not be told, the files."""

from __future__ import annotations

from auditkit.report.findings_panel import Finding, findings_of
from auditkit.report.group_names import Names
from auditkit.report.number_words import count, named, plain
from auditkit.report.opening_panel import leading_findings
from auditkit.report.pair_panel import primary_measures
from auditkit.report.rights_panel import share_sentences
from auditkit.report.sources_panel import FILES
from auditkit.report.system_panel import harm_sentence
from auditkit.result import AuditResult
from auditkit.text import Message, say, say_plural

__all__ = ["summary"]

_LINES = 25


def summary(result: AuditResult, language: str) -> str:
    """The audit in at most 25 lines of plain text, in `language`."""
    names = Names(result.spec, language)
    lines: list[Message | str] = [
        str(named(result.spec.title.text(language), 100)),
        harm_sentence(result.spec),
    ]
    if not result.analyses:
        lines += _documents(result, language)
        return "\n".join(plain(line, language) for line in lines) + "\n"
    if result.spec.system.status == "planned":
        lines.append(say("The system does not decide yet: what it would select is simulated."))
    lines.append(_rows(result, language))
    lines.append("")
    lines += _findings(result, names)
    lines += _checklist(result)
    lines.append("")
    report = "report.html" if language == "en" else f"report.{language}.html"
    lines.append(say("Files: {files}.", files=", ".join((report, *FILES))))
    lines = [*lines[: _LINES - 2], *lines[-2:]] if len(lines) > _LINES else lines  # the files are always named
    return "\n".join(plain(line, language) if line else "" for line in lines) + "\n"


def _documents(result: AuditResult, language: str) -> list[Message | str]:
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
        lines.append(say("The letter that asks for it: auditkit letter AUDIT documents"))
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


def _findings(result: AuditResult, names: Names) -> list[Message | str]:
    found = findings_of(result, names)
    lines: list[Message | str] = []
    leading = leading_findings(found, primary_measures(result.main.spec))
    single = [gap for gap in result.main.gaps if not gap.crossed]
    if not leading and any(gap.status == "suppressed" for gap in single):
        lines.append(say("Gaps between single groups are withheld: what they are is not said here."))
    elif not any(gap.p_value is not None and gap.verdict is not None for gap in single):
        lines.append(say("No gap between single groups could be tested: the report says why."))
    elif not leading:
        lines.append(say("No gap between single groups reaches beyond what chance alone would give in these data."))
    for finding in leading:
        lines += _finding(finding)
    total = (
        len(found.worse.findings) + found.worse.more + len(found.better.findings) + found.better.more
        + len(found.crossed.findings) + found.crossed.more - len(leading)
    )  # fmt: skip
    if total > 0:
        lines.append(say_plural("{count} more gap is in the report.", "{count} more gaps are in the report.", total))
    unsure = dict(found.counts).get("inconclusive", 0)
    if unsure:
        lines.append(
            say_plural(
                "{count} comparison is inconclusive: these data cannot tell a gap from none.",
                "{count} comparisons are inconclusive: these data cannot tell a gap from none.",
                unsure,
            )
        )
    missing = sum(e.status == "not_computed" for a in result.analyses for e in a.estimates)
    if missing:
        lines.append(
            say_plural("{count} figure could not be computed.", "{count} figures could not be computed.", missing)
        )
    if found.withheld is not None:
        lines.append(found.withheld)
    if found.withheld_groups is not None:
        lines.append(found.withheld_groups)
    return lines


def _finding(finding: Finding) -> list[Message | str]:
    lines: list[Message | str] = [
        say("- {attribute}: {what}", attribute=finding.attribute, what=finding.what),
        say("  {gap} {sure}", gap=finding.gap, sure=finding.sure),
    ]
    if finding.people is not None:
        lines.append(say("  {people}", people=finding.people))
    if finding.favour is not None:
        lines.append(say("  {people}", people=finding.favour))
    return lines
