"""Items, laws, frameworks and grounds as typed records: what the files of data/ may hold.

Every text is there in English, which stands in for a language that it has not been translated into.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from auditkit.spec.data_spec import Part
from auditkit.spec.spec_words import Words
from auditkit.text import say

__all__ = ["Domain", "Evidence", "Framework", "Ground", "Grounds", "Instrument", "Item", "Laws", "Provision"]

Jurisdiction = Annotated[str, Field(pattern=r"^([A-Z]{2}|CoE|international|standard)$")]
Url = Annotated[str, Field(pattern=r"^https://\S+$")]
Level = Literal["must", "should"]
Who = Literal["agency", "provider", "auditor", "oversight"]


def _in_english(words: Words) -> Words:
    if not words.root.get("en", "").strip() or not all(text.strip() for text in words.root.values()):
        raise ValueError(say("expected a text in en, and in other languages as far as it is translated"))
    return words


Translated = Annotated[Words, AfterValidator(_in_english)]


class Instrument(Part):
    """A treaty, law, body of decisions or standard. `binding` says whether it obliges those it is addressed to.

    `applies_to` and `url` hold for each provision that names none; `of` is how a sentence cites it ("of the ...").
    """

    name: Translated
    short: Translated
    jurisdiction: Jurisdiction
    binding: bool
    applies_to: Translated
    url: Url
    of: Translated | None = None


class Provision(Part):
    """One article: what it demands, of whom, on what condition, since when, and how surely it was read.

    `confidence`: V1 the provision itself was read (`quote_checked`: on which day), V2 a secondary source, M from
    memory: no letter rests on it. `inline` is the citation inside a sentence, where it does not follow from `citation`.
    `in_force_if_in_use` is the date for systems that a public authority already used; `unsettled` says that the date is
    disputed; `pending` that the instrument was not in force, or not yet applied, when last looked at.
    """

    instrument: str
    citation: Translated
    inline: Translated | None = None
    demands: Translated
    applies_to: Translated | None = None
    only_if: Translated | None = None
    unless: Translated | None = Field(default=None, alias="except")
    in_force: date | None
    in_force_if_in_use: date | None = None
    unsettled: bool = False
    pending: bool = False
    binding: bool | None = None
    reviewed: date
    quote_checked: date | None = None
    url: Url | None = None
    source: str = Field(min_length=1)
    confidence: Literal["V1", "V2", "M"]

    @property
    def to_be_checked(self) -> bool:
        """Whether it was only cited from memory: reports say so, and no letter rests on it."""
        return self.confidence == "M"


class Laws(Part):
    """One file of data/laws."""

    instruments: dict[str, Instrument]
    provisions: dict[str, Provision]


class Evidence(Part):
    """Which function looks at the figures for an item; `fact` names a declared fact (`rights.facts`)."""

    hook: str
    fact: str | None = None


class Item(Part):
    """One question of the checklist; yes is the answer that protects.

    When it is due follows from the provisions of `basis`. `letter` is the kind that gets its answer; `was` names items
    that were merged into it, whose answers still count.
    """

    was: list[str] = []
    letter: str | None = None
    level: Level
    who: Who
    question: Translated
    right: Translated
    why: Translated
    satisfied_by: Translated
    basis: list[str] = Field(min_length=1)
    evidence: Evidence | None = None


class Domain(Part):
    """One file of data/items."""

    domain: str
    title: Translated
    items: dict[str, Item]


class Framework(Part):
    """A selection of items, and whose law is shown behind them; no country named means any country.

    `core` are the items asked first, in that order.
    """

    title: Translated
    description: Translated
    jurisdictions: list[Jurisdiction] = Field(min_length=1)
    countries: list[str] = []
    proposed_for: list[str] = []
    items: Literal["all"] | list[str]
    without: list[str] = []
    core: list[str] = []


class Ground(Part):
    """A ground of discrimination; `also` lists other words for it."""

    name: Translated
    also: list[str] = []


class Grounds(Part):
    """data/grounds.yaml."""

    basis: str
    grounds: dict[str, Ground]
