"""Non-take-up: `entitled: {column:, in:}` beside `received: {column:, in:}`.

Who is entitled is what should be; who received is what was done. Those entitled and not served are the missed ones:
coverage is the true positive rate, non-take-up the false negative rate, and help given without a right the false
positive rate. Nothing here measures why; a rule that says who is entitled may be another program's (OpenFisca).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from auditkit.spec.data_spec import Part, Scalar
from auditkit.spec.kinds import Kind, decided, spoken
from auditkit.text import say

__all__ = ["KIND", "ListedValues"]

Listed = Annotated[list[Scalar], BeforeValidator(lambda v: [v] if isinstance(v, (str, int, float, bool)) else v)]


class ListedValues(Part):
    """A column, and those of its values that mean yes."""

    column: str
    is_in: Listed = Field(alias="in", min_length=1)


_SERVED = {"en": "served", "fr": {"m": "servis", "f": "servies"}}
_RIGHT = {
    "en": {"it": "a right to it", "yes": "who are entitled", "no": "who are not entitled"},
    "fr": {"it": "le droit", "yes": "ayant droit", "no": "sans droit"},
}
_WRONGLY = {"en": "served without a right", "fr": {"m": "servis sans droit", "f": "servies sans droit"}}


def _as_core(part: ListedValues, content: Mapping[str, Any]) -> dict[str, Any]:
    received = content.get("received")
    if received is None:
        raise ValueError(say("entitled is given without received; add received: {{column: ..., in: [...]}}"))
    try:
        served = ListedValues.model_validate(received)
    except ValueError:
        return {}
    system = content.get("system")
    if isinstance(system, dict) and system.get("harm") == "punitive":
        raise ValueError(say("entitled and received speak of help; say harm: assistive under system"))
    says = {
        "selected": spoken(content, "selected", _SERVED),
        "outcome": spoken(content, "outcome", _RIGHT),
        "wrongly": spoken(content, "wrongly", _WRONGLY),
    }
    return {
        "selected": decided(served.column, list(served.is_in)),
        "outcome": {"column": part.column, "positive": list(part.is_in)},
        "primary": ["false_negative_rate"],
        "says": says,
    }


KIND = Kind("entitled", ListedValues, _as_core)
