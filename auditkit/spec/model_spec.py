"""What audit.yaml says of the model: a scorecard, a model file, or a black box that is only asked for its scores.

Exactly one of them. A secret never stands in the file: `token` is the name of an environment variable.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import BeforeValidator, Field, FiniteFloat, field_validator, model_validator

from auditkit.spec.data_spec import Part
from auditkit.text import say

__all__ = ["KINDS", "ModelPart"]

KINDS = ("scorecard", "file", "callable", "command", "endpoint")
"""The ways to name a model."""

_ENDPOINT_ONLY = ("token", "retries", "rate")


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]


class ModelPart(Part):
    """`model:`. `columns` are the inputs in their order; `categories` those of them that are texts, whatever they hold.

    `positive` is the class of a model file whose probability is the score, where `outcome` does not say it.

    >>> ModelPart.model_validate({"file": "model.skops", "columns": ["age", "income"]}).kind
    'file'
    """

    scorecard: Texts | None = None
    file: str | None = None
    callable: str | None = None
    command: Annotated[list[str] | None, Field(min_length=1)] = None
    endpoint: str | None = None
    columns: Texts | None = None
    categories: Annotated[list[str], BeforeValidator(_as_list)] = []
    positive: str | int | float | bool | None = None
    unseen: Literal["stop", "score"] = "stop"
    batch: int = Field(default=10_000, ge=1, le=1_000_000)
    timeout: FiniteFloat = Field(default=60.0, gt=0, le=86_400)
    token: str | None = None
    retries: int = Field(default=4, ge=0, le=20)
    rate: FiniteFloat | None = Field(default=None, gt=0)

    @property
    def kind(self) -> str:
        """Which of the ways it is."""
        return next(name for name in KINDS if getattr(self, name) is not None)

    @field_validator("callable")
    @classmethod
    def _function(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*", value):
            raise ValueError(say('expected "package.module:function"'))
        return value

    @field_validator("endpoint")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            plain = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            plain = False
        if not plain or re.search(r"[\s\x00-\x1f]", value):
            raise ValueError(say("expected an address that begins with https:// or http://"))
        if parts.username is not None or parts.password is not None:
            raise ValueError(
                say("a user and password do not belong in the address; name an environment variable under token")
            )
        secret = [name for name, _ in parse_qsl(parts.query) if re.search(r"key|token|secret|passw|sig", name.lower())]
        if secret:
            raise ValueError(
                say(
                    'the address carries "{name}"; a secret goes into an environment variable named under token',
                    name=secret[0],
                )
            )
        return value

    @field_validator("token")
    @classmethod
    def _variable(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"AUDIT_[A-Za-z0-9_]+", value):
            raise ValueError(
                say(
                    "expected the name of an environment variable that holds the token, never the token itself; only "
                    "variables whose name begins with AUDIT_ are read"
                )
            )
        return value

    @model_validator(mode="after")
    def _one_kind(self) -> ModelPart:
        if sum(getattr(self, name) is not None for name in KINDS) != 1:
            raise ValueError(say("expected exactly one of scorecard, file, callable, command and endpoint"))
        if self.scorecard is not None and self.columns is not None:
            raise ValueError(say("a scorecard names its own columns; leave columns out"))
        if self.scorecard is None and self.columns is None:
            raise ValueError(say("columns is missing: the model's inputs, in their order"))
        if self.endpoint is None:
            for name in _ENDPOINT_ONLY:
                if name in self.model_fields_set:
                    raise ValueError(say("{key} belongs to an endpoint", key=name))
        if self.file is None and self.positive is not None:
            raise ValueError(say("{key} belongs to a model file", key="positive"))
        names = self.columns or []
        if len(set(names)) != len(names):
            raise ValueError(say("a column is named twice under columns"))
        for name in self.categories:
            if name not in names:
                raise ValueError(say('categories names "{column}", which is not among columns', column=name))
        return self
