"""How a sentence cites the law: articles of one instrument together, its name in full the first time, short after."""

from __future__ import annotations

import re
from itertools import groupby

from auditkit.rights.library import Library
from auditkit.rights.library_records import Provision
from auditkit.rights.rights_words import listed

__all__ = ["Citing"]

_ARTICLES = re.compile(r"^(?P<head>.+?), (?P<word>[Aa]rticles?) (?P<numbers>.+)$")
_FORMS = {"": ("", ""), "le": ("l’", "les "), "de": ("de l’", "des "), "à": ("à l’", "aux ")}


class Citing:
    """The citations of one letter; `cited` is what it rests on so far."""

    def __init__(self, library: Library, language: str) -> None:
        self.library, self.language = library, language
        self.cited: list[str] = []
        self._named: set[str] = set()

    def law(self, *keys: str, form: str = "") -> str:
        """Provisions inside a sentence; `form` is the French determiner: le, de or à (Le begins a sentence)."""
        self.cited += keys
        parts = []
        for instrument, group in groupby(keys, key=lambda key: self.library.provisions[key].instrument):
            found = [self.library.provisions[key] for key in group]
            together = self._together(instrument, found, form.lower())
            parts += [self._alone(one, form.lower()) for one in found] if together is None else [together]
        text = self._joined(parts) if form or len(parts) == 1 else listed(parts, self.language)
        return text[0].upper() + text[1:] if form[:1].isupper() else text

    def _joined(self, parts: list[str]) -> str:
        word = "et" if self.language == "fr" else "and"
        comma = "," if any("," in part for part in parts[:-1]) else ""
        return f"{comma} {word} ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)

    def _together(self, instrument: str, found: list[Provision], form: str) -> str | None:
        """Articles of one instrument in a row; None where they do not follow the same pattern."""
        of = self.library.instruments[instrument].of
        matches = [_ARTICLES.match(one.citation.text(self.language)) for one in found]
        if of is None or any(one.inline is not None for one in found) or None in matches:
            return None
        words = r" et | and "
        numbers = [_spaced(one) for match in matches if match is not None for one in re.split(words, match["numbers"])]
        plural = len(numbers) > 1 or (matches[0] is not None and matches[0]["word"].endswith("s"))
        short = self.library.instruments[instrument].short.text(self.language)
        named = {"fr": f"du {short}", "en": f"of the {short}"}.get(self.language, f"of the {short}")
        whole = named if instrument in self._named else of.text(self.language)
        self._named.add(instrument)
        comma = "," if "," in numbers[-1] else ""
        word = "articles" if plural else "article"
        if self.language != "fr":
            return f"{word.capitalize()} {self._joined(numbers)} {whole}"
        return f"{_FORMS[form][plural]}{word} {self._joined(numbers)}{comma} {whole}"

    def _alone(self, one: Provision, form: str) -> str:
        text = _spaced((one.inline or one.citation).text(self.language))
        if self.language != "fr" or not text.startswith("article"):
            return text
        return _FORMS[form][text.startswith("articles")] + text


def _spaced(text: str) -> str:
    """L.311-1 as L. 311-1, with a space that does not break."""
    return re.sub(r"\b([LRD]\.\*?)(?=\d)", "\\1\u00a0", text)
