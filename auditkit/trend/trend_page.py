"""A trend as a page: what lasts for whom, since when, why the rate of all changed, who came and who went."""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.report.code_words import VERDICT_WORDS
from auditkit.report.group_names import Names
from auditkit.report.masthead import Masthead
from auditkit.report.number_words import MISSING, Name, count, difference, figure, named, p_value, span
from auditkit.report.palettes import PALETTES
from auditkit.report.render import font_address, page_environment
from auditkit.text import Message, format_percent, say, say_plural, translate
from auditkit.trend.series import Arrival, Point, Split, Trend, Watched
from auditkit.trend.trend_chart import LineChart, line_charts

__all__ = ["TrendPage", "prepare_trend", "render_trend"]

_LEADING, _ROWS = 8, 400


@dataclass(frozen=True)
class PageTable:
    """A table of texts: its caption, the heads of its columns, its rows (the first entry heads the row)."""

    key: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | Name, ...], ...]


@dataclass(frozen=True)
class TrendPage:
    """All that the page shows."""

    language: str
    title_plain: str
    masthead: Masthead
    answer: Message
    opening: tuple[Message, ...]
    leading: tuple[Message, ...]
    arrivals: tuple[Message, ...]
    cannot: tuple[Message, ...]
    charts: tuple[LineChart, ...]
    tables: tuple[PageTable, ...]
    methods: tuple[Message, ...]
    heads: dict[str, str]
    files: tuple[str, ...]
    citation: Message
    foot: str


def prepare_trend(trend: Trend, language: str) -> TrendPage:
    """Everything that the page shows, in words."""
    names = Names(trend.results[-1].spec, language)
    title = say("{title}: over {count} periods", title=names.spec.title.text(language), count=len(trend.labels))
    sure = sorted(
        (one for one in trend.watched if one.verdict in ("established", "present")),
        key=lambda one: (one.direction != "worse", one.verdict != "established", one.p or 0.0),
    )
    return TrendPage(
        language=language,
        title_plain=title.text(language),
        masthead=Masthead(
            tuple(named(trend.labels[place]) for place in (0, -1)), named(names.spec.title.text(language), 200)
        ),
        answer=_answer(sure, trend, names),
        opening=_opening(trend, sure),
        leading=tuple(_sentence(one, trend, names) for one in sure[:_LEADING]),
        arrivals=tuple(line for one in trend.arrivals for line in _arrival(one, trend, names)),
        cannot=_cannot(trend),
        charts=line_charts(trend, names),
        tables=tuple(table for table in _tables(trend, names) if table.rows),
        methods=_methods(trend, language),
        heads={
            "lasting": say("What lasts, and since when").text(language),
            "groups": say("Groups that came and went").text(language),
            "series": say("Every group over time").text(language),
            "nothing": say("No gap is told from chance over these periods.").text(language),
            "same": say("The groups are the same in every period.").text(language),
            "files": say("All figures are in:").text(language),
        },
        files=("trend.csv", "trend.json"),
        citation=title,
        foot=title.text(language),
    )


def render_trend(trend: Trend, language: str) -> str:
    """The trend as one self-contained HTML file; the same trend gives the same bytes."""
    environment, policy = page_environment("trend", language)
    return environment.get_template("trend.html").render(
        page=prepare_trend(trend, language), policy=policy, palette=PALETTES["screen"], font=font_address(), logo="",
        script="", kind=say("Audits over time").text(language), internal=any(one.internal for one in trend.results),
    )  # fmt: skip


def _answer(sure: list[Watched], trend: Trend, names: Names) -> Message:
    if not sure:
        return say("No gap to the disadvantage of any group is told from chance, however often one looks.")
    return _sentence(sure[0], trend, names)


def _sentence(one: Watched, trend: Trend, names: Names) -> Message:
    values: dict[str, object] = {
        "measure": names.measure_capital(one.measure),
        "group": names.group(one.attributes, one.groups),
        "reference": names.reference_group(one.attributes, one.reference, "rest"),
        "period": named(trend.labels[one.since or 0]),
        "verdict": translate(VERDICT_WORDS[one.verdict or "inconclusive"], names.language),
    }
    if one.direction == "better":
        return say(
            "{measure}: {group} fares better than {reference}, most likely since {period} ({verdict}).", **values
        )
    return say("{measure}: {group} fares worse than {reference}, most likely since {period} ({verdict}).", **values)


def _opening(trend: Trend, sure: list[Watched]) -> tuple[Message, ...]:
    tested = sum(one.verdict is not None for one in trend.watched)
    lines = [
        say(
            "Comparisons watched over all periods: {tested}; told from chance: {count}.",
            tested=tested,
            count=len(sure),
        )
    ]
    alone = sum(one.alone > 0 for one in trend.watched)
    if alone > len(sure):
        lines.append(
            say_plural(
                "A test repeated in every period would have raised an alarm for {count} comparison.",
                "A test repeated in every period would have raised an alarm for {count} comparisons.",
                alone,
            )
        )
    return tuple(lines)


def _arrival(one: Arrival, trend: Trend, names: Names) -> list[Message]:
    found = []
    shared = {"attribute": names.attribute(one.attributes), "period": named(trend.labels[one.period])}
    if one.came:
        came = tuple(names.group(one.attributes, group) for group in one.came)
        found.append(say("{period}, {attribute}: new: {groups}.", groups=came, **shared))
    if one.gone:
        gone = tuple(names.group(one.attributes, group) for group in one.gone)
        found.append(say("{period}, {attribute}: no longer there: {groups}.", groups=gone, **shared))
    return found


