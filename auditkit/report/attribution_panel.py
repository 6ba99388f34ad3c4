"""Why scores differ: each gap split by the variables that carry it, as bars with intervals beside the same numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditkit.explain.surrogate import UNEXPLAINED
from auditkit.report.attribution_tables import WhyTable, more_tables
from auditkit.report.code_words import withheld
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import (
    MISSING,
    Name,
    difference,
    difference_span,
    named,
    position,
    quoted,
    span,
    tick_label,
)
from auditkit.report.value_texts import is_withheld
from auditkit.result import AnalysisResult
from auditkit.result.attribution import TOGETHER, Attribution, Explainer, GapSplit, Part, TwoFold
from auditkit.text import Message, format_number, format_percent, mark, say, say_plural, translate

__all__ = ["GapUnit", "WhyPanel", "WhySplit", "variable_name", "why_panel"]

_PARTS = 10
_SPLITS = 24

_FIGURES = {
    "mean_score": mark("mean score"),
    "selection_rate": mark("share selected"),
    "mean_log_odds": mark("mean on the log-odds scale"),
}
_WAYS = {
    "closed_form": mark("closed form: exact"),
    "drawn_pairs": mark("drawn pairs of rows, variables exchanged in random order"),
    "tree_shap": mark("TreeSHAP: exact for each row"),
    "sampling": mark("drawn orders of exchange, each row against up to a hundred: not exact"),
    "regression": mark("regression"),
}
_SCALES = {
    "score": mark("the score as it is used"),
    "log_odds": mark("log-odds, not the score itself"),
    "selection": mark("selected or not"),
}
_KINDS = {
    "interventional": mark("interventional"),
    "path_dependent": mark("path-dependent"),
    "none": mark("not applicable"),
}
_BACKGROUNDS = {
    "reference_group": mark("the reference group"),
    "all_rows": mark("rows of all groups"),
    "none": mark("the model's own training rows"),
}


@dataclass(frozen=True)
class WhyRow:
    """One variable: what it carries, its interval, the error that computing leaves, a remark."""

    variable: Name
    value: str
    interval: str
    error: str
    note: str


@dataclass(frozen=True)
class WhySplit:
    """One gap, split."""

    anchor: str
    title: str
    lead: Message
    rows: tuple[WhyRow, ...]
    composition: tuple[Message, ...]
    how: Message | None


@dataclass(frozen=True)
class WhyPanel:
    """The panel: the sentences that go with everything, the splits, and what else was asked."""

    about: tuple[Message, ...]
    splits: tuple[WhySplit, ...]
    left_out: int
    tables: tuple[WhyTable, ...]
    notes: tuple[Message, ...]


def why_panel(analysis: AnalysisResult, names: Names, minimum_count: int) -> WhyPanel | None:
    """The panel of an analysis; None where it splits nothing."""
    found = analysis.attribution
    if found is None:
        return None
    folds = {(one.attributes, one.groups, one.figure): one for one in found.two_fold}
    shown = found.splits[:_SPLITS]
    return WhyPanel(
        about=_about(found, names),
        splits=tuple(
            _split(one, folds.get((one.attributes, one.groups, one.figure)), analysis.key, names, minimum_count)
            for one in shown
        ),
        left_out=len(found.splits) - len(shown),
        tables=more_tables(found, analysis.key, names, minimum_count),
        notes=found.notes,
    )


def _about(found: Attribution, names: Names) -> tuple[Message, ...]:
    language = names.language
    said: list[Message] = []
    fidelity = found.fidelity
    if fidelity is not None and fidelity.surrogate:
        said.append(
            say(
                "Fidelity of the surrogate, on rows that it has not seen: R² {r_squared}; AUC of the decisions {auc}; "
                "decisions matched {matched}.",
                r_squared=MISSING if fidelity.r_squared is None else difference_free(fidelity.r_squared, language),
                auc=MISSING if fidelity.auc is None else difference_free(fidelity.auc, language),
                matched=MISSING if fidelity.decisions_matched is None
                else format_percent(fidelity.decisions_matched, 1, language),
            )
        )  # fmt: skip
    if found.contributions:
        said.append(say("Contributions to the score of single rows: {how}", how=_explained(found, language)))
    return tuple(said)


def difference_free(value: float, language: str) -> str:
    """A number with three decimals at most, without a sign of its own."""
    return position(round(value, 3), language)


def _explained(found: Attribution, language: str) -> Message:
    """How the contributions to single scores were worked out, and of how many of the rows."""
    every = found.explainer.rows if found.fidelity is None else found.fidelity.rows
    if found.explainer.rows >= every:
        return _how(found.explainer, language)
    return say(
        "{way} ({kind}); scale: {scale}; background: {background}; {count} of {all} rows, drawn at random.",
        count=found.explainer.rows,
        all=every,
        **_words(found.explainer, language),
    )


def _words(explainer: Explainer, language: str) -> dict[str, str]:
    return {
        "way": translate(_WAYS[explainer.name], language),
        "scale": translate(_SCALES[explainer.scale], language),
        "kind": translate(_KINDS[explainer.perturbation], language),
        "background": translate(_BACKGROUNDS[explainer.background], language),
    }


def _how(explainer: Explainer, language: str) -> Message:
    """Which explainer ran, on what scale, against what background, on how many rows or pairs."""
    words = _words(explainer, language)
    if explainer.name == "drawn_pairs":
        return say_plural(
            "{way} ({kind}); scale: {scale}; background: {background}; {count} pair.",
            "{way} ({kind}); scale: {scale}; background: {background}; {count} pairs.",
            explainer.rows,
            **words,
        )
    return say_plural(
        "{way} ({kind}); scale: {scale}; background: {background}; {count} row.",
        "{way} ({kind}); scale: {scale}; background: {background}; {count} rows.",
        explainer.rows,
        **words,
    )


@dataclass(frozen=True)
class GapUnit:
    """How the parts of one gap are written: shares in points, scores with as many decimals as the gap asks for."""

    figure: str
    gap: float
    language: str

    def text(self, value: float) -> str:
        """A signed difference."""
        if self.figure == "selection_rate":
            return difference("selection_rate", value, self.language)
        size = abs(self.gap) or 1.0
        text = format_number(value, min(6, max(1, 2 - math.floor(math.log10(size)))), self.language)
        return text if value <= 0 or not text.strip("0.,") else "+" + text

    def span(self, part: Part) -> str:
        """The interval of a part."""
        if self.figure == "selection_rate":
            return difference_span("selection_rate", part.lower, part.upper, self.language)
        return span(part.lower, part.upper, self.text, self.language)

    def tick(self, value: float) -> str:
        """A value on the axis."""
        return tick_label("selection_rate" if self.figure == "selection_rate" else "mean_score", value, self.language)


def _split(one: GapSplit, fold: TwoFold | None, analysis: str, names: Names, minimum_count: int) -> WhySplit:
    language = names.language
    group = names.group(one.attributes, one.groups)
    rule = "rest" if one.reference == ("rest",) else "group"
    reference = names.reference_group(one.attributes, one.reference, rule)
    figure = translate(_FIGURES[one.figure], language)
    title = say("{figure}: {group} against {reference}", figure=figure, group=group, reference=reference)
    place = anchor("why", analysis, *one.attributes, *one.groups, one.figure)
    if one.status != "computed" or one.gap is None:
        lead = (
            withheld(one.reason, minimum_count)
            if is_withheld(one)
            else say("The gap cannot be split: the model gives no score to mixed rows.")
        )
        return WhySplit(place, title.text(language), lead, (), (), None)
    unit = GapUnit(one.figure, one.gap, language)
    parts = _widest(one.parts)
    return WhySplit(
        anchor=place,
        title=title.text(language),
        lead=_lead(one, parts, figure, quoted(group, language), quoted(reference, language), unit),
        rows=tuple(_row(part, unit) for part in parts),
        composition=() if fold is None or fold.status != "computed" else tuple(_composition(fold, unit)),
        how=_how(one.explainer, language),
    )


def _widest(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The widest parts in order; where there are more than ten, the others joined."""
    ordered = sorted(parts, key=lambda part: (-abs(part.value or 0.0), part.variable))
    if len(ordered) <= _PARTS + 1:
        return tuple(ordered)
    rest = ordered[_PARTS:]
    return (*ordered[:_PARTS], Part(_OTHERS, sum(part.value or 0.0 for part in rest), None, None, None))


