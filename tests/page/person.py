"""Somebody at the page, without a browser: a client that keeps its cookie, sends its origin, and fills in forms."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from auditkit.page.application import application
from auditkit.page.desk import Desk
from auditkit.page.door import Keys
from auditkit.page.opened_with import opened_with
from auditkit.page.session import new_session
from auditkit.page.tasks import run_task
from auditkit.page.workers import Refused

PORT = 40404
HOST = f"127.0.0.1:{PORT}"

TABLE = """\
Contrôles sur place par situation familiale,,,,
,,,,
Situation familiale,Trimestre,Allocataires,Contrôlés,Indus
Femme seule avec enfant(s),T1,18 500,249,68
Femme seule avec enfant(s),T2,18 500,250,67
Femme seule avec enfant(s),T3,18 500,251,66
Femme seule avec enfant(s),T4,18 500,252,70
Homme seul avec enfant(s),T1,3 100,33,9
Homme seul avec enfant(s),T2,3 100,31,s
Homme seul avec enfant(s),T3,3 100,32,8
Homme seul avec enfant(s),T4,3 100,34,10
Couple,T1,27 900,103,29
Couple,T2,27 900,104,30
Couple,T3,27 900,105,31
Couple,T4,27 900,106,32
s : secret statistique (moins de 5).,,,,
"""
"""The table of the drawn model, shortened: 1,002 of 18,500 controlled is 5.4 %, 418 of 27,900 is 1.5 %."""


class HereAndNow:
    """Tasks done in this process: what a process of its own adds is tested apart."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def warm(self, language: str) -> None:
        return None

    async def close(self) -> None:
        return None

    async def ask(self, language: str, task: dict[str, Any], progress: Any = None) -> dict[str, Any]:
        from auditkit.cli.page_worker import run_audit_task
        from auditkit.errors import AuditkitError

        self.asked.append(task["task"])
        try:
            if task["task"] == "run":
                return await asyncio.to_thread(run_audit_task, task, language)
            return await asyncio.to_thread(run_task, task["task"], task, language)
        except AuditkitError as error:
            raise Refused(error.text(language)) from None


class Person:
    """One browser."""

    def __init__(self, desk: Desk, client: httpx.Client | None = None) -> None:
        self.desk = desk
        self.loop = asyncio.new_event_loop()
        transport = httpx.ASGITransport(application(desk), raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}", follow_redirects=True)
        self.page = ""
        self.url = ""

    def request(self, method: str, address: str, **given: Any) -> httpx.Response:
        async def sent() -> httpx.Response:
            answer = await self.client.request(method, address, **given)
            while answer.url.path == "/attente":
                answer = await self.client.get("/attente")
            return answer

        answer = self.loop.run_until_complete(sent())
        self.page, self.url = answer.text, answer.url.path
        return answer

    def get(self, address: str, **given: Any) -> httpx.Response:
        return self.request("GET", address, **given)

    def enter(self) -> httpx.Response:
        return self.get(f"/?cle={self.desk.keys.token}")

    def ticket(self) -> str:
        return re.findall(r'name="ticket" value="([^"]+)"', self.page)[0]

    def send(self, address: str, files: Any = None, **fields: Any) -> httpx.Response:
        """A form of the page as it stands."""
        data = {"ticket": self.ticket(), **{key.rstrip("_"): value for key, value in fields.items()}}
        return self.request("POST", address, data=data, files=files, headers={"origin": f"http://{HOST}"})

    @property
    def heading(self) -> str:
        return self.texts("h1")[0]

    def texts(self, tag: str) -> list[str]:
        found = re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", self.page, re.DOTALL)
        return [html.unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in found]

    def close(self) -> None:
        async def ended() -> None:
            await self.desk.cancel()
            await self.client.aclose()

        self.loop.run_until_complete(ended())
        self.loop.close()


@contextmanager
def person(language: str = "fr", what: str | None = None) -> Iterator[Person]:
    """Somebody whose browser is let in."""
    desk = Desk(new_session(language), Keys(PORT), HereAndNow())  # type: ignore[arg-type]
    asyncio.run(opened_with(desk, what))
    somebody = Person(desk)
    try:
        somebody.enter()
        yield somebody
    finally:
        somebody.close()
        desk.session.remove()


ANSWERS = {
    "name": {"text": "Score de contrôle"}, "operator": {"text": "Caisse d’exemple", "country": "FR"},
    "status": {"choice": "in_use"}, "affected": {"text": "foyers allocataires"},
    "verb": {"choice": "controlled", "found": "un indu"}, "harm": {"choice": "punitive"}, "period": {"text": "2023"},
}  # fmt: skip


def describe_system(somebody: Person) -> int:
    """The seven questions; how many answers that took."""
    somebody.get("/systeme")
    for question, fields in ANSWERS.items():
        assert f'action="/systeme/{question}"' in somebody.page, question
        somebody.send(f"/systeme/{question}", **fields)
    return len(ANSWERS)


def upload(somebody: Person, name: str, content: bytes, what: str = "table") -> httpx.Response:
    """A file handed in on the first screen."""
    somebody.get("/debut")
    return somebody.send("/debut", what=what, files={f"file_{what}": (name, content)})


def save(somebody: Person, folder: Path, name: str = "dossier") -> Path:
    """The folder saved beside `folder`."""
    somebody.get("/enregistrer")
    somebody.send("/enregistrer", name=name, place="other", path=str(folder), with_="evidence")
    return folder / name
