"""When two spellings are one value: what is folded without a question, what is asked, and what a listed value takes.

Blanks at the ends and the form of Unicode never tell two values apart. Blanks within, capitals, accents, dashes and the
form of a number may: they are asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from auditkit.spec.data_spec import Scalar

__all__ = [
    "folded",
    "group_key",
    "is_missing_word",
    "is_total_word",
    "listed_spellings",
    "meaning_key",
    "number_of",
    "twin_key",
]

_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x00"
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u00b4`"), "'")
_NUMBER = re.compile(r"[+-]?(\d+)(?:[.,](\d+))?")

_YES = frozenset("yes y oui o true t vrai v wahr ja j si s verdadero vero sim waar".split())
_NO = frozenset("no n non false f faux falsch nein nee falso nao onwaar".split())

_MISSING = frozenset(
    "na n/a n.a n.a. #n/a #na nan nat null none nil <na> (null) (none) (blank) (vide) (leer) n.d n.d. n/d n.r n.r. n.c "
    "n.c. k.a k.a. ? ?? ??? - -- --- . .. ... … * ** #value! #ref! #div/0! #name? #null! #num! #valeur! #nom? #nul! "
    "#nombre! #error!".split()
) | {"sans objet", "s.o.", "s/o", "non renseigné", "non renseignée", "not applicable", "keine angabe", "no aplica"}

_SEXES = (
    frozenset("f femme femmes female females woman women feminin frau weiblich vrouw mujer donna femmina".split()),
    frozenset("m h homme hommes male males man men masculin mann mannlich hombre uomo maschio".split()),
)
_TOTALS = frozenset("total totals totaux totaal gesamt insgesamt totale ensemble".split()) | {
    "grand total",
    "sous total",
}


def folded(text: str) -> str:
    """A value as every room knows it: Unicode in its composed form, nothing unseen or blank at its ends.

    >>> folded(" oui\\u00a0"), folded("e\\u0301lu")
    ('oui', 'élu')
    """
    return unicodedata.normalize("NFC", text).strip().strip(_UNSEEN).strip()


def number_of(text: str) -> str | None:
    """A number in its shortest form, whatever zeros it was written with; None for what is no plain number.

    >>> number_of("01"), number_of("1.0"), number_of("1,50"), number_of("1e3"), number_of("1.000")
    ('1', '1', '1.5', None, None)
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None or (found[2] is not None and len(found[2]) == 3 and len(found[1]) <= 3 and found[1] != "0"):
        return None
    sign = "-" if text.strip().startswith("-") else ""
    whole, fraction = found[1].lstrip("0") or "0", (found[2] or "").rstrip("0")
    number = whole + (f".{fraction}" if fraction else "")
    return number if number == "0" else sign + number


def twin_key(text: str) -> str:
    """What two spellings of one value have in common.

    >>> twin_key("Né\\u00a0 Ailleurs") == twin_key("ne ailleurs"), twin_key("1.0") == twin_key("true")
    (True, True)
    >>> twin_key("18\\u201325") == twin_key("18-25"), twin_key("M") == twin_key("F")
    (True, False)
    """
    plain = unicodedata.normalize("NFKD", _decoded(text).translate(_QUOTES)).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in _UNSEEN).translate(_DASHES)
    plain = " ".join(plain.split())
    plain = plain.strip(" .;:,_\"'") or plain
    if (number := number_of(plain)) is not None:
        return number
    if plain in ("true", "false"):
        return "1" if plain == "true" else "0"
    plain = re.sub(r"(?<=[^\W\d_])[-_](?=[^\W\d_])", " ", plain)
    return re.sub(r"\s*([-/+,;:&()])\s*", r"\1", plain)


def _decoded(text: str) -> str:
    """A text that was read in the wrong encoding, put right: NÃ© is Né."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def group_key(text: str) -> str:
    """As `twin_key`, where every word for one sex is one.

    >>> group_key("F") == group_key("Femmes"), group_key("F") == group_key("M"), group_key("NÃ©") == group_key("né")
    (True, False, True)
    """
    key = twin_key(text)
    return next((f"sex {number}" for number, words in enumerate(_SEXES) if key in words), key)


def is_total_word(text: str) -> bool:
    """Whether a value is what a line that sums up others is called.

    >>> is_total_word("TOTAL :"), is_total_word("Totally blind")
    (True, False)
    """
    return twin_key(text) in _TOTALS


def meaning_key(text: str) -> str:
    """As `twin_key`, where every word for yes is one and every word for no is one: for values that decide.

    >>> meaning_key("Oui") == meaning_key("yes") == meaning_key("1"), meaning_key("non") == meaning_key("0")
    (True, True)
    """
    key = twin_key(text)
    return "1" if key in _YES else "0" if key in _NO else key


def is_missing_word(text: str) -> bool:
    """Whether a value is what programs and people write where there is none.

    >>> is_missing_word("NaN"), is_missing_word("N.D."), is_missing_word("Nordic")
    (True, True, False)
    """
    return folded(text).casefold() in _MISSING


def listed_spellings(values: Sequence[Scalar]) -> list[str]:
    """How values listed in audit.yaml may stand in a column of texts: 1 is 1, 1.0, 1.00 and true.

    >>> listed_spellings([1])
    ['1', '1.0', '1.00', '1,0', 'true', 'True', 'TRUE']
    >>> listed_spellings(["oui "])
    ['oui']
    """
    found: dict[str, None] = {}
    for value in values:
        text = ("true" if value else "false") if isinstance(value, bool) else folded(_written(value))
        found[text] = None
        key = {"true": "1", "false": "0"}.get(text.lower(), number_of(text))
        if key is None:
            continue
        dotted = "." in key
        found |= dict.fromkeys([key] if dotted else [key, f"{key}.0", f"{key}.00", f"{key},0"])
        found |= dict.fromkeys([f"{key}0", key.replace(".", ","), f"{key}0".replace(".", ",")] if dotted else [])
        word = {"1": "true", "0": "false"}.get(key)
        found |= dict.fromkeys([] if word is None else [word, word.title(), word.upper()])
    return list(found)


def _written(value: Scalar) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)
