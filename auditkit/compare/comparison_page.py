"""The comparison as a page: what changed, how sure, which verdicts moved, who came and who went."""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.compare.comparison import Change, Comparison, Moved
from auditkit.report.answer_sentences import frequencies
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.code_words import VERDICT_WORDS
from auditkit.report.code_words import test_name as report_test_name
from auditkit.report.group_names import Names
from auditkit.report.masthead import Masthead
from auditkit.report.number_words import (
    MISSING,
    Name,
    difference,
    difference_span,
    figure,
    named,
    p_value,
)
from auditkit.report.palettes import PALETTES
from auditkit.report.panels.overview import ordered_groups, single_views
from auditkit.report.phrases import capital
from auditkit.report.render import font_address, page_environment
from auditkit.report.strips import Column, Row, Scale, Table, rate_cell, rate_scale
from auditkit.spec.load_spec import analysis_spec
from auditkit.text import Message, format_percent, mark, say, say_plural, translate

__all__ = ["ComparisonPage", "prepare_comparison", "render_comparison"]

_ROWS = 400
_LEADING = 8
_GROUPS = 60
_TESTS = {
    "mcnemar_largest": mark("McNemar, the largest p possible"),
    "from_interval": mark("from the interval"),
}


@dataclass(frozen=True)
class ChangeRow:
    """One figure in both results, as written."""

    attribute: Name
    group: Name
    measure: str
    before: str
    after: str
    change: str
    interval: str
    p: str
    test: str


@dataclass(frozen=True)
class MovedRow:
    """One verdict that is another now."""

    attribute: Name
    group: Name
    measure: str
    before: tuple[str, str, str]
    after: tuple[str, str, str]


@dataclass(frozen=True)
class RosterRow:
    """The groups of an attribute that came and went."""

    attribute: Name
    gained: tuple[Name, ...]
    lost: tuple[Name, ...]


@dataclass(frozen=True)
class ComparisonPage:
    """All that the page shows."""

    language: str
    title_plain: str
    before: Name
    after: Name
    masthead: Masthead
    answer: Message
    opening: tuple[Message, ...]
    was_tested: bool
    leading: tuple[Message, ...]
    cannot: tuple[Message, ...]
    strips: tuple[Table, ...]
    values: tuple[ChangeRow, ...]
    gaps: tuple[ChangeRow, ...]
    moved: tuple[MovedRow, ...]
    rosters: tuple[RosterRow, ...]
    methods: tuple[Message, ...]
    files: tuple[str, ...]
    citation: Message
    foot: str


def prepare_comparison(comparison: Comparison, language: str) -> ComparisonPage:
    """Everything that the page shows, in words."""
    names = Names(comparison.after.spec, language)
    before, after = _labels(comparison, language)
    shown = [c for c in comparison.changes if c.primary and len(c.attributes) == 1]
    sure = [c for c in shown if c.kind == "value" and c.p_adjusted is not None and c.p_adjusted < 0.05]
    sure.sort(key=lambda c: -abs(c.change or 0.0))
    title = say("{before} and {after} compared", before=str(before), after=str(after))
    return ComparisonPage(
        language=language,
        title_plain=title.text(language),
        masthead=Masthead((before, after), named(comparison.after.spec.title.text(language), 200)),
        answer=_answer(comparison, sure, names),
        citation=title,
        foot=title.text(language),
        before=before,
        after=after,
        opening=(_overview(comparison, len(sure)), _assumption(comparison)),
        was_tested=comparison.family > 0,
        leading=tuple(_sentence(change, names) for change in sure[:_LEADING]),
        cannot=_cannot(comparison),
        strips=_strips(comparison, before, after, language),
        values=tuple(_row(c, names) for c in shown if c.kind == "value")[:_ROWS],
        gaps=tuple(_row(c, names) for c in shown if c.kind == "gap")[:_ROWS],
        moved=tuple(_moved(moved, names) for moved in comparison.moved[:_ROWS]),
        rosters=tuple(
            RosterRow(
                names.attribute(roster.attributes),
                tuple(names.group(roster.attributes, group) for group in roster.gained),
                tuple(names.group(roster.attributes, group) for group in roster.lost),
            )
            for roster in comparison.rosters
        ),
        methods=_methods(comparison, language),
        files=("comparison.csv", "comparison.json"),
    )


def render_comparison(comparison: Comparison, language: str) -> str:
    """The comparison as one self-contained HTML file; the same comparison gives the same bytes."""
    environment, policy = page_environment("comparison", language)
    page = prepare_comparison(comparison, language)
    return environment.get_template("comparison.html").render(
        page=page, policy=policy, palette=PALETTES["screen"], font=font_address(), logo="", script="",
        kind=say("Comparison of two audits").text(language),
        internal=comparison.before.internal or comparison.after.internal,
    )  # fmt: skip


