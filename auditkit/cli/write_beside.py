"""Work done by a second process while this one does something else, from what is in memory: a fork.

Only where that is safe: on Linux, with no other thread of Python and no engine that keeps threads of its own.
Elsewhere, and where the second process fails, the work is done here when its result is asked for, with the same bytes.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

__all__ = ["beside"]

_KEEP_THREADS = ("polars", "pyarrow", "sklearn", "lightgbm", "torch", "numba")
"""Modules whose native threads live as long as the process."""

_WIDTH = 8

Work = Callable[[], Sequence[bytes]]


@contextmanager
def beside(work: Work, worth_it: bool) -> Iterator[Work]:
    """While the block runs, do `work` in a process of its own; the function given waits for what it made.

    `worth_it` says that the work takes longer than a process takes to begin. Raises what `work` raises, when asked.

    >>> with beside(lambda: [b"made"], worth_it=True) as made:
    ...     other = 1 + 1
    ...     list(made())
    [b'made']
    """
    if not (worth_it and _can_fork()):
        yield work
        return
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work_and_end(work, writing)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as pipe:
            yield lambda: _unpacked(pipe.read()) or work()
    finally:
        os.waitpid(child, 0)


def _can_fork() -> bool:
    """Whether no thread could be caught half-way; those of numpy are ended and begun again by numpy itself."""
    alone = threading.active_count() == 1 and not any(name in sys.modules for name in _KEEP_THREADS)
    return sys.platform == "linux" and alone


def _work_and_end(work: Work, writing: int) -> NoReturn:
    """The second process: it ends here, whatever happens, and leaves nothing behind but what it sent."""
    status = 1
    try:
        gc.disable()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(_packed(work()))
        status = 0
    finally:
        os._exit(status)


def _packed(parts: Sequence[bytes]) -> bytes:
    """How many parts, the length of each, the parts.

    >>> _unpacked(_packed([b"one", b""]))
    [b'one', b'']
    """
    numbers = [len(parts), *map(len, parts)]
    return b"".join([number.to_bytes(_WIDTH, "big") for number in numbers] + list(parts))


def _unpacked(sent: bytes) -> list[bytes] | None:
    """The parts; None where they did not come whole."""
    count = int.from_bytes(sent[:_WIDTH], "big")
    start = _WIDTH * (count + 1)
    lengths = [int.from_bytes(sent[place : place + _WIDTH], "big") for place in range(_WIDTH, start, _WIDTH)]
    if not sent or len(sent) != start + sum(lengths):
        return None
    parts = []
    for length in lengths:
        parts.append(sent[start : start + length])
        start += length
    return parts
