"""What could overturn it: people who stated no group, what was not measured, base rates, outcomes found unequally."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditkit.report.answer_sentences import times
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.comparisons import Comparison, ends
from auditkit.report.number_words import MISSING, Name, count, figure, ratio
from auditkit.report.panels import Panel
from auditkit.result import AuditResult, Sensitivity
from auditkit.text import Message, mark, say

__all__ = ["PANEL"]

_GAPS = 4
_WHOEVER = 64.0


def _sentences(result: AuditResult, language: str) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """What is said at once: the first line of each kind; and what is folded: the same of the other leading gaps."""
    if not result.analyses:
        return (), ()
    facts = AuditFacts(result, language)
    leading = [one for one in facts.leading if one.is_gap][:_GAPS]
    first: list[Message] = []
    rest: list[Message] = []
    for lines in (
        _whole_caseload(facts), _unstated(facts), _unmeasured(leading[:1], facts), _equal_risk(facts),
        _base_rates(leading, facts), _recorded(leading, facts), _pooled(facts),
    ):  # fmt: skip
        told = tuple(lines)
        first += told[:1]
        rest += told[1:]
    return tuple(first), tuple(rest)


def _whole_caseload(facts: AuditFacts) -> Iterator[Message]:
    if facts.main.spec.system.caseload == "all":
        yield say(
            "These rows are the whole caseload: the counts are exact. The intervals speak of the same process in "
            "another year, on other people like these."
        )


def _named(one: Comparison, facts: AuditFacts) -> dict[str, object]:
    gap = one.gap
    return {
        "group": facts.phrases.group(gap.attributes, gap.groups).text,
        "reference": facts.phrases.group(gap.attributes, gap.reference, gap.reference_rule).text,
        "measure": facts.phrases.column(gap.measure)[0],
    }


def _unstated(facts: AuditFacts) -> Iterator[Message]:
    """People who did not state the attribute, and how unlike the others they would have to be."""
    told = 0
    for one in facts.leading:
        gap, row = one.gap, one.pair.ratio
        if row is None or row.unstated_lower is None or told >= _GAPS:
            continue
        told += 1
        values = _named(one, facts) | {
            "ratio": Name(MISSING) if row.value is None else ratio(row.value, facts.language),
            "range": _range(row.unstated_lower, row.unstated_upper, facts.language),
            "widest": _range(row.allocated_lower, row.allocated_upper, facts.language),
            "factor": times(facts.main.spec.unstated.factor, facts.language),
        }
        left_out = say(
            "{measure}, {group}: people who did not state it are left out of the ratio of {ratio}. Had they been so at "
            "most {factor} times as often, or as rarely, as those who did, it would lie between {range}; whoever they "
            "are, between {widest}.",
            **values,
        )
        yield (
            left_out
            if gap.tipping_factor is None
            else say("{first} {then}", first=left_out, then=_tipping(gap.tipping_factor, facts))
        )


def _tipping(factor: float, facts: AuditFacts) -> Message:
    """How unlike the others those who stated no group would have to be for the verdict to fall."""
    if factor >= _WHOEVER:
        return say("The verdict stands whoever they are.")
    if factor >= facts.main.spec.unstated.factor:
        return say("The verdict stands unless it was more than {factor} times.", factor=times(factor, facts.language))
    return say(
        "With them left out the verdict would be a stronger one, and fall from {factor} times on.",
        factor=ratio(factor, facts.language),
    )


def _range(lower: float | None, upper: float | None, language: str) -> Message | Name:
    if lower is None or upper is None:
        return Name(MISSING)
    return say("{lower} and {upper}", lower=ratio(lower, language), upper=ratio(upper, language))


def _of(one: Comparison, facts: AuditFacts, kind: str) -> Sensitivity | None:
    gap = one.gap
    return next(
        (
            s
            for s in facts.main.sensitivity
            if (s.kind, s.attributes, s.groups, s.measure) == (kind, gap.attributes, gap.groups, gap.measure)
        ),
        None,
    )


def _unmeasured(leading: list[Comparison], facts: AuditFacts) -> Iterator[Message]:
    for one in leading:
        if (found := _of(one, facts, "e_value")) is None:
            continue
        values = _named(one, facts) | {"value": ratio(found.value, facts.language)}
        if found.other is not None and found.other > 1:
            yield say(
                "{measure}, {group}: to make this gap by itself, something unmeasured would have to be at least "
                "{value} times as frequent in one group as in the other and make the decision at least {value} times "
                "as frequent (E-value); {other} times each would take the gap out of its interval.",
                other=ratio(found.other, facts.language),
                **values,
            )
        else:
            yield say(
                "{measure}, {group}: to make this gap by itself, something unmeasured would have to be at least "
                "{value} times as frequent in one group as in the other and make the decision at least {value} times "
                "as frequent (E-value).",
                **values,
            )


def _equal_risk(facts: AuditFacts) -> Iterator[Message]:
    """What is left of a gap in selection between people of the same risk, where the audit names one."""
    mine = {(one.item, one.attributes, one.groups): one for one in facts.main.kind_figures if one.kind == "risk"}
    for (item, attributes, groups), one in mine.items():
        told = [mine.get((name, attributes, groups)) for name in ("rate_at_equal_risk", "reference_at_equal_risk")]
        first, second = (None if found is None else found.value for found in told)
        if item != "risk_adjusted_ratio" or one.value is None or first is None or second is None:
            continue
        raw = facts.told.get((attributes, groups, "selection_rate"))
        rule = "rest" if one.reference == ("rest",) else "group"
        yield say(
            "{group}: at the risk of both groups together {rate} would have been selected, and {other} of {reference}: "
            "{ratio} times, where it was {raw} times with the risk of each.",
            group=facts.phrases.group(attributes, groups).opening,
            reference=facts.phrases.group(attributes, one.reference, rule).text,
            rate=figure("selection_rate", first, facts.language),
            other=figure("selection_rate", second, facts.language),
            ratio=ratio(one.value, facts.language),
            raw=Name(MISSING) if raw is None or raw.pair.ratio is None or raw.pair.ratio.value is None
            else ratio(raw.pair.ratio.value, facts.language),
        )  # fmt: skip


def _base_rates(leading: list[Comparison], facts: AuditFacts) -> Iterator[Message]:
    for one in leading:
        found = _of(one, facts, "base_rates")
        mine, other = ends(one.rate)[0], ends(one.reference_rate)[0]
        if found is None or mine is None or other is None or found.other is None:
            continue

        def write(value: float, measure: str = one.gap.measure) -> str:
            return figure(measure, value, facts.language)

        yield say(
            "{measure}: {mine} for {group}, {other} for {reference}. With the precision and the true positive rate of "
            "the other group, their base rates alone would give {forced} and {turned}.",
            **_named(one, facts), mine=write(mine), other=write(other), forced=write(found.value),
            turned=write(found.other),
        )  # fmt: skip


def _recorded(leading: list[Comparison], facts: AuditFacts) -> Iterator[Message]:
    for one in leading:
        for kind, turned in (("recorded", False), ("recorded_reference", True)):
            if (found := _of(one, facts, kind)) is None:
                continue
            names = _named(one, facts)
            if turned:
                names = names | {"group": names["reference"], "reference": names["group"]}
            share = figure("selection_rate", found.value, facts.language)
            yield say(
                "{measure}: if outcomes are all recorded for {reference}, this gap vanishes where only {share} are for "
                "{group}: what controls find depends on who is controlled.",
                share=share,
                **names,
            )
            break


def _pooled(facts: AuditFacts) -> Iterator[Message]:
    by_view: dict[tuple[tuple[str, ...], str], list[Any]] = {}
    for one in facts.main.estimates:
        if one.pooled is not None and one.value is not None and one.measure in facts.measures:
            by_view.setdefault((one.attributes, one.measure), []).append(one)
    for (attributes, measure), found in by_view.items():
        low, high = min(found, key=lambda e: e.value), max(found, key=lambda e: e.value)

        def write(value: float, measure: str = measure) -> str:
            return figure(measure, value, facts.language)

        yield say(
            "{measure}, {count} groups by {attribute}: the rates run from {low} ({lowest}) to {high} ({highest}). Were "
            "small groups to borrow from all what chance explains, these two would be {pooled_low} and {pooled_high}; "
            "no verdict is taken from that.",
            attribute=facts.names.attribute(attributes), measure=facts.phrases.column(measure)[0],
            count=count(float(len(found)), facts.language), low=write(low.value), high=write(high.value),
            lowest=facts.names.group(attributes, low.groups), highest=facts.names.group(attributes, high.groups),
            pooled_low=write(low.pooled), pooled_high=write(high.pooled),
        )  # fmt: skip


def _view(result: AuditResult, language: str) -> Mapping[str, Any]:
    sentences, more = _sentences(result, language)
    return {"sentences": sentences, "more": more}


def _is_wanted(result: AuditResult) -> bool:
    return bool(_sentences(result, "en")[0])


PANEL = Panel(
    "overturn", "story", 65, "panels/overturn.html", mark("What could overturn it?"), _is_wanted, _view,
    mark("Overturned by"),
)  # fmt: skip
