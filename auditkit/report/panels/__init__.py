"""Panels: a module here is a panel of the report, and nothing else has to be told of it.

`PANEL` says where it stands, whether an audit wants it and what its template is given; contents, templates and the
docs follow from the list.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from auditkit.result import AuditResult
from auditkit.text import translate

__all__ = ["DEPTHS", "Depth", "Panel", "panels", "titled"]

Depth = Literal["brief", "story", "annex"]
DEPTHS: tuple[Depth, ...] = ("brief", "story", "annex")


@dataclass(frozen=True)
class Panel:
    """One panel: `title` is its English heading, "" for the brief; `short` its name in the line of contents.

    `is_wanted` says whether an audit has what it shows; an empty panel leaves no heading. `view` gives its template
    finished sentences, numbers as texts and places, and never anything that has to be worked out.
    """

    key: str
    depth: Depth
    order: int
    template: str
    title: str
    is_wanted: Callable[[AuditResult], bool]
    view: Callable[[AuditResult, str], Mapping[str, Any]]
    short: str = ""


@cache
def panels() -> tuple[Panel, ...]:
    """Every panel, by depth and order.

    >>> panels()[0].key
    'brief'
    """
    found = []
    for module in pkgutil.iter_modules(__path__):
        panel = getattr(importlib.import_module(f"{__name__}.{module.name}"), "PANEL", None)
        if isinstance(panel, Panel):
            found.append(panel)
    return tuple(sorted(found, key=lambda panel: (DEPTHS.index(panel.depth), panel.order, panel.key)))


def titled(panel: Panel, language: str) -> str:
    """A panel's heading in the reader's language."""
    return translate(panel.title, language)
