"""Screen 3: the doubts, one at a time, each with its arithmetic: the list that `check` and the report have too."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from auditkit.page.audit_text import cleared, content_of, patched
from auditkit.page.desk import Desk, desk_of, form_of, go, refusal, screen_after, text_of
from auditkit.page.not_known import CAUTIOUS, SET_ASIDE, assume, forget
from auditkit.page.workers import Refused
from auditkit.text import Message, format_date, say

__all__ = ["asked_anew", "doubt_answer", "doubts"]

ASKED = {
    "twins": (say("One value seems to be written in several ways."), say("Is it the same answer?")),
    "missing_word": (say("A word that may mean “nothing stated” stands among the groups."), say("What does it say?")),
    "dates": (say("Dates stand among classes such as 10–12."), say("Are they meant as they are?")),
    "stock": (say("The same number comes back in every period."), say("Are these the same people?")),
    "counts": (say("Each line seems to count several people."), say("What does one line stand for?")),
    "sentinel": (say("One number lies far from all others."), say("Does it stand for “no value”?")),
    "scale": (say("The limit and the scores seem to be on two scales."), say("Are they on one scale?")),
    "hidden_rows": (say("Some lines of the sheet are hidden."), say("Do they count?")),
    "formulas": (say("Some cells hold a formula without a result."), say("What do these cells say?")),
    "errors": (say("Some cells hold an error."), say("What do these cells say?")),
    "hidden": (say("Some numbers are hidden."), say("What may each of these cells hide?")),
    "observed": (say("The table says what was found among those chosen."),
                 say("Was it looked for among the others as well?")),
}  # fmt: skip
"""What a doubt is called on the page and what it asks; the sentence of the terminal stands below it."""


async def doubts(request: Request) -> Response:
    """The first open doubt; none left: what was understood."""
    desk = desk_of(request)
    if not desk.session.text():
        return go("/debut")
    found = await _found(desk)
    if isinstance(found, Response):
        return found
    return _shown(desk, found, [])


async def _found(desk: Desk) -> dict[str, Any] | Response:
    if desk.job is not None and desk.job.then == "/doutes":
        if not desk.job.task.done():
            return go("/attente")
        job, desk.job = desk.job, None
        try:
            desk.cache["doubts"] = (desk.session.text(), job.task.result())
            desk.cache.pop("undo", None)
        except Refused as refused:
            undone = _undone(desk)
            if undone is None:
                return desk.show("doutes", "unread.html", 400, lines=refusal(refused), file="", back_to="/tableau")
            return _shown(desk, undone, list(refusal(refused)))
    known = desk.cache.get("doubts")
    if known is None or known[0] != desk.session.text():
        desk.begin_job("doubts", "/doutes", "/tableau", settled=desk.session.state.get("settled", []))
        return go("/attente")
    found: dict[str, Any] = known[1]
    return found


def _undone(desk: Desk) -> dict[str, Any] | None:
    """The doubts as before the last answer, which the table contradicts and which is taken back; None without one."""
    kept = desk.cache.pop("undo", None)
    if kept is None:
        return None
    text, state, found = kept
    desk.session.audit.write_text(text, encoding="utf-8")
    desk.session.state |= state
    desk.session.keep()
    desk.cache["doubts"] = (text, found)
    doubts: dict[str, Any] = found
    return doubts


def _open(desk: Desk, found: dict[str, Any]) -> list[dict[str, Any]]:
    """The doubts still to be answered; whether outcomes were looked for is the last of them."""
    settled = desk.session.state.get("settled", [])
    left = [doubt for doubt in found["doubts"] if doubt["key"] not in settled]
    tells, of_counts = _tells_outcomes(desk)
    if not left and "observed" not in settled and tells:
        left = [_observed(desk, of_counts)]
    return left


def _is_to_come(desk: Desk, left: list[dict[str, Any]]) -> bool:
    """Whether the question of what was looked for comes after these."""
    asked = {doubt["key"] for doubt in left} | set(desk.session.state.get("settled", []))
    return "observed" not in asked and _tells_outcomes(desk)[0]


def _tells_outcomes(desk: Desk) -> tuple[bool, bool]:
    """Whether the data tell outcomes, and whether they are counts that tell those of the chosen alone."""
    content = content_of(desk.session.audit)
    data = content.get("data")
    columns = data.get("columns") if isinstance(data, dict) else None
    of_counts = isinstance(columns, dict) and "true_positive" in columns and "true_negative" not in columns
    outcome = content.get("outcome")
    return of_counts or (isinstance(outcome, dict) and "column" in outcome), of_counts


def _observed(desk: Desk, of_counts: bool) -> dict[str, Any]:
    """Whether anybody looked among those who were not chosen: init guesses it, a person knows."""
    answers = [("no", say("No, nobody looked: this is the most common case."), {"observed": "when_selected"})]
    if not of_counts:
        answers.append(("yes", say("Yes, everybody was looked at in another way."), {"observed": "everywhere"}))
    else:
        answers.append(("yes", say("Yes, but this table does not give it."), {"observed": "when_selected"}))
    answers.append(("unknown", say("I do not know."), {"observed": "when_selected"}))
    return {
        "key": "observed", "column": "", "values": [], "sums": [], "example": "",
        "question": desk.say(say("An empty cell does not mean “no”. Where nobody looked, the result says so.")),
        "answers": [{"key": key, "text": desk.say(text), "patch": patch} for key, text, patch in answers],
    }  # fmt: skip


def _shown(desk: Desk, found: dict[str, Any], errors: list[Message | str]) -> Response:
    left = _open(desk, found)
    done = len(desk.session.state.get("doubts", []))
    if not left:
        return desk.show("doutes", "understood.html", understood=found["understood"], warnings=found["warnings"],
                         done=done)  # fmt: skip
    doubt = left[0]
    hidden = doubt["key"].startswith("hidden:")
    title, question = ASKED.get(doubt["key"].partition(":")[0], (say("Something is not clear."), say("What is right?")))
    return desk.show(
        "doutes", "doubt.html", 400 if errors else 200, doubt=doubt, title=title, question=question, number=done + 1,
        total=done + len(left) + _is_to_come(desk, left), errors=errors, open_range=hidden,
        folded=bool(doubt["values"] or doubt["sums"]) and not hidden,
        answers=[answer for answer in doubt["answers"] if answer["key"] != "unknown"],
    )  # fmt: skip


def asked_anew(desk: Desk) -> None:
    """Every doubt is open again: what their answers wrote is taken out of audit.yaml."""
    tops = ("same", "apart", "confirm", "missing_values", "unit", "cluster", "pair")
    data = [("data", key) for key in ("stock", "hidden_rows")]
    if any(key == "counts" for key, _ in desk.session.state.get("doubts", [])):
        data.append(("data", "count"))
    cleared(desk.session.audit, [*((key,) for key in tops), *data])
    desk.session.state |= {"settled": [], "doubts": []}
    desk.cache.pop("doubts", None)
    forget(desk)
    desk.session.keep()


async def doubt_answer(request: Request) -> Response:
    """An answer goes into audit.yaml with its day; the counts are read again with it."""
    form = await form_of(request)
    desk = desk_of(request)
    if form.get("answer") == "anew":
        asked_anew(desk)
        return go("/doutes")
    found = await _found(desk)
    if isinstance(found, Response):
        return found
    left = _open(desk, found)
    if not left or text_of(form, "doubt") != left[0]["key"]:
        return go("/doutes")
    doubt = left[0]
    if form.get("answer") == "unknown" and doubt["key"] in SET_ASIDE:
        return _set_aside(desk, doubt["key"])
    patch = _patch(doubt, form)
    if isinstance(patch, Message):
        return _shown(desk, found, [patch])
    before, state = desk.session.text(), desk.session.state
    kept: dict[str, Any] = {"settled": [], "doubts": [], "assumed": {}}
    desk.cache["undo"] = (before, {key: copy(state.get(key, none)) for key, none in kept.items()}, found)
    day = format_date(date.today(), desk.session.language)
    if doubt["key"].startswith("hidden:"):
        patch |= _in_other_sheets(desk, doubt["column"], patch)
    is_known = form.get("answer") != "unknown"
    patched(desk.session.audit, patch, desk.say(say("answer of {day}", day=day) if is_known else
                                                say("not known on {day}: what claims least", day=day)))  # fmt: skip
    if not is_known:
        assume(desk, doubt["key"], doubt["column"])
    if doubt["key"] == "observed" or doubt["key"].startswith("hidden:"):
        state.setdefault("settled", []).append(doubt["key"])
    state.setdefault("doubts", []).append([doubt["key"], doubt["column"]])
    desk.session.answered("doutes", before)
    if doubt["key"] == "observed":
        desk.cache["doubts"] = (desk.session.text(), found)
        return go(screen_after(desk, "doutes"))
    desk.begin_job("doubts", "/doutes", "/tableau", settled=state.get("settled", []))
    return go("/attente")


def _in_other_sheets(desk: Desk, text: str, patch: dict[str, Any]) -> dict[str, Any]:
    """What a mark hides holds for the sheets of further groups as well."""
    meant: dict[str, Any] = next((one for one in patch["data"]["suppressed"] if one.get("text") == text), {})
    groups = content_of(desk.session.audit).get("groups") or {}
    marks = {name: (group.get("data") or {}).get("suppressed") or [] for name, group in groups.items()}
    return {"groups": {
        name: {"data": {"suppressed": [meant if one.get("text") == text else dict(one) for one in known]}}
        for name, known in marks.items() if any(one.get("text") == text for one in known)
    }}  # fmt: skip


def _set_aside(desk: Desk, key: str) -> Response:
    """No figure is made of the table: the audit goes on with documents alone, and keeps the file as evidence."""
    before = desk.session.text()
    patched(desk.session.audit, {"data": "none"})
    cleared(desk.session.audit, [(part,) for part in ("groups", "score", "outcome", "observed", "selected", "unit")])
    assume(desk, key)
    desk.session.state["beginning"] = "documents"
    desk.session.answered("doutes", before)
    return go("/systeme")


def _patch(doubt: dict[str, Any], form: FormData) -> dict[str, Any] | Message:
    """What an answer puts into audit.yaml; a sentence where it is not complete."""
    if form.get("answer") == "unknown":
        known = {answer["key"]: answer["patch"] for answer in doubt["answers"]}
        cautious = CAUTIOUS.get(doubt["key"].partition(":")[0], "")
        if cautious in known:
            return dict(known[cautious])
        return say("Without this answer two results are possible. Choose the answer that seems right, or go back.")
    chosen = text_of(form, "choice")
    if chosen == "other" and doubt["key"].startswith("hidden:"):
        return _range(doubt, form)
    for answer in doubt["answers"]:
        if answer["key"] == chosen:
            return dict(answer["patch"])
    return say("Choose one of the answers.")


def _range(doubt: dict[str, Any], form: FormData) -> dict[str, Any] | Message:
    low, high = text_of(form, "low"), text_of(form, "high")
    if not low.isdecimal() or not high.isdecimal() or len(high) > 9 or int(low) > int(high):
        return say("Write two whole numbers, the smaller one first, for example 0 and 4.")
    patch: dict[str, Any] = {"data": {"suppressed": [dict(one) for one in
                             doubt["answers"][0]["patch"]["data"]["suppressed"]]}}  # fmt: skip
    for entry in patch["data"]["suppressed"]:
        if entry.get("text") == doubt["column"]:
            entry["means"] = [int(low), int(high)]
            entry.pop("because", None)
            if who := text_of(form, "who", 200):
                entry["because"] = who
    return patch
