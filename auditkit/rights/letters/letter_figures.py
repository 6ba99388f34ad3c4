"""What letters take from the figures of an audit: groups, risks, rates, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby

from auditkit.counts.count_table import NOT_STATED
from auditkit.result import JOINER, AuditResult, Estimate
from auditkit.rights.declared_facts import facts_of
from auditkit.rights.next_steps import RULES
from auditkit.rights.rights_words import listed
from auditkit.text import format_date, format_number, format_percent, mark, say, translate

__all__ = ["COMPUTED", "Content", "attribute_name", "group_name", "impact_rows"]

Content = str | tuple[str, ...] | list[list[str]] | None

_STATUS = {
    "planned": mark("planned, not yet in use"),
    "in_use": mark("in use"),
    "retired": mark("retired"),
}
_SMALL_SHARE = 0.02


def attribute_name(result: AuditResult, attributes: tuple[str, ...], language: str) -> str:
    """Attributes as the reader's language has them."""
    spec = result.spec
    return JOINER.join(spec.group_attribute_name(a, language) if a in spec.groups else a for a in attributes)


def group_name(result: AuditResult, row: Estimate, language: str) -> str:
    """A group as the reader's language has it."""
    spec = result.spec
    return JOINER.join(
        translate(mark("not stated"), language) if value == NOT_STATED
        else spec.groups[a].group_name(value, language) if a in spec.groups else value
        for a, value in zip(row.attributes, row.groups, strict=False)
    )  # fmt: skip


def _selection(result: AuditResult) -> list[Estimate]:
    """The selection rate of every group of the leading analysis, attribute by attribute."""
    if not result.analyses:
        return []
    return [row for row in result.main.estimates if row.measure == "selection_rate" and row.attributes]


def _share(value: float | None, language: str) -> str:
    return "–" if value is None else format_percent(value, 1, language)


def _groups(result: AuditResult, language: str) -> Content:
    rows = [row for row in _selection(result) if len(row.attributes) == 1]
    if not rows:
        return None
    head = [say("Attribute"), say("Group"), say("People"), say("Selected"), say("Interval")]
    table = [[part.text(language) for part in head]]
    for row in rows:
        between = (
            "–" if row.lower is None or row.upper is None
            else say("{lower} to {upper}", lower=_share(row.lower, language),
                     upper=_share(row.upper, language)).text(language)
        )  # fmt: skip
        people = "–" if row.n is None else format_number(row.n, 0, language)
        lacking = mark("withheld") if row.status == "suppressed" else mark("withheld, or not computed")
        shown = translate(lacking, language) if row.value is None else _share(row.value, language)
        table.append(
            [
                attribute_name(result, row.attributes, language),
                group_name(result, row, language),
                people,
                shown,
                between,
            ]
        )
    return table


def _risks(result: AuditResult, language: str) -> Content:
    """What figures contradict, and the burden of those wrongly selected, in the words of the checklist."""
    if result.rights is None:
        return None
    found = []
    for item in result.rights.items:
        said = item.statement
        if said is None or not said.figures:
            continue
        if said.status == "contradicts" or (item.key == "PUR-07" and said.status == "informs"):
            found.append(f"{item.key}{translate(':', language)} {said.sentence[language]}")
    return tuple(found) or None


def _untested(result: AuditResult, language: str) -> Content:
    rights = result.rights
    if rights is None:
        return None
    unseen = [ground.name[language] for ground in rights.grounds if not ground.attributes]
    return " · ".join(unseen) or None


def _performance(result: AuditResult, language: str) -> Content:
    """The measures of everyone together, each with its interval."""
    from auditkit.measures import MEASURES

    if not result.analyses:
        return None
    lines = []
    for row in result.main.estimates:
        known = MEASURES.get(row.measure)
        if row.attributes or known is None or row.value is None or row.lower is None or row.upper is None:
            continue
        if not (known.is_part_of_whole or known.unit() == "auc") or row.measure == "selection_rate":
            continue
        lines.append(
            say("{measure}: {value} ({lower} to {upper})", measure=translate(known.name, language),
                value=_share(row.value, language), lower=_share(row.lower, language),
                upper=_share(row.upper, language)).text(language)
        )  # fmt: skip
    return tuple(lines) or None


def _known(result: AuditResult, language: str) -> Content:
    lines = []
    for known in result.spec.known_figures:
        unit = known.unit.text(language) if known.unit is not None else ""
        decimals = next((d for d in range(5) if round(known.value, d) == known.value), 4)
        percent = unit in ("percent", "%")
        value = format_number(known.value, decimals, language)
        value = format_percent(known.value / 100, decimals, language) if percent else f"{value} {unit}".strip()
        given = [
            known.denominator and say("out of: {whole}", whole=known.denominator.text(language)),
            known.year is not None and say("year: {year}", year=str(known.year)),
            known.source and say("source: {source}", source=known.source.text(language)),
        ]
        about = listed((part.text(language) for part in given if part), language)
        lines.append(f"{known.what.text(language)}{translate(':', language)} {value}{about and f' ({about})'}")
    return tuple(lines) or None


