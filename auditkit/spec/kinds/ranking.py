"""Rankings, waiting lists, recommendations: `ranking: {position:, per:, top: [10], weight: log2}`.

`main` asks who stands among the first `top`; an analysis for each further one. Attention falls along the list: what
share of it a group gets is a figure of the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PositiveInt, field_validator

from auditkit.spec.data_spec import Part
from auditkit.spec.kinds import Kind, spoken
from auditkit.text import say

__all__ = ["KIND", "Ranking", "top_name"]


class Ranking(Part):
    """The column of the place (1 is first), the column that tells lists apart, and how attention falls.

    `weight`: log2 is 1 / log2(place + 1); geometric is stop * (1 - stop)^(place - 1).
    """

    position: str
    per: str | None = None
    top: Annotated[list[PositiveInt], BeforeValidator(lambda v: [v] if isinstance(v, int) else v)] = Field(
        default=[10], min_length=1
    )
    weight: Literal["log2", "geometric"] = "log2"
    stop: float = Field(default=0.5, gt=0, lt=1)

    @field_validator("top")
    @classmethod
    def _distinct(cls, value: list[int]) -> list[int]:
        if len(set(value)) < len(value):
            raise ValueError(say("top lists a number twice; list it once"))
        return value


def top_name(top: list[int], place: int) -> str:
    """The analysis of one of the numbers of `top`; the first is `main`.

    >>> top_name([10, 3], 1)
    'first 3'
    """
    return "main" if place == 0 else f"first {top[place]}"


def _as_core(part: Ranking, content: Mapping[str, Any]) -> dict[str, Any]:
    core: dict[str, Any] = {
        "selected": {"column": part.position, "at_most": part.top[0]},
        "says": {"selected": spoken(content, "selected", _among(part.top[0]))},
        "analyses": {},
    }
    for place in range(1, len(part.top)):
        k = part.top[place]
        core["analyses"][top_name(part.top, place)] = {
            "name": {"en": f"The first {k}", "fr": f"Les {k} premières places"},
            "selected": {"column": part.position, "at_most": k, "says": _among(k)},
        }
    return core


def _among(k: int) -> dict[str, Any]:
    return {"en": f"placed among the first {k}", "fr": {"m": f"placés aux {k} premiers rangs",
                                                        "f": f"placées aux {k} premiers rangs"}}  # fmt: skip


KIND = Kind("ranking", Ranking, _as_core)
