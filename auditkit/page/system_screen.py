"""Screen 4: the system, in seven questions, one at a time; the decision's own verb is one of them."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from auditkit.page.audit_text import cleared, content_of, patched
from auditkit.page.desk import Desk, desk_of, form_of, go, screen_after, text_of
from auditkit.page.not_known import assume, forget
from auditkit.rights.chosen_items import framework_for
from auditkit.rights.library import load_library
from auditkit.text import Message, country_name, mark, say, translate

__all__ = ["system", "system_answer", "unnamed"]

QUESTIONS = ("name", "operator", "status", "affected", "verb", "harm", "period")
TITLES = {
    "name": mark("What is the system called?"), "operator": mark("Which body uses it?"),
    "status": mark("Is it in use?"), "affected": mark("Whom does it concern?"),
    "verb": mark("What happens to people? Choose the word of the decision."),
    "harm": mark("What does this do to the person?"), "period": mark("Which period do the numbers cover?"),
}  # fmt: skip
HINTS = {
    "name": mark("Its own name if you know it. If not, what it does, for example “Control score”."),
    "operator": mark("The body that decides, as its letters name it."),
    "status": mark("Look at the date of what you hold."),
    "affected": mark("For example “households on benefits”, “candidates”, “pupils”."),
    "verb": mark("The whole result will be written with this word."),
    "harm": mark("Answer from the person’s side, not the body’s."),
    "period": mark("A year, or a first and a last year, for example 2020-2023."),
}  # fmt: skip
STATUS = {"in_use": mark("Yes"), "planned": mark("Not yet: it is planned"), "retired": mark("No longer")}
HARM = {
    "punitive": (mark("A burden"), mark("A control, a refusal, a debt. The wrong: to be chosen for nothing.")),
    "assistive": (mark("A help"), mark("A place, a grant, an aid. The wrong: to be forgotten.")),
}
VERBS: dict[str, dict[str, dict[str, str]]] = {
    "controlled": {"en": {"m": "controlled", "f": "controlled"}, "fr": {"m": "contrôlés", "f": "contrôlées"}},
    "refused": {"en": {"m": "refused", "f": "refused"}, "fr": {"m": "refusés", "f": "refusées"}},
    "ranked": {"en": {"m": "ranked first", "f": "ranked first"}, "fr": {"m": "classés", "f": "classées"}},
    "directed": {"en": {"m": "sent there", "f": "sent there"}, "fr": {"m": "orientés", "f": "orientées"}},
}
"""The decision's own verb in each language; `other` is the person's own."""
COUNTRIES = ("FR", "BE", "NL", "DE", "ES", "IT", "GB", "SE", "US", "CA")


async def system(request: Request) -> Response:
    """The next open question, or the one asked for; all answered: the list, to look over."""
    desk = desk_of(request)
    if not desk.session.text():
        return go("/debut")
    asked = request.path_params.get("question")
    done = _done(desk)
    if asked not in QUESTIONS:
        asked = next((one for one in QUESTIONS if one not in done), None)
    return _shown(desk, asked, [])


def _done(desk: Desk) -> list[str]:
    found: list[str] = desk.session.state.setdefault("system", [])
    if desk.session.state.get("beginning") == "audit" and not found:
        found += QUESTIONS
    return found


def _shown(
    desk: Desk, question: str | None, errors: list[Message | str], typed: dict[str, str] | None = None
) -> Response:
    language, content = desk.session.language, content_of(desk.session.audit)
    known = content.get("system") or {}
    said = {one: _said(desk, one, content) for one in QUESTIONS}
    values = {
        "question": question, "questions": QUESTIONS, "answered": _done(desk), "said": said,
        "titles": {one: translate(text, language) for one, text in TITLES.items()},
        "hints": {one: translate(text, language) for one, text in HINTS.items()},
        "status": [(key, translate(text, language)) for key, text in STATUS.items()],
        "harms": [(key, translate(name, language), translate(hint, language)) for key, (name, hint) in HARM.items()],
        "verbs": [(key, forms.get(language, forms["en"])["f"]) for key, forms in VERBS.items()],
        "countries": sorted(((code, country_name(code, language) or code) for code in COUNTRIES), key=lambda c: c[1]),
        "country": known.get("country", ""), "typed": typed or {}, "errors": errors,
        "gendered": language == "fr", "has_outcome": _has_outcome(content),
        "number": QUESTIONS.index(question) + 1 if question else 0, "next": screen_after(desk, "systeme"),
    }  # fmt: skip
    return desk.show("systeme", "system.html", 400 if errors else 200, **values)


def _has_outcome(content: Any) -> bool:
    data = content.get("data")
    columns = data.get("columns") if isinstance(data, dict) else None
    return isinstance(content.get("outcome"), dict) or (isinstance(columns, dict) and "true_positive" in columns)


def _said(desk: Desk, question: str, content: Any) -> str:
    """What stands in audit.yaml for a question, as a person says it."""
    language = desk.session.language
    known = content.get("system") or {}
    if question == "status":
        return translate(STATUS.get(known.get("status", ""), ""), language)
    if question == "harm":
        if "harm" not in _done(desk):
            return ""
        found = HARM.get(known.get("harm", ""))
        return translate(mark("Both wrongs are counted") if found is None else found[0], language)
    if question == "verb":
        says = (content.get("selected") or {}).get("says") if isinstance(content.get("selected"), dict) else None
        return _text(says, language)
    if question == "name" and ("name" not in _done(desk) or str(known.get("name")) == unnamed(desk)):
        return ""
    return _text(known.get(question), language)


def _text(value: Any, language: str) -> str:
    """One language's text of a value by language, and one form of a value by form."""
    if isinstance(value, dict):
        value = value.get(language, next(iter(value.values()), ""))
        if isinstance(value, dict):
            value = value.get("f") or next(iter(value.values()), "")
    return "" if value is None else str(value)


