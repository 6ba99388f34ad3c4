"""Where the figures come from and how anyone can check them: files, versions, commands, the words used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10
from typing import Any

from auditkit.measures import MEASURES
from auditkit.report.group_names import Names, measure_anchor
from auditkit.report.number_words import Name, count, figure, named, ratio
from auditkit.result import AuditResult
from auditkit.text import Message, format_date, format_number, say

__all__ = [
    "FILES",
    "GlossaryLine",
    "KnownLine",
    "SourceLine",
    "citation",
    "glossary",
    "known_figures",
    "source_lines",
    "versions",
]

FILES = ("results.json", "estimates.csv", "gaps.csv", "manifest.json")


@dataclass(frozen=True)
class SourceLine:
    """A file that went in."""

    name: Name
    sha256: str
    size: str


@dataclass(frozen=True)
class GlossaryLine:
    """A measure that the report shows."""

    anchor: str
    key: str
    name: str
    question: str
    formula: str
    source: str


@dataclass(frozen=True)
class KnownLine:
    """A figure that others published."""

    what: Name
    value: str
    basis: Name | str
    year: str
    source: Name | str


def source_lines(result: AuditResult, language: str) -> tuple[SourceLine, ...]:
    """The files with hash and size."""
    return tuple(
        SourceLine(
            named(source.name, 120),
            source.sha256,
            say("{number} bytes", number=count(float(source.bytes), language)).text(language) if source.sha256 else "",
        )
        for source in result.sources
    )


def citation(result: AuditResult, language: str) -> Message:
    """How the report may be cited; its date is the one that the audit states."""
    title = named(result.spec.title.text(language), 200)
    program = f"auditkit {result.version}" if result.version else "auditkit"
    if result.spec.as_of is None:
        return say("{title}. Audit report, made with {program}.", title=title, program=program)
    day = format_date(result.spec.as_of, language)
    return say("{title}. Audit report of {date}, made with {program}.", title=title, date=day, program=program)


def versions(result: AuditResult, manifest: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    """Programs and their versions."""
    found = [("auditkit", result.version)] if result.version else []
    if manifest is not None:
        for key in ("python", "engine"):
            if isinstance(manifest.get(key), str):
                found.append((key, manifest[key]))
        packages = manifest.get("packages")
        if isinstance(packages, Mapping):
            found += [(str(name), str(version)) for name, version in sorted(packages.items())]
    return tuple(found)


def glossary(result: AuditResult, names: Names) -> tuple[GlossaryLine, ...]:
    """Every measure of the report: the question it answers and its formula, in the order of the table of measures."""
    used = {e.measure for a in result.analyses for e in a.estimates}
    used |= {g.measure for a in result.analyses for g in a.gaps}
    used |= {p.measure for a in result.analyses for p in a.points}
    keys = [*[key for key in MEASURES if key in used], *sorted(used - set(MEASURES))]
    return tuple(
        GlossaryLine(
            measure_anchor(key),
            key,
            names.measure(key),
            names.question(key),
            names.formula(key),
            MEASURES[key].source if key in MEASURES else "",
        )
        for key in keys
        if names.question(key) or key not in MEASURES
    )


def _decimals(value: float) -> int:
    """How many decimals a number was given with, no more than make four digits in all."""
    most = 0 if value == 0 else max(3 - floor(log10(abs(value))), 0)
    return next((d for d in range(min(most, 9)) if round(value, d) == value), min(most, 9))


def known_figures(result: AuditResult, language: str) -> tuple[KnownLine, ...]:
    """The figures that others published, as the audit states them."""
    lines = []
    for known in result.spec.known_figures:
        unit = known.unit.text(language) if known.unit is not None else ""
        if unit in ("percent", "%"):
            value = figure("selection_rate", known.value / 100, language)
        elif unit in ("ratio", "times"):
            value = say("{number} times", number=ratio(known.value, language)).text(language)
        else:
            number = format_number(known.value, _decimals(known.value), language)
            value = f"{number} {named(unit)}".strip()
        basis = known.denominator or known.numerator
        source = known.source.text(language) if known.source is not None else ""
        lines.append(
            KnownLine(
                named(known.what.text(language), 300),
                value,
                named(basis.text(language), 200) if basis is not None else "",
                str(known.year or ""),
                named(", ".join(part for part in (source, known.locator or "") if part), 300),
            )
        )
    return tuple(lines)
