"""Screen 6: the result on one screen, the sentence to copy, the picture, the report."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from auditkit.page.audit_text import content_of, patched
from auditkit.page.desk import Desk, desk_of, form_of, go, refusal, screen_after, text_of
from auditkit.page.not_known import assumed
from auditkit.page.workers import Refused
from auditkit.report import render_report
from auditkit.report.answer import answer_of
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.number_words import plain
from auditkit.report.palettes import PALETTES
from auditkit.report.render import page_environment
from auditkit.result import AuditResult
from auditkit.result.read_results import read_results
from auditkit.text import mark, say, translate

__all__ = ["brief_of", "picture", "picture_file", "report", "result", "result_answer", "result_of", "summary_pdf"]

KINDS = {
    "command": mark("A command is started on this machine"), "file": mark("A file goes with this command"),
    "callable": mark("A function of Python is run on this machine"),
    "pickle": mark("A file is opened that may start anything on this machine"),
    "endpoint": mark("Lines of the data are sent to this address"),
    "connection": mark("This database is connected to"),
}  # fmt: skip
"""What an audit may name that runs or leaves (`auditkit.scorers.consent`), in words."""


async def result(request: Request) -> Response:
    """The result; where the audit has changed since the last run, it is run first."""
    desk = desk_of(request)
    if not desk.session.text():
        return go("/debut")
    refused = await ran(desk, "/resultat", "/doutes" if desk.screens()[1].table else "/systeme")
    if refused is not None:
        return refused
    found = await run_in_threadpool(result_of, desk)
    brief, sentence, has_picture = await run_in_threadpool(_shown, desk, found)
    return desk.show(
        "resultat", "result.html", brief=Markup(brief), sentence=sentence, has_picture=has_picture,
        assumed=assumed(desk), has_groups=bool(found.analyses and found.analyses[0].views),
        next=screen_after(desk, "resultat"),
    )  # fmt: skip


async def ran(desk: Desk, then: str, back: str, part: str = "all") -> Response | None:
    """The page to show while, or because, there is no result of the audit as it stands; None where there is one.

    `part` of what the run was made from must be as it was (`Session.made_from`).
    """
    if desk.job is not None and desk.job.name == "run":
        if not desk.job.task.done():
            desk.job.then, desk.job.back = then, back
            return go("/attente")
        job, desk.job = desk.job, None
        try:
            job.task.result()
            desk.session.state["ran"] = job.made_from
            desk.session.keep()
            desk.cache.pop("result", None)
        except Refused as refused:
            if job.made_from == desk.session.made_from():
                return desk.show("resultat", "unread.html", 400, lines=refusal(refused), file="", back_to=back)
    if desk.session.has_result(part):
        return None
    if not content_of(desk.session.audit).get("as_of"):
        before = desk.session.text()
        patched(desk.session.audit, {"as_of": date.today()})
        desk.session.answered("resultat", before, 0)
    trust = None
    if desk.session.state.get("beginning") == "audit":  # the page itself writes nothing that runs
        foreign = await desk.ask("foreign")
        trust = foreign["sha256"] or None
        if trust not in (None, desk.trusted):
            parts = [(translate(KINDS[kind], desk.session.language), text, digest) for kind, text, digest in
                     foreign["parts"]]  # fmt: skip
            return desk.show("resultat", "consent.html", parts=parts, trust=trust, back_to=back)
    desk.begin_job("run", then, back, out=str(desk.session.out), trust=trust)
    return go("/attente")


async def consent(request: Request) -> Response:
    """What an audit would start or send to may do so: exactly what was shown, by its hash, until the page is closed."""
    form = await form_of(request)
    desk = desk_of(request)
    desk.trusted = text_of(form, "trust", 64)
    return go("/resultat")


def result_of(desk: Desk) -> AuditResult:
    """The last result, read once."""
    known = desk.cache.get("result")
    if known is None:
        known = desk.cache["result"] = read_results(desk.session.out / "results.json")
    found: AuditResult = known
    return found


def _shown(desk: Desk, found: AuditResult) -> tuple[str, str, bool]:
    answer = answer_of(AuditFacts(found, desk.session.language))
    return brief_of(found, desk.session.language), sentence_of(desk, found), answer.picture is not None


def brief_of(found: AuditResult, language: str) -> str:
    """The report's own brief, as it stands in the report."""
    page = render_report(found, language, "brief", depths=("brief",))
    brief = page.partition('<main id="content">')[2].partition("</main>")[0]
    here = set(re.findall(r'\bid="([^"]+)"', brief))

    def elsewhere(found: re.Match[str]) -> str:
        return found[0] if found[1] in here else f'href="/rapport#{found[1]}"'

    return re.sub(r'href="#([^"]+)"', elsewhere, brief)


