"""Which letters and forms there are, to whom, on what law, by when, and the fields that each must carry: dated data."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import Field

from auditkit.errors import InputError, SpecError, cut, nearest
from auditkit.rights.library_records import Translated
from auditkit.rights.read_data import read_data
from auditkit.spec.data_spec import Part

__all__ = ["LetterField", "LetterKind", "kind_named", "letter_fields", "letter_kinds", "personal_fields"]

_DATA = Path(str(files("auditkit"))) / "rights" / "data"
Addressee = Literal["decision_body", "operator", "prada", "dpo", "authority", "requester"]


class LetterField(Part):
    """One field: what it is called, and where its value comes from; `items` are checklist items that answer it too.

    `dated` fields are typed, or follow from the dates of earlier letters; nothing is printed where an `optional` one is
    empty.
    """

    label: Translated
    source: Literal["person", "dated", "system", "declared", "computed", "case"] = Field(alias="from")
    key: str | None = None
    items: list[str] = []
    optional: bool = False


class _Fields(Part):
    fields: dict[str, LetterField]


class LetterSection(Part):
    """Fields of a form that stand together."""

    title: Translated
    fields: list[str] = Field(min_length=1)


class Deadline(Part):
    """So many months after an event (sent, received, registered), and what silence then means."""

    start: Literal["sent", "received", "registered"] = Field(alias="from")
    months: int = Field(ge=1)
    effect: Translated


class LetterKind(Part):
    """One kind of letter or form. `countries` are those whose law it rests on, as `law` says; none means any country.

    `framework` names a framework whose countries they are; `caution` is what its reader must know first, `warning` what
    its sender must. `after` are the kinds that come before it on a path, `basis` the provisions that it rests on.
    """

    key: str
    one_line: Translated
    title: Translated
    form: bool = False
    addressee: Addressee
    to: Translated | None = None
    law: Translated | None = None
    countries: list[str] = []
    framework: str | None = None
    caution: Translated | None = None
    warning: Translated | None = None
    basis: list[str] = Field(min_length=1)
    deadline: Deadline | None = None
    after: list[str] = []
    enclose: list[Translated] = []
    fields: list[str | LetterSection] = Field(min_length=1)

    @property
    def sections(self) -> list[LetterSection]:
        """The sections of a form."""
        return [part for part in self.fields if isinstance(part, LetterSection)]

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that it must carry, in their order."""
        parts = ([part] if isinstance(part, str) else part.fields for part in self.fields)
        return tuple(dict.fromkeys(name for part in parts for name in part))

    @property
    def needs_case(self) -> bool:
        """Whether it explains the score of one person."""
        return "case_data" in self.names


@lru_cache(maxsize=1)
def letter_fields() -> dict[str, LetterField]:
    """Every field that a letter may carry."""
    return read_data(_Fields, _DATA / "letter_fields.yaml").fields


@lru_cache(maxsize=1)
def letter_kinds() -> dict[str, LetterKind]:
    """The letters that ship with auditkit: one file of data a kind.

    Raises SpecError where a file names a field, a kind or itself wrongly.
    """
    kinds = {path.stem: read_data(LetterKind, path) for path in sorted((_DATA / "letters").glob("*.yaml"))}
    for name, kind in kinds.items():
        for found, valid in (([kind.key], [name]), (kind.names, letter_fields()), (kind.after, kinds)):
            for one in found:
                if one not in valid:
                    raise SpecError(
                        '{file}: found "{name}"; the nearest: {known}.',
                        file=f"{name}.yaml",
                        name=cut(one),
                        known=nearest(one, list(valid)),
                    )
    return kinds


def kind_named(name: str) -> LetterKind:
    """The letter of that name; InputError with the nearest names where there is none.

    >>> kind_named("mention").names[0]
    'purpose'
    """
    kinds = letter_kinds()
    if name not in kinds:
        raise InputError(
            'There is no letter "{name}"; the nearest: {known}.', name=cut(name), known=nearest(name, kinds, len(kinds))
        )
    return kinds[name]


def personal_fields(kind: LetterKind, language: str) -> tuple[tuple[str, str], ...]:
    """What is asked at print time and never stored: the field and its name in `language`."""
    fields = letter_fields()
    asked = [key for key in kind.names if fields[key].source in ("person", "dated")]
    return tuple((key, fields[key].label.text(language)) for key in asked)
