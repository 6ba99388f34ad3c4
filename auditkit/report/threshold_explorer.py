"""The threshold explorer: the published points of the score, so that a reader can move the threshold.

It adds nothing to what the tables beside it say: its figures are theirs, withheld where theirs are withheld, and it
stays hidden where no script runs. The script is our own, stands in the page, and is allowed by its hash alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.report.sweep_panel import PointSection, PointTable
from auditkit.text import mark, translate

__all__ = ["Explorer", "explorer_of"]

SERIES = ("sweep", "top_share")
_WORDS = {"group": mark("Group")}


@dataclass(frozen=True)
class ExplorerView:
    """What can be chosen: an attribute along thresholds, or along shares selected."""

    label: str


@dataclass(frozen=True)
class Explorer:
    """The views that can be chosen, and their figures as JSON."""

    views: tuple[ExplorerView, ...]
    points: str


def explorer_of(sections: Sequence[PointSection], language: str, threshold: float | None) -> Explorer | None:
    """The explorer of an audit; None where no sweep of two places or more was published."""
    views: list[ExplorerView] = []
    content: list[dict[str, object]] = []
    for section in sections:
        if section.series not in SERIES:
            continue
        by_attribute: dict[str, list[PointTable]] = {}
        for table in section.tables:
            by_attribute.setdefault(str(table.attribute), []).append(table)
        for attribute, tables in by_attribute.items():
            shown = [table for table in tables if [row.position for row in table.rows] == _positions(tables)]
            if len(_positions(tables)) < 2:
                continue
            views.append(ExplorerView(f"{attribute} · {section.title}"))
            content.append(_view(shown, language, threshold if section.series == "sweep" else None))
    if not views:
        return None
    return Explorer(tuple(views), json.dumps(content, ensure_ascii=False, separators=(",", ":")))


def _positions(tables: Sequence[PointTable]) -> list[str]:
    return [row.position for row in tables[0].rows]


def _view(tables: Sequence[PointTable], language: str, threshold: float | None) -> dict[str, object]:
    first = tables[0]
    return {
        "axis": first.axis,
        "positions": _positions(tables),
        "start": _start(first, threshold),
        "groups": [str(group) for group in first.groups],
        "words": {key: translate(word, language) for key, word in _WORDS.items()},
        "measures": [
            {
                "name": table.title,
                "cells": [[_cell(cell.value, cell.people, cell.share) for cell in row.cells] for row in table.rows],
            }
            for table in tables
        ],
    }


def _start(table: PointTable, threshold: float | None) -> int:
    """The place that is really used, where it is one of those published; else the middle."""
    for i, row in enumerate(table.rows):
        if threshold is not None and row.at == threshold:
            return i
    return len(table.rows) // 2


def _cell(value: str, people: str, share: float | None) -> list[object]:
    return [value, people, None if share is None else round(share, 4)]
