"""What a run needs after the count, loaded beside it: while the engine counts, Python would only wait.

Nothing is loaded between two queries: there Python is needed, and of two threads of it only one runs.
Nothing here changes what a run does; where a step fails, the run meets the same failure when it gets there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from threading import Event, Thread

from auditkit.counts.engine_task import waiting_since

__all__ = ["loading_ahead"]

_MODULES = (
    "scipy.special",
    "auditkit.findings.analysis",
    "auditkit.withhold",
    "scipy.sparse.linalg",
    "auditkit.rights.rights_record",
    "auditkit.write.results_csv",
    "auditkit.report",
    "auditkit.manifest",
)

_SHORT = 0.02
"""Seconds: a query that runs for longer will run for a while."""

_PAUSE = 0.005


@contextmanager
def loading_ahead(language: str) -> Iterator[None]:
    """While the block runs, import what comes after the count and compile the templates of the report.

    What is not done at the end of the block is left to whoever needs it.
    """
    ended = Event()
    thread = Thread(target=_load, args=(_steps(language), ended), name="loading ahead")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _steps(language: str) -> Iterator[Callable[[], object]]:
    for module in _MODULES:
        yield partial(import_module, module)
    from auditkit.report.render import template_folder, templates_ahead

    yield from templates_ahead(template_folder("full"), language)


def _load(steps: Iterator[Callable[[], object]], ended: Event) -> None:
    try:
        for step in steps:
            while not _engine_is_busy():
                if ended.wait(_PAUSE):
                    return
            step()
    except Exception:  # the run says what is wrong when it gets there itself
        return


def _engine_is_busy() -> bool:
    began = waiting_since()
    return began is not None and time.perf_counter() - began > _SHORT