def _cannot(trend: Trend) -> tuple[Message, ...]:
    found = [
        say(
            "Evidence adds up over periods only where each holds other decisions; where the same cases stand in "
            "several results it is overstated."
        ),
        say("A gap that lasts says nothing of why, and no gap told is no proof that there is none."),
    ]
    if trend.withheld:
        found.append(
            say_plural(
                "{count} group of a period is withheld: beside an earlier period it would show what became of a few "
                "people. Where every period holds other people, --independent shows it.",
                "{count} groups of a period are withheld: beside an earlier period they would show what became of a "
                "few people. Where every period holds other people, --independent shows them.",
                trend.withheld,
            )
        )
    return tuple(found)


def _tables(trend: Trend, names: Names) -> list[PageTable]:
    language = names.language
    head = tuple(say(word).text(language) for word in ("Measure", "Group"))
    watched = tuple(_watched_row(one, trend, names) for one in trend.watched if one.verdict is not None)
    rates = tuple(_rate_row(point, trend, names) for point in trend.points)
    splits = tuple(_split_row(split, trend, names) for split in trend.splits)
    words = {
        "verdict": say("Verdict"), "since": say("Since"), "seen": say("First seen"), "tests": say("Tests alone"),
        "moved": say("Gap moved"), "period": say("Period"), "share": say("Rate, interval that lasts"),
        "people": say("People"), "change": say("Change"), "who": say("From who is there"),
        "how": say("From how they are treated"), "by": say("Split by"),
    }  # fmt: skip
    text = {key: message.text(language) for key, message in words.items()}
    return [
        PageTable("watched", say("Every comparison, watched over all periods").text(language),
                  (*head, text["verdict"], text["since"], text["seen"], "p", text["tests"], text["moved"]),
                  watched[:_ROWS]),
        PageTable("splits", say("Why the selection rate changed").text(language),
                  (text["by"], head[1], text["period"], text["change"], text["who"], text["how"]), splits[:_ROWS]),
        PageTable("rates", say("Every rate in every period").text(language),
                  (*head, text["period"], text["share"], text["people"]), rates[:_ROWS]),
    ]  # fmt: skip


def _group(attributes: tuple[str, ...], groups: tuple[str, ...], names: Names) -> Name:
    group = names.group(attributes, groups)
    return named(f"{names.attribute(attributes)!s} · {group!s}", 120) if attributes else group


def _watched_row(one: Watched, trend: Trend, names: Names) -> tuple[str | Name, ...]:
    def period(place: int | None) -> str | Name:
        return MISSING if place is None else named(trend.labels[place])

    return (
        names.measure(one.measure), _group(one.attributes, one.groups, names),
        translate(VERDICT_WORDS[one.verdict or "inconclusive"], names.language), period(one.since), period(one.seen),
        p_value(one.p, names.language), say("{count} of {all}", count=one.alone, all=one.periods).text(names.language),
        period(one.moved),
    )  # fmt: skip


def _rate_row(point: Point, trend: Trend, names: Names) -> tuple[str | Name, ...]:
    language, shown = names.language, {"withheld": say("withheld"), "absent": say("not there")}

    def write(value: float) -> str:
        return figure(point.measure, value, language)

    if point.value is None:
        value = shown[point.status].text(language) if point.status in shown else MISSING
    else:
        value = f"{write(point.value)} ({span(point.lower, point.upper, write, language)})"
    people = MISSING if point.people is None else count(point.people, language)
    return names.measure(point.measure), _group(point.attributes, point.groups, names), named(
        trend.labels[point.period]
    ), value, people  # fmt: skip


def _split_row(split: Split, trend: Trend, names: Names) -> tuple[str | Name, ...]:
    language = names.language
    by: str | Name = say("the outcome").text(language) if split.by == "outcome" else names.attribute((split.by,))
    attributes = split.attributes if split.groups else ()
    period = named(f"{trend.labels[split.first]} → {trend.labels[split.last]}", 90)
    values = (split.change, split.composition, split.treatment)
    if split.status == "withheld":
        return by, _group(attributes, split.groups, names), period, say("withheld").text(language), MISSING, MISSING
    written = (MISSING if v is None else difference(split.measure, v, language) for v in values)
    return by, _group(attributes, split.groups, names), period, *written


def _methods(trend: Trend, language: str) -> tuple[Message, ...]:
    share = format_percent(trend.confidence, 0, language)
    return (
        say(
            "The interval of a rate holds together with those of all periods, however many follow ({confidence}; "
            "exact, period t at the level alpha / (t (t + 1))).",
            confidence=share,
        ),
        say(
            "The evidence of a gap is a betting capital over hypergeometric counts, spread over twelve odds ratios and "
            "over the period at which the gap begins: where groups meet the same rates it ever passes 20 in at most "
            "5 % of series (Ville 1939; Turner, Ly and Grünwald 2024). p is 1 over its largest value, times the "
            "number of comparisons."
        ),
        say("Established: the same evidence against an odds ratio of at most 1.25. Present: a gap, of uncertain size."),
        say(
            "The change of a rate is split after Kitagawa (1955): who is there at the mean of both rates, and the "
            "rates at the mean of both shares; the parts sum to it. A group that came or went counts as who is there. "
            "Split by the outcome: how many have it, and how those with it and without it are selected."
        ),
        say("Gap moved: the first period whose odds ratio differs from that of the first, corrected for all looks."),
    )
