"""The picture beside the answer: two groups as so many of a hundred; where there is none, what would help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, sqrt

from auditkit.report.audit_facts import AuditFacts
from auditkit.report.comparisons import Comparison, ends
from auditkit.report.frequency import Frequency, frequency_pair
from auditkit.report.number_words import Name, count, ratio
from auditkit.report.phrases import capital
from auditkit.text import Message, say

__all__ = ["Aside", "Picture", "Run", "Square", "Waffle", "aside_of", "people_for", "picture_of"]

_STEP, _SIDE = 17, 14


@dataclass(frozen=True)
class Square:
    """One of a hundred people: full, hatched (within the interval) or empty."""

    x: int
    y: int
    kind: str


@dataclass(frozen=True)
class Run:
    """A row, or a part of one, of many small squares of a kind."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True)
class Waffle:
    """One group: its number, its name, and either squares (a hundred) or runs (a thousand and more)."""

    label: Name | Message
    number: str
    fits: Message | Name
    alt: Message
    squares: tuple[Square, ...]
    runs: tuple[Run, ...]
    lines: int


@dataclass(frozen=True)
class Picture:
    """Two groups side by side."""

    title: Message
    waffles: tuple[Waffle, Waffle]
    note: Message
    measure: str


@dataclass(frozen=True)
class Aside:
    """What stands in the picture's place: a heading and a list."""

    title: Message
    lines: tuple[Message | Name, ...]
    numbered: bool = False


def picture_of(facts: AuditFacts, leading: tuple[Comparison, ...], turned: bool = False) -> Picture | None:
    """The picture of the leading comparison: of the wrong where that was measured, else of the selection."""
    if not leading:
        return None
    for measure in _harms(facts, leading[0]):
        mine, other = facts.rates_of(leading[0], measure)
        (value, *interval), (reference, *around) = ends(mine), ends(other)
        if value is None or reference is None:
            continue
        pair = frequency_pair((value, interval[0], interval[1]), (reference, around[0], around[1]))
        if pair is None:
            continue
        names = facts.labels_of(leading[0])
        sizes = [None if rate is None else rate.denominator for rate in (mine, other)]
        sides = (
            _waffle(names[0], pair.group, pair.base, facts, interval[0] is not None),
            _waffle(names[1], pair.reference, pair.base, facts, around[0] is not None),
        )
        if turned:
            sides, sizes = (sides[1], sides[0]), sizes[::-1]
        return Picture(_title(measure, pair.base, facts), sides, _note(sizes, facts), measure)
    return None


def _harms(facts: AuditFacts, first: Comparison) -> Iterator[str]:
    if facts.sees_selected_only:
        yield "false_discovery_rate"
    yield "false_negative_rate" if facts.harm == "assistive" else "false_positive_rate"
    yield "selection_rate"
    yield first.gap.measure


def _title(measure: str, base: int, facts: AuditFacts) -> Message:
    phrases, values = facts.phrases, {"base": base, "selected": facts.phrases.selected("f")}
    match measure:
        case "false_positive_rate":
            return say(
                "Of {base} people {without}, so many had been {selected}", without=phrases.without_outcome(), **values
            )
        case "false_negative_rate":
            return say(
                "Of {base} people {with}, so many were {missed}",
                **{"with": phrases.with_outcome(), "missed": phrases.missed("f"), "base": base},
            )
        case "false_discovery_rate":
            return say("Of {base} people {selected}, so many had been so wrongly", **values)
        case "selection_rate":
            return say("Of {base} people, so many were {selected}", **values)
        case _:
            return say("{measure}, of {base} people", measure=phrases.column(measure)[0], base=base)


def _note(sizes: list[float | None], facts: AuditFacts) -> Message:
    first, second = (count(None if size is None else float(round(size)), facts.language) for size in sizes)
    return say("Hatched: interval. {first} and {second} people.", first=first, second=second)


