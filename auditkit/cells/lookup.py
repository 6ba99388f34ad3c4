"""A small table laid beside the rows, on the engine that holds them, so that rows can be joined to it."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

__all__ = ["is_duckdb", "lookup_frame"]


def is_duckdb(frame: nw.LazyFrame[Any]) -> bool:
    """Whether DuckDB holds the frame."""
    return frame.implementation.is_duckdb()


def lookup_frame(beside: nw.LazyFrame[Any], columns: dict[str, NDArray[Any]]) -> nw.LazyFrame[Any]:
    """Numbers (integers or doubles) as a frame that can be joined with `beside`."""
    if not is_duckdb(beside):
        return nw.from_dict(columns, backend=beside.implementation).lazy()
    parts = []
    for name, values in columns.items():
        whole = values.dtype.kind in "iu"
        texts = ",".join(str(v) if whole else repr(v) for v in values.tolist())
        kind = "BIGINT" if whole else "DOUBLE"
        parts.append(f"CAST(unnest(string_split('{texts}', ',')) AS {kind}) AS \"{name}\"")
    relation = beside.to_native().query("auditkit_beside", "SELECT " + ", ".join(parts))
    return nw.from_native(relation).lazy()


def edges_of(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each value between edges that are closed on the left."""
    return np.searchsorted(edges, values, side="right").astype(np.int64) - 1
