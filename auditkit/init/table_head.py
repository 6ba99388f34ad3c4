"""The head of an audit.yaml to begin with: what is audited, by whom, on whom, under which checklist."""

from __future__ import annotations

import os
from pathlib import Path

from auditkit.errors import InputError, cut
from auditkit.init.key_comments import (
    AFFECTED,
    AS_OF,
    COUNTRY,
    DECISION,
    HARM,
    LANGUAGE,
    NAME,
    OPERATOR,
    PERIOD,
    RIGHTS,
    SOURCES,
    STATUS,
    SYSTEM,
    TITLE,
    TOP,
)
from auditkit.init.written_audit import Page, scalar
from auditkit.rights.chosen_items import framework_for
from auditkit.rights.library import load_library

__all__ = ["LETTER_FACTS", "country_code", "relative_name", "write_head"]

LETTER_FACTS = ("operator_address", "access_contact")
"""Facts that go to the letters, not to the system."""


def write_head(page: Page, title: str, sources: list[str] | None = None) -> None:
    """Everything above `data`: title, language, date, system and checklist."""
    page.comment(TOP)
    page.blank()
    title = page.facts.get("name") or title
    page.key("title", scalar(title), TITLE, guess=not page.facts.get("name"))
    page.key("language", page.language, LANGUAGE)
    if day := page.facts.get("as_of"):
        page.key("as_of", day, AS_OF, guess=True)
    else:
        page.open_key("as_of", "2026-01-31", AS_OF)
    page.blank()
    page.comment(SYSTEM)
    page.lines.append("system:")
    page.key("name", scalar(title), NAME, guess=not page.facts.get("name"), indent=2)
    harm = page.facts.get("harm", "")
    page.key("harm", harm or "punitive", HARM, guess=not harm, indent=2)
    page.fact("operator", "...", OPERATOR, 2)
    if page.country is None:
        page.open_key("country", "FR", COUNTRY, 2)
    else:
        page.key("country", page.country, COUNTRY, indent=2)
    page.fact("decision", "...", DECISION, 2)
    page.fact("affected", "...", AFFECTED, 2)
    page.key("status", "unknown", STATUS, indent=2)
    page.fact("period", '"2020-2023"', PERIOD, 2)
    if sources:
        page.comment(SOURCES, 2)
        page.lines += ["  sources:", *(f"    - {scalar(name)}" for name in sources)]
    else:
        page.open_key("sources", '["..."]', SOURCES, 2)
    page.blank()
    page.comment(RIGHTS)
    library = load_library()
    for name, framework in library.frameworks.items():
        page.lines.append(f"#   {name}: {framework.title.text(page.language)}")
    letters = {key: page.facts[key] for key in LETTER_FACTS if page.facts.get(key)}
    if page.country is None and not letters:
        page.lines.append("# rights: {framework: general}")
    else:
        page.lines.append("rights:")
        page.key("framework", framework_for(library, page.country), guess=True, indent=2)
        page.lines += ["  letters:"] if letters else []
        for key, value in letters.items():
            page.key(key, scalar(value), indent=4)
    page.blank()


def country_code(country: str | None) -> str | None:
    """Two letters in capitals; InputError for anything else."""
    if country is None:
        return None
    code = country.strip().upper()
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise InputError("--country: found {found}; expected two letters such as FR.", found=cut(country))
    return code


def relative_name(file: Path, folder: Path) -> str:
    """A file as audit.yaml names it: from its own folder, with slashes."""
    try:
        return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return file.resolve().as_posix()
