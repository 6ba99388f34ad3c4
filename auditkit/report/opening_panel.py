"""The first screen: what was audited, who is affected, what was found, how sure, what cannot be said.

It holds no figure of its own: every sentence repeats, shortly, what a section below says in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.report.code_words import VERDICT_WORDS
from auditkit.report.findings_panel import Finding, Findings
from auditkit.report.group_names import Names
from auditkit.report.methods_panel import confidence_text
from auditkit.report.number_words import count, named, quoted
from auditkit.report.pair_panel import primary_measures
from auditkit.report.rights_panel import share_sentences
from auditkit.report.sentences import is_uncorrected
from auditkit.report.square_charts import SquaresChart, squares_chart
from auditkit.report.system_panel import harm_sentence, shown_country
from auditkit.result import AuditResult
from auditkit.text import Message, say, say_plural, translate

__all__ = ["Opening", "leading_findings", "opening_of"]

_LEADING = 3
_SURE = ("established", "likely")


@dataclass(frozen=True)
class Opening:
    """The first screen, a list of sentences for each of its questions."""

    system: tuple[Message, ...]
    leading: tuple[Finding, ...]
    nothing: tuple[Message, ...]
    squares: SquaresChart | None
    sure: tuple[Message, ...]
    cannot: tuple[Message, ...]


def opening_of(result: AuditResult, names: Names, findings: Findings | None) -> Opening:
    """The first screen of an audit; of documents alone, what the system is and that nothing was counted."""
    if findings is None:
        alone = say("This audit rests on documents alone: there is no table to count.")
        nothing = (*share_sentences(result.rights, names.language), alone)
        return Opening(_system(result, names), (), nothing, None, (), (_why(),))
    leading = leading_findings(findings, primary_measures(result.main.spec))
    return Opening(
        system=_system(result, names),
        leading=leading,
        nothing=() if leading else _nothing(result),
        squares=squares_chart(leading[0].pair, result.main, names) if leading else None,
        sure=_sure(result, findings, names),
        cannot=_cannot(result, findings),
    )


def leading_findings(findings: Findings, primary: tuple[str, ...]) -> tuple[Finding, ...]:
    """What leads: the gaps to a group's disadvantage, then the strongest in a group's favour.

    Who is better off depends on the reference that was chosen: where groups fare better than their reference, it is
    the reference that fares worse, and a reader must hear of it. So one such gap always stands among what leads where
    it is established or likely, and more fill the places that are free.
    """
    worse = _strongest(findings.worse.findings, primary)[:_LEADING]
    better = _strongest(findings.better.findings, primary)
    sure = [finding for finding in better if finding.verdict in _SURE and not is_uncorrected(finding.pair.main)]
    free = max(_LEADING - len(worse), 1 if sure else 0)
    return (*worse, *(better if len(worse) < _LEADING else sure)[:free])


def _strongest(found: Sequence[Finding], primary: tuple[str, ...]) -> list[Finding]:
    """Findings in primary measures that outlast the correction, of different groups first; failing those, the rest."""
    kept = [finding for finding in found if not is_uncorrected(finding.pair.main)] or list(found)
    kept = [finding for finding in kept if finding.pair.main.measure in primary] or kept
    first: dict[tuple[str, str], Finding] = {}
    for finding in kept:
        first.setdefault((finding.attribute, finding.group), finding)
    others = [finding for finding in kept if finding not in first.values()]
    chosen = [*first.values(), *others][:_LEADING]
    return [finding for finding in kept if finding in chosen]


def _system(result: AuditResult, names: Names) -> tuple[Message, ...]:
    spec, language = result.spec, names.language
    system = spec.system
    name = quoted(named(system.name.text(language), 200), language)
    operator = named(system.operator.text(language), 200) if system.operator is not None else None
    country = shown_country(system.country, language) if system.country else None
    if operator is not None and country is not None and country.casefold() in operator.casefold():
        country = None
    if operator is not None and country is not None:
        first = say(
            "This report audits the system {system}, run by {operator} ({country}).",
            system=name, operator=operator, country=country,
        )  # fmt: skip
    elif operator is not None:
        first = say("This report audits the system {system}, run by {operator}.", system=name, operator=operator)
    elif country is not None:
        first = say("This report audits the system {system} ({country}).", system=name, country=country)
    else:
        first = say("This report audits the system {system}.", system=name)
    sentences = [first]
    if system.decision is not None:
        sentences.append(say("What it decides: {decision}.", decision=_bare(system.decision.text(language))))
    if system.affected is not None:
        sentences.append(say("Who is concerned: {affected}.", affected=_bare(system.affected.text(language))))
    sentences.append(harm_sentence(spec))
    if system.status == "planned":
        sentences.append(say("The system does not decide yet: what it would select is simulated."))
    return (*sentences, *_counted(result, language))


def _bare(text: str) -> str:
    """A text that a sentence closes: without a full stop of its own."""
    return named(text.rstrip(" ."), 400)


def _counted(result: AuditResult, language: str) -> tuple[Message, ...]:
    if not result.analyses or result.main.rows.used is None:
        return ()
    account = result.main.rows
    used = round(account.used or 0)
    is_counts = result.main.spec.data is not None and result.main.spec.data.is_counts
    if account.approximate:
        return (say("The figures rest on about {number} people.", number=count(float(used), language)),)
    if is_counts:
        return (say_plural("The figures rest on {count} person.", "The figures rest on {count} people.", used),)
    return (say_plural("The figures rest on {count} row of data.", "The figures rest on {count} rows of data.", used),)


def _nothing(result: AuditResult) -> tuple[Message, ...]:
    """What is said where no gap leads; never that there is none."""
    single = [gap for gap in result.main.gaps if not gap.crossed]
    proof = say("That is no proof that there is none.")
    if any(gap.status == "suppressed" for gap in single):
        return (say("Gaps between single groups are withheld: what they are is not said here."), proof)
    if not any(gap.p_value is not None and gap.verdict is not None for gap in single):
        return (say("No gap between single groups could be tested: the report says why."), proof)
    return (
        say("No gap between single groups reaches beyond what chance alone would give in these data."),
        proof,
    )


def _sure(result: AuditResult, findings: Findings, names: Names) -> tuple[Message, ...]:
    words = tuple(
        say(
            "{verdict}: {number}",
            verdict=translate(VERDICT_WORDS[code], names.language),
            number=count(float(number), names.language),
        )
        for code in VERDICT_WORDS
        for word, number in findings.counts
        if word == code
    )
    found = [findings.overview]
    if words:
        found.append(say("By verdict: {words}.", words=words))
    found.append(
        say(
            "The figures in brackets are {confidence} intervals: the values that fit these data.",
            confidence=confidence_text(result, names.language),
        )
    )
    return tuple(found)


def _why() -> Message:
    return say(
        "Whether a gap is justified, and whether it is discrimination: a finding opens that question, "
        "it does not close it."
    )


def _cannot(result: AuditResult, findings: Findings) -> tuple[Message, ...]:
    unsure = dict(findings.counts).get("inconclusive", 0)
    found = [_why()]
    if unsure:
        found.append(
            say_plural(
                "{count} comparison is inconclusive: these data cannot tell a gap from none.",
                "{count} comparisons are inconclusive: these data cannot tell a gap from none.",
                unsure,
            )
        )
    return (*found, *findings.cautions)
