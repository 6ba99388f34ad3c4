"""An audit with a model: the score is a column that the model fills, the decision the model's own if none is named."""

from __future__ import annotations

from auditkit.errors import SpecError
from auditkit.scorers.scorer import Scorer
from auditkit.spec import AuditSpec, Score, Selection
from auditkit.text import Message, say

__all__ = ["SCORE_COLUMN", "model_facts", "model_name", "model_notes", "with_model"]

SCORE_COLUMN = "model_score"
"""The name of the score's column where the audit names none."""


def with_model(spec: AuditSpec, scorer: Scorer) -> AuditSpec:
    """The audit as it is counted: `score` names the column to fill, `selected` the decision on it.

    Raises SpecError where the data are counts, which no model can score.
    """
    if spec.from_counts:
        raise SpecError("model: a model scores rows, and data holds counts; name the rows, or leave the model out.")
    rule = scorer.decision
    changes: dict[str, object] = {}
    if spec.score is None:
        lower = "selected" if rule is not None and rule.at_most is not None and spec.selected is None else None
        changes["score"] = Score(column=SCORE_COLUMN, lower_is=lower)  # type: ignore[arg-type]
    if spec.selected is None and rule is not None:
        changes["selected"] = Selection(at_least=rule.at_least, at_most=rule.at_most)
    return spec.model_copy(update=changes) if changes else spec


def model_notes(spec: AuditSpec, scorer: Scorer) -> tuple[Message, ...]:
    """What a reader must know of scores that a model gave: which model, whose decision, and whether anybody decided.

    `spec` is the audit as it was written.
    """
    notes = []
    if spec.system.status == "planned":
        notes.append(
            say(
                "Simulated: the system is planned and has decided nothing yet. Selected means: the model and the "
                "threshold would select this person."
            )
        )
    notes.append(say("The scores were computed from the rows by the model: {model}.", model=model_name(scorer)))
    if spec.selected is None and scorer.decision is not None:
        rule = scorer.decision
        if rule.at_least is not None:
            notes.append(
                say(
                    "No selection is named: the model's own applies, a score of {limit} or more.",
                    limit=f"{rule.at_least:g}",
                )
                if scorer.family == "scorecard"
                else say(
                    "No selection is named: the model's own applies, a score above {limit}.", limit=f"{rule.at_least:g}"
                )
            )
        else:
            notes.append(
                say(
                    "No selection is named: the model's own applies, a score of {limit} or less.",
                    limit=f"{rule.at_most:g}",
                )
            )
    model = spec.model
    if model is not None and model.scorecard is not None and len(model.scorecard) > 1:
        notes.append(
            say(
                "Of {count} scorecards the first is run; auditkit scorecard compare says where two of them differ.",
                count=len(model.scorecard),
            )
        )
    return (*notes, *scorer.notes)


def model_facts(spec: AuditSpec) -> dict[str, float | str | None]:
    """What results say of scores that a model gave: `simulated` where nobody decides by them yet.

    >>> model_facts(AuditSpec.model_validate({"title": "t", "system": {"name": "s", "harm": "punitive"}, "data": None}))
    {'scored_by': 'model', 'simulated': 'no'}
    """
    return {"scored_by": "model", "simulated": "yes" if spec.system.status == "planned" else "no"}


def model_name(scorer: Scorer) -> Message:
    """A model by its kind and name: never a folder, an address or a token."""
    name = scorer.files[0].name if scorer.files else str(getattr(scorer, "name", "-"))
    return say("{name} ({family})", name=name, family=scorer.family)
