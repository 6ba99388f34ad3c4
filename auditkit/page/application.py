"""Every address of the page and what answers there."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from functools import lru_cache

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from auditkit.errors import AuditkitError
from auditkit.page.begin_screen import begin, begin_answer, erase, resume
from auditkit.page.desk import SCREENS, Desk, Stale, desk_of, form_of, go, refusal
from auditkit.page.door import Door, TooLarge
from auditkit.page.doubt_screen import doubt_answer, doubts
from auditkit.page.group_screen import group_names, group_names_answer
from auditkit.page.letter_screen import letter_answer, letter_file, letters
from auditkit.page.press_screen import press, press_answer, press_result
from auditkit.page.result_screen import consent, picture, report, result, result_answer, summary_pdf
from auditkit.page.rights_screen import rights, rights_answer, rights_export, rights_import
from auditkit.page.save_screen import close, open_folder, save, save_answer
from auditkit.page.system_screen import system, system_answer
from auditkit.page.table_screen import table, table_answer
from auditkit.page.workers import Refused
from auditkit.spec.file_lines import shipped
from auditkit.text import LANGUAGES, say

__all__ = ["application"]

Handler = Callable[[Request], Awaitable[Response]]

_WAIT = 6.0  # seconds that a page is held back before it says what is being done


def application(desk: Desk) -> Door:
    """The page of one desk, behind its door."""
    pages: list[tuple[str, str, Handler]] = [
        ("/debut", "GET", begin), ("/debut", "POST", begin_answer),
        ("/reprendre", "POST", resume), ("/effacer", "POST", erase),
        ("/tableau", "GET", table), ("/tableau", "POST", table_answer),
        ("/doutes", "GET", doubts), ("/doutes", "POST", doubt_answer),
        ("/systeme", "GET", system), ("/systeme/{question}", "GET", system),
        ("/systeme/{question}", "POST", system_answer),
        ("/presse", "GET", press), ("/presse", "POST", press_answer), ("/presse/resultat", "POST", press_result),
        ("/resultat", "GET", result), ("/resultat", "POST", result_answer), ("/rapport", "GET", report),
        ("/confiance", "POST", consent), ("/resume.pdf", "GET", summary_pdf), ("/image.svg", "GET", picture),
        ("/groupes", "GET", group_names), ("/groupes", "POST", group_names_answer),
        ("/droits", "GET", rights), ("/droits/questions.xlsx", "GET", rights_export),
        ("/droits/importer", "POST", rights_import), ("/droits/{item}", "GET", rights),
        ("/droits/{item}", "POST", rights_answer),
        ("/lettres", "GET", letters), ("/lettres", "POST", letter_answer), ("/lettres/{name}", "GET", letter_file),
        ("/enregistrer", "GET", save), ("/enregistrer", "POST", save_answer), ("/fermer", "POST", close),
        ("/ouvrir", "POST", open_folder),
        ("/attente", "GET", waiting), ("/annuler", "POST", cancel), ("/langue", "POST", language),
        ("/adieu", "POST", goodbye), ("/bonjour", "POST", hello),
        ("/page.css", "GET", style), ("/page.js", "GET", script),
    ]  # fmt: skip
    routes = [Route(path, _seen(handler), methods=[method]) for path, method, handler in pages]
    app = Starlette(
        routes=[Route("/", enter, methods=["GET"]), *routes],
        exception_handlers={
            Stale: _stale,
            Refused: _refused,
            AuditkitError: _wrong,
            HTTPException: _missing,
            TooLarge: _too_large,
            Exception: _fault,
        },
    )
    app.state.desk = desk
    return Door(app, desk.keys, frozenset({"/debut", "/droits/importer"}))


def _seen(handler: Handler) -> Handler:
    """Somebody is there."""

    async def seen(request: Request) -> Response:
        desk = desk_of(request)
        if request.url.path not in ("/bonjour", "/adieu"):
            desk.seen = time.monotonic()
        if request.method == "GET" and not request.url.path.startswith("/page."):
            desk.left = None
        return await handler(request)

    return seen


async def enter(request: Request) -> Response:
    """The address that lets one browser in, once; the browser that is in comes back here too."""
    desk = desk_of(request)
    known = desk.keys.knows(request.headers.get("cookie", ""))
    if not known and not desk.keys.redeem(request.query_params.get("cle", "")):
        return Response("403\n", status_code=403, media_type="text/plain")
    desk.seen, desk.left = time.monotonic(), None
    answer = go("/debut")
    if not known:
        answer.set_cookie(desk.keys.cookie, desk.keys.secret, httponly=True, samesite="strict", path="/")
    return answer


async def waiting(request: Request) -> Response:
    """What is being done, until it is done; the page needs no script, which only asks again by itself."""
    desk = desk_of(request)
    job = desk.job
    if job is None:
        return go("/debut")
    if not await job.wait(0.0 if request.query_params.get("vite") else _WAIT):
        return desk.show("", "waiting.html", said=job.said, back_to=job.back)
    return go(job.then)


async def cancel(request: Request) -> Response:
    """What is being done is ended; nothing is left of it."""
    await form_of(request)
    desk = desk_of(request)
    back = desk.job.back if desk.job is not None else "/debut"
    await desk.cancel()
    return go(back)


async def language(request: Request) -> Response:
    """The page in another language."""
    form = await form_of(request)
    desk = desk_of(request)
    chosen = form.get("language")
    if isinstance(chosen, str) and chosen in LANGUAGES:
        desk.session.state["language"] = chosen
        desk.session.keep()
        desk.cache.clear()
    back = form.get("vers")
    return go(back if isinstance(back, str) and back in {screen.address for screen in SCREENS} else "/debut")


async def goodbye(request: Request) -> Response:
    """A page was left: where none is open any more, the server ends a minute later."""
    desk = desk_of(request)
    desk.open.discard(await _page_of(request))
    if not desk.open:
        desk.left = time.monotonic()
    return Response(status_code=204)


async def hello(request: Request) -> Response:
    """A page is shown."""
    desk = desk_of(request)
    desk.open.add(await _page_of(request))
    desk.left = None
    return Response(status_code=204)


async def _page_of(request: Request) -> str:
    form = await request.form(max_fields=4, max_files=0)
    return str(form.get("page", ""))[:64]


@lru_cache(maxsize=1)
def _style() -> str:
    from auditkit.report.render import font_address

    font = (
        f'@font-face{{font-family:"Hyperlegible Audit";font-weight:400 700;src:url({font_address()}) format("woff2")}}'
    )
    folder = shipped("report_templates")
    parts = [folder / "full" / "style.css", folder / "page" / "page.css"]
    return "\n".join([font, *(part.read_text(encoding="utf-8") for part in parts)])


async def style(request: Request) -> Response:
    """The report's own style, and what forms add to it."""
    return Response(_style(), media_type="text/css", headers={"cache-control": "private, max-age=600"})


