"""Titles above the column names of a table of rows, as public bodies print them: found, set aside and said."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import islice

__all__ = ["title_lines", "title_rows"]


def title_lines(body: str, separator: str) -> int:
    """How many lines of titles stand above the column names: each of one text at most, above lines of one width."""
    try:
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
        records = [(row, reader.line_num) for row in islice(reader, 200)]
    except csv.Error:
        return 0
    widths = [len(row) for row, _ in records if len(row) > 1]
    if not widths:
        return 0
    common = max(set(widths), key=widths.count)
    before = 0
    for row, line in records:
        filled = sum(bool(cell.strip()) for cell in row)
        if len(row) in (common, common + 1) and filled > 1:
            return before
        if filled > max(1, (common - 1) // 2) or (row and len(row) not in (common, common + 1) and filled > 1):
            return 0
        before = line
    return 0


def title_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many rows of a sheet stand above its column names: each of one text at most, above rows of several.

    >>> title_rows([("Controls 2023", ""), ("", ""), ("sex", "controlled"), ("F", "1"), ("M", "0")])
    2
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:200]]
    several = [count for count in filled if count > 1]
    if not several:
        return next((i for i, count in enumerate(filled) if count), len(rows))
    common = max(set(several), key=several.count)
    for place, count in enumerate(filled):
        if count > max(1, (common - 1) // 2):
            return place
    return 0
