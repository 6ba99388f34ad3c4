"""What stands under `measures:`: keys of the table, metrics of fairlearn, correlations, and formulas of the counts.

A formula is written where it is asked for, `{name: f1, formula: ...}`; it is gathered under `formulas`, so that its
name can be used again (in `primary`, in an analysis).
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import field_validator

from auditkit.spec.data_spec import Part
from auditkit.spec.formula import names_in, parse
from auditkit.spec.spec_words import Words
from auditkit.text import say

__all__ = ["COUNTED", "FAIRLEARN", "SCORE_CORRELATION", "MeasureFormula", "gather_formulas"]

FAIRLEARN = "fairlearn.metrics."
"""Before the name of a metric of fairlearn."""

SCORE_CORRELATION = "score_correlation:"
"""Before the name of a column: how closely the score goes with it."""

COUNTED = (
    "true_positive", "false_positive", "selected_unseen", "false_negative", "true_negative", "not_selected_unseen",
    "people", "selected", "not_selected", "positive", "negative", "correct",
)  # fmt: skip
"""What a formula may name: the six counts of a group, and the sums that are released of them."""


class MeasureFormula(Part):
    """A measure by formula: `formula` over the counts of a group, `label` its name for readers.

    `hurts` says which end hurts the group (none: context). `compare` says how two groups are compared: by the
    difference, or by the ratio where 1 means that nothing differs.
    """

    formula: str
    label: Words | None = None
    question: Words | None = None
    source: Words | None = None
    hurts: Literal["higher", "lower", "context"] = "context"
    compare: Literal["difference", "ratio"] = "difference"

    @field_validator("formula")
    @classmethod
    def _of_counts(cls, value: str) -> str:
        named = names_in(parse(value))
        for name in named:
            if name not in COUNTED:
                raise ValueError(
                    say(
                        'the formula names "{name}", which is no count of a group; expected of {known}',
                        name=name,
                        known=", ".join(COUNTED),
                    )
                )
        if not named:
            raise ValueError(say("the formula names no count; expected of {known}", known=", ".join(COUNTED)))
        return value


def gather_formulas(content: Any) -> Any:
    """The measures by formula of an audit.yaml and of its analyses, put together under `formulas` by their names.

    >>> gather_formulas({"measures": ["auc", {"name": "hits", "formula": "true_positive"}]})
    {'measures': ['auc', 'hits'], 'formulas': {'hits': {'formula': 'true_positive'}}}
    """
    if not isinstance(content, dict):
        return content
    found: dict[str, Any] = {}
    changed = {**content, **_named(content, found)}
    analyses = content.get("analyses")
    if isinstance(analyses, dict):
        named = {key: {**one, **_named(one, found)} if isinstance(one, dict) else one for key, one in analyses.items()}
        changed["analyses"] = named
    if not found:
        return content
    known = content.get("formulas")
    return {**changed, "formulas": {**(known if isinstance(known, dict) else {}), **found}}


def _named(content: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """The measures with formulas named only; what they are is added to `found`."""
    measures = content.get("measures")
    if not isinstance(measures, (list, tuple)):
        return {}
    return {"measures": [_name(one, found) for one in measures]}


def _name(one: Any, found: dict[str, Any]) -> Any:
    if not isinstance(one, dict):
        return one
    name = one.get("name")
    rest = {key: value for key, value in one.items() if key != "name"}
    if not isinstance(name, str) or not name.isidentifier() or not name.islower():
        raise ValueError(
            say(
                "measures: a formula needs a name of small letters, digits and _ that begins with a letter, such as "
                '{{name: f1, formula: ...}}; found "{name}"',
                name="" if name is None else str(name)[:40],
            )
        )
    if name in found and found[name] != rest:
        raise ValueError(say('measures: "{name}" is given two formulas; give each a name of its own', name=name))
    found[name] = rest
    return name
