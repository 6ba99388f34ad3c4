"""Outreach under a capacity: `reach: {column:, in:, capacity:}`.

Whether each person was reached (visited, called, told by a peer). Being reached is the help; the places are so many
and no more, so that whoever is reached takes the place of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from auditkit.spec.kinds import Kind, decided, spoken
from auditkit.spec.kinds.entitled import ListedValues
from auditkit.text import say

__all__ = ["KIND", "Reach"]


class Reach(ListedValues):
    """A column, those of its values that mean reached, and how many places there are."""

    capacity: int | None = Field(default=None, ge=1)


_REACHED = {"en": "reached", "fr": {"m": "touchés", "f": "touchées"}}


def _as_core(part: Reach, content: Mapping[str, Any]) -> dict[str, Any]:
    system = content.get("system")
    if isinstance(system, dict) and system.get("harm") == "punitive":
        raise ValueError(say("reach speaks of help; say harm: assistive under system"))
    return {
        "selected": decided(part.column, list(part.is_in)),
        "says": {"selected": spoken(content, "selected", _REACHED)},
    }


KIND = Kind("reach", Reach, _as_core)
