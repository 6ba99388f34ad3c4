"""The checklist of a run as plain records, ready for results.json and for the report: nothing is left to work out.

It is made last, from what disclosure has let through, so that no item can say what the report withholds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PureWindowsPath

from auditkit.result import (
    AuditResult,
    Estimate,
    Gap,
    RightsAnswer,
    RightsDomain,
    RightsDuty,
    RightsFigure,
    RightsGround,
    RightsItem,
    RightsResult,
    RightsStatement,
)
from auditkit.rights.answers import Answer, changed_documents, read_answers
from auditkit.rights.chosen_items import disagreement, framework_of
from auditkit.rights.declared_facts import FACTS, FactRule
from auditkit.rights.due_dates import Timing, duties, timing_of
from auditkit.rights.evidence import Figure, Look, Statement
from auditkit.rights.evidence.evidence import of_opposite
from auditkit.rights.evidence.row_account_evidence import coverage
from auditkit.rights.item_status import Checked, check_items
from auditkit.rights.library import Library, load_library
from auditkit.rights.next_steps import missing_data, next_steps
from auditkit.rights.published_shares import published_shares
from auditkit.spec import AuditSpec
from auditkit.spec.spec_words import own_words
from auditkit.text import Message

__all__ = ["add_rights", "answers_path", "rights_of"]


def answers_path(spec: AuditSpec, folder: Path) -> Path:
    """Where the answers of an audit stand: `rights.answers`, else answers.yaml beside audit.yaml."""
    return folder / (spec.rights.answers or "answers.yaml")


def add_rights(result: AuditResult, folder: Path) -> AuditResult:
    """The result with its checklist; `folder` is where audit.yaml stands, and answers.yaml beside it.

    Raises SpecError for a framework, a fact or an answer that is wrong.
    """
    library = load_library()
    answers = read_answers(answers_path(result.spec, folder), library)
    found = rights_of(result, answers, library)
    notes = changed_documents(answers, folder)
    return replace(result, rights=replace(found, notes=(*found.notes, *notes)))


def rights_of(result: AuditResult, answers: Mapping[str, Answer], library: Library) -> RightsResult:
    """The checklist of a result: items with status, evidence and answer; duties with their dates; what is missing."""
    spec = result.spec
    framework = framework_of(library, spec.rights.framework)
    checked = check_items(result, answers, library)
    domains = {one.chosen.domain for one in checked}
    warning = disagreement(library, spec.rights.framework, spec.system.country)
    table = coverage(Look.at(result, library))
    return RightsResult(
        framework=spec.rights.framework,
        title=own_words(framework.title),
        domains=tuple(RightsDomain(d.domain, own_words(d.title)) for d in library.domains if d.domain in domains),
        items=tuple(_item(one) for one in checked),
        duties=_duties(checked, spec, library),
        grounds=tuple(RightsGround(key, own_words(library.grounds[key].name), names) for key, names in table.items()),
        published=published_shares(spec),
        missing=tuple(one for one in missing_data(result, library, [key for key, names in table.items() if names])),
        steps=next_steps(result, checked, framework.jurisdictions, _assessed_from(library)),
        notes=() if warning is None else (warning,),
    )


def _assessed_from(library: Library) -> date | None:
    """The day from which a fundamental rights impact assessment is a duty, as the laws have it."""
    found = library.provisions.get("ai-act-27-1-5")
    return None if found is None else found.in_force


def _item(checked: Checked) -> RightsItem:
    chosen, item = checked.chosen, checked.chosen.item
    return RightsItem(
        key=chosen.key,
        domain=chosen.domain,
        level=chosen.level,
        who=item.who,
        question=own_words(item.question),
        right=own_words(item.right),
        why=own_words(item.why),
        satisfied_by=own_words(item.satisfied_by),
        basis=chosen.basis,
        status=checked.status,
        because=checked.because,
        is_due=checked.is_due,
        when=checked.timing.sentence,
        statement=None if checked.statement is None else _statement(checked.statement),
        answer=None if checked.answer is None else _answer(checked.answer),
        core=chosen.core,
        letter=item.letter,
    )


def _statement(statement: Statement) -> RightsStatement:
    figures = tuple(_figure(figure) for figure in statement.figures)
    return RightsStatement(statement.hook, statement.status, statement.sentence, figures)


def _figure(figure: Figure) -> RightsFigure:
    record = figure.record
    attributes: tuple[str, ...] = (figure.attribute,) if figure.attribute else ()
    groups: tuple[str, ...] = (figure.group,) if figure.group else ()
    reference: tuple[str, ...] = (figure.reference,) if figure.reference else ()
    if isinstance(record, (Gap, Estimate)):
        attributes, groups = record.attributes, record.groups
    if isinstance(record, Gap):
        reference = record.reference
    rule = FACTS.get(figure.measure) if figure.kind == "declared" else None
    return RightsFigure(
        analysis=figure.analysis,
        attributes=attributes,
        groups=groups,
        reference=reference,
        measure=figure.measure,
        kind=figure.kind,
        value=figure.value,
        lower=figure.lower,
        upper=figure.upper,
        n=figure.n,
        threshold=figure.threshold,
        verdict=figure.verdict,
        meaning=_meaning(figure, rule),
        side="complement" if isinstance(figure.record, Gap) and of_opposite(figure.record) else "event",
    )


def _meaning(figure: Figure, rule: FactRule | None) -> Message | None:
    if figure.meaning is not None:
        return figure.meaning
    return None if rule is None else Message(rule.meaning)


def _answer(answer: Answer) -> RightsAnswer:
    documents = []
    for document in answer.documents:
        given = document.model_dump(exclude_none=True)
        documents.append({key: _name(value) if key == "file" else str(value) for key, value in given.items()})
    return RightsAnswer(answer.value, answer.role, answer.when.isoformat(), answer.because, tuple(documents))


def _name(file: str) -> str:
    """A document's path; outside the audit's folder, its name only."""
    path = PureWindowsPath(file)
    outside = path.is_absolute() or file.startswith(("/", "\\", "~")) or ".." in path.parts
    return path.name if outside else file


def _duties(checked: tuple[Checked, ...], spec: AuditSpec, library: Library) -> tuple[RightsDuty, ...]:
    """Every provision behind the items, binding ones first and soonest first."""
    chosen = tuple(one.chosen for one in checked)
    found = [_duty(one.provision, one.timing, one.items, True, library) for one in duties(library, chosen, spec)]
    known = {one.key for one in found}
    behind: dict[str, list[str]] = {}
    for one in chosen:
        for name in one.basis:
            if name not in known:
                behind.setdefault(name, []).append(one.key)
    for name, items in sorted(behind.items()):
        provision = library.provisions[name]
        timing = timing_of(provision.in_force, None, spec.as_of) if not provision.pending else Timing("pending")
        found.append(_duty(name, timing, tuple(items), False, library))
    return tuple(replace(one, items=tuple(sorted(one.items))) for one in found)


def _duty(name: str, timing: Timing, items: tuple[str, ...], binding: bool, library: Library) -> RightsDuty:
    provision = library.provisions[name]
    return RightsDuty(
        key=name,
        citation=own_words(provision.citation),
        demands=own_words(provision.demands),
        binding=binding,
        state=timing.state,
        day=None if timing.day is None else timing.day.isoformat(),
        if_in_use=None if timing.if_in_use is None else timing.if_in_use.isoformat(),
        when=timing.sentence,
        confidence=provision.confidence,
        to_be_checked=provision.to_be_checked,
        source=provision.source,
        items=items,
    )
