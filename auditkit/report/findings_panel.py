"""What was found, in sentences; and what cannot be said, which is just as much a result.

Gaps lead in the order of the contract. A gap without a verdict, a withheld figure and a figure that could not be
computed are named, never passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from auditkit.report.chart_rows import DotChart, dot_chart
from auditkit.report.code_words import reason_sentence
from auditkit.report.estimate_tables import EstimateRow, estimate_row
from auditkit.report.gap_comparisons import gap_anchor
from auditkit.report.group_names import Names, anchor, measure_anchor
from auditkit.report.number_words import Name, count
from auditkit.report.pair_panel import (
    EstimateKey,
    Pair,
    distinct,
    estimate_index,
    in_leading_order,
    pairs_of,
    primary_measures,
)
from auditkit.report.people_words import people_sentence
from auditkit.report.sentences import (
    chance_sentence,
    detectable_sentence,
    favour_sentence,
    gap_sentence,
    verdict_sentence,
    verdict_word,
    what_sentence,
)
from auditkit.result import AnalysisResult, AuditResult, Estimate, Gap
from auditkit.text import Message, say, say_plural

__all__ = [
    "Finding",
    "Findings",
    "Inconclusive",
    "Leading",
    "findings_of",
    "leading",
    "linked",
    "not_computed",
    "withheld_figures",
    "withheld_groups",
]

_NAMED = 8
_FOUND = ("established", "likely", "present", "small")
_WORSE, _BETTER, _CROSSED, _INCONCLUSIVE = 8, 4, 5, 12


@dataclass(frozen=True)
class Finding:
    """One gap in sentences: what happened, how large the gap is, the verdict, the people; its chart and table.

    `place` is where the finding stands, `anchor` the row of the table of gaps that holds all its figures.
    """

    pair: Pair
    place: str
    anchor: str
    attribute: Name
    group: Name
    measure: str
    label: str
    verdict: str
    word: str
    what: Message
    gap: Message
    sure: Message
    chance: Message
    people: Message | None
    favour: Message | None
    chart: DotChart | None
    rows: tuple[EstimateRow, ...]
    question: str
    formula: str
    measure_anchor: str


@dataclass(frozen=True)
class Leading:
    """A list of findings, and how many more there are."""

    findings: tuple[Finding, ...]
    more: int
    more_words: Message | None


@dataclass(frozen=True)
class Inconclusive:
    """A comparison that cannot be decided, and what would have shown."""

    anchor: str
    attribute: Name
    group: Name
    measure: str
    detectable: Message


@dataclass(frozen=True)
class Findings:
    """Section 2 of the report; `counts` says how many comparisons carry each verdict word."""

    worse: Leading
    better: Leading
    crossed: Leading
    overview: Message
    counts: tuple[tuple[str, int], ...]
    inconclusive: tuple[Inconclusive, ...]
    inconclusive_more: Message | None
    missing: tuple[Message, ...]
    withheld: Message | None
    withheld_groups: Message | None
    cautions: tuple[Message, ...]


def linked(findings: Findings, places: Collection[str]) -> Findings:
    """The findings with links that lead somewhere: a gap whose row the page leaves out leads to its section."""

    def again(found: Leading, section: str) -> Leading:
        shown = tuple(f if f.anchor in places else replace(f, anchor=section) for f in found.findings)
        return replace(found, findings=shown)

    return replace(
        findings,
        worse=again(findings.worse, "attributes"),
        better=again(findings.better, "attributes"),
        crossed=again(findings.crossed, "crossed"),
        inconclusive=tuple(
            line if line.anchor in places else replace(line, anchor="attributes") for line in findings.inconclusive
        ),
    )


def _finding(pair: Pair, analysis: AnalysisResult, index: dict[EstimateKey, Estimate], names: Names) -> Finding:
    gap = pair.main
    mine = index.get((gap.attributes, gap.groups, gap.measure))
    other = index.get((gap.attributes, gap.reference, gap.measure))
    place = anchor("finding", gap.analysis, *gap.attributes, *gap.groups, *gap.reference, gap.measure)
    figures = [estimate for estimate in (mine, other) if estimate is not None]
    view = next((v for v in analysis.views if v.attributes == gap.attributes), None)
    minimum = analysis.spec.publish.minimum_count
    return Finding(
        pair=pair,
        place=place,
        anchor=gap_anchor(gap),
        attribute=names.attribute(gap.attributes),
        group=names.group(gap.attributes, gap.groups),
        measure=names.measure(gap.measure),
        label=f"{names.measure(gap.measure)}, {names.group(gap.attributes, gap.groups)!s}",
        verdict=gap.verdict or "none",
        word=verdict_word(gap, names.language),
        what=what_sentence(pair, mine, other, names),
        gap=gap_sentence(pair, names),
        sure=verdict_sentence(gap, names.language),
        chance=chance_sentence(gap, names.language),
        people=people_sentence(pair, analysis.spec.system.harm),
        favour=favour_sentence(gap, names),
        chart=None if view is None or not figures else dot_chart(figures, view, gap.measure, names, minimum, place),
        rows=tuple(estimate_row(e, e is other, names, minimum) for e in figures),
        question=names.question(gap.measure),
        formula=names.formula(gap.measure),
        measure_anchor=measure_anchor(gap.measure),
    )


def leading(pairs: Sequence[Pair], analysis: AnalysisResult, names: Names, limit: int) -> Leading:
    """The first `limit` comparisons in sentences; a rate and its complement are told once."""
    index = estimate_index(analysis.estimates)
    ordered = distinct(in_leading_order(pairs, primary_measures(analysis.spec)))
    more = max(len(ordered) - limit, 0)
    more_words = say_plural(
        "{count} more gap stands in the tables below.", "{count} more gaps stand in the tables below.", more
    )
    findings = tuple(_finding(pair, analysis, index, names) for pair in ordered[:limit])
    return Leading(findings, more, more_words if more else None)


def findings_of(result: AuditResult, names: Names) -> Findings:
    """What the main analysis found."""
    analysis = result.main
    pairs = pairs_of(analysis)
    judged = [pair for pair in pairs if pair.verdict is not None and pair.main.status != "suppressed"]
    found = [pair for pair in judged if pair.verdict in _FOUND]
    single = [pair for pair in found if not pair.main.crossed]
    compared = distinct(in_leading_order(judged, primary_measures(analysis.spec)))
    words = [pair.verdict for pair in compared]
    primary = primary_measures(analysis.spec)
    unsure = [
        p for p in compared
        if p.verdict == "inconclusive" and p.main.measure in primary and not p.main.crossed
        and p.main.status in ("computed", "bounds")
    ]  # fmt: skip
    return Findings(
        worse=leading([p for p in single if p.main.direction == "worse"], analysis, names, _WORSE),
        better=leading([p for p in single if p.main.direction == "better"], analysis, names, _BETTER),
        crossed=leading([p for p in found if p.main.crossed], analysis, names, _CROSSED),
        overview=_overview(compared, any(pair.main.status == "suppressed" for pair in pairs)),
        counts=tuple((word, words.count(word)) for word in dict.fromkeys(words) if word is not None),
        inconclusive=tuple(_inconclusive(pair.main, names) for pair in unsure[:_INCONCLUSIVE]),
        inconclusive_more=_more_inconclusive(words.count("inconclusive") - min(len(unsure), _INCONCLUSIVE)),
        missing=not_computed(analysis, names),
        withheld=withheld_figures(result),
        withheld_groups=withheld_groups(result, names),
        cautions=_cautions(result, names),
    )


def _overview(pairs: Sequence[Pair], withheld: bool) -> Message:
    """How many comparisons were made, and how many show a gap; in plain words where none could be."""
    compared, shown = len(pairs), sum(pair.verdict in _FOUND for pair in pairs)
    if not compared and withheld:
        return say("Gaps between groups are withheld: what they are is not said here.")
    if not any(pair.main.p_value is not None for pair in pairs) and not shown:
        return say("No gap between groups could be tested: below stands what could not be computed, and why.")
    if shown == 0:
        return say(
            "{compared} None of their intervals excludes equality.",
            compared=say_plural(
                "{count} comparison of a group with its reference carries a verdict.",
                "{count} comparisons of a group with its reference carry a verdict.",
                compared,
            ),
        )
    return say(
        "{compared} {shown}",
        compared=say_plural(
            "{count} comparison of a group with its reference carries a verdict.",
            "{count} comparisons of a group with its reference carry a verdict.",
            compared,
        ),
        shown=say_plural(
            "In {count} of them the interval excludes equality.",
            "In {count} of them the interval excludes equality.",
            shown,
        ),
    )


def _more_inconclusive(number: int) -> Message | None:
    if number <= 0:
        return None
    return say_plural(
        "{count} more comparison is inconclusive, crossed attributes and other measures counted in.",
        "{count} more comparisons are inconclusive, crossed attributes and other measures counted in.",
        number,
    )


def _cautions(result: AuditResult, names: Names) -> tuple[Message, ...]:
    """Figures withheld, people whose group is not stated, outcomes that nobody saw."""
    found: list[Message] = []
    withheld = withheld_figures(result)
    if withheld is not None:
        found.append(withheld)
    groups = withheld_groups(result, names)
    if groups is not None:
        found.append(groups)
    if result.spec.observed == "when_selected":
        found.append(
            say("What would have come of people who were not selected is unknown: their outcome was never seen.")
        )
    account = result.main.rows
    for attribute, missing in account.not_stated.items():
        if missing:
            found.append(
                say(
                    "{attribute} is not stated for {number} of {used}: shown apart, without verdict.",
                    attribute=names.attribute((attribute,)),
                    number=count(float(missing), names.language),
                    used=say("withheld") if account.used is None else count(float(account.used), names.language),
                )
            )
    if any(not view.linked for view in result.main.views):
        found.append(say("Attributes that stand in separate tables could not be crossed."))
    return tuple(found)


def _inconclusive(gap: Gap, names: Names) -> Inconclusive:
    return Inconclusive(
        gap_anchor(gap),
        names.attribute(gap.attributes),
        names.group(gap.attributes, gap.groups),
        names.measure(gap.measure),
        detectable_sentence(gap, names.language),
    )


def not_computed(analysis: AnalysisResult, names: Names) -> tuple[Message, ...]:
    """What could not be computed, by measure and reason, with how many figures it concerns."""
    found: dict[tuple[str, str], int] = {}
    for estimate in analysis.estimates:
        if estimate.status == "not_computed" and estimate.reason is not None:
            key = (estimate.measure, estimate.reason)
            found[key] = found.get(key, 0) + 1
    by_reason: dict[tuple[str, int], list[str]] = {}
    for (measure, reason), number in found.items():
        by_reason.setdefault((reason, number), []).append(measure)
    return tuple(
        say_plural(
            "{measures}, {count} figure: {reason}",
            "{measures}, {count} figures each: {reason}",
            number,
            measures=tuple(names.measure(key) for key in measures),
            reason=reason_sentence(reason, names.language),
        )
        for (reason, number), measures in by_reason.items()
    )


def withheld_figures(result: AuditResult) -> Message | None:
    """How many figures were withheld; None where none was."""
    number = sum(_suppressed(analysis.estimates) + _suppressed(analysis.gaps) for analysis in result.analyses)
    if number == 0:
        return None
    return say_plural(
        "{count} figure is withheld because it rests on fewer than {minimum} people or would give such a figure away.",
        "{count} figures are withheld because they rest on fewer than {minimum} people or would give such "
        "figures away.",
        number,
        minimum=result.spec.publish.minimum_count,
    )


def withheld_groups(result: AuditResult, names: Names) -> Message | None:
    """The groups of single attributes whose share selected is withheld, and what would let the large ones be shown.

    Which of them is small is not said: a large one is withheld where the small one could be worked out from it.
    """
    hidden = [
        say(
            "{attribute} “{group}”",
            attribute=names.attribute(estimate.attributes),
            group=names.group(estimate.attributes, estimate.groups),
        )
        for estimate in result.main.estimates
        if estimate.measure == "selection_rate" and estimate.status == "suppressed" and len(estimate.attributes) == 1
    ]
    if not hidden:
        return None
    shown: Message = hidden[0]
    for one in hidden[1:_NAMED]:
        shown = say("{first}, {second}", first=shown, second=one)
    if len(hidden) > _NAMED:
        shown = say("{first}, and {count} more", first=shown, count=len(hidden) - _NAMED)
    return say(
        "Withheld whole: {groups}. A large group may be among them, to protect a small one: join the small one to "
        "another in the data, or leave it out with keep, and the large one can be shown.",
        groups=shown,
    )


def _suppressed(records: Iterable[object]) -> int:
    return sum(getattr(record, "status", "") == "suppressed" for record in records)