async def system_answer(request: Request) -> Response:
    """One answer; what is missing is said over the question."""
    form = await form_of(request)
    desk = desk_of(request)
    question = str(request.path_params["question"])
    if question not in QUESTIONS:
        return go("/systeme")
    typed = {key: text_of(form, key, 200) for key in ("text", "country", "verb_m", "verb_f", "found", "choice")}
    before = desk.session.text()
    if form.get("answer") == "unknown":
        _leave_out(desk, question)
    else:
        patch = _patch(desk, question, typed, form)
        if isinstance(patch, Message):
            return _shown(desk, question, [patch], typed)
        patched(desk.session.audit, patch)
        forget(desk, question)
    if question not in _done(desk):
        desk.session.state["system"].append(question)
    desk.session.answered("systeme", before)
    return go("/systeme")


def _leave_out(desk: Desk, question: str) -> None:
    """What is not known is left out; where audit.yaml needs something, what claims least: no name, both wrongs."""
    if question == "name":
        patched(
            desk.session.audit, {"title": {desk.session.language: unnamed(desk)}, "system": {"name": unnamed(desk)}}
        )
    elif question == "harm":
        patched(desk.session.audit, {"system": {"harm": "both"}})
        assume(desk, "harm")
    else:
        places = {"verb": [("selected", "says"), ("outcome", "says")]}
        cleared(desk.session.audit, places.get(question, [("system", question)]))


def unnamed(desk: Desk) -> str:
    """What stands for the name of a system that nobody has named."""
    return translate(mark("System to be named"), desk.session.language)


def _patch(desk: Desk, question: str, typed: dict[str, str], form: FormData) -> dict[str, Any] | Message:
    language = desk.session.language
    text = typed["text"]
    if question in ("status", "harm"):
        known = STATUS if question == "status" else HARM
        return (
            {"system": {question: typed["choice"]}} if typed["choice"] in known else say("Choose one of the answers.")
        )
    if question == "verb":
        return _verb(desk, typed)
    if not text:
        examples = {"name": say("Write a name, for example “Control score”."),
                    "operator": say("Write the name of the body, for example “Family benefits office”."),
                    "affected": say("Write who they are, for example “households on benefits”."),
                    "period": say("Write a year, for example 2023.")}  # fmt: skip
        return examples[question]
    if question == "name":
        desk.session.state["title"] = text
        return {"title": {language: text}, "system": {"name": text}}
    if question == "operator":
        patch: dict[str, Any] = {"system": {"operator": text}}
        if typed["country"] in COUNTRIES:
            patch["system"]["country"] = typed["country"]
            patch["rights"] = {"framework": framework_for(load_library(), typed["country"])}
        return patch
    return {"system": {question: text if question == "period" else {language: text}}}


def _verb(desk: Desk, typed: dict[str, str]) -> dict[str, Any] | Message:
    language, choice = desk.session.language, typed["choice"]
    if choice in VERBS:
        says: dict[str, Any] = {one: dict(forms) for one, forms in VERBS[choice].items()}
    elif choice == "other":
        if not typed["verb_f"] and language == "fr":
            return say("Write the word in the feminine too, for example “vérifiées”.")
        if not (typed["verb_m"] or typed["verb_f"]):
            return say("Write the word of the decision, for example “checked”.")
        says = {language: {"m": typed["verb_m"] or typed["verb_f"], "f": typed["verb_f"] or typed["verb_m"]}}
    else:
        return say("Choose the word of the decision.")
    word = says[language]["f"]
    patch: dict[str, Any] = {
        "selected": {"says": says},
        "system": {"decision": {language: desk.say(say("Choice of those {word}", word=word))}},
    }
    if typed["found"]:
        patch["outcome"] = {"says": {language: typed["found"]}}
    if isinstance(content_of(desk.session.audit).get("selected"), str):
        patch["selected"] = {"column": content_of(desk.session.audit)["selected"], **patch["selected"]}
    return patch
