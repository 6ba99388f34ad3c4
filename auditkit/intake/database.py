"""One DuckDB connection a run: no extensions, no network, no file but those given, nothing left behind.

The folder for what does not fit in memory is named at the start and comes into being only when it is needed;
it is removed on every exit, and what a killed run left is removed by the next one.
"""

from __future__ import annotations

import atexit
import os
import platform
import re
import shutil
import signal
import sys
import tempfile
import uuid
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

__all__ = ["PLACES", "exact", "literal", "lock", "quoted", "temporary_database"]

PLACES = 17
"""Groups whose numbers have up to so many bits get a place each, without hashing: the steps of a score have 17."""


def quoted(name: str) -> str:
    """A column's name as SQL writes it.

    >>> quoted('a "b"')
    '"a ""b""\"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | Path) -> str:
    """A text as SQL writes it.

    >>> literal("l'âge")
    "'l''âge'"
    """
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def temporary_database(memory_limit: str | None = None) -> Iterator[Any]:
    """A private in-memory DuckDB connection; its spill folder is gone when the block is left.

    `memory_limit` is DuckDB's ("4GB"); by default 60 % of the machine's memory. SIGTERM leaves the block
    as an interruption would, so that nothing stays behind.
    """
    import duckdb

    _remove_left_behind()
    folder = Path(tempfile.gettempdir()) / f"{_prefix()}{os.getpid()}-{uuid.uuid4().hex}"
    settings: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "allow_persistent_secrets": "false",
        "python_enable_replacements": "false",
        "preserve_insertion_order": "false",
        "perfect_ht_threshold": PLACES,
        "temp_directory": str(folder),
    }
    if limit := memory_limit or _default_limit():
        settings["memory_limit"] = limit
    connection = duckdb.connect(":memory:", config=settings)
    connection.execute("SET enable_progress_bar = false")

    def clean() -> None:
        with suppress(Exception):
            connection.interrupt()
        with suppress(Exception):
            connection.close()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(clean)
    try:
        with _terminate_as_exit():
            yield connection
    except RuntimeError as error:
        if "Query interrupted" not in str(error):
            raise
        raise KeyboardInterrupt from None  # DuckDB puts this in the place of what a signal raised
    finally:
        clean()
        atexit.unregister(clean)


def exact(path: Path) -> str:
    """A path in which the characters that stand for many files stand for themselves.

    >>> exact(Path("counts [1].csv"))
    'counts [[]1].csv'
    """
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def lock(connection: Any, files: Sequence[Path]) -> None:
    """From here on the connection reads these files and no other."""
    allowed = dict.fromkeys(text for path in files for text in (str(path), exact(path)))
    connection.execute(f"SET allowed_paths = [{', '.join(literal(text) for text in allowed)}]")
    connection.execute("SET enable_external_access = false")


@contextmanager
def _terminate_as_exit() -> Iterator[None]:
    """Within this block SIGTERM raises SystemExit, where nobody else listens for it."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    try:
        ours = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        if ours:
            signal.signal(signal.SIGTERM, leave)
    except ValueError:  # not the main thread: its owner decides
        ours = False
    try:
        yield
    finally:
        if ours:
            with suppress(ValueError):
                signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _default_limit() -> str | None:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
    return f"{max(256, int(total * 0.6) // 2**20)}MiB" if total > 0 else None


def _prefix() -> str:
    return f"auditkit-{zlib.crc32(platform.node().encode()):08x}-"


def _remove_left_behind() -> None:
    """Remove the spill folders of runs of this machine that were killed."""
    if os.name != "posix":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_prefix()}*"):
        process = folder.name.removeprefix(_prefix()).split("-")[0]
        if not process.isdigit():
            continue
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue
