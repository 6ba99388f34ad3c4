"""What rates of everyone together say: is the score better than chance, what it costs, do people depart from it.

Two intervals are compared at their far ends, so that widening either can only say less.
"""

from __future__ import annotations

from auditkit.result import Estimate
from auditkit.rights.evidence.evidence import Look, Statement, of_estimate, of_fact
from auditkit.rights.rights_words import number, percent, term
from auditkit.text import say

__all__ = ["burden", "declared_performance", "drift", "judged_by_money", "lift", "overrides", "yield_split"]

_RUBBER_STAMP = 0.05
_WELL_BELOW_ONE = 0.8


def lift(look: Look) -> Statement:
    """PUR-06: does selection find more than it leaves? Outcomes among the selected over those among the others."""
    selected, others = look.overall("positive_predictive_value"), look.overall("false_omission_rate")
    if selected is None or others is None or not _enough(look, selected, others):
        return Statement(
            "lift", "cannot_tell", say("The outcome of those selected and of the others is not known well enough.")
        )
    low, high = _quotient(selected, others)
    limit = look.result.spec.verdict.ratio
    figures = (of_estimate(selected, 1 / limit), of_estimate(others, 1 / limit))
    values = {"low": number(low), "high": number(high)}
    if high < 1 / limit:
        sentence = say(
            "Those selected have the outcome less often than the others (ratio {low} to {high}): selecting at random "
            "would find more.",
            **values,
        )
        return Statement("lift", "contradicts", sentence, figures)
    if low > 1 or high < 1:
        sentence = say(
            "Those selected have the outcome {low} to {high} times as often as the others; whether a simple rule would "
            "do as well is not known.",
            **values,
        )
        return Statement("lift", "informs", sentence, figures)
    sentence = say(
        "Those selected have the outcome {low} to {high} times as often as the others: an interval that holds 1 tells "
        "nothing.",
        **values,
    )
    return Statement("lift", "cannot_tell", sentence, figures)


def burden(look: Look) -> Statement:
    """PUR-07: how many people are wrongly selected for each one rightly selected? It informs."""
    whole = look.overall("burden")
    main = look.main
    if whole is None or main is None or whole.value is None:
        return Statement(
            "burden", "cannot_tell", say("Without known outcomes nobody can count those selected wrongly.")
        )
    groups = [
        row for row in main.estimates
        if row.measure == "burden" and len(row.attributes) == 1 and row.value is not None and row.lower is not None
    ]  # fmt: skip
    sentence = say(
        "For each person rightly selected, {value} are wrongly selected ({lower} to {upper}).",
        value=number(whole.value),
        lower=number(whole.lower or 0),
        upper=number(whole.upper or 0),
    )
    return Statement("burden", "informs", sentence, (of_estimate(whole), *(of_estimate(row) for row in groups)))


def overrides(look: Look) -> Statement:
    """HUM-01, HUM-08: do people depart from the score? Nearly never, while it is often wrong, contradicts."""
    fact, right = look.declared("override_rate"), look.overall("positive_predictive_value")
    if fact is None or fact.lower is None or fact.upper is None:
        return Statement(
            "overrides",
            "cannot_tell",
            say(
                "Decisions alone do not show how often staff depart from the score; declare override_rate, with "
                "its interval."
            ),
        )
    figures = (
        of_fact("override_rate", fact, _RUBBER_STAMP),
        *(() if right is None else (of_estimate(right, _WELL_BELOW_ONE),)),
    )
    often_wrong = right is not None and right.upper is not None and right.upper < _WELL_BELOW_ONE
    if fact.upper < _RUBBER_STAMP and often_wrong and right is not None:
        sentence = say(
            "Staff depart from the score in at most {share} of cases, and at most {right} of those selected have the "
            "outcome.",
            share=percent(fact.upper),
            right=percent(right.upper or 0),
        )
        return Statement("overrides", "contradicts", sentence, figures)
    sentence = say(
        "Staff depart from the score in {lower} to {upper} of cases.",
        lower=percent(fact.lower),
        upper=percent(fact.upper),
    )
    return Statement("overrides", "informs", sentence, figures)