async def script(request: Request) -> Response:
    """The little program that makes things quicker."""
    text = (shipped("report_templates") / "page" / "page.js").read_text(encoding="utf-8")
    return Response(text, media_type="text/javascript", headers={"cache-control": "private, max-age=600"})


async def _stale(request: Request, error: Exception) -> Response:
    return desk_of(request).show(
        "", "message.html", 409, title=say("This form was sent already."),
        sentences=[say("Nothing was changed by sending it again. Go on where you were.")], back_to="/debut",
    )  # fmt: skip


async def _wrong(request: Request, error: Exception) -> Response:
    assert isinstance(error, AuditkitError)
    return desk_of(request).show(
        "", "message.html", 400, title=say("This does not work yet."), sentences=[error.message],
        back_to="/debut",
    )  # fmt: skip


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return desk_of(request).show("", "unread.html", 400, lines=refusal(error), file="")


async def _too_large(request: Request, error: Exception) -> Response:
    return Response("413\n", status_code=413, media_type="text/plain")


async def _missing(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return desk_of(request).show(
        "", "message.html", status, title=say("There is no such page."), sentences=[], back_to="/debut"
    )


async def _fault(request: Request, error: Exception) -> Response:
    if desk_of(request).debug:
        traceback.print_exception(error, file=sys.stderr)
    problem = type(error).__name__
    return desk_of(request).show(
        "", "message.html", 500, title=say("This is a fault of auditkit, not of what you gave it."),
        sentences=[say("What you answered is kept. The fault: {problem}.", problem=problem)], back_to="/debut",
    )  # fmt: skip
