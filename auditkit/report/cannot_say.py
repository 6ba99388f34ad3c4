"""What cannot be said from the figures: who is too few, who is hidden, whom nobody saw, what was not looked at."""

from __future__ import annotations

from auditkit.protect.released import NOT_STATED
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.comparisons import Comparison
from auditkit.report.number_words import count, named
from auditkit.report.phrases import small
from auditkit.report.value_texts import is_withheld
from auditkit.result import Estimate
from auditkit.text import Message, say

__all__ = ["cannot_say", "rests_on_few"]

_NAMED = 3


def rests_on_few(one: Comparison, facts: AuditFacts) -> bool:
    """Whether a comparison rests on fewer people than a verdict needs."""
    return one.gap.n is not None and one.gap.n < facts.result.spec.verdict.minimum_n


def cannot_say(facts: AuditFacts) -> list[Message]:
    """What the figures leave open, what matters most first."""
    lines: list[Message] = []
    if facts.result.analyses:
        lines.append(say("Whether a gap is justified."))
        lines += _few_groups(facts)
        lines += _hidden_groups(facts)
        lines += _unseen(facts)
        if facts.main.spec.groups and any(not view.linked for view in facts.main.views):
            lines.append(say("What happens where attributes cross: they were published one by one."))
    else:
        lines.append(say("Whether groups are treated differently: nothing was measured."))
        lines.append(say("That a duty without an answer is broken: nobody has answered, that is all."))
    lines += _grounds(facts)
    return lines


def _few_groups(facts: AuditFacts) -> list[Message]:
    by_group: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Comparison]] = {}
    for one in facts.primary:
        if one.gap.groups != (NOT_STATED,):
            by_group.setdefault((one.gap.attributes, one.gap.groups), []).append(one)
    few = [
        say(
            "{group} ({number})",
            group=facts.names.group(found[0].gap.attributes, found[0].gap.groups),
            number=count(found[0].gap.n, facts.language),
        )
        for found in by_group.values()
        if not any(one.withheld for one in found)
        and (
            all(one.verdict in ("inconclusive", None) for one in found)
            or any(rests_on_few(one, facts) for one in found)
        )
        and any(rests_on_few(one, facts) for one in found)
    ]
    if not few:
        return []
    return [_listed(say("{groups}: too few people."), few)]


def _listed(template: Message, names: list[Message]) -> Message:
    """A sentence with some names, and how many more there are."""
    if len(names) <= _NAMED:
        return Message(template.template, {**template.values, "groups": tuple(names)})
    more = say("{count} more", count=len(names) - _NAMED + 1)
    return Message(template.template, {**template.values, "groups": (*names[: _NAMED - 1], more)})


def _hidden_groups(facts: AuditFacts) -> list[Message]:
    hidden: dict[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...], list[str]] = {}
    single_views = [view for view in facts.main.views if len(view.attributes) == 1]
    everyone = {(view.attributes, group) for view in single_views for group in view.groups}
    for measure in facts.measures:
        single = [e for e in facts.main.estimates if e.measure == measure and len(e.attributes) == 1]
        if groups := tuple((e.attributes, e.groups) for e in single if is_withheld(e)):
            hidden.setdefault(groups, []).append(measure)
    lines = []
    for groups, measures in hidden.items():
        names = [say("{group}", group=facts.names.group(*key)) for key in groups]
        what = tuple(facts.phrases.column(measure)[0] for measure in measures)
        if everyone <= set(groups):
            lines.append(say("{measures}: withheld for every group, to protect small ones.", measures=what))
        elif len(measures) == len(facts.measures):
            lines.append(_listed(say("What holds for {groups}: withheld, to protect small groups."), names))
        else:
            words = say("{measures}, for {groups}: withheld, to protect small groups.", measures=what)
            lines.append(_listed(words, names))
    if lines:
        return lines
    data = facts.main.spec.data
    if data is not None and data.suppressed:
        loose = {(e.attributes, e.groups): None for e in facts.main.estimates if _is_loose(e, facts)}
        names = [say("{group}", group=facts.names.group(*key)) for key in loose]
        if names:
            return [_listed(say("What holds exactly for {groups}: whoever published the counts hid some."), names)]
    return []


def _is_loose(estimate: Estimate, facts: AuditFacts) -> bool:
    first = facts.measures[:1]
    return estimate.status in ("bounds", "not_computed") and estimate.measure in first and len(estimate.attributes) == 1


def _unseen(facts: AuditFacts) -> list[Message]:
    spec = facts.main.spec
    if spec.observed == "when_selected":
        selected = facts.phrases.selected("f")
        return [say("What would have been found among people who were not {selected}.", selected=selected)]
    if spec.outcome is None and not any(e.measure == "false_positive_rate" for e in facts.main.estimates):
        return []
    return [say("Whether {outcome} was recorded alike of all groups.", outcome=facts.phrases.outcome())]


def _grounds(facts: AuditFacts) -> list[Message]:
    rights = facts.result.rights
    grounds = () if rights is None else rights.grounds
    unseen = [ground.name.text(facts.language) for ground in grounds if not ground.attributes]
    if len(unseen) < 2 or not facts.result.analyses:
        return []
    return [
        say(
            "{count} legal grounds not looked at, such as {first}.",
            count=len(unseen),
            first=small(named(unseen[0])),
        )
    ]
