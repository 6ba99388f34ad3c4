"""Every sentence a user reads, in the reader's language.

English sentences are the message identifiers; a language is a folder of gettext catalogues, one a room
(`fr/LC_MESSAGES/ROOM.po`), as far as it has been translated: English stands where it has not. Building or
installing the package compiles them; a catalogue that was changed since is read as it stands. A `Message` is a
sentence not yet put in a language, so that library code can say what is wrong without knowing who reads. Numbers
follow the language, as the Unicode CLDR has it (babel).
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

__all__ = [
    "LANGUAGES",
    "Message",
    "country_name",
    "format_date",
    "format_number",
    "format_percent",
    "mark",
    "say",
    "say_plural",
    "translate",
    "translate_plural",
    "without_credentials",
]

_FOLDER = Path(__file__).parent
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
_LONGEST = 1e20
"""A number from here on is written with a power of ten: nobody counts so many digits."""


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
        write_mo(buffer, read_po(source))
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


_CREDENTIALS = re.compile(r"(\b[A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#\"']*@")
_PASSWORD = re.compile(r"(?i)\b(password|passwd|pwd)=[^\s&;\"']+")


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
        return without_credentials(template.format(**{k: _fill(v, language) for k, v in self.values.items()}))


def without_credentials(text: str) -> str:
    """A sentence as it may be shown: an address in it loses its user and password.

    >>> without_credentials("postgresql://me:a@b@db.example/rows cannot be reached")
    'postgresql://db.example/rows cannot be reached'
    """
    if "://" in text and "@" in text:
        text = _CREDENTIALS.sub(r"\1", text)
    return _PASSWORD.sub(r"\1=***", text) if "=" in text else text


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


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    """What the CLDR knows of a language: its numbers, days and countries; of English where it does not know it."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse("en_GB" if language == "en" else language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


@lru_cache(maxsize=256)
def _number_pattern(language: str, decimals: int, percent: bool) -> NumberPattern:
    from babel.numbers import parse_pattern

    locale = _locale(language)
    known = str((locale.percent_formats if percent else locale.decimal_formats)[None].pattern)
    return parse_pattern(re.sub(r"0(\.#+)?(?![#,])", "0" + ("." + "0" * decimals if decimals else ""), known, count=1))


@lru_cache(maxsize=2**15)
def _formatted(digits: str, decimals: int, language: str, percent: bool) -> str:
    value = Decimal(digits)
    if percent:
        value /= 100
    text: str = _number_pattern(language, decimals, percent).apply(abs(value), _locale(language))
    text = text.replace(NO_BREAK_SPACE, NARROW_SPACE)
    return MINUS + text if value < 0 else text


def format_number(value: float, decimals: int, language: str) -> str:
    """A number as the language writes it.

    >>> format_number(12345.678, 1, "en"), format_number(12345.678, 1, "fr")
    ('12,345.7', '12\\u202f345,7')
    """
    if not isfinite(value):
        return "∞" if value > 0 else MINUS + "∞" if value < 0 else "–"
    if abs(value) >= _LONGEST:
        return f"{value:.1e}".replace("-", MINUS, 1)
    return _formatted(f"{value:.{decimals}f}", decimals, language, False)


def format_percent(share: float, decimals: int, language: str) -> str:
    """A share in [0, 1] as a percentage.

    >>> format_percent(0.4486, 1, "en"), format_percent(0.4486, 1, "fr")
    ('44.9%', '44,9\\u202f%')
    """
    if not isfinite(share):
        return format_number(share, 0, language)
    if abs(share) >= _LONGEST:
        return format_number(100 * share, 0, language) + NARROW_SPACE + "%"
    return _formatted(f"{100 * share:.{decimals}f}", decimals, language, True)


_FIRST_OF_MONTH = {"fr": "1er"}
"""How a language that has a form of its own writes the first day of a month; the CLDR leaves it out."""


def format_date(day: date, language: str) -> str:
    """A day in words.

    >>> format_date(date(2026, 11, 21), "en"), format_date(date(2026, 11, 1), "fr")
    ('21 November 2026', '1er novembre 2026')
    """
    from babel.dates import format_date as words_of

    text = words_of(day, "long", locale=_locale(language))
    return re.sub(r"^1\b", _FIRST_OF_MONTH[language], text) if language in _FIRST_OF_MONTH else text


def country_name(code: str, language: str) -> str | None:
    """A country by its two letters in words; None where there is no such country.

    >>> country_name("nl", "fr"), country_name("Utopia", "fr")
    ('Pays-Bas', None)
    """
    letters = code.strip().upper()
    return _locale(language).territories.get(letters) if re.fullmatch("[A-Z]{2}", letters) else None
