"""Letters and forms, filled from an audit: the ones that ask for what is missing, and the ones that authorities expect.

Templates stand in report_templates/letters, one a kind and language; every provision that they name is printed with
"to be checked" where it was cited from memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditkit.errors import cut
from auditkit.result import AuditResult
from auditkit.rights.chosen_items import framework_of
from auditkit.rights.due_dates import timing_of_provision
from auditkit.rights.letters.case_file import Decided
from auditkit.rights.letters.letter_fields import Filled, fill
from auditkit.rights.letters.letter_kinds import LetterKind, kind_named
from auditkit.rights.letters.letter_paper import html_page, plain_text
from auditkit.rights.letters.local_law_144 import impact_csv
from auditkit.rights.library import Library
from auditkit.rights.rights_words import listed
from auditkit.spec.file_lines import shipped
from auditkit.text import say, translate

__all__ = ["Written", "write_letter"]


@dataclass(frozen=True)
class Written:
    """A letter as text and as HTML; `missing` names its blanks; `others` are further files by suffix."""

    text: str
    html: str
    missing: tuple[str, ...]
    notes: tuple[str, ...] = ()
    others: dict[str, bytes] = field(default_factory=dict)


def write_letter(
    name: str,
    result: AuditResult,
    library: Library,
    language: str,
    typed: Mapping[str, str],
    case: Decided | None = None,
) -> Written:
    """The letter `name` of an audit in `language`; `typed` holds the personal facts, which are stored nowhere.

    Raises InputError for a letter that does not exist, SpecError where `rights.letters` is wrong.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    kind = kind_named(name)
    filled = fill(kind, result, language, typed, {} if case is None else case.fields)
    environment = Environment(  # plain text: every value is made harmless in fields.py, and escaped in paper.py
        loader=FileSystemLoader(str(shipped("report_templates") / "letters")),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    cited: list[str] = []

    def law(key: str) -> str:
        provision = library.provisions[key]
        cited.append(key)
        text = provision.citation.text(language)
        return f"{text} ({translate('to be checked', language)})" if provision.to_be_checked else text

    def demands(key: str) -> str:
        return library.provisions[key].demands.text(language)

    def when(key: str) -> str:
        timing = timing_of_provision(library.provisions[key], result.spec)
        return "" if timing.day is None and timing.state != "pending" else timing.sentence.text(language)

    title = kind.title.text(language)
    source = environment.get_template(f"{kind.template}.{language}.txt").render(
        title=title, kind=kind, f=filled, law=law, demands=demands, when=when, language=language,
        country=(result.spec.system.country or "").upper(),
    )  # fmt: skip
    others = {".csv": impact_csv(result, filled, language)} if name == "ll144" else {}
    return Written(
        plain_text(source),
        html_page(source, title, language),
        tuple(filled.missing),
        _notes(kind, result, library, cited, filled, language),
        others,
    )


def _notes(
    kind: LetterKind, result: AuditResult, library: Library, cited: list[str], filled: Filled, language: str
) -> tuple[str, ...]:
    """What to know before sending: another country's law, provisions cited from memory."""
    notes = []
    country = result.spec.system.country
    framework = None if kind.framework is None else framework_of(library, kind.framework)
    countries = kind.countries if framework is None else framework.countries
    if kind.law is not None and country is not None and country.upper() not in countries:
        notes.append(
            say(
                "This letter rests on {law}; the audit says that the system is used in {country}.",
                law=kind.law.text(language),
                country=cut(country),
            )
        )
    memory = list(dict.fromkeys(key for key in cited if library.provisions[key].to_be_checked))
    if memory:
        names = listed((library.provisions[key].citation.text(language) for key in memory), language)
        notes.append(say("Cited from memory, to be checked before sending: {names}.", names=names))
    return tuple(note.text(language) for note in notes)
