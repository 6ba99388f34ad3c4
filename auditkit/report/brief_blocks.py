"""The six blocks of the brief: found, how many, how sure, what cannot be said, what the law asks, what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditkit.report.answer_lead import between
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.cannot_say import cannot_say, rests_on_few
from auditkit.report.code_words import VERDICT_WORDS
from auditkit.report.comparisons import Comparison, ends, leading_order
from auditkit.report.group_names import anchor
from auditkit.report.impact_ratios import asks_impact_ratios, impact_sentences
from auditkit.report.methods_panel import confidence_text
from auditkit.report.number_words import Name, count, figure, named
from auditkit.report.phrases import Strong, capital, linked
from auditkit.text import Message, mark, say, say_plural, translate

__all__ = ["Block", "Item", "Mark", "beyond_words", "blocks_of", "mark_of", "more_people", "tally_of"]

_FOUND, _PEOPLE, _CANNOT, _STEPS, _CONTRADICTED, _RATIOS = 3, 3, 5, 3, 3, 4


@dataclass(frozen=True)
class Mark:
    """A verdict as a glyph: its code, its word, and worse, better or nothing."""

    code: str
    word: str
    way: str
    way_word: str
    accent: bool = False


@dataclass(frozen=True)
class Item:
    """One line of a block; `link` leads to where it is told in full, under `label`."""

    text: Message | Name
    mark: Mark | None = None
    link: str = ""
    label: Message | Name | str = ""


@dataclass(frozen=True)
class Block:
    """One block: `tally` are glyphs, `squares` the questions asked first, by status.

    `items` is its list, `notes` what goes under it.
    """

    key: str
    title: Message
    items: tuple[Item, ...] = ()
    before: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    tally: tuple[Mark, ...] = ()
    squares: tuple[str, ...] = ()
    numbered: bool = False


_NO_VERDICT = mark("no verdict")
_WAYS = {"worse": mark("worse off"), "better": mark("better off")}


def mark_of(one: Comparison, facts: AuditFacts) -> Mark:
    """The glyph of a comparison."""
    if one.withheld:
        return Mark("withheld", translate("withheld", facts.language), "", "")
    code = one.verdict or "none"
    way = one.gap.direction if code in ("established", "present", "small") else ""
    way = way if way in _WAYS else ""
    return Mark(
        code,
        translate(VERDICT_WORDS.get(code, _NO_VERDICT), facts.language),
        way,
        translate(_WAYS[way], facts.language) if way else "",
        one.is_accented,
    )


def tally_of(facts: AuditFacts) -> tuple[Mark, ...]:
    """One glyph a comparison of primary measures on single attributes, by verdict, then worse first."""
    told = leading_order(one for one in facts.primary if one.verdict is not None)
    return tuple(mark_of(one, facts) for one in [*told, *(one for one in facts.primary if one.withheld)])


def blocks_of(facts: AuditFacts) -> tuple[Block, ...]:
    """The blocks that this audit has, in their order."""
    if not facts.result.analyses:
        made = [_cannot(facts), _law(facts), _next(facts)]
    else:
        made = [_found(facts), _people(facts), _sure(facts), _cannot(facts), _law(facts), _next(facts)]
    return tuple(block for block in made if block is not None)


def _found(facts: AuditFacts) -> Block | None:
    if asks_impact_ratios(facts) and (sentences := impact_sentences(facts)):
        return Block("found", say("What was found"), tuple(Item(one) for one in sentences[:_RATIOS]))
    by_attribute: dict[tuple[str, ...], list[Comparison]] = {}
    for one in facts.primary:
        by_attribute.setdefault(one.gap.attributes, []).append(one)
    firsts = [leading_order(found)[0] for found in by_attribute.values()]
    items = [
        _finding(one, by_attribute[one.gap.attributes], facts, place == 0)
        for place, one in enumerate(leading_order(firsts))
    ]
    hidden = Mark("withheld", translate("withheld", facts.language), "", "")
    items += [
        Item(_withheld(capital(facts.names.attribute(names))), hidden)
        for names in facts.withheld_attributes
        if names not in by_attribute
    ]
    return Block("found", say("What was found"), tuple(items[:_FOUND])) if items else None


def _finding(one: Comparison, others: list[Comparison], facts: AuditFacts, is_first: bool) -> Item:
    link = anchor("card", *one.gap.attributes)
    attribute = linked(capital(facts.names.attribute(one.gap.attributes)), link)
    if not one.is_gap:
        return Item(_no_gap(attribute, others, facts), mark_of(one, facts))
    names = facts.labels_of(one)
    gender = facts.phrases.group(one.gap.attributes, one.gap.groups).gender
    rates = [(m, _rates(one, m, facts)) for m in facts.measures]
    told = [(m, rate) for m, rate in rates if rate is not None]
    if not told:
        word = translate(VERDICT_WORDS[one.verdict or ""], facts.language)
        text = say("{attribute}: {group}, {verdict}.", attribute=attribute, group=capital(names[0]), verdict=word)
        return Item(text, mark_of(one, facts))
    values: dict[str, object] = {
        "attribute": attribute,
        "group": capital(names[0]),
        "reference": names[1],
        "first": told[0][1][0],
        "third": told[0][1][1],
        "selected": facts.phrases.column(told[0][0])[0]
        if told[0][0] != "selection_rate"
        else facts.phrases.selected(gender),
    }
    if len(told) == 2 and told[0][0] == "selection_rate" and told[1][0] in _SECOND:
        values |= {"second": told[1][1][0], "fourth": told[1][1][1], "missed": facts.phrases.missed(gender)}
        words = _SECOND if is_first else _SECOND_SHORT
        return Item(Message(words[told[1][0]].template, values), mark_of(one, facts))
    return Item(
        Message(_ONE.template if told[0][0] == "selection_rate" else _OTHER.template, values), mark_of(one, facts)
    )


def _withheld(attribute: Name) -> Message:
    return say("{attribute}: withheld to protect small groups.", attribute=attribute)


def _no_gap(attribute: Name, others: list[Comparison], facts: AuditFacts) -> Message:
    """What is said of an attribute without a gap: withheld, observed of too few, or not established."""
    if all(other.withheld for other in others):
        return _withheld(attribute)
    if all(other.verdict is None for other in others if not other.withheld):
        return say("{attribute}: not tested.", attribute=attribute)
    if all(rests_on_few(other, facts) for other in others if not other.withheld):
        return say("{attribute}: too few people to tell.", attribute=attribute)
    return say("{attribute}: no gap established.", attribute=attribute)


_ONE = say("{attribute}. {group}: {first} {selected}; {reference}: {third}.")
_OTHER = say("{attribute}. {selected}: {group} {first}; {reference} {third}.")
_SECOND = {
    "false_positive_rate": say(
        "{attribute}. {group}: {first} {selected}, {second} wrongly; {reference}: {third} and {fourth}."
    ),
    "false_discovery_rate": say(
        "{attribute}. {group}: {first} {selected}, {second} of these wrongly; {reference}: {third} and {fourth}."
    ),
    "false_negative_rate": say(
        "{attribute}. {group}: {first} {selected}, {second} {missed}; {reference}: {third} and {fourth}."
    ),
}


_SECOND_SHORT = {
    "false_discovery_rate": say(
        "{attribute}. {group}: {first}, {second} of these wrongly; {reference}: {third} and {fourth}."
    ),
    "false_positive_rate": say("{attribute}. {group}: {first}, {second} wrongly; {reference}: {third} and {fourth}."),
    "false_negative_rate": say("{attribute}. {group}: {first}, {second} {missed}; {reference}: {third} and {fourth}."),
}


def _rates(one: Comparison, measure: str, facts: AuditFacts) -> tuple[str, str] | None:
    values = [ends(rate)[0] for rate in facts.rates_of(one, measure)]
    if values[0] is None or values[1] is None:
        return None
    return figure(measure, values[0], facts.language), figure(measure, values[1], facts.language)


def _people(facts: AuditFacts) -> Block | None:
    worse = [o for o in facts.leading if o.is_worse and o.verdict == "established" and o.people is not None]
    by_group: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Comparison]] = {}
    for one in worse:
        by_group.setdefault((one.gap.attributes, one.gap.groups), []).append(one)
    items = tuple(
        Item(more_people(found, facts), mark_of(found[0], facts)) for found in list(by_group.values())[:_PEOPLE]
    )
    used = facts.main.rows.used
    notes = []
    if used is not None:
        number = count(float(round(used)), facts.language)
        overlap = say("Of {number} people; groups overlap.", number=number)
        notes.append(overlap if len(items) > 1 else say("Of {number} people.", number=number))
    if not items and not notes:
        return None
    if not items:
        notes.insert(0, say("No established gap makes a number of people."))
    before: tuple[Message, ...] = ()
    if items:
        before = (beyond_words(worse, facts),)
    return Block("people", say("How many people"), items, before=before, notes=tuple(notes))


def beyond_words(worse: Iterable[Comparison], facts: AuditFacts) -> Message:
    """On which side of the compared group's rate the people stand that a gap makes."""
    if facts.harm == "assistive" and "selection_rate" in {one.gap.measure for one in worse}:
        return say("Below the compared group's rate:")
    return say("Above the compared group's rate:")


