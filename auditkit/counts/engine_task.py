"""Whether the engine works while Python only waits for it: what is loaded meanwhile takes no time of the run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["at_work", "waiting_since"]

_began: float | None = None


@contextmanager
def at_work() -> Iterator[None]:
    """Around a query that may take long.

    >>> with at_work():
    ...     waiting_since() is None
    False
    >>> waiting_since() is None
    True
    """
    global _began
    _began = time.perf_counter()
    try:
        yield
    finally:
        _began = None


def waiting_since() -> float | None:
    """When the query that runs began, on the clock of `perf_counter`; None while none runs."""
    return _began
