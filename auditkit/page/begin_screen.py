"""Screen 1: what somebody has, and the session that was interrupted."""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from auditkit.page.desk import Desk, desk_of, form_of, go, refusal, screen_after, text_of
from auditkit.page.door import LARGEST_UPLOAD
from auditkit.page.opened_with import take_audit
from auditkit.page.session import interrupted, resumed, safe_name
from auditkit.page.system_screen import unnamed
from auditkit.page.workers import Refused
from auditkit.spec import find_audit, load_audit
from auditkit.spec.file_lines import shipped_names
from auditkit.text import Message, format_date, mark, say, translate

__all__ = ["begin", "begin_answer", "erase", "resume"]

EXAMPLES = ("amsterdam-smart-check", "la-vi-spdat", "duo-cub", "benefits-caseload", "amsterdam-profiles")
"""Audits whose data ship with auditkit; the first is proposed."""

_NOTES = mark("what-we-know.txt")


async def begin(request: Request) -> Response:
    """The first question; a file given on the command line is taken as handed in."""
    desk = desk_of(request)
    if desk.job is not None and desk.job.then == "/tableau" and desk.job.task.done():
        return go("/tableau")
    if desk.session.state.pop("waiting", False):
        file = desk.session.evidence / str(desk.session.state["file"])
        desk.begin_job("begin", "/tableau", "/debut", file=str(file), country=_country(desk))
        return go("/attente")
    if desk.session.state.get("beginning") == "audit" and not desk.session.state.get("shown"):
        desk.session.state["shown"] = True
        return go("/systeme")
    return _shown(desk)


def _shown(desk: Desk, errors: list[Message | str] | None = None, chosen: str = "") -> Response:
    language = desk.session.language
    before = [
        {"name": folder.name, "answers": answers, "day": None if day is None else format_date(day, language)}
        for folder, answers, day in interrupted()
        if folder != desk.session.folder
    ]
    return desk.show(
        "debut", "begin.html", 400 if errors else 200, examples=_examples(language), before=before, errors=errors or [],
        chosen=chosen or desk.session.state.get("beginning", ""),
    )  # fmt: skip


@lru_cache(maxsize=4)
def _examples(language: str) -> tuple[tuple[str, str], ...]:
    """The examples by name and title."""
    shipped = shipped_names("audits")
    return tuple((name, load_audit(find_audit(name)).title.text(language)) for name in EXAMPLES if name in shipped)


def _country(desk: Desk) -> str | None:
    return "FR" if desk.session.language == "fr" else None


async def begin_answer(request: Request) -> Response:
    """What somebody has: a file is copied and read, an example opened; without any, documents alone."""
    form = await form_of(request, files=12)
    desk = desk_of(request)
    what = "documents" if form.get("answer") == "unknown" else text_of(form, "what")
    if what in ("table", "rows"):
        return await _take_table(desk, form.get(f"file_{what}"), what)
    if what == "example":
        return _take_example(desk, text_of(form, "example"))
    if what in ("documents", "decision"):
        return await _take_documents(desk, form.getlist(f"file_{what}"), text_of(form, f"notes_{what}"), what)
    return _shown(desk, [say("Choose one of the answers, for example “A table of numbers”.")])


async def _take_table(desk: Desk, file: object, what: str) -> Response:
    if not isinstance(file, UploadFile) or not file.filename or not file.size:
        return _shown(
            desk, [say("Choose your file, for example controls-2023.xlsx. An empty file says nothing.")], what
        )
    if file.size > LARGEST_UPLOAD:
        return _shown(desk, [say("The file is larger than 200 MB. Use the terminal: auditkit init FILE.")], what)
    _fresh(desk, what)
    path = await _kept(desk, file)
    desk.session.state["file"] = path.name
    desk.session.answered("debut", "")
    desk.begin_job("begin", "/tableau", "/debut", file=str(path), country=_country(desk))
    return go("/attente")


def _take_example(desk: Desk, name: str) -> Response:
    if name not in shipped_names("audits"):
        return _shown(desk, [say("Choose an example from the list.")], "example")
    _fresh(desk, "audit")
    take_audit(desk.session, find_audit(name))
    desk.session.state["shown"] = True
    desk.session.answered("debut", "")
    return go("/systeme")


async def _take_documents(desk: Desk, files: list[Any], notes: str, what: str) -> Response:
    _fresh(desk, what)
    language = desk.session.language
    for file in files:
        if isinstance(file, UploadFile) and file.filename and file.size:
            await _kept(desk, file)
    documents = desk.session.evidence
    documents.mkdir(mode=0o700, exist_ok=True)
    if notes or not any(documents.iterdir()):
        said = notes or translate(mark("No document yet."), language)
        (documents / safe_name(translate(_NOTES, language))).write_text(said + "\n", encoding="utf-8")
    try:
        await desk.ask("documents", documents=str(documents), country=_country(desk), facts={"name": unnamed(desk)})
    except Refused as refused:
        return _shown(desk, list(refusal(refused)), what)
    desk.session.answered("debut", "")
    return go(screen_after(desk, "debut"))


def _fresh(desk: Desk, what: str) -> None:
    """A new beginning: what was answered before is gone, the language stays."""
    desk.session.empty()
    desk.cache.clear()
    desk.session.state["beginning"] = what
    desk.session.evidence.mkdir(mode=0o700, exist_ok=True)


async def _kept(desk: Desk, file: UploadFile) -> Path:
    """A file as it was handed in, under a plain name; two of one name are told apart."""
    name = safe_name(file.filename or "")
    path, number = desk.session.evidence / name, 1
    while path.exists():
        number += 1
        stem, dot, suffix = name.rpartition(".")
        path = desk.session.evidence / (f"{stem}-{number}.{suffix}" if dot else f"{name}-{number}")
    with path.open("wb") as target:
        while part := await file.read(1 << 20):
            target.write(part)
    return path


async def resume(request: Request) -> Response:
    """An interrupted session is taken up where it was."""
    form = await form_of(request)
    desk = desk_of(request)
    name = text_of(form, "session")
    found = next((folder for folder, _, _ in interrupted() if folder.name == name), None)
    if found is None:
        return _shown(desk, [say("That session is not there any more.")])
    desk.session = resumed(found, desk.session)
    desk.cache.clear()
    beginning = desk.session.state.get("beginning")
    return go("/tableau" if beginning in ("table", "rows") and desk.session.text() else "/systeme")


async def erase(request: Request) -> Response:
    """An interrupted session is removed."""
    form = await form_of(request)
    name = text_of(form, "session")
    for folder, _, _ in list(interrupted()):
        if folder.name == name:
            shutil.rmtree(folder, ignore_errors=True)
    return go("/debut")