def more_people(found: list[Comparison], facts: AuditFacts) -> Message:
    """How many people established gaps of one group make, by measure."""
    order = {measure: place for place, measure in enumerate(facts.measures)}
    found = sorted(found, key=lambda one: order.get(one.gap.measure, 9))
    first, gap = found[0], found[0].gap
    assert first.people is not None
    values: dict[str, object] = {
        "number": Strong(count(float(round(abs(first.people[0]))), facts.language)),
        "between": between(first.people),
        "group": facts.phrases.group(gap.attributes, gap.groups).text,
        "reference": facts.phrases.group(gap.attributes, gap.reference, gap.reference_rule).text,
        "selected": facts.phrases.selected("f"),
        "missed": facts.phrases.missed("f"),
    }
    if len(found) > 1 and gap.measure == "selection_rate" and found[1].people is not None:
        values["second"] = Strong(count(float(round(abs(found[1].people[0]))), facts.language))
        values["second_between"] = between(found[1].people)
        return Message(_MORE_TWO[facts.harm == "assistive"].template, values)
    key = "help" if gap.measure == "selection_rate" and facts.harm == "assistive" else gap.measure
    return Message(_MORE.get(key, _MORE["false_positive_rate"]).template, values)


_MORE_TWO = {
    False: say("{number} {group}{between}; {second} wrongly{second_between}."),
    True: say("{number} {group}{between}; {second} more {missed}{second_between}."),
}
_MORE = {
    "selection_rate": say("{number} {group}{between}."),
    "help": say("{number} {group}{between}."),
    "false_positive_rate": say("{number} {group} wrongly{between}."),
    "false_negative_rate": say("{number} {group} {missed}{between}."),
}


