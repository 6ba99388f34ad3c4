"""One door for everything that is read from others: what goes wrong behind it is a sentence, whatever it was.

A command works in a process of its own (`auditkit.cli.watched_process`), and each reader of foreign files says here
what it is reading. Errors that are not ours become ours at this door; where the process dies, fills the memory or never
comes back while it reads, the watching process ends it and says so. Limits: `AUDITKIT_READ_SECONDS` (15, and a second
more for each 20 MB of the file) and `AUDITKIT_READ_MEMORY` (megabytes more than before, 1500, and four times the file).
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from auditkit.errors import AuditkitError, DataError, cut

__all__ = ["Reading", "limits", "reading", "require_plain_file", "tell"]

_SECONDS, _MEGABYTES = 15.0, 1500.0
_BYTES_A_SECOND = 20_000_000


class Reading:
    """Where the watching process listens; None where nobody watches."""

    pipe: int | None = None


def tell(pipe: int) -> None:
    """Say from now on, through this pipe, what is being read."""
    Reading.pipe = pipe


@contextmanager
def reading(name: str, path: Path | None = None, seconds: float | None = None, ours: bool = False) -> Iterator[None]:
    """While the block reads a foreign file: its limits hold, and what it raises is one sentence that names it.

    `path` is the file, whose size widens the limits; `seconds` widens the limit of time. Where the block is mostly code
    of `ours`, only the limits hold, so that a fault of ours never says that the file is wrong. Raises DataError.
    """
    limit, memory = limits(_stored(path))
    _send({"name": cut(name, 80), "seconds": limit if seconds is None else max(seconds, limit), "memory": memory})
    try:
        yield
    except (AuditkitError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except MemoryError as error:
        raise DataError(
            "{file} cannot be read: it takes more memory than there is. Nothing was written.", file=cut(name, 80)
        ) from error
    except BaseException as error:
        if ours:
            raise
        # readers of others raise whatever they trip over, even what is no Exception
        raise DataError(
            "{file} cannot be read ({problem}). It is damaged, or is not what it seems; nothing was written. With "
            "--debug the trace is shown.",
            file=cut(name, 80),
            problem=cut(f"{type(error).__name__}: {error}".split("\n")[0], 160),
        ) from error
    finally:
        _send({})


def limits(size: int) -> tuple[float, float]:
    """Seconds, and bytes of memory, that the reading of a file of so many bytes may take."""
    seconds = _setting("AUDITKIT_READ_SECONDS", _SECONDS) + size / _BYTES_A_SECOND
    return seconds, _setting("AUDITKIT_READ_MEMORY", _MEGABYTES) * 1e6 + 4 * size


def _setting(name: str, default: float) -> float:
    try:
        given = float(os.environ.get(name, ""))
    except ValueError:
        return default
    return given if given > 0 else default


def _stored(path: Path | None) -> int:
    """How many bytes a file really takes on the disk: holes do not count."""
    if path is None:
        return 0
    try:
        found = path.stat()
    except (OSError, ValueError):
        return 0
    return min(found.st_size, getattr(found, "st_blocks", found.st_size) * 512)


def _send(said: dict[str, object]) -> None:
    if Reading.pipe is not None:
        with suppress(OSError):
            os.write(Reading.pipe, json.dumps(said).encode() + b"\n")


def require_plain_file(path: Path) -> None:
    """Refuse a pipe, a device, a socket: reading one might never end. Raises DataError; what is not there passes."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise DataError("{file} is not a plain file; expected a file on the disk.", file=cut(path.name, 80))
