"""Screen 5: figures of the press, and what two shares of one group say together, with what rounding leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import isfinite
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from auditkit.intake.written_numbers import Interval, Refusal, read_share
from auditkit.measures.representation_ratio import representation
from auditkit.page.audit_text import content_of, patched
from auditkit.page.desk import Desk, desk_of, form_of, go, screen_after, text_of
from auditkit.text import Message, format_number, format_percent, mark, say, translate

__all__ = ["press", "press_answer", "press_result"]

_FIELDS = ("group", "selected", "population", "source")


@dataclass(frozen=True)
class Shares:
    """What two printed shares say: the ratio of rates against the others, and the ends that rounding leaves."""

    group: str
    ratio: str
    low: str
    high: str
    lines: tuple[tuple[str, str], ...]
    beside_all: str


async def press(request: Request) -> Response:
    """The two percentages that an article gives, or none."""
    desk = desk_of(request)
    if not desk.session.text():
        return go("/debut")
    return _shown(desk, dict(desk.session.state.get("press", {})), [])


def _shown(desk: Desk, typed: Mapping[str, str], errors: list[Message | str]) -> Response:
    known = list(content_of(desk.session.audit).get("known_figures") or [])
    return desk.show(
        "presse", "press.html", 400 if errors else 200, typed=typed, errors=errors, shares=_shares(desk, typed),
        kept=len(known) // 2,
    )  # fmt: skip


def _shares(desk: Desk, typed: Mapping[str, str]) -> Shares | None:
    """The result of what was typed; None where it is not two percentages between 0 and 100."""
    language = desk.session.language
    selected, population = _share(typed.get("selected", "")), _share(typed.get("population", ""))
    if selected is None or population is None:
        return None
    found = representation(selected.printed, population.printed)
    corners = [representation(s, p) for s, p in product((selected.lower, selected.upper),
                                                        (population.lower, population.upper))]  # fmt: skip
    ratios = [corner.rate_ratio for corner in corners if isfinite(corner.rate_ratio)]
    if not isfinite(found.rate_ratio) or len(ratios) < len(corners):
        return None
    all_of = [corner.representation_ratio for corner in corners]

    def number(value: float) -> str:
        return format_number(value, 2, language)

    def share(value: float) -> str:
        return format_percent(value, 1, language)

    lines = (
        (desk.say(say("{share} is a rounded number", share=typed["selected"].strip(" %") + "\u202f%")),
         desk.say(say("from {low} to {high}", low=share(selected.lower), high=share(selected.upper)))),
        (desk.say(say("{share} too", share=typed["population"].strip(" %") + "\u202f%")),
         desk.say(say("from {low} to {high}", low=share(population.lower), high=share(population.upper)))),
        (desk.say(say("This group: {a} for {b}", a=share(selected.printed), b=share(population.printed))),
         number(selected.printed / population.printed)),
        (desk.say(say("The others: {a} for {b}", a=share(1 - selected.printed), b=share(1 - population.printed))),
         number((1 - selected.printed) / (1 - population.printed))),
    )  # fmt: skip
    ratio, low, high = (number(one) for one in (found.representation_ratio, min(all_of), max(all_of)))
    beside = say(
        "Beside the mean of everybody: {ratio} times, between {low} and {high}.", ratio=ratio, low=low, high=high
    )
    return Shares(typed.get("group", "") or translate(mark("This group"), language), number(found.rate_ratio),
                  number(min(ratios)), number(max(ratios)), lines, desk.say(beside))  # fmt: skip


def _share(text: str) -> Interval | None:
    """A percentage as typed: its decimals say how far it was rounded."""
    bare = text.replace("%", "").strip()
    decimal = "," if "," in bare else "."
    try:
        found, _ = read_share(bare, decimal, 100.0)
    except Refusal:
        return None
    return found if 0 < found.printed < 1 else None


async def press_result(request: Request) -> Response:
    """The result of what stands in the form just now, for the script that asks; nothing is kept."""
    desk = desk_of(request)
    form = await request.form(max_fields=20, max_files=0)
    typed = {name: text_of(form, name, 200) for name in _FIELDS}
    return desk.show("", "press_live.html", shares=_shares(desk, typed), typed=typed)


async def press_answer(request: Request) -> Response:
    """The figures kept, recalculated, or passed over."""
    form = await form_of(request)
    desk = desk_of(request)
    typed = {name: text_of(form, name, 200) for name in _FIELDS}
    answer = text_of(form, "answer")
    if answer in ("none", "unknown") or not (typed["selected"] or typed["population"]):
        desk.session.answered("presse", desk.session.text())
        return go(screen_after(desk, "presse"))
    desk.session.state["press"] = typed
    if answer == "calculate":
        return _shown(desk, typed, [])
    errors = _missing(typed)
    if errors:
        return _shown(desk, typed, errors)
    before = desk.session.text()
    known = [one for one in content_of(desk.session.audit).get("known_figures") or []
             if str(_group(one)) != typed["group"]]  # fmt: skip
    patched(desk.session.audit, {"known_figures": [*known, *_figures(desk, typed)]})
    desk.session.answered("presse", before)
    if answer == "more":
        desk.session.state["press"] = {"source": typed["source"]}
        desk.session.keep()
        return go("/presse")
    return go(screen_after(desk, "presse"))


def _missing(typed: Mapping[str, str]) -> list[Message | str]:
    errors: list[Message | str] = []
    if not typed["group"]:
        errors.append(say("Write of which group the article speaks, for example “lone parents”."))
    for name, example in (("selected", "36"), ("population", "16")):
        if _share(typed[name]) is None:
            errors.append(say("Write a percentage between 0 and 100, for example {example}.", example=example))
    if not typed["source"]:
        errors.append(say("Write where the numbers come from, for example the title and the date of the article."))
    return errors


def _group(figure: Any) -> Any:
    group = figure.get("group")
    return next(iter(group.values()), "") if isinstance(group, dict) else group


def _figures(desk: Desk, typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Two known figures that say of what they are shares, as audit.yaml has them."""
    language, made = desk.session.language, []
    what = {"selected": say("share of those chosen"), "population": say("share of everybody")}
    for name in ("selected", "population"):
        bare = typed[name].replace("%", "").strip().replace(",", ".")
        value = float(bare) if "." in bare else int(bare)
        made.append({
            "what": {language: desk.say(what[name])}, "value": value,
            "unit": "percent", "share_of": name, "group": {language: typed["group"]}, "source": typed["source"],
        })  # fmt: skip
    return made
