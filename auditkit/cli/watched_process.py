"""The process that works, and the one that watches it: a death, an endless read or a full memory is one sentence.

The command forks as its first step, before anything is loaded. The child does the work and says what it is reading
(`auditkit.guard`); the parent holds it to the limits, passes signals on, and leaves with its exit code. What libraries
write to the error output by themselves goes to the parent, which shows it with --debug and drops it otherwise.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import select
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from auditkit import guard
from auditkit.errors import cut
from auditkit.text import Message, say

__all__ = ["watched"]

_PR_SET_PDEATHSIG = 1
_EVERY = 100  # milliseconds between two looks at a process that reads
_SLEEPING = 6  # so many times its limit may a read last that does nothing
_KEPT = 1 << 16  # bytes of what libraries write that are kept for --debug


def watched(language: str, debug: bool = False) -> None:
    """Go on in a child that is watched; the process that called never comes back from here.

    `debug` shows what libraries wrote by themselves. Where there is no fork, or `AUDITKIT_UNWATCHED` is set, go on
    unwatched.
    """
    if sys.platform != "linux" or not hasattr(os, "pidfd_open") or os.environ.get("AUDITKIT_UNWATCHED"):
        return
    parent = os.getpid()
    try:
        listen, pipe = os.pipe()
        written, errors = os.pipe()
        child = os.fork()
    except OSError:
        return
    if child == 0:
        os.close(listen)
        os.close(written)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        guard.tell(pipe)
        _keep_apart(errors)
        return
    os.close(pipe)
    os.close(errors)
    _watch(child, listen, written, language, debug)


def _keep_apart(errors: int) -> None:
    """Our own sentences go where they went; what is written to the error output past them goes into this pipe."""
    ours = os.dup(2)
    os.dup2(errors, 2)
    os.close(errors)
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = open(ours, "w", encoding=sys.stderr.encoding, errors="replace", buffering=1)  # noqa: PTH123, SIM115


@dataclass
class _Read:
    """One thing that is being read: since when, how much was used then, how much more may be."""

    name: str
    seconds: float
    memory: float
    began: float = field(default_factory=time.monotonic)
    used: float = 0.0
    held: int = 0


def _watch(child: int, listen: int, written: int, language: str, debug: bool) -> NoReturn:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda given, _frame: os.kill(child, given))
    handle = os.pidfd_open(child)
    waiting = select.poll()
    waiting.register(handle, select.POLLIN)
    waiting.register(listen, select.POLLIN)
    waiting.register(written, select.POLLIN)
    os.set_blocking(written, False)
    reads: list[_Read] = []
    rest, kept = b"", b""
    over: Message | None = None
    while True:
        events = waiting.poll(_EVERY if reads else None)
        if any(place == listen for place, _ in events):
            if given := os.read(listen, 65536):
                rest = _follow(rest + given, reads, child)
            else:
                waiting.unregister(listen)
        if any(place == written for place, _ in events):
            kept = _more(written, waiting, kept)
        if any(place == handle for place, _ in events):
            break
        over = next((said for one in reads if (said := _beyond(one, child)) is not None), None)
        if over is not None:
            os.kill(child, signal.SIGKILL)
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
            break
    _, status = os.waitpid(child, 0)
    if debug:
        os.write(2, _more(written, waiting, kept))
    if os.WIFEXITED(status):
        os._exit(os.WEXITSTATUS(status))
    _say(over or _death(os.WTERMSIG(status), reads), language)
    os._exit(2)


def _more(written: int, waiting: select.poll, kept: bytes) -> bytes:
    """What libraries wrote until now; only the first of it is kept, all is taken from the pipe."""
    with suppress(BlockingIOError):
        while given := os.read(written, _KEPT):
            kept = (kept + given)[:_KEPT]
        with suppress(KeyError):
            waiting.unregister(written)
    return kept


def _follow(given: bytes, reads: list[_Read], child: int) -> bytes:
    """What the child said: a read that begins, or the end of the last one. What is no whole line yet comes back."""
    *lines, rest = given.split(b"\n")
    for line in lines:
        said = json.loads(line)
        if said:
            used, held = _usage(child)
            reads.append(_Read(said["name"], said["seconds"], said["memory"], used=used, held=held))
        elif reads:
            reads.pop()
    return rest


def _usage(child: int) -> tuple[float, int]:
    """Seconds of work, of all threads, and bytes of memory of a process."""
    try:
        with open(f"/proc/{child}/stat", "rb") as file:  # noqa: PTH123
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return 0.0, 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(fields[21]) * os.sysconf("SC_PAGE_SIZE")


def _beyond(read: _Read, child: int) -> Message | None:
    """Why a read is to be ended: both the clock and its own work are beyond the limit, or it only sleeps."""
    used, held = _usage(child)
    passed = time.monotonic() - read.began
    if (passed > read.seconds and used - read.used > read.seconds) or passed > _SLEEPING * read.seconds:
        return say(
            "{file} was not read in {seconds} seconds, and was given up; nothing was written. If it is honestly so "
            "large, set AUDITKIT_READ_SECONDS to a larger number.",
            file=cut(read.name, 80),
            seconds=f"{read.seconds:.0f}",
        )
    if held - read.held > read.memory:
        return say(
            "{file} takes more than {megabytes} MB of memory to read, and was given up; nothing was written. If it is "
            "honestly so large, set AUDITKIT_READ_MEMORY to a larger number of megabytes.",
            file=cut(read.name, 80),
            megabytes=f"{read.memory / 1e6:.0f}",
        )
    return None


def _death(number: int, reads: list[_Read]) -> Message:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = str(number)
    if reads:
        return say(
            "{file} cannot be read: its reader broke off ({signal}). The file is damaged, or was made to do so; "
            "nothing was written.",
            file=cut(reads[-1].name, 80),
            signal=name,
        )
    return say(
        "auditkit was ended by the system ({signal}), most likely because memory ran out; nothing was written.",
        signal=name,
    )


def _say(message: Message, language: str) -> None:
    if sys.stderr is not None:
        print(message.text(language), file=sys.stderr, flush=True)  # noqa: T201
