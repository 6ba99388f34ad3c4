"""What an audit takes for granted by name, so that more can be said: a risk, and how unlike the unseen may be."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from auditkit.spec.data_spec import Part

__all__ = ["Unseen"]


class Unseen(Part):
    """How much riskier than the selected the unselected may be, `by` a stratum of equal risk: their odds times gamma.

    Gamma 1 says that they are no riskier (monotone selection).
    """

    gamma: list[Annotated[float, Field(ge=1, allow_inf_nan=False)]] = Field(default=[1.0, 1.5, 2.0, 3.0], min_length=1)
    by: str | None = None
