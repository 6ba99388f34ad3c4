"""Classes and triage: `classes: {column:, order: [A, B, C], actual:}`.

The last class is the one that `harm` speaks of (punitive: to be put there hurts). `main` asks who is put in it; an
analysis for every other limit asks who is put at or beyond it. Each question is named by its analysis.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator

from auditkit.spec.data_spec import Part, Scalar
from auditkit.spec.kinds import Kind, decided, spoken
from auditkit.text import say

__all__ = ["KIND", "Classes", "cut_name"]


class Classes(Part):
    """The column of the class, its classes from first to last, and the column of the class that was right."""

    column: str
    order: list[Scalar] = Field(min_length=3)
    actual: str | None = None

    @field_validator("order")
    @classmethod
    def _distinct(cls, value: list[Scalar]) -> list[Scalar]:
        texts = [str(one) for one in value]
        twice = next((one for one in texts if texts.count(one) > 1), None)
        if twice is not None:
            raise ValueError(say("the class {value} is listed twice; list it once", value=f'"{twice}"'))
        return value


def cut_name(order: list[Scalar], place: int) -> str:
    """The analysis that asks who is put at or beyond a class; the last is `main`.

    >>> cut_name(["A", "B", "C"], 1), cut_name(["A", "B", "C"], 2)
    ('from B', 'main')
    """
    return "main" if place == len(order) - 1 else f"from {order[place]}"


def _as_core(part: Classes, content: Mapping[str, Any]) -> dict[str, Any]:
    last = part.order[-1]
    into = {"en": f"put in class {last}", "fr": {"m": f"placés en classe {last}", "f": f"placées en classe {last}"}}
    core: dict[str, Any] = {"selected": decided(part.column, [last]), "analyses": {}}
    core["says"] = {"selected": spoken(content, "selected", into)}
    if part.actual is not None:
        core["outcome"] = _outcome(part, len(part.order) - 1)
        core["says"]["outcome"] = spoken(content, "outcome", _right(str(last)))
    for place in range(1, len(part.order) - 1):
        names = [str(one) for one in part.order[place:]]
        listed_en, listed_fr = " or ".join(names), " ou ".join(names)
        says = {
            "en": f"put in class {listed_en}",
            "fr": {"m": f"placés en classe {listed_fr}", "f": f"placées en classe {listed_fr}"},
        }
        analysis: dict[str, Any] = {
            "name": {"en": f"Class {listed_en}", "fr": f"Classe {listed_fr}"},
            "selected": decided(part.column, part.order[place:], says),
        }
        if part.actual is not None:
            analysis["outcome"] = {**_outcome(part, place), "says": _right(listed_en, listed_fr)}
        core["analyses"][cut_name(part.order, place)] = analysis
    return core


def _outcome(part: Classes, place: int) -> dict[str, Any]:
    assert part.actual is not None
    return {"column": part.actual, "positive": part.order[place:], "negative": part.order[:place]}


def _right(names: str, french: str | None = None) -> dict[str, Any]:
    french = names if french is None else french
    return {
        "en": {"it": f"class {names} as the right one", "yes": f"who belong in class {names}",
               "no": f"who do not belong in class {names}"},
        "fr": {"it": f"la classe {french} pour classe juste", "yes": f"relevant de la classe {french}",
               "no": f"ne relevant pas de la classe {french}"},
    }  # fmt: skip


KIND = Kind("classes", Classes, _as_core)