def _sure(facts: AuditFacts) -> Block | None:
    tally = tally_of(facts)
    if not tally:
        return Block("sure", say("How sure"), before=(say("No comparison carries a verdict."),))
    counted: dict[str, tuple[str, int]] = {}
    for one in tally:
        counted[one.code] = (one.word, counted.get(one.code, ("", 0))[1] + 1)
    words = tuple(say("{number} {word}", number=number, word=word) for word, number in counted.values())
    notes = [
        say("{words}.", words=words),
        say("Brackets: {confidence} intervals.", confidence=confidence_text(facts.result, facts.language)),
    ]
    if any(getattr(one.gap, "p_beyond", None) is not None for one in facts.primary):
        notes.append(say("Of 100 fair systems, fewer than 5 would show any gap here."))
    before = say_plural("{count} leading comparison:", "{count} leading comparisons:", len(tally))
    return Block("sure", say("How sure"), before=(before,), tally=tally, notes=tuple(notes))


def _cannot(facts: AuditFacts) -> Block:
    lines = cannot_say(facts)
    return Block("cannot", say("What cannot be said"), tuple(Item(line) for line in lines[:_CANNOT]))


_STATUSES = ("contradicted", "unanswered", "satisfied", "not_applicable")


def _law(facts: AuditFacts) -> Block:
    rights, language = facts.result.rights, facts.language
    title = say("What the law asks")
    if rights is None:
        return Block("law", title, before=(say("No framework chosen: name one in audit.yaml, under rights."),))
    first = facts.first_questions or facts.due
    contradicted = [item for item in facts.due if item.status == "contradicted"]
    items = tuple(
        Item(named(item.right.text(language)), link=anchor("item", item.key), label=item.key)
        for item in contradicted[:_CONTRADICTED]
    )
    notes = (say("{title}.", title=named(rights.title.text(language).rstrip("."), 200)),)
    squares = tuple(sorted((item.status for item in first), key=_STATUSES.index))
    return Block("law", title, items, before=(_asked(facts),), notes=notes, squares=squares)


def _asked(facts: AuditFacts) -> Message:
    """How the questions asked first stand; where the framework has none, every duty."""
    items = facts.first_questions or facts.due
    counts: dict[str, object] = {status: sum(item.status == status for item in items) for status in _STATUSES[:3]}
    if facts.first_questions:
        words = say("The first {number} questions", number=len(items))
        counts["asked"] = linked(words.text(facts.language), "first-questions")
    else:
        counts["asked"] = say_plural("{count} duty", "{count} duties", len(items))
    found = sum(item.status == "contradicted" for item in items)
    if counts["satisfied"]:
        return say_plural(
            "{asked}: {count} contradicted, {unanswered} unanswered, {satisfied} satisfied.",
            "{asked}: {count} contradicted, {unanswered} unanswered, {satisfied} satisfied.",
            found, **counts,
        )  # fmt: skip
    if not found:
        return Message(_ASKED_OPEN.template, counts)
    return say_plural(
        "{asked}: {count} contradicted, {unanswered} unanswered.",
        "{asked}: {count} contradicted, {unanswered} unanswered.",
        found, **counts,
    )  # fmt: skip


_ASKED_OPEN = say("{asked}: {unanswered} unanswered.")


def _next(facts: AuditFacts) -> Block | None:
    rights = facts.result.rights
    if rights is None or not rights.steps:
        return None
    items = tuple(Item(named(step.text.text(facts.language), 400)) for step in rights.steps[:_STEPS])
    return Block("next", say("What to do next"), items, numbered=True)
