"""Screen 2: the table as its owner knows it, and what each column says."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from auditkit.page.audit_text import cleared, content_of, patched
from auditkit.page.desk import Desk, desk_of, form_of, go, refusal, text_of
from auditkit.page.doubt_screen import asked_anew
from auditkit.page.table_picture import ground_of
from auditkit.page.workers import Refused
from auditkit.text import Message, mark, say, translate

__all__ = ["table", "table_answer"]

COUNT_ROLES = {
    "group": mark("a group of people"), "time": mark("a quarter, a month or a year"),
    "total": mark("the number of people"), "selected": mark("how many were chosen (controlled, refused …)"),
    "true_positive": mark("how many of these rightly (something was found)"),
    "false_positive": mark("how many of these wrongly (nothing was found)"),
    "not_selected": mark("how many were not chosen"), "share": mark("the share of those chosen (%)"),
    "unused": mark("not used"), "unknown": mark("I don’t know"),
}  # fmt: skip
ROW_ROLES = {
    "group": mark("a group of people"), "selected": mark("whether the person was chosen (controlled, refused …)"),
    "score": mark("the score"), "outcome": mark("what was found, or what really happened"),
    "unused": mark("not used"), "unknown": mark("I don’t know"),
}  # fmt: skip
LONG_ROLES = {
    "group": ROW_ROLES["group"], "time": COUNT_ROLES["time"], "count": COUNT_ROLES["total"],
    "selected": mark("what was decided (controlled, refused …)"), "outcome": ROW_ROLES["outcome"],
    "unused": COUNT_ROLES["unused"], "unknown": COUNT_ROLES["unknown"],
}  # fmt: skip
ROLES = {"counts": COUNT_ROLES, "long": LONG_ROLES, "rows": ROW_ROLES}
PARTS = {
    "title": mark("title"), "empty": mark("empty"), "head": mark("heads"), "total": mark("total, checked"),
    "note": mark("note"), "section": mark("part"), "row": "",
}  # fmt: skip


async def table(request: Request) -> Response:
    """The table; where the file was not understood, why."""
    desk = desk_of(request)
    if desk.job is not None and desk.job.then == "/tableau":
        if not desk.job.task.done():
            return go("/attente")
        job, desk.job = desk.job, None
        try:
            done = job.task.result()
        except Refused as refused:
            desk.session.audit.unlink(missing_ok=True)
            return _not_read(desk, refusal(refused))
        if "picture" in done:
            desk.cache["picture"] = done["picture"]
    if not desk.session.text():
        return go("/debut")
    if desk.session.state.get("beginning") not in ("table", "rows"):
        return go("/systeme")
    if (sheet := request.query_params.get("feuille")) is not None:
        desk.cache["picture"] = (await desk.ask("look", sheet=sheet))["picture"]
        return await _shown(desk, [], looking=True)
    return await _shown(desk, [])


def _not_read(desk: Desk, lines: list[str]) -> Response:
    return desk.show("tableau", "unread.html", 400, lines=lines, file=desk.session.state.get("file", ""))


async def _picture(desk: Desk) -> dict[str, Any]:
    if desk.cache.get("picture") is None:
        desk.cache["picture"] = (await desk.ask("look"))["picture"]
    found: dict[str, Any] = desk.cache["picture"]
    return found


async def _shown(desk: Desk, errors: list[Message | str], looking: bool = False) -> Response:
    try:
        picture = await _picture(desk)
    except Refused as refused:
        return _not_read(desk, refusal(refused))
    language = desk.session.language
    roles = ROLES[picture["kind"]]
    kept = desk.session.state.get("roles") or {}
    asked = [
        {**column, "role": kept.get(column["name"], column["role"]), "number": number}
        for number, column in enumerate(picture["columns"])
        if column["role"] != "other_period"
    ]
    return desk.show(
        "tableau", "table.html", 400 if errors else 200, left_out=_sheets_left(desk, picture), picture=picture,
        asked=asked, errors=errors, looking=looking,
        roles=[(key, translate(name, language)) for key, name in roles.items()],
        parts={part: translate(name, language) if name else "" for part, name in PARTS.items()},
    )  # fmt: skip


def _sheets_left(desk: Desk, picture: dict[str, Any]) -> list[str]:
    """The sheets that are not counted: neither the one shown nor those of further groups."""
    groups = (content_of(desk.session.audit).get("groups") or {}).values()
    counted = {picture["sheet"], *(group["data"].get("sheet") for group in groups if "data" in group)}
    return [sheet for sheet in picture["sheets"] if sheet not in counted]


async def table_answer(request: Request) -> Response:
    """What the columns say goes into audit.yaml; what cannot be so is told at once."""
    form = await form_of(request)
    desk = desk_of(request)
    picture = await _picture(desk)
    if sheet := text_of(form, "sheet"):
        return await _other_sheet(desk, sheet)
    before = desk.session.text()
    chosen = {column["name"]: text_of(form, f"column{n}") or column["role"]
              for n, column in enumerate(picture["columns"])}  # fmt: skip
    desk.session.state["roles"] = chosen
    write = _write_counts if picture["kind"] == "counts" else _write_rows
    errors = write(desk, picture, chosen, form) if picture["simple"] else []
    if not errors and picture["years_down"]:
        _one_year(desk, picture, text_of(form, "year"))
    if errors:
        desk.session.audit.write_text(before, encoding="utf-8")
        return await _shown(desk, errors)
    desk.cache.pop("doubts", None)
    desk.cache.pop("undo", None)
    desk.session.answered("tableau", before)
    desk.begin_job("doubts", "/doutes", "/tableau", settled=desk.session.state.get("settled", []))
    return go("/attente")


def _one_year(desk: Desk, picture: dict[str, Any], year: str) -> None:
    """Of years that stand below each other, one: the newest where none was chosen."""
    chosen = year if year.isdecimal() and int(year) in picture["years"] else str(max(picture["years"], default=""))
    if chosen:
        patched(desk.session.audit, {"keep": [{"column": picture["years_down"], "in": [chosen]}],
                                     "system": {"period": chosen}})  # fmt: skip


async def _other_sheet(desk: Desk, sheet: str) -> Response:
    """The audit begun anew with another sheet."""
    picture = (await desk.ask("look", sheet=sheet))["picture"]
    patched(desk.session.audit, {"data": {"sheet": sheet}})
    cleared(desk.session.audit, [("data", key) for key in ("columns", "count", "totals", "suppressed", "stock")])
    cleared(desk.session.audit, [("groups",), ("selected",), ("outcome",), ("score",), ("keep",)])
    asked_anew(desk)
    desk.session.state.pop("roles", None)
    desk.cache["picture"] = picture
    desk.session.keep()
    return await _shown(desk, [])


def _write_counts(desk: Desk, picture: dict[str, Any], chosen: dict[str, str], form: FormData) -> list[Message | str]:
    """Columns, groups and period of a table of counts."""
    roles = {kind: name for name, kind in chosen.items() if kind not in ("group", "time", "unused", "unknown")}
    roles.pop("other_period", None)
    year = text_of(form, "year")
    if year and picture["years"] and not picture["years_down"] and year != str(max(picture["years"])):
        roles = {kind: _of_year(name, year, picture) for kind, name in roles.items()}
    groups = [name for name, kind in chosen.items() if kind == "group"]
    if not groups:
        return [say("Say which column names the groups of people, for example “Sex” or “Family situation”.")]
    if {"selected", "total", "true_positive", "false_positive"} <= set(roles):
        del roles["false_positive"]
    known = {"selected", "total", "not_selected", "share", "true_positive", "false_positive"} & set(roles)
    chose = "selected" in known or {"true_positive", "false_positive"} <= known or {"share", "total"} <= known
    if not chose or not known & {"total", "not_selected", "share"}:
        return [say("Two columns are needed: how many were chosen, and the number of people (or how many were not).")]
    if {"selected", "total"} <= known:
        roles.pop("share", None)
        roles.pop("not_selected", None)
    audit = desk.session.audit
    other_sheets = {name: group for name, group in (content_of(audit).get("groups") or {}).items() if "data" in group}
    cleared(audit, [("data", "columns"), ("data", "count"), ("groups",)])
    patch: dict[str, Any] = {"data": {"columns": roles},
                             "groups": {name: _group(name) for name in groups} | other_sheets}  # fmt: skip
    if picture["sheets"] and len(picture["sheets"]) > 1:
        patch["data"]["sheet"] = picture["sheet"]
    for key in ("totals", "marks"):
        if picture[key] and (key == "totals" or "suppressed" not in (content_of(audit).get("data") or {})):
            patch["data"] |= ({"totals": picture["totals"]} if key == "totals" else
                              {"suppressed": [{"text": m, "means": [0, 10]} for m in picture["marks"]]})  # fmt: skip
    period = year or picture["period"]
    if period:
        patch["system"] = {"period": str(period)}
    patched(audit, patch)
    return []


def _of_year(name: str, year: str, picture: dict[str, Any]) -> str:
    """The column of another year that says the same."""
    import re

    wanted = re.sub(r"(?<!\d)(19|20)\d{2}(?!\d)", year, name)
    return wanted if any(column["name"] == wanted for column in picture["columns"]) else name


def _group(name: str) -> dict[str, Any]:
    ground = ground_of(name)
    entry: dict[str, Any] = {"column": name, "reference": {"is": "largest"}}
    return entry | ({"ground": ground} if ground else {})


def _write_rows(desk: Desk, picture: dict[str, Any], chosen: dict[str, str], form: FormData) -> list[Message | str]:
    """Groups, selection, score and outcome of a table of rows."""
    columns = {column["name"]: (number, column) for number, column in enumerate(picture["columns"])}
    one = {kind: name for name, kind in chosen.items() if kind in ("selected", "score", "outcome", "count")}
    groups = [name for name, kind in chosen.items() if kind == "group"]
    if not groups:
        return [say("Say which column names the groups of people, for example “Sex” or “Family situation”.")]
    if "selected" not in one and "score" not in one:
        return [say("Say which column tells who was chosen, or which one is the score.")]
    patch: dict[str, Any] = {}
    if picture["kind"] == "long":
        cleared(desk.session.audit, [("data", "count")])
        patch |= {"data": {"count": one["count"]}} if "count" in one else {}
    if "score" in one:
        patch["score"] = one["score"]
    for role, key in (("selected", "in"), ("outcome", "positive")):
        if role in one:
            number, _ = columns[one[role]]
            value = text_of(form, f"value{number}")
            if not value:
                return [say("Say which value of “{column}” means yes.", column=one[role])]
            patch[role] = {"column": one[role], key: [value]}
    if "selected" not in one:
        limit = text_of(form, "limit").replace(",", ".")
        try:
            patch["selected"] = {"at_least": float(limit)} if limit else {"top_share": 0.1}
        except ValueError:
            return [say("Write the limit as a number, for example 0.5.")]
    known = content_of(desk.session.audit).get("groups") or {}
    patch["groups"] = {name: dict(known[name]) if name in known else _row_group(columns[name][1]) for name in groups}
    observed = content_of(desk.session.audit).get("observed")
    cleared(desk.session.audit, [("groups",), ("selected",), ("outcome",), ("score",), ("observed",)])
    if "outcome" in one:
        patch["observed"] = observed or "everywhere"
        if len(columns[one["outcome"]][1].get("values", [])) > 2:
            patch["outcome"]["rest"] = "negative"
    patched(desk.session.audit, patch)
    return []


def _row_group(column: dict[str, Any]) -> dict[str, Any]:
    entry = _group(column["name"])
    return entry | ({"bins": [25, 45, 65]} if column.get("numeric") and not column.get("values") else {})
