"""Which duties apply on the day of the audit, and which later: read from the data, never from the clock.

An item is due as soon as one binding provision behind it is, so that more law never makes a duty later; what comes
later is named. Systems that a public authority already used may have a later date of their own; both dates are said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from auditkit.rights.chosen_items import Chosen
from auditkit.rights.library import Library
from auditkit.rights.library_records import Provision
from auditkit.rights.rights_words import Written, listed
from auditkit.rights.rights_words import day as written
from auditkit.spec import AuditSpec
from auditkit.text import Message, say

__all__ = ["Duty", "Timing", "duties", "item_timing", "timing_of", "timing_of_provision"]

State = Literal["applies", "later", "depends", "pending", "undated"]
_STATES: tuple[State, ...] = ("applies", "depends", "undated", "later", "pending")
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
    also: tuple[tuple[Provision, Timing], ...] = ()

    @property
    def rank(self) -> tuple[int, bool, date]:
        """The order in which duties come: a smaller one is due sooner, and more surely."""
        return _STATES.index(self.state), self.unsettled, self.day or date.min

    @property
    def sentence(self) -> Message:
        """The same in words, and what will apply too."""
        if not self.also:
            return self._alone
        later = Written(
            "",
            write=lambda language: listed((provision.citation.text(language) for provision, _ in self.also), language),
        )
        return say("{now} Later also: {later}.", now=self._alone, later=later)

    @property
    def _alone(self) -> Message:
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


def item_timing(library: Library, chosen: Chosen, spec: AuditSpec) -> Timing:
    """When an item's duty applies to the system of an audit: with the first of the binding provisions behind it."""
    behind = [library.provisions[name] for name in chosen.basis]
    found = [(one, timing_of_provision(one, spec)) for one in behind if library.is_binding(one)]
    if not found:
        return Timing("applies")
    first = min((timing for _, timing in found), key=lambda timing: timing.rank)
    later = tuple((one, timing) for one, timing in found if timing.state == "later") if first.state != "later" else ()
    return replace(first, also=later)


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
        if not (provision.pending or library.is_binding(provision)):
            continue
        found.append(Duty(name, timing_of_provision(provision, spec), tuple(items)))
    return tuple(sorted(found, key=lambda duty: (duty.timing.day or date.min, duty.provision)))
