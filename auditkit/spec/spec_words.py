"""Text that a person wrote in audit.yaml: one string, or one a language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import RootModel, field_validator, model_validator

from auditkit.text import Message, say

__all__ = ["OwnWords", "Words", "own_words"]


class Words(RootModel[dict[str, str]]):
    """One text, in one or several languages; the key "" holds a text given without its language.

    >>> Words.model_validate({"en": "sex", "fr": "sexe"}).text("fr")
    'sexe'
    >>> Words.model_validate("sex").text("fr")
    'sex'
    """

    model_config = {"frozen": True}

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, value: Any) -> Any:
        if isinstance(value, Words):
            return dict(value.root)
        if isinstance(value, dict):
            return value
        if value is None or isinstance(value, (list, tuple)):
            raise ValueError(say("expected a text, or {{en: ..., fr: ...}}"))
        return {"": str(value)}

    @field_validator("root", mode="before")
    @classmethod
    def _texts(cls, value: dict[Any, Any]) -> dict[str, str]:
        if not value:
            raise ValueError(say("expected a text, or {{en: ..., fr: ...}}"))
        for key, text in value.items():
            if key != "" and not (isinstance(key, str) and len(key) == 2 and key.islower()):
                raise ValueError(say('expected a language such as en or fr, found "{key}"', key=key))
            if isinstance(text, (list, dict)) or text is None:
                raise ValueError(say("expected a text, or {{en: ..., fr: ...}}"))
        return {str(k): str(v) for k, v in value.items()}

    def text(self, language: str) -> str:
        """The text in `language`, else in English, else in the language there is."""
        texts = self.root
        return texts.get(language) or texts.get("") or texts.get("en") or next(iter(texts.values()))

    def __str__(self) -> str:
        return self.text("en")


@dataclass(frozen=True)
class OwnWords(Message):
    """A sentence that the author of audit.yaml wrote, in the languages it was written in."""

    words: Words = field(kw_only=True)

    def text(self, language: str = "en") -> str:
        """The sentence, in `language` where there is one."""
        return self.words.text(language)


def own_words(words: Words) -> OwnWords:
    """What a person wrote, as a sentence."""
    return OwnWords("", words=words)
