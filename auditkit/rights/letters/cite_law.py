"""How a sentence cites the law: articles of one instrument together, its name in full the first time, short after."""

from __future__ import annotations

import re
from itertools import groupby

from auditkit.rights.library import Library
from auditkit.rights.library_records import Provision
from auditkit.rights.rights_words import listed

__all__ = ["Citing"]

_ARTICLES = re.compile(r"^(?P<head>.+?), (?P<word>[Aa]rticles?) (?P<numbers>.+)$")
_OF_ACT = re.compile(
    r"^[Aa]rticles? (?P<numbers>.+?),? (?P<act>(?:de la (?:loi|directive)|du code|of (?:French|the)) .+)$"
)
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
            together = self._together(instrument, found, form.lower()) or self._of_one_act(found, form.lower())
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
        numbers = self._numbers([match["numbers"] for match in matches if match is not None])
        plural = len(numbers) > 1 or (matches[0] is not None and matches[0]["word"].endswith("s"))
        short = self.library.instruments[instrument].short.text(self.language)
        if self.language == "fr" and short[1:2].islower():
            short = short[0].lower() + short[1:]
        named = {"fr": f"du {short}", "en": f"of the {short}"}.get(self.language, f"of the {short}")
        whole = named if instrument in self._named else of.text(self.language)
        self._named.add(instrument)
        return self._articles(numbers, plural, whole, form)

    def _articles(self, numbers: list[str], plural: bool, whole: str, form: str) -> str:
        comma = "," if "," in numbers[-1] else ""
        word = "articles" if plural else "article"
        if self.language != "fr":
            return f"{word.capitalize()} {self._joined(numbers)} {whole}"
        return f"{_FORMS[form][plural]}{word} {self._joined(numbers)}{comma} {whole}"

    def _numbers(self, found: list[str]) -> list[str]:
        """The articles, each once: paragraphs of one stand together (12, paragraphes 3 et 4; 12(3) and (4))."""
        apart = r", (?=[LRD]\.)| et | and "
        split = [part for one in found for part in ([one] if re.search(r", p|\(", one) else re.split(apart, one))]
        pattern = r"(\d+), (.+)" if self.language == "fr" else r"(\d+)(\(.+)"
        numbers: list[str] = []
        for article, group in groupby(
            split, key=lambda one: one if (m := re.fullmatch(pattern, one)) is None else m[1]
        ):
            inside = [one[len(article) :].removeprefix(", ") for one in group]
            tail = (
                (_paragraphs(inside) if self.language == "fr" else self._joined(_shortened(inside)))
                if inside[0]
                else ""
            )
            numbers.append(_spaced(article) + (", " if tail and self.language == "fr" else "") + tail)
        return numbers

    def _of_one_act(self, found: list[Provision], form: str) -> str | None:
        """Articles of one law or code, named once: in full the first time, without its number after."""
        matches = [_OF_ACT.match((one.inline or one.citation).text(self.language)) for one in found]
        if None in matches or len({match["act"] for match in matches if match is not None}) != 1 or matches[0] is None:
            return None
        act = matches[0]["act"]
        whole = (
            re.sub(r"(\bloi) n° [\d-]+|\bFrench law [\d-]+", lambda m: m[1] or "the law", act)
            if act in self._named
            else act
        )
        self._named.add(act)
        numbers = [part for match in matches if match is not None for part in re.split(" et | and ", match["numbers"])]
        return self._articles([_spaced(one) for one in numbers], len(numbers) > 1, whole, form)

    def _alone(self, one: Provision, form: str) -> str:
        text = _spaced((one.inline or one.citation).text(self.language))
        if self.language != "fr" or not text.startswith("article"):
            return text
        return _FORMS[form][text.startswith("articles")] + text


def _spaced(text: str) -> str:
    """L.311-1 as L. 311-1, with a space that does not break."""
    return re.sub(r"\b([LRD]\.\*?)(?=\d)", "\\1\u00a0", text)


def _paragraphs(inside: list[str]) -> str:
    """Places inside one article, what they share said once.

    >>> _paragraphs(["paragraphe 3", "paragraphe 4"])
    'paragraphes 3 et 4'
    >>> _paragraphs(["paragraphe 1, points a) à g)", "paragraphe 3"])
    'paragraphe 1, points a) à g), et paragraphe 3'
    >>> _paragraphs(["paragraphe 1, point c)", "paragraphe 1, point d)"])
    'paragraphe 1, points c) et d)'
    """
    if len(inside) == 1:
        return inside[0]
    parts = [one.split(", ") for one in inside]
    same = next((i for i, column in enumerate(zip(*parts, strict=False)) if len(set(column)) > 1), 0)
    shared, rest = parts[0][:same], [", ".join(one[same:]) for one in parts]
    words = {one.split(" ")[0] for one in rest}
    if len(words) == 1 and not any("," in one or one.startswith("points") for one in rest):
        values = [one.split(" ", 1)[1] for one in rest]
        return ", ".join([*shared, f"{words.pop()}s {', '.join(values[:-1])} et {values[-1]}"])
    return ", ".join([*shared, f"{', '.join(rest[:-1])}, et {rest[-1]}"])


def _shortened(inside: list[str]) -> list[str]:
    """The English places inside one article, the paragraph that they share said once: (1)(c), (d)."""
    shared = re.match(r"(?:\(\w+\))*(?=\()", inside[0])
    common = "" if shared is None or len(inside) == 1 else shared[0]
    return (
        inside
        if not all(one.startswith(common) for one in inside)
        else [inside[0], *(one[len(common) :] for one in inside[1:])]
    )
