"""The checklist as the report shows it: statuses by domain, the figures behind them, duties and dates, what to do.

Everything comes from `result.rights`; a figure that has a place on the page is linked to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from auditkit.report.code_words import VERDICT_WORDS
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import Name, count, figure, named, position, ratio, span
from auditkit.result import AuditResult, PublishedShares, RightsDuty, RightsFigure, RightsItem, RightsResult
from auditkit.text import Message, mark, say, say_plural, translate

__all__ = ["RightsPanel", "anchors_of", "rights_panel", "share_sentences"]

STATUS_WORDS = {
    "contradicted": mark("contradicted"),
    "unanswered": mark("unanswered"),
    "satisfied": mark("satisfied"),
    "not_applicable": mark("not applicable"),
}
EVIDENCE_WORDS = {
    "supports": mark("The audit supports this:"),
    "contradicts": mark("The figures contradict this:"),
    "informs": mark("The figures inform this:"),
    "cannot_tell": mark("Nothing can be told:"),
}
LEVEL_WORDS = {"must": mark("duty"), "should": mark("good practice")}
WHO_WORDS = {
    "agency": mark("whoever runs the system"),
    "provider": mark("whoever built it"),
    "auditor": mark("the auditor"),
    "oversight": mark("the oversight body"),
}
ANSWER_WORDS = {
    "yes": mark("yes"),
    "no": mark("no"),
    "not_applicable": mark("not applicable"),
    "unknown": mark("not known"),
}
_FIGURES = 10


@dataclass(frozen=True)
class FigureLine:
    """One figure behind an item; `link` is its place on the page, "" where it has none."""

    what: Name | str
    value: str
    detail: str
    link: str


@dataclass(frozen=True)
class BasisLine:
    """A provision behind an item; `checked` is empty, or says that it is to be checked."""

    citation: str
    demands: str
    checked: str
    when: str


@dataclass(frozen=True)
class ItemLine:
    """One question, its status and what stands behind it."""

    key: str
    anchor: str
    status: str
    word: str
    level: str
    question: str
    because: str
    evidence: str
    statement: str
    figures: tuple[FigureLine, ...]
    answer: Message | None
    documents: tuple[str, ...]
    why: str
    satisfied_by: str
    who: str
    right: str
    when: str
    basis: tuple[BasisLine, ...]


@dataclass(frozen=True)
class DomainBlock:
    """One domain; the open duties stand first."""

    key: str
    title: str
    counts: str
    items: tuple[ItemLine, ...]


@dataclass(frozen=True)
class DutyGroup:
    """Provisions that share a state: they apply, or will from a day on."""

    title: str
    lines: tuple[BasisLine, ...]


@dataclass(frozen=True)
class RightsPanel:
    """The whole panel."""

    title: str
    overview: Message
    first: tuple[ItemLine, ...]
    domains: tuple[DomainBlock, ...]
    now: tuple[DutyGroup, ...]
    later: tuple[DutyGroup, ...]
    affected: Name | str
    seen: tuple[str, ...]
    unseen: tuple[str, ...]
    missing: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def rights_panel(result: AuditResult, names: Names, places: Collection[str]) -> RightsPanel | None:
    """The panel of an audit's checklist; `places` are the anchors that the page has."""
    rights = result.rights
    if rights is None:
        return None
    language = names.language
    duties = {duty.key: duty for duty in rights.duties}
    lines = {item.key: _item(item, duties, names, places) for item in rights.items}
    first = [item for item in rights.items if item.is_due and item.status == "contradicted"]
    blocks = []
    for domain in rights.domains:
        mine = [item for item in rights.items if item.domain == domain.key]
        title = domain.title.text(language)
        blocks.append(DomainBlock(domain.key, title, _counts(mine, language), tuple(lines[i.key] for i in mine)))
    affected = result.spec.system.affected
    return RightsPanel(
        title=rights.title.text(language),
        overview=_overview(rights),
        first=tuple(lines[item.key] for item in first),
        domains=tuple(blocks),
        now=tuple(_groups(rights.duties, ("applies", "depends", "undated"), language)),
        later=tuple(_groups(rights.duties, ("later", "pending"), language)),
        affected=named(affected.text(language), 300) if affected is not None else "",
        seen=tuple(ground.name.text(language) for ground in rights.grounds if ground.attributes),
        unseen=tuple(ground.name.text(language) for ground in rights.grounds if not ground.attributes),
        missing=tuple(text.text(language) for text in rights.missing),
        steps=tuple((step.text.text(language), step.command or "") for step in rights.steps),
        notes=tuple(_clean(text, language) for text in rights.notes),
    )


