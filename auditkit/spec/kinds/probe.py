"""Text systems: `probe: {command | endpoint | file:, cases: FOLDER, swap: {name: {A: [...], B: [...]}}, repeats: 5}`.

Case files that differ in one attribute only are put to a system that writes (summaries, action plans, letters), and
what it writes is held against each other, case by case. Nobody real stands in a case: `data` is `none`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, FiniteFloat, field_validator, model_validator

from auditkit.spec.data_spec import Part
from auditkit.spec.kinds import Kind
from auditkit.spec.model_spec import ModelPart
from auditkit.text import say

__all__ = ["KIND", "Probe"]


class Probe(Part):
    """Who is asked (a program, a service, or outputs that stand in a file), with which cases, and what is swapped.

    `swap` names for each attribute its groups, the reference first, and the values that stand for each; two values of
    the reference are the control swap. `repeats` is how often each text is asked again, to know the system's own noise.
    """

    command: list[str] | None = Field(default=None, min_length=1)
    endpoint: str | None = None
    file: str | None = None
    token: str | None = None
    timeout: FiniteFloat = Field(default=60.0, gt=0, le=86_400)
    cases: str
    swap: dict[str, dict[str, list[str]]] = Field(min_length=1)
    repeats: int = Field(default=3, ge=1, le=100)
    judge: Literal["default"] = "default"

    @field_validator("swap", mode="before")
    @classmethod
    def _groups(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            key: {str(one): [str(one)] for one in groups} if isinstance(groups, list) else groups
            for key, groups in value.items()
        }

    @model_validator(mode="after")
    def _whole(self) -> Probe:
        if sum(one is not None for one in (self.command, self.endpoint, self.file)) != 1:
            raise ValueError(say("expected exactly one of command, endpoint and file"))
        for name, groups in self.swap.items():
            if len(groups) < 2 or not all(groups.values()):
                raise ValueError(
                    say("swap needs two groups or more of {name}, the reference first, each with a value", name=name)
                )
        if self.command is not None or self.endpoint is not None:
            self.as_model()
        return self

    def as_model(self) -> ModelPart:
        """The program or service as a model of the audit, so that one consent covers both."""
        given = {"command": self.command, "endpoint": self.endpoint, "token": self.token}
        known = {key: value for key, value in given.items() if value is not None}
        return ModelPart.model_validate({"columns": ["text"], "timeout": self.timeout, **known})


def _as_core(part: Probe, content: Mapping[str, Any]) -> dict[str, Any]:
    if content.get("data") not in (None, "none"):
        raise ValueError(say("probe makes its own cases; say data: none"))
    return {"groups": {name: {"column": name, "reference": next(iter(groups))} for name, groups in part.swap.items()}}


KIND = Kind("probe", Probe, _as_core)
