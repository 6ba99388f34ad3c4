"""The score of one row, computed as a reader of the scorecard would: the reference that every faster way must equal.

A row has no score (None) when an input that counts for it is missing and the scorecard has no rule for that.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from auditkit.errors import DataError, cut, nearest
from auditkit.scorers.card_terms import Condition, Input, Term
from auditkit.scorers.check_scorecard import require_complete
from auditkit.scorers.scorecard import Bands, Scorecard, Sum
from auditkit.spec.formula import evaluate as evaluate_formula

__all__ = ["band", "evaluate", "evaluate_total", "link", "term_points"]

Values = Mapping[str, float | str | None]


def evaluate(card: Scorecard, row: Mapping[str, Any]) -> float | None:
    """The score of one row; None where the scorecard gives none.

    Raises SpecError for a scorecard with empty weights, DataError for a column that is not there,
    a text where a number is needed.
    """
    require_complete(card)
    values = read_row(card, row)
    if card.sum is not None:
        total = _total(card.sum, values)
        return None if total is None else link(card.sum, total)
    assert card.cascade is not None
    for stage in card.cascade.stages:
        total = _added(stage.terms, values)
        if total is None:
            return None
        for threshold in stage.thresholds:
            if total >= threshold.at_least:
                return card.cascade.result(threshold.gives)
    return card.cascade.result(card.cascade.otherwise)


def evaluate_total(card: Scorecard, row: Mapping[str, Any]) -> float | None:
    """The sum of a row before link and scale (the log-odds of a logistic score)."""
    require_complete(card)
    assert card.sum is not None
    return _total(card.sum, read_row(card, row))


def term_points(card: Scorecard, row: Mapping[str, Any]) -> tuple[tuple[Term, float | None], ...]:
    """What each term gives for one row, in the order of the file; None where it cannot be told.

    Raises as `evaluate` does.
    """
    require_complete(card)
    values = read_row(card, row)
    return tuple((term, _points(term, values)) for term in card.terms)


def band(bands: Bands, score: float) -> str:
    """The name of the interval in which a score lies.

    >>> band(Bands(limits=[50, 75], names=["low", "medium", "high"]), 50.0)
    'medium'
    """
    return bands.names[bisect_right(bands.limits, score)]


def link(score: Sum, total: float) -> float | None:
    """The score that a sum stands for."""
    match score.link:
        case "identity":
            return score.scale * total
        case "exp":
            return None if total > 709 else score.scale * math.exp(total)
        case "logistic":
            return score.scale / (1.0 + math.exp(-min(max(total, -700.0), 700.0)))


def read_row(card: Scorecard, row: Mapping[str, Any]) -> Values:
    """The inputs and derived quantities of a row, missing ones filled by the rules of the scorecard."""
    values: dict[str, float | str | None] = {}
    for name, part in card.inputs.items():
        if name not in row:
            raise DataError(
                'The scorecard reads the column "{column}", which is not there; the nearest: {known}.',
                column=cut(name),
                known=nearest(name, (str(key) for key in row)),
            )
        value = _input(name, part, row[name])
        if part.missing is not None:
            if part.missing.flag is not None:
                values[part.missing.flag] = 1.0 if value is None else 0.0
            value = part.missing.value if value is None else value
        values[name] = value
    for name, formula in card.formulas.items():
        values[name] = evaluate_formula(formula, lambda name, _of: values[name])  # type: ignore[arg-type,return-value]
    return values


def _input(name: str, part: Input, value: Any) -> float | str | None:
    if value is None or value != value:
        return None
    if part.kind == "category":
        if isinstance(value, (bool, float)):
            raise DataError(
                'The column "{column}" holds {value}; expected a text or a whole number, since it is a category.',
                column=cut(name),
                value=cut(value),
            )
        return None if part.values is not None and str(value) not in part.values else str(value)
    if isinstance(value, str):
        raise DataError('The column "{column}" holds "{value}"; expected a number.', column=cut(name), value=cut(value))
    number = float(value)
    return None if part.kind == "flag" and number not in (0.0, 1.0) else number


def _total(score: Sum, values: Values) -> float | None:
    added = _added(score.terms, values)
    assert score.intercept is not None
    return None if added is None else score.intercept + added


def _added(terms: list[Term], values: Values) -> float | None:
    parts = [_points(term, values) for term in terms]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _points(term: Term, values: Values) -> float | None:
    holds = [_holds(condition, values[condition.column]) for condition in term.when]
    if None in holds:
        return None
    if not all(holds):
        return 0.0
    if term.column is None:
        assert isinstance(term.points, float)
        return term.points
    value = values[term.column]
    if value is None:
        return term.missing
    if term.values is not None:
        return term.values.get(str(value), term.otherwise)
    assert isinstance(value, float)
    if term.bins is not None:
        assert isinstance(term.points, list)
        return term.points[bisect_right(term.bins, value)]
    if term.polynomial is not None:
        total = 0.0
        for weight in reversed(term.polynomial):
            total = (total + weight) * value  # type: ignore[operator]
        return total
    assert term.times is not None
    return term.times * value


def _holds(condition: Condition, value: float | str | None) -> bool | None:
    if value is None:
        return None
    if condition.is_in is not None:
        return str(value) in condition.is_in
    assert isinstance(value, float)
    return (
        (condition.at_least is None or value >= condition.at_least)
        and (condition.at_most is None or value <= condition.at_most)
        and (condition.above is None or value > condition.above)
        and (condition.below is None or value < condition.below)
    )
