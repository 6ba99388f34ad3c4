"""The keys of the kinds, as a part of every audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from auditkit.spec.data_spec import Part
from auditkit.spec.kinds import (
    Kind,
    classes,
    entitled,
    prediction,
    probe,
    ranking,
    reach,
    verification,
    written_as_core,
)
from auditkit.spec.kinds.classes import Classes
from auditkit.spec.kinds.entitled import ListedValues
from auditkit.spec.kinds.prediction import Prediction
from auditkit.spec.kinds.probe import Probe
from auditkit.spec.kinds.ranking import Ranking
from auditkit.spec.kinds.reach import Reach
from auditkit.spec.kinds.unknown import UnknownAttribute, see_unknown
from auditkit.spec.kinds.verification import Verification
from auditkit.spec.policy_spec import Cost, Policy
from auditkit.text import say

__all__ = ["KINDS", "KindKeys", "see_kinds"]

KINDS: Mapping[str, Kind] = {
    one.KIND.key: one.KIND for one in (classes, ranking, prediction, entitled, reach, verification, probe)
}
"""Every kind, in the order in which they are written out."""


class KindKeys(Part):
    """One key a kind."""

    classes: Classes | None = None
    ranking: Ranking | None = None
    prediction: Prediction | None = None
    entitled: ListedValues | None = None
    received: ListedValues | None = None
    reach: Reach | None = None
    verification: Verification | None = None
    probe: Probe | None = None
    unknown: dict[str, UnknownAttribute] | None = None
    policies: list[Policy] | None = Field(default=None, min_length=1)
    cost: Cost | None = None

    @model_validator(mode="after")
    def _both(self) -> KindKeys:
        if self.received is not None and self.entitled is None:
            raise ValueError(say("received is given without entitled; add entitled: {{column: ..., in: [...]}}"))
        return self

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of system that the audit is of."""
        return tuple(key for key in (*KINDS, "unknown", "policies") if getattr(self, key) is not None)


def see_kinds(content: Any) -> Any:
    """The audit with `selected` and `outcome` as its kinds say them.

    >>> see_kinds({"reach": {"column": "visited", "in": ["yes"]}})["selected"]
    {'column': 'visited', 'in': ['yes']}
    """
    return written_as_core(see_unknown(content), KINDS)