def _labels(comparison: Comparison, language: str) -> tuple[Name, Name]:
    """What the two are called: their titles, told apart by their period or date where these are alike."""
    specs = (comparison.before.spec, comparison.after.spec)
    titles = [spec.title.text(language) for spec in specs]
    if titles[0] == titles[1]:
        more = [spec.system.period or (str(spec.as_of) if spec.as_of else "") for spec in specs]
        if more[0] == more[1]:
            more = [say("before").text(language), say("after").text(language)]
        # The word that tells them apart comes first: where there is little room, the end is cut.
        titles = [f"{word} · {title}" if word else title for title, word in zip(titles, more, strict=True)]
    return named(titles[0], 120), named(titles[1], 120)


def _answer(comparison: Comparison, sure: list[Change], names: Names) -> Message:
    """The one message: what changed for whom, in the decision's own verb where it has one."""
    if not comparison.after.analyses or not comparison.before.analyses:
        return say("One of the two holds no figures, so that nothing can be compared.")
    if not sure and comparison.family == 0:
        return say("Whether anything changed for a group cannot be told from these two.")
    if not sure:
        return say("No change for any group is established.")
    facts = AuditFacts(comparison.after, names.language)
    first = sure[0]
    group = facts.phrases.group(first.attributes, first.groups)
    before, after = first.before, first.after
    if before is None or after is None or first.measure not in ("selection_rate", "false_positive_rate"):
        row = _row(first, names)
        return say(
            "{measure}, {group}: {before} before, {after} now.",
            measure=facts.names.measure_capital(first.measure), group=group.text, before=row.before, after=row.after,
        )  # fmt: skip
    selected = facts.phrases.selected(group.gender)
    words: dict[str, object] = {
        "group": group.opening,
        "selected": selected if first.measure == "selection_rate" else facts.phrases.wrongly(group.gender),
        **frequencies(after, before, names.language),
    }
    if after > before:
        return say("{group} are {selected} more often than before: {value} of {base} against {other}.", **words)
    return say("{group} are {selected} less often than before: {value} of {base} against {other}.", **words)


def _strips(comparison: Comparison, before: Name, after: Name, language: str) -> tuple[Table, ...]:
    """A figure for each leading measure: every group before and after, on one scale, each with its own verdict."""
    results = [result for result in (comparison.before, comparison.after) if result.analyses]
    if len(results) < 2:
        return ()
    both = [AuditFacts(result, language) for result in results]
    measures = [m for m in both[1].measures if m in both[0].measures]
    shown = [e for f in both for e in f.main.estimates if e.measure in measures and len(e.attributes) == 1]
    scale = rate_scale(shown, language)
    return tuple(_strip(measure, both, (before, after), scale) for measure in measures)


def _strip(measure: str, both: list[AuditFacts], labels: tuple[Name, Name], scale: Scale) -> Table:
    rows = []
    for view in single_views(both[1].result):
        if len(view.groups) > _GROUPS:
            continue
        rows.append(Row(capital(both[1].names.attribute(view.attributes)), "", ()))
        for group in ordered_groups(view, both[1]):
            cells = []
            for facts in both:
                mine = next((v for v in facts.main.views if v.attributes == view.attributes), view)
                cells.append(
                    rate_cell(
                        facts.estimate(view.attributes, group, measure),
                        facts.estimate(view.attributes, mine.reference or (), measure),
                        facts.told.get((view.attributes, group, measure)),
                        scale, facts, mine.reference == group,
                    )
                )  # fmt: skip
            rows.append(Row(capital(both[1].names.group(view.attributes, group)), "", tuple(cells)))
    head, about = both[1].phrases.column(measure)
    columns = tuple(Column(label, Name(""), scale) for label in labels)
    caption = say("{measure}: {about}", measure=head, about=about) if about else say("{measure}", measure=head)
    return Table(caption, "rates", columns, tuple(rows), say("Group"))


def _overview(comparison: Comparison, sure: int) -> Message:
    if comparison.family == 0:
        return say("No change of a primary measure could be tested.")
    return say_plural(
        "Of {tested} changes of primary measures that could be tested, {count} is beyond chance "
        "(p under 0.05, corrected for the number of tests).",
        "Of {tested} changes of primary measures that could be tested, {count} are beyond chance "
        "(p under 0.05, corrected for the number of tests).",
        sure,
        tested=comparison.family,
    )


