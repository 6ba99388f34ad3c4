"""What is missing from the figures, and why: not computed, withheld, and which groups are withheld whole."""

from __future__ import annotations

from collections.abc import Iterable

from auditkit.report.code_words import reason_sentence
from auditkit.report.group_names import Names
from auditkit.report.value_texts import is_withheld
from auditkit.result import AnalysisResult, AuditResult
from auditkit.text import Message, say, say_plural

__all__ = ["not_computed", "withheld_figures", "withheld_groups"]

_NAMED = 8


def not_computed(analysis: AnalysisResult, names: Names) -> tuple[Message, ...]:
    """What could not be computed, by measure and reason, with how many figures it concerns."""
    found: dict[tuple[str, str], int] = {}
    for estimate in analysis.estimates:
        if estimate.status == "not_computed" and estimate.reason is not None:
            key = (estimate.measure, estimate.reason)
            found[key] = found.get(key, 0) + 1
    by_reason: dict[tuple[str, int], list[str]] = {}
    for (measure, reason), number in found.items():
        by_reason.setdefault((reason, number), []).append(measure)
    return tuple(
        say_plural(
            "{measures}, {count} figure: {reason}",
            "{measures}, {count} figures each: {reason}",
            number,
            measures=tuple(names.measure(key) for key in measures),
            reason=reason_sentence(reason, names.language),
        )
        for (reason, number), measures in by_reason.items()
    )


def withheld_figures(result: AuditResult) -> Message | None:
    """How many figures were withheld; None where none was."""
    number = sum(_suppressed(analysis.estimates) + _suppressed(analysis.gaps) for analysis in result.analyses)
    if number == 0:
        return None
    return say_plural(
        "{count} figure is withheld because it rests on fewer than {minimum} people or would give such a figure away.",
        "{count} figures are withheld because they rest on fewer than {minimum} people or would give such "
        "figures away.",
        number,
        minimum=result.spec.publish.minimum_count,
    )


def withheld_groups(result: AuditResult, names: Names) -> Message | None:
    """The groups of single attributes whose share selected is withheld, and what would let the large ones be shown.

    Which of them is small is not said: a large one is withheld where the small one could be worked out from it.
    """
    hidden = [
        say(
            "{attribute} “{group}”",
            attribute=names.attribute(estimate.attributes),
            group=names.group(estimate.attributes, estimate.groups),
        )
        for estimate in result.main.estimates
        if estimate.measure == "selection_rate" and is_withheld(estimate) and len(estimate.attributes) == 1
    ]
    if not hidden:
        return None
    shown: Message = hidden[0]
    for one in hidden[1:_NAMED]:
        shown = say("{first}, {second}", first=shown, second=one)
    if len(hidden) > _NAMED:
        shown = say("{first}, and {count} more", first=shown, count=len(hidden) - _NAMED)
    return say(
        "Withheld whole: {groups}. A large group may be among them, to protect a small one: join the small one to "
        "another in the data, or leave it out with keep, and the large one can be shown.",
        groups=shown,
    )


def _suppressed(records: Iterable[object]) -> int:
    return sum(is_withheld(record) for record in records)
