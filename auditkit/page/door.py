"""The only way in: this machine, this browser, this page.

A request passes where it was addressed to 127.0.0.1 and this port, where it carries the secret that the first address
gave to one browser, and, where it changes something, where the page itself sent it, with a ticket that is good once.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

__all__ = ["LARGEST_FORM", "LARGEST_UPLOAD", "Door", "Keys", "TooLarge"]

LARGEST_UPLOAD = 200_000_000
LARGEST_FORM = 1_000_000
_ROOM = 1_000_000  # what a form holds beside its file
_TICKETS = 400

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


class TooLarge(Exception):
    """More was sent than a form may hold."""


@dataclass
class Keys:
    """The secrets of one server: the one-time token of the first address, the cookie, the tickets of its forms."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    is_fresh: bool = True
    tickets: OrderedDict[str, None] = field(default_factory=OrderedDict)

    @property
    def host(self) -> str:
        """The one name under which the server answers."""
        return f"127.0.0.1:{self.port}"

    @property
    def cookie(self) -> str:
        """The cookie's name: browsers keep cookies by host, not by port, and two servers may run."""
        return f"auditkit-{self.port}"

    def redeem(self, token: str) -> bool:
        """Whether the token opens the door: once."""
        good = self.is_fresh and secrets.compare_digest(token.encode(), self.token.encode())
        self.is_fresh = self.is_fresh and not good
        return good

    def knows(self, header: str) -> bool:
        """Whether a Cookie header carries the secret."""
        try:
            found = SimpleCookie(header).get(self.cookie)
        except CookieError:
            return False
        return found is not None and secrets.compare_digest(found.value.encode(), self.secret.encode())

    def ticket(self) -> str:
        """A new ticket for a form; the oldest lapse."""
        made = secrets.token_urlsafe(16)
        self.tickets[made] = None
        while len(self.tickets) > _TICKETS:
            self.tickets.popitem(last=False)
        return made

    def use(self, ticket: str) -> bool:
        """Whether a ticket is good; it is not a second time."""
        return self.tickets.pop(ticket, self) is None


class Door:
    """What stands before the pages: refuses what did not come from them, and dresses every answer."""

    def __init__(self, app: App, keys: Keys, uploads: frozenset[str]) -> None:
        self.app, self.keys, self.uploads = app, keys, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request: refused with its status and nothing else, or passed on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if status := self._refused(scope, headers):
            await _plain(send, status)
            return
        limit = LARGEST_UPLOAD + _ROOM if scope["path"] in self.uploads else LARGEST_FORM
        said = headers.get("content-length", "0")
        if not said.isdigit() or int(said) > limit:
            await _plain(send, 413)
            return
        await self.app(scope, _counted(receive, limit), _dressed(send))

    def _refused(self, scope: Scope, headers: dict[str, str]) -> int:
        """The status with which a request is turned away; 0 where it may pass."""
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        if hosts != [self.keys.host.encode()]:
            return 421
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return 403
        if scope["method"] == "POST" and headers.get("origin") != f"http://{self.keys.host}":
            return 403
        if headers.get("origin", f"http://{self.keys.host}") != f"http://{self.keys.host}":
            return 403
        entering = scope["path"] == "/" and scope["method"] == "GET"
        return 0 if entering or self.keys.knows(headers.get("cookie", "")) else 403


def _counted(receive: Receive, limit: int) -> Receive:
    """What is received, counted: a length that was not said, or said wrongly, helps nobody."""
    total = 0

    async def counted() -> MutableMapping[str, Any]:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > limit:
            raise TooLarge
        return message

    return counted


def _dressed(send: Send) -> Send:
    """Every answer with the headers that keep it here; a page may bring a stricter or looser policy of its own."""

    async def dressed(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            own = {name.lower() for name, _ in message["headers"]}
            more = [(n.encode(), v.encode()) for n, v in _HEADERS.items() if n.encode() not in own]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return dressed


async def _plain(send: Send, status: int) -> None:
    """A refusal: no page, no word of what is here."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        *((n.encode(), v.encode()) for n, v in _HEADERS.items()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{status}\n".encode()})