def drift(look: Look) -> Statement:
    """REL-02: has the score moved beyond the bound set, with no action recorded?"""
    moved, bound, acted = look.declared("drift"), look.declared("drift_bound"), look.declared("drift_acted")
    if moved is None or moved.lower is None or moved.upper is None or bound is None or bound.number is None:
        return Statement(
            "drift", "cannot_tell", say("Drift, with its interval, and the bound set for it are not declared.")
        )
    figures = (of_fact("drift", moved, bound.number),)
    values = {"lower": number(moved.lower, 3), "upper": number(moved.upper, 3), "bound": number(bound.number, 3)}
    if moved.lower > bound.number and not (acted is not None and acted.value is True):
        sentence = say(
            "Drift of {lower} to {upper} lies beyond the bound of {bound}, and no action is recorded.", **values
        )
        return Statement("drift", "contradicts", sentence, figures)
    return Statement(
        "drift", "informs", say("Drift is {lower} to {upper}; the bound set is {bound}.", **values), figures
    )


def declared_performance(look: Look) -> Statement:
    """REL-01: are the declared figures those that are measured? One that lies wholly on the bad side contradicts."""
    found: list[tuple[bool, Statement]] = []
    for name, measure, worse_is_lower in (
        ("declared_precision", "positive_predictive_value", True),
        ("declared_false_positive_rate", "false_positive_rate", False),
    ):
        fact, row = look.declared(name), look.overall(measure)
        if fact is None or fact.number is None or row is None or row.lower is None or row.upper is None:
            continue
        worse = row.upper < fact.number if worse_is_lower else row.lower > fact.number
        against = worse and _enough(look, row)
        values = {
            "measure": term(_NAMES[measure]), "declared": percent(fact.number),
            "lower": percent(row.lower), "upper": percent(row.upper),
        }  # fmt: skip
        figures = (of_estimate(row, fact.number), of_fact(name, fact))
        sentence = (
            say("Declared {measure}: {declared}; measured: {lower} to {upper}, which is worse.", **values)
            if against
            else say("Declared {measure}: {declared}; measured: {lower} to {upper}.", **values)
        )
        found.append(
            (against, Statement("declared_performance", "contradicts" if against else "informs", sentence, figures))
        )
    if not found:
        return Statement(
            "declared_performance",
            "cannot_tell",
            say("No declared figure can be held against a measured one."),
        )
    return next((statement for against, statement in found if against), found[0][1])


def yield_split(look: Look) -> Statement:
    """PUR-09: of the files flagged, how many end with money owed to the person? It informs."""
    rights, debts = look.declared("rights_found"), look.declared("debts_found")
    if (
        rights is None
        or debts is None
        or rights.number is None
        or debts.number is None
        or rights.number + debts.number <= 0
    ):
        return Statement(
            "yield_split",
            "cannot_tell",
            say("Rights found and debts found are not declared apart (rights_found, debts_found)."),
        )
    sentence = say(
        "Of {total} files with a finding, {share} end with money owed to the person.",
        total=int(rights.number + debts.number),
        share=percent(rights.number / (rights.number + debts.number)),
    )
    return Statement(
        "yield_split", "informs", sentence, (of_fact("rights_found", rights), of_fact("debts_found", debts))
    )


def judged_by_money(look: Look) -> Statement:
    """PUR-08: is the system judged by euros alone? A target in euros without the split of findings contradicts."""
    target = look.declared("target")
    split = yield_split(look)
    if target is not None and target.value == "euros" and split.status == "cannot_tell":
        sentence = say("The system is judged on euros, and the rights it finds are not reported.")
        return Statement("judged_by_money", "contradicts", sentence, (of_fact("target", target),))
    if target is None and split.status == "cannot_tell":
        return Statement(
            "judged_by_money", "cannot_tell", say("What the system is judged on is not declared (target).")
        )
    if split.status == "informs":
        return Statement("judged_by_money", "informs", split.sentence, split.figures)
    assert target is not None
    sentence = say("The system is judged on something else than euros, as declared.")
    return Statement("judged_by_money", "informs", sentence, (of_fact("target", target),))


_NAMES = {"positive_predictive_value": "positive predictive value", "false_positive_rate": "false positive rate"}


def _enough(look: Look, *rows: Estimate) -> bool:
    return all((row.denominator or 0) >= look.result.spec.verdict.minimum_n for row in rows)


def _quotient(top: Estimate, bottom: Estimate) -> tuple[float, float]:
    """The least and the most that the quotient of two estimates may be, each at its own interval."""
    assert top.lower is not None
    assert top.upper is not None
    assert bottom.lower is not None
    assert bottom.upper is not None
    low = top.lower / bottom.upper if bottom.upper > 0 else 0.0
    high = top.upper / bottom.lower if bottom.lower > 0 else float("inf")
    return low, high
