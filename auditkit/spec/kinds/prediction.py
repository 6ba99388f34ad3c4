"""Amounts and other numbers that are predicted: `prediction: {actual:, predicted:, unit: euro}`.

With a `unit` the errors are amounts, and 0 is a number like any other (a debt to recover, a benefit forecast, days);
without one they are relative, or of logarithms, and both numbers are above 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from auditkit.spec.data_spec import Part
from auditkit.spec.kinds import Kind
from auditkit.spec.spec_words import Words

__all__ = ["KIND", "Prediction"]


class Prediction(Part):
    """A number that was predicted and the number it really was.

    `within`: how near in logarithms counts as accurate, without a unit. `unit`: what the amounts are, `too_much`: from
    which excess on a prediction is far too high, in that unit.
    """

    actual: str
    predicted: str
    within: float = Field(default=0.2, gt=0, allow_inf_nan=False)
    unit: Words | None = None
    too_much: float | None = Field(default=None, gt=0, allow_inf_nan=False)


def _as_core(part: Prediction, content: Mapping[str, Any]) -> dict[str, Any]:
    if any(content.get(key) is not None for key in ("selected", "score", "model")):
        return {}
    return {"score": {"column": part.predicted}}


KIND = Kind("prediction", Prediction, _as_core)
