"""Counts by cluster: rows that stand or fall together are resampled together.

Up to a million clusters are counted as they are, so that what their rows share is kept; more fall into as many
buckets by the CRC32 of their identifier.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.intake.column_reading import label_of

__all__ = ["BUCKETS", "number_clusters"]

BUCKETS = 1_000_000


def number_clusters(codes: NDArray[np.int64], values: Sequence[Any]) -> tuple[NDArray[np.int64], int]:
    """The number of the cluster (or bucket) of each cell, and how many there are.

    >>> number_clusters(np.array([0, 1, 1]), ["b", "a"])
    (array([1, 0, 0]), 2)
    """
    labels = [label_of(value) for value in values]
    if len(labels) <= BUCKETS:
        place = {label: i for i, label in enumerate(sorted(labels))}
        numbers = np.array([place[label] for label in labels], dtype=np.int64)
        return numbers[codes], len(labels)
    buckets = np.fromiter(
        (zlib.crc32(label.encode("utf-8")) % BUCKETS for label in labels), dtype=np.int64, count=len(labels)
    )
    occurring, numbers = np.unique(buckets, return_inverse=True)
    return numbers[codes].astype(np.int64), len(occurring)
