"""What reads foreign files or takes long works in a process of its own, which is watched (`auditkit.guard`).

One process waits, warm: it has loaded what tasks need before somebody asks. It takes one task and ends with it, so that
nothing that a file did lives on.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

__all__ = ["Refused", "Workers"]

_LONGEST_LINE = 64_000_000


class Refused(Exception):
    """A task that came to nothing: the sentence that the process left, in the reader's language."""


class Workers:
    """Processes for tasks, in one language at a time."""

    def __init__(self) -> None:
        self._spare: tuple[str, asyncio.subprocess.Process] | None = None
        self._working: set[asyncio.subprocess.Process] = set()
        self._closed = False
        self._one_at_a_time = asyncio.Lock()

    async def warm(self, language: str) -> None:
        """Let a process wait for the next task."""
        async with self._one_at_a_time:
            if self._closed:
                return
            if self._spare is None or self._spare[0] != language or self._spare[1].returncode is not None:
                await self._drop()
                self._spare = (language, await _started(language))

    async def ask(
        self, language: str, task: dict[str, Any], progress: Callable[[str], None] | None = None
    ) -> dict[str, Any]:
        """The outcome of a task. Raises Refused with a sentence where there is none; cancelled, the process ends."""
        while self._spare is None or self._spare[0] != language:
            await self.warm(language)
        process, self._spare = self._spare[1], None
        self._working.add(process)
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        complaint = asyncio.ensure_future(process.stderr.read())
        try:
            with suppress(BrokenPipeError, ConnectionResetError):
                process.stdin.write(json.dumps(task).encode() + b"\n")
                await process.stdin.drain()
                process.stdin.close()
            done: dict[str, Any] | None = None
            while line := await process.stdout.readline():
                with suppress(ValueError):
                    said = json.loads(line)
                    if isinstance(said, dict) and "progress" in said and progress is not None:
                        progress(str(said["progress"]))
                    elif isinstance(said, dict) and "done" in said:
                        done = said["done"]
            code = await process.wait()
            if code == 0 and done is not None:
                return done
            raise Refused((await complaint).decode("utf-8", "replace").strip()[-4_000:])
        finally:
            complaint.cancel()
            await _ended(process)
            self._working.discard(process)
            self._next = asyncio.ensure_future(self.warm(language))

    async def close(self) -> None:
        """End every process."""
        async with self._one_at_a_time:
            self._closed = True
            await self._drop()
        for process in list(self._working):
            await _ended(process)

    async def _drop(self) -> None:
        if self._spare is not None:
            spare, self._spare = self._spare[1], None
            await _ended(spare)


async def _started(language: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "auditkit.cli.page_worker", "--language", language,
        stdin=pipe, stdout=pipe, stderr=pipe, limit=_LONGEST_LINE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip


async def _ended(process: asyncio.subprocess.Process) -> None:
    """The process gone: asked first, so that it clears away what it made, then made to."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 3)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
