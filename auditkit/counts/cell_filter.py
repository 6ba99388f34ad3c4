"""Some of the cells of a count table: those drawn at random, those with a score."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import Cells

__all__ = ["chosen"]


def chosen(cells: Cells, keep: NDArray[np.bool_]) -> Cells:
    """The cells for which `keep` (one entry a cell) is true, in their order."""
    changed: dict[str, Any] = {"codes": {name: codes[keep] for name, codes in cells.codes.items()}}
    for field in fields(cells):
        value = getattr(cells, field.name)
        if isinstance(value, np.ndarray):
            changed[field.name] = value[keep]
    return replace(cells, **changed)
