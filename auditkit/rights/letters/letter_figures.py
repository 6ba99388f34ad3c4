"""What letters take from the figures of an audit: groups, risks, rates, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditkit.protect.released import NOT_STATED
from auditkit.result import JOINER, AuditResult, Estimate, Gap
from auditkit.rights.declared_facts import facts_of
from auditkit.rights.next_steps import RULES
from auditkit.rights.rights_words import listed
from auditkit.text import format_date, format_number, format_percent, mark, say, translate

__all__ = ["COMPUTED", "ORIGIN_GROUNDS", "Content", "attribute_name", "established", "group_name", "selection", "share"]

Content = str | tuple[str, ...] | list[list[str]] | None

_STATUS = {
    "planned": mark("planned, not yet in use"),
    "in_use": mark("in use"),
    "retired": mark("retired"),
}
ORIGIN_GROUNDS = frozenset(("origin", "race", "ethnicity"))
"""Grounds of which the directive on racial equality speaks; nationality is outside it (its article 3(2))."""


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


def selection(result: AuditResult) -> list[Estimate]:
    """The selection rate of every group of the leading analysis, attribute by attribute."""
    if not result.analyses:
        return []
    return [row for row in result.main.estimates if row.measure == "selection_rate" and row.attributes]


def share(value: float | None, language: str) -> str:
    return "–" if value is None else format_percent(value, 1, language)


def _groups(result: AuditResult, language: str) -> Content:
    rows = [row for row in selection(result) if len(row.attributes) == 1]
    if not rows:
        return None
    head = [say("Attribute"), say("Group"), say("People"), say("Selected"), say("Interval")]
    table = [[part.text(language) for part in head]]
    for row in rows:
        between = (
            "–" if row.lower is None or row.upper is None
            else say("{lower} to {upper}", lower=share(row.lower, language),
                     upper=share(row.upper, language)).text(language)
        )  # fmt: skip
        people = "–" if row.n is None else format_number(row.n, 0, language)
        lacking = mark("withheld") if row.status == "suppressed" else mark("withheld, or not computed")
        shown = translate(lacking, language) if row.value is None else share(row.value, language)
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
            found.append(f"{item.key}{translate(':', language)} {said.sentence.text(language)}")
    return tuple(found) or None


def _untested(result: AuditResult, language: str) -> Content:
    rights = result.rights
    if rights is None:
        return None
    unseen = [ground.name.text(language) for ground in rights.grounds if not ground.attributes]
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
                value=share(row.value, language), lower=share(row.lower, language),
                upper=share(row.upper, language)).text(language)
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
    others = tuple(text for text in lacking if text.text("en") != RULES.text("en"))
    return tuple(text.text(language) for text in others or lacking) or None


def _overrides(result: AuditResult, language: str) -> Content:
    found = facts_of(result.spec).get("override_rate", ())
    if not found or found[0].number is None:
        return None
    fact = found[0]
    return say(
        "{share}, as declared by {said_by}",
        share=share(fact.number, language),
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
    read, used, period = round(rows.read), round(rows.used), result.spec.system.period
    words = (
        say("{read} rows read, {used} used, in the period {period}.", read=read, used=used, period=period)
        if period
        else say("{read} rows read, {used} used.", read=read, used=used)
    ).text(language)
    if result.spec.system.harm == "punitive":
        words += " " + say("“Selected” is adverse here: a high rate is unfavourable.").text(language)
    return words


def established(result: AuditResult) -> list[Gap]:
    """The gaps that may be put to a judge: established, of one attribute, in selection or in its wrongs.

    Where strata are declared, only a gap that is established among like cases too, and then as it stands there.
    """
    if not result.analyses:
        return []
    wrongs = {"punitive": ("false_positive_rate",), "assistive": ("false_negative_rate",)}
    told = ("selection_rate", *wrongs.get(result.spec.system.harm, ("false_positive_rate", "false_negative_rate")))
    firm = [
        gap for gap in result.main.gaps if gap.verdict == "established" and not gap.crossed and gap.value is not None
    ]
    like = {
        (gap.attributes, gap.groups, gap.reference): gap
        for gap in firm
        if gap.measure.partition(":")[0] == "mantel_haenszel_ratio"
    }
    found = [gap for gap in firm if gap.kind == "ratio" and gap.measure in told]
    if not result.spec.strata:
        return found
    keys = [(gap.attributes, gap.groups, gap.reference) for gap in found if gap.measure == "selection_rate"]
    return [like[key] for key in keys if key in like]


def _level(confidence: float, language: str) -> str:
    """A confidence as a percentage with no more decimals than it has: 95 %, 97.5 %."""
    return format_percent(
        confidence, next(d for d in range(8) if round(confidence * 100, d) == round(confidence * 100, 8)), language
    )


def _established(result: AuditResult, language: str) -> Content:
    """Each established gap with its rates, ratio, interval, numbers and reference."""
    from auditkit.measures import MEASURES

    gaps = established(result)
    if not gaps:
        return None
    level = say("Interval ({level})", level=_level(result.spec.confidence, language))
    head = [say("Group"), say("Reference"), say("Measure"), say("Rate of the group"), say("Rate of the reference"),
            say("Ratio"), level, say("People (group, reference)")]  # fmt: skip
    table = [[part.text(language) for part in head]]
    for gap in gaps:
        measure = MEASURES[gap.measure.partition(":")[0]].name
        rest = gap.reference_rule == "rest"
        other = (
            say("everyone else").text(language)
            if rest
            else _groups_in_words(result, gap.attributes, gap.reference, language)
        )
        numbers = [
            "–" if value is None else format_number(value, 2, language) for value in (gap.value, gap.lower, gap.upper)
        ]
        people = ["–" if n is None else format_number(n, 0, language) for n in (gap.n, gap.n_reference)]
        table.append([
            f"{attribute_name(result, gap.attributes, language)}{translate(':', language)} "
            f"{_groups_in_words(result, gap.attributes, gap.groups, language)}",
            other, translate(measure, language), _rate(result, gap, gap.groups, language),
            _rate(result, gap, gap.reference, language), numbers[0],
            say("{lower} to {upper}", lower=numbers[1], upper=numbers[2]).text(language), ", ".join(people),
        ])  # fmt: skip
    return table


def _groups_in_words(result: AuditResult, attributes: tuple[str, ...], groups: tuple[str, ...], language: str) -> str:
    spec = result.spec
    names = (
        spec.groups[a].group_name(g, language) if a in spec.groups else g
        for a, g in zip(attributes, groups, strict=False)
    )
    return JOINER.join(names)


def _rate(result: AuditResult, gap: Gap, groups: tuple[str, ...], language: str) -> str:
    measure = "selection_rate" if ":" in gap.measure else gap.measure
    rows = (row for row in result.main.estimates if row.measure == measure and row.attributes == gap.attributes)
    return share(next((row.value for row in rows if row.groups == groups), None), language)


def _like_cases(result: AuditResult, language: str) -> Content:
    if not result.spec.strata or not established(result):
        return None
    names = listed(result.spec.strata, language)
    return say("These gaps stand among like cases, which share: {names}.", names=names).text(language)


def _alternatives(result: AuditResult, language: str) -> Content:
    """Variables without which the score tells as much and a gap is smaller, as the explained model shows."""
    explained = None if not result.analyses else result.main.attribution
    found = [] if explained is None else [
        one for one in explained.ablations
        if one.gap is not None and one.gap_without is not None and abs(one.gap_without) < abs(one.gap)
    ]  # fmt: skip
    return tuple(
        say(
            "Without “{variable}”, the gap of {group} goes from {gap} to {without}, and the score tells cases apart "
            "by {auc} in place of {whole} (AUC).",
            variable=one.variable, group=_groups_in_words(result, one.attributes, one.groups, language),
            gap=share(one.gap, language), without=share(one.gap_without, language),
            auc=format_number(one.auc_without or 0, 3, language), whole=format_number(one.auc or 0, 3, language),
        ).text(language)
        for one in found
    ) or None  # fmt: skip


def _untested_reasons(result: AuditResult, language: str) -> Content:
    """Grounds that were not looked at, as a table with a reason to give for each."""
    rights = result.rights
    unseen = (
        [] if rights is None else [ground.name.text(language) for ground in rights.grounds if not ground.attributes]
    )
    if not unseen:
        return None
    reason = say("no column of the data of this audit").text(language)
    return [[say("Ground").text(language), say("Reason").text(language)], *([name, reason] for name in unseen)]


def _published_at(result: AuditResult, language: str) -> Content:
    return listed((one.text(language) for one in result.spec.published), language) or None


def _illegality(result: AuditResult, language: str) -> Content:
    """What the figures contradict, then the duties to which the answer is no; no name that is ours."""
    items = () if result.rights is None else result.rights.items
    said = [i.statement for i in items if i.statement is not None and i.statement.figures]
    shown = [one.sentence.text(language) for one in said if one.status == "contradicts"]
    denied = [i for i in items if i.level == "must" and i.is_due and i.answer is not None and i.answer.value == "no"]
    for item in denied:
        because = item.answer.because if item.answer is not None else None
        question = item.question.text(language)
        shown.append(
            say("To the question “{question}”, the answer is no: {because}", question=question, because=because)
            .text(language) if because
            else say("To the question “{question}”, the answer is no.", question=question).text(language)
        )  # fmt: skip
    return tuple(shown) or None


def _questions(result: AuditResult, language: str) -> Content:
    """Five questions from the open items, those asked first before the others."""
    rights = result.rights
    if rights is None:
        return None
    items = sorted(rights.items, key=lambda item: item.core if item.core is not None else 99)
    open_items = [item for item in items if item.status in ("contradicted", "unanswered") and item.level == "must"]
    return (
        tuple(f"{place}. {item.question.text(language)}" for place, item in enumerate(open_items[:5], start=1)) or None
    )


def _data_bias(result: AuditResult, language: str) -> Content:
    items = () if result.rights is None else result.rights.items
    said = [i for i in items if i.key in ("DAT-05", "DAT-06", "EQU-02") and i.statement is not None]
    said = [
        i for i in said if i.statement and "rights.facts" not in i.statement.sentence.text()
    ]  # a note for the author
    return (
        tuple(f"{i.key}{translate(':', language)} {i.statement.sentence.text(language)}" for i in said if i.statement)
        or None
    )


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
    "established_gaps": _established,
    "like_cases": _like_cases,
    "alternatives_tried": _alternatives,
    "untested_reasons": _untested_reasons,
    "published_at": _published_at,
    "illegality": _illegality,
    "questions": _questions,
    "data_origin": _source,
    "data_bias": _data_bias,
    "data_gaps": lambda result, language: _missing(result, language),
    "validation": _performance,
    "performance": _performance,
    "register_language": lambda result, language: language,
    "register_schema": lambda result, language: "1.0.10",
}
"""From a field to the function that works it out of a result, in a language; None where nothing is known."""
