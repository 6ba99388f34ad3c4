"""Every sentence a user reads is in every language, with the same blanks, and the compiled catalogues are fresh."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import auditkit
import auditkit.spec.audit_spec
import auditkit.spec.data_spec
from auditkit import spec, text

PACKAGE = Path(auditkit.__file__).parent
TEMPLATES = PACKAGE.parent / "report_templates"
CATALOGUES = sorted(PACKAGE.glob("text/*/LC_MESSAGES/*.po"))
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
    assert "fr" in text.LANGUAGES


@pytest.mark.parametrize("language", ["fr"])  # the languages that are kept whole; others may be partial
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
        for sentence in strings:
            assert blanks(sentence) <= wanted, f"{ids[0]!r}: {sentence!r}"
            if len(ids) == 1:
                assert blanks(sentence) == wanted, f"{ids[0]!r}: {sentence!r}"
        assert len(strings) == len(ids), ids[0]


YAML_KEYS = {
    field.alias or name
    for module in (spec.data_spec, spec.audit_spec)
    for part in vars(module).values()
    if isinstance(part, type) and issubclass(part, spec.data_spec.Part)
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


def test_a_catalogue_newer_than_its_compiled_form_is_read_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setattr(text, "_FOLDER", tmp_path)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (folder / "report.po").write_text(head + 'msgid "people"\nmsgstr "mensen"\n', encoding="utf-8")
    text._catalogue.cache_clear()
    text.translate.cache_clear()
    assert text.translate("people", "nl") == "mensen"
    assert text.translate("a sentence that nobody translated", "nl") == "a sentence that nobody translated"
    text._catalogue.cache_clear()


@pytest.mark.parametrize(("count", "english", "french"), [(0, "0 rows", "0 ligne"), (1, "1 row", "1 ligne")])
def test_french_counts_nothing_in_the_singular(count: int, english: str, french: str) -> None:
    assert text.say_plural("{count} row", "{count} rows", count).text("en") == english
    # the rule of the catalogues, whatever sentences they hold
    rule = catalogue(CATALOGUES[0]).plural_expr
    assert rule.strip("() ") == "n > 1"