def sentence_of(desk: Desk, found: AuditResult) -> str:
    """What may be quoted, with its margin, whose system it is, and what it does not say."""
    language = desk.session.language
    answer = answer_of(AuditFacts(found, language))
    said = " ".join(plain(line, language) for line in (answer.sentence, *answer.lead[:2]) if line is not None)
    system = found.spec.system
    whose = system.operator.text(language) if system.operator is not None else str(system.name)
    about = say("System: {whose}. These numbers do not say whether the gap is justified.", whose=whose)
    return f"{said} {desk.say(about)}" if found.analyses else said


async def result_answer(request: Request) -> Response:
    """On to the rights."""
    await form_of(request)
    desk = desk_of(request)
    return go(screen_after(desk, "resultat"))


async def report(request: Request) -> Response:
    """The whole report, as it will be saved, under its own policy."""
    desk = desk_of(request)
    if not desk.session.has_result():
        return go("/resultat")
    name = "report.html" if desk.session.language == "en" else f"report.{desk.session.language}.html"
    file = desk.session.out / name
    if not file.is_file():
        text = await run_in_threadpool(render_report, result_of(desk), desk.session.language)
    else:
        text = file.read_text(encoding="utf-8")
    policy = text.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0].replace("&#39;", "'")
    return HTMLResponse(
        text, headers={"content-security-policy": f"{policy}; frame-ancestors 'none'; form-action 'none'"}
    )


async def picture(request: Request) -> Response:
    """The picture of the result as a file of its own."""
    desk = desk_of(request)
    if not desk.session.has_result():
        return go("/resultat")
    content = await run_in_threadpool(picture_file, desk)
    if content is None:
        return go("/resultat")
    return Response(content, media_type="image/svg+xml",
                    headers={"content-disposition": 'attachment; filename="auditkit.svg"'})  # fmt: skip


def picture_file(desk: Desk) -> bytes | None:
    """The picture with its title, its source and its day; None where the result has none."""
    language, found = desk.session.language, result_of(desk)
    answer = answer_of(AuditFacts(found, language))
    if answer.picture is None:
        return None
    environment, _ = page_environment("page", language)
    given: dict[str, Any] = {
        "picture": answer.picture, "p": PALETTES["paper"], "title": plain(answer.picture.title, language),
        "source": found.spec.title.text(language), "day": found.spec.as_of, "language": language,
    }  # fmt: skip
    return environment.get_template("picture.svg").render(given).encode()


async def summary_pdf(request: Request) -> Response:
    """The brief on one sheet."""
    desk = desk_of(request)
    if not desk.session.has_result():
        return go("/resultat")
    try:
        await desk.ask("paper", out=str(desk.session.out))
    except Refused as refused:
        return desk.show("resultat", "unread.html", 400, lines=refusal(refused), file="", back_to="/resultat")
    file = desk.session.out / "summary.pdf"
    content = file.read_bytes()
    file.unlink()
    return Response(content, media_type="application/pdf",
                    headers={"content-disposition": 'attachment; filename="auditkit.pdf"'})  # fmt: skip
