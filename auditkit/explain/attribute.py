"""Why scores differ, for one analysis: the rows read, the model opened, and every question that the audit asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.counts.compared_groups import ComparedGroups
from auditkit.counts.count_table import NOT_STATED
from auditkit.errors import SpecError
from auditkit.explain.drawn_pairs import Comparison
from auditkit.explain.explained_gaps import Explained, Threshold, explained
from auditkit.explain.explained_rows import AuditRows, read_rows
from auditkit.explain.further_questions import Answers, further_questions
from auditkit.explain.mixing import AdditiveMixer
from auditkit.explain.model_inputs import Integers
from auditkit.explain.split_gap import Progress, SplitSettings, gap_split, split_in_closed_form
from auditkit.explain.surrogate import with_unexplained
from auditkit.explain.two_fold import two_fold
from auditkit.explain.variable_bins import Bins, bin_inputs
from auditkit.result.attribution import EXPLAINED, IMPOSSIBLE, Attribution, GapSplit
from auditkit.scorers.scorer import Scorer
from auditkit.spec import AuditSpec
from auditkit.spec.attribution_spec import AttributionPart
from auditkit.spec.selected_end import lower_is_selected
from auditkit.text import Message, say

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["attribute", "is_asked"]

_GROUPS = 50
_FEWEST = 2
_ASKED = ("callable", "command", "endpoint")


def is_asked(spec: AuditSpec, scorer: Scorer | None) -> bool:
    """Whether an analysis splits its gaps: where the audit says so, or has a model that can be asked freely.

    Raises SpecError where it does and the data are counts.
    """
    if spec.attribution is None:
        return scorer is not None and scorer.family not in _ASKED
    asked = scorer is not None or spec.attribution.columns is not None
    if asked and spec.from_counts:
        raise SpecError("attribution: counts hold no variables; name the rows under data, or leave attribution out.")
    return asked


def attribute(
    table: Table,
    spec: AuditSpec,
    views: Sequence[ComparedGroups],
    threshold: float | None,
    scorer: Scorer | None,
    name: str = "main",
    progress: Progress | None = None,
) -> Attribution:
    """Which variables carry the gaps of each group against its reference, and what else the audit asks of the model.

    `table` holds the score of each row; `threshold` is the limit that selects (tabulation facts). Raises SpecError and
    DataError in one sentence for what cannot be read.
    """
    part = spec.attribution or AttributionPart()
    rows = read_rows(table, spec, _columns(part, scorer), None if scorer is None else scorer.categories)
    limit = Threshold(_limit(spec, threshold), not lower_is_selected(spec))
    comparisons, notes = _comparisons(rows, views)
    model = explained(rows, scorer, limit, part, spec.confidence)
    bins = bin_inputs(rows.inputs)
    settings = SplitSettings(
        threshold=limit.limit, from_top=limit.from_top, half_width=part.half_width, seed=part.seed,
        confidence=spec.confidence, name=name, surrogate=model.surrogate,
    )  # fmt: skip
    splits = _splits(model, rows, comparisons, bins, settings, progress)
    answers = further_questions(part, spec, rows, model, limit, comparisons, scorer)
    minimum = spec.publish.minimum_count
    thin = {one.groups + one.attributes: _thin(rows, bins, one, minimum) for one in comparisons}
    return _result(part, spec, rows, model, splits, answers, thin, limit, comparisons, (*notes, *_said(rows, model)))


def _result(
    part: AttributionPart,
    spec: AuditSpec,
    rows: AuditRows,
    model: Explained,
    splits: Sequence[GapSplit],
    answers: Answers,
    thin: dict[tuple[str, ...], tuple[str, ...]],
    limit: Threshold,
    comparisons: Sequence[Comparison],
    notes: tuple[Message, ...],
) -> Attribution:
    folds = list(two_fold(rows.inputs, "mean_score", rows.scores, comparisons, spec.confidence, rows.weight))
    if limit.limit is not None:
        chosen = limit.selected(rows.scores).astype(np.float64)
        folds += two_fold(rows.inputs, "selection_rate", chosen, comparisons, spec.confidence, rows.weight)
    return Attribution(
        columns=rows.inputs.columns,
        explainer=model.explainer,
        fidelity=model.fidelity,
        contributions=model.mean_contributions,
        splits=tuple(replace(one, thin=thin[one.groups + one.attributes]) for one in splits),
        two_fold=tuple(replace(one, thin=thin[one.groups + one.attributes]) for one in folds),
        stand_ins=answers.stand_ins,
        flips=answers.flips,
        ablations=answers.ablations,
        need=answers.need,
        steps=answers.steps,
        notes=(EXPLAINED, IMPOSSIBLE, *notes),
    )


def _columns(part: AttributionPart, scorer: Scorer | None) -> tuple[str, ...]:
    if scorer is not None:
        if part.columns is not None and set(part.columns) != set(scorer.columns):
            raise SpecError(
                "attribution: columns are for a score without a model; the model reads {columns}, and these are taken.",
                columns=", ".join(f'"{name}"' for name in scorer.columns[:8]),
            )
        return scorer.columns
    if part.columns is None:
        raise SpecError("attribution: without a model, name the columns that the score may rest on, under columns.")
    return tuple(dict.fromkeys(part.columns))


def _limit(spec: AuditSpec, threshold: float | None) -> float | None:
    """The one limit of the score that selects; None where selection is something else."""
    choice = spec.selected
    if choice is None or choice.is_in is not None or choice.ties == "shared" or spec.score is None:
        return None
    on_score = choice.column is None or choice.column == spec.score.column
    both = choice.at_least is not None and choice.at_most is not None
    return threshold if on_score and not both else None


def _comparisons(rows: AuditRows, views: Sequence[ComparedGroups]) -> tuple[list[Comparison], list[Message]]:
    """The groups of single attributes, each with its reference; groups of fewer than two rows are left out."""
    found: list[Comparison] = []
    notes: list[Message] = []
    for view in views:
        if len(view.attributes) != 1 or view.attributes[0] not in rows.codes:
            continue
        attribute = view.attributes[0]
        groups = [group for group in view.groups if group[0] != NOT_STATED and group != view.reference]
        ranked = sorted(groups, key=lambda group: -len(rows.of_group(attribute, group[0])))[:_GROUPS]
        if len(ranked) < len(groups):
            notes.append(
                say(
                    "Of {groups} groups of {attribute} the gaps of the {shown} largest are split.",
                    groups=len(groups),
                    attribute=attribute,
                    shown=len(ranked),
                )
            )
        for group in (group for group in groups if group in ranked):
            one = rows.of_group(attribute, group[0])
            reference, others = _reference(rows, view, attribute, one)
            if reference is not None and min(len(one), len(others)) >= _FEWEST:
                found.append(Comparison(view.attributes, group, reference, one, others))
    return found, notes


def _reference(
    rows: AuditRows, view: ComparedGroups, attribute: str, one: Integers
) -> tuple[tuple[str, ...] | None, Integers]:
    if view.rule == "rest":
        stated = rows.codes[attribute] < len(rows.levels[attribute].stated)
        stated[one] = False
        return ("rest",), np.flatnonzero(stated)
    if view.reference is None:
        return None, one[:0]
    return view.reference, rows.of_group(attribute, view.reference[0])


def _splits(
    model: Explained,
    rows: AuditRows,
    comparisons: Sequence[Comparison],
    bins: Bins,
    settings: SplitSettings,
    progress: Progress | None,
) -> list[GapSplit]:
    """The closed form where there is one, drawn pairs for the rest; by comparison, the mean score first."""
    closed: tuple[GapSplit, ...] = ()
    mixer = model.mixer
    if isinstance(mixer, AdditiveMixer) and mixer.link != "exp":
        closed = split_in_closed_form(mixer, comparisons, settings.confidence, rows.weight)
    drawn: tuple[GapSplit, ...] = ()
    linear = isinstance(mixer, AdditiveMixer) and mixer.is_linear
    if not linear or settings.threshold is not None:
        drawn = gap_split(mixer, comparisons, model.scores, bins, settings, rows.weight, progress)
        drawn = tuple(one for one in drawn if not (linear and one.figure == "mean_score"))
    if model.surrogate:
        drawn = tuple(with_unexplained(one, _own_gap(one, comparisons, rows, settings)) for one in drawn)
    order = {(one.attributes, one.groups): place for place, one in enumerate(comparisons)}
    figures = ("mean_score", "selection_rate", "mean_log_odds")
    return sorted((*closed, *drawn), key=lambda s: (order[s.attributes, s.groups], figures.index(s.figure)))


def _own_gap(one: GapSplit, comparisons: Sequence[Comparison], rows: AuditRows, settings: SplitSettings) -> float:
    """The gap in the audit's own scores."""
    pair = next(c for c in comparisons if (c.attributes, c.groups) == (one.attributes, one.groups))
    values = rows.scores
    if one.figure == "selection_rate":
        values = Threshold(settings.threshold, settings.from_top).selected(values).astype(np.float64)
    means = [
        float(np.average(values[places], weights=None if rows.weight is None else rows.weight[places]))
        for places in (pair.rows, pair.reference_rows)
    ]
    return means[0] - means[1]


def _thin(rows: AuditRows, bins: Bins, one: Comparison, minimum: int) -> tuple[str, ...]:
    """The variables in which some people of either side, but fewer than `minimum`, have an unusual value."""
    if minimum <= 1:
        return ()
    found = []
    sides = [(places, bins.shares(places, None)) for places in (one.rows, one.reference_rows)]
    for k, name in enumerate(rows.inputs.columns):
        for places, shares in sides:
            usual = int(np.argmax(shares[k]))
            apart = round((1.0 - float(shares[k, usual])) * len(places))
            if bins.single[k].all() and 0 < apart < minimum:
                found.append(name)
                break
    return tuple(found)


def _said(rows: AuditRows, model: Explained) -> list[Message]:
    notes: list[Message] = []
    if model.surrogate:
        notes.append(
            say(
                "There is no model here, only its scores: what is split is a surrogate, boosted trees fitted to the "
                "scores on the columns named. What it does not give back of a gap is shown as not explained."
            )
        )
    if isinstance(model.mixer, AdditiveMixer) and not model.mixer.is_linear:
        notes.append(
            say(
                "The score is a sum under a curve: on the scale of the sum its parts are exact, on the scale of the "
                "score they come from drawn pairs."
            )
        )
    return notes
