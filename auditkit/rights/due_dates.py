"""Which duties apply on the day of the audit, and which later: read from the data, never from the clock.

Systems that a public authority already used may have a later date of their own; both dates are said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from auditkit.rights.chosen_items import Chosen
from auditkit.rights.library import Library
from auditkit.rights.library_records import Provision
from auditkit.rights.rights_words import day as written
from auditkit.spec import AuditSpec
from auditkit.text import Message, say

__all__ = ["Duty", "Timing", "duties", "item_timing", "timing_of", "timing_of_provision"]

State = Literal["applies", "later", "depends", "pending", "undated"]
Status = Literal["planned", "in_use", "retired", "unknown"]


@dataclass(frozen=True)
class Timing:
    """Whether something applies at a date. `day` is when; `if_in_use` the day for systems already in public use.

    `depends`: it applies unless a public authority already used the system before `day`. `undated`: the audit gives
    no `as_of`. `pending`: not in force when last looked at. `unsettled`: the date is disputed.
    """

    state: State
    day: date | None = None
    if_in_use: date | None = None
    unsettled: bool = False

    @property
    def sentence(self) -> Message:
        """The same in words."""
        if self.state == "pending":
            return say("Not in force when it was last looked at; to be checked.")
        if self.day is None:
            return say("Applies.")
        values = {"day": written(self.day), "later": written(self.if_in_use or self.day)}
        if self.unsettled:
            return say("Date unsettled: {day} on the letter of the text.", **values)
        if self.if_in_use is not None and self.state != "applies":
            return say(
                "From {day} for a new or significantly changed system; from {later} for one that a public authority "
                "already used before.",
                **values,
            )
        return say("Applies since {day}.", **values) if self.state == "applies" else say("From {day}.", **values)


@dataclass(frozen=True)
class Duty:
    """A provision behind items of a framework, with when it applies."""

    provision: str
    timing: Timing
    items: tuple[str, ...]


def timing_of(day: date | None, if_in_use: date | None, as_of: date | None, status: Status = "unknown") -> Timing:
    """When something that starts on `day` applies, seen from `as_of`.

    >>> timing_of(date(2027, 12, 2), date(2030, 8, 2), date(2028, 1, 1), "planned").state
    'applies'
    >>> timing_of(date(2027, 12, 2), date(2030, 8, 2), date(2028, 1, 1), "in_use").state
    'depends'
    """
    other = None if status == "planned" else if_in_use
    if day is None:
        return Timing("applies")
    if as_of is None:
        return Timing("undated", day, other)
    if as_of < day:
        return Timing("later", day, other)
    if other is not None and as_of < other:
        return Timing("depends", day, other)
    return Timing("applies", day, other)


def item_timing(chosen: Chosen, spec: AuditSpec) -> Timing:
    """When an item's duty applies to the system of an audit."""
    return timing_of(chosen.applies_from, chosen.applies_from_if_in_use, spec.as_of, spec.system.status)


def timing_of_provision(provision: Provision, spec: AuditSpec) -> Timing:
    """When a provision applies to the system of an audit."""
    if provision.pending:
        return Timing("pending")
    timing = timing_of(provision.in_force, provision.in_force_if_in_use, spec.as_of, spec.system.status)
    return replace(timing, unsettled=True) if provision.unsettled else timing


def duties(library: Library, chosen: tuple[Chosen, ...], spec: AuditSpec) -> tuple[Duty, ...]:
    """Every binding provision behind the chosen items, soonest first, those without a recorded date before all."""
    behind: dict[str, list[str]] = {}
    for one in chosen:
        for name in one.basis:
            behind.setdefault(name, []).append(one.key)
    found = []
    for name, items in behind.items():
        provision = library.provisions[name]
        instrument = library.instruments[provision.instrument]
        if not (instrument.binding if provision.binding is None else provision.binding):
            continue
        found.append(Duty(name, timing_of_provision(provision, spec), tuple(items)))
    return tuple(sorted(found, key=lambda duty: (duty.timing.day or date.min, duty.provision)))
