"""What --fail-on and `Audit.require` ask to hold: that no group fares worse with a verdict, or a stronger one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from auditkit.cli.terminal_reader import READER
from auditkit.errors import InputError, NotHeld, cut
from auditkit.text import LANGUAGES, say_plural, translate

if TYPE_CHECKING:
    from auditkit.result import AuditResult, Gap
    from auditkit.trend import Watched

__all__ = ["GATES", "gate_of", "hold", "refuse", "worse"]

One = TypeVar("One", "Gap", "Watched")

GATES = ("established", "present", "small", "inconclusive")
"""The verdicts, the strongest first; each takes those before it along."""


def gate_of(given: str) -> str:
    """The verdict that --fail-on names, in English or in the words of a report in another language.

    Case, accents and what stands in brackets do not matter. Raises InputError with the words there are.

    >>> gate_of("Établi"), gate_of("présent (ampleur incertaine)")
    ('established', 'present')
    """
    if given in GATES:
        return given
    from auditkit.report.code_words import VERDICT_WORDS

    words = {word: {lang: _bare(translate(VERDICT_WORDS[word], lang)) for lang in LANGUAGES} for word in GATES}
    for word, by_language in words.items():
        if _bare(given) in by_language.values():
            return word
    raise InputError(
        'There is no verdict "{given}" for --fail-on; expected one of {known}.',
        given=cut(given),
        known=", ".join(translate(VERDICT_WORDS[word], READER.language).partition(" (")[0] for word in GATES),
    )


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.partition("(")[0].strip().lower())
    return "".join(c for c in letters if not unicodedata.combining(c)).replace("-", " ")


def hold(result: AuditResult, verdict: str) -> None:
    """Raise NotHeld where a group fares worse than its reference with `verdict` or a stronger one.

    The difference and the ratio of one comparison count once.
    """
    refuse(
        len(
            {(one.key, g.attributes, g.groups, g.measure) for one in result.analyses for g in worse(one.gaps, verdict)}
        ),
        verdict,
    )


def worse(gaps: Iterable[One], verdict: str) -> list[One]:
    """The gaps to the disadvantage of a group that have this verdict or a stronger one."""
    counted = GATES[: GATES.index(verdict) + 1]
    return [gap for gap in gaps if gap.direction == "worse" and gap.verdict in counted]


def refuse(count: int, verdict: str) -> None:
    """Raise NotHeld where there are such gaps."""
    if count:
        raise NotHeld(
            say_plural(
                "{count} gap to the disadvantage of a group has the verdict {verdicts}.",
                "{count} gaps to the disadvantage of a group have the verdict {verdicts}.",
                count,
                verdicts=", ".join(GATES[: GATES.index(verdict) + 1]),
            )
        )
