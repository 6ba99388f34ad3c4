"""The line over the title: who runs the system, when, on what, and the day of the audit."""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.report.number_words import Name, named
from auditkit.report.system_panel import shown_country
from auditkit.result import AuditResult
from auditkit.text import Message, format_date, mark, say, translate

__all__ = ["Masthead", "masthead"]

_STATUS = {
    "planned": mark("planned system, figures of a test"),
    "retired": mark("system withdrawn from use"),
    "in_use": mark("system in use"),
}


@dataclass(frozen=True)
class Masthead:
    """The parts of the kicker, and the title."""

    parts: tuple[Message | Name, ...]
    title: Name


def masthead(result: AuditResult, language: str) -> Masthead:
    """What stands over the answer."""
    spec = result.spec
    system = spec.system
    parts: list[Message | Name] = []
    if system.operator is not None:
        parts.append(named(system.operator.text(language), 120))
    elif system.country:
        parts.append(shown_country(system.country, language))
    if system.period:
        if result.analyses:
            parts.append(say("decisions of {period}", period=named(system.period)))
        else:
            parts.append(say("documents of {period}", period=named(system.period)))
    if system.status in _STATUS:
        parts.append(Name(translate(_STATUS[system.status], language)))
    if result.analyses and result.main.spec.from_counts:
        parts.append(say("published counts"))
    if spec.data_as_of is not None:
        parts.append(say("data of {day}", day=format_date(spec.data_as_of, language)))
    if spec.as_of is not None:
        day = format_date(spec.as_of, language)
        if spec.auditor is not None:
            parts.append(say("audited {day} by {name}", day=day, name=named(spec.auditor.name.text(language), 120)))
        else:
            parts.append(say("audited {day}", day=day))
    elif spec.auditor is not None:
        parts.append(say("audited by {name}", name=named(spec.auditor.name.text(language), 120)))
    return Masthead(tuple(parts), named(spec.title.text(language), 200))
