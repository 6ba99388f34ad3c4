"""Every sentence a user reads is in every language, with the same blanks, and the compiled catalogues are fresh."""

from __future__ import annotations

import gettext
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import auditkit
import auditkit.spec.data
import auditkit.spec.model
from auditkit import locale, spec

PACKAGE = Path(auditkit.__file__).parent
TEMPLATES = PACKAGE.parent / "report_templates"
CATALOGUES = sorted(PACKAGE.glob("locale/*/LC_MESSAGES/*.po"))
LANGUAGES = sorted({path.parts[-3] for path in CATALOGUES})

ERRORS = ("AuditkitError", "InputError", "SpecError", "DataError", "TargetError", "NotHeld")
KEYWORDS = {
    **dict.fromkeys(("say", "translate", "mark", "_", *ERRORS), (1,)),
    **dict.fromkeys(("say_plural", "translate_plural", "ngettext"), (1, 2)),
}


def extracted() -> Iterator[tuple[str, str, int]]:
    """Each English sentence of the code and of the templates, with its file and line."""
    for folder, method in ((PACKAGE, [("**.py", "python")]), (TEMPLATES, [("**.html", "jinja2")])):
        found = extract_from_dir(str(folder), method, {}, keywords=KEYWORDS)  # type: ignore[arg-type]
        for file, line, message, _comments, _context in found:
            for sentence in (message,) if isinstance(message, str) else message[:1]:
                if sentence:
                    yield sentence, str(file), line


@cache
def translations(language: str) -> dict[str, Message]:
    """Each English sentence that the catalogues of a language hold."""
    return {
        (entry.id if isinstance(entry.id, str) else entry.id[0]): entry
        for path in CATALOGUES
        if path.parts[-3] == language
        for entry in catalogue(path)
        if entry.id and not entry.fuzzy
    }


@cache
def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def test_french_is_there() -> None:
    assert "fr" in locale.LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    known = translations(language)
    missing = {
        sentence: f"{file}:{line}"
        for sentence, file, line in extracted()
        if sentence not in known or not known[sentence].string or not any(known[sentence].string)
    }
    shown = "\n".join(f"{place}  {sentence}" for sentence, place in sorted(missing.items(), key=lambda e: e[1]))
    assert not missing, f"{len(missing)} sentences without {language}:\n{shown}"


def blanks(text: str) -> set[str]:
    """The names of the blanks of a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "/".join(path.parts[-3::2]))
def test_translations_have_the_same_blanks(path: Path) -> None:
    for entry in catalogue(path):
        if not entry.id:
            continue
        ids = [entry.id] if isinstance(entry.id, str) else list(entry.id)
        strings = [entry.string] if isinstance(entry.string, str) else list(entry.string)
        wanted = set().union(*(blanks(sentence) for sentence in ids))
        for text in strings:
            assert blanks(text) <= wanted, f"{ids[0]!r}: {text!r}"
            if len(ids) == 1:
                assert blanks(text) == wanted, f"{ids[0]!r}: {text!r}"
        assert len(strings) == len(ids), ids[0]


YAML_KEYS = {
    field.alias or name
    for module in (spec.data, spec.model)
    for part in vars(module).values()
    if isinstance(part, type) and issubclass(part, spec.data.Part)
    for name, field in part.model_fields.items()
}


def spaced_badly(text: str) -> bool:
    """Whether a French sentence lacks the narrow no-break space before ; : ! ? % or inside « »."""
    outside = re.sub(r"https?://\S+|\{[^{}]*\}|--?[a-z]\S*|<[^>]*>|&\w+;", "x", text)
    outside = re.sub(rf"\b({'|'.join(YAML_KEYS)}): ", "x ", outside)
    return re.search(r"[\w)»] ?[;!?%]|[\w)»] :|[a-zà-ÿ)»]:(\s|$)|« | »|«\w|\w»", outside) is not None


@pytest.mark.parametrize("path", [p for p in CATALOGUES if p.parts[-3] == "fr"], ids=lambda path: path.stem)
def test_french_spaces(path: Path) -> None:
    wrong = [
        text
        for entry in catalogue(path)
        if entry.id
        for text in ([entry.string] if isinstance(entry.string, str) else entry.string)
        if spaced_badly(text)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "/".join(path.parts[-3::2]))
def test_compiled_catalogues_are_fresh(path: Path, tmp_path: Path) -> None:
    with (tmp_path / "fresh.mo").open("wb") as file:
        write_mo(file, catalogue(path))
    compiled = path.with_suffix(".mo")
    assert compiled.is_file(), "type: make catalogues"
    assert entries(compiled) == entries(tmp_path / "fresh.mo"), "type: make catalogues"


def entries(path: Path) -> dict[object, str]:
    with path.open("rb") as file:
        found = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]
    found.pop("", None)
    return found


@pytest.mark.parametrize(("count", "english", "french"), [(0, "0 rows", "0 ligne"), (1, "1 row", "1 ligne")])
def test_french_counts_nothing_in_the_singular(count: int, english: str, french: str) -> None:
    assert locale.say_plural("{count} row", "{count} rows", count).text("en") == english
    # the rule of the catalogues, whatever sentences they hold
    rule = catalogue(CATALOGUES[0]).plural_expr
    assert rule.strip("() ") == "n > 1"
