"""Time to a decision or a service: `survival: {time: days, event: {column:, in:}, at: [180, 365], unit: days}`.

`time` is how long somebody waited until it came, or, where it has not, how long they were followed. Whoever still
waits counts as waiting, not as never. Alone, or beside `ranking` or another kind that says who is selected.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from auditkit.spec.data_spec import Part
from auditkit.spec.kinds import Kind, decided, spoken
from auditkit.spec.kinds.entitled import ListedValues
from auditkit.spec.spec_words import Words
from auditkit.text import say

__all__ = ["KIND", "Survival"]

Times = Annotated[list[float], BeforeValidator(lambda v: [v] if isinstance(v, int | float) else v)]


class Survival(Part):
    """The column of the time, who has it (others still wait), the times by which shares are given, and their unit."""

    time: str
    event: ListedValues
    at: Times = Field(min_length=1)
    unit: Words | None = None

    @field_validator("at")
    @classmethod
    def _rising(cls, value: list[float]) -> list[float]:
        if not all(0 < one < float("inf") for one in value) or sorted(set(value)) != value:
            raise ValueError(say("at lists times above 0, each once, from the shortest to the longest"))
        return value


_SO_FAR = {"en": "served so far", "fr": {"m": "servis à ce jour", "f": "servies à ce jour"}}


def _as_core(part: Survival, content: Mapping[str, Any]) -> dict[str, Any]:
    """Who is served so far says little of the pace, so no rate is made of it."""
    if content.get("selected") is not None:
        return {}
    return {
        "selected": decided(part.event.column, list(part.event.is_in)),
        "says": {"selected": spoken(content, "selected", _SO_FAR)},
        "primary": [],
        "measures": ["share_of_population"],
    }


KIND = Kind("survival", Survival, _as_core)
