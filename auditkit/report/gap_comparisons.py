"""Tables of gaps: each group against its reference, as difference and ratio, with p, verdict and people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from auditkit.report.code_words import VERDICT_WORDS, method_name, reason_sentence, test_name, withheld
from auditkit.report.estimate_tables import shared_note
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import (
    MISSING,
    Name,
    count,
    difference,
    difference_span,
    named,
    p_value,
    ratio,
    span,
)
from auditkit.report.pair_panel import Pair
from auditkit.report.value_texts import finite, is_open_either_way, is_rate, is_withheld
from auditkit.result import Gap
from auditkit.text import say, translate

__all__ = [
    "Figure",
    "GapBlock",
    "GapRow",
    "LargestRow",
    "Verdict",
    "gap_anchor",
    "gap_blocks",
    "gap_row",
    "largest_rows",
]


@dataclass(frozen=True)
class Figure:
    """A figure and, beneath it, its interval."""

    value: str
    interval: str = ""


@dataclass(frozen=True)
class Verdict:
    """A verdict as shown: its code (for the shape of its frame), its word, and whether it was not corrected."""

    code: str
    word: str
    note: str = ""


@dataclass(frozen=True)
class GapRow:
    """One group against its reference, as written. `decisive` is the ratio on which the verdict was taken."""

    anchor: str
    measure: str
    group: Name
    reference: Name
    difference: Figure
    event: Figure
    complement: Figure
    decisive: str
    p: str
    p_adjusted: str
    verdict: Verdict
    way: str
    people: Figure
    detectable: str
    sizes: str
    note: str


@dataclass(frozen=True)
class GapBlock:
    """One measure over the groups of an attribute."""

    measure: str
    methods: str
    note: str
    rows: tuple[GapRow, ...]


@dataclass(frozen=True)
class LargestRow:
    """The largest gap between any two groups, without verdict."""

    anchor: str
    measure: str
    pair: tuple[Name, Name]
    difference: Figure
    p: str
    note: str


def gap_anchor(gap: Gap) -> str:
    """Where a gap stands on the page; difference and ratio share a row."""
    kind = "largest" if gap.kind == "largest_difference" else "gap"
    return anchor(kind, gap.analysis, *gap.attributes, *gap.groups, *gap.reference, gap.measure)


def _figure(
    value: float | None,
    lower: float | None,
    upper: float | None,
    bounds: tuple[float | None, float | None],
    write: Callable[[float], str],
    language: str,
) -> Figure:
    interval = span(finite(lower), finite(upper), write, language)
    if (known := finite(value)) is not None:
        return Figure(write(known), interval)
    low, high = finite(bounds[0]), finite(bounds[1])
    if low is None and high is None:
        return Figure(MISSING, interval)
    if low is not None and high is not None:
        return Figure(say("between {lower} and {upper}", lower=write(low), upper=write(high)).text(language), interval)
    return Figure(span(low, high, write, language), interval)


def _difference(gap: Gap | None, language: str) -> Figure:
    if gap is None or is_withheld(gap):
        return Figure(MISSING)
    bounds = (gap.bound_lower, gap.bound_upper)
    shown = _figure(gap.value, None, None, bounds, partial(difference, gap.measure, language=language), language)
    return Figure(shown.value, difference_span(gap.measure, finite(gap.lower), finite(gap.upper), language))


def _ratios(gap: Gap | None, language: str) -> tuple[Figure, Figure]:
    if gap is None or is_withheld(gap):
        return Figure(MISSING), Figure(MISSING)
    write = partial(ratio, language=language)
    bounds = (gap.bound_lower, gap.bound_upper)
    event = _figure(gap.value, gap.lower, gap.upper, bounds, write, language)
    nothing = (None, None)
    complement = _figure(gap.complement_value, gap.complement_lower, gap.complement_upper, nothing, write, language)
    return event, complement


def _verdict(gap: Gap, language: str) -> Verdict:
    if gap.verdict is None:
        return Verdict("none", MISSING)
    return Verdict(gap.verdict, translate(VERDICT_WORDS[gap.verdict], language))


def _way(gap: Gap, language: str) -> str:
    if gap.verdict not in ("established", "present", "small"):
        return ""
    if gap.direction == "worse":
        return say("worse off").text(language)
    return say("better off").text(language) if gap.direction == "better" else ""


def _people(gap: Gap, language: str) -> Figure:
    people = finite(gap.people)
    if people is None:
        return Figure(MISSING)

    def write(value: float) -> str:
        return count(float(round(value)), language)

    return Figure(write(people), span(finite(gap.people_lower), finite(gap.people_upper), write, language))


def _detectable(gap: Gap, language: str) -> str:
    if is_open_either_way(gap):
        return MISSING
    smallest = finite(gap.smallest_established)
    if smallest is not None:
        return ratio(smallest, language)
    if gap.verdict is None or not is_rate(gap.measure):
        return MISSING
    return say("none of any size").text(language)


def gap_row(pair: Pair, names: Names, minimum_count: int) -> GapRow:
    """One comparison as a row."""
    gap = pair.main
    language = names.language
    shown = (
        gap_anchor(gap),
        names.measure(gap.measure),
        names.group(gap.attributes, gap.groups),
        names.reference(gap),
    )
    nothing = Figure(MISSING)
    if any(part is not None and is_withheld(part) for part in (pair.difference, pair.ratio)):
        note = withheld(gap.reason, minimum_count).text(language)
        return GapRow(
            *shown,
            nothing,
            nothing,
            nothing,
            "",
            MISSING,
            "",
            Verdict("none", MISSING),
            "",
            nothing,
            MISSING,
            "",
            note,
        )
    event, complement = _ratios(pair.ratio, language)
    with_people = pair.difference if pair.difference is not None and gap.people is None else gap
    return GapRow(
        *shown,
        difference=_difference(pair.difference, language),
        event=event,
        complement=complement,
        decisive=gap.side or "",
        p=p_value(finite(gap.p_no_gap), language),
        p_adjusted=p_value(finite(gap.p_no_gap_adjusted), language) if gap.p_no_gap_adjusted is not None else "",
        verdict=_verdict(gap, language),
        way=_way(gap, language),
        people=_people(with_people, language),
        detectable=_detectable(gap, language),
        sizes=f"{count(gap.n, language)} / {count(gap.n_reference, language)}",
        note=reason_sentence(gap.reason, language) if gap.reason not in ("context", "not_stated") else "",
    )


def gap_blocks(
    pairs: Iterable[Pair], measures: Sequence[str], names: Names, minimum_count: int
) -> tuple[GapBlock, ...]:
    """Comparisons by measure, in the order of the audit."""
    by_measure: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_measure.setdefault(pair.main.measure, []).append(pair)
    order = [
        *[key for key in measures if key in by_measure],
        *[key for key in by_measure if key not in measures],
    ]
    return tuple(_block(key, by_measure[key], names, minimum_count) for key in order)


def _block(key: str, pairs: Sequence[Pair], names: Names, minimum_count: int) -> GapBlock:
    rows = [gap_row(pair, names, minimum_count) for pair in pairs]
    note = shared_note([row.note for row in rows])
    return GapBlock(
        names.measure(key),
        _methods(pairs, names.language),
        note,
        tuple(replace(row, note="") for row in rows) if note else tuple(rows),
    )


def _methods(pairs: Sequence[Pair], language: str) -> str:
    """The names of the methods and tests of some comparisons."""
    gaps = [gap for pair in pairs for gap in (pair.difference, pair.ratio) if gap is not None]
    told = [gap for gap in gaps if gap.status in ("computed", "bounds")]
    methods = dict.fromkeys(gap.method for gap in told if gap.method != "none")
    tests = dict.fromkeys(gap.test for gap in told if gap.test)
    return ", ".join([*(method_name(m, language) for m in methods), *(test_name(t, language) for t in tests)])


def largest_rows(gaps: Iterable[Gap], names: Names, minimum_count: int) -> tuple[LargestRow, ...]:
    """The largest gap of each measure, the pair named."""
    rows = []
    for gap in gaps:
        language = names.language
        hidden = is_withheld(gap)
        note = withheld(gap.reason, minimum_count).text(language) if hidden else reason_sentence(gap.reason, language)
        pair = (
            (named("–"), named("–"))
            if hidden or not gap.groups  # which two are furthest apart depends on the hidden counts
            else (names.group(gap.attributes, gap.groups), names.group(gap.attributes, gap.reference))
        )
        rows.append(
            LargestRow(
                gap_anchor(gap),
                names.measure(gap.measure),
                pair,
                Figure(MISSING) if hidden else _difference(gap, language),
                MISSING if hidden else p_value(finite(gap.p_no_gap), language),
                note,
            )
        )
    return tuple(rows)
