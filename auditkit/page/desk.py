"""What every screen needs: the session, the processes that work for it, the templates, and the order of the screens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from auditkit.page.audit_text import shown_lines
from auditkit.page.door import Keys
from auditkit.page.session import Session
from auditkit.page.workers import Refused, Workers
from auditkit.text import LANGUAGES, Message, mark, translate

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

__all__ = [
    "SCREENS",
    "Desk",
    "Job",
    "Screen",
    "Stale",
    "desk_of",
    "form_of",
    "screen_after",
    "screen_before",
    "text_of",
]


@dataclass(frozen=True)
class Screen:
    """One screen: its address, its name, and whether it is only for audits with a table."""

    key: str
    name: str
    table: bool = False

    @property
    def address(self) -> str:
        """Where it is."""
        return f"/{self.key}"


SCREENS = (
    Screen("debut", mark("What you have")),
    Screen("tableau", mark("The table"), True),
    Screen("doutes", mark("The doubts"), True),
    Screen("systeme", mark("The system")),
    Screen("presse", mark("The press")),
    Screen("resultat", mark("The result")),
    Screen("droits", mark("The rights")),
    Screen("lettres", mark("The letters")),
    Screen("enregistrer", mark("Save")),
)


class Stale(Exception):
    """A form that was sent already, or is too old."""


@dataclass
class Job:
    """Something that takes its time: what it is at, and how it ended."""

    task: asyncio.Task[dict[str, Any]]
    name: str
    then: str
    back: str
    made_from: dict[str, str]
    said: str = ""

    async def wait(self, seconds: float) -> bool:
        """Whether it has ended, looked at for so many seconds."""
        await asyncio.wait({self.task}, timeout=seconds)
        return self.task.done()


@dataclass
class Desk:
    """One server, one person."""

    session: Session
    keys: Keys
    workers: Workers
    job: Job | None = None
    open: set[str] = field(default_factory=set)
    left: float | None = None
    seen: float = field(default_factory=time.monotonic)
    closing: bool = False
    debug: bool = False
    trusted: str = ""
    cache: dict[str, Any] = field(default_factory=dict)

    def screens(self) -> list[Screen]:
        """The screens of this beginning, in their order."""
        with_table = self.session.state.get("beginning") in (None, "table", "rows")
        return [screen for screen in SCREENS if with_table or not screen.table]

    async def ask(self, task: str, **given: Any) -> dict[str, Any]:
        """A task done in a process of its own. Raises Refused."""
        return await self.workers.ask(self.session.language, {"task": task, **self._given(), **given})

    def _given(self) -> dict[str, Any]:
        return {"folder": str(self.session.folder), "what": self.session.state.get("beginning")}

    def begin_job(self, task: str, then: str, back: str, **given: Any) -> Job:
        """A task begun, whose end is waited for on a page of its own."""
        if self.job is not None:
            self.job.task.cancel()
        asked = {"task": task, **self._given(), **given}

        def said(text: str) -> None:
            if self.job is not None:
                self.job.said = text

        work = asyncio.ensure_future(self.workers.ask(self.session.language, asked, said))
        self.job = Job(work, task, then, back, self.session.made_from())
        return self.job

    async def cancel(self) -> None:
        """The job at work ended; what it had begun to write is gone with it."""
        if self.job is not None:
            job, self.job = self.job, None
            job.task.cancel()
            await asyncio.wait({job.task}, timeout=5)

    def say(self, message: Message | str) -> str:
        """A sentence in the reader's language."""
        return message if isinstance(message, str) else message.text(self.session.language)

    def show(self, key: str, template: str, status: int = 200, /, **values: Any) -> Response:
        """A screen put through its template."""
        from auditkit.report.render import page_environment

        language = self.session.language
        environment, _ = page_environment("page", language)
        order = self.screens()
        place = next((number for number, screen in enumerate(order) if screen.key == key), None)
        screen = None if place is None else order[place]
        state = self.session.state
        given = {
            "language": language,
            "languages": [one for one in LANGUAGES if one in ("en", "fr")],
            "screen": screen,
            "place": 0 if place is None else place + 1,
            "order": order,
            "name": "" if screen is None else translate(screen.name, language),
            "back": order[place - 1] if place else None,
            "back_name": translate(order[place - 1].name, language) if place else "",
            "ticket": self.keys.ticket,
            "yaml_lines": shown_lines(self.session.text(), state.get("before", {}).get(key)),
            "errors": [],
            "beginning": state.get("beginning"),
        }
        page = environment.get_template(template).render({**given, **values})
        return HTMLResponse(page, status_code=status)


def screen_after(desk: Desk, key: str) -> str:
    """The address of the screen after this one."""
    keys = [screen.key for screen in desk.screens()]
    place = keys.index(key) if key in keys else -1
    return f"/{keys[min(place + 1, len(keys) - 1)]}"


def screen_before(desk: Desk, key: str) -> str:
    """The address of the screen before this one."""
    keys = [screen.key for screen in desk.screens()]
    return f"/{keys[max(keys.index(key) - 1, 0)]}"


def desk_of(request: Request) -> Desk:
    """The desk of the server that a request came to."""
    desk: Desk = request.app.state.desk
    return desk


async def form_of(request: Request, files: int = 0) -> FormData:
    """The fields of a form whose ticket is good; raises Stale where it is not."""
    form = await request.form(max_files=files, max_fields=400)
    ticket = form.get("ticket")
    if not isinstance(ticket, str) or not desk_of(request).keys.use(ticket):
        raise Stale
    return form


def text_of(form: Mapping[str, Any], name: str, length: int = 2_000) -> str:
    """A field as text on one line, without what hides or turns; "" where it is missing."""
    from auditkit.rights.letters.letter_paper import said

    value = form.get(name, "")
    return said(value, length) if isinstance(value, str) else ""


def go(address: str) -> Response:
    """On to another screen."""
    return RedirectResponse(address, status_code=303)


def refusal(error: Refused) -> list[str]:
    """What a process said before it ended, as lines."""
    return [line for line in str(error).split("\n") if line.strip()][:8]
