"""Screen 9: everything in one folder that can be copied, sent and checked; then nothing else is left."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from subprocess import DEVNULL, list2cmdline

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from auditkit.errors import AuditkitError, InputError, cut
from auditkit.page.desk import Desk, desk_of, form_of, go, text_of
from auditkit.page.letter_screen import chosen_letter, written_letter
from auditkit.page.result_screen import picture_file, ran
from auditkit.page.session import safe_name
from auditkit.page.workers import Refused
from auditkit.text import Message, mark, translate
from auditkit.write.output_folder import write_folder

__all__ = ["close", "open_folder", "save", "save_answer"]

_PLACES = {"documents": ("Documents", mark("In Documents")), "desktop": ("Desktop", mark("On the Desktop"))}
_LETTERS = mark("letters")
_PICTURE = mark("picture.svg")
_SUMMARY = mark("summary.pdf")


async def save(request: Request) -> Response:
    """Where to, and what with; the run is made anew where answers changed since."""
    desk = desk_of(request)
    if not desk.session.text():
        return go("/debut")
    refused = await ran(desk, "/enregistrer", "/droits")
    return refused if refused is not None else _shown(desk, {}, [])


def _shown(desk: Desk, typed: dict[str, str], errors: list[Message | str], saved: str = "") -> Response:
    language, state, evidence = desk.session.language, desk.session.state, desk.session.evidence
    homes = [(key, translate(name, language)) for key, (at, name) in _PLACES.items() if (Path.home() / at).is_dir()]
    return desk.show(
        "enregistrer", "save.html", 400 if errors else 200, errors=errors, typed=typed, saved=saved,
        folder=typed.get("name") or _proposed(desk), answers=int(state.get("answers", 0)), places=homes,
        evidence=sorted(path.name for path in evidence.iterdir()) if evidence.is_dir() else [],
        evidence_folder=evidence.name, letter=state.get("letter") or state.get("aim"),
        report="report.html" if language == "en" else f"report.{language}.html",
        has_pdf=find_spec("weasyprint") is not None, can_open=_file_manager() is not None,
        command=_command("auditkit", "verify", saved, "--audit", str(Path(saved) / "audit.yaml")),
    )  # fmt: skip


def _command(*words: str) -> str:
    """A command as it is typed on this machine."""
    return list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def _proposed(desk: Desk) -> str:
    title = str(desk.session.state.get("title") or "audit")
    return safe_name("-".join(title.lower().split()), "audit")


async def save_answer(request: Request) -> Response:
    """The folder written, whole or not at all; a folder that is there already is left alone."""
    form = await form_of(request)
    desk = desk_of(request)
    typed = {name: text_of(form, name, 500) for name in ("name", "place", "path")}
    try:
        target = _target(typed)
    except InputError as error:
        return _shown(desk, typed, [error.message])
    if not desk.session.has_result():
        return go("/enregistrer")
    try:
        files = await _files(desk, "evidence" in form.getlist("with"), "letters" in form.getlist("with"))
        await run_in_threadpool(write_folder, target, files)
    except AuditkitError as error:
        return _shown(desk, typed, [error.message])
    desk.session.state["saved"] = str(target)
    desk.session.answered("enregistrer", desk.session.text())
    return _shown(desk, typed, [], str(target))


def _target(typed: dict[str, str]) -> Path:
    """The folder to write; InputError, with what to write, where it cannot be."""
    name = safe_name(typed["name"], "")
    if not name or name != typed["name"]:
        raise InputError("Write a name for the folder, without slashes, for example control-score-2023.")
    if typed["place"] in _PLACES:
        parent = Path.home() / _PLACES[typed["place"]][0]
    else:
        parent = Path(os.path.expanduser(typed["path"]))  # noqa: PTH111
        if not typed["path"] or not parent.is_absolute():
            raise InputError(
                "Write the whole path of the folder to save into, for example {path}.", path=str(Path.home())
            )
    if not parent.is_dir():
        raise InputError("There is no folder {folder}. Choose another place.", folder=cut(parent, 80))
    target = parent / name
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError("{folder} is there already and is left alone. Write another name.", folder=cut(target, 80))
    return target


async def _files(desk: Desk, with_evidence: bool, with_letters: bool) -> dict[str, bytes]:
    """Everything the folder holds, by name."""
    session, language = desk.session, desk.session.language
    files = {path.relative_to(session.out).as_posix(): path.read_bytes()
             for path in sorted(session.out.rglob("*")) if path.is_file()}  # fmt: skip
    files["audit.yaml"] = session.audit.read_bytes()
    if (session.folder / "answers.yaml").is_file():
        files["answers.yaml"] = (session.folder / "answers.yaml").read_bytes()
    for path in sorted(session.folder.rglob("*")) if with_evidence else ():
        inside = path.relative_to(session.folder)
        if path.is_file() and inside.parts[0] not in (session.out.name, "session.json", ".session.json"):
            files.setdefault(inside.as_posix(), path.read_bytes())
    if (picture := await run_in_threadpool(picture_file, desk)) is not None:
        files[translate(_PICTURE, language)] = picture
    if find_spec("weasyprint") is not None:
        try:
            await desk.ask("paper", out=str(session.out))
            summary = session.out / "summary.pdf"
            files[translate(_SUMMARY, language)] = summary.read_bytes()
            summary.unlink()
        except (Refused, OSError):
            files.pop("summary.pdf", None)
    if with_letters and (kind := chosen_letter(desk)) is not None:
        written = await run_in_threadpool(written_letter, desk, kind)
        place = f"{translate(_LETTERS, language)}/{kind}"
        files |= {f"{place}.html": written.html.encode(), f"{place}.txt": written.text.encode()}
        if find_spec("docx") is not None:
            files[f"{place}.docx"] = await run_in_threadpool(written.docx)
    return files


async def open_folder(request: Request) -> Response:
    """The saved folder shown in the file manager of this machine."""
    await form_of(request)
    desk = desk_of(request)
    saved = str(desk.session.state.get("saved", ""))
    if (command := _file_manager()) and Path(saved).is_dir():
        await asyncio.create_subprocess_exec(command, saved, stdout=DEVNULL, stderr=DEVNULL)
    return _shown(desk, {}, [], saved)


def _file_manager() -> str | None:
    """The command that shows a folder; None where there is none."""
    return which({"win32": "explorer", "darwin": "open"}.get(sys.platform, "xdg-open"))


async def close(request: Request) -> Response:
    """The end: the working copies are erased, and the server stops."""
    await form_of(request)
    desk = desk_of(request)
    page = desk.show("", "closed.html", saved=desk.session.state.get("saved", ""))
    desk.closing = True
    return page
