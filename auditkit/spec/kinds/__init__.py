"""Kinds of systems: a module here is a kind, its key in audit.yaml is the name of the module, and nothing else is told.

A kind says in its own words what is decided (a class, a place in a list, a right that is served) and writes it as the
selections and outcomes that every audit is made of, so that counting, protection, tests and verdicts are those of all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from auditkit.spec.data_spec import Part
from auditkit.text import say

__all__ = ["Kind", "decided", "spoken", "written_as_core"]


@dataclass(frozen=True)
class Kind:
    """One kind: its key, the record behind it, and how it is written in the keys of every audit.

    `as_core` takes the record and the whole audit and gives the keys that the audit has for it: `selected`, `outcome`,
    `says` of `main`, and `analyses` by name.
    """

    key: str
    part: type[Part]
    as_core: Callable[[Any, Mapping[str, Any]], dict[str, Any]]


def written_as_core(content: Any, kinds: Mapping[str, Kind]) -> Any:
    """The audit with the keys of every audit beside those of its kinds.

    An audit that was written so already stays as it is. Raises ValueError where `selected` or `outcome` says otherwise.
    """
    if not isinstance(content, dict):
        return content
    for key, kind in kinds.items():
        if content.get(key) is None:
            continue
        try:
            part = kind.part.model_validate(content[key])
        except ValidationError:
            return content  # the record of the audit says where and why
        content = _joined(content, kind.as_core(part, content), key)
    return content


def _joined(content: dict[str, Any], core: dict[str, Any], key: str) -> dict[str, Any]:
    """The audit with what a kind sets; what stands there already must be what the kind would set somewhere."""
    analyses = core.pop("analyses", {})
    known = content.get("selected")
    if known is not None and "selected" in core:
        if _plain(known) != _plain(core["selected"]):
            raise ValueError(
                say("{key} says who is selected already; leave out selected, or leave out {key}", key=f'"{key}"')
            )
        return content
    made = dict(content)
    for name, value in core.items():
        if name == "says" and isinstance(made.get("says"), dict):
            made["says"] = {**value, **made["says"]}
        elif made.get(name) is None:
            made[name] = value
    given = made.get("analyses")
    if analyses:
        made["analyses"] = {**analyses, **(given if isinstance(given, dict) else {})}
    return made


def _plain(selection: Any) -> Any:
    return {k: v for k, v in selection.items() if k != "says"} if isinstance(selection, dict) else selection


def decided(column: str, values: list[Any], says: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A selection by a column, as audit.yaml has it.

    >>> decided("class", ["C"])
    {'column': 'class', 'in': ['C']}
    """
    made: dict[str, Any] = {"column": column, "in": list(values)}
    return made if says is None else {**made, "says": dict(says)}


def spoken(content: Mapping[str, Any], place: str, else_said: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit says a thing is called, or what its kind calls it."""
    said = content.get("says")
    given = said.get(place) if isinstance(said, dict) else None
    return given if given is not None else dict(else_said)
