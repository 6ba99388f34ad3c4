"""What an audit lacks, said as data to ask for, and what to do next, each with the command that does it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from auditkit.result import AuditResult, RightsStep
from auditkit.rights.item_status import Checked
from auditkit.rights.library import Library
from auditkit.rights.library_records import Ground
from auditkit.rights.rights_words import Written, day, listed
from auditkit.text import Message, mark, say, say_plural, translate

__all__ = ["ASKED", "RULES", "missing_data", "next_steps"]

ASKED = ("sex", "age", "family", "disability", "nationality", "residence", "poverty")
"""The grounds of which a letter asks the counts."""

_COUNTED = {"nationality": mark("nationality"), "poverty": mark("level of income")}
"""What a table has where the name of the ground in the law is no column."""

RULES = say("The rules of the score: variables, weights, thresholds, and each version with its dates.")


def missing_data(result: AuditResult, library: Library, held: Collection[str]) -> tuple[Message, ...]:
    """Which data to ask for: what an audit of counts would need less what this one holds, ground by ground.

    `held` are the grounds of discrimination that the groups of the audit look at.
    """
    return tuple(_missing(result, {key: library.grounds[key] for key in ASKED if key not in held}))


def _column(key: str, ground: Ground, language: str) -> str:
    return translate(_COUNTED[key], language) if key in _COUNTED else ground.name.text(language).lower()


def _missing(result: AuditResult, lacking: dict[str, Ground]) -> Iterator[Message]:
    spec = result.spec
    if lacking or not result.analyses:

        def named(language: str) -> str:
            return listed((_column(*one, language) for one in lacking.items()), language)

        yield say(
            "Tables of counts by group, for each of these: {grounds}; each with the number of people that the system "
            "looks at, and of those that it selected.",
            grounds=Written("", write=named),
        )
    known = any(row.measure == "base_rate" and row.value is not None for a in result.analyses for row in a.estimates)
    seen = spec.outcome is not None or known
    if not seen:
        yield say("For those selected, by group: in how many cases something was found, and what (error, debt, right).")
    if spec.arm is None and (not result.analyses or not seen or spec.observed == "when_selected"):
        yield say("The same for cases drawn at random: without them nobody knows who is missed.")
    if spec.model is None:
        yield RULES
    if spec.system.period is None:
        yield say("The period that the figures cover.")
    if "override_rate" not in spec.rights.facts:
        yield say("How often staff depart from the score, how many appeals there are, and how many are upheld.")


def next_steps(
    result: AuditResult, checked: tuple[Checked, ...], jurisdictions: Collection[str], assessed_from: date | None
) -> tuple[RightsStep, ...]:
    """What to do after reading, the gravest first; `assessed_from` is the day of the duty of an impact assessment.

    Commands name audit.yaml: a result does not know where it came from.
    """
    return tuple(_steps(result, checked, frozenset(jurisdictions), assessed_from))


def _assessment(as_of: date | None, start: date | None) -> Message:
    if start is None or (as_of is not None and as_of >= start):
        return say("Before use: the fundamental rights impact assessment, with the figures of this audit.")
    return say(
        "Before use, and from {day} on a duty for new systems: the fundamental rights impact assessment, with the "
        "figures of this audit.",
        day=day(start),
    )


def _steps(
    result: AuditResult, checked: tuple[Checked, ...], where: frozenset[str], assessed_from: date | None
) -> Iterator[RightsStep]:
    due = [one for one in checked if one.is_due]
    against = [one.chosen.key for one in due if one.status == "contradicted"]
    firm = any(gap.verdict == "established" for one in result.analyses[:1] for gap in one.gaps)
    if against:
        yield _step(
            say_plural(
                "{count} duty is contradicted ({items}): ask whoever runs the system for its justification, in "
                "writing.",
                "{count} duties are contradicted ({items}): ask whoever runs the system for its justification, in "
                "writing.",
                len(against),
                items=", ".join(against),
            ),
            "auditkit letter audit.yaml justify-gap" if firm and "EU" in where else None,
        )
    if not result.analyses or result.spec.model is None:
        yield _step(say("Ask for the documents and data that are missing."), "auditkit letter audit.yaml documents")
    open_items = sum(one.status == "unanswered" for one in due)
    if open_items:
        yield _step(
            say_plural(
                "{count} duty has no answer yet: answer it, or send the checklist to whoever can.",
                "{count} duties have no answer yet: answer them, or send the checklist to whoever can.",
                open_items,
            ),
            "auditkit checklist audit.yaml",
        )
    if "FR" in where:
        yield _step(
            say("A person who received a decision may ask how it was made."), "auditkit letter audit.yaml explanation"
        )
    if "EU" in where:
        yield _step(say("A person may ask for their data and for the logic."), "auditkit letter audit.yaml access")
        yield _step(_assessment(result.spec.as_of, assessed_from), "auditkit letter audit.yaml fria")
    if "US" in where:
        yield _step(say("Publish the summary that the rule asks for."), "auditkit letter audit.yaml ll144")


def _step(text: Message, command: str | None = None) -> RightsStep:
    return RightsStep(text, command)
