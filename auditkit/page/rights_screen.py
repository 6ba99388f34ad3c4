"""Screen 7: the rights, those that figures make urgent first; one question, one answer, one proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from auditkit.page.audit_text import patched
from auditkit.page.desk import Desk, desk_of, form_of, go, refusal, screen_after, text_of
from auditkit.page.result_screen import ran, result_of
from auditkit.page.session import safe_name
from auditkit.page.workers import Refused
from auditkit.report.number_words import plain
from auditkit.result import RightsItem
from auditkit.rights import Answer, chosen_items, load_library, read_answers, save_answer
from auditkit.rights.answers import document_at
from auditkit.rights.answers_exchange import VALUES, export_workbook
from auditkit.spec import load_audit
from auditkit.text import Message, mark, say, translate

__all__ = ["rights", "rights_answer", "rights_export", "rights_import"]

_ROLE = mark("whoever made the audit")
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Asked:
    """One question as the list shows it."""

    key: str
    question: str
    domain: str
    urgent: bool
    state: str
    item: RightsItem


async def rights(request: Request) -> Response:
    """The list, or one question of it."""
    desk = desk_of(request)
    if not desk.session.text():
        return go("/debut")
    if (refused := await ran(desk, request.url.path, "/systeme", "figures")) is not None:
        return refused
    asked = await run_in_threadpool(_asked, desk)
    key = request.path_params.get("item")
    if key is None:
        return _list(desk, asked, [])
    place = next((number for number, one in enumerate(asked) if one.key == key), None)
    return go("/droits") if place is None else _question(desk, asked, place, [])


def _asked(desk: Desk) -> list[Asked]:
    """Every item of the last result with what was answered since: urgent ones first, then those asked first."""
    language, found = desk.session.language, result_of(desk).rights
    if found is None:
        return []
    library = load_library()
    answers = read_answers(desk.session.folder / "answers.yaml", library)
    domains = {domain.key: plain(domain.title, language) for domain in found.domains}
    made = []
    for item in found.items:
        given = answers.get(item.key)
        urgent = (
            item.core is not None and item.statement is not None and item.statement.status in ("contradicts", "informs")
        )
        if given is not None:
            state = translate(VALUES[given.value], language)
        elif _contradicted(item):
            state = translate(mark("contradicted by the numbers"), language)
        else:
            state = translate(mark("to be answered"), language)
        made.append(Asked(item.key, plain(item.question, language), domains.get(item.domain, ""), urgent, state, item))
    return sorted(made, key=lambda one: (one.item.core is None, not one.urgent, not _contradicted(one.item),
                                         one.item.core or 0))  # fmt: skip


def _contradicted(item: RightsItem) -> bool:
    return item.statement is not None and item.statement.status == "contradicts"


def _list(desk: Desk, asked: list[Asked], errors: list[Message | str]) -> Response:
    urgent = [one for one in asked if one.urgent]
    core = [one for one in asked if one.item.core is not None and not one.urgent]
    return desk.show(
        "droits", "rights.html", 400 if errors else 200, urgent=urgent, core=core, errors=errors,
        rest=[one for one in asked if one.item.core is None], next=screen_after(desk, "droits"),
        first=_open(desk, asked),
    )  # fmt: skip


def _open(desk: Desk, asked: list[Asked]) -> str | None:
    answers = read_answers(desk.session.folder / "answers.yaml", load_library())
    return next((one.key for one in asked if one.item.core is not None and one.key not in answers), None)


def _question(
    desk: Desk, asked: list[Asked], place: int, errors: list[Message | str], typed: dict[str, str] | None = None
) -> Response:
    one, language = asked[place], desk.session.language
    known = read_answers(desk.session.folder / "answers.yaml", load_library()).get(one.key)
    found = result_of(desk).rights
    duties = {} if found is None else {duty.key: duty for duty in found.duties}
    cited = [
        plain(duties[key].citation, language)
        for key in one.item.basis[:6]
        if key in duties and not duties[key].to_be_checked
    ]
    documents = (
        sorted(path.name for path in desk.session.evidence.iterdir() if path.is_file())
        if desk.session.evidence.is_dir()
        else []
    )
    core = [other for other in asked if other.item.core is not None]
    given = typed or ({} if known is None else {
        "choice": known.value, "because": known.because or "",
        "document": next((d.file.rpartition("/")[2] for d in known.documents if d.file), ""),
    })  # fmt: skip
    return desk.show(
        "droits", "right.html", 400 if errors else 200, one=one, number=place + 1, total=len(core), errors=errors,
        typed=given, documents=documents, cited=cited, why=plain(one.item.why, language),
        counts=plain(one.item.satisfied_by, language),
        figures=plain(one.item.statement.sentence, language) if one.item.statement is not None else "",
        before=asked[place - 1].key if place else None,
        values=[(key, translate(word, language)) for key, word in VALUES.items() if key != "unknown"],
    )  # fmt: skip


async def rights_answer(request: Request) -> Response:
    """One answer, on disk at once; then the next question."""
    form = await form_of(request)
    desk = desk_of(request)
    asked = await run_in_threadpool(_asked, desk)
    place = next((n for n, one in enumerate(asked) if one.key == request.path_params["item"]), None)
    if place is None:
        return go("/droits")
    unknown = form.get("answer") == "unknown"
    typed = {name: text_of(form, name) for name in ("choice", "because", "document")}
    value = "unknown" if unknown else typed["choice"]
    if value not in VALUES:
        return _question(desk, asked, place, [say("Choose one of the answers.")], typed)
    if value == "not_applicable" and not typed["because"]:
        return _question(desk, asked, place, [say("Write why the question does not concern this system.")], typed)
    documents = []
    if not unknown and typed["document"] and safe_name(typed["document"]) == typed["document"]:
        name = f"{desk.session.evidence.name}/{typed['document']}"
        if (desk.session.folder / name).is_file():
            documents.append(document_at(name, desk.session.folder))
    role = translate(_ROLE, desk.session.language)
    fields: dict[str, Any] = {"value": value, "role": role, "when": date.today(), "documents": documents}
    try:
        answer = Answer(**fields, because=typed["because"] or None)
    except ValidationError:
        return _question(desk, asked, place, [say("Write why the question does not concern this system.")], typed)
    before = desk.session.text()
    save_answer(desk.session.folder / "answers.yaml", asked[place].key, answer, load_library(), desk.session.language)
    patched(desk.session.audit, {"rights": {"answers": "answers.yaml"}})
    desk.session.answered("droits", before)
    after = next((one.key for one in asked[place + 1 :] if one.item.core is not None), None)
    return go(f"/droits/{after}" if after is not None and asked[place].item.core is not None else "/droits")


async def rights_export(request: Request) -> Response:
    """The questions as a workbook in the reader's language, for a colleague."""
    desk = desk_of(request)
    if not desk.session.text():
        return go("/debut")
    library = load_library()
    spec = load_audit(desk.session.audit)
    answers = read_answers(desk.session.folder / "answers.yaml", library)
    content = await run_in_threadpool(
        export_workbook, chosen_items(library, spec.rights.framework), answers, desk.session.language
    )
    return Response(content, media_type=_WORKBOOK,
                    headers={"content-disposition": 'attachment; filename="questions.xlsx"'})  # fmt: skip


async def rights_import(request: Request) -> Response:
    """What a colleague filled in, taken in whole or not at all."""
    form = await form_of(request, files=1)
    desk = desk_of(request)
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename or not file.size:
        return _list(
            desk, await run_in_threadpool(_asked, desk), [say("Choose the file that your colleague filled in.")]
        )
    place = desk.session.folder / safe_name(file.filename)
    if place.name in ("audit.yaml", "answers.yaml", "session.json") or place.exists():
        place = desk.session.folder / f"colleague-{safe_name(file.filename)}"
    try:
        with place.open("wb") as target:
            while part := await file.read(1 << 20):
                target.write(part)
        await desk.ask("answers", file=str(place))
    except Refused as refused:
        return _list(desk, await run_in_threadpool(_asked, desk), list(refusal(refused)))
    finally:
        place.unlink(missing_ok=True)
    before = desk.session.text()
    patched(desk.session.audit, {"rights": {"answers": "answers.yaml"}})
    desk.session.answered("droits", before)
    return go("/droits")