def _assumption(comparison: Comparison) -> Message:
    if comparison.assumption == "same_people":
        if comparison.assumed:
            return say(
                "Both rest on the same data files: the people are taken to be the same, judged twice. If they are not, "
                "compare again with --independent."
            )
        return say("The people are taken to be the same, judged twice, as was asked.")
    if comparison.assumed:
        return say(
            "The two rest on different data files: they are taken for two independent samples. If the people are the "
            "same, compare again with --same-people."
        )
    return say("The two are taken for independent samples, as was asked.")


def _sentence(change: Change, names: Names) -> Message:
    row = _row(change, names)
    return say(
        "{attribute}, {group}: {measure} went from {before} to {after} ({change}; interval {interval}).",
        attribute=row.attribute, group=row.group, measure=row.measure, before=row.before, after=row.after,
        change=row.change, interval=row.interval or MISSING,
    )  # fmt: skip


def _cannot(comparison: Comparison) -> tuple[Message, ...]:
    found = [
        say("A change says that the figures differ; it does not say why, nor that the later one is just."),
        say("No change shown is no proof that there is none."),
    ]
    hidden = sum(change.status == "suppressed" for change in comparison.changes)
    if hidden:
        found.append(
            say_plural(
                "{count} change is withheld: a figure of it is, or it would rest on too few people.",
                "{count} changes are withheld: a figure of them is, or they would rest on too few people.",
                hidden,
            )
        )
    for attributes, sentence in (
        (comparison.only_before, mark("Only the first holds these attributes: {attributes}.")),
        (comparison.only_after, mark("Only the second holds these attributes: {attributes}.")),
    ):
        if attributes:
            found.append(Message(sentence, {"attributes": tuple(named(a) for a in attributes)}))
    return tuple(found)


def _row(change: Change, names: Names) -> ChangeRow:
    language, measure = names.language, change.measure

    def write(value: float | None) -> str:
        if value is None:
            return say("withheld").text(language) if change.status == "suppressed" else MISSING
        return difference(measure, value, language) if change.kind == "gap" else figure(measure, value, language)

    p = p_value(change.p_adjusted if change.p_adjusted is not None else change.p_value, language)
    return ChangeRow(
        attribute=_attribute(change, names),
        group=names.group(change.attributes, change.groups),
        measure=names.measure(measure),
        before=write(change.before),
        after=write(change.after),
        change=MISSING if change.change is None else difference(measure, change.change, language),
        interval=difference_span(measure, change.lower, change.upper, language),
        p=p if change.p_value is not None else MISSING,
        test=_test(change.test, language),
    )


def _attribute(row: Change | Moved, names: Names) -> Name:
    """The attribute, after the name of the analysis where that is not the main one."""
    attribute = names.attribute(row.attributes)
    if row.analysis == "main":
        return attribute
    return named(f"{names.analysis(row.analysis, analysis_spec(names.spec, row.analysis))!s} · {attribute!s}", 120)


def _test(code: str, language: str) -> str:
    if not code:
        return ""
    return translate(_TESTS[code], language) if code in _TESTS else report_test_name(code, language)


def _moved(moved: Moved, names: Names) -> MovedRow:
    language = names.language
    ways = {"worse": say("worse off"), "better": say("better off"), "none": say("neither way")}

    def word(verdict: str | None, direction: str) -> tuple[str, str, str]:
        if verdict is None:
            return "none", MISSING, ""
        return verdict, translate(VERDICT_WORDS[verdict], language), ways[direction].text(language)

    return MovedRow(
        attribute=_attribute(moved, names),
        group=names.group(moved.attributes, moved.groups),
        measure=names.measure(moved.measure),
        before=word(moved.verdict_before, moved.direction_before),
        after=word(moved.verdict_after, moved.direction_after),
    )


def _methods(comparison: Comparison, language: str) -> tuple[Message, ...]:
    shared = [
        say(
            "Intervals are {confidence} intervals. A change is the second figure minus the first.",
            confidence=format_percent(comparison.confidence, 0, language),
        ),
        say_plural(
            "p is corrected (Holm) for {count} test: the primary measures of single attributes.",
            "p is corrected (Holm) for {count} tests together: the primary measures of single attributes.",
            comparison.family,
        ),
    ]
    if comparison.assumption == "independent":
        shared.append(
            say(
                "Independent samples: the interval of a change of rates is Newcombe's, its test Miettinen and "
                "Nurminen's or Fisher's; elsewhere the two intervals are squared and added."
            )
        )
    else:
        shared.append(
            say(
                "The same people: the results do not say who changed. The interval is the one that holds whatever the "
                "overlap (the half-widths added), and p is the largest that McNemar's exact test can give with these "
                "totals: both err on the side of caution."
            )
        )
    return tuple(shared)
