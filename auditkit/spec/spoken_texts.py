"""The decision in its own words: short phrases that the report puts into its sentences, in each language.

A phrase may have forms: `{m: contrôlés, f: contrôlées}` where a language agrees with the group it speaks of, and
`{it: an error, yes: with an error, no: where nothing was found}` for the outcome, where "with ..." and "without ..."
would read badly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import RootModel, model_validator

from auditkit.spec.data_spec import Part
from auditkit.spec.spec_words import Words
from auditkit.text import say

__all__ = ["FORMS", "Sayings", "Spoken", "gather_sayings", "said_place", "unsaid"]

FORMS = ("m", "f", "it", "yes", "no")
_PLACES = ("selected", "outcome", "wrongly")


class Spoken(RootModel[dict[str, str | dict[str, str]]]):
    """One phrase, by language ("" where it was given without one) and, where a language needs them, by form.

    >>> phrase = Spoken.model_validate({"en": "controlled", "fr": {"m": "contrôlés", "f": "contrôlées"}})
    >>> phrase.form("fr", "f"), phrase.form("en", "f"), phrase.form("nl", "f")
    ('contrôlées', 'controlled', None)
    """

    model_config = {"frozen": True}

    @model_validator(mode="before")
    @classmethod
    def _by_language(cls, value: Any) -> Any:
        if isinstance(value, (Spoken, Words)):
            return dict(value.root)
        if isinstance(value, (list, tuple)) or value in (None, {}):
            raise ValueError(say("expected a phrase, or {{en: ..., fr: ...}}"))
        if not isinstance(value, dict):
            return {"": str(value)}
        if set(value) <= set(FORMS):
            return {"": _forms(value)}
        for key, phrase in value.items():
            if key != "" and not (isinstance(key, str) and len(key) == 2 and key.islower()):
                raise ValueError(say('expected a language such as en or fr, found "{key}"', key=key))
            if phrase is None or isinstance(phrase, (list, tuple)):
                raise ValueError(say("expected a phrase, or {{en: ..., fr: ...}}"))
        return {k: _forms(v) if isinstance(v, dict) else str(v) for k, v in value.items()}

    def has(self, language: str) -> bool:
        """Whether the phrase can be said in a language."""
        return language in self.root or "" in self.root

    def form(self, language: str, form: str) -> str | None:
        """The phrase in a language and a form; None where that language has no words for it, or not this form."""
        found = self.root.get(language, self.root.get(""))
        if not isinstance(found, dict):
            return None if form in ("yes", "no") else found
        if form in ("yes", "no"):
            return found.get(form)
        return found.get(form) or found.get("m") or found.get("f") or found.get("it")

    def gender(self, language: str) -> str:
        """How other words agree with a group of this name: f where only that form was given, else m."""
        found = self.root.get(language, self.root.get(""))
        if isinstance(found, dict):
            return "f" if "f" in found and "m" not in found else "m"
        first = (found or "").casefold().split()[:2]
        return "f" if language == "fr" and first in (["les", "personnes"], ["les", "femmes"]) else "m"


def _forms(value: dict[Any, Any]) -> dict[str, str]:
    unknown = next((key for key in value if key not in FORMS), None)
    if unknown is not None or not value:
        raise ValueError(say('expected the forms m and f, or yes and no, found "{key}"', key=unknown))
    if any(not isinstance(text, str) for text in value.values()):
        raise ValueError(say("expected a phrase, or {{en: ..., fr: ...}}"))
    return {str(key): str(text) for key, text in value.items()}


class Sayings(Part):
    """What the report calls being selected, having the outcome, and being selected wrongly."""

    selected: Spoken | None = None
    outcome: Spoken | None = None
    wrongly: Spoken | None = None


def gather_sayings(content: Any) -> Any:
    """`selected.says`, `outcome.says` and `wrongly.says` of an audit.yaml, put together under `says`.

    So that a table of counts, which has no key `selected` of its own, can say them as well.

    >>> gather_sayings({"selected": {"says": "controlled"}, "title": "t"})
    {'title': 't', 'says': {'selected': 'controlled'}}
    """
    if not isinstance(content, dict) or not any(_said(content.get(place)) for place in _PLACES):
        return content
    content = dict(content)
    known = content.get("says")
    says: dict[str, Any] = dict(known) if isinstance(known, dict) else {}
    for place in _PLACES:
        part = content.get(place)
        if not _said(part):
            continue
        says[place] = part["says"]
        rest = {key: value for key, value in part.items() if key != "says"}
        content.pop(place)
        if rest:
            content[place] = rest
    return {**content, "says": says}


def _said(part: Any) -> bool:
    return isinstance(part, dict) and "says" in part


def said_place(location: tuple[Any, ...]) -> tuple[Any, ...]:
    """Where a phrase stands in the file, by its place in the record.

    >>> said_place(("says", "selected", "en")), said_place(("system", "harm"))
    (('selected', 'says', 'en'), ('system', 'harm'))
    """
    if location[:1] == ("says",) and len(location) > 1 and location[1] in _PLACES:
        return (location[1], "says", *location[2:])
    return location


def unsaid(
    says: Sayings, groups: Mapping[str, Mapping[str, Spoken]], has_outcome: bool, languages: Iterable[str]
) -> tuple[str, ...]:
    """The phrases that are missing in one of the languages, by their place in audit.yaml."""
    asked = ("selected", "outcome", "wrongly") if has_outcome else ("selected",)
    wanted = tuple(languages)
    found = []
    for place in asked:
        phrase = getattr(says, place)
        if phrase is None or not all(phrase.has(language) for language in wanted):
            found.append(f"{place}.says")
    for attribute, phrases in groups.items():
        if not phrases or not all(one.has(language) for one in phrases.values() for language in wanted):
            found.append(f"groups.{attribute}.says")
    return tuple(found)