def _missing(result: AuditResult, language: str) -> Content:
    """What the audit lacks; the rules of the score, which the letter asks for by itself, only where nothing else is."""
    lacking = () if result.rights is None else result.rights.missing
    others = tuple(text for text in lacking if text["en"] != RULES.text("en"))
    return tuple(text[language] for text in others or lacking) or None


def _overrides(result: AuditResult, language: str) -> Content:
    found = facts_of(result.spec).get("override_rate", ())
    if not found or found[0].number is None:
        return None
    fact = found[0]
    return say(
        "{share}, as declared by {said_by}",
        share=_share(fact.number, language),
        said_by=fact.said_by.text(language),
    ).text(language)


def _unknown(result: AuditResult, language: str) -> Content:
    if not result.analyses:
        return None
    parts = [
        f"{attribute_name(result, (name,), language)}{translate(':', language)} {format_number(number, 0, language)}"
        for name, number in sorted(result.main.rows.not_stated.items())
    ]
    return ", ".join(parts) or None  # a table of counts does not say whom it leaves out


def _people(result: AuditResult, language: str) -> Content:
    used = result.main.rows.used if result.analyses else None
    return None if used is None else format_number(used, 0, language)


def _source(result: AuditResult, language: str) -> Content:
    names = [source.name for source in result.sources] + list(result.spec.system.sources)
    return listed(names, language) or None


def _explanation(result: AuditResult, language: str) -> Content:
    if not result.analyses:
        return None
    rows = result.main.rows
    if rows.read is None or rows.used is None:
        return None
    words = say("{read} rows read, {used} used, in the period {period}.", read=round(rows.read), used=round(rows.used),
                period=result.spec.system.period or "–").text(language)  # fmt: skip
    if result.spec.system.harm == "punitive":
        words += " " + say("“Selected” is adverse here: a high rate is unfavourable.").text(language)
    return words


def impact_rows(result: AuditResult, language: str) -> list[tuple[str, str, Estimate, float | None, str]]:
    """Attribute, category, its row, its impact ratio, and a note, for every category and crossing.

    Impact ratio: the selection rate over that of the category with the highest rate. A category with less than 2 % of
    those assessed is left out of the ratios, as 6 RCNY 5-301 allows, and its rate still shown; so is whoever has no
    stated category, and what disclosure withholds.
    """
    found = []
    for _, group in groupby(_selection(result), key=lambda row: row.attributes):
        rows = list(group)
        total = sum(row.n or 0 for row in rows if NOT_STATED not in row.groups)
        whole = {id(row) for row in rows if row.value is not None and NOT_STATED not in row.groups
                 and (row.n or 0) >= _SMALL_SHARE * total}  # fmt: skip
        highest = max((row.value or 0.0 for row in rows if id(row) in whole), default=0.0)
        hidden = any(row.value is None for row in rows)
        for row in rows:
            note = ""
            ratio = None
            if row.value is None:
                note = say("withheld, or not computed").text(language)
            elif id(row) not in whole:
                note = say(
                    "left out of the ratios: fewer than two in a hundred of those assessed, or no stated category"
                ).text(language)
            elif highest == 0:
                note = say("nobody was selected").text(language)
            else:
                ratio = row.value / highest
                note = say("the highest rate among those shown").text(language) if hidden and ratio == 1 else ""
            name = attribute_name(result, row.attributes, language)
            found.append((name, group_name(result, row, language), row, ratio, note))
    return found


def _impact(result: AuditResult, language: str) -> Content:
    rows = impact_rows(result, language)
    if not rows:
        return None
    head = [say("Attribute"), say("Category"), say("Assessed"), say("Selected"), say("Selection rate"),
            say("Impact ratio"), say("Note")]  # fmt: skip
    table = [[part.text(language) for part in head]]
    for name, category, row, ratio, note in rows:
        counts = ["–" if x is None else format_number(x, 0, language) for x in (row.n, row.numerator)]
        shown = "–" if ratio is None else format_number(ratio, 2, language)
        table.append([name, category, *counts, _share(row.value, language), shown, note])
    return table


def _as_of(result: AuditResult, language: str) -> Content:
    return None if result.spec.as_of is None else format_date(result.spec.as_of, language)


def _state(result: AuditResult, language: str) -> Content:
    word = _STATUS.get(result.spec.system.status)
    return None if word is None else translate(word, language)


COMPUTED: Mapping[str, Callable[[AuditResult, str], Content]] = {
    "status": _state,
    "phase": _state,
    "override_share": _overrides,
    "missing_data": _missing,
    "known_figures": _known,
    "groups": _groups,
    "untested_grounds": _untested,
    "risks": _risks,
    "audit_date": _as_of,
    "data_source": _source,
    "data_explanation": _explanation,
    "unknown_number": _unknown,
    "people_number": _people,
    "impact_ratios": _impact,
    "performance": _performance,
    "register_language": lambda result, language: language,
    "register_schema": lambda result, language: "1.0.10",
}
"""From a field to the function that works it out of a result, in a language; None where nothing is known."""
