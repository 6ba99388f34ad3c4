"""What audit.yaml says of attribution: which variables, how exactly, and which further questions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from auditkit.spec.data_spec import Part

__all__ = ["AttributionPart", "Question"]

Question = Literal["stand_ins", "flips", "ablation", "need"]
QUESTIONS: tuple[Question, ...] = ("stand_ins", "flips", "ablation", "need")


def _as_list(value: Any) -> Any:
    if value == "all":
        return list(QUESTIONS)
    return [value] if isinstance(value, str) else value


class AttributionPart(Part):
    """`attribution:`. Without a model `columns` are needed: a surrogate is fitted to the score on them.

    `half_width` is the error allowed, as a share of the range of the score; None takes 0.5 %, or a tenth of the largest
    gap. `ask` are further questions, `all` for all of them.
    """

    columns: Annotated[list[str] | None, BeforeValidator(_as_list), Field(min_length=1)] = None
    half_width: float | None = Field(default=None, gt=0.0005, le=0.2, allow_inf_nan=False)
    seed: int = Field(default=1, ge=0)
    perturbation: Literal["interventional", "path_dependent"] = "path_dependent"
    ask: Annotated[list[Question], BeforeValidator(_as_list)] = []
