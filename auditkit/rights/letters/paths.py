"""The way through a procedure: from what event, within how long, to whom, and what silence means, as data.

A month ends on the same day of the next one, or on its last day where there is none (31 January + 1 month: 28 or
29 February). Days that a code counts in full end later; whoever keeps to these dates is never late.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path as File

from pydantic import Field

from auditkit.errors import InputError, cut, nearest
from auditkit.rights.letters.letter_kinds import LetterKind, letter_kinds
from auditkit.rights.library_records import Translated
from auditkit.rights.read_data import read_data
from auditkit.rights.rights_words import day as written
from auditkit.rights.rights_words import read_day, words
from auditkit.spec import AuditSpec
from auditkit.spec.data_spec import Part
from auditkit.text import Message, say

__all__ = [
    "Path", "Step", "Timed", "add_months", "body_for", "calendar_file", "cover_deadlines", "dated_facts", "next_step",
    "path_named", "paths", "timeline",
]  # fmt: skip


class Step(Part):
    """One step: a letter to write, or an event to wait for. `after` is an event (documents.received) or another step.

    `deadline` says that it is a last day to act, `distance` that living overseas or abroad makes it later, `known`
    which real date takes the place of the computed one.
    """

    key: str
    what: Translated
    letter: str | None = None
    to: Translated | None = None
    after: str | None = None
    months: int | None = None
    deadline: bool = False
    known: str | None = None
    distance: bool = False
    optional: bool = False
    basis: list[str] = []


class Body(Part):
    """Where a decision on a benefit is contested: the appeal body, then the court; `words` are how people name it."""

    name: Translated
    words: list[str] = Field(min_length=1)
    judicial: bool = False
    body: Translated
    court: Translated
    basis: list[str]


class Path(Part):
    """One aim and its steps."""

    key: str
    title: Translated
    one_line: Translated
    countries: list[str]
    steps: list[Step] = Field(min_length=1)
    bodies: dict[str, Body] = {}


@dataclass(frozen=True)
class Timed:
    """A step with its day; `start` is the day of what it follows. None where that has not happened."""

    step: Step
    start: date | None
    day: date | None


@lru_cache(maxsize=1)
def paths() -> dict[str, Path]:
    """The paths that ship with auditkit, by aim."""
    folder = File(str(files("auditkit"))) / "rights" / "data" / "paths"
    return {file.stem: read_data(Path, file) for file in sorted(folder.glob("*.yaml"))}


def path_named(name: str) -> Path:
    """The path to an aim; InputError with the aims where there is none."""
    if name not in paths():
        raise InputError(
            'There is no path "{name}"; the aims: {known}.', name=cut(name), known=nearest(name, paths(), 9)
        )
    return paths()[name]


def body_for(benefit: str) -> Body | None:
    """Where a benefit, as a person names it, is contested; None where the words name none, or several.

    >>> body_for("le RSA").court.text("fr"), body_for("une aide")
    ('tribunal administratif', None)
    """
    said = benefit.lower()
    bodies = (body for path in paths().values() for body in path.bodies.values())
    found = [body for body in bodies if any(re.search(rf"\b{re.escape(word)}", said) for word in body.words)]
    return found[0] if len(found) == 1 else None


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month.

    >>> add_months(date(2028, 1, 31), 1).isoformat(), add_months(date(2026, 11, 30), 3).isoformat()
    ('2028-02-29', '2027-02-28')
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def events_of(spec: AuditSpec) -> dict[str, date]:
    """What `letters` of audit.yaml says happened (KIND.EVENT); a letter of no known receipt counts from its sending."""
    found = {}
    for kind, dates in spec.letters.items():
        for event, day in dates.model_dump().items():
            if isinstance(day, date):
                found[f"{kind}.{event}"] = day
        for event, before in (("received", "sent"), ("registered", "received")):
            if f"{kind}.{event}" not in found and f"{kind}.{before}" in found:
                found[f"{kind}.{event}"] = found[f"{kind}.{before}"]
    return found


def timeline(path: Path, events: Mapping[str, date], farther: int = 0) -> tuple[Timed, ...]:
    """Each step with its day; `farther` is the months that distance adds (1 overseas, 2 abroad: CJA R.421-7)."""
    days: dict[str, date | None] = dict(events)
    found = []
    for step in path.steps:
        start = None if step.after is None else days.get(step.after)
        day = None if start is None or step.months is None else add_months(start, step.months)
        if day is not None and step.distance:
            day = add_months(day, farther)
        if step.known is not None and step.known in events:
            day = events[step.known]
        days[step.key] = day
        found.append(Timed(step, start, day))
    return tuple(found)


def next_step(times: Iterable[Timed], spec: AuditSpec, today: date) -> tuple[Timed | None, bool]:
    """The next letter that is not optional and not sent, and whether it can be written today."""
    for timed in times:
        step = timed.step
        if step.letter is None or step.optional or step.letter in spec.letters:
            continue
        ready = step.after is None or (timed.start is not None and timed.start <= today)
        return timed, ready
    return None, False


def dated_facts(kind: str, spec: AuditSpec, language: str, farther: int = 0) -> dict[str, str]:
    """What the next letter says of those before it, from their dates; empty where none was sent."""
    events = events_of(spec)
    for path in paths().values():
        times = timeline(path, events, farther)
        here = next((i for i, timed in enumerate(times) if timed.step.letter == kind), None)
        sent = [t.step.letter for t in times[:here] if t.step.letter in spec.letters] if here is not None else []
        main = [one for one in sent if one not in ("reminder", "cada")] or sent
        if here is None or not main or main[0] is None:
            continue
        first = main[0]
        refusal = next((t.day for t in reversed(times[:here]) if t.step.known and t.day), None)
        found = {
            "request_sent": events.get(f"{first}.sent"), "request_received": events.get(f"{first}.received"),
            "refusal_date": refusal, "registered": events.get("cada.registered"),
            "last_date": times[here].day or next((t.day for t in times[here:] if t.step.deadline and t.day), None),
        }  # fmt: skip
        facts = {key: written(day).text(language) for key, day in found.items() if day is not None}
        return facts | {"prior_letter": letter_kinds()[first].title.text(language), "prior_kind": first}
    return {}


def cover_deadlines(kind: LetterKind, spec: AuditSpec, typed: Mapping[str, str]) -> Iterator[Message]:
    """The last day for a letter, then what comes after and when, if it is received on the day on which it is dated."""
    if "benefit" in kind.names:
        body = body_for(typed.get("benefit", ""))
        known = (body for path in paths().values() for body in path.bodies.values())
        for one in known if body is None else (body,):
            benefit, first, then = (words(text, 400) for text in (one.name, one.body, one.court))
            yield say("For {benefit}: {body}, then {court}.", benefit=benefit, body=first, court=then)
    when = read_day(typed.get("letter_date", ""))
    begun = {f"{kind.key}.{event}": when for event in ("sent", "received", "registered")} if when else {}
    if typed.get("last_date"):
        yield say("To be sent by {day} at the latest.", day=typed["last_date"])
    for path in paths().values():
        times = timeline(path, {**events_of(spec), **begun})
        here = next((i for i, timed in enumerate(times) if timed.step.letter == kind.key), None)
        if here is None:
            continue
        after = [timed for timed in times[here + 1 :] if not timed.step.optional]
        if when and after:
            yield say("Counted as if received on {day}; count anew from the real day.", day=written(when))
        yield from map(step_line, after)
        return
    if kind.deadline is not None:
        yield say(
            "{months} months later: {effect}", months=kind.deadline.months, effect=words(kind.deadline.effect, 400)
        )


def step_line(timed: Timed) -> Message:
    """A step with its day in words."""
    values = {
        "what": words(timed.step.what, 400),
        "day": written(timed.day) if timed.day else "",
        "months": timed.step.months or 0,
    }
    if timed.day is not None:
        return (
            say("{what}: by {day} at the latest", **values) if timed.step.deadline else say("{what}: {day}", **values)
        )
    if timed.step.months is None:
        return say("{what}", **values)
    return (
        say("{what}: within {months} months", **values)
        if timed.step.deadline
        else say("{what}: after {months} months", **values)
    )


def calendar_file(path: Path, times: Iterable[Timed], language: str) -> bytes:
    """The days of a path as an .ics file that any calendar reads; reminders a week before each last day."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//auditkit//paths//EN"]
    for timed in times:
        if timed.day is None:
            continue
        lines += [
            "BEGIN:VEVENT", f"UID:{path.key}-{timed.step.key}-{timed.day:%Y%m%d}@auditkit",
            f"DTSTAMP:{timed.day:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{timed.day:%Y%m%d}", f"DTEND;VALUE=DATE:{timed.day + timedelta(days=1):%Y%m%d}",
            "SUMMARY:" + timed.step.what.text(language).replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;"),
        ]  # fmt: skip
        if timed.step.deadline:
            lines += ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:auditkit", "TRIGGER:-P7D", "END:VALARM"]
        lines.append("END:VEVENT")
    return ("\r\n".join(_folded([*lines, "END:VCALENDAR"])) + "\r\n").encode()


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """Lines of at most 75 bytes, as the format asks."""
    for line in lines:
        while len(line.encode()) > 73:
            cut_at = next(n for n in range(min(len(line), 73), 0, -1) if len(line[:n].encode()) <= 73)
            yield line[:cut_at]
            line = " " + line[cut_at:]
        yield line
