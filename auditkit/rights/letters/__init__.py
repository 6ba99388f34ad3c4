"""Letters and forms, filled from an audit: the ones that ask for what is missing, and the ones that authorities expect.

Templates stand in report_templates/letters, one a kind and language. A letter rests on law that was read, or is
refused; what its sender must know stands on a sheet of its own, which is not sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from auditkit.errors import InputError, cut
from auditkit.result import AuditResult
from auditkit.rights.chosen_items import framework_of
from auditkit.rights.due_dates import timing_of_provision
from auditkit.rights.letters.case_file import Decided
from auditkit.rights.letters.cite_law import Citing
from auditkit.rights.letters.letter_fields import Filled, fill
from auditkit.rights.letters.letter_figures import ORIGIN_GROUNDS, established
from auditkit.rights.letters.letter_kinds import LetterKind, kind_named
from auditkit.rights.letters.letter_paper import docx_file, html_page, plain_text
from auditkit.rights.letters.local_law_144 import impact_csv, impact_fields
from auditkit.rights.letters.paths import body_for, cover_deadlines
from auditkit.rights.library import Library
from auditkit.rights.rights_words import is_blank, listed, words
from auditkit.spec.file_lines import shipped
from auditkit.text import say

__all__ = ["Written", "write_letter"]


@dataclass(frozen=True)
class Written:
    """A letter as text and as HTML; `missing` names its blanks; `cover` is the sheet that its sender keeps.

    `others` are further files by suffix; `facts` are the personal facts, for the letter that follows.
    """

    source: str
    title: str
    language: str
    missing: tuple[str, ...]
    cover: str = ""
    notes: tuple[str, ...] = ()
    others: dict[str, bytes] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """The letter as plain text."""
        return plain_text(self.source)

    @cached_property
    def html(self) -> str:
        """The letter as one HTML file, with the facts typed for it in its head."""
        return html_page(self.source, self.title, self.language, self.facts)

    def docx(self) -> bytes:
        """The letter as a word processor's file; DataError without python-docx."""
        return docx_file(self.source, self.title, self.language)


def write_letter(
    name: str,
    result: AuditResult,
    library: Library,
    language: str,
    typed: Mapping[str, str],
    case: Decided | None = None,
    force: bool = False,
    whole: AuditResult | None = None,
    scored: AuditResult | None = None,
) -> Written:
    """The letter `name` of an audit in `language`; `typed` holds the personal facts, which are stored nowhere.

    For ll144: `whole` is the audit with nothing withheld, for the highest rate alone; `scored` the one whose
    decision is a score above the median.

    Raises InputError for a letter that does not exist, that rests on law cited from memory, on no established gap, or
    (without `force`) on the law of another country; SpecError where `rights.letters` is wrong.
    """
    kind = kind_named(name)
    template = "form" if kind.form else name
    asked, language = language, _written_in(template, language)
    if not force:
        _refuse_elsewhere(kind, result, library)
    _refuse_unread(kind, kind.basis, library, language)
    _refuse_without_gaps(kind, result)
    given = {} if case is None else dict(case.fields)
    given |= impact_fields(result, language, whole, scored) if name == "ll144" else {}
    filled = fill(kind, result, language, typed, given)
    citing = Citing(library, language)
    shared = {
        "title": kind.title.text(language), "kind": kind, "f": filled, "law": citing.law, "language": language,
        "country": (result.spec.system.country or "").upper(), **_words_of_law(result, library, language),
        **_situation(kind, result, library, filled, typed.get("prior_kind", ""), typed.get("benefit", "")),
    }  # fmt: skip
    source = _typographic(_render(template, language, shared), language)
    _refuse_unread(kind, citing.cited, library, language)
    if language != "fr" and kind.countries == ["FR"] and not kind.form:
        source = say("Translation for your information; send the French text.").text(language) + "\n\n" + source
    only = () if asked == language else (say("This letter is there in {language} only.", language=language),)
    notes = (*only, *(() if case is None else case.notes))
    cover = _render("cover", language, shared | _cover(kind, result, typed, language, filled.missing))
    return Written(
        source=source,
        title=kind.title.text(language),
        language=language,
        missing=tuple(filled.missing),
        cover=cover,
        notes=tuple(note.text(asked) for note in notes),
        others={".csv": impact_csv(result, filled.values, language, whole)} if name == "ll144" else {},
        facts={key: value for key, value in typed.items() if not is_blank(value)},
    )


def _refuser(prior: str, filled: Filled) -> str:
    """The field of the body that an earlier letter went to: who decided, where named, else who runs the system."""
    decided = prior in ("explanation", "recours", "human-review", "motifs") and filled.has("decision_body")
    return "decision_body" if decided else "operator"


