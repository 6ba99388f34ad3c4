"""The further questions of an audit: stand-ins, flips, ablation, need, and steps backward of a scorecard."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from auditkit.explain.drawn_pairs import Comparison
from auditkit.explain.explained_gaps import Explained, Threshold
from auditkit.explain.explained_rows import AuditRows
from auditkit.explain.model_inputs import Integers
from auditkit.explain.stand_ins import stand_in, telling_inputs
from auditkit.explain.what_if import ablate, flip, need
from auditkit.result.attribution import Ablation, Flip, Need, StandIn, Steps
from auditkit.scorers.compare_scorecards import backward_steps
from auditkit.scorers.scorer import Scorer
from auditkit.spec import AuditSpec
from auditkit.spec.attribution_spec import AttributionPart

__all__ = ["Answers", "further_questions"]

_ABLATED_ROWS = 100_000
_PROFILES = 20_000


@dataclass(frozen=True)
class Answers:
    """What was asked, and found."""

    stand_ins: tuple[StandIn, ...] = ()
    flips: tuple[Flip, ...] = ()
    ablations: tuple[Ablation, ...] = ()
    need: Need | None = None
    steps: Steps | None = None


def further_questions(
    part: AttributionPart,
    spec: AuditSpec,
    rows: AuditRows,
    model: Explained,
    limit: Threshold,
    comparisons: Sequence[Comparison],
    scorer: Scorer | None,
) -> Answers:
    """The answers to what `attribution: ask` names."""
    asked = set(part.ask)
    known = [_stand_in(rows, one, part.seed, spec.confidence) for one in comparisons if "stand_ins" in asked]
    return Answers(
        stand_ins=tuple(known),
        flips=_flips(rows, model, limit, comparisons) if "flips" in asked else (),
        ablations=_ablations(rows, model, spec, comparisons) if "ablation" in asked else (),
        need=_need(rows, limit, spec) if "need" in asked else None,
        steps=_steps(scorer),
    )


def _stand_in(rows: AuditRows, one: Comparison, seed: int, confidence: float) -> StandIn:
    own = rows.group_columns[one.attributes[0]]
    return stand_in(rows.inputs, one.attributes, one.groups, one.rows, _others(rows, one), (own,), seed, confidence)


def _others(rows: AuditRows, one: Comparison) -> Integers:
    """Everyone else whose group is stated."""
    attribute = one.attributes[0]
    stated = rows.codes[attribute] < len(rows.levels[attribute].stated)
    stated[one.rows] = False
    return np.flatnonzero(stated)


def _flips(rows: AuditRows, model: Explained, limit: Threshold, comparisons: Sequence[Comparison]) -> tuple[Flip, ...]:
    """The attribute's own column where the model reads it, else the input that says most of it."""
    if limit.limit is None:
        return ()
    found = []
    for one in comparisons:
        variable = rows.group_columns[one.attributes[0]]
        if variable not in rows.inputs.columns:
            variable = telling_inputs(rows.inputs, one.rows, _others(rows, one))[0].variable
        found.append(flip(rows.inputs, model.score, model.scores, limit.selected, one, variable))
    return tuple(found)


def _ablations(
    rows: AuditRows, model: Explained, spec: AuditSpec, comparisons: Sequence[Comparison]
) -> tuple[Ablation, ...]:
    count = min(len(rows), _ABLATED_ROWS)
    kept = [
        replace(one, rows=_first(one.rows, count), reference_rows=_first(one.reference_rows, count))
        for one in comparisons
    ]
    kept = [one for one in kept if len(one.rows) and len(one.reference_rows)]
    seen = rows.outcome[:count] if rows.outcome is not None and spec.observed == "everywhere" else None
    weight = None if rows.weight is None else rows.weight[:count]
    return ablate(rows.inputs.take(np.arange(count)), model.score, model.scores[:count], seen, kept, weight)


def _first(rows: Integers, count: int) -> Integers:
    return rows[rows < count]


def _need(rows: AuditRows, limit: Threshold, spec: AuditSpec) -> Need | None:
    if limit.limit is None:
        return None
    if rows.outcome is None or spec.observed != "everywhere":
        return Need(None, None, None, None, None, None, None, "not_computed", "outcome_unseen")
    return need(rows.inputs, limit.selected(rows.scores), rows.outcome)


def _steps(scorer: Scorer | None) -> Steps | None:
    """Steps backward of a scorecard whose inputs are all ordered, where every profile can be gone through quickly."""
    if scorer is None or scorer.family != "scorecard":
        return None
    card = scorer.native
    if card.worse_situation is None or not all(part.ordered for part in card.inputs.values()):
        return None
    if math.prod(len(part.values or []) for part in card.inputs.values()) > _PROFILES:
        return None
    found = backward_steps(card)
    return Steps(found.profiles, found.steps, len(found.backward), found.losing)