def anchors_of(value: Any) -> Iterator[str]:
    """Every anchor of a prepared part of the page."""
    if isinstance(value, tuple):
        for entry in value:
            yield from anchors_of(entry)
    elif is_dataclass(value):
        if isinstance(found := getattr(value, "anchor", None), str):
            yield found
        for field in fields(value):
            if not isinstance(entry := getattr(value, field.name), str):
                yield from anchors_of(entry)


def share_sentences(rights: RightsResult | None, language: str) -> tuple[Message, ...]:
    """What two published shares of a group say, the two ratios named apart."""
    return () if rights is None else tuple(_shares(found, language) for found in rights.published)


def _shares(found: PublishedShares, language: str) -> Message:
    def written(value: float | None) -> str:
        return "–" if value is None else ratio(value, language)

    return say(
        "{group}: {selected} ({selected_of}) against {population} ({population_of}). Their share is {ratio} times as "
        "large (representation ratio); their rate of selection is {rate} times that of everyone else (rate ratio). "
        "Published shares carry no interval.",
        group=named(found.group.text(language)[:1].upper() + found.group.text(language)[1:], 120),
        selected=figure("selection_rate", found.selected, language),
        selected_of=named(found.selected_of.text(language), 160),
        population=figure("selection_rate", found.population, language),
        population_of=named(found.population_of.text(language), 160),
        ratio=written(found.representation_ratio),
        rate=written(found.rate_ratio),
    )


def _clean(texts: Message, language: str) -> str:
    """A sentence that may hold names a person gave, with hiding marks spelled out."""
    return str(named(texts.text(language), 2_000))


def _overview(rights: RightsResult) -> Message:
    due = [item for item in rights.items if item.is_due]
    return say(
        "{items}: {contradicted} contradicted, {unanswered} unanswered, {satisfied} satisfied, {apart} not applicable. "
        "These are not added up: one open duty is not made good by ten that are met.",
        items=say_plural("{count} duty that applies or may apply", "{count} duties that apply or may apply", len(due)),
        contradicted=sum(item.status == "contradicted" for item in due),
        unanswered=sum(item.status == "unanswered" for item in due),
        satisfied=sum(item.status == "satisfied" for item in due),
        apart=sum(item.status == "not_applicable" for item in due),
    )


def _counts(items: list[RightsItem], language: str) -> str:
    parts = []
    duties = [item for item in items if item.level == "must"]
    for status, word in STATUS_WORDS.items():
        if found := sum(item.status == status for item in duties):
            parts.append(say("{verdict}: {number}", verdict=translate(word, language), number=found).text(language))
    if others := len(items) - len(duties):
        parts.append(say_plural("{count} good practice", "{count} good practices", others).text(language))
    return ", ".join(parts)


def _item(item: RightsItem, duties: dict[str, RightsDuty], names: Names, places: Collection[str]) -> ItemLine:
    language = names.language
    said = item.statement
    basis = tuple(_basis(duties[key], language) for key in item.basis)
    answer = item.answer
    return ItemLine(
        key=item.key,
        anchor=anchor("item", item.key),
        status=item.status,
        word=translate(STATUS_WORDS[item.status], language),
        level=translate(LEVEL_WORDS[item.level], language),
        question=item.question.text(language),
        because=item.because.text(language),
        evidence="" if said is None else translate(EVIDENCE_WORDS[said.status], language),
        statement="" if said is None else _clean(said.sentence, language),
        figures=() if said is None else tuple(_figure(one, names, places) for one in said.figures[:_FIGURES]),
        answer=None if answer is None else say(
            "Answered {value} by {role} on {day}. {because}",
            value=translate(ANSWER_WORDS[answer.value], language),
            role=named(answer.role, 120),
            day=answer.when,
            because=named(answer.because or "", 600),
        ),
        documents=() if answer is None else tuple(_document(one) for one in answer.documents),
        why=item.why.text(language),
        satisfied_by=item.satisfied_by.text(language),
        who=translate(WHO_WORDS[item.who], language),
        right=item.right.text(language),
        when=item.when.text(language) if item.level == "must" else "",
        basis=basis,
    )  # fmt: skip


