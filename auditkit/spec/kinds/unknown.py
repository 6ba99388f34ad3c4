"""An attribute that nobody recorded: `groups: {origin: {probabilities: {A: p_a, B: p_b}}}`, or `{proxy: ...}`.

Columns say how likely each person is of each group, or a table says it of each value of a proxy (a place, a name).
Such an attribute has no counts: it leaves `groups` and stands under `unknown`, whose figures are bounds first.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from auditkit.spec.data_spec import Part
from auditkit.spec.spec_words import Words
from auditkit.text import say

__all__ = ["Proxy", "UnknownAttribute", "see_unknown"]

_WAYS = ("probabilities", "proxy")


class Proxy(Part):
    """A column, and how likely those with each of its values are of each group."""

    column: str
    table: dict[str, dict[str, float]] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _text_keys(cls, content: Any) -> Any:
        table = content.get("table") if isinstance(content, dict) else None
        if not isinstance(table, dict):
            return content
        return {**content, "table": {str(value): shares for value, shares in table.items()}}

    @model_validator(mode="after")
    def _shares(self) -> Proxy:
        for value, shares in self.table.items():
            if any(not 0 <= share <= 1 for share in shares.values()) or sum(shares.values()) > 1 + 1e-9:
                raise ValueError(
                    say('the probabilities of "{value}" are not from 0 to 1, or add up to more than 1', value=value)
                )
        return self


class UnknownAttribute(Part):
    """One attribute: `probabilities` name a column for each group, or `proxy` a column with a table."""

    probabilities: dict[str, str] | None = Field(default=None, min_length=1)
    proxy: Proxy | None = None
    reference: str | None = None
    name: Words | None = None
    ground: str | None = None

    @model_validator(mode="after")
    def _one(self) -> UnknownAttribute:
        if (self.probabilities is None) == (self.proxy is None):
            raise ValueError(say("expected one of probabilities and proxy"))
        if len(self.groups) < 2:
            raise ValueError(say("expected the probabilities of two groups or more"))
        if self.reference is not None and self.reference not in self.groups:
            raise ValueError(say('reference names "{name}", which has no probabilities', name=self.reference))
        return self

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, in the order in which they come up."""
        if self.probabilities is not None:
            return tuple(self.probabilities)
        assert self.proxy is not None
        return tuple(dict.fromkeys(name for shares in self.proxy.table.values() for name in shares))


def see_unknown(content: Any) -> Any:
    """The audit with attributes that are known by probability alone under `unknown`, out of `groups`.

    >>> see_unknown({"groups": {"sex": {"column": "s"}, "origin": {"probabilities": {"A": "a", "B": "b"}}}})
    {'groups': {'sex': {'column': 's'}}, 'unknown': {'origin': {'probabilities': {'A': 'a', 'B': 'b'}}}}
    """
    groups = content.get("groups") if isinstance(content, dict) else None
    if not isinstance(groups, dict):
        return content
    moved = {k: v for k, v in groups.items() if isinstance(v, dict) and any(v.get(way) is not None for way in _WAYS)}
    if not moved:
        return content
    kept = {name: group for name, group in groups.items() if name not in moved}
    return {**content, "groups": kept, "unknown": {**(content.get("unknown") or {}), **moved}}
