"""What other rules would do and to whom: each beside today and beside one threshold for all; nothing is recommended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditkit.report.code_words import reason_sentence
from auditkit.report.group_names import Names
from auditkit.report.number_words import MISSING, Name, count, figure, named, position, ratio, span
from auditkit.report.panels import Panel
from auditkit.result import AuditResult, KindFigure
from auditkit.spec.policy_spec import Policy
from auditkit.text import Message, format_number, mark, say, translate

__all__ = ["PANEL", "policy_name", "policy_view"]

_GROUPS = 8
_WIDTH, _HEIGHT, _LEFT, _TOP = 420.0, 220.0, 56.0, 14.0

_FAIRLEARN = {
    "threshold_optimizer": mark("thresholds by group, by fairlearn (ThresholdOptimizer)"),
    "exponentiated_gradient": mark("refitted under a constraint, by fairlearn (ExponentiatedGradient)"),
    "grid_search": mark("refitted under a constraint, by fairlearn (GridSearch)"),
}
_CONSTRAINTS = {
    "demographic_parity": mark("equal selection rates"),
    "equalized_odds": mark("equal true and false positive rates"),
    "true_positive_rate_parity": mark("equal true positive rates"),
    "false_positive_rate_parity": mark("equal false positive rates"),
    "error_rate_parity": mark("equal shares of errors"),
}
_COLUMNS = {
    "selected": mark("selected"), "newly": mark("newly selected"), "no_longer": mark("no longer selected"),
    "found": mark("rightly selected"), "wrongly": mark("wrongly selected"), "missed": mark("missed"),
    "cost": mark("cost"), "brought": mark("brought in"),
}  # fmt: skip

CAUTIONS: Mapping[str, str] = {
    "US": mark(
        "Thresholds that depend on a protected group are different treatment on its face. In employment 42 U.S.C. "
        "2000e-2(l) forbids different cutoff scores by race, colour, religion, sex or national origin; public bodies "
        "stand under strict scrutiny for race."
    ),
    "FR": mark(
        "Thresholds that depend on a protected group treat people differently on a ground that law no. 2008-496 of 27 "
        "May 2008 forbids, and article 1 of the Constitution allows no distinction of origin, race or religion."
    ),
    "GB": mark(
        "Thresholds that depend on a protected group are direct discrimination under section 13 of the Equality Act "
        "2010, unless section 158 on positive action allows them."
    ),
    "EU": mark(
        "Thresholds that depend on a protected group are direct discrimination unless a law allows them; positive "
        "action may not give automatic and unconditional priority (Court of Justice, C-450/93, Kalanke). Using a "
        "special category of data for a decision falls under article 9 of the GDPR."
    ),
    "": mark(
        "Thresholds that depend on a protected group are, in most legal systems, different treatment on a forbidden "
        "ground, whatever gap they close. Ask a lawyer before anything of the kind is decided."
    ),
}
_EU = frozenset("AT BE BG HR CY CZ DK EE FI DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split())


_WITHHELD = say(
    "The figures of rules that are learnt from rows are withheld: no system of counts protects them. Inside, auditkit "
    "policies --private shows them."
)


@dataclass(frozen=True)
class Row:
    """One rule: its name, whether it stands beside another, and cells of a value and what is beneath it."""

    name: Message | Name
    beside: bool
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rules as rows."""

    anchor: str
    caption: Message
    heads: tuple[Message | Name, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Dot:
    """A rule in the chart: its place, its number, whether it is one threshold for all beside another."""

    x: float
    y: float
    label: str
    beside: bool


def policy_name(level: str, policies: Sequence[Policy], names: Names) -> Message | Name:
    """What a rule is called in a table.

    The number of the rule, then "common" or "today" where it stands beside one.
    """
    number, _, beside = level.partition(" ")
    if beside == "common":
        return say("{number}: one threshold for all, as many selected", number=number)
    if beside == "today" or number == "0":
        return say("today")
    policy, language = policies[int(number) - 1], names.language
    if policy.name is not None:
        return say("{number}: {name}", number=number, name=named(policy.name.text(language), 90))
    return say("{number}: {name}", number=number, name=_said(policy, names))


def _said(policy: Policy, names: Names) -> Message:
    language = names.language
    if isinstance(policy.threshold, float):
        return say("one threshold, {threshold}", threshold=position(policy.threshold, language))
    if isinstance(policy.threshold, dict):
        assert policy.by is not None
        parts = tuple(
            say("{group}: {threshold}", group=names.group((policy.by,), (group,)), threshold=position(value, language))
            for group, value in policy.threshold.items()
        )
        return say("thresholds by group: {groups}", groups=parts)
    if policy.top is not None:
        return say("the first {number}", number=count(float(policy.top), language))
    if policy.top_share is not None:
        return say("the first {share}", share=figure("selection_rate", policy.top_share, language))
    if policy.draw is not None:
        return say("as many as today, drawn at random") if policy.draw == "random" else say("nobody")
    if policy.rule is not None:
        return say("a rule of {number} variables, as many selected as today", number=policy.rule)
    if policy.without is not None:
        left_out = tuple(named(one) for one in policy.without)
        return say("refitted without {columns}, as many selected as today", columns=left_out)
    assert policy.fairlearn is not None
    assert policy.by is not None
    return say(
        "{mitigation}, {constraint} by {attribute}",
        mitigation=Message(_FAIRLEARN[policy.fairlearn]),
        constraint=Message(_CONSTRAINTS[policy.constraint or "demographic_parity"]),
        attribute=names.attribute((policy.by,)),
    )


def policy_view(result: AuditResult, language: str) -> Mapping[str, Any]:
    """Leads, tables and the chart."""
    figures = [one for one in result.main.kind_figures if one.kind == "policies"]
    names = Names(result.main.spec, language)
    policies = result.spec.policies or []
    by_place = {(one.level, one.attributes, one.groups, one.item): one for one in figures}
    levels = list(dict.fromkeys(one.level for one in figures))
    fitted = [one for one in levels if policies and one != "0" and policies[int(one.split()[0]) - 1].is_fitted]
    whole = [one for one in levels if one not in fitted]
    first = next((one for one in fitted if one.endswith("today")), None)
    halves = [*([first] if first else []), *(one for one in fitted if not one.endswith("today"))]
    hidden = bool(halves) and all(by_place[key].value is None for key in by_place if key[0] in halves)
    tables = []
    for part, mine, about in (
        ("all", whole, say("the whole caseload")), ("half", halves, say("the half that no rule was fitted to"))
    ):  # fmt: skip
        if len(mine) > (0 if part == "half" else 1) and not (part == "half" and hidden):
            tables += _tables(part, mine, about, by_place, policies, names)
    leads = _leads(bool(fitted) and not hidden, result, language) + tuple(_lifts(by_place, levels, language))
    return {
        "leads": (*leads, _WITHHELD) if hidden else leads,
        "tables": tuple(tables),
        "chart": _chart(whole, by_place, names) or _chart(halves, by_place, names),
        "caution": _cautions(result, policies),
    }


def _leads(fitted: bool, result: AuditResult, language: str) -> tuple[Message, ...]:
    leads = [
        say(
            "Each rule is told in people, beside today and beside one threshold for all that selects as many: much of "
            "what is credited to a mitigation is often the threshold's. Nothing here is recommended; which errors "
            "weigh more is not for figures to say."
        ),
        say("Outcomes are those of today: what people would do under another rule is not known."),
    ]
    if fitted:
        leads.append(
            say(
                "Rules that are learnt were fitted on one half of the people, drawn at random, and are told on the "
                "other half, beside today on that same half."
            )
        )
    cost = result.spec.cost
    if cost is not None:
        unit = named(cost.unit.text(language))
        leads.append(say("Costs and what is brought in are those that the audit declares, in {unit}.", unit=unit))
        if cost.watts is not None and cost.seconds is not None:
            energy = format_number(cost.watts * cost.seconds / 3600, 2, language)
            leads.append(say("Scoring the caseload takes {energy} Wh, by the declared power and time.", energy=energy))
    return tuple(leads)


def _lifts(by_place: Mapping[Any, KindFigure], levels: Sequence[str], language: str) -> Iterator[Message]:
    """What the score finds beyond a short rule, and beyond a draw, of as many selected."""
    for level in levels:
        one, other = (by_place.get((level, (), (), f"lift_over_{name}")) for name in ("rule", "draw"))
        if one is None or other is None or one.value is None or other.value is None:
            continue
        texts = [
            f"{ratio(lift.value, language)} ({span(lift.lower, lift.upper, lambda v: ratio(v, language), language)})"
            for lift in (one, other)
            if lift.value is not None
        ]
        yield say(
            "Of as many selected, the score finds {rule} times as many as the short rule {number} does, and {draw} "
            "times as many as a draw would.",
            rule=texts[0], number=level, draw=texts[1],
        )  # fmt: skip


def _tables(
    part: str, levels: Sequence[str], about: Message, by_place: Mapping[Any, KindFigure], policies: Sequence[Policy],
    names: Names,
) -> list[Table]:  # fmt: skip
    items = [item for item in _COLUMNS if any((level, (), (), item) in by_place for level in levels)]
    rows = tuple(
        Row(
            policy_name(level, policies, names),
            " " in level,
            tuple(_number(by_place.get((level, (), (), item)), item, by_place, level, names) for item in items),
        )
        for level in levels
    )
    heads = tuple(Message(_COLUMNS[item]) for item in items)
    found = [Table(f"policies-{part}", say("Everyone: {about}", about=about), heads, rows)] if items else []
    for attribute in names.spec.groups:
        groups = list(dict.fromkeys(k[2] for k in by_place if k[1] == (attribute,) and k[0] in levels and k[2]))
        if not groups:
            continue
        mine = tuple(
            Row(
                policy_name(level, policies, names),
                " " in level,
                tuple(_of_group(by_place, level, (attribute,), group, names) for group in groups[:_GROUPS]),
            )
            for level in levels
        )
        caption = say(
            "{attribute}, {about}: who is selected, and how many more or fewer than today",
            attribute=names.attribute((attribute,)), about=about,
        )  # fmt: skip
        shown = tuple(names.group((attribute,), group) for group in groups[:_GROUPS])
        found.append(Table(f"policies-{part}-{list(names.spec.groups).index(attribute)}", caption, shown, mine))
    return found


def _number(
    one: KindFigure | None, item: str, by_place: Mapping[Any, KindFigure], level: str, names: Names
) -> tuple[str, str]:
    language = names.language
    if one is None:
        whole = by_place.get((level, (), (), "selected"))
        return MISSING, reason_sentence((whole.reason if whole is not None else None) or "", language)
    if one.value is None and one.lower is not None and one.upper is not None:
        low, high = (count(float(round(value)), language) for value in (one.lower, one.upper))
        return say("{low} to {high}", low=low, high=high).text(language), ""
    if one.value is None:
        return MISSING, reason_sentence(one.reason or "", language)
    rates = {"selected": "selected_rate", "found": "found_rate", "wrongly": "wrongly_rate"}
    rate = by_place.get((level, (), (), rates.get(item, "")))
    return count(float(round(one.value)), language), "" if rate is None else _share(rate, language)


def _share(rate: KindFigure, language: str) -> str:
    if rate.value is None:
        return ""

    def write(value: float) -> str:
        return figure("selection_rate", value, language)

    interval = span(rate.lower, rate.upper, write, language)
    return write(rate.value) + (f" ({interval})" if interval else "")


def _of_group(
    by_place: Mapping[Any, KindFigure], level: str, attributes: tuple[str, ...], group: tuple[str, ...], names: Names
) -> tuple[str, str]:
    language = names.language
    rate = by_place.get((level, attributes, group, "selected_rate"))
    one = by_place.get((level, attributes, group, "selected"))
    if rate is None or one is None or one.value is None:
        return MISSING, reason_sentence((one.reason if one is not None else None) or "", language)
    number = level.split()[0]
    today = by_place.get(("0" if f"{number} today" not in {k[0] for k in by_place} else f"{number} today",
                          attributes, group, "selected"))  # fmt: skip
    if today is None or today.value is None or level in ("0", f"{number} today"):
        return _share(rate, language), ""
    moved = round(one.value) - round(today.value)
    if moved == 0:
        return _share(rate, language), say("as many people").text(language)
    people = count(float(abs(moved)), language)
    word = say("{number} more people", number=people) if moved > 0 else say("{number} fewer people", number=people)
    return _share(rate, language), word.text(language)


def _chart(levels: Sequence[str], by_place: Mapping[Any, KindFigure], names: Names) -> Mapping[str, Any] | None:
    """Each rule by its widest gap of selection between groups of the first attribute, and by what it finds."""
    attribute = next(iter(names.spec.groups))
    found: list[tuple[str, float, float]] = []
    for level in levels:
        rates = [
            one.value for (at, attributes, group, item), one in by_place.items()
            if at == level and attributes == (attribute,) and item == "selected_rate" and group != ("",)
            and one.value is not None
        ]  # fmt: skip
        hits = by_place.get((level, (), (), "found_rate"))
        if len(rates) > 1 and hits is not None and hits.value is not None:
            found.append((level, max(rates) - min(rates), hits.value))
    if len(found) < 2:
        return None
    widest = max(0.05, *(gap for _, gap, _ in found))
    dots = tuple(
        Dot(
            round(_LEFT + _WIDTH * gap / widest, 1), round(_TOP + _HEIGHT * (1 - min(1.0, hit)), 1),
            level.split()[0] if level != "0" and not level.endswith("today") else say("today").text(names.language),
            level.endswith("common"),
        )
        for level, gap, hit in found
    )  # fmt: skip
    language = names.language
    return {
        "dots": dots, "width": _LEFT + _WIDTH + 40, "height": _TOP + _HEIGHT + 40, "left": _LEFT, "top": _TOP,
        "right": _LEFT + _WIDTH, "bottom": _TOP + _HEIGHT,
        "x_ticks": tuple((round(_LEFT + _WIDTH * k / 4, 1), figure("selection_rate", widest * k / 4, language))
                         for k in range(5)),
        "y_ticks": tuple((round(_TOP + _HEIGHT * (1 - k / 4), 1), figure("selection_rate", k / 4, language))
                         for k in range(5)),
        "x": say("widest gap of selection between groups: {attribute}", attribute=names.attribute((attribute,))),
        "y": say("share of those with the outcome who are selected"),
        "title": say("What is found, and the gap between groups, under each rule"),
    }  # fmt: skip


def _cautions(result: AuditResult, policies: Sequence[Policy]) -> str | None:
    """What the law says against thresholds by group, where a rule has them."""
    if not any(policy.by is not None for policy in policies):
        return None
    country = (result.spec.system.country or "").upper()
    key = country if country in CAUTIONS else "EU" if country in _EU else ""
    return CAUTIONS[key]


def _panel_view(result: AuditResult, language: str) -> Mapping[str, Any]:
    view = policy_view(result, language)
    caution = view["caution"]
    return {**view, "caution": None if caution is None else translate(caution, language)}


PANEL = Panel(
    "policies", "story", 45, "panels/policies.html", mark("What other rules would do"),
    lambda result: bool(result.analyses) and any(one.kind == "policies" for one in result.main.kind_figures),
    _panel_view, mark("Other rules"),
)  # fmt: skip