def _document(document: dict[str, str]) -> str:
    place = document.get("link") or document.get("file", "")
    proof = f" (SHA-256 {document['sha256'][:16]}…)" if "sha256" in document else ""
    return str(named(place, 200)) + proof


def _basis(duty: RightsDuty, language: str) -> BasisLine:
    return BasisLine(
        citation=duty.citation.text(language),
        demands=duty.demands.text(language),
        checked=translate("to be checked", language) if duty.to_be_checked else "",
        when=duty.when.text(language) if duty.binding else translate(_NO_DUTY, language),
    )


_NOW = mark("Applies on the day of this audit")
_NO_DUTY = mark("Not a duty by itself.")


def _groups(duties: tuple[RightsDuty, ...], states: tuple[str, ...], language: str) -> Iterator[DutyGroup]:
    """Binding provisions by state and by day; what applies already stands in one group."""
    found: dict[str, list[RightsDuty]] = {}
    for duty in duties:
        if duty.binding and duty.state in states:
            found.setdefault("" if duty.state == "applies" else duty.when.text("en"), []).append(duty)
    for key, group in sorted(found.items(), key=lambda pair: (pair[1][0].day is None, pair[1][0].day or "", pair[0])):
        title = group[0].when.text(language) if key else translate(_NOW, language)
        lines = tuple(_basis(duty, language) for duty in group)
        yield DutyGroup(title, lines if not key else tuple(replace(line, when="") for line in lines))


def _figure(one: RightsFigure, names: Names, places: Collection[str]) -> FigureLine:
    language = names.language
    place = ""
    if one.kind == "estimate":
        place = anchor(one.analysis, *one.attributes, *one.groups, one.measure)
    elif one.kind != "declared":
        kind = "largest" if one.kind == "largest_difference" else "gap"
        place = anchor(kind, one.analysis, *one.attributes, *one.groups, *one.reference, one.measure)
    value, interval = _value(one, language)
    parts = [translate(_OPPOSITE, language)] if one.side == "complement" else []
    parts += [interval] if interval else []
    if one.n is not None:
        parts.append(say("n = {number}", number=count(one.n, language)).text(language))
    if one.threshold is not None:
        parts.append(say("limit {number}", number=position(one.threshold, language)).text(language))
    if one.verdict in VERDICT_WORDS:
        parts.append(translate(VERDICT_WORDS[one.verdict], language))
    return FigureLine(_what(one, names), value, ", ".join(parts), place if place in places else "")


def _what(one: RightsFigure, names: Names) -> Name | str:
    language = names.language
    if one.meaning is not None:
        return named(": ".join([*one.groups, one.meaning.text(language)]), 200)
    measure = translate(_NOT_STATED, language) if one.measure == "not_stated" else names.measure(one.measure)
    if not one.attributes:
        return measure
    if not one.groups:
        return named(f"{names.attribute(one.attributes)}, {measure}", 200)
    group = names.group(one.attributes, one.groups)
    if not one.reference:
        return named(f"{names.attribute(one.attributes)} · {group}, {measure}", 200)
    rule = one.reference[0] if len(one.reference) == 1 else ""
    reference = names.reference_group(one.attributes, one.reference, rule)
    compared = say("{group} against {reference}", group=group, reference=reference).text(language)
    return named(f"{names.attribute(one.attributes)} · {compared}, {measure}", 240)


_NOT_STATED = mark("share without a value")
_OPPOSITE = mark("ratio of the opposite, which is rarer")


def _value(one: RightsFigure, language: str) -> tuple[str, str]:
    def write(value: float) -> str:
        if one.kind == "estimate":
            return figure("selection_rate" if one.measure == "not_stated" else one.measure, value, language)
        return ratio(value, language) if one.kind == "ratio" else position(value, language)

    return "–" if one.value is None else write(one.value), span(one.lower, one.upper, write, language)
