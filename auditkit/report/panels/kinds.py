"""Story: the figures of this kind of system, a table an attribute, a row a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditkit.report.code_words import reason_sentence
from auditkit.report.group_names import Names, anchor
from auditkit.report.kind_words import ITEMS, LEADS, TITLES
from auditkit.report.number_words import (
    MISSING,
    Name,
    amount,
    difference,
    difference_span,
    figure,
    named,
    p_value,
    position,
    ratio,
    span,
)
from auditkit.report.panels import Panel
from auditkit.result import AuditResult, KindFigure
from auditkit.result.kind_figure import TextPair
from auditkit.text import Message, mark, say, translate

__all__ = ["PANEL"]


@dataclass(frozen=True)
class Cell:
    """One figure: its value, its interval, a note where there is none."""

    value: str
    interval: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """An attribute: column heads, and rows of a group's name with a cell each (None: nothing of this group)."""

    anchor: str
    title: Name | Message
    columns: tuple[Message, ...]
    rows: tuple[tuple[Name | Message, tuple[Cell | None, ...]], ...]


@dataclass(frozen=True)
class Pair:
    """Two outputs of one case side by side: what they differ in, the case, each side's name and text."""

    title: Message
    sides: tuple[tuple[Message, str], ...]


@dataclass(frozen=True)
class Section:
    """A kind: its title, how to read it, its tables, and the outputs side by side."""

    title: str
    leads: tuple[str, ...]
    tables: tuple[Table, ...]
    pairs: tuple[Pair, ...] = ()


def _mine(result: AuditResult) -> tuple[KindFigure, ...]:
    """The figures of kinds; other rules have a panel of their own."""
    return tuple(one for one in result.main.kind_figures if one.kind != "policies")


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    figures = _mine(result)
    kinds = list(dict.fromkeys(one.kind for one in figures))
    names = Names(result.main.spec, language)
    sections = []
    for kind in kinds:
        mine = [one for one in figures if one.kind == kind]
        attributes = list(dict.fromkeys(one.attributes for one in mine))
        tables = tuple(
            table
            for one in sorted(attributes, key=len, reverse=True)
            for table in _tables(kind, one, [f for f in mine if f.attributes == one], names)
        )
        leads = tuple(translate(lead, language) for lead in LEADS[kind])
        sections.append(Section(translate(TITLES[kind], language), leads, tables, _pairs(mine, names)))
    return {"sections": tuple(sections)}


def _pairs(figures: Sequence[KindFigure], names: Names) -> tuple[Pair, ...]:
    """Every pair once, with all that it shows."""
    shown: dict[tuple[TextPair, tuple[str, ...], tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for one in figures:
        if one.pair is not None:
            shown.setdefault((one.pair, one.attributes, one.reference, one.groups), []).append(one.item)
    return tuple(
        Pair(
            say(
                "Case {case}, the largest difference in: {figures}",
                case=named(pair.case),
                figures=tuple(Message(ITEMS[item]) for item in items),
            ),
            tuple(
                (say("{group}: {value}", group=names.group(attributes, group), value=named(value)), text)
                for group, value, text in (
                    (reference, pair.reference_value, pair.reference_text),
                    (groups, pair.value, pair.text),
                )
            ),
        )
        for (pair, attributes, reference, groups), items in shown.items()
    )


_LEVELS = {"swap": mark("difference"), "control": mark("control swap"), "repeats": mark("spread of repeats"),
           "worst_case": mark("worst case"), "no_riskier": mark("no riskier")}  # fmt: skip

_COLUMNS = 6
"""So many columns fit a page; more stand in a further table."""


def _tables(kind: str, attributes: tuple[str, ...], figures: Sequence[KindFigure], names: Names) -> list[Table]:
    columns = list(dict.fromkeys((one.item, one.level) for one in figures))
    groups = list(dict.fromkeys(one.groups for one in figures))
    by_place = {(one.item, one.level, one.groups): one for one in figures}
    title = names.attribute(attributes) if attributes else say("everyone together")
    found = []
    for start in range(0, len(columns), _COLUMNS):
        part = columns[start : start + _COLUMNS]
        rows = tuple(
            (
                names.group(attributes, group) if group else say("everyone"),
                tuple(_cell(by_place.get((*column, group)), names) for column in part),
            )
            for group in groups
        )
        heads = tuple(_head(kind, item, level, names) for item, level in part)
        found.append(Table(anchor("kind", kind, *attributes, str(start)), title, heads, rows))
    return found


def _head(kind: str, item: str, level: str, names: Names) -> Message:
    if level in _LEVELS:
        return say("{figure}: {level}", figure=Message(ITEMS[item]), level=Message(_LEVELS[level]))
    if level.startswith("gamma "):
        times = named(level.removeprefix("gamma "))
        return say("{figure}: odds up to {times} times", figure=Message(ITEMS[item]), times=times)
    return Message(ITEMS[item], {"level": _level(kind, level, names)} if level else {})


def _level(kind: str, level: str, names: Names) -> Name | Message:
    """A threshold, an amount or a time as the language writes numbers, with its unit; a class by its name."""
    try:
        number = position(float(level), names.language) if kind not in _NAMED else None
    except ValueError:
        number = None
    if number is None:
        return named(level)
    survival = names.spec.survival
    if kind != "survival" or survival is None or survival.unit is None:
        return named(number)
    return say("{number} {unit}", number=number, unit=named(survival.unit.text(names.language)))


_NAMED = ("classes", "probe")
"""Kinds whose levels are names that an audit gives."""


def _cell(one: KindFigure | None, names: Names) -> Cell | None:
    if one is None:
        return None
    language = names.language
    if one.value is None:
        return Cell(MISSING, note=reason_sentence(one.reason or "", language))

    def write(value: float) -> str:
        return _written(one, value, names)

    p = "" if one.p_value is None else "p " + p_value(one.p_value, language)
    if one.reference and one.unit == "share":
        interval = difference_span("selection_rate", one.lower, one.upper, language)
        return Cell(difference("selection_rate", one.value, language), interval, p)
    return Cell(write(one.value), span(one.lower, one.upper, write, language), p)


def _written(one: KindFigure, value: float, names: Names) -> str:
    language = names.language
    if one.unit == "share":
        return figure("selection_rate", value, language)
    if one.unit == "ratio":
        return ratio(value, language)
    if one.unit == "probability":
        return p_value(value, language)
    if one.unit == "amount":
        return amount(value, language)
    return position(value, language)


PANEL = Panel(
    "kinds", "story", 35, "panels/kinds.html", mark("What this kind of decision asks for"),
    lambda result: bool(result.analyses) and bool(_mine(result)), _view,
)  # fmt: skip