def _waffle(name: Name, shown: Frequency, base: int, facts: AuditFacts, has_interval: bool) -> Waffle:
    values = {"value": shown.value, "lower": shown.lower, "upper": shown.upper, "base": base, "group": name}
    fits = say("{lower} to {upper} fit the data", lower=shown.lower, upper=shown.upper)
    alt = (
        say("{group}: {value} of {base}, interval {lower} to {upper}", **values)
        if has_interval
        else say("{group}: {value} of {base}", **values)
    )
    squares, runs, lines = _hundred(shown) if base == 100 else _many(shown, base)
    return Waffle(
        label=capital(name) if name else name,
        number=count(float(shown.value), facts.language),
        fits=fits if has_interval else Name(""),
        alt=alt,
        squares=squares,
        runs=runs,
        lines=lines,
    )


def _kind(index: int, shown: Frequency) -> str:
    return "full" if index < shown.lower else "hatched" if index < shown.upper else "empty"


def _hundred(shown: Frequency) -> tuple[tuple[Square, ...], tuple[Run, ...], int]:
    squares = tuple(Square(_STEP * (i % 10), _STEP * (i // 10), _kind(i, shown)) for i in range(100))
    return squares, (), 0


def _many(shown: Frequency, base: int) -> tuple[tuple[Square, ...], tuple[Run, ...], int]:
    """Rows of small squares, each kind in a row one rectangle; the lines between them are drawn over."""
    columns = 40 if base == 1_000 else 100
    size = 167 / columns
    runs = []
    for row in range(base // columns):
        first = row * columns
        for kind, start, end in (
            ("full", 0, shown.lower), ("hatched", shown.lower, shown.upper), ("empty", shown.upper, base)
        ):  # fmt: skip
            low, high = max(start, first) - first, min(end, first + columns) - first
            if high > low:
                runs.append(
                    Run(round(low * size, 2), round(row * size, 2), round((high - low) * size, 2), round(size, 2), kind)
                )
    return (), tuple(runs), columns


def aside_of(facts: AuditFacts, case: str) -> Aside:
    """What would help where no comparison leads."""
    if case == "documents":
        rights = facts.result.rights
        missing = () if rights is None else tuple(Name(text.text(facts.language)) for text in rights.missing[:5])
        return Aside(
            say("To ask for first"), missing or (say("Counts by group: how many people, how many selected."),), True
        )
    if case == "withheld":
        return Aside(
            say("What can still be done"),
            (
                say("Join years or districts until each group is large enough."),
                say("Let whoever holds the data say which verdicts come out inside."),
                say("Answer the duties: they need no figures."),
            ),
        )
    return Aside(
        say("What would settle it"),
        (*_needed(facts), say("More years of decisions, or the same counts from elsewhere.")),
    )


def _needed(facts: AuditFacts) -> list[Message]:
    """How many people in each group would show a gap of the limit, at the reference's rate."""
    rate = next((ends(one.reference_rate)[0] for one in facts.primary if ends(one.reference_rate)[0]), None)
    people = None if rate is None else people_for(rate, facts.limit)
    if people is None:
        return []
    return [
        say(
            "About {people} people in each group would show a gap of {ratio} times.",
            people=people,
            ratio=ratio(facts.limit, facts.language),
        )
    ]


def people_for(rate: float, times: float) -> int | None:
    """How many people in each of two groups show a ratio of `times` over `rate` in eight cases of ten, at 5 %.

    n = (1.96 sqrt(2 m (1 - m)) + 0.84 sqrt(p (1 - p) + q (1 - q)))^2 / (p - q)^2, m the mean of p = times * rate and
    q = rate (Fleiss, Statistical Methods for Rates and Proportions, 1981), rounded up to two digits. None where the
    larger rate would pass 1.

    >>> people_for(0.183, 1.25), people_for(0.9, 1.25)
    (1300, None)
    """
    p, q = times * rate, rate
    if not 0 < q < p < 1:
        return None
    mean = (p + q) / 2
    top = 1.959964 * sqrt(2 * mean * (1 - mean)) + 0.841621 * sqrt(p * (1 - p) + q * (1 - q))
    number = ceil((top / (p - q)) ** 2)
    step = 10 ** max(0, len(str(number)) - 2)
    return int(ceil(number / step) * step)
