"""The values that fill a letter: what was typed, what audit.yaml and answers.yaml say, what the figures show.

Nothing is invented: a field without a value becomes a marked blank, and its name goes on the list of what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from auditkit.errors import SpecError, cut, nearest
from auditkit.result import AuditResult
from auditkit.rights.letters.letter_figures import COMPUTED, Content
from auditkit.rights.letters.letter_kinds import LetterKind, letter_fields
from auditkit.rights.letters.letter_paper import blank, cell, said
from auditkit.rights.rights_words import is_blank, listed
from auditkit.spec import AuditSpec, Words
from auditkit.text import Message, say, translate

__all__ = ["Filled", "declared_letters", "fill"]

_FEMININE = frozenset(
    "Caisse Ville Mairie Commune Métropole Région Direction Préfecture Collectivité CAF CNAF CNAM CPAM MSA".split()
)
_MASCULINE = frozenset("Département Conseil Centre Ministère Service Rectorat Groupement CCAS".split())
_ELIDED = frozenset("Agence Assurance Office Établissement Institut État Urssaf URSSAF Unédic".split())


def declared_letters(spec: AuditSpec) -> dict[str, Words]:
    """What `rights.letters` says, by field.

    Raises SpecError for a name that is no field, and for a personal fact: those are typed when a letter is printed.
    """
    fields = letter_fields()
    for name in spec.rights.letters:
        if name not in fields:
            raise SpecError(
                'rights.letters: there is no field "{name}"; the nearest: {known}.',
                name=cut(name),
                known=nearest(name, fields),
            )
        if fields[name].source in ("person", "dated", "case"):
            raise SpecError(
                "rights.letters: {name} is a personal fact; it is asked when the letter is printed, and never stored.",
                name=name,
            )
    return dict(spec.rights.letters)


@dataclass
class Filled:
    """The fields of one letter, as its template reads them; `missing` grows as blanks are met."""

    language: str
    kind: LetterKind
    values: Mapping[str, Content]
    missing: list[str] = field(default_factory=list)

    def label(self, key: str) -> str:
        """What a field is called."""
        return letter_fields()[key].label.text(self.language)

    def asks(self, key: str) -> bool:
        """Whether this letter carries a field."""
        return key in self.kind.names

    def text(self, key: str) -> str:
        """A field on one line, or its blank."""
        value = self.values.get(key)
        if isinstance(value, str) and not is_blank(value):
            return said(value)
        if isinstance(value, tuple) and value:
            return listed((said(line) for line in value), self.language)
        return self._blank(key)

    def quoted(self, key: str) -> str:
        """A name between the quote marks of the language."""
        marks = translate("“{name}”", self.language).partition("{name}")[::2]
        return marks[0] + self.text(key).strip("«»“” \u202f\u00a0") + marks[1] if self.has(key) else self.text(key)

    def the(self, key: str, preposition: str = "") -> str:
        """A body inside a French sentence, with its article (la Caisse, du Département), else after "organisme"."""
        if not self.has(key):
            return f"{preposition} {self.text(key)}".strip()
        name = self.text(key)
        first = name.split(" ")[0].strip("«»\u202f")
        if found := re.match(r"(?i)(la |les? |l[’'])", name):
            article, name = found[1].lower(), name[found.end() :]
        else:
            nouns = ((_FEMININE, "la "), (_MASCULINE, "le "), (_ELIDED, "l’"))
            article = next((word for names, word in nouns if first in names), "l’organisme ")
        if preposition == "de":
            return {"le ": "du ", "les ": "des "}.get(article, f"de {article}") + name
        return f"{preposition} {article}".lstrip() + name

    def lines(self, key: str) -> str:
        """A field as a list or a table where it is one, else on one line."""
        value = self.values.get(key)
        if isinstance(value, tuple) and value:
            return "\n".join(f"- {said(line)}" for line in value)
        if isinstance(value, list) and value:
            return "\n".join("| " + " | ".join(cell(part) for part in row) + " |" for row in value)
        return self.text(key)

    def show(self, key: str) -> str:
        """A field with its name before it; nothing where it is optional and empty."""
        if letter_fields()[key].optional and not self.has(key):
            return ""
        label = (
            re.sub(r"\s\([^()]*\)$", "", self.label(key)) if self.has(key) else self.label(key)
        )  # a hint is for blanks
        lead = f"**{label}**{translate(':', self.language)}"
        value = self.values.get(key)
        if value and not isinstance(value, str):
            return f"{lead}\n\n{self.lines(key)}"
        return f"{lead} {self.text(key)}"

    def has(self, key: str) -> bool:
        """Whether a field has a value."""
        value = self.values.get(key)
        return bool(value) and not (isinstance(value, str) and is_blank(value))

    def _blank(self, key: str) -> str:
        label = self.label(key)
        if label not in self.missing:
            self.missing.append(label)
        return blank(say("to fill in: {what}", what=label).text(self.language))


def fill(
    kind: LetterKind,
    result: AuditResult,
    language: str,
    typed: Mapping[str, str],
    case: Mapping[str, Content],
) -> Filled:
    """Every field of a letter, with its value where there is one."""
    declared = declared_letters(result.spec)
    names = (*kind.names, "known_figures", "decision_body", "decision_body_address")
    return Filled(language, kind, {key: _value(key, result, declared, language, typed, case) for key in names})


def _value(
    key: str,
    result: AuditResult,
    declared: Mapping[str, Words],
    language: str,
    typed: Mapping[str, str],
    case: Mapping[str, Content],
) -> Content:
    """Typed, else computed (a declared text never stands in for a figure), declared, of the card, or answered."""
    source = letter_fields()[key]
    if source.source in ("person", "dated"):
        return typed.get(key) or None
    if source.source == "case" or key in case:
        return case.get(key)
    if key in COMPUTED and (found := COMPUTED[key](result, language)):
        return found
    if key in declared:
        return declared[key].text(language)
    if source.source == "system":
        value = getattr(result.spec.system, source.key or key)
        return None if value is None else value.text(language) if isinstance(value, Words) else str(value)
    return _answered(source.items, result, language)


def _answered(items: list[str], result: AuditResult, language: str) -> str | None:
    """What somebody answered to a question of the checklist that asks the same, with who says so."""
    for item in result.rights.items if result.rights is not None else ():
        if item.key in items and item.answer is not None and item.answer.because:
            if item.answer.value not in ("yes", "no"):
                continue
            words: Message = say("{text} ({role}, {day})", text=item.answer.because, role=item.answer.role,
                                 day=item.answer.when)  # fmt: skip
            return words.text(language)
    return None
