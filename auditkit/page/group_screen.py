"""How the groups are called inside a sentence: lone mothers, for a column that says "Femme seule avec enfant(s)"."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from auditkit.counts.count_table import NOT_STATED
from auditkit.page.audit_text import patched
from auditkit.page.desk import Desk, desk_of, form_of, go, text_of
from auditkit.page.result_screen import ran, result_of
from auditkit.text import Message, say

__all__ = ["group_names", "group_names_answer"]

_MOST = 60  # groups that are asked for


async def group_names(request: Request) -> Response:
    """A field for each group of the result, with what it is called today."""
    desk = desk_of(request)
    if not desk.session.text():
        return go("/debut")
    if (refused := await ran(desk, "/groupes", "/systeme", "figures")) is not None:
        return refused
    return _shown(desk, [])


def _groups(desk: Desk) -> list[tuple[str, str]]:
    """Every group by its attribute and its label in the data."""
    views = [view for analysis in result_of(desk).analyses[:1] for view in analysis.views]
    return [
        (view.attributes[0], groups[0])
        for view in views
        if len(view.attributes) == 1
        for groups in view.groups
        if groups != (NOT_STATED,)
    ][:_MOST]


def _shown(desk: Desk, errors: list[Message | str]) -> Response:
    language, spec = desk.session.language, result_of(desk).spec
    asked = []
    for number, (attribute, label) in enumerate(_groups(desk)):
        spoken = spec.groups[attribute].says.get(label)
        text = "" if spoken is None else spoken.form(language, "m") or ""
        asked.append((number, attribute, label, text, "m" if spoken is None else spoken.gender(language)))
    return desk.show(
        "resultat", "groups.html", 400 if errors else 200, errors=errors, asked=asked, gendered=language == "fr"
    )


async def group_names_answer(request: Request) -> Response:
    """The names go into audit.yaml; a group without one is called as the data call it."""
    form = await form_of(request)
    desk = desk_of(request)
    language, before = desk.session.language, desk.session.text()
    patch: dict[str, Any] = {}
    for number, (attribute, label) in enumerate(_groups(desk)):
        if name := text_of(form, f"group{number}", 80):
            said = {form_of_words: name} if (form_of_words := text_of(form, f"form{number}", 1)) in ("m", "f") else name
            patch.setdefault(attribute, {"says": {}})["says"][label] = {language: said}
    if not patch:
        return _shown(desk, [say("Write at least one name, for example “lone mothers”.")])
    patched(desk.session.audit, {"groups": patch})
    desk.session.answered("resultat", before)
    return go("/resultat")
