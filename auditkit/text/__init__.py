"""Every sentence a user reads, in the reader's language.

English sentences are the message identifiers; a language is a folder of gettext catalogues, one a room
(`fr/LC_MESSAGES/ROOM.po`), as far as it has been translated: English stands where it has not. Building or
installing the package compiles them; a catalogue that was changed since is read as it stands. A `Message` is a
sentence not yet put in a language, so that library code can say what is wrong without knowing who reads. Numbers
follow the language.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path

__all__ = [
    "LANGUAGES",
    "Message",
    "format_date",
    "format_number",
    "format_percent",
    "mark",
    "say",
    "say_plural",
    "translate",
    "translate_plural",
]

_FOLDER = Path(__file__).parent
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"


def _languages() -> tuple[str, ...]:
    return ("en", *sorted(p.parent.name for p in _FOLDER.glob("*/LC_MESSAGES") if any(p.glob("*.po"))))


LANGUAGES = _languages()


@lru_cache(maxsize=8)
def _catalogue(language: str) -> gettext.NullTranslations:
    chain: gettext.NullTranslations | None = None
    for path in sorted((_FOLDER / language / "LC_MESSAGES").glob("*.po")):
        catalogue = _read(path)
        if chain is None:
            chain = catalogue
        else:
            chain.add_fallback(catalogue)
    return chain or gettext.NullTranslations()


def _read(path: Path) -> gettext.GNUTranslations:
    """The catalogue at `path`: compiled where that is not older than its source, else compiled here, in memory."""
    compiled = path.with_suffix(".mo")
    if compiled.is_file() and compiled.stat().st_mtime >= path.stat().st_mtime:
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    buffer = BytesIO()
    with path.open("rb") as source:
        write_mo(buffer, read_po(source, locale=path.parts[-3]))
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)


@lru_cache(maxsize=16_384)
def translate(template: str, language: str) -> str:
    """The sentence `template` in `language`; the template itself where there is no translation."""
    return template if language == "en" or not template else _catalogue(language).gettext(template)


def translate_plural(one: str, many: str, count: int, language: str) -> str:
    """The form of a sentence that goes with `count` (French: 0 and 1 are singular)."""
    if language == "en":
        return one if count == 1 else many
    return _catalogue(language).ngettext(one, many, count)


@dataclass(frozen=True)
class Message:
    """A sentence with blanks, and what goes into them; values may be messages themselves."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None
    count: int = 1

    def text(self, language: str = "en") -> str:
        """The sentence in `language`, blanks filled, numbers written as the language does."""
        if self.plural is None:
            template = translate(self.template, language)
        else:
            template = translate_plural(self.template, self.plural, self.count, language)
        return template.format(**{k: _fill(v, language) for k, v in self.values.items()})


def _fill(value: object, language: str) -> object:
    if isinstance(value, Message):
        return value.text(language)
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return format_number(value, 0, language)


def mark(sentence: str) -> str:
    """The sentence itself: says to the collector that it is translated where it is shown."""
    return sentence


def say(template: str, **values: object) -> Message:
    """A message: `say("No file {file}.", file="a.csv")`. Also the mark by which sentences are collected."""
    return Message(template, values)


def say_plural(one: str, many: str, count: int, **values: object) -> Message:
    """A message whose form depends on `count`, which fills the blank {count}."""
    return Message(one, {"count": count, **values}, many, count)


def format_number(value: float, decimals: int, language: str) -> str:
    """A number as the language writes it.

    >>> format_number(12345.678, 1, "en"), format_number(12345.678, 1, "fr")
    ('12,345.7', '12\\u202f345,7')
    """
    text = f"{value:,.{decimals}f}"
    if text.startswith("-"):
        text = "\u2212" + text[1:] if float(f"{value:.{decimals}f}") != 0 else text[1:]
    if language == "en":
        return text
    return text.replace(",", NARROW_SPACE).replace(".", ",")


def format_percent(share: float, decimals: int, language: str) -> str:
    """A share in [0, 1] as a percentage.

    >>> format_percent(0.4486, 1, "en"), format_percent(0.4486, 1, "fr")
    ('44.9%', '44,9\\u202f%')
    """
    return format_number(100 * share, decimals, language) + ("%" if language == "en" else NARROW_SPACE + "%")


_MONTHS = tuple("January February March April May June July August September October November December".split())


def format_date(day: date, language: str) -> str:
    """A day in words.

    >>> format_date(date(2026, 11, 21), "en")
    '21 November 2026'
    """
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number} {translate(_MONTHS[day.month - 1], language)} {day.year}"
