"""Figures that others published, as audit.yaml states them."""

from __future__ import annotations

from typing import Literal

from pydantic import FiniteFloat, model_validator

from auditkit.spec.data_spec import Part
from auditkit.spec.spec_words import Words
from auditkit.text import say

__all__ = ["KnownFigure"]


class KnownFigure(Part):
    """A figure that others published."""

    what: Words
    value: FiniteFloat
    unit: Words | None = None
    numerator: Words | None = None
    denominator: Words | None = None
    year: int | str | None = None
    source: Words | None = None
    locator: str | None = None
    share_of: Literal["selected", "population"] | None = None
    group: Words | None = None

    @model_validator(mode="after")
    def _share(self) -> KnownFigure:
        if self.share_of is None:
            return self
        if self.group is None:
            raise ValueError(say("share_of needs group: whose share is it"))
        if self.unit is None or self.unit.text("en") not in ("percent", "%") or not 0 <= self.value <= 100:
            raise ValueError(say("share_of needs unit: percent and a value from 0 to 100"))
        return self