def _situation(
    kind: LetterKind, result: AuditResult, library: Library, filled: Filled, prior: str, benefit: str
) -> dict[str, object]:
    """What a template says only in some situations: the earlier letter, the benefit, the gaps that are established."""
    operator, gaps, body = result.spec.system.operator, established(result), body_for(benefit)
    contested = body is not None and prior == "recours"
    return {
        "family": bool(re.search(r"famil|CNAF|\bCAF\b", operator.text("fr"))) if operator is not None else False,
        "origin": any(_ground(result, library, gap.attributes[0]) in ORIGIN_GROUNDS for gap in gaps),
        "benefits": result.spec.rights.framework.startswith("public-benefits"),
        "established": bool(gaps),
        "personal_data": prior in ("access", "rectify-object"),
        "who": _refuser(prior, filled),
        "prior": "recours" if prior == "human-review" else prior,
        "body": body,
        "court": body.court.text(filled.language) if body is not None and contested else "",
        "judicial": body is not None and contested and body.judicial,
        "by_mail": any(filled.has(key) and "@" in filled.text(key) for key in _CONTACTS),
        "enclosed": _enclosed(kind, filled.language, bool(gaps)),
    }


_CONTACTS = ("access_contact", "privacy_contact")


def _enclosed(kind: LetterKind, language: str, gaps: bool) -> list[str]:
    """What goes with the letter; the report where an appeal pleads its gaps."""
    pieces = [piece.text(language) for piece in kind.enclose]
    return [*pieces, say("The report of the audit").text(language)] if gaps and kind.key == "recours" else pieces


def _typographic(source: str, language: str) -> str:
    """A letter in French has no straight apostrophe, whoever typed its parts."""
    return re.sub(r"(?<=[^\W\d_])'(?=[^\W\d_])", "’", source) if language == "fr" else source


def _written_in(template: str, language: str) -> str:
    """The language in which a letter is there: the reader's, else English, else French."""
    folder = shipped("report_templates") / "letters"
    return next(one for one in (language, "en", "fr") if (folder / f"{template}.{one}.txt").is_file())


def _render(template: str, language: str, values: Mapping[str, object]) -> str:
    """A template filled; the text is plain, and every value in it harmless."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(  # plain text: values are made harmless in letter_fields, and escaped in letter_paper
        loader=FileSystemLoader(str(shipped("report_templates") / "letters")),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{template}.{language}.txt").render(values)


def _words_of_law(result: AuditResult, library: Library, language: str) -> dict[str, object]:
    """What a template may say of a provision: its citation, what it demands, from when it applies."""

    def when(key: str) -> str:
        timing = timing_of_provision(library.provisions[key], result.spec)
        return "" if timing.day is None and timing.state != "pending" else timing.sentence.text(language)

    return {
        "cite": lambda key: library.provisions[key].citation.text(language),
        "demands": lambda key: library.provisions[key].demands.text(language),
        "when": when,
    }


def _ground(result: AuditResult, library: Library, attribute: str) -> str | None:
    group = result.spec.groups.get(attribute)
    return None if group is None or group.ground is None else library.ground_of(group.ground)


def _cover(
    kind: LetterKind, result: AuditResult, typed: Mapping[str, str], language: str, missing: list[str]
) -> dict[str, object]:
    """What the sheet for the sender says beside the letter."""
    to = {
        "prada": say("the person responsible for access to administrative documents (PRADA)"),
        "dpo": say("the data protection officer"),
        "decision_body": say("the body that took the decision, which may not be the one that runs the system"),
        "operator": say("the body that runs the system"),
        "requester": say("the person who asked"),
    }
    personal = kind.addressee == "prada" and typed.get("prior_kind") in ("access", "rectify-object")
    sent = kind.to.text(language) if kind.to is not None else to["dpo" if personal else kind.addressee].text(language)
    return {
        "addressee": sent,
        "deadlines": [line.text(language) for line in cover_deadlines(kind, result.spec, typed)],
        "personal": "sender_name" in kind.names,
        "european": kind.framework is not None,
        "missing": missing,
    }


def _refuse_unread(kind: LetterKind, keys: list[str], library: Library, language: str) -> None:
    """A letter never rests on what is not verified."""
    unread = [library.provisions[key] for key in dict.fromkeys(keys) if library.provisions[key].to_be_checked]
    if unread:
        raise InputError(
            "{kind} is not written: it would rest on law cited from memory, to be read first: {names}.",
            kind=kind.key,
            names=listed((one.citation.text(language) for one in unread), language),
        )


def _refuse_without_gaps(kind: LetterKind, result: AuditResult) -> None:
    """Only what is established is put to a judge."""
    if "established_gaps" in kind.names and kind.key != "collective" and not established(result):
        raise InputError(
            "{kind} rests on established gaps, and this audit has none; a gap that is only present may not be put to a "
            "judge.",
            kind=kind.key,
        )


def _refuse_elsewhere(kind: LetterKind, result: AuditResult, library: Library) -> None:
    """Another country's law is no basis; nor is a rule on hiring for a system that punishes."""
    country, law = result.spec.system.country, kind.law
    countries = kind.countries if kind.framework is None else framework_of(library, kind.framework).countries
    if law is not None and country is not None and country.upper() not in countries:
        raise InputError(
            "{kind} rests on {law}, and the audit says that the system is used in {country}; --force writes it all the "
            "same.",
            kind=kind.key,
            law=words(law),
            country=cut(country),
        )
    if kind.key == "ll144" and result.spec.system.harm == "punitive":
        raise InputError(
            "ll144 is a form for hiring tools, and here being selected is unfavourable (system.harm: punitive); "
            "--force writes it all the same."
        )
