"""Scores that are sums of one-variable parts, told by their form: scorecards and linear models.

Whether a model is a sum is read from what it is (every term of a scorecard reads one input; a model ends in
coefficients), then checked on the rows themselves: the parts must give the score back to 1e-9.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from auditkit.explain.mixing import AdditiveMixer, Link
from auditkit.explain.model_inputs import Floats, Inputs
from auditkit.scorers.card_terms import Term
from auditkit.scorers.scorecard import Scorecard
from auditkit.scorers.scorer import CardScorer, Scorer
from auditkit.spec.formula import names_in

__all__ = ["additive_parts"]

_TOLERANCE = 1e-9


def additive_parts(scorer: Scorer, inputs: Inputs) -> AdditiveMixer | None:
    """The score of the rows as one-variable parts; None where the model is not known to be such a sum.

    Rows without a score have NaN parts.
    """
    if scorer.family == "scorecard":
        return _of_card(scorer.native, inputs)
    if scorer.family == "scikit-learn":
        return _of_linear(scorer, inputs)
    return None


def _of_card(card: Scorecard, inputs: Inputs) -> AdditiveMixer | None:
    if card.sum is None:
        return None
    by_input: dict[str, list[Term]] = {}
    for term in card.terms:
        read = _inputs_of(card, term.columns)
        if len(read) != 1:
            return None
        by_input.setdefault(next(iter(read)), []).append(term)
    parts = np.zeros((len(inputs), len(inputs.columns)))
    for name, terms in by_input.items():
        place = inputs.columns.index(name)
        distinct, where = np.unique(inputs.values[:, place], return_inverse=True)
        asked = inputs.narrowed((name,)).with_values(distinct[:, None])
        parts[:, place] = CardScorer(_only(card, name, terms)).score(asked.frame())[where.ravel()]
    score = card.sum
    return AdditiveMixer(inputs.columns, parts, float(score.intercept or 0.0), score.link, score.scale)


def _inputs_of(card: Scorecard, read: frozenset[str]) -> frozenset[str]:
    """The columns of the file behind what a term or formula reads, through flags and derived quantities."""
    flags = {
        part.missing.flag: name for name, part in card.inputs.items() if part.missing is not None and part.missing.flag
    }
    found: set[str] = set()
    waiting = list(read)
    while waiting:
        name = waiting.pop()
        if name in card.formulas:
            waiting += names_in(card.formulas[name])
        else:
            found.add(flags.get(name, name))
    return frozenset(found)


def _only(card: Scorecard, name: str, terms: list[Term]) -> Scorecard:
    """The scorecard with one input and its terms alone, as a plain sum."""
    left = {"decision", "other_decisions", "bands"}
    content: dict[str, Any] = card.model_dump(by_alias=True, exclude_unset=True, exclude=left)
    content["sum"] = {"terms": [term.model_dump(by_alias=True, exclude_unset=True) for term in terms]}
    content["inputs"] = {name: content["inputs"][name]}
    formulas = {key: text for key, text in card.derived.items() if _inputs_of(card, frozenset({key})) == {name}}
    content["derived"] = formulas
    return Scorecard.model_validate(content)


def _of_linear(scorer: Scorer, inputs: Inputs) -> AdditiveMixer | None:
    """A linear or logistic model of scikit-learn, by changing one variable at a time from a first row."""
    model = scorer.native
    last = model
    while hasattr(last, "steps"):
        last = last.steps[-1][1]
    logistic = type(last).__name__ in ("LogisticRegression", "LogisticRegressionCV")
    if not hasattr(last, "coef_") or np.ndim(last.coef_) > 2 or not len(inputs):
        return None
    if not logistic and hasattr(model, "classes_"):
        return None
    scores = scorer.score(inputs.frame())
    margin = _logit(scores) if logistic else scores
    base = inputs.values[:1]
    start = float(margin[0])
    parts = np.zeros(inputs.values.shape)
    for place in range(inputs.values.shape[1]):
        distinct, where = np.unique(inputs.values[:, place], return_inverse=True)
        changed = np.repeat(base, len(distinct), axis=0)
        changed[:, place] = distinct
        found = scorer.score(inputs.with_values(changed).frame())
        parts[:, place] = ((_logit(found) if logistic else found) - start)[where.ravel()]
    mixer = AdditiveMixer(inputs.columns, parts, start, Link.LOGISTIC if logistic else Link.IDENTITY)
    size = max(1.0, float(np.abs(scores).max()))
    fits = np.abs(mixer.whole(np.arange(len(inputs))) - scores).max() <= _TOLERANCE * size
    return mixer if fits else None


def _logit(score: Floats) -> Floats:
    inside = np.clip(score, 1e-300, 1 - 2**-53)
    return np.asarray(np.log(inside) - np.log1p(-inside))