_OTHERS = "auditkit: others"


def variable_name(key: str, language: str) -> Name:
    own = {
        _OTHERS: mark("all other variables"),
        TOGETHER: mark("rare variables together"),
        UNEXPLAINED: mark("not explained by the surrogate"),
    }
    return Name(translate(own[key], language)) if key in own else named(key)


def _lead(one: GapSplit, parts: Sequence[Part], figure: str, group: Name, reference: Name, unit: GapUnit) -> Message:
    gap, language = unit.text(unit.gap), unit.language
    told = [part for part in parts if part.value and part.variable not in (_OTHERS, TOGETHER, UNEXPLAINED)][:2]
    if len(told) < 2:
        return say(
            "The gap between {group} and {reference} ({figure}) is {gap}.",
            group=group, reference=reference, figure=figure, gap=gap,
        )  # fmt: skip
    return say(
        "The gap between {group} and {reference} ({figure}) is {gap}. Its widest parts: {first} ({first_value}) and "
        "{second} ({second_value}).",
        group=group, reference=reference, figure=figure, gap=gap,
        first=variable_name(told[0].variable, language), first_value=unit.text(told[0].value or 0.0),
        second=variable_name(told[1].variable, language), second_value=unit.text(told[1].value or 0.0),
    )  # fmt: skip


def _row(part: Part, unit: GapUnit) -> WhyRow:
    note, language = "", unit.language
    if part.few:
        note = say("few pairs: uncertain").text(language)
    elif part.topped_up:
        note = say("rare: pairs were added").text(language)
    error = part.computing_error
    return WhyRow(
        variable=variable_name(part.variable, language),
        value=MISSING if part.value is None else unit.text(part.value),
        interval=unit.span(part),
        error="" if not error else "± " + unit.text(error).removeprefix("+"),
        note=note,
    )


def _composition(fold: TwoFold, unit: GapUnit) -> Iterator[Message]:
    total, treatment = fold.composition_total, fold.treatment
    yield say(
        "By regression (Kitagawa, Oaxaca, Blinder; coefficients of the reference): composition {composition} "
        "({composition_span}), treatment {treatment} ({treatment_span}).",
        composition=unit.text(total.value or 0.0),
        composition_span=unit.span(total),
        treatment=unit.text(treatment.value or 0.0),
        treatment_span=unit.span(treatment),
    )
    if fold.left_out:
        yield say(
            "What does not vary in the reference, or goes with other variables there, counts as treatment: "
            "{variables}.",
            variables=tuple(named(name) for name in fold.left_out[:6]),
        )
