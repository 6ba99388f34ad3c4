"""Which letters and forms there are, and the fields that each must carry: dated data, as the laws are."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from auditkit.errors import InputError, cut, nearest
from auditkit.rights.library_records import Both
from auditkit.spec.data_spec import Part
from auditkit.spec.load_spec import read_yaml, validate
from auditkit.text import say

__all__ = ["LetterField", "LetterKind", "Letters", "kind_named", "load_letters", "personal_fields", "required_fields"]


class LetterField(Part):
    """One field: what it is called, and where its value comes from; `items` are checklist items that answer it too."""

    label: Both
    source: Literal["person", "system", "declared", "computed", "case"] = Field(alias="from")
    key: str | None = None
    items: list[str] = []


class LetterSection(Part):
    """Fields that stand together."""

    title: Both
    fields: list[str] = Field(min_length=1)


class LetterKind(Part):
    """One kind of letter or form. `countries` are those whose law it rests on, as `law` says; none means any country.

    `framework` names a framework whose countries they are; `caution` is what its reader must know first.
    """

    template: str
    title: Both
    law: Both | None = None
    countries: list[str] = []
    framework: str | None = None
    caution: Both | None = None
    provisions: list[str] = []
    sections: list[LetterSection] = Field(min_length=1)

    @property
    def needs_case(self) -> bool:
        """Whether it explains the score of one person."""
        return self.template == "reply"


class Letters(Part):
    """data/letters.yaml."""

    fields: dict[str, LetterField]
    kinds: dict[str, LetterKind]

    @model_validator(mode="after")
    def _known(self) -> Letters:
        for kind in self.kinds.values():
            for key in required_fields(kind):
                if key not in self.fields:
                    raise ValueError(say('there is no field "{name}"', name=key))
        return self


@lru_cache(maxsize=1)
def load_letters() -> Letters:
    """The letters that ship with auditkit."""
    path = Path(str(files("auditkit"))) / "rights" / "data" / "letters.yaml"
    content, lines = read_yaml(path)
    return validate(Letters, content, lines, path)


def kind_named(name: str) -> LetterKind:
    """The letter of that name; InputError with the nearest names where there is none.

    >>> kind_named("mention").sections[0].fields[0]
    'purpose'
    """
    kinds = load_letters().kinds
    if name not in kinds:
        raise InputError(
            'There is no letter "{name}"; the nearest: {known}.', name=cut(name), known=nearest(name, kinds, len(kinds))
        )
    return kinds[name]


def required_fields(kind: LetterKind) -> tuple[str, ...]:
    """The fields that a letter must carry, in their order."""
    return tuple(dict.fromkeys(key for section in kind.sections for key in section.fields))


def personal_fields(kind: LetterKind, language: str) -> tuple[tuple[str, str], ...]:
    """What is asked at print time and never stored: the field and its name in `language`."""
    fields = load_letters().fields
    return tuple(
        (key, fields[key].label.text(language)) for key in required_fields(kind) if fields[key].source == "person"
    )
