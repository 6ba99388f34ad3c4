"""The server of the page: on 127.0.0.1, on a free port, for one browser, until it is left."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
import webbrowser
from collections.abc import AsyncIterator, Callable
from typing import Any

from auditkit.page.application import application
from auditkit.page.desk import Desk
from auditkit.page.door import Keys
from auditkit.page.opened_with import opened_with
from auditkit.page.session import new_session
from auditkit.page.workers import Workers
from auditkit.text import Message, say

__all__ = ["open_page", "server"]

GOODBYE = 60.0  # seconds after the last page said goodbye
SILENCE = 3600.0  # seconds without a request
_LOOK = 1.0


def open_page(
    what: str | None, language: str, browser: bool, tell: Callable[[Message], None], debug: bool = False
) -> None:
    """Serve the page until it is closed; InputError where `what` is neither a file nor an audit."""
    asyncio.run(_serve(what, language, browser, tell, debug))


async def _serve(what: str | None, language: str, browser: bool, tell: Callable[[Message], None], debug: bool) -> None:
    async with server(what, language) as (desk, address):
        desk.debug = debug
        tell(say("The page is at {address}", address=address))
        tell(say("The address is good once. Close the page, or press Ctrl-C here, to end; what is not saved is gone."))
        if browser:
            await asyncio.to_thread(webbrowser.open, address)
        while not desk.closing and not _is_left(desk):
            await asyncio.sleep(_LOOK)
    tell(say("The page is closed. Nothing is kept but what was saved."))


def _is_left(desk: Desk) -> bool:
    """Whether everybody said goodbye a while ago, or nobody has asked for anything for long."""
    now = time.monotonic()
    if desk.job is not None and not desk.job.task.done():
        return False
    return (desk.left is not None and now - desk.left > GOODBYE) or now - desk.seen > SILENCE


@contextlib.asynccontextmanager
async def server(what: str | None, language: str) -> AsyncIterator[tuple[Desk, str]]:
    """A server at work, and the address that lets one browser in; at the end nothing of it is left."""
    import uvicorn

    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    listening.listen(64)
    keys = Keys(listening.getsockname()[1])
    desk = Desk(new_session(language), keys, Workers())
    try:
        await opened_with(desk, what)
        config: Any = uvicorn.Config(
            application(desk), log_level="critical", access_log=False, lifespan="off", server_header=False,
            date_header=False, timeout_graceful_shutdown=2, proxy_headers=False,
        )  # fmt: skip
        served = uvicorn.Server(config)
        served.capture_signals = contextlib.nullcontext  # type: ignore[assignment,method-assign,unused-ignore]
        running = asyncio.ensure_future(served.serve(sockets=[listening]))
        await desk.workers.warm(language)
        try:
            yield desk, f"http://{keys.host}/?cle={keys.token}"
        finally:
            served.should_exit = True
            served.force_exit = True
            with contextlib.suppress(asyncio.CancelledError):
                await running
    finally:
        await desk.cancel()
        await desk.workers.close()
        listening.close()
        desk.session.remove()
