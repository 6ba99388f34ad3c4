"""The checklist of an audit as it is written and shown: items, duties, what is missing, what to do next."""

from __future__ import annotations

from typing import Literal

from pydantic.dataclasses import dataclass

from auditkit.result.field_types import RECORD, Flag, Number, Sentence

__all__ = [
    "PublishedShares", "RightsAnswer", "RightsDomain", "RightsDuty", "RightsFigure", "RightsGround", "RightsItem",
    "RightsResult", "RightsStatement", "RightsStep",
]  # fmt: skip


@dataclass(frozen=True, config=RECORD)
class RightsFigure:
    """One figure behind an item, with its interval, its n and the limit it was held against.

    `side` is complement where the ratio is that of the opposite (not selected, no error), which was rarer.
    """

    analysis: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    reference: tuple[str, ...]
    measure: str
    kind: str
    value: Number | None
    lower: Number | None
    upper: Number | None
    n: Number | None
    threshold: Number | None
    verdict: str | None
    meaning: Sentence | None = None
    side: Literal["event", "complement"] = "event"


@dataclass(frozen=True, config=RECORD)
class RightsStatement:
    """What the figures, or declared facts, say of an item: supports, contradicts, informs or cannot_tell."""

    hook: str
    status: str
    sentence: Sentence
    figures: tuple[RightsFigure, ...]


@dataclass(frozen=True, config=RECORD)
class RightsAnswer:
    """What somebody, named by role, answered; documents are links, or files with their SHA-256."""

    value: str
    role: str
    when: str
    because: str | None
    documents: tuple[dict[str, str], ...]


@dataclass(frozen=True, config=RECORD)
class RightsItem:
    """One question of the checklist, its status and why."""

    key: str
    domain: str
    level: str
    who: str
    question: Sentence
    right: Sentence
    why: Sentence
    satisfied_by: Sentence
    basis: tuple[str, ...]
    status: str
    because: Sentence
    is_due: Flag
    when: Sentence
    statement: RightsStatement | None
    answer: RightsAnswer | None
    core: int | None = None
    letter: str | None = None
    """Its place among the items asked first, None for the others; and the letter that gets its answer."""


@dataclass(frozen=True, config=RECORD)
class RightsDuty:
    """A provision behind items: what it demands, when it applies at `as_of`, how surely it was read."""

    key: str
    citation: Sentence
    demands: Sentence
    binding: Flag
    state: str
    day: str | None
    if_in_use: str | None
    when: Sentence
    confidence: str
    to_be_checked: Flag
    source: str
    items: tuple[str, ...]


@dataclass(frozen=True, config=RECORD)
class RightsDomain:
    """One domain of the checklist."""

    key: str
    title: Sentence


@dataclass(frozen=True, config=RECORD)
class RightsGround:
    """A legal ground of discrimination, and the attributes of the audit that stand for it (none: not looked at)."""

    key: str
    name: Sentence
    attributes: tuple[str, ...]


@dataclass(frozen=True, config=RECORD)
class PublishedShares:
    """What two published shares of one group say together; no interval, since no counts were published."""

    group: Sentence
    selected: Number
    population: Number
    selected_of: Sentence
    population_of: Sentence
    representation_ratio: Number | None
    rate_ratio: Number | None


@dataclass(frozen=True, config=RECORD)
class RightsStep:
    """What to do next, and the command that does it where there is one."""

    text: Sentence
    command: str | None = None


@dataclass(frozen=True, config=RECORD)
class RightsResult:
    """The checklist of an audit: contradicted or unanswered duties first; nothing is added up."""

    framework: str
    title: Sentence
    domains: tuple[RightsDomain, ...]
    items: tuple[RightsItem, ...]
    duties: tuple[RightsDuty, ...]
    grounds: tuple[RightsGround, ...]
    published: tuple[PublishedShares, ...]
    missing: tuple[Sentence, ...]
    steps: tuple[RightsStep, ...]
    notes: tuple[Sentence, ...] = ()
