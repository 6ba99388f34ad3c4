"""What groups, attributes, measures and analyses are called, and the anchor by which each figure is found.

An anchor is made of the names themselves and a checksum of them: the same in every language and on every run, and
different for any two figures even where their names come out alike.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from auditkit.measures import MEASURES
from auditkit.measures.rates import STAGE_MEASURE
from auditkit.protect.released import NOT_STATED
from auditkit.report.number_words import Name, named
from auditkit.result import JOINER, Gap
from auditkit.spec import AuditSpec
from auditkit.text import mark, say, translate

__all__ = ["Names", "anchor", "measure_anchor", "short_anchor", "slug"]

_RULES = {"rest": mark("everyone else"), "whole": mark("the whole population")}


@lru_cache(maxsize=4096)
def slug(text: str, length: int = 24) -> str:
    """A text as lower-case letters, digits and hyphens.

    >>> slug("Île-de-France <b>"), slug("  ")
    ('ile-de-france-b', 'x')
    """
    bare = unicodedata.normalize("NFKD", text[: 4 * length]).encode("ascii", "ignore").decode()
    words = "".join(c.lower() if c.isalnum() else " " for c in bare).split()
    return "-".join(words)[:length].strip("-") or "x"


def anchor(*parts: str) -> str:
    """The identifier of one figure on the page.

    >>> anchor("main", "sex", "Female", "selection_rate")
    'main-sex-female-selection-rate-c7ce3e98'
    """
    checksum = crc32("\x1f".join(parts).encode("utf-8", "backslashreplace"))
    return "-".join([*(slug(part) for part in parts), f"{checksum:08x}"])


def measure_anchor(key: str) -> str:
    """Where a measure is explained in the glossary."""
    return short_anchor("measure", key)


def short_anchor(kind: str, *parts: str) -> str:
    """The identifier of one of very many figures: the kind and a checksum of the rest."""
    checksum = crc32("\x1f".join((kind, *parts)).encode("utf-8", "backslashreplace"))
    return f"{slug(kind)}-{checksum:08x}"


_COMPOSED = {
    "equalised_odds": (
        mark("equalised odds"),
        mark("How far apart are the groups at most, in true or in false positive rates?"),
        mark("the larger of the largest differences of true positive rate and of false positive rate"),
    ),
}


@dataclass(frozen=True)
class Names:
    """The names of one audit in one language."""

    spec: AuditSpec
    language: str

    def attribute(self, attributes: tuple[str, ...]) -> Name:
        """An attribute's name; crossed attributes joined."""
        return named(JOINER.join(self._attribute(a) for a in attributes), 90)

    def group(self, attributes: tuple[str, ...], groups: tuple[str, ...]) -> Name:
        """A group's name; `not stated` for people without a value; no group is everyone together."""
        if not groups:
            return Name(translate(mark("all groups together"), self.language))
        shown = [self._group(attribute, value) for attribute, value in zip(attributes, groups, strict=False)]
        return named(JOINER.join(shown), 60 if len(shown) == 1 else 90)

    def reference(self, gap: Gap) -> Name:
        """The name of what a gap is taken against."""
        return self.reference_group(gap.attributes, gap.reference, gap.reference_rule)

    def reference_group(self, attributes: tuple[str, ...], groups: tuple[str, ...], rule: str) -> Name:
        """The name of a reference, a group or everyone else."""
        word = _RULES.get(groups[0] if groups else rule)
        if word is not None and (rule in _RULES or len(groups) != len(attributes)):
            return Name(translate(word, self.language))
        return self.group(attributes, groups)

    def measure(self, key: str) -> str:
        """A measure's name; a measure that is not known here keeps its key."""
        return self._row(key)[0] or str(named(key))

    def measure_capital(self, key: str) -> str:
        """A measure's name as it opens a sentence."""
        name = self.measure(key)
        return name[:1].upper() + name[1:]

    def question(self, key: str) -> str:
        """The question that a measure answers, or ""."""
        return self._row(key)[1]

    def formula(self, key: str) -> str:
        """A measure's formula in words, or ""."""
        return self._row(key)[2]

    def _row(self, key: str) -> tuple[str, str, str]:
        base, _, stratum = key.partition(":")
        if base in self.spec.formulas:
            return self._of_formula(base)
        row = MEASURES.get(base)
        texts = (row.name, row.question, row.formula) if row is not None else _COMPOSED.get(base, ("", "", ""))
        name, question, formula = (translate(text, self.language) for text in texts)
        if name and base == STAGE_MEASURE and stratum:
            name = say("{measure}, stage {stage}", measure=name, stage=self._stage(stratum)).text(self.language)
        elif name and stratum:
            name = say("{measure}, strata of {stratum}", measure=name, stratum=self._stratum(stratum)).text(
                self.language
            )
        return name, question, formula

    def _of_formula(self, key: str) -> tuple[str, str, str]:
        """Name, question and formula of a measure that the audit writes itself."""
        given = self.spec.formulas[key]
        label, question = (
            text.text(self.language) if text is not None else "" for text in (given.label, given.question)
        )
        return label or key, question, given.formula

    def analysis(self, key: str, spec: AuditSpec) -> Name:
        """An analysis's name."""
        if key == "main":
            return Name(translate(mark("main analysis"), self.language))
        return named(spec.name.text(self.language) if spec.name is not None else key)

    def _stage(self, number: str) -> Name:
        """The name of a stage by its number from 1."""
        stages = self.spec.stages or []
        known = number.isdigit() and 1 <= int(number) <= len(stages)
        return named(stages[int(number) - 1].name.text(self.language) if known else number)

    def _stratum(self, stratum: str) -> Name:
        known = self.spec.strata.get(stratum)
        return named(known.name.text(self.language) if known is not None and known.name is not None else stratum)

    def _attribute(self, attribute: str) -> str:
        if attribute in self.spec.groups:
            return self.spec.group_attribute_name(attribute, self.language)
        return attribute

    def _group(self, attribute: str, value: str) -> str:
        if value == NOT_STATED:
            return translate(mark("not stated"), self.language)
        known = self.spec.groups.get(attribute)
        return known.group_name(value, self.language) if known is not None else value
