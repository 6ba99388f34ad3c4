"""A scorecard as one narwhals expression, so that the engine that holds the rows computes the scores.

The same numbers as `evaluate`, row by row, to 1e-12; null where that gives None. Bins become a balanced tree
of comparisons, so that four hundred of them cost nine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, TypeVar

import narwhals.stable.v2 as nw

from auditkit.scorers.card_terms import Condition, Term
from auditkit.scorers.check_scorecard import require_complete
from auditkit.scorers.scorecard import Cascade, Scorecard, Stage, Sum
from auditkit.spec.formula import Call, Formula, Name, Number, Operation

__all__ = ["expression", "scored"]

Columns = dict[str, nw.Expr]
_Table = TypeVar("_Table", nw.DataFrame[Any], nw.LazyFrame[Any])
_HIDDEN = "auditkit input"


def expression(card: Scorecard) -> nw.Expr:
    """The score as one expression over the columns of a table; null where the scorecard gives no score.

    Columns must be of the kinds that the scorecard declares (`scorer.CardScorer` sees to that). Raises SpecError for a
    scorecard with empty weights.
    """
    columns = _inputs(card)
    for name, formula in card.formulas.items():
        columns[name] = _formula(formula, columns)
    return _score(card, columns)


def scored(card: Scorecard, table: _Table, name: str, sources: Mapping[str, nw.Expr] | None = None) -> _Table:
    """The table with the score as one more column; each input is made ready once, whatever number of terms read it.

    `sources` says how an input is read from the table, where that is not the column of its name as it is.
    """
    ready: Columns = _inputs(card, sources)
    hidden = {column: f"{_HIDDEN} {column}" for column in (*ready, *card.formulas)}
    columns: Columns = {column: nw.col(hidden[column]) for column in ready}
    table = table.with_columns([value.alias(hidden[column]) for column, value in ready.items()])
    for column, formula in card.formulas.items():
        table = table.with_columns(_formula(formula, columns).alias(hidden[column]))
        columns[column] = nw.col(hidden[column])
    return table.with_columns(_score(card, columns).alias(name)).drop(*hidden.values())


def _score(card: Scorecard, columns: Columns) -> nw.Expr:
    require_complete(card)
    if card.sum is not None:
        return _linked(card.sum, _added(card.sum.terms, columns) + _number(card.sum.intercept))
    assert card.cascade is not None
    result = _number(card.cascade.result(card.cascade.otherwise))
    for stage in reversed(card.cascade.stages):
        result = _staged(card.cascade, stage, _added(stage.terms, columns), result)
    return result


def _number(value: float | None) -> nw.Expr:
    return nw.lit(value, nw.Float64)


def _inputs(card: Scorecard, sources: Mapping[str, nw.Expr] | None = None) -> Columns:
    """The inputs as floats or texts, missing ones filled, and the flags that say so."""
    columns: Columns = {}
    for name, part in card.inputs.items():
        source = nw.col(name) if sources is None else sources[name]
        if part.kind == "category":
            value = source.cast(nw.String)
            if part.values is not None:
                value = nw.when(value.is_in(part.values)).then(value)
        else:
            value = source.cast(nw.Float64)
            value = nw.when(~value.is_nan()).then(value)
            if part.kind == "flag":
                value = nw.when((value == 0.0) | (value == 1.0)).then(value)
        if part.missing is not None:
            if part.missing.flag is not None:
                flag = nw.when(value.is_null()).then(_number(1.0)).otherwise(_number(0.0))
                columns[part.missing.flag] = flag
            fill = part.missing.value
            filled = nw.lit(fill) if isinstance(fill, str) else _number(fill)
            value = nw.when(value.is_null()).then(filled).otherwise(value)
        columns[name] = value
    return columns


def _formula(formula: Formula, columns: Columns) -> nw.Expr:
    match formula:
        case Number(value):
            return _number(value)
        case Name(name):
            return columns[name]
        case Operation(operator, left, right):
            a, b = _formula(left, columns), _formula(right, columns)
            match operator:
                case "+":
                    return a + b
                case "-":
                    return a - b
                case "*":
                    return a * b
                case "/":
                    return a / nw.when(b != 0.0).then(b)
        case Call(function, arguments):
            found = [_formula(argument, columns) for argument in arguments]
            return _called(function, found)


def _called(function: str, found: list[nw.Expr]) -> nw.Expr:
    one, two = found[0], found[-1]
    match function:
        case "log":
            return nw.when(one > 0.0).then(one).log()
        case "sqrt":
            return nw.when(one >= 0.0).then(one).sqrt()
        case "exp":
            return nw.when(one <= 709.0).then(one).exp()
        case "abs":
            return one.abs()
    both = ~(one.is_null() | two.is_null())
    first = one <= two if function == "min" else one >= two
    return nw.when(both).then(nw.when(first).then(one).otherwise(two))


def _added(terms: Sequence[Term], columns: Columns) -> nw.Expr:
    """The sum of the terms, halved again and again: engines plan a deep tree slowly."""
    if len(terms) == 1:
        return _points(terms[0], columns)
    middle = len(terms) // 2
    return _added(terms[:middle], columns) + _added(terms[middle:], columns)


def _points(term: Term, columns: Columns) -> nw.Expr:
    if term.column is None:
        assert isinstance(term.points, float)
        value = _number(term.points)
    else:
        column = columns[term.column]
        value = _valued(term, column)
        if term.missing is not None:
            value = nw.when(column.is_null()).then(_number(term.missing)).otherwise(value)
        elif term.form in ("values", "bins"):
            value = nw.when(~column.is_null()).then(value)
    if not term.when:
        return value
    present = reduce(lambda a, b: a & b, (~columns[c.column].is_null() for c in term.when))
    holds = reduce(lambda a, b: a & b, (_holds(c, columns[c.column]) for c in term.when))
    return nw.when(present).then(nw.when(holds).then(value).otherwise(_number(0.0)))


def _valued(term: Term, column: nw.Expr) -> nw.Expr:
    """The points of a row in which the column is there."""
    if term.values is not None:
        result = _number(term.otherwise)
        by_points: dict[float | None, list[str]] = {}
        for name, points in term.values.items():
            by_points.setdefault(points, []).append(name)
        for points, names in by_points.items():
            result = nw.when(column.is_in(names)).then(_number(points)).otherwise(result)
        return result
    if term.bins is not None:
        assert isinstance(term.points, list)
        return _tree(column, term.bins, term.points)
    if term.polynomial is not None:
        total = _number(0.0)
        for weight in reversed(term.polynomial):
            total = (total + _number(weight)) * column
        return total
    return column * _number(term.times)


def _tree(column: nw.Expr, limits: Sequence[float], points: Sequence[float | None]) -> nw.Expr:
    if not limits:
        return _number(points[0])
    middle = len(limits) // 2
    low = _tree(column, limits[:middle], points[: middle + 1])
    high = _tree(column, limits[middle + 1 :], points[middle + 1 :])
    return nw.when(column < _number(limits[middle])).then(low).otherwise(high)


def _holds(condition: Condition, column: nw.Expr) -> nw.Expr:
    if condition.is_in is not None:
        return column.is_in(condition.is_in)
    parts = []
    if condition.at_least is not None:
        parts.append(column >= condition.at_least)
    if condition.at_most is not None:
        parts.append(column <= condition.at_most)
    if condition.above is not None:
        parts.append(column > condition.above)
    if condition.below is not None:
        parts.append(column < condition.below)
    return reduce(lambda a, b: a & b, parts)


def _linked(score: Sum, total: nw.Expr) -> nw.Expr:
    match score.link:
        case "identity":
            return total * _number(score.scale)
        case "exp":
            return nw.when(total <= 709.0).then(total).exp() * _number(score.scale)
        case "logistic":
            bounded = _number(0.0) - total.clip(-700.0, 700.0)
            return _number(score.scale) / (bounded.exp() + _number(1.0))


def _staged(cascade: Cascade, stage: Stage, total: nw.Expr, further: nw.Expr) -> nw.Expr:
    result = further
    for threshold in reversed(stage.thresholds):
        given = _number(cascade.result(threshold.gives))
        result = nw.when(total >= threshold.at_least).then(given).otherwise(result)
    return nw.when(~total.is_null()).then(result)
