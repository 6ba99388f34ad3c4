"""Screen 8: letters by what one wants to obtain, with their blanks marked, and the days not to miss.

What identifies the writer is typed here, stays in memory, and is written into the letter alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from html import escape
from importlib.util import find_spec

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from auditkit.errors import AuditkitError
from auditkit.page.audit_text import patched
from auditkit.page.desk import Desk, desk_of, form_of, go, screen_after, text_of
from auditkit.page.result_screen import ran, result_of
from auditkit.rights.letters import Written, write_letter
from auditkit.rights.letters.letter_kinds import kind_named, letter_fields, letter_kinds, personal_fields
from auditkit.rights.letters.letter_paper import blank, from_edit, said, to_edit
from auditkit.rights.letters.paths import (
    Path,
    Timed,
    calendar_file,
    dated_facts,
    events_of,
    path_named,
    paths,
    step_line,
    timeline,
)
from auditkit.rights.library import load_library
from auditkit.rights.rights_words import read_day
from auditkit.spec import AuditSpec, load_audit
from auditkit.text import Message, format_date, say

__all__ = ["chosen_letter", "letter_answer", "letter_file", "letters", "written_letter"]

_FORMATS = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "html": "text/html; charset=utf-8", "txt": "text/plain; charset=utf-8"}  # fmt: skip
_LONGEST = 100_000  # characters of a letter
_AIMS = ("documents", "my-decision", "contest", "my-data", "justify", "change")


@dataclass(frozen=True)
class Blank:
    """A field that only its writer can fill."""

    key: str
    label: str
    value: str


async def letters(request: Request) -> Response:
    """The aims; the letter of the one chosen, with its blanks."""
    desk = desk_of(request)
    if not desk.session.text():
        return go("/debut")
    if (refused := await ran(desk, request.url.path, "/systeme", "letters")) is not None:
        return refused
    return await run_in_threadpool(_shown, desk, [])


def _aims(spec: AuditSpec) -> list[Path]:
    country = (spec.system.country or "").upper()
    found = paths()
    return [found[aim] for aim in _AIMS if aim in found and (not country or country in found[aim].countries)]


def _chosen(desk: Desk, spec: AuditSpec) -> tuple[Path | None, str | None]:
    aim, kind = desk.session.state.get("aim"), desk.session.state.get("letter")
    way = next((one for one in _aims(spec) if one.key == aim), None)
    kinds = [step.letter for step in way.steps if step.letter] if way is not None else []
    return way, kind if kind in kinds else next(iter(kinds), None)


def chosen_letter(desk: Desk) -> str | None:
    """The kind of the letter on the screen; None where none was chosen."""
    return _chosen(desk, load_audit(desk.session.audit))[1]


def _shown(desk: Desk, errors: list[Message | str]) -> Response:
    language = desk.session.language
    spec = load_audit(desk.session.audit)
    way, kind = _chosen(desk, spec)
    written: Written | None = None
    if kind is not None:
        try:
            written = written_letter(desk, kind)
        except AuditkitError as error:
            errors = [*errors, error.message]
    times = timeline(way, events_of(spec)) if way is not None else ()
    return desk.show(
        "lettres", "letters.html", 400 if errors else 200, errors=errors,
        aims=[(one.key, one.title.text(language), one.one_line.text(language)) for one in _aims(spec)],
        aim=None if way is None else way.key, kind=kind,
        kinds=_kinds(way, language),
        blanks=[] if kind is None else [*_blanks(desk, kind), *_of_the_body(spec, written, language)],
        text="" if written is None else to_edit(written.source), is_changed=kind in desk.session.changed,
        letter=None if written is None else _preview(written),
        missing=() if written is None else written.missing, has_docx=find_spec("docx") is not None,
        cover="" if written is None else written.cover, times=_lines(times, desk),
        has_days=any(timed.day for timed in times), next=screen_after(desk, "lettres"),
        received=_received(spec, kind),
    )  # fmt: skip


def _kinds(way: Path | None, language: str) -> list[tuple[str, str]]:
    """The letters on a way, by key and title."""
    found = [step.letter for step in way.steps if step.letter] if way is not None else []
    return [(kind, letter_kinds()[kind].title.text(language)) for kind in dict.fromkeys(found)]


def _lines(times: tuple[Timed, ...], desk: Desk) -> list[str]:
    return [desk.say(step_line(timed)) for timed in times if timed.day is not None or timed.step.months is not None]


def _received(spec: AuditSpec, kind: str | None) -> date | None:
    dates = spec.letters.get(kind or "")
    return None if dates is None else dates.received


def _blanks(desk: Desk, kind: str) -> list[Blank]:
    known = dated_facts(kind, load_audit(desk.session.audit), desk.session.language)
    typed = desk.session.typed
    return [
        Blank(key, label, typed.get(key, known.get(key, "")))
        for key, label in personal_fields(kind_named(kind), desk.session.language)
    ]


def _of_the_body(spec: AuditSpec, written: Written | None, language: str) -> list[Blank]:
    """What only somebody who knows the body can fill in: it is no secret, and goes into audit.yaml."""
    known, missing = spec.rights.letters, () if written is None else written.missing
    return [
        Blank(key, one.label.text(language), known[key].text(language) if key in known else "")
        for key, one in letter_fields().items()
        if one.source == "declared" and (key in known or one.label.text(language) in missing)
    ]


def written_letter(desk: Desk, kind: str) -> Written:
    """The letter as far as it can be written; AuditkitError where it may not be."""
    language = desk.session.language
    spec = load_audit(desk.session.audit)
    known = dated_facts(kind, spec, language)
    facts = {**known, **{key: value for key, value in desk.session.typed.items() if value}}
    written = write_letter(kind, replace(result_of(desk), spec=spec), load_library(), language, facts)
    if (source := desk.session.changed.get(kind)) is None:
        return written
    still = []
    for key, label in personal_fields(kind_named(kind), written.language):
        gap = blank(say("to fill in: {what}", what=label).text(written.language))
        source = source.replace(gap, said(facts[key])) if facts.get(key) else source
        still += [label] if gap in source else []
    return replace(written, source=source, missing=tuple(still))


def _preview(written: Written) -> Markup:
    """The body of the letter, its title below those of the page; it was escaped where it was made."""
    body = written.html.partition("<body>")[2].partition("</body>")[0]
    for level in (3, 2, 1):
        body = body.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    return Markup(body.replace('<span class="blank">', '<mark class="blank">').replace("]</span>", "]</mark>"))


async def letter_answer(request: Request) -> Response:
    """An aim chosen, a letter, its blanks, or the day on which it was received."""
    form = await form_of(request)
    desk = desk_of(request)
    spec = load_audit(desk.session.audit)
    if aim := text_of(form, "aim"):
        if aim in {one.key for one in _aims(spec)}:
            desk.session.state |= {"aim": aim, "letter": None}
            desk.session.answered("lettres", desk.session.text())
        return go("/lettres")
    if kind := text_of(form, "kind"):
        desk.session.state["letter"] = kind
        desk.session.keep()
        return go("/lettres")
    _, kind_now = _chosen(desk, spec)
    if kind_now is None:
        return await run_in_threadpool(_shown, desk, [say("Choose what you want to obtain.")])
    if "letter_text" in form:
        return await run_in_threadpool(_change, desk, kind_now, form)
    if "received_day" in form:
        return await _receive(desk, kind_now, form)
    for key, _ in personal_fields(kind_named(kind_now), desk.session.language):
        desk.session.typed[key] = _as_written(text_of(form, f"blank_{key}", 500), desk.session.language)
    body = {key: {desk.session.language: text} for key, one in letter_fields().items()
            if one.source == "declared" and (text := text_of(form, f"blank_{key}", 500))}  # fmt: skip
    if body:
        patched(desk.session.audit, {"rights": {"letters": body}})
    return go("/lettres#apercu")


def _as_written(text: str, language: str) -> str:
    day = read_day(text) if text else None
    return text if day is None else format_date(day, language)


def _change(desk: Desk, kind: str, form: FormData) -> Response:
    """The text of a letter as its writer has changed it, or, forgotten, as the answers make it."""
    text = form.get("letter_text")
    if form.get("answer") == "anew":
        desk.session.changed.pop(kind, None)
    elif isinstance(text, str):
        source = written_letter(desk, kind).source
        desk.session.changed[kind] = from_edit(text[:_LONGEST], source)
    return go("/lettres#apercu")


async def _receive(desk: Desk, kind: str, form: FormData) -> Response:
    """From the day on which a letter was received, the days that follow."""
    parts = [text_of(form, f"received_{part}", 4) for part in ("year", "month", "day")]
    try:
        day = date(*(int(part) for part in parts))
    except (TypeError, ValueError):
        error = say("Write the day in numbers, for example 4, 12 and 2026.")
        return await run_in_threadpool(_shown, desk, [error])
    before = desk.session.text()
    patched(desk.session.audit, {"letters": {kind: {"received": day}}})
    desk.session.answered("lettres", before)
    return go("/lettres#dates")


async def letter_file(request: Request) -> Response:
    """The letter, or the calendar of its days, as a file."""
    desk = desk_of(request)
    stem, _, suffix = str(request.path_params["name"]).rpartition(".")
    spec = load_audit(desk.session.audit) if desk.session.text() else None
    if spec is None:
        return go("/debut")
    if suffix == "ics" and stem in {one.key for one in _aims(spec)}:
        way = path_named(stem)
        content = calendar_file(way, timeline(way, events_of(spec)), desk.session.language)
        return _file(content, "text/calendar; charset=utf-8", f"{stem}.ics")
    if suffix not in _FORMATS or stem not in letter_kinds() or not desk.session.has_result("letters"):
        return go("/lettres")
    written = await run_in_threadpool(written_letter, desk, stem)
    made = {"html": lambda: written.html.encode(), "txt": lambda: written.text.encode(), "docx": written.docx}
    return _file(await run_in_threadpool(made[suffix]), _FORMATS[suffix], f"{stem}.{suffix}")


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{escape(name)}"'})
