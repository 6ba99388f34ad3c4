"""What else was asked of the model: contributions, stand-ins, flips, ablation, need, steps backward; as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.report.code_words import withheld
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import MISSING, count, difference, figure, named, position
from auditkit.report.value_texts import is_withheld
from auditkit.result import Attribution
from auditkit.text import mark, say, translate

__all__ = ["WhyTable", "more_tables"]

_ROWS = 24
_RULES = {"highest": mark("highest values"), "lowest": mark("lowest values"), "values": mark("by its values")}


@dataclass(frozen=True)
class WhyTable:
    """One table: the first cell of a row names it, the others are figures."""

    anchor: str
    caption: str
    lead: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def more_tables(found: Attribution, analysis: str, names: Names, minimum_count: int) -> tuple[WhyTable, ...]:
    """The tables of what the audit asked for, in their order."""
    made = (
        _contributions(found, analysis, names),
        _stand_ins(found, analysis, names, minimum_count),
        _flips(found, analysis, names, minimum_count),
        _ablations(found, analysis, names, minimum_count),
        _need(found, analysis, names, minimum_count),
        _steps(found, analysis, names),
    )
    return tuple(table for table in made if table is not None)


def _table(
    key: str, analysis: str, names: Names, caption: str, lead: str, head: Sequence[str], rows: Sequence[tuple[str, ...]]
) -> WhyTable | None:
    if not rows:
        return None
    words = [translate(text, names.language) for text in (caption, lead, *head)]
    return WhyTable(anchor("why", analysis, key), words[0], words[1], tuple(words[2:]), tuple(rows[:_ROWS]))


def _contributions(found: Attribution, analysis: str, names: Names) -> WhyTable | None:
    language = names.language
    rows: list[tuple[str, ...]] = [
        (named(one.variable), position(one.mean_absolute, language)) for one in found.contributions
    ]
    head = [mark("Variable"), mark("Mean size of its contribution")]
    if any(one.half_width for one in found.contributions):
        head.append(mark("Error of working with some rows"))
        errors = [f"± {position(one.half_width, language)}" for one in found.contributions]
        rows = [(*row, error) for row, error in zip(rows, errors, strict=True)]
    return _table(
        "contributions", analysis, names,
        mark("What moves single scores"),
        mark("How far each variable moves the score of a person from the average, up or down, on average."),
        head, rows,
    )  # fmt: skip


def _stand_ins(found: Attribution, analysis: str, names: Names, minimum: int) -> WhyTable | None:
    language = names.language
    rows = []
    for one in found.stand_ins:
        group = names.group(one.attributes, one.groups)
        if one.auc is None:
            why = withheld(one.reason, minimum).text(language) if is_withheld(one) else MISSING
            rows.append((group, why, "", "", ""))
            continue
        auc = figure("auc", one.auc, language)
        interval = say(
            "{lower} to {upper}",
            lower=figure("auc", one.auc_lower or 0.0, language),
            upper=figure("auc", one.auc_upper or 0.0, language),
        )
        told = ", ".join(f"{named(i.variable)} ({figure('auc', i.auc, language)})" for i in one.inputs[:3])
        permuted = MISSING if one.permuted_auc is None else figure("auc", one.permuted_auc, language)
        rows.append((group, auc, interval.text(language), permuted, told))
    return _table(
        "stand-ins", analysis, names,
        mark("How well the inputs tell who belongs to a group"),
        mark(
            "AUC on rows not seen before, beside what the same method reaches when who belongs is shuffled; 0.5 is "
            "chance. A model can use an attribute that it is never given."
        ),
        (mark("Group"), mark("AUC"), mark("Interval"), mark("Shuffled"), mark("Most telling inputs alone")), rows,
    )  # fmt: skip


def _flips(found: Attribution, analysis: str, names: Names, minimum: int) -> WhyTable | None:
    language = names.language
    rows = []
    for one in found.flips:
        group = names.group(one.attributes, one.groups)
        if one.rows is None or one.gained is None or one.lost is None:
            rows.append((group, withheld(one.reason, minimum).text(language), "", "", "", ""))
            continue
        change = say("{variable} set to {value}", variable=named(one.variable), value=named(one.after)).text(language)
        moved = MISSING if one.mean_change is None else difference("mean_score", one.mean_change, language)
        cells = (count(one.rows, language), count(one.lost, language), count(one.gained, language))
        rows.append((group, change, *cells, moved))
    return _table(
        "flips", analysis, names,
        mark("One thing changed alone"),
        mark(
            "The attribute itself where the model reads it, else its strongest stand-in, takes the usual value of the "
            "reference; all else stays. It speaks of the rule: in life, other things change with it."
        ),
        (
            mark("Group"), mark("What is changed"), mark("People"), mark("No longer selected"), mark("Newly selected"),
            mark("Mean change of score"),
        ),
        rows,
    )  # fmt: skip


def _ablations(found: Attribution, analysis: str, names: Names, minimum: int) -> WhyTable | None:
    language = names.language
    rows = []
    for one in found.ablations:
        group = names.group(one.attributes, one.groups)
        if one.gap is None or one.gap_without is None:
            rows.append((named(one.variable), group, withheld(one.reason, minimum).text(language), "", ""))
            continue
        lost = MISSING
        if one.auc is not None and one.auc_without is not None:
            lost = difference("auc", one.auc_without - one.auc, language)
        gaps = (difference("mean_score", one.gap, language), difference("mean_score", one.gap_without, language))
        rows.append((named(one.variable), group, *gaps, lost))
    return _table(
        "ablation", analysis, names,
        mark("Each variable taken away"),
        mark(
            "The variable is held at its usual value for everyone. What becomes of the gap in mean score, and of what "
            "the score tells of the outcome (AUC)? A model made anew could find the same in other variables."
        ),
        (mark("Variable"), mark("Group"), mark("Gap"), mark("Gap without it"), mark("Change of AUC")), rows,
    )  # fmt: skip


def _need(found: Attribution, analysis: str, names: Names, minimum: int) -> WhyTable | None:
    one, language = found.need, names.language
    if one is None or one.status == "not_computed":
        return None
    rows: list[tuple[str, ...]] = []
    if one.precision is None or one.base_rate is None or one.rule_precision is None or one.rule is None:
        rows.append((withheld(one.reason, minimum).text(language), "", ""))
    else:
        base = one.base_rate
        told = translate(_RULES[one.rule], language)
        rule = say("{variable}, {rule}", variable=named(one.rule_variable or ""), rule=told)
        for name, value in (
            (translate(mark("the model"), language), one.precision),
            (translate(mark("chance"), language), base),
            (rule.text(language), one.rule_precision),
        ):
            lift = MISSING if base == 0 else figure("burden", value / base, language)
            rows.append((name, figure("selection_rate", value, language), lift))
    return _table(
        "need", analysis, names,
        mark("Is the model needed?"),
        mark(
            "Of as many people selected by the model, by chance, and by the best rule on one variable (chosen on half "
            "of the rows, measured on the other): how many have the outcome?"
        ),
        (mark("Selected by"), mark("With the outcome"), mark("Times chance")), rows,
    )  # fmt: skip


def _steps(found: Attribution, analysis: str, names: Names) -> WhyTable | None:
    one, language = found.steps, names.language
    if one is None:
        return None
    numbers = (one.profiles, one.steps, one.backward, one.losing)
    return _table(
        "steps", analysis, names,
        mark("Steps backward"),
        mark("Over every profile of the scorecard: one thing made worse, and the score of a better situation."),
        (mark("Profiles"), mark("Steps"), mark("Backward"), mark("Of these, losing the decision")),
        [tuple(count(n, language) for n in numbers)],
    )  # fmt: skip
