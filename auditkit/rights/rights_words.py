"""Values inside sentences that differ by language: numbers, days, and names that a person gave.

A sentence is written before anybody knows who reads it, so what goes into its blanks waits too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from auditkit.errors import cut
from auditkit.spec.spec_words import Words
from auditkit.text import Message, format_date, format_number, format_percent, translate

__all__ = ["Written", "day", "is_blank", "listed", "number", "percent", "read_day", "term", "words"]

_BLANK = re.compile(
    r"[?\s.…–-]*|jsp|nsp|idk|(je )?(ne |n[’']en )?sai[st] (pas|rien)|(i )?(do not|don[’']?t) know|aucune idée|no idea"
    r"|(un|in)(known|connue?)",
    re.IGNORECASE,
)
_MONTHS = (
    "janvier january", "février fevrier february", "mars march", "avril april", "mai may", "juin june", "juillet july",
    "août aout august", "septembre september", "octobre october", "novembre november", "décembre decembre december",
)  # fmt: skip
_NO_BREAK = "\u00a0\u202f"


@dataclass(frozen=True)
class Written(Message):
    """A value that knows how to write itself in a language."""

    write: Callable[[str], str] = str

    def text(self, language: str = "en") -> str:
        """The value in `language`."""
        return self.write(language)


def number(value: float, decimals: int = 2) -> Written:
    """A number as the language writes it; without a limit, the sign of infinity.

    >>> number(1.234).text("fr"), number(float("inf")).text("en")
    ('1,23', '∞')
    """
    if value in (float("inf"), float("-inf")):
        return Written("", write=lambda language: "∞" if value > 0 else "\u2212∞")
    return Written("", write=lambda language: format_number(value, decimals, language))


def percent(share: float, decimals: int = 1) -> Written:
    """A share in [0, 1] as a percentage."""
    return Written("", write=lambda language: format_percent(share, decimals, language))


def day(when: date) -> Written:
    """A day in words."""
    return Written("", write=lambda language: format_date(when, language))


def is_blank(text: str) -> bool:
    """Whether what was typed says that nothing is known.

    >>> is_blank("je ne sais pas"), is_blank("?"), is_blank("CAF de Gironde")
    (True, True, False)
    """
    return _BLANK.fullmatch(" ".join(text.split())) is not None


def read_day(text: str) -> date | None:
    """A day as people write it: 2026-01-15, 15/01/2026, 15.1.26, 15 janvier 2026, 1er mars 2026; None for another text.

    >>> read_day("1er mars 2026"), read_day("15/01/2026"), read_day("31/02/2026")
    (datetime.date(2026, 3, 1), datetime.date(2026, 1, 15), None)
    """
    bare = " ".join(text.lower().replace("\u00a0", " ").replace("\u202f", " ").split())
    try:
        if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t]00:00:00)?", bare):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})", bare):
            return date(int(found[3]) + (2000 if len(found[3]) == 2 else 0), int(found[2]), int(found[1]))
        if found := re.fullmatch(r"(\d{1,2})(?:er|st|nd|rd|th)? ([^\W\d]+)\.? (\d{4})", bare):
            months = [i for i, names in enumerate(_MONTHS, start=1) if found[2] in names.split()]
            return date(int(found[3]), months[0], int(found[1])) if months else None
    except ValueError:
        return None
    return None


def words(text: Words | Message | str, length: int = 80) -> Written:
    """A text that a person wrote, cut where it would break the sentence; the spaces of French typography stay.

    >>> words("\u00ab\u202foui\u202f\u00bb").text("fr")
    '\u00ab\\u202foui\\u202f\u00bb'
    """
    return Written("", write=lambda language: _cut(text if isinstance(text, str) else text.text(language), length))


def _cut(text: str, length: int) -> str:
    """As `cut`, which would print a no-break space as its code."""
    parts = re.split(f"([{_NO_BREAK}])", text if len(text) <= length else text[: length - 1] + "…")
    return "".join(part if part in _NO_BREAK else cut(part, length) for part in parts)


def term(template: str) -> Written:
    """A term of the catalogues, such as the name of a measure."""
    return Written("", write=lambda language: translate(template, language))


def listed(parts: Iterable[str], language: str) -> str:
    """Texts in a row, with the semicolon of the language.

    >>> listed(["a", "b"], "fr")
    'a\u202f; b'
    """
    return translate("; ", language).join(parts)
